-- one row per visit or answer and measure of care received: said back, understood, no question soon after, known at home
-- Whether a question came within three days is known only three days after.
select 'teach_back_done' as measure, 'visit/' || visit as thing, person, unit, ended_at as happened_at, said_back as part,
    null::bigint as amount, null::varchar as ended
from received where taught
union all
select 'understood', 'visit/' || visit, person, unit, ended_at, understood, null, null
from received where understood is not null
union all
select 'asked_after_teaching', 'visit/' || visit, received.person, unit, ended_at, not no_question_after, null, null
from received left join people using (person)
where taught and not coalesce(people.deceased_at < ended_at + interval 72 hour, false)
union all
select 'know_what_to_watch', source_id, person, unit, said_at, lower(trim(value)) in ('yes', 'sí', 'si', '1'), null, null
from voices
where survey = 'pulse' and item = 'know_what_to_watch' and person is not null
    and view in ('self', 'representative') and lower(trim(value)) in ('yes', 'sí', 'si', '1', 'no', '0', '2')
