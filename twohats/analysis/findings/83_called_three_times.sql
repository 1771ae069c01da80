-- one row per third call of a person about one topic within 14 days, and when it was resolved or we called them
-- A fourth call belongs to the third. Machines call nobody back.
with rung as (
    select *, count(*) over (
            partition by person, topic order by started_at range between interval 14 day preceding and current row) as calls
    from contacts
    where person is not null and started_at is not null and topic is not null and direction = 'in' and channel = 'phone'
),
third as (
    select * from (
        select *, lag(calls, 1, 0) over (partition by person, topic order by started_at, contact_id) as calls_before from rung
    ) where calls >= 3 and calls_before < 3
),
answers as (
    select person, topic, coalesce(ended_at, started_at) as at from contacts
    where direction = 'in' and channel = 'phone' and outcome = 'resolved'
    union all
    select person, topic, started_at from contacts
    where direction = 'out' and not coalesce(automated, false) and channel in ('phone', 'email', 'portal', 'mail')
        and coalesce(outcome, '') not in ('bounced', 'voicemail', 'abandoned')
)
select third.person, 'contacts/' || third.contact_id as resource, any_value(third.unit_id) as unit,
    any_value(third.started_at) as started_at, min(answers.at) as met_at, any_value(third.security) as security
from third
left join answers on answers.person = third.person and answers.topic = third.topic and answers.at >= third.started_at
group by third.person, third.contact_id
