-- one row per call, text, letter, mail or portal contact with a person whom we could find
with chained as (
    select contacts.*, earlier.contact_id is not null as again, earlier.in_reply_to is not null as yet_again
    from contacts left join contacts as earlier
        on earlier.person = contacts.person and earlier.contact_id = contacts.in_reply_to
)
select
    chained.person,
    'contacts/' || chained.contact_id as resource,
    case
        when direction = 'out' and topic_acts.act = 'look_up_result' and roles.role = 'clinical' then 'explain_result'
        when direction = 'out' and topic_acts.act = 'ask_clinical' then 'answer_clinical'
        when direction = 'out' and topic_acts.act = 'ask_admin' then 'answer_admin'
        else coalesce(topic_acts.act, asked.act)
    end as act,
    chained.started_at,
    coalesce(chained.ended_at, chained.started_at) as ended_at,
    chained.source_order,
    chained.channel,
    if(coalesce(chained.automated, false), 'automated', roles.role) as role,
    'Practitioner/' || chained.staff_id as staff,
    chained.speaker,
    coalesce(urgent_words.red_flag, false) as red_flag,
    coalesce(urgent_words.distress, false) as distress,
    'contact' as evidence,
    chained.direction,
    chained.unit_id as unit,
    1 + coalesce(chained.transfers, 0) as steps,
    if(again, 1, 0) + if(yet_again, 1, 0) as repeats,
    chained.talk_minutes,
    chained.security
from chained
left join topic_acts on topic_acts.topic = chained.topic
left join asked on asked.resource = 'contacts/' || chained.contact_id
left join roles on roles.staff = 'Practitioner/' || chained.staff_id
left join urgent_words on urgent_words.resource = 'contacts/' || chained.contact_id
where chained.person is not null and chained.started_at is not null
