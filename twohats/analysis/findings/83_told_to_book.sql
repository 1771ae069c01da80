-- one row per request to come back or to book elsewhere, and when a booking was made that was not called off
-- A booking names its request. Where no booking of the hospital ever names one, any that was made after it counts.
with asked as (
    select * from loose_ends where act = 'refer'
),
bookings as (
    select person, based_on, coalesce(created_at, updated_at) as made_at from appointments
    where is_current and status not in ('cancelled', 'entered-in-error', 'waitlist', 'proposed')
),
done as (
    select person, 'ServiceRequest/' || id as resource, updated_at as done_at from service_requests where status = 'completed'
)
select asked.person, asked.resource, any_value(asked.unit) as unit, any_value(asked.started_at) as started_at,
    least(min(bookings.made_at), any_value(done.done_at)) as met_at, any_value(asked.security) as security
from asked
cross join bookings_told
left join done on done.person = asked.person and done.resource = asked.resource
left join bookings on bookings.person = asked.person and if(bookings_told.name_requests,
    bookings.based_on = asked.resource, bookings.made_at >= asked.started_at)
group by asked.person, asked.resource
