-- one row per year, cut (all, language, age, channel, sender) and value: who was asked for an opinion, and who is heard
with requests as (
    select measured.person, measured.thing,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), measured.happened_at), '%Y') as year,
        bool_or(part) filter (measure = 'opinion_delivered') as arrived,
        coalesce(bool_or(part) filter (measure = 'opinion_answered'), false) as answered
    from measured left join site_zones using (unit)
    where measure in ('opinion_delivered', 'opinion_answered')
    group by all
),
described as (
    select requests.*, coalesce(people.language, 'unknown') as language, people.age_band,
        coalesce(contacts.channel, 'unknown') as channel, coalesce(nullif(contacts.sender, ''), 'unknown') as sender
    from requests
    join people using (person)
    left join contacts on contacts.person = requests.person and 'contacts/' || contacts.contact_id = requests.thing
)
select year, cuts.cut, cuts.value,
    count(*) as asked,
    count(distinct person) as people,
    count(*) filter (arrived) as delivered,
    count(distinct person) filter (arrived) as people_reached,
    count(*) filter (answered) as answered,
    count(distinct person) filter (answered) as people_answered,
    count(distinct person) filter (arrived and not answered) as people_silent
from described, lateral (
    select unnest([
        {'cut': 'all', 'value': '*'}, {'cut': 'language', 'value': language}, {'cut': 'age', 'value': age_band},
        {'cut': 'channel', 'value': channel}, {'cut': 'sender', 'value': sender}
    ], recursive := true)
) as cuts
group by year, cuts.cut, cuts.value
