-- one row per visit: when care began and ended in it, when leaving began, and whether a clinician appears at all
with cared as (
    select
        visit,
        -- A nurse at the desk is no care yet.
        bool_or(clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')) as clinician_appears,
        bool_or(status = 'in-progress' or zone in ('treatment', 'ward', 'theatre', 'imaging', 'triage')) as care_may_have_begun,
        bool_or(role is not null or logistics_event) as others_appear,
        bool_or(role is not null) as people_told,
        bool_or(status is not null or zone is not null or role is not null
            or clinical_event or teaching_event or logistics_event) as anything_told,
        min(started_at) filter (clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')) as care_began_at,
        max(coalesce(ended_at, 'infinity'::timestamptz)) filter (clinical_event or teaching_event) as last_event_at,
        max(coalesce(ended_at, 'infinity'::timestamptz)) filter (clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')) as care_ended_at,
        max(coalesce(ended_at, 'infinity'::timestamptz)) filter (clinical_event or teaching_event
            or role = 'clinical' and coalesce(zone, '') not in ('front_desk', 'billing')
            or zone in ('treatment', 'ward', 'theatre', 'imaging')) as left_care_at
    from piece_facts
    group by visit
),
attended as (
    -- Those who are named for the visit without minutes of their own.
    select visit_encounters.visit, bool_or(attendances.role = 'clinical') as clinician_attends
    from attendances
    join visit_encounters using (encounter)
    join visit_frames on visit_frames.visit = visit_encounters.visit
    where attendances.started_at is null
        or attendances.started_at <= visit_frames.started_at and attendances.ended_at >= visit_frames.ended_at
    group by visit_encounters.visit
),
-- An emergency visit that went on as an admission, and when it did.
admissions as (
    select visit, min(admitted_at) as admitted_at
    from (
        select visit_encounters.visit, class_changes.started_at as admitted_at
        from class_changes join visit_encounters using (encounter)
        where class_changes.class_code in ('IMP', 'ACUTE', 'NONAC')
        union all
        select visit, started_at from visit_encounters where class_code in ('IMP', 'ACUTE', 'NONAC')
        union all
        select visit, started_at from piece_facts where zone = 'ward' and class_then = 'EMER'
    ) as told
    join visit_frames using (visit)
    where told.admitted_at > visit_frames.started_at
    group by visit
),
-- Waiting for a bed: from the last thing done for the person before the ward on.
boardings as (
    select admissions.visit, admissions.admitted_at, max(piece_facts.ended_at) as boarding_from
    from admissions join piece_facts on piece_facts.visit = admissions.visit
        and piece_facts.ended_at <= admissions.admitted_at
        and (piece_facts.clinical_event or piece_facts.teaching_event)
    group by admissions.visit, admissions.admitted_at
),
notices as (
    select visit, min(started_at) as first_notice_at from visit_events where act in ('papers', 'ride') group by visit
),
served as (
    select visit_frames.visit,
        coalesce(cared.clinician_appears, false) or coalesce(attended.clinician_attends, false) as clinician_known,
        coalesce(cared.others_appear, false) or coalesce(cared.care_may_have_begun, false) as others_known,
        coalesce(cared.care_may_have_begun, false) as care_may_have_begun,
        -- Papers or a ride told by a message are no word on who was there before.
        coalesce(cared.people_told, false) or visit_frames.has_statuses or visit_frames.has_zones as minutes_told
    from visit_frames
    join cared using (visit)
    left join attended using (visit)
),
-- Booked, over, told of, and no sign of care in it.
empty_visits as (
    select visit from served join visit_frames using (visit)
    where booked and ended_at is not null and minutes_told and not clinician_known and not care_may_have_begun
)
select
    visit_frames.visit,
    cared.care_began_at,
    cared.care_ended_at,
    cared.left_care_at,
    cared.anything_told,
    boardings.boarding_from,
    boardings.admitted_at,
    -- Leaving begins with the first word of it, or when care that still went on then was over.
    greatest(notices.first_notice_at, if(cared.last_event_at > notices.first_notice_at, cared.last_event_at, null)) as leaving_from,
    case
        when served.clinician_known then true
        when served.others_known or visit_frames.has_attendances or empty_visits.visit is not null then false
    end as seen_by_clinician,
    empty_visits.visit is not null as unserved
from visit_frames
join cared using (visit)
join served using (visit)
left join empty_visits using (visit)
left join notices using (visit)
left join boardings using (visit)
