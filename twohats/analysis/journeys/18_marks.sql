-- one row per mark on a visit's time: a status, a place, another person, or an event, from when to when
-- An instant marks its usual length, but never past the next change of status, place or person.
-- Somebody who attended the whole visit marks none of its minutes: most records just name who was responsible.
with lasting as (
    select visit_encounters.visit, 'status' as kind, statuses.status as what, null as detail, false as relative,
        null as staff, statuses.started_at, statuses.ended_at
    from statuses join visit_encounters using (encounter)
    union all
    select visit_encounters.visit, 'place', stays.zone, stays.place, false, stays.unit, stays.started_at, stays.ended_at
    from stays join visit_encounters using (encounter)
    union all
    select visit_encounters.visit, 'person',
        -- Nobody does an errand at somebody's side for hours: such a record marks no minutes as an errand's.
        if(attendances.role <> 'clinical' and date_diff('minute', attendances.started_at, attendances.ended_at) > 120,
            null, attendances.role),
        attendances.staff, attendances.relative,
        attendances.staff, attendances.started_at, attendances.ended_at
    from attendances
    join visit_encounters using (encounter)
    join visit_frames on visit_frames.visit = visit_encounters.visit
    where attendances.started_at is not null
        and (attendances.relative or attendances.started_at > visit_frames.started_at
            or attendances.ended_at < visit_frames.ended_at)
    union all
    select visit_encounters.visit, 'encounter', encounter, class_code, false, unit, started_at, visit_encounters.ended_at
    from visit_encounters
),
changes as (
    select distinct visit, started_at as changed_at from lasting
    union
    select distinct visit, ended_at from lasting where ended_at is not null
),
instants as (
    select visit_events.*, changes.changed_at
    from visit_events asof left join changes
        on changes.visit = visit_events.visit and visit_events.started_at < changes.changed_at
)
select visit, kind, what, detail, relative, staff, started_at, coalesce(ended_at, 'infinity'::timestamptz) as ended_at
from lasting
union all
select visit, 'event', event, act, false, staff, started_at,
    if(instant, least(ended_at, coalesce(changed_at, ended_at)), ended_at)
from instants
