-- one row per medicine prescribed for home to somebody of whom pharmacies tell, and when it was handed over first
-- Where no dispense was ever told for the person, nothing can be said. A dispense that is done or going on counts from
-- when it was handed over, else from when it was made ready.
with handed_over as (
    select person, prescription, min(coalesce(handed_over_at, prepared_at)) as handed_over_at
    from medication_dispenses
    where status in ('completed', 'in-progress') and coalesce(handed_over_at, prepared_at) is not null
    group by person, prescription
),
dispenses_told as (
    select distinct person from medication_dispenses
)
select
    medication_requests.person, medication_requests.id, medication_requests.authored_at, medication_requests.encounter,
    medication_requests.requester, medication_requests.source_order, medication_requests.security,
    handed_over.handed_over_at
from medication_requests
semi join dispenses_told on dispenses_told.person = medication_requests.person
left join handed_over on handed_over.person = medication_requests.person
    and handed_over.prescription = 'MedicationRequest/' || medication_requests.id
where coalesce(medication_requests.status, 'active') in ('active', 'completed', 'unknown')
    and coalesce(medication_requests.intent, 'order') in ('order', 'original-order')
    and coalesce(medication_requests.category, 'community') in ('community', 'outpatient', 'discharge')
    and medication_requests.authored_at is not null
