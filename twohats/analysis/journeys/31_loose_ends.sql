-- one row per abnormal result nobody followed up within 14 days, and per request to come back or to go elsewhere
with results as (
    select id as report, person, issued_at, encounter, source_order, security,
        unnest(from_json(results, '[{"reference":"VARCHAR"}]')).reference as result
    from diagnostic_reports
    where coalesce(status, 'final') in ('final', 'amended', 'corrected', 'appended') and issued_at is not null
),
abnormal as (
    select distinct results.* exclude (result)
    from results join observations
        on observations.person = results.person and results.result = 'Observation/' || observations.id
    where observations.interpretation in ('A', 'AA', 'H', 'HH', 'L', 'LL', 'POS', 'HU', 'LU')
),
told as (
    select person, started_at from messages where act = 'explain_result'
    union all
    select person, started_at from calls where act = 'explain_result'
),
followed as (
    select distinct abnormal.report
    from abnormal join told on told.person = abnormal.person
        and told.started_at between abnormal.issued_at and abnormal.issued_at + interval 14 day
    union
    -- A clinician saw the person again, or still had them there: what came back was in their hands.
    select distinct abnormal.report
    from abnormal
    join visit_frames on visit_frames.person = abnormal.person
        and visit_frames.started_at <= abnormal.issued_at + interval 14 day
        and coalesce(visit_frames.ended_at, 'infinity'::timestamptz) >= abnormal.issued_at
)
select
    abnormal.person, 'DiagnosticReport/' || abnormal.report as resource, 'result_not_followed' as act,
    abnormal.issued_at as started_at, abnormal.issued_at as ended_at, abnormal.source_order, 'none' as channel,
    true as abnormal, 'message' as evidence, visit_encounters.unit, abnormal.security
from abnormal
cross join clock
left join visit_encounters on visit_encounters.person = abnormal.person
    and visit_encounters.encounter = split_part(abnormal.encounter, '/', -1)
anti join followed on followed.report = abnormal.report
where abnormal.issued_at < clock.as_of - interval 14 day
union all
select
    service_requests.person, 'ServiceRequest/' || id, 'refer', authored_at, authored_at, service_requests.source_order, 'none',
    false, 'message', coalesce(visit_encounters.unit, roles.unit), service_requests.security
from service_requests
left join visit_encounters on visit_encounters.person = service_requests.person
    and visit_encounters.encounter = split_part(service_requests.encounter, '/', -1)
left join roles on roles.staff = service_requests.requester
where (lower(coalesce(category, '')) like '%follow%up%' or lower(coalesce(category, '') || ' ' || coalesce(code_text, '')) like '%referral%')
    and coalesce(service_requests.status, 'active') in ('active', 'completed', 'on-hold') and authored_at is not null
