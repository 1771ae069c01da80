-- one row per visit: from when to when, at which unit, and how much the source told of it
-- A stay of which no end was told is over when the person has died.
with framed as (
    select
        visit,
        any_value(visit_encounters.person) as person,
        list(encounter order by started_at, encounter) as encounters,
        arg_min(class_code, (started_at, encounter)) as class_code,
        min(started_at) as started_at,
        case
            when bool_and(ended_at is not null) then greatest(max(ended_at), min(started_at))
            when max(people.deceased_at) >= min(started_at) then greatest(max(people.deceased_at), max(last_known))
        end as ended_at,
        arg_max(unit, (last_known, encounter)) as unit,
        arg_max(status, (last_known, encounter)) as status,
        max(appointment) is not null as booked
    from visit_encounters left join people using (person)
    group by visit
),
evidence_told as (
    select encounter, 'status' as kind, started_at, ended_at from statuses
    where ended_at is not null or status <> 'in-progress'
    union all
    select encounter, 'zone', started_at, ended_at from stays where zone is not null
    union all
    select encounter, 'attendance', started_at, ended_at from attendances where not relative and started_at is not null
),
-- Who is named for the whole of a visit says nothing of its minutes.
told as (
    select
        framed.visit,
        bool_or(evidence_told.kind = 'status') as has_statuses,
        bool_or(evidence_told.kind = 'zone') as has_zones,
        bool_or(evidence_told.kind = 'attendance' and (
            evidence_told.started_at > framed.started_at or evidence_told.ended_at < framed.ended_at)) as has_attendances
    from evidence_told
    join visit_encounters using (encounter)
    join framed on framed.visit = visit_encounters.visit
    group by framed.visit
)
select
    framed.*,
    coalesce(told.has_statuses, false) as has_statuses,
    coalesce(told.has_zones, false) as has_zones,
    coalesce(told.has_attendances, false) as has_attendances,
    case
        when told.has_statuses and told.has_zones then 'full'
        when told.has_zones then 'no_history'
        when told.has_statuses or told.has_attendances then 'no_zones'
        else 'period_only'
    end as evidence
from framed left join told using (visit)
