-- one row per deed in the portal by the person, by somebody for them, or by a prospect: log-ins, searches, reads
with abnormal_results as (
    select person, 'Observation/' || id as resource from observations where interpretation in ('A', 'AA', 'H', 'HH', 'L', 'LL', 'POS', 'HU', 'LU')
),
results_of_reports as (
    select person, id as report, unnest(from_json(results, '[{"reference":"VARCHAR"}]')).reference as result from diagnostic_reports
),
abnormal_reports as (
    select distinct results_of_reports.person, 'DiagnosticReport/' || results_of_reports.report as resource
    from results_of_reports join abnormal_results
        on abnormal_results.person = results_of_reports.person and abnormal_results.resource = results_of_reports.result
),
deeds as (
    select *,
        case
            when lower(coalesce(subtype, '')) = 'login' or lower(coalesce(subtype_display, '')) like 'log%in%' then 'log_in'
            when lower(coalesce(subtype, '')) = 'search' and (agent is null or entity is null) then 'search_provider'
            when entity like 'DiagnosticReport/%' or entity like 'Observation/%' then 'look_up_result'
            when split_part(entity, '/', 1) in ('Claim', 'ExplanationOfBenefit', 'Invoice', 'Account') then 'bill'
            when entity like 'Coverage/%' then 'insurance'
        end as act
    from audit_events
    where recorded_at is not null
        and (split_part(agent, '/', 1) in ('Patient', 'RelatedPerson')
            or (agent is null and agent_name is not null and lower(coalesce(subtype, '')) in ('login', 'search')))
)
select
    deeds.person,
    'AuditEvent/' || deeds.id as resource,
    deeds.act,
    deeds.recorded_at as started_at,
    deeds.recorded_at as ended_at,
    deeds.source_order,
    'portal' as channel,
    'automated' as role,
    case when deeds.agent like 'RelatedPerson/%' then 'family' end as speaker,
    abnormal_reports.resource is not null or abnormal_results.resource is not null as abnormal,
    'portal' as evidence,
    deeds.security
from deeds
left join abnormal_reports on abnormal_reports.person = deeds.person and abnormal_reports.resource = deeds.entity
left join abnormal_results on abnormal_results.person = deeds.person and abnormal_results.resource = deeds.entity
