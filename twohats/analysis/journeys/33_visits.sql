-- one row per visit: encounters that are one visit are one row
select
    visit_frames.visit,
    visit_frames.person,
    to_json(visit_frames.encounters)::varchar as encounters,
    visit_frames.class_code,
    visit_frames.started_at,
    visit_frames.ended_at,
    visit_frames.unit,
    visit_frames.status,
    visit_frames.evidence,
    landmarks.seen_by_clinician
from visit_frames left join landmarks using (visit)
order by visit_frames.person, visit_frames.started_at, visit_frames.visit
