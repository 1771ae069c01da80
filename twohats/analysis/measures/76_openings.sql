-- one row per schedule, visit type and Monday at nine (site's clock): days to the third slot that was open then
-- A slot's versions say from when to when it was free. Where they begin in the middle (the first one known is not
-- version 1) what is busy was free before it was taken, and what is free was not; a booking says when it was taken.
-- Weeks run from the first slot that was ever open to the release's day or the last slot, whichever comes first.
with actors as (
    select id, generate_subscripts(found, 1) as place, reference(unnest(found).reference, '') as actor
    from (
        select id, from_json(actors, '[{"reference":"VARCHAR"}]') as found
        from schedules_told where is_current and not deleted
    )
),
-- Whose a calendar is: the first clinician on it; where: the first place on it whose unit is known, else the clinician's.
owned as (
    select actors.id,
        arg_min(coalesce(reference(practitioner_roles.practitioner, 'Practitioner'), actors.actor), actors.place)
            filter (actors.actor like 'Practitioner%') as clinician,
        arg_min(places.unit, actors.place) filter (places.unit is not null) as unit
    from actors
    left join practitioner_roles on actors.actor = 'PractitionerRole/' || practitioner_roles.id
        and practitioner_roles.is_current and not practitioner_roles.deleted
    left join places on places.place = actors.actor
    group by actors.id
),
calendars as (
    select 'Schedule/' || schedules_told.id as schedule, owned.clinician, coalesce(owned.unit, roles.unit) as unit,
        coalesce(schedules_told.service_type, schedules_told.service_code, '') as visit_type,
        case when not schedules_told.active then schedules_told.updated_at end as retired_at,
        coalesce(site_zones.time_zone, 'UTC') as time_zone
    from schedules_told
    join owned using (id)
    left join roles on roles.staff = owned.clinician
    left join site_zones on site_zones.unit = coalesce(owned.unit, roles.unit)
    where schedules_told.is_current and not schedules_told.deleted and owned.clinician is not null
),
versions as (
    select slots_told.*, calendars.clinician, calendars.unit, calendars.time_zone, calendars.retired_at,
        coalesce(slots_told.service_type, slots_told.service_code, calendars.visit_type) as visit_type,
        row_number() over told = 1 and slots_told.version_id is distinct from '1' as begins_in_the_middle,
        lead(slots_told.updated_at) over told as changed_at
    from slots_told
    join calendars using (schedule)
    where slots_told.id not in (
        select id from slots_told where is_current and (deleted or status = 'entered-in-error')
    )
    window told as (
        partition by slots_told.id
        order by slots_told.updated_at nulls first, try_cast(slots_told.version_id as hugeint), slots_told.arrival)
),
-- From when to when a booking held a slot; that of a booking whose versions begin late began when it was asked for.
holds as (
    select slot, status in ('cancelled', 'entered-in-error', 'proposed', 'waitlist') as holds_nothing,
        if(lag(id) over told is null, coalesce(created_at, updated_at), updated_at) as held_from,
        if(holds_nothing, updated_at, lead(updated_at) over told) as held_until
    from bookings_told
    where slot is not null and not deleted
    window told as (partition by id order by updated_at nulls first, source_order)
),
taken as (
    select slot, min(held_from) as taken_at from holds group by slot
),
free as (
    select id, schedule, visit_type, started_at, coalesce(updated_at, clock.as_of) as open_from, changed_at as open_until
    from versions, clock
    where status = 'free'
    union all
    select id, schedule, visit_type, started_at, null, updated_at
    from versions left join taken on taken.slot = 'Slot/' || versions.id
    where begins_in_the_middle
        and (taken_at < updated_at or (status in ('busy', 'busy-tentative') and coalesce(updated_at, taken_at) is not null))
),
-- Nobody looks further ahead than half a year.
looked_for as (
    select free.*, calendars.clinician, calendars.unit, calendars.time_zone,
        greatest(coalesce(timezone(calendars.time_zone, open_from), timestamp '1900-01-01'),
            timezone(calendars.time_zone, started_at) - interval 182 day) as from_local,
        least(timezone(calendars.time_zone, started_at),
            coalesce(timezone(calendars.time_zone, open_until) - interval 1 microsecond, timestamp '9999-01-01'),
            coalesce(timezone(calendars.time_zone, calendars.retired_at), timestamp '9999-01-01'),
            timezone(calendars.time_zone, clock.as_of)) as until_local
    from free join calendars using (schedule), clock
),
weeks as (
    select schedule, visit_type, clinician, unit, time_zone, unnest(generate_series(
        (date_trunc('week', first_start) + interval 7 day)::timestamp,
        least(last_start, timezone(time_zone, clock.as_of)) - interval 9 hour, interval 7 day
    ))::date as week
    from (
        select schedule, visit_type, any_value(clinician) as clinician, any_value(unit) as unit,
            any_value(time_zone) as time_zone, min(timezone(time_zone, started_at)) as first_start,
            max(timezone(time_zone, started_at)) as last_start
        from looked_for group by schedule, visit_type
    ), clock
),
open_then as (
    select distinct id, schedule, visit_type, started_at, timezone(time_zone, started_at)::date as day, week,
        timezone(time_zone, week + interval 9 hour) as looked_at
    from (
        select looked_for.*, unnest(generate_series(
            (date_trunc('week', from_local - interval 9 hour - interval 1 microsecond) + interval 7 day)::timestamp,
            until_local - interval 9 hour, interval 7 day
        ))::date as week
        from looked_for where until_local >= from_local
    )
),
third as (
    select open_then.schedule, open_then.visit_type, week, day
    from open_then
    where open_then.started_at >= looked_at and not exists (
        select 1 from holds where holds.slot = 'Slot/' || open_then.id
            and held_from <= looked_at and coalesce(held_until > looked_at, true))
    qualify row_number() over (
        partition by open_then.schedule, open_then.visit_type, week order by open_then.started_at, open_then.id) = 3
),
-- A clinician is away on a day that one slot kept from everybody covers whole, or on which no slot is anything else.
days_told as (
    select clinician, status = 'busy-unavailable' as is_closed, first_at, last_at,
        unnest(generate_series(first_at::date, least(last_at::date, first_at::date + 366), interval 1 day))::date as day
    from (
        select *, timezone(time_zone, started_at) as first_at,
            timezone(time_zone, ended_at - interval 1 microsecond) as last_at
        from versions where is_current
    )
),
days_away as (
    select clinician, day
    from days_told
    group by clinician, day
    having bool_and(is_closed)
        or bool_or(is_closed and first_at <= day and last_at >= day + interval 1 day - interval 1 second)
),
away as (
    select clinician, date_trunc('week', day)::date as week from days_away group by all having count(*) > 3
)
select weeks.schedule, weeks.visit_type, weeks.clinician, weeks.unit, weeks.week,
    timezone(weeks.time_zone, weeks.week + interval 9 hour) as looked_at,
    (third.day - weeks.week)::bigint as days, away.week is not null as is_away
from weeks
left join third using (schedule, visit_type, week)
left join away on away.clinician = weeks.clinician and away.week = weeks.week
