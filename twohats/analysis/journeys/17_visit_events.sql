-- one row per dated event of a visit, with the minutes it marks: an event marks only its own
-- Orders and notices among ourselves tell that leaving has begun; they mark no minutes. Laboratory results are left out:
-- a machine's answer does not mean that a clinician was there.
with observed as (
    select
        observations.person,
        observations.encounter,
        'Observation/' || observations.id as resource,
        case
            when regexp_matches(lower(observations.code_text), 'teach.?back') then 'teach'
            when observations.category = 'survey' or topic_acts.act = 'screen_needs' then 'screen_needs'
            else 'nurse'
        end as act,
        coalesce(effective_at, effective_started_at) as started_at,
        effective_ended_at as ended_at,
        interval 5 minute as usual_length,
        performer as staff
    from observations
    left join topic_acts on topic_acts.topic = observations.code_text
    where coalesce(category, 'exam') <> 'laboratory' and coalesce(status, 'final') <> 'entered-in-error'
        and not coalesce(starts_with(performer, 'Patient/') or starts_with(performer, 'RelatedPerson/'), false)
        and coalesce(lower(code_text), '') not like 'distress%'
),
done as (
    select
        procedures.person,
        procedures.encounter,
        'Procedure/' || procedures.id as resource,
        case
            when coalesce(by_text.act, by_display.act) in (
                'teach', 'ask_can_manage', 'papers', 'ride', 'financial_talk', 'interpreter', 'wheelchair', 'feed',
                'safety_check', 'screen_needs', 'explain_result', 'comfort', 'update_family')
            then coalesce(by_text.act, by_display.act)
            else 'treat'
        end as act,
        coalesce(started_at, performed_at) as started_at,
        ended_at,
        interval 10 minute as usual_length,
        performer as staff
    from procedures
    left join topic_acts as by_text on by_text.topic = procedures.code_text
    left join topic_acts as by_display on by_display.topic = procedures.code_display
    where coalesce(status, 'completed') in ('completed', 'in-progress', 'stopped', 'unknown')
),
ordered as (
    select
        service_requests.person,
        service_requests.encounter,
        'ServiceRequest/' || service_requests.id as resource,
        'papers' as act,
        authored_at as started_at,
        cast(null as timestamptz) as ended_at,
        interval 0 minute as usual_length,
        requester as staff
    from service_requests
    left join topic_acts as by_text on by_text.topic = service_requests.code_text
    where (by_text.act = 'papers' or lower(category) = 'discharge')
        and coalesce(status, 'active') not in ('revoked', 'entered-in-error', 'draft')
),
said as (
    select
        communications.person,
        communications.encounter,
        'Communication/' || communications.id as resource,
        coalesce(by_topic.act, by_category.act) as act,
        sent_at as started_at,
        cast(null as timestamptz) as ended_at,
        if(starts_with(coalesce(recipient, 'Patient/'), 'Patient/') or starts_with(recipient, 'RelatedPerson/'),
            interval 5 minute, interval 0 minute) as usual_length,
        if(starts_with(sender, 'Patient/'), null, sender) as staff
    from communications
    left join topic_acts as by_topic on by_topic.topic = communications.topic
    left join topic_acts as by_category on by_category.topic = communications.category_text
    where coalesce(by_topic.act, by_category.act) in (
        'papers', 'teach', 'ask_can_manage', 'ride', 'wheelchair', 'interpreter', 'feed', 'financial_talk',
        'register')
),
prescribed as (
    select
        medication_requests.person,
        medication_requests.encounter,
        'MedicationRequest/' || medication_requests.id as resource,
        'prescribe' as act,
        authored_at as started_at,
        cast(null as timestamptz) as ended_at,
        interval 2 minute as usual_length,
        requester as staff
    from medication_requests
    where coalesce(status, 'active') not in ('entered-in-error', 'draft')
),
-- Where only a day is known, no minute of it is marked.
every_event as (
    select * from (
        from observed union all from done union all from ordered union all from said union all from prescribed
    ) as found
    where started_at is not null and encounter is not null
)
select
    visit_frames.visit,
    every_event.resource,
    every_event.act,
    acts.event,
    greatest(every_event.started_at, visit_frames.started_at) as started_at,
    least(
        coalesce(every_event.ended_at, every_event.started_at + every_event.usual_length),
        coalesce(visit_frames.ended_at, 'infinity'::timestamptz)
    ) as ended_at,
    every_event.ended_at is null as instant,
    every_event.staff
from every_event
join visit_encounters on visit_encounters.person = every_event.person
    and visit_encounters.encounter = replace(split_part(every_event.encounter, '/', -1), 'urn:uuid:', '')
join visit_frames on visit_frames.visit = visit_encounters.visit
join acts on acts.act = every_event.act
where every_event.started_at between visit_frames.started_at - interval 5 minute
    and coalesce(visit_frames.ended_at, 'infinity'::timestamptz)
