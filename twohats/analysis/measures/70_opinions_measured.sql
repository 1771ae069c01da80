-- one row per request for an opinion that we sent and measure: whether it arrived, was answered, made somebody stop us
with sent as (
    select situations.person, situations.resource, situations.unit, situations.started_at,
        coalesce(contacts.outcome, '') <> 'bounced' as arrived
    from situations
    join contacts on contacts.person = situations.person and 'contacts/' || contacts.contact_id = situations.resource
    where situations.act = 'ask_opinion' and situations.direction = 'out'
),
-- A form belongs to the request that came last before it was asked for, at most three days earlier.
answered as (
    select distinct sent.person, sent.resource
    from sent
    join surveys on surveys.person = sent.person and surveys.answered_at > sent.started_at
        and surveys.answered_at <= sent.started_at + interval 30 day
        and coalesce(surveys.asked_at, surveys.answered_at) between sent.started_at - interval 1 hour
            and sent.started_at + interval 3 day
),
stopped as (
    select distinct sent.person, sent.resource
    from sent
    join contacts on contacts.person = sent.person and contacts.outcome = 'opted_out'
        and contacts.started_at > sent.started_at and contacts.started_at <= sent.started_at + interval 7 day
)
select 'opinion_delivered' as measure, resource as thing, person, unit, started_at as happened_at, arrived as part,
    null::bigint as amount, null::varchar as ended
from sent
union all
select 'opinion_answered', sent.resource, sent.person, unit, started_at, answered.resource is not null, null, null
from sent left join answered on answered.person = sent.person and answered.resource = sent.resource
where arrived
union all
select 'opinion_stopped', sent.resource, sent.person, unit, started_at, stopped.resource is not null, null, null
from sent left join stopped on stopped.person = sent.person and stopped.resource = sent.resource
where arrived
