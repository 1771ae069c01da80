-- one row per piece of a visit, with what was being done in it
-- What the source names is taken at its word; the rest is read from place, person and status, and in the end from
-- what lies around it.
with runs as (
    select *, sum(if(fresh, 1, 0)) over (partition by visit order by piece) as run
    from (
        select *, (place, role, staff, status) is distinct from lag((place, role, staff, status)) over (
            partition by visit order by piece) as fresh
        from piece_facts
    ) as compared
),
placed as (
    select
        runs.* exclude (run, fresh, distress),
        bool_or(distress) over (partition by runs.visit, run) as distress,
        visit_frames.person,
        visit_frames.evidence,
        coalesce(runs.class_then, visit_encounters.class_code, visit_frames.class_code) as class_code,
        coalesce(visit_encounters.unit, visit_frames.unit) as unit,
        visit_encounters.reason_code,
        visit_encounters.reason_text,
        visit_encounters.security,
        visit_encounters.source_order,
        landmarks.unserved,
        landmarks.anything_told,
        coalesce(runs.clinical_event, false) or coalesce(runs.teaching_event, false) as care_event,
        runs.started_at >= landmarks.leaving_from as leaving,
        coalesce(runs.started_at < landmarks.care_began_at, false) as before_care,
        coalesce(runs.started_at >= landmarks.care_ended_at, false) as after_care,
        coalesce(runs.started_at >= landmarks.boarding_from and runs.started_at < landmarks.admitted_at, false) as boarding,
        coalesce(runs.started_at >= landmarks.left_care_at, false) as been_in_care,
        landmarks.care_began_at is not null as care_known
    from runs
    join visit_frames using (visit)
    join landmarks using (visit)
    left join visit_encounters on visit_encounters.encounter = runs.encounter
)
select
    *,
    case
        -- named by the source
        when logistics_act is not null and logistics_act not in ('interpreter', 'wheelchair') then logistics_act
        when teaching_act is not null then teaching_act
        when named_act is not null and not coalesce(clinical_act = 'treat', false) then named_act
        when status = 'onleave' and not care_event then 'away'
        -- a booked visit to which no clinician came
        when unserved and coalesce(role, '') <> 'clerical' and coalesce(zone, '') <> 'front_desk' then 'unserved'
        -- on the way home
        when leaving and not care_event and (zone = 'pickup' or role = 'transport') then 'ride'
        when leaving and not care_event and (zone = 'discharge_lounge' or role is null) then 'wait_to_leave'
        when leaving and not care_event then 'papers'
        when zone = 'discharge_lounge' and not care_event then 'wait_to_leave'
        when zone = 'pickup' and not care_event and after_care then 'ride'
        -- at the desk
        when zone = 'front_desk' and not care_event and been_in_care then 'papers'
        when not care_event and zone = 'front_desk' then 'register'
        when not care_event and role = 'clerical' and (before_care or not care_known)
            and coalesce(zone, 'waiting') = 'waiting' then 'register'
        -- admitted, and no bed yet
        when boarding and not care_event and coalesce(zone, 'waiting') in ('treatment', 'waiting') then 'board'
        -- care
        when clinical_event and (zone = 'triage' or status = 'triaged') then 'triage'
        when clinical_event and zone = 'ward' then 'nurse'
        when clinical_event then 'treat'
        when role = 'clinical' and (zone = 'triage' or status = 'triaged') then 'triage'
        when role = 'clinical' and zone = 'ward' then 'nurse'
        when role = 'clinical' then 'treat'
        -- waiting
        when zone = 'waiting' then 'wait'
        when status in ('arrived', 'triaged') and role is null and coalesce(zone, '') not in ('triage', 'theatre', 'imaging')
            then 'wait'
        when zone in ('ward', 'theatre', 'imaging', 'treatment', 'triage') then
            case zone when 'ward' then 'nurse' when 'triage' then 'triage' else 'treat' end
        when status = 'in-progress' then 'treat'
        -- from what lies around it
        when evidence = 'period_only' and not care_known or class_code in ('IMP', 'ACUTE', 'NONAC') then 'stay'
        when before_care then 'wait'
        -- silence after the last event of a visit of which only the period is known is no wait
        when after_care and evidence <> 'period_only' then 'wait_to_leave'
        when care_known and date_diff('minute', started_at, ended_at) <= 10 then 'treat'
    end as act
from placed
