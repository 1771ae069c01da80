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
    key(concat_ws('|', happened.resource, coalesce(acts.touchpoint, 'staffing_responsiveness'),
        epoch_us(happened.started_at)::varchar)) as interaction,
    happened.*,
    acts.touchpoint,
    coalesce(touchpoints.usual_hat, 'customer') as usual_hat,
    coalesce(touchpoints.stakes, 0)::bigint as stakes
from happened
left join acts on acts.act = happened.act
left join touchpoints on touchpoints.touchpoint = acts.touchpoint
where happened.person is not null
qualify row_number() over (partition by happened.resource, acts.touchpoint, happened.started_at
    order by happened.source_order, happened.act) = 1
