-- one row per visit and measure of time: whether it was felt to be enough, and the minutes given, by what was at stake
-- Much is at stake where a moment of the visit has stakes of .8 or more; answers about no visit we know are of neither.
with at_stake as (
    select visit, max(stakes) >= 0.8 as much from interactions where visit is not null and kind = 'segment' group by visit
),
felt as (
    select voices.person, voices.unit, voices.said_at, voices.source_id, at_stake.much,
        case lower(trim(voices.value))
            when 'less' then 'less' when 'menos' then 'less' when 'right' then 'right' when 'suficiente' then 'right'
            when 'more' then 'more' when 'más' then 'more' when 'mas' then 'more'
        end as word
    from voices join at_stake on at_stake.visit = voices.visit
    where voices.survey = 'pulse' and voices.item = 'enough_time' and voices.person is not null
        and voices.view in ('self', 'representative')
),
given_minutes as (
    select visits_measured.*, at_stake.much
    from visits_measured join at_stake on visits_measured.thing = 'visit/' || at_stake.visit
    where visits_measured.measure = 'clinician_minutes'
)
select if(much, 'enough_time_at_stake', 'enough_time_otherwise') as measure, source_id as thing, person,
    unit, said_at as happened_at, word = 'right' as part, null::bigint as amount, null::varchar as ended
from felt where word is not null
union all
select if(much, 'too_little_time_at_stake', 'too_little_time_otherwise'), source_id, person, unit, said_at,
    word = 'less', null, null
from felt where word is not null
union all
select if(much, 'clinician_minutes_at_stake', 'clinician_minutes_otherwise'), thing, person, unit,
    happened_at, null, amount, ended
from given_minutes
