-- one row per comment with words, what was asked, and the names that the records know of the person and their relatives
with named as (
    select person, unnest([given, family]) as name from people
    union
    select person, unnest([given, family]) from related_persons where person is not null
),
known as (
    select person, list(name order by name) as names from named where name <> '' group by person
)
select
    key('comments|' || comments.id) as voice,
    comments.comment_id,
    comments.words,
    coalesce(nullif(comments.service, ''), units.name, comments.unit_id) as service,
    comments.question,
    nullif(lower(trim(comments.respondent)), '') as respondent,
    coalesce(known.names, []) as known
from comments
left join units on units.unit = comments.unit_id
left join known on known.person = comments.person
where trim(coalesce(comments.words, '')) <> ''
order by voice
