-- one row per person, channel and address by which they may be reached
-- An address is verified when the person reached us from it, or logged in with it. It does not work when the last of
-- what went there came back. Nobody is called private because nobody else is known: who shares it is counted by readers.
with told as (
    select distinct person, one.system, trim(one.value) as address
    from (
        select person, unnest(from_json(coalesce(telecom, '[]'), '[{"system":"VARCHAR","value":"VARCHAR"}]')) as one
        from patients
    )
    where trim(one.value) <> ''
),
channels_of(system, channel) as (
    values ('phone', 'sms'), ('phone', 'call'), ('phone', 'automated_call'), ('sms', 'sms'), ('email', 'email')
),
reachable as (
    select person, channel, address from told join channels_of using (system)
    union
    select person, 'portal', one.value
    from (
        select person, unnest(from_json(coalesce(identifiers, '[]'), '[{"system":"VARCHAR","value":"VARCHAR"}]')) as one
        from patients
    )
    where one.system = 'urn:portal' and one.value <> ''
    -- Letters go to the address that the hospital's own system holds; the ZIP code says that it holds one.
    union
    select person, 'letter', min(zip) from patients where zip is not null group by person
),
contacted as (
    select person, direction, outcome, started_at, source_order, unnest([
        {'channel': if(channel = 'sms', 'sms', 'call'), 'address': trim(person_phone)},
        {'channel': 'email', 'address': trim(person_email)}]) as one,
        channel as by_channel
    from contacts where person is not null and started_at is not null
),
came_in as (
    select distinct person, one.address from contacted where direction = 'in' and one.address <> ''
),
went_out as (
    select person, one.channel, one.address, arg_max(outcome, (started_at, source_order)) as last_outcome
    from contacted
    where direction = 'out' and one.address <> '' and one.channel = if(by_channel = 'phone', 'call', by_channel)
    group by all
)
select
    reachable.person,
    reachable.channel,
    reachable.address,
    case reachable.channel
        when 'letter' then true
        when 'portal' then coalesce(people.portal, false)
        else came_in.person is not null
    end as verified,
    coalesce(went_out.last_outcome <> 'bounced', true) as works
from reachable
left join people using (person)
left join came_in on came_in.person = reachable.person and came_in.address = reachable.address
left join went_out on went_out.person = reachable.person and went_out.address = reachable.address
    and went_out.channel = reachable.channel
