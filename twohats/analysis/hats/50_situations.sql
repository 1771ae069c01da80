-- one row per visit segment or other dealing, with what the codebook may look at
with happened as (
    select
        person, visit, 'segment' as kind, 'Encounter/' || encounter as resource, encounter,
        started_at, ended_at, segment as source_order, act, channel, role, zone, status, unit, event, class_code, speaker,
        if(speaker is not null, true, null) as clinical_talk,
        acuity, severe, distress, false as red_flag, false as abnormal, money, unserved, evidence, staff,
        reason_text, security,
        greatest(1, staff_met) + greatest(0, places_been - 1) as steps,
        cast(null as bigint) as repeats, cast(null as double) as talk_minutes, cast(null as varchar) as direction
    from segments
    union all
    select
        person, null, 'contact', resource, null,
        -- Prescribed first, then left at the pharmacy, though both carry the prescription's instant.
        started_at, ended_at, 2 * source_order + if(act = 'not_picked_up', 1, 0), act, coalesce(channel, 'none'), role, null, null, unit, null, null, speaker,
        if(speaker = 'representative', act in ('explain_result', 'answer_clinical', 'reach_out', 'teach'), null),
        null, false, coalesce(distress, false), coalesce(red_flag, false), coalesce(abnormal, false), false, false,
        evidence, staff, null, security, coalesce(steps, 1), coalesce(repeats, 0), talk_minutes, direction
    from dealings
)
select
    key(concat_ws('|', happened.resource, touchpoints.touchpoint, epoch_us(happened.started_at)::varchar)) as interaction,
    happened.*,
    touchpoints.touchpoint,
    touchpoints.usual_hat,
    touchpoints.stakes::bigint as stakes
from happened
left join acts on acts.act = happened.act
-- Of a contact without a topic we know that somebody reached us, and words of danger ask for a clinician.
join touchpoints on touchpoints.touchpoint = coalesce(acts.touchpoint, case
    when happened.kind = 'segment' then 'staffing_responsiveness'
    when happened.red_flag then 'clinical_message'
    else 'phone_digital_access' end)
where happened.person is not null
qualify row_number() over (partition by happened.resource, touchpoints.touchpoint, happened.started_at
    order by happened.source_order, happened.act) = 1
