-- one row per unit, month and pair of hats where a journey turns, with the touchpoints on both sides
-- Time away and what nobody can tell are stepped over: a turn is between neighbours whose hat was told.
with in_order as (
    select
        interactions.person,
        coalesce(interactions.unit, '') as unit,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), interactions.started_at), '%Y-%m') as month,
        hat as to_hat,
        touchpoint as to_touchpoint,
        lag(hat) over journey as from_hat,
        lag(touchpoint) over journey as from_touchpoint
    from interactions left join site_zones using (unit)
    where hat in ('patient', 'customer', 'mixed')
    window journey as (partition by interactions.person order by started_at, source_order, interaction)
)
select unit, month, from_hat, to_hat, from_touchpoint, to_touchpoint,
    count(*) as times, count(distinct person) as people
from in_order
where from_hat <> to_hat
group by unit, month, from_hat, to_hat, from_touchpoint, to_touchpoint
