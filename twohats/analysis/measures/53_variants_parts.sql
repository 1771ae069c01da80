-- one row per class of visit and sequence of touchpoints, the same one again folded into one
with marked as (
    select visit, touchpoint, started_at, source_order, interaction,
        touchpoint is distinct from lag(touchpoint) over (
            partition by visit order by started_at, source_order, interaction) as fresh
    from interactions where visit is not null
),
paths as (
    select visit, string_agg(touchpoint, ' > ' order by started_at, source_order, interaction) as path
    from marked where fresh group by visit
)
select coalesce(visits.class_code, '') as class_code, paths.path, count(*) as visits
from paths join visits using (visit)
group by coalesce(visits.class_code, ''), paths.path
