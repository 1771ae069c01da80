-- one row per booking and measure: how far ahead it was made, and whether the visit was kept
with first_asked as (
    select id, arg_min(started_at, (updated_at, source_order)) as wanted_at, min(created_at) as created_at
    from appointments
    group by id
),
booked as (
    select appointments.person, appointments.id, appointments.status, appointments.started_at,
        first_asked.created_at, first_asked.wanted_at, scheduling.unit
    from appointments
    join first_asked using (id)
    left join (select resource, any_value(unit) as unit from scheduling where act = 'book' group by resource)
        as scheduling on scheduling.resource = 'Appointment/' || appointments.id
    where appointments.is_current and appointments.status not in ('entered-in-error', 'waitlist', 'proposed')
)
select 'lead_time' as measure, 'Appointment/' || id as thing, person, unit, created_at as happened_at, null::boolean as part,
    date_diff('second', created_at, wanted_at) as amount, 'done' as ended
from booked
where created_at <= wanted_at
union all
select 'no_show', 'Appointment/' || id, booked.person, unit, started_at, status = 'noshow', null, null
from booked left join people using (person)
where status in ('fulfilled', 'arrived', 'checked-in', 'noshow') and started_at is not null
    and not coalesce(status = 'noshow' and started_at > people.deceased_at, false)
