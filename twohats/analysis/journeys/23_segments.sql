-- one row per visit segment: neighbouring pieces that say the same are one
with told as (
    select
        piece_acts.*,
        case when clinical_event then 'clinical' when teaching_event then 'teaching' when logistics_event then 'logistics' end as event,
        case when act = 'unserved' then null else coalesce(piece_acts.role, if(act in ('treat', 'nurse', 'triage'), event_role.role, null)) end as told_role,
        coalesce(piece_acts.pain >= 7, false) or regexp_matches(lower(coalesce(reason_text, '')), '\blabou?r\b|trabajo de parto') as severe,
        coalesce(piece_acts.distress, false) as distressed,
        coalesce(piece_acts.money, false) as money_talked,
        case when class_code = 'VR' then 'video' else 'in_person' end as channel,
        relative is not null and (clinical_event or teaching_event or coalesce(piece_acts.role = 'clinical', false)) as relative_in_talk
    from (
        select * replace (coalesce(clinical_event, false) as clinical_event, coalesce(teaching_event, false) as teaching_event,
            coalesce(logistics_event, false) as logistics_event) from piece_acts
    ) as piece_acts
    left join roles as event_role on event_role.staff = piece_acts.event_staff
),
-- A parent of a minor stands in the patient's place in a clinical conversation.
voiced as (
    select told.*,
        case when relative_in_talk and births.born_on + interval 18 year > told.started_at::date
            and (related_persons.relationship in ('PRN', 'MTH', 'FTH', 'PAR', 'PARNT', 'NPRN', 'NMTH', 'NFTH', 'GUARD', 'STPPRN', 'ADOPTP',
                    'GRPRN', 'GRMTH', 'GRFTH')
                or regexp_matches(lower(coalesce(related_persons.relationship_text, '')), 'parent|mother|father|guardian|madre|padre|tutor'))
            then 'representative' end as speaker
    from told
    left join related_persons
        on related_persons.person = told.person and told.relative = 'RelatedPerson/' || related_persons.id
    left join (
        select person, try_cast(rpad(birth_date, 10, '-01-01') as date) as born_on from people
    ) as births on births.person = told.person
),
compared as (
    select *, row(act, event, told_role, zone, status, class_code, channel, speaker, acuity, severe, distressed, money_talked,
            unit, encounter)
        is distinct from lag(row(act, event, told_role, zone, status, class_code, channel, speaker, acuity, severe, distressed,
            money_talked, unit, encounter)) over (partition by visit order by piece) as fresh
    from voiced
),
numbered as (
    select *, sum(if(fresh, 1, 0)) over (partition by visit order by piece) as segment from compared
)
select
    visit,
    segment,
    any_value(person) as person,
    -- Between two encounters of a visit, and after the last, time belongs to the one before.
    coalesce(any_value(encounter), last_value(any_value(encounter) ignore nulls) over (
        partition by visit order by segment rows between unbounded preceding and current row)) as encounter,
    min(started_at) as started_at,
    case when bool_and(ended_at is not null) then max(ended_at) end as ended_at,
    any_value(source_order) as source_order,
    any_value(act) as act,
    any_value(event) as event,
    any_value(told_role) as role,
    any_value(zone) as zone,
    any_value(status) as status,
    any_value(channel) as channel,
    any_value(class_code) as class_code,
    any_value(speaker) as speaker,
    any_value(acuity) as acuity,
    any_value(severe) as severe,
    any_value(distressed) as distress,
    any_value(money_talked) as money,
    any_value(unserved) as unserved,
    any_value(evidence) as evidence,
    any_value(unit) as unit,
    min(coalesce(staff, event_staff)) as staff,
    count(distinct staff) as staff_met,
    count(distinct place) as places_been,
    any_value(reason_code) as reason_code,
    any_value(reason_text) as reason_text,
    any_value(security) as security
from numbered
group by visit, segment
