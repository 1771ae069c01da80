-- one row per unit, month, hat and kind of interaction: whole numbers that add up over buckets
with dated as (
    select interactions.*,
        coalesce(interactions.unit, '') as at_unit,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), interactions.started_at), '%Y-%m') as month,
        if(minutes is null, null, epoch_us(ended_at) - epoch_us(started_at)) as lasted,
        act in ('wait', 'board', 'wait_to_leave') as is_wait
    from interactions left join site_zones using (unit)
)
select
    at_unit as unit, month, hat, kind,
    count(*) as interactions,
    count(distinct person) as people,
    coalesce(sum(lasted), 0)::bigint as microseconds,
    count(lasted) as timed,
    count(lasted) filter (is_wait) as waits,
    coalesce(sum(lasted // 1000000) filter (is_wait), 0)::bigint as wait_seconds,
    coalesce(sum((lasted // 1000000) * (lasted // 1000000)) filter (is_wait), 0)::bigint as wait_seconds_squared,
    count(*) filter (vulnerable) as vulnerable,
    count(*) filter (overruled) as overruled
from dated
group by at_unit, month, hat, kind
