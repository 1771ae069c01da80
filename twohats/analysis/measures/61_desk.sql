-- one row per person expected or present on the release's day: only what a front desk may know
-- No diagnosis, result, drug, clinic or balance is read into it; the card shows this table and nothing else.
with today as (
    select zone, timezone(zone, clock.as_of)::date as day
    from clock, (select coalesce(mode(time_zone), 'UTC') as zone from site_zones) as main_site
),
booked as (
    select
        appointments.person,
        min(appointments.started_at) as expected_at,
        arg_min(interactions.unit, appointments.started_at) as unit,
        coalesce(max(interactions.stakes) >= 0.7, false) as vulnerable
    from appointments
    cross join today
    left join interactions
        on interactions.person = appointments.person and interactions.resource = 'Appointment/' || appointments.id
    where appointments.is_current
        and appointments.status in ('booked', 'pending', 'arrived', 'checked-in', 'fulfilled')
        and timezone(today.zone, appointments.started_at)::date = today.day
    group by appointments.person
),
came as (
    select visits.*
    from visits cross join today cross join clock
    where timezone(today.zone, visits.started_at)::date = today.day
        or (visits.ended_at is null and visits.status in ('arrived', 'triaged', 'in-progress')
            and visits.started_at > clock.as_of - interval 2 days)
    qualify row_number() over (
        partition by visits.person order by visits.ended_at is null desc, visits.started_at desc, visits.visit) = 1
),
latest as (
    select interactions.*
    from interactions join came using (visit)
    qualify row_number() over (
        partition by visit order by interactions.started_at desc, source_order desc, interaction desc) = 1
),
along as (
    select visit_encounters.visit,
        string_agg(distinct coalesce(related_persons.relationship_text, 'Relative'), ', ') as companion
    from attendances
    join visit_encounters using (encounter)
    left join related_persons on related_persons.person = visit_encounters.person
        and 'RelatedPerson/' || related_persons.id = attendances.staff
    where attendances.relative
    group by visit_encounters.visit
)
select
    people.person,
    people.given,
    people.language,
    people.interpreter,
    people.hearing,
    people.wheelchair,
    along.companion,
    coalesce(came.unit, booked.unit) as unit,
    booked.expected_at,
    came.started_at as arrived_at,
    came.ended_at as left_at,
    latest.interaction,
    latest.hat,
    latest.about_hat,
    latest.rule,
    coalesce(latest.vulnerable, booked.vulnerable, false) as vulnerable
from people
left join booked using (person)
left join came using (person)
left join latest on latest.visit = came.visit
left join along on along.visit = came.visit
-- A record may say that somebody died without saying when.
anti join (select person from patients where deceased) as dead on dead.person = people.person
where (booked.person is not null or came.person is not null) and people.deceased_at is null
