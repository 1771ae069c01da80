-- one row per piece of a visit, with all that was in force in it
with together as (
    select pieces.visit, pieces.piece, marks.*
    exclude (visit)
    from pieces join marks
        on marks.visit = pieces.visit and marks.started_at <= pieces.started_at
        -- A visit without length holds all that touches its instant.
        and (marks.ended_at > pieces.started_at
            or (marks.ended_at = pieces.started_at and pieces.ended_at = pieces.started_at))
),
in_force as (
    select
        visit,
        piece,
        arg_max(what, started_at) filter (kind = 'status') as status,
        arg_max(detail, (started_at, detail)) filter (kind = 'place') as place,
        arg_max(what, (started_at, detail)) filter (kind = 'place' and what is not null) as zone,
        arg_max(staff, (started_at, detail)) filter (kind = 'place') as place_unit,
        arg_max(what, (started_at, what)) filter (kind = 'encounter') as encounter,
        -- A clinician in the room outweighs whoever else is there.
        arg_min(what, (case what when 'clinical' then 1 when 'clerical' then 2 when 'navigator' then 3
            when 'interpreter' then 4 when 'transport' then 5 else 6 end, staff))
            filter (kind = 'person' and not relative and what is not null) as role,
        arg_min(staff, (case what when 'clinical' then 1 when 'clerical' then 2 when 'navigator' then 3
            when 'interpreter' then 4 when 'transport' then 5 else 6 end, staff))
            filter (kind = 'person' and not relative) as staff,
        min(staff) filter (kind = 'person' and relative) as relative,
        bool_or(kind = 'event' and what = 'clinical' and detail <> 'safety_check') as clinical_event,
        bool_or(kind = 'event' and what = 'teaching') as teaching_event,
        bool_or(kind = 'event' and what = 'logistics') as logistics_event,
        bool_or(kind = 'event' and detail = 'financial_talk') as money,
        arg_max(detail, (started_at, detail)) filter (kind = 'event' and what = 'logistics') as logistics_act,
        arg_max(detail, (started_at, detail)) filter (kind = 'event' and what = 'teaching') as teaching_act,
        arg_max(detail, (started_at, detail)) filter (
            kind = 'event' and detail in ('screen_needs', 'safety_check', 'explain_result')) as named_act,
        max(detail) filter (kind = 'event' and what = 'clinical') as clinical_act,
        arg_min(staff, staff) filter (kind = 'event' and what in ('clinical', 'teaching')) as event_staff
    from together
    group by visit, piece
),
known_acuity as (
    select pieces.visit, pieces.piece, readings.value as acuity
    from pieces asof join (select * from readings where reading = 'acuity') as readings
        on readings.visit = pieces.visit and pieces.started_at >= readings.read_at
),
known_pain as (
    select pieces.visit, pieces.piece, readings.value as pain
    from pieces asof join (select * from readings where reading = 'pain') as readings
        on readings.visit = pieces.visit and pieces.started_at >= readings.read_at
),
-- Distress lasts as long as the dealing in which it was seen: while place and person stay the same.
seen_distress as (
    select distinct pieces.visit, pieces.piece
    from readings
    join pieces on pieces.visit = readings.visit
        and pieces.started_at <= readings.read_at
        and coalesce(pieces.ended_at, 'infinity'::timestamptz) > readings.read_at
    where readings.reading = 'distress' and readings.value >= 4
)
select
    pieces.visit,
    pieces.piece,
    pieces.started_at,
    pieces.ended_at,
    in_force.* exclude (visit, piece),
    class_changes.class_code as class_then,
    known_acuity.acuity,
    known_pain.pain,
    seen_distress.piece is not null as distress
from pieces
left join in_force using (visit, piece)
left join known_acuity using (visit, piece)
left join known_pain using (visit, piece)
left join seen_distress using (visit, piece)
left join class_changes on class_changes.encounter = in_force.encounter
    and class_changes.started_at <= pieces.started_at and class_changes.ended_at > pieces.started_at
qualify row_number() over (partition by pieces.visit, pieces.piece order by class_changes.started_at desc) = 1
