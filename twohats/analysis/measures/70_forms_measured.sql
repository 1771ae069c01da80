-- one row per filled-in form and measure of its instrument: the answers of a hat in points, a rating of the whole
with told as (
    select * from form_answers where is_report
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
from form_answers
where official is not null and not is_family
