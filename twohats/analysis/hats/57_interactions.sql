-- one row per visit segment or other interaction, in the order lived
with weighed as (
    select
        decided.*,
        wishes.wanted, wishes.wanted_from, wishes.time_wanted,
        -- Only a person's own word speaks against their own hat: a wish read from the stakes rests on what the hat
        -- rests on. A visit that nobody served stays the patient's whatever was wished of it.
        coalesce(wishes.wanted_from = 'own_word' and decided.view in ('self', 'representative')
            and decided.rule <> 'unserved_visit' and (
                decided.hat = 'patient' and wishes.time_wanted <= 400
                or decided.hat = 'customer' and wishes.time_wanted >= 600), false) as contradicted,
        overrides.hat as overruling_hat
    from decided
    left join wishes using (interaction)
    left join overrides on overrides.interaction = decided.interaction
)
select
    weighed.interaction,
    weighed.person,
    weighed.visit,
    weighed.kind,
    weighed.resource,
    weighed.encounter,
    weighed.started_at,
    weighed.ended_at,
    case when weighed.ended_at > weighed.started_at
        then date_diff('second', weighed.started_at, weighed.ended_at) / 60.0 end::double as minutes,
    weighed.source_order::bigint as source_order,
    weighed.act,
    weighed.touchpoint,
    weighed.channel,
    weighed.zone,
    weighed.role,
    weighed.status,
    weighed.unit,
    case when weighed.overruling_hat is not null then weighed.overruling_hat
        when weighed.contradicted then 'mixed' else weighed.hat end as hat,
    case when weighed.overruling_hat = 'patient' then 1.0 when weighed.overruling_hat in ('customer', 'none') then 0.0
        when weighed.overruling_hat is not null then 0.5
        when weighed.contradicted then 0.5 else weighed.p / 1000.0 end::double as p_patient,
    case when weighed.overruling_hat is not null then 1.0
        when weighed.contradicted then least(weighed.confidence, 600) / 1000.0
        else weighed.confidence / 1000.0 end::double as confidence,
    if(weighed.contradicted, 'own_word_contradicts', weighed.rule) as rule,
    weighed.overruling_hat is not null as overruled,
    weighed.view,
    case when weighed.overruling_hat is not null and weighed.view in ('self', 'representative') then weighed.overruling_hat
        when weighed.contradicted then 'mixed' else weighed.about_hat end as about_hat,
    weighed.second_hat,
    weighed.second_rule,
    weighed.vulnerable,
    weighed.urgent,
    weighed.raised_stakes / 1000.0 as stakes,
    weighed.acuity,
    weighed.staff,
    weighed.wanted,
    weighed.wanted_from,
    weighed.time_wanted / 1000.0 as time_wanted,
    given.clinician_minutes,
    given.same_clinician,
    given.contacts_given,
    given.steps,
    given.repeats,
    sensitivities.sensitive,
    weighed.evidence
from weighed
left join given on given.interaction = weighed.interaction
left join sensitivities on sensitivities.interaction = weighed.interaction
order by weighed.person, weighed.started_at, weighed.source_order, weighed.interaction
