-- one row per unit or unit above it ('*' all), month ('*' all) and hat ('*' any): how many people, each counted once
-- A person lies in one bucket, so these counts add up over buckets; over units, months and hats they do not.
with lived as (
    select distinct
        interactions.person,
        interactions.unit,
        interactions.hat,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), interactions.started_at), '%Y-%m') as month
    from interactions left join site_zones using (unit)
),
counted_in as (
    select lived.person, lived.month, lived.hat, above.above_it as unit from lived join above using (unit)
    union all
    select person, month, hat, '*' from lived
)
select unit, chosen.month, chosen.hat, count(distinct person) as people
from counted_in, lateral (
    select months.month, hats.hat
    from (select unnest([counted_in.month, '*']) as month) as months,
        (select unnest([counted_in.hat, '*']) as hat) as hats
) as chosen
group by unit, chosen.month, chosen.hat
