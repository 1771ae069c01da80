-- one row per measure, year, cut (language, age, payer, area) and value, of the whole organisation: whole numbers that add up
-- As in measures: amounts are seconds or thousandths, of at most 100 days.
with bounded as (
    select *, if(amount > 8640000, 8640000, amount) as bounded from measured_in_cuts
)
select measure, year, cut, value,
    count(*) as times,
    count(distinct person) as people,
    count(*) filter (part) as part,
    count(distinct person) filter (part) as people_with,
    count(distinct person) filter (not part) as people_without,
    coalesce(sum(bounded), 0)::bigint as amount,
    coalesce(sum(bounded * bounded), 0)::hugeint::bigint as amount_squared
from bounded
group by measure, year, cut, value
