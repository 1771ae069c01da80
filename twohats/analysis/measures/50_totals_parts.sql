-- one row per unit, month, hat and kind of interaction: whole numbers that add up over buckets
-- Squares are of at most 100 days, so that a record that lasts a century cannot overflow the sum.
with dated as (
    select interactions.*,
        coalesce(interactions.unit, '') as at_unit,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), interactions.started_at), '%Y-%m') as month,
        -- An end decades away stands for no end: as minutes it would drown all others.
        if(minutes < 10 * 366 * 1440, epoch_us(ended_at) - epoch_us(started_at), null) as lasted,
        least(lasted // 1000000, 8640000) as seconds,
        act in ('wait', 'board', 'wait_to_leave') as is_wait
    from interactions left join site_zones using (unit)
)
select
    at_unit as unit, month, hat, kind,
    count(*) as interactions,
    count(distinct person) as people,
    coalesce(sum(lasted), 0)::bigint as microseconds,
    count(lasted) as timed,
    coalesce(sum(seconds * seconds), 0)::bigint as seconds_squared,
    count(lasted) filter (is_wait) as waits,
    coalesce(sum(lasted // 1000000) filter (is_wait), 0)::bigint as wait_seconds,
    coalesce(sum(seconds * seconds) filter (is_wait), 0)::bigint as wait_seconds_squared,
    count(*) filter (vulnerable) as vulnerable,
    count(*) filter (overruled) as overruled
from dated
group by at_unit, month, hat, kind
