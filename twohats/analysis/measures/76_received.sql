-- one row per visit that is over: what people met as customers on its day, and what of the care was received
-- Received: understood (said back rightly), no question within three days about what was taught, medicines fetched, the
-- next visit kept. null: not asked, not ordered, not known yet, or nobody could tell.
with over as (
    select visit, person, unit, class_code, started_at, ended_at from visit_frames where ended_at is not null
),
waited as (
    select visit, sum(date_diff('second', started_at, ended_at)) as seconds
    from interactions
    where visit is not null and kind = 'segment' and act = 'wait' and hat = 'customer' and ended_at is not null
    group by visit
),
asked_too_much as (
    select interactions.visit, bool_or(wrong_hat.flagged) as flagged
    from wrong_hat join interactions using (interaction)
    where wrong_hat.hat = 'customer' and interactions.visit is not null and wrong_hat.flagged is not null
    group by interactions.visit
),
taught as (
    select visit, min(started_at) as taught_at
    from interactions where visit is not null and kind = 'segment' and act = 'teach'
    group by visit
),
said_back as (
    select visit_encounters.visit,
        case
            when interpretation in ('POS', 'A', 'N') then interpretation <> 'A'
            when interpretation = 'NEG' then false
            when regexp_matches(words, '(again|needs|not |unable|reinforce|otra vez|necesita|no )') then false
            when regexp_matches(words, '(correct|understood|said back|independent|entend|comprend)') then true
        end as rightly,
        coalesce(effective_at, effective_started_at) as said_at
    from (select *, lower(coalesce(value_text, value_display, value_string)) as words from observations) as observed
    join visit_encounters on visit_encounters.person = observed.person
        and visit_encounters.encounter = split_part(observed.encounter, '/', -1)
    where regexp_matches(lower(code_text), 'teach.?back') and coalesce(observed.status, 'final') <> 'entered-in-error'
),
-- What is said at the end counts: who needed it twice and then had it, has it.
understood as (
    select visit, arg_max(rightly, said_at) as understood from said_back where rightly is not null group by visit
),
asked_again as (
    select over.visit, bool_or(situations.interaction is not null) as asked
    from over
    join taught using (visit)
    left join situations on situations.person = over.person and situations.act = 'ask_clinical'
        and situations.started_at > over.ended_at and situations.started_at <= over.ended_at + interval 72 hour
    group by over.visit
),
fetched as (
    select visit_encounters.visit, bool_and(measured_fills.part) as all_fetched
    from (select * from answers_measured where measure = 'first_fill') as measured_fills
    join medication_requests on medication_requests.person = measured_fills.person
        and 'MedicationRequest/' || medication_requests.id = measured_fills.thing
    join visit_encounters on visit_encounters.person = medication_requests.person
        and medication_requests.encounter = 'Encounter/' || visit_encounters.encounter
    group by visit_encounters.visit
),
next_booked as (
    select over.visit, arg_min(bookings_measured.part, bookings_measured.happened_at) as missed
    from over
    join bookings_measured on bookings_measured.person = over.person and bookings_measured.measure = 'no_show'
        and bookings_measured.happened_at > over.ended_at
        and bookings_measured.happened_at <= over.ended_at + interval 120 day
    group by over.visit
)
select over.visit, over.person, over.unit, over.class_code, over.ended_at,
    waited.seconds / 60 as waited_minutes,
    asked_too_much.flagged as asked_too_much,
    taught.taught_at is not null as taught,
    understood.understood is not null as said_back,
    understood.understood,
    not asked_again.asked as no_question_after,
    fetched.all_fetched as medicines_fetched,
    not next_booked.missed as next_visit_kept
from over
left join waited using (visit)
left join asked_too_much using (visit)
left join taught using (visit)
left join understood using (visit)
left join asked_again using (visit)
left join fetched using (visit)
left join next_booked using (visit)
