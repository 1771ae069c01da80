-- one row per hand-off to what comes next: from when, by when, when it was met, and how it stands at the end of records
-- Whose clock still runs is open, not lost. Nothing happens to anybody after their death: what was not met by then has
-- ended, and of a record that says somebody died without saying when it is not known what came after.
with told as (
    select 'discharged' as kind, * from discharged
    union all by name select 'result_to_follow' as kind, * from result_to_follow
    union all by name select 'told_to_book' as kind, * from told_to_book
    union all by name select 'medicine_to_fetch' as kind, * from medicine_to_fetch
    union all by name select 'result_to_open' as kind, * from result_to_open
    union all by name select 'called_three_times' as kind, * from called_three_times
),
dead as (
    select person from patients where deceased union select person from people where deceased_at is not null
),
known as (
    select told.* exclude (met_at),
        told.started_at + to_days(hand_off_kinds.days::integer) as due_at,
        if(told.met_at <= least(clock.as_of, coalesce(people.deceased_at, clock.as_of)), told.met_at, null) as met_at,
        hand_off_kinds.hat
    from told
    join hand_off_kinds using (kind)
    join people on people.person = told.person
    cross join clock
    where told.started_at <= least(clock.as_of, coalesce(people.deceased_at, clock.as_of))
),
labels as (
    select kind, resource, unnest(from_json(security, '[{"code":"VARCHAR"}]')).code as label from told
    where security is not null
),
labelled as (
    select kind, resource, min(label) as label from labels
    where label not in ('N', 'L', 'U', 'M', 'HTEST')
    group by kind, resource
)
select
    key('hand_off|' || known.kind || '|' || known.resource) as hand_off,
    known.person, known.kind, known.hat, known.unit, known.resource, known.started_at, known.due_at, known.met_at,
    case when known.met_at is not null then 'met' when dead.person is not null then 'ended'
        when known.due_at <= clock.as_of then 'lost' else 'open' end as state,
    labelled.label as sensitive
from known
cross join clock
left join dead on dead.person = known.person
left join labelled on labelled.kind = known.kind and labelled.resource = known.resource
