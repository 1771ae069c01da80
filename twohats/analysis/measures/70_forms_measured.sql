-- one row per filled-in form and measure of its instrument: the answers of a hat in points, a rating of the whole
-- Of two answers to one item on one form the later counts. Only what the person says, or somebody for them, is theirs;
-- relatives who speak for themselves are told apart. Who is not known has no row: their answers lie apart from each other.
with answered as (
    select voices.person, voices.unit, voices.said_at, voices.about_hat, voices.moved_from,
        coalesce(nullif(surveys.response_id, ''), surveys.answer_id) as form,
        voices.view = 'family' as is_family,
        answer_codes.*
    from voices
    join surveys on voices.voice = key('surveys|' || surveys.id)
    join answer_codes on answer_codes.survey = voices.survey and answer_codes.item = voices.item
        and answer_codes.code = regexp_replace(lower(trim(voices.value)), '\.0+$', '')
        and strftime(voices.said_at, '%Y-%m-%d') between answer_codes.first_day and answer_codes.last_day
    where voices.kind = 'answer' and voices.person is not null and voices.view in ('self', 'representative', 'family')
    qualify row_number() over (
        partition by voices.person, form, instrument, voices.item order by voices.said_at desc, voices.voice) = 1
),
told as (
    select * from answered where is_report
),
moved as (
    select distinct survey from survey_items where moved_from is not null
),
scored as (
    select instrument || '_' || about_hat as measure, * from told
    where not is_family and about_hat in ('patient', 'customer')
    union all
    select instrument || '_' || coalesce(moved_from, about_hat) || '_before', * from told
    where not is_family and coalesce(moved_from, about_hat) in ('patient', 'customer')
        and survey in (select survey from moved)
    union all
    select instrument || '_family', * from told where is_family
)
select measure, form as thing, person, min(unit) as unit, max(said_at) as happened_at, null::boolean as part,
    round(avg(points))::bigint as amount, null::varchar as ended
from scored
group by measure, form, person
union all
select official, form, person, unit, said_at, if(net is null, is_top, null), net, null
from answered
where official is not null and not is_family
