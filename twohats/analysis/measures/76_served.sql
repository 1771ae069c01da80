-- one row per visit or call in which a hat could be missed: how both hats were served, what was said of it, who left
-- Texts and letters stand for themselves: nobody was with the person. Of several contacts in one hat a single sign is
-- enough; open: too little was known of each. Of two ratings of the whole the instrument's place decides. The sign of
-- leaving stands at the last visit or call before it.
with judged as (
    select coalesce(interactions.visit, wrong_hat.interaction) as thing, interactions.visit, wrong_hat.*
    from wrong_hat join interactions using (interaction)
    where interactions.visit is not null or interactions.channel = 'phone'
),
counted as (
    select thing, any_value(visit) as visit, any_value(person) as person, any_value(unit) as unit,
        min(happened_at) as happened_at,
        case when bool_or(flagged) filter (hat = 'customer') then 'over_engaged'
            when count(flagged) filter (hat = 'customer') > 0 then 'as_wished'
            when bool_or(hat = 'customer') then 'open' end as customer,
        case when bool_or(flagged) filter (hat = 'patient') then 'hurried'
            when count(flagged) filter (hat = 'patient') > 0 then 'as_wished'
            when bool_or(hat = 'patient') then 'open' end as patient,
        bool_or(time_wanted * 1000 >= (select any_value(time_from) from criteria)) as time_wanted
    from judged
    group by thing
),
rated as (
    select coalesce(form_answers.visit, form_answers.interaction) as thing, instrument, points
    from form_answers join rated_items using (instrument, item)
    where points is not null and not is_family
    qualify row_number() over (partition by thing order by place, said_at desc, form) = 1
),
in_time as (
    select counted.*, visits.class_code, coalesce(visits.ended_at, counted.happened_at) as over_at,
        lead(counted.happened_at) over (partition by counted.person order by counted.happened_at, thing) as next_at
    from counted left join visits on visits.visit = counted.visit
)
select in_time.thing, in_time.visit, in_time.person, in_time.unit, coalesce(in_time.class_code, 'call') as kind,
    in_time.happened_at, in_time.over_at, in_time.customer, in_time.patient, in_time.time_wanted,
    rated.instrument, rated.points,
    if(leavers.seen_at >= in_time.happened_at and coalesce(in_time.next_at > leavers.seen_at, true), leavers.seen_at, null)
        as left_at,
    coalesce(people.deceased_at <= in_time.over_at + to_days(
        (select any_value(days + quiet_days) from leaving_signs)), false) as died_soon
from in_time
join people using (person)
left join leavers using (person)
left join rated on rated.thing = in_time.thing
