-- one row per person and programme to which they said STOP, whichever channel they said it on
-- A STOP that answers nothing we sent stands against every programme ('').
select
    said.person,
    coalesce(answered.sender, '') as sender,
    min(said.started_at) as said_at
from contacts as said
left join contacts as answered on answered.person = said.person and answered.contact_id = said.in_reply_to
where said.person is not null and said.started_at is not null
    and said.outcome = 'opted_out'
group by said.person, coalesce(answered.sender, '')
