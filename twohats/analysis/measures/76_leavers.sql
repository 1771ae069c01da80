-- one row per person who has left, by the first sign of it after which nothing was booked and nobody came
-- Who asks for the records and comes back has not left (words/leaving.toml). Whether enough quiet days have passed since
-- is asked where it is counted, so that no row here hangs on the clock.
with rule as (
    select any_value(topics) filter (topics is not null) as topics from leaving_signs
),
asked_for_records as (
    select person, started_at as seen_at from contacts, rule
    where direction = 'in' and regexp_matches(lower(topic), rule.topics)
    union all
    select person, sent_at from communications, rule
    where sender like '%Patient/%' and regexp_matches(lower(topic), rule.topics)
    union all
    select person, dated_at from document_references, rule
    where regexp_matches(lower(concat_ws(' ', type_text, type_display)), rule.topics)
),
called_off as (
    select person, started_at as seen_at from scheduling where act = 'cancel'
),
due as (
    select person, occurs_at as seen_at, authored_at from service_requests
    where (lower(coalesce(category, '')) like '%follow%up%' or lower(coalesce(category, '')) like '%referral%')
        and coalesce(status, 'active') in ('active', 'completed', 'on-hold') and occurs_at is not null
),
heard_of as (
    select person, started_at as seen_at from visits
    union all
    select interactions.person, interactions.started_at from interactions join situations using (interaction)
    where interactions.kind = 'contact' and coalesce(situations.direction, 'in') <> 'out' and interactions.act <> 'refer'
),
nothing_where_due as (
    select due.person, due.seen_at from due
    where not exists (select 1 from heard_of where heard_of.person = due.person and heard_of.seen_at > due.authored_at + interval 1 day)
),
signs as (
    select person, seen_at, 'records_sent_away' as sign from asked_for_records
    union all select person, seen_at, 'called_off' from called_off
    union all select person, seen_at, 'nothing_where_due' from nothing_where_due
),
came_back as (
    select person, max(seen_at) as seen_at from (
        select person, started_at as seen_at from visits
        union all
        select person, started_at from scheduling where act in ('book', 'rebook')
    )
    group by person
)
select signs.person, signs.sign, signs.seen_at
from signs left join came_back using (person)
where coalesce(came_back.seen_at <= signs.seen_at, true)
qualify row_number() over (partition by signs.person order by signs.seen_at, signs.sign) = 1
