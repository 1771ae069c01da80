-- one row per visit: when care began and ended in it, when leaving began, and whether a clinician appears at all
with cared as (
    select
        visit,
        bool_or(clinical_event or teaching_event or role = 'clinical') as clinician_appears,
        bool_or(status = 'in-progress' or zone in ('treatment', 'ward', 'theatre', 'imaging', 'triage')) as care_may_have_begun,
        bool_or(role is not null or logistics_event) as others_appear,
        bool_or(status is not null or zone is not null or role is not null
            or clinical_event or teaching_event or logistics_event) as anything_told,
        min(started_at) filter (clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')) as care_began_at,
        max(coalesce(ended_at, 'infinity'::timestamptz)) filter (clinical_event or teaching_event) as last_event_at,
        max(coalesce(ended_at, 'infinity'::timestamptz)) filter (clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')) as care_ended_at
    from piece_facts
    group by visit
),
attended as (
    select visit_encounters.visit, bool_or(attendances.role = 'clinical') as clinician_attends
    from attendances join visit_encounters using (encounter)
    group by visit_encounters.visit
),
notices as (
    select visit, min(started_at) as first_notice_at from visit_events where act in ('papers', 'ride') group by visit
)
select
    visit_frames.visit,
    cared.care_began_at,
    cared.care_ended_at,
    cared.anything_told,
    -- Leaving begins with the first word of it, or when care that still went on then was over.
    greatest(notices.first_notice_at, if(cared.last_event_at > notices.first_notice_at, cared.last_event_at, null)) as leaving_from,
    case
        when cared.clinician_appears or attended.clinician_attends then true
        when cared.others_appear or cared.care_may_have_begun or visit_frames.has_attendances then false
    end as seen_by_clinician,
    visit_frames.booked and visit_frames.ended_at is not null
        and not (cared.clinician_appears or coalesce(attended.clinician_attends, false))
        and not coalesce(cared.care_may_have_begun, false)
        and coalesce(cared.others_appear or visit_frames.has_statuses or visit_frames.has_zones, false) as unserved
from visit_frames
join cared using (visit)
left join attended using (visit)
left join notices using (visit)
