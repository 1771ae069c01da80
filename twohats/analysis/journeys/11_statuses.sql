-- one row per status an encounter was in, with its minutes
with told as (
    select id as encounter,
        unnest(from_json(status_history, '[{"status":"VARCHAR","period":{"start":"VARCHAR","end":"VARCHAR"}}]')) as entry
    from encounters
),
dated as (
    select encounter, entry.status,
        try_cast(entry.period."start" as timestamptz) as started_at,
        try_cast(entry.period."end" as timestamptz) as ended_at
    from told
),
followed as (
    select encounter, status, started_at,
        coalesce(ended_at, lead(started_at) over (partition by encounter order by started_at, ended_at, status)) as ended_at
    from dated
    where started_at is not null
),
-- A history often holds the past statuses only: the present one goes on from where the last of them ended.
present as (
    select encounters.id as encounter, encounters.status,
        coalesce(max(followed.ended_at), any_value(encounters.started_at)) as started_at
    from encounters left join followed on followed.encounter = encounters.id
    where encounters.status in ('arrived', 'triaged', 'in-progress', 'onleave') and encounters.ended_at is null
    group by encounters.id, encounters.status
    having count(followed.encounter) = count(followed.ended_at)
)
select encounter, status, started_at, ended_at from followed
union all
select encounter, status, started_at, null from present where started_at is not null
