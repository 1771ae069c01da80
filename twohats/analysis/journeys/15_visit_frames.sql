-- one row per visit: from when to when, at which unit, and how much the source told of it
with told as (
    select visit_encounters.visit,
        bool_or(kind = 'status') as has_statuses,
        bool_or(kind = 'zone') as has_zones,
        bool_or(kind = 'attendance') as has_attendances
    from visit_encounters join (
        select encounter, 'status' as kind from statuses where ended_at is not null or status <> 'in-progress'
        union all select encounter, 'zone' from stays where zone is not null
        union all select encounter, 'attendance' from attendances where not relative and started_at is not null
    ) as kinds using (encounter)
    group by visit_encounters.visit
)
select
    visit_encounters.visit,
    any_value(visit_encounters.person) as person,
    list(visit_encounters.encounter order by visit_encounters.started_at, visit_encounters.encounter) as encounters,
    arg_min(visit_encounters.class_code, (visit_encounters.started_at, visit_encounters.encounter)) as class_code,
    min(visit_encounters.started_at) as started_at,
    case when bool_and(visit_encounters.ended_at is not null) then
        greatest(max(visit_encounters.ended_at), min(visit_encounters.started_at)) end as ended_at,
    arg_max(visit_encounters.unit, (visit_encounters.last_known, visit_encounters.encounter)) as unit,
    arg_max(visit_encounters.status, (visit_encounters.last_known, visit_encounters.encounter)) as status,
    max(visit_encounters.appointment) is not null as booked,
    coalesce(bool_or(told.has_statuses), false) as has_statuses,
    coalesce(bool_or(told.has_zones), false) as has_zones,
    coalesce(bool_or(told.has_attendances), false) as has_attendances,
    case
        when bool_or(told.has_statuses) and bool_or(told.has_zones) then 'full'
        when bool_or(told.has_zones) then 'no_history'
        when bool_or(told.has_statuses) or bool_or(told.has_attendances) then 'no_zones'
        else 'period_only'
    end as evidence
from visit_encounters
left join told using (visit)
group by visit_encounters.visit
