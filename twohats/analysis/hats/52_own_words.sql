-- one row per visit before which the person said what they wanted: quick and done, or time
with asked as (
    select person, encounter_id, unit_id, coalesce(asked_at, answered_at) as asked_at, answered_at, source_order,
        case
            when lower(value) in ('quick', 'speed', 'rapido', 'rápido') then 'quick'
            when lower(value) in ('time', 'tiempo') then 'time'
        end as word
    from surveys
    where lower(item) in ('quick_or_time', 'quick_and_done_or_time')
),
-- What was said afterwards is no wish.
before_visits as (
    select
        asked.word, asked.asked_at, asked.source_order, visit_frames.visit, visit_frames.started_at,
        row_number() over (partition by asked.person, asked.source_order order by
            visit_frames.started_at, visit_frames.visit) as nearness
    from asked
    join visit_frames on visit_frames.person = asked.person
        and coalesce(asked.answered_at, asked.asked_at) <= visit_frames.started_at + interval 15 minute
        and asked.asked_at >= visit_frames.started_at - interval 14 day
        and (asked.unit_id is null or visit_frames.unit is null or asked.unit_id = visit_frames.unit)
    where asked.word is not null
)
select visit, arg_max(word, (asked_at, source_order)) as own_word
from before_visits where nearness = 1
group by visit
