-- one row per measure, unit or unit above it ('*' all), and month, quarter or year: whole numbers that add up over buckets
-- 'unit!' counts what happened in the unit itself and not below it, '*!' what no unit is known of: what a reader could
-- work out as the rest has people behind it too. What is open yet counts with the times, not here. Amounts are seconds or thousandths, of at most 100 days.
with dated as (
    select measured.*, if(amount > 8640000, 8640000, amount) as bounded,
        timezone(coalesce(site_zones.time_zone, 'UTC'), happened_at) as at_local
    from measured left join site_zones using (unit)
    where happened_at is not null
),
counted_in as (
    select dated.* replace (above.above_it as unit) from dated join above using (unit)
    union all
    select * replace ('*' as unit) from dated
    union all
    select * replace (if(unit in (select unit from above), unit, '*') || '!' as unit) from dated
    where unit is null or unit not in (select unit from above)
        or unit in (select above_it from above where above_it <> unit)
)
select measure, unit, periods.period,
    count(*) as times,
    count(distinct person) as people,
    count(*) filter (part) as part,
    count(distinct person) filter (part) as people_with,
    count(distinct person) filter (not part) as people_without,
    coalesce(sum(bounded), 0)::bigint as amount,
    coalesce(sum(bounded * bounded), 0)::hugeint::bigint as amount_squared
from counted_in, lateral (
    select unnest([
        strftime(at_local, '%Y-%m'), strftime(at_local, '%Y-Q') || quarter(at_local), strftime(at_local, '%Y')
    ]) as period
) as periods
group by measure, unit, periods.period
