-- one row per bill, per question put to an insurer and per answer of one
with billed as (
    select claims.*, visit_encounters.unit
    from claims
    left join visit_encounters on visit_encounters.person = claims.person
        and visit_encounters.encounter = replace(split_part(claims.encounter, '/', -1), 'urn:uuid:', '')
)
select
    person, 'Claim/' || id as resource, 'bill' as act, coalesce(created_at, updated_at) as started_at,
    coalesce(created_at, updated_at) as ended_at, source_order, 'none' as channel, 'bill' as evidence, unit, security
from billed
where coalesce(status, 'active') in ('active', 'cancelled') and coalesce(created_at, updated_at) is not null
union all
select
    answers.person, 'ExplanationOfBenefit/' || answers.id, 'insurance', coalesce(answers.created_at, answers.updated_at),
    coalesce(answers.created_at, answers.updated_at), answers.source_order, 'none', 'bill', billed.unit, answers.security
from explanations_of_benefit as answers
left join billed on billed.person = answers.person and answers.claim = 'Claim/' || billed.id
where coalesce(answers.status, 'active') in ('active', 'cancelled') and coalesce(answers.created_at, answers.updated_at) is not null
union all
select
    person, 'Invoice/' || id, 'bill', coalesce(dated_at, updated_at), coalesce(dated_at, updated_at), source_order, 'none', 'bill',
    null, security
from invoices
where coalesce(status, 'issued') in ('issued', 'balanced', 'cancelled') and coalesce(dated_at, updated_at) is not null
union all
select
    asked.person, asked.resource, 'insurance', asked.asked_at, asked.asked_at, asked.source_order, 'none', 'bill', null, asked.security
from (
    select person, 'CoverageEligibilityRequest/' || id as resource, coalesce(created_at, updated_at) as asked_at, status, source_order,
        security from coverage_eligibility_requests
    union all
    select person, 'CoverageEligibilityResponse/' || id, coalesce(created_at, updated_at), status, source_order, security
    from coverage_eligibility_responses
    union all
    select person, 'ClaimResponse/' || id, coalesce(created_at, updated_at), status, source_order, security from claim_responses
) as asked
where coalesce(asked.status, 'active') in ('active', 'cancelled') and asked.asked_at is not null
