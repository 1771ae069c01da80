-- one row per piece of a visit between two neighbouring cuts: within it nothing that we know of changes
with cuts as (
    select visit, started_at as cut_at from visit_frames
    union
    select marks.visit, marks.started_at from marks
    union
    select marks.visit, marks.ended_at from marks where marks.ended_at <> 'infinity'::timestamptz
    union
    select visit, read_at from readings
    union
    select visit_encounters.visit, class_changes.started_at
    from class_changes join visit_encounters using (encounter)
),
inside as (
    select cuts.visit, cuts.cut_at, visit_frames.ended_at as frame_ended_at
    from cuts join visit_frames using (visit)
    where cuts.cut_at = visit_frames.started_at
        or (cuts.cut_at > visit_frames.started_at
            and cuts.cut_at < coalesce(visit_frames.ended_at, 'infinity'::timestamptz))
)
select
    visit,
    row_number() over ordered as piece,
    cut_at as started_at,
    coalesce(lead(cut_at) over ordered, frame_ended_at) as ended_at
from inside
window ordered as (partition by visit order by cut_at)
