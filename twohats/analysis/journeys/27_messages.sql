-- one row per message between a person and us that is not an event of a visit
with topical as (
    select
        communications.*,
        coalesce(by_topic.act, by_category.act, asked.act) as topic_act,
        starts_with(coalesce(sender, ''), 'Patient/') or starts_with(coalesce(sender, ''), 'RelatedPerson/') as from_person,
        starts_with(coalesce(recipient, 'Patient/'), 'Patient/') or starts_with(coalesce(recipient, ''), 'RelatedPerson/') as to_person
    from communications
    left join topic_acts as by_topic on by_topic.topic = communications.topic
    left join topic_acts as by_category on by_category.topic = communications.category_text
    left join asked on asked.resource = 'Communication/' || communications.id
    where coalesce(sent_at, received_at) is not null
        and coalesce(status, 'completed') not in ('entered-in-error', 'not-done', 'preparation')
)
select
    topical.person,
    'Communication/' || topical.id as resource,
    -- A topic is the same for a question and its answer: who sends it tells them apart.
    case
        when not from_person and topic_act = 'ask_clinical' then 'answer_clinical'
        when not from_person and topic_act = 'ask_admin' then 'answer_admin'
        when not from_person and topic_act = 'look_up_result' and roles.role = 'clinical' then 'explain_result'
        when not from_person and topic_act = 'request_refill' and roles.role = 'clinical' then 'decide_refill'
        when from_person and topic_act = 'answer_clinical' then 'ask_clinical'
        when from_person and topic_act = 'answer_admin' then 'ask_admin'
        when from_person and topic_act = 'explain_result' then 'ask_clinical'
        else topic_act
    end as act,
    coalesce(topical.sent_at, topical.received_at) as started_at,
    coalesce(topical.sent_at, topical.received_at) as ended_at,
    topical.source_order,
    case topical.medium when 'SMSWRIT' then 'sms' when 'EMAILWRIT' then 'email' when 'MAILWRIT' then 'mail'
        when 'PHONE' then 'phone' when 'VIDEOCONF' then 'video' else 'portal' end as channel,
    if(from_person, null, roles.role) as role,
    if(from_person, null, topical.sender) as staff,
    case when starts_with(topical.sender, 'RelatedPerson/') then 'family' end as speaker,
    coalesce(urgent_words.red_flag, false) or coalesce(topical.priority, '') = 'stat' as red_flag,
    coalesce(urgent_words.distress, false) as distress,
    'message' as evidence,
    if(from_person, 'in', 'out') as direction,
    coalesce(roles.unit, if(topical.recipient like 'Organization/%', split_part(topical.recipient, '/', -1), null)) as unit,
    topical.security
from topical
left join roles on roles.staff = topical.sender
left join urgent_words on urgent_words.resource = 'Communication/' || topical.id
where (from_person or to_person)
    and ('Communication/' || topical.id) not in (select resource from visit_events)
