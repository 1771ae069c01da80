-- one row per hat, whether a sign of the wrong one was seen, and whether the person says so: visits, calls and people
-- A person says so in an answer or in a clause of their own; whoever answered otherwise, or wrote about that side and said
-- no such thing, says not. Whoever said nothing of a side is not in it, nor a side of which too little was known.
with sides as (
    select thing, person, 'patient' as hat, patient = 'hurried' as sign from served where patient in ('hurried', 'as_wished')
    union all
    select thing, person, 'customer', customer = 'over_engaged' from served where customer in ('over_engaged', 'as_wished')
),
answered as (
    select coalesce(voices.visit, voices.interaction) as thing, voices.person, said_so_answers.hat,
        arg_max(said_so_answers.said, (voices.said_at, voices.voice)) as said
    from voices
    join said_so_answers on said_so_answers.survey = voices.survey and said_so_answers.item = voices.item
        and said_so_answers.value = lower(trim(voices.value))
    where voices.view in ('self', 'representative')
    group by all
),
written as (
    select clauses.visit as thing, clauses.person, hats.hat, bool_or(coalesce(clauses.says_so = hats.hat, false)) as said
    from clauses
    join (values ('patient'), ('customer')) as hats (hat) on hats.hat in (clauses.about_hat, clauses.says_so)
    where clauses.visit is not null and clauses.speaker = 'patient'
    group by all
),
told as (
    select thing, person, hat, bool_or(said) as said
    from (select * from answered union all select * from written)
    group by all
)
select sides.hat, sides.sign, told.said, count(*) as times, count(distinct sides.person) as people
from sides join told using (thing, person, hat)
group by all
