-- one row per service and month in which comments were written: how surely they were read, and how often a person said otherwise
select
    coalesce(clauses.service, '') as service,
    coalesce(strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), clauses.said_at), '%Y-%m'), '') as month,
    count(*) as clauses,
    count(distinct coalesce(clauses.person, clauses.voice)) as people,
    count(*) filter (not certain) as unsure,
    count(*) filter (hat = 'patient') as patient,
    count(*) filter (hat = 'customer') as customer,
    count(*) filter (sentiment = 1) as praise,
    count(*) filter (sentiment = -1) as complaints,
    count(*) filter (corrected) as corrected,
    count(*) filter (corrected and model_hat <> hat) as overturned,
    sum(round(1000 * greatest(p_patient, p_customer, p_none)))::bigint as confidence
from clauses left join site_zones using (unit)
group by all
