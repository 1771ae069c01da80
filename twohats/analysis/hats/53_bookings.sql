-- one row per visit that was booked, with the words of its booking
select
    visit_encounters.visit,
    string_agg(distinct lower(concat_ws(' ', appointments.type, appointments.service_type, appointments.description)), ' '
        order by lower(concat_ws(' ', appointments.type, appointments.service_type, appointments.description))) as booking
from visit_encounters
join appointments on appointments.person = visit_encounters.person
    and 'Appointment/' || appointments.id = visit_encounters.appointment and appointments.is_current
group by visit_encounters.visit
