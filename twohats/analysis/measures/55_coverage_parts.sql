-- one row per month and kind of evidence
select
    strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), interactions.started_at), '%Y-%m') as month,
    coalesce(evidence, '') as evidence,
    count(*) as interactions,
    count(*) filter (hat = 'unknown') as unknown
from interactions left join site_zones using (unit)
group by month, coalesce(evidence, '')
