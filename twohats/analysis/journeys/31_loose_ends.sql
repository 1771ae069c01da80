-- one row per abnormal result nobody followed up within 14 days, and per request to come back or to go elsewhere
select
    results.person, 'DiagnosticReport/' || results.report as resource, 'result_not_followed' as act,
    results.issued_at as started_at, results.issued_at as ended_at, results.source_order, 'none' as channel,
    true as abnormal, 'message' as evidence, results.unit, results.security
from results cross join clock
where results.abnormal and results.issued_at < clock.as_of - interval 14 day
    and (results.followed_at is null or results.followed_at > results.issued_at + interval 14 day)
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
