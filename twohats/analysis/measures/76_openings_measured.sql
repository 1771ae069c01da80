-- one row per schedule, visit type and week of a clinician who was there: thousandths of days to the third open slot
-- Behind it stands the clinician, not a person we serve: whoever counts people here counts clinicians.
select 'third_next_available' as measure, schedule || '/' || visit_type || '/' || week as thing, key(clinician) as person,
    unit, looked_at as happened_at, null::boolean as part, (1000 * days)::bigint as amount, null::varchar as ended
from openings
where days is not null and not is_away
