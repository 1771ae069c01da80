-- one row per to-do, message asked for, screening of needs, paper handed over and way arranged, outside a visit's events
-- A task without a profile is the person's to-do when they are to do it, and a referral when it carries a request on.
with tasks_told as (
    select *,
        case
            when profile like '%TaskForPatient%' or starts_with(assigned_to, 'Patient/') then 'remind'
            when profile like '%TaskForReferralManagement%' or code = 'fulfill' and starts_with(focus, 'ServiceRequest/') then 'refer'
        end as act
    from tasks
    where coalesce(status, 'requested') not in ('draft', 'entered-in-error', 'rejected')
),
asked_for as (
    select communication_requests.*, topic_acts.act as topic_act
    from communication_requests left join topic_acts on topic_acts.topic = communication_requests.category_text
    where coalesce(status, 'active') not in ('draft', 'entered-in-error', 'revoked')
        and starts_with(coalesce(recipient, 'Patient/'), 'Patient/')
),
screened as (
    select * from questionnaire_responses
    where coalesce(status, 'completed') in ('completed', 'amended', 'in-progress')
        and regexp_matches(lower(questionnaire), 'prapare|hrsn|\bahc\b|hunger.?vital|sdoh|social.?needs|93025-5|96777-8|88121-9')
),
handed_over as (
    select document_references.* from document_references
    left join topic_acts as by_text on by_text.topic = document_references.type_text
    left join topic_acts as by_display on by_display.topic = document_references.type_display
    where coalesce(by_text.act, by_display.act) = 'papers' and coalesce(status, 'current') = 'current'
),
ways as (
    select service_requests.* from service_requests
    left join topic_acts as by_text on by_text.topic = service_requests.code_text
    left join topic_acts as by_category on by_category.topic = service_requests.category
    where coalesce(by_text.act, by_category.act) = 'arrange_transport'
        and coalesce(status, 'active') in ('active', 'completed', 'on-hold')
),
errands as (
    select person, 'Task/' || id as resource, act, authored_at as happened_at, source_order, requester as staff, encounter, security
    from tasks_told where act is not null
    union all
    select person, 'CommunicationRequest/' || id,
        if(topic_act in ('ask_opinion', 'book', 'rebook', 'bill', 'insurance', 'ask_admin', 'answer_admin'), topic_act, 'remind'),
        coalesce(occurs_at, authored_at), source_order, requester, encounter, security
    from asked_for
    union all
    select person, 'QuestionnaireResponse/' || id, 'screen_needs', authored_at, source_order,
        if(starts_with(coalesce(author, source), 'Patient/'), null, author), encounter, security
    from screened
    union all
    select person, 'DocumentReference/' || id, 'papers', dated_at, source_order, author, encounter, security from handed_over
    union all
    select person, 'ServiceRequest/' || id, 'arrange_transport', authored_at, source_order, requester, encounter, security from ways
)
select
    errands.person, errands.resource, errands.act, errands.happened_at as started_at, errands.happened_at as ended_at,
    errands.source_order, 'none' as channel,
    -- Needs that a person filled in alone were asked by a form.
    coalesce(roles.role, if(errands.act = 'screen_needs' and errands.staff is null, 'automated', null)) as role,
    errands.staff, 'message' as evidence, coalesce(visit_encounters.unit, roles.unit) as unit, errands.security
from errands
left join roles on roles.staff = errands.staff
left join visit_encounters on visit_encounters.person = errands.person
    and visit_encounters.encounter = split_part(errands.encounter, '/', -1)
where errands.happened_at is not null and errands.resource not in (select resource from visit_events)
