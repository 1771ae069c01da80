-- one row per survey answer or comment, tied exactly to what it is about: a visit, a person, a unit, or nobody
-- A visit counts only when it is the same person's. Of the visit's moments it is about one when exactly one has the
-- touchpoint that its item asks about; else the moment cannot be told.
with said as (
    select
        key('surveys|' || surveys.id) as voice,
        'answer' as kind,
        surveys.answer_id as source_id,
        surveys.person, surveys.tied_by as person_by,
        surveys.encounter_id, surveys.contact_id, surveys.unit_id,
        coalesce(surveys.answered_at, surveys.asked_at) as said_at,
        surveys.survey, surveys.item, surveys.value, null::varchar as words,
        surveys.language, surveys.mode, surveys.respondent,
        survey_items.hat as about_hat, survey_items.moved_from, survey_items.touchpoint
    from surveys left join survey_items using (survey, item)
    union all
    select
        key('comments|' || id), 'comment', comment_id, person, tied_by, encounter_id, null, unit_id, created_at,
        null, question, null, words, language, null, respondent, null, null, null
    from comments
),
moments as (
    select visit, touchpoint, min(interaction) as interaction
    from interactions where visit is not null
    group by visit, touchpoint having count(*) = 1
),
tied as (
    select said.*, visits.visit, visits.unit as visit_unit,
        coalesce(about_contact.interaction, moments.interaction) as interaction,
        about_contact.unit as contact_unit
    from said
    left join visit_encounters on visit_encounters.encounter = said.encounter_id
    left join visits on visits.visit = visit_encounters.visit and visits.person = said.person
    left join moments on moments.visit = visits.visit and moments.touchpoint = said.touchpoint
    left join interactions as about_contact
        on about_contact.resource = 'contacts/' || said.contact_id and about_contact.person = said.person
)
select
    voice, kind, source_id, person, visit, interaction,
    coalesce(unit_id, visit_unit, contact_unit) as unit,
    case when visit is not null then 'visit' when person is not null then 'person'
        when unit_id is not null then 'unit' else 'nobody' end as tied_to,
    case when visit is not null then 'encounter' when person is not null then person_by
        when unit_id is not null then 'unit' else person_by end as tied_by,
    said_at, survey, item, value, words, language, mode, tied.respondent,
    -- The family's view is the customer's; what it is about keeps its own hat. Who is not said answers for themselves.
    if(respondents.respondent is null, tied.about_hat, respondents.hat) as hat,
    respondents.view,
    tied.about_hat, tied.moved_from
from tied
left join respondents on respondents.respondent = coalesce(nullif(lower(trim(tied.respondent)), ''), 'self')
    and respondents.about_hat is not distinct from tied.about_hat
