-- one row per stay after which a person went home, and when a clinician of ours first followed up
-- Who was passed on to another house, to a hospice or has died was not sent home. A visit that was booked counts when it
-- is for one of the next 30 days.
with stays as (
    select visit_encounters.visit,
        arg_max(encounters.disposition, (visit_encounters.last_known, visit_encounters.encounter)) as disposition,
        arg_max(encounters.security, (visit_encounters.last_known, visit_encounters.encounter)) as security
    from visit_encounters
    join encounters on encounters.person = visit_encounters.person and encounters.id = visit_encounters.encounter
    group by visit_encounters.visit
    having bool_or(visit_encounters.class_code in ('IMP', 'ACUTE', 'NONAC'))
),
went_home as (
    select visit_frames.visit, visit_frames.person, visit_frames.unit, visit_frames.ended_at, visit_frames.encounters[-1] as encounter,
        stays.security
    from stays join visit_frames using (visit)
    where visit_frames.ended_at is not null and coalesce(stays.disposition, 'home') in ('home', 'alt-home', 'aadvice')
),
follow_ups as (
    select person, started_at as at from visit_frames
    union all
    select person, started_at from situations
    where visit is null and role = 'clinical' and direction = 'out'
),
bookings as (
    select person, started_at, coalesce(created_at, updated_at) as made_at from appointments
    where is_current and status in ('booked', 'pending', 'arrived', 'checked-in', 'fulfilled')
),
followed as (
    select went_home.visit, min(follow_ups.at) as at
    from went_home join follow_ups on follow_ups.person = went_home.person and follow_ups.at > went_home.ended_at
    group by went_home.visit
),
booked as (
    select went_home.visit, min(greatest(bookings.made_at, went_home.ended_at)) as at
    from went_home join bookings on bookings.person = went_home.person
        and bookings.started_at > went_home.ended_at and bookings.started_at <= went_home.ended_at + interval 30 day
    group by went_home.visit
)
select went_home.person, 'Encounter/' || went_home.encounter as resource, went_home.unit, went_home.ended_at as started_at,
    least(followed.at, booked.at) as met_at, went_home.security
from went_home
left join followed using (visit)
left join booked using (visit)
