-- one row per medicine prescribed for home, and when it was handed over
select home_medicines.person, 'MedicationRequest/' || home_medicines.id as resource,
    coalesce(visit_encounters.unit, roles.unit) as unit, home_medicines.authored_at as started_at,
    home_medicines.handed_over_at as met_at, home_medicines.security
from home_medicines
left join roles on roles.staff = home_medicines.requester
left join visit_encounters on visit_encounters.person = home_medicines.person
    and visit_encounters.encounter = split_part(home_medicines.encounter, '/', -1)
