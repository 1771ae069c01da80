-- one row per contact and measure: holding, giving up, coming back about the same, hand-offs, what we sent and when
-- Who hangs up within five seconds has dialled wrongly and is left out; a voicemail is neither answered nor given up.
with reached as (
    select contacts.*,
        lag(started_at) over (partition by person, topic, direction order by started_at, contact_id) as before,
        lead(started_at) over (partition by person, topic, direction order by started_at, contact_id) as after
    from contacts
    where person is not null and started_at is not null
),
-- A matter is opened by the first contact of a chain and closed by the first of its contacts that was resolved.
chains as (
    select first.person, first.contact_id, first.started_at,
        any_value(first.unit_id) as unit_id,
        1 + coalesce(any_value(first.transfers), 0) + count(later.contact_id) + coalesce(sum(later.transfers), 0) as hands,
        if(any_value(first.outcome) = 'resolved', any_value(coalesce(first.ended_at, first.started_at)),
            min(coalesce(later.ended_at, later.started_at)) filter (later.outcome = 'resolved')) as closed_at
    from reached as first
    left join reached as later on later.person = first.person and later.in_reply_to = first.contact_id
        and later.started_at >= first.started_at
    where first.direction = 'in' and first.in_reply_to is null
        and first.outcome in ('resolved', 'unresolved')
    group by first.person, first.contact_id, first.started_at
)
select 'hold' as measure, 'contacts/' || contact_id as thing, person, unit_id as unit, started_at as happened_at, null::boolean as part,
    round(60 * queue_minutes)::bigint as amount, 'done' as ended
from reached
where direction = 'in' and channel = 'phone' and queue_minutes >= 0 and outcome in ('resolved', 'unresolved')
union all
select 'abandonment', 'contacts/' || contact_id, person, unit_id, started_at, outcome = 'abandoned', null, null
from reached
where direction = 'in' and channel = 'phone' and outcome in ('resolved', 'unresolved', 'abandoned')
    and not (outcome = 'abandoned' and coalesce(queue_minutes * 60 < 5, false))
union all
select 'first_contact_resolution', 'contacts/' || contact_id, person, unit_id, started_at, after is null or after > started_at + interval 7 day,
    null, null
from reached
where direction = 'in' and topic is not null and outcome in ('resolved', 'unresolved')
    and (before is null or before < started_at - interval 7 day)
union all
select 'time_to_resolution', 'contacts/' || contact_id, person, unit_id, started_at, null,
    date_diff('second', started_at, closed_at), if(closed_at is null, 'open', 'done')
from chains
union all
select 'hand_offs', 'contacts/' || contact_id, person, unit_id, started_at, null, (1000 * hands)::bigint, null
from chains
union all
select 'same_message_twice', 'contacts/' || contact_id, person, unit_id, started_at,
    coalesce(before > started_at - interval 72 hour, false), null, null
from reached
where direction = 'out' and topic is not null
union all
select 'quiet_hours', 'contacts/' || contact_id, person, unit_id, reached.started_at,
    hour(timezone(coalesce(site_zones.time_zone, 'UTC'), reached.started_at)) not between 8 and 20, null, null
from reached left join site_zones on site_zones.unit = reached.unit_id
where direction = 'out' and channel in ('phone', 'sms')
