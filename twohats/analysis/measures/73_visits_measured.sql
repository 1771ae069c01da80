-- one row per visit and measure: waiting to be seen, leaving unseen, minutes with clinicians, coming back
-- Who left before anybody saw them did not wait longer than they did: leaving competes with being seen.
with met as (
    select visit_frames.visit, visit_frames.person, visit_frames.unit, visit_frames.class_code,
        visit_frames.started_at, visit_frames.ended_at, visit_frames.has_attendances,
        landmarks.seen_by_clinician, landmarks.unserved,
        greatest(landmarks.care_began_at, visit_frames.started_at) as seen_at
    from visit_frames join landmarks using (visit)
    where visit_frames.class_code in ('EMER', 'AMB', 'VR')
),
waits as (
    select *,
        case when seen_at is not null then 'done' when ended_at is not null then 'other' else 'open' end as ended
    from met
    where class_code <> 'VR' and seen_by_clinician is not null
),
minutes as (
    select visit, sum(clinician_minutes) as clinician_minutes
    from given join situations using (interaction)
    where situations.kind = 'segment' and visit is not null
    group by visit
),
booked as (
    select visit_encounters.visit, max(date_diff('second', appointments.started_at, appointments.ended_at)) as seconds
    from visit_encounters
    join appointments on appointments.person = visit_encounters.person
        and 'Appointment/' || appointments.id = visit_encounters.appointment and appointments.is_current
    where appointments.ended_at > appointments.started_at
    group by visit_encounters.visit
),
stays as (
    select visit, person, unit, started_at, ended_at,
        lead(started_at) over (partition by person order by started_at, visit) as next_at
    from visit_frames
    where class_code = 'IMP' and ended_at is not null
)
select
    if(class_code = 'EMER', 'time_to_clinician', 'wait_in_clinic') as measure,
    'visit/' || visit as thing, person, unit, started_at as happened_at, null::boolean as part,
    date_diff('second', started_at, case ended when 'done' then seen_at when 'other' then ended_at end) as amount, ended
from waits
union all
select 'left_unseen', 'visit/' || visit, person, unit, started_at, not seen_by_clinician, null, null
from waits
where class_code = 'EMER' and ended_at is not null
union all
select 'unserved_visit', 'visit/' || visit, person, unit, started_at, unserved or not seen_by_clinician, null, null
from met join booked using (visit)
where seen_by_clinician is not null and ended_at is not null
union all
select 'clinician_minutes', 'visit/' || visit, person, unit, started_at, null, round(60 * minutes.clinician_minutes)::bigint, 'done'
from met join minutes using (visit)
where ended_at is not null and has_attendances
union all
select 'half_the_booked_time', 'visit/' || visit, person, unit, started_at, 120 * minutes.clinician_minutes >= booked.seconds, null, null
from met join minutes using (visit) join booked using (visit)
where ended_at is not null and has_attendances and class_code <> 'EMER'
union all
select 'back_within_30_days', 'visit/' || visit, stays.person, unit, ended_at, coalesce(next_at < ended_at + interval 30 day, false),
    null, null
from stays left join people using (person)
where not coalesce(people.deceased_at < ended_at + interval 30 day, false)
