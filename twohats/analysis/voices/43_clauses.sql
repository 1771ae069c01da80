-- one row per clause of a comment, in the order written, tied to what it is about
-- Of the visit's moments it is about one when exactly one has the clause's touchpoint. A person's correction wins. What
-- praises never says that the wrong hat was served. Where nobody asked who may see the words, nobody said yes.
with labelled as (
    select
        key(concat_ws('|', 'clause', read_clauses.voice, read_clauses.start)) as clause,
        read_clauses.* replace (
            coalesce(clause_labels.hat, read_clauses.hat) as hat,
            if(clause_labels.hat is null, read_clauses.p_patient, if(clause_labels.hat = 'patient', 1, 0)) as p_patient,
            if(clause_labels.hat is null, read_clauses.p_customer, if(clause_labels.hat = 'customer', 1, 0)) as p_customer,
            if(clause_labels.hat is null, read_clauses.p_none, if(clause_labels.hat = 'none', 1, 0)) as p_none,
            read_clauses.certain or clause_labels.hat is not null as certain,
            coalesce(clause_labels.touchpoint, read_clauses.touchpoint) as touchpoint,
            -- What a person put first is not told twice.
            if(clause_labels.touchpoint is null or clause_labels.touchpoint = read_clauses.touchpoint,
                read_clauses.touchpoint_2, read_clauses.touchpoint) as touchpoint_2,
            if(clause_labels.touchpoint is null
                    or clause_labels.touchpoint in (read_clauses.touchpoint, read_clauses.touchpoint_2),
                read_clauses.touchpoint_3, read_clauses.touchpoint_2) as touchpoint_3,
            if(clause_labels.touchpoint is null, read_clauses.p_touchpoint, 1) as p_touchpoint,
            coalesce(clause_labels.sentiment, read_clauses.sentiment) as sentiment,
            coalesce(clause_labels.speaker, read_clauses.speaker) as speaker,
            coalesce(clause_labels.about_hat, read_clauses.about_hat) as about_hat
        ),
        read_clauses.hat as model_hat,
        clause_labels.hat is not null as corrected
    from read_clauses
    left join clause_labels
        on clause_labels.clause = key(concat_ws('|', 'clause', read_clauses.voice, read_clauses.start))
),
moments as (
    select visit, touchpoint, min(interaction) as interaction
    from interactions where visit is not null
    group by visit, touchpoint having count(*) = 1
),
spoken as (
    select clause, replace(lower(strip_accents(words)), '’', '''') as plain from labelled where sentiment < 1
),
telling as (
    select spoken.clause, arg_min(sayings.hat, sayings.place) as says_so
    from spoken join sayings on regexp_matches(spoken.plain, sayings.pattern)
        and not coalesce(regexp_matches(spoken.plain, sayings.unless), false)
    group by spoken.clause
),
allowed as (
    select key('comments|' || id) as voice, lower(trim(shown_to)) as shown_to
    from comments where lower(trim(shown_to)) in ('staff', 'leaders', 'nobody')
)
select
    labelled.*,
    voices.person,
    voices.unit,
    voices.said_at,
    voices.visit,
    moments.interaction,
    telling.says_so,
    allowed.shown_to
from labelled
join voices on voices.voice = labelled.voice
left join telling on telling.clause = labelled.clause
left join allowed on allowed.voice = labelled.voice
left join moments on moments.visit = voices.visit and moments.touchpoint = labelled.touchpoint
