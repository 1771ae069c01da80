-- one row per place a person was at during an encounter, with its minutes
-- Places without minutes of their own say nothing about any one minute and are left out.
with told as (
    select id as encounter,
        unnest(from_json(locations, '[{"location":{"reference":"VARCHAR","display":"VARCHAR"},"status":"VARCHAR",
            "period":{"start":"VARCHAR","end":"VARCHAR"}}]')) as entry
    from encounters
),
dated as (
    select encounter,
        entry.location.reference as reference,
        entry.location.display as display,
        try_cast(entry.period."start" as timestamptz) as started_at,
        try_cast(entry.period."end" as timestamptz) as ended_at
    from told
    where coalesce(entry.status, 'active') not in ('planned', 'reserved')
),
followed as (
    select *, coalesce(ended_at, lead(started_at) over (
        partition by encounter order by started_at, ended_at, reference, display)) as left_at
    from dated
    where started_at is not null
)
select
    followed.encounter,
    coalesce(followed.reference, followed.display) as place,
    coalesce(by_reference.zone, by_name.zone) as zone,
    coalesce(by_reference.unit, by_name.unit) as unit,
    followed.started_at,
    followed.left_at as ended_at
from followed
left join places as by_reference on by_reference.place = followed.reference
left join places as by_name on by_name.place = followed.display
