-- one row per contact in which a hat could be missed, and whether it was: a patient hurried, a customer over-engaged
-- Judged are a visit's longest care where time was wanted, and each dealing with us where speed was. Hats that are mixed
-- or unknown are never judged; with fewer than two things known of what was given the answer is open (null).
with care as (
    select arg_max(interaction, (coalesce(clinician_minutes, 0), interaction)) as interaction
    from interactions
    where kind = 'segment' and visit is not null and hat = 'patient'
    group by visit
),
of_visit as (
    select thing,
        max(if(part, 1, 0)) filter (measure = 'half_the_booked_time') as half_booked,
        max(if(part, 1, 0)) filter (measure = 'unserved_visit') as unserved
    from visits_measured
    where measure in ('half_the_booked_time', 'unserved_visit')
    group by thing
),
bounds as (
    select any_value(time_from) as time_from, any_value(time_to) as time_to, any_value(indicators) as indicators from criteria
),
worn as (
    select interactions.interaction, interactions.person, interactions.unit, interactions.started_at, interactions.act,
        interactions.hat, interactions.time_wanted,
        of_visit.half_booked, of_visit.unserved,
        interactions.same_clinician::bigint as same_clinician,
        null as repeats, null as minutes, null as talk_minutes, null as contacts_given
    from care
    join interactions using (interaction)
    left join of_visit on of_visit.thing = 'visit/' || interactions.visit
    where interactions.time_wanted * 1000 >= (select time_from from bounds)
    union all
    select interactions.interaction, interactions.person, interactions.unit, interactions.started_at, interactions.act,
        interactions.hat, interactions.time_wanted, null, null, null,
        interactions.repeats,
        if(interactions.kind = 'segment', interactions.minutes, null),
        if(interactions.kind = 'contact' and interactions.channel = 'phone', situations.talk_minutes, null),
        if(interactions.kind = 'contact', interactions.contacts_given, null)
    from interactions join situations using (interaction)
    where interactions.hat = 'customer' and interactions.time_wanted * 1000 <= (select time_to from bounds)
        and interactions.role is not null and interactions.channel <> 'portal'
        and (interactions.act in (select act from criteria where hat = 'customer') or situations.direction = 'out')
),
given_fields as (
    unpivot (
        select interaction, hat, act, half_booked::double as half_booked, unserved::double as unserved,
            same_clinician::double as same_clinician, repeats::double as repeats, minutes::double as minutes,
            talk_minutes::double as talk_minutes, contacts_given::double as contacts_given
        from worn
    ) on half_booked, unserved, same_clinician, repeats, minutes, talk_minutes, contacts_given
    into name field value amount
),
met as (
    select given_fields.interaction, arg_min(criteria.criterion, criteria.place) as criterion
    from given_fields
    join criteria on criteria.hat = given_fields.hat and criteria.field = given_fields.field
        and criteria.act in ('', given_fields.act)
        and if(criteria.at_least is null, amount < criteria.under, amount >= criteria.at_least)
    group by given_fields.interaction
),
known as (
    select interaction, count(*) as indicators from given_fields group by interaction
)
select worn.interaction, worn.person, worn.unit, worn.started_at as happened_at, worn.act, worn.hat, worn.time_wanted,
    if(coalesce(known.indicators, 0) >= (select indicators from bounds), met.criterion is not null, null) as flagged,
    if(coalesce(known.indicators, 0) >= (select indicators from bounds), met.criterion, null) as criterion
from worn
left join known using (interaction)
left join met using (interaction)
