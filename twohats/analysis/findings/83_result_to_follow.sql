-- one row per abnormal result that came back after the person had left, and when a clinician told or saw them first
select person, 'DiagnosticReport/' || report as resource, unit, issued_at as started_at, followed_at as met_at, security
from results
where abnormal and not was_there
