-- one row per question, portal deed or prescription and measure: how soon answered, done without a call, picked up
-- A question is answered by the next message of ours of its kind; one that is not answered yet is open, not left out.
with asked_for as (
    select resource, person, unit, started_at, if(act = 'ask_clinical', 'clinical', 'practical') as kind, 'ask' as turn
    from situations
    where act in ('ask_clinical', 'ask_admin') and channel = 'portal'
    union all
    select resource, person, unit, started_at, if(act in ('answer_clinical', 'explain_result'), 'clinical', 'practical'), 'answer'
    from situations
    where act in ('answer_clinical', 'answer_admin', 'explain_result') and direction = 'out'
),
followed as (
    select *,
        min(if(turn = 'answer', started_at, null)) over (
            partition by person, kind order by started_at, turn rows between 1 following and unbounded following) as answered_at
    from asked_for
),
self_service as (
    select 'contacts/' || contact_id as resource, person, unit_id as unit, started_at from contacts
    where channel = 'portal' and direction = 'in' and person is not null
    union all
    select resource, person, unit, started_at from situations
    where channel = 'portal' and act in ('request_refill', 'ask_admin', 'ask_clinical', 'bill', 'insurance')
        and coalesce(direction, 'in') = 'in' and resource not like 'contacts/%'
),
rung as (
    select person, started_at from contacts where channel = 'phone' and direction = 'in' and person is not null
),
filled as (
    select medication_requests.person, medication_requests.id, medication_requests.authored_at,
        any_value(encounters.unit) as unit, min(medication_dispenses.handed_over_at) as handed_over_at
    from medication_requests
    left join medication_dispenses on medication_dispenses.person = medication_requests.person
        and medication_dispenses.prescription = 'MedicationRequest/' || medication_requests.id
    left join visit_encounters as encounters on encounters.person = medication_requests.person
        and medication_requests.encounter = 'Encounter/' || encounters.encounter
    where coalesce(medication_requests.status, 'active') in ('active', 'completed')
        and medication_requests.prior is null and coalesce(medication_requests.category, '') <> 'inpatient'
        and medication_requests.authored_at is not null
    group by medication_requests.person, medication_requests.id, medication_requests.authored_at
)
select if(kind = 'clinical', 'time_to_clinical_answer', 'time_to_practical_answer') as measure,
    resource as thing, person, unit, started_at as happened_at, null::boolean as part,
    date_diff('second', started_at, answered_at) as amount, if(answered_at is null, 'open', 'done') as ended
from followed
where turn = 'ask'
union all
select 'digital_completion', resource, person, unit, started_at,
    not exists (
        select 1 from rung where rung.person = self_service.person
            and rung.started_at > self_service.started_at
            and rung.started_at <= self_service.started_at + interval 2 day),
    null, null
from self_service
union all
select 'first_fill', 'MedicationRequest/' || id, filled.person, unit, authored_at, coalesce(handed_over_at <= authored_at + interval 14 day, false),
    null, null
from filled left join people using (person)
where not coalesce(people.deceased_at < authored_at + interval 14 day, false)
