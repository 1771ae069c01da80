-- one row per instrument (relatives' own forms apart), unit or unit above it ('*' all), period, cut (all, mode, language,
-- respondent) and value: how the forms behind its scores were answered
-- 'unit!' counts what was answered about the unit itself and not below it, '*!' what no unit is known of.
with forms as (
    select instrument || if(view = 'family', '_family', '') as score, person, form,
        min(unit) as unit, max(said_at) as said_at,
        coalesce(min(nullif(mode, '')), 'unknown') as mode,
        coalesce(min(nullif(language, '')), 'unknown') as language,
        min(if(view = 'representative', 'proxy', 'self')) as respondent
    from form_answers
    group by all
),
dated as (
    select forms.*, timezone(coalesce(site_zones.time_zone, 'UTC'), said_at) as at_local
    from forms left join site_zones using (unit)
),
counted_in as (
    select dated.* replace (above.above_it as unit) from dated join above using (unit)
    union all
    select * replace ('*' as unit) from dated
    union all
    select * replace (if(unit in (select unit from above), unit, '*') || '!' as unit) from dated
    where unit is null or unit not in (select unit from above)
        or unit in (select above_it from above where above_it <> unit)
)
select score, unit, periods.period, cuts.cut, cuts.value,
    count(*) as forms,
    count(distinct person) as people
from counted_in,
    lateral (select unnest([
        strftime(at_local, '%Y-%m'), strftime(at_local, '%Y-Q') || quarter(at_local), strftime(at_local, '%Y')
    ]) as period) as periods,
    lateral (select unnest([
        {'cut': 'all', 'value': '*'}, {'cut': 'mode', 'value': mode}, {'cut': 'language', 'value': language},
        {'cut': 'respondent', 'value': respondent}
    ], recursive := true)) as cuts
group by score, unit, periods.period, cuts.cut, cuts.value
