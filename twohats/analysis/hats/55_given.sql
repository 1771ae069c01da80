-- one row per interaction, with what we gave: clinicians' minutes, the same clinician, contacts, steps, repeats
-- A safety question asked again is never a repeat and never a step.
with met as (
    select interaction, person, visit, kind, act, role, event, staff, steps, repeats, talk_minutes, direction, touchpoint,
        started_at, ended_at,
        role = 'clinical' or event in ('clinical', 'teaching') as with_clinician,
        min(started_at) over (partition by person, staff) as first_met_at,
        min(started_at) over (partition by person, visit) as visit_began_at,
        lag(act) over (partition by person, visit order by started_at, source_order) as act_before,
        row_number() over (partition by person, visit, act order by started_at, source_order) as time_of_act,
        count(*) filter (direction = 'out') over (
            partition by person, touchpoint, kind order by started_at
            range between interval 7 day preceding and current row) as contacts_about_it
    from situations
),
-- The same form handed out again is the same thing asked again.
forms as (
    select
        met.interaction,
        count(*) filter (visit_events.started_at >= met.started_at) as here,
        count(*) as so_far
    from met join visit_events
        on visit_events.visit = met.visit and visit_events.act = 'register' and visit_events.started_at < met.ended_at
    where met.act = 'register'
    group by met.interaction
)
select
    met.interaction,
    case
        when kind = 'contact' then if(coalesce(role = 'clinical', false), coalesce(talk_minutes, 0), 0)
        when ended_at is null then null
        when coalesce(with_clinician, false) then date_diff('second', started_at, ended_at) / 60.0
        else 0
    end::double as clinician_minutes,
    case when role = 'clinical' and staff is not null
        then first_met_at < if(kind = 'segment', visit_began_at, started_at) end as same_clinician,
    if(kind = 'contact', contacts_about_it, 0)::bigint as contacts_given,
    if(act in ('safety_check', 'interpreter', 'wheelchair'), 0, steps)::bigint as steps,
    case
        when act in ('safety_check', 'interpreter', 'wheelchair') then 0
        when kind = 'contact' then repeats
        when forms.interaction is not null then least(forms.here, forms.so_far - 1)
        when act in ('register', 'insurance', 'screen_needs') and act_before is distinct from act then time_of_act - 1
        else 0
    end::bigint as repeats
from met
left join forms on forms.interaction = met.interaction
