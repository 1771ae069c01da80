-- one row per other result that came back to a user of the portal after they had left, and when they knew of it first
select results.person, 'DiagnosticReport/' || results.report as resource, results.unit, results.issued_at as started_at,
    least(results.opened_at, results.followed_at) as met_at, results.security
from results join people using (person)
where not results.abnormal and not results.was_there and people.portal
