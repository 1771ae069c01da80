-- one row per decision on a medicine outside a visit, per medicine picked up, and per medicine nobody picked up
-- A medicine counts as not picked up 14 days after it was prescribed.
with decided as (
    select
        person,
        'MedicationRequest/' || id as resource,
        if(prior is not null, 'decide_refill', 'prescribe') as act,
        authored_at as happened_at,
        source_order,
        requester as staff,
        security
    from medication_requests
    where authored_at is not null and coalesce(status, 'active') not in ('entered-in-error', 'draft')
        and ('MedicationRequest/' || id) not in (select resource from visit_events)
        and (prior is not null or encounter is null)
),
picked_up as (
    select
        person, 'MedicationDispense/' || id as resource, 'pick_up' as act, handed_over_at as happened_at, source_order,
        cast(null as varchar) as staff, security
    from medication_dispenses
    where status = 'completed' and handed_over_at is not null
),
left_there as (
    select
        home_medicines.person, 'MedicationRequest/' || home_medicines.id as resource, 'not_picked_up' as act,
        home_medicines.authored_at as happened_at, home_medicines.source_order,
        cast(null as varchar) as staff, home_medicines.security
    from home_medicines cross join clock
    where home_medicines.handed_over_at is null and home_medicines.authored_at < clock.as_of - interval 14 day
)
select
    happened.person, happened.resource, happened.act, happened.happened_at as started_at, happened.happened_at as ended_at,
    happened.source_order, 'none' as channel, coalesce(roles.role, if(happened.act in ('decide_refill', 'prescribe'), 'clinical', null)) as role,
    happened.staff, roles.unit, 'message' as evidence, happened.security
from (from decided union all from picked_up union all from left_there) as happened
left join roles on roles.staff = happened.staff
