-- one row per official composite, unit or unit above it ('*' all), quarter or year, and item ('*' all its items): sums
-- 'unit!' counts what was answered about the unit itself and not below it, '*!' what no unit is known of: it has people
-- behind it too. What relatives say for themselves is not in it.
with answers as (
    select composite, item, person, form, points, box,
        min(unit) over whole_form as unit, max(said_at) over whole_form as said_at
    from form_answers
    where composite is not null and view <> 'family'
    window whole_form as (partition by composite, person, form)
),
dated as (
    select answers.*, timezone(coalesce(site_zones.time_zone, 'UTC'), said_at) as at_local
    from answers left join site_zones using (unit)
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
select composite, unit, periods.period, items.item,
    count(distinct (person, form)) as forms,
    count(distinct person) as people,
    count(*) as answers,
    count(*) filter (box = 'top') as top,
    count(*) filter (box = 'middle') as middle,
    count(*) filter (box = 'bottom') as bottom,
    count(distinct person) filter (box = 'top') as people_top,
    count(distinct person) filter (box = 'middle') as people_middle,
    count(distinct person) filter (box = 'bottom') as people_bottom,
    count(distinct person) filter (box <> 'top') as people_not_top,
    coalesce(sum(points), 0)::bigint as points,
    coalesce(sum(points * points), 0)::bigint as points_squared
from counted_in,
    lateral (select unnest([strftime(at_local, '%Y-Q') || quarter(at_local), strftime(at_local, '%Y')]) as period) as periods,
    lateral (select unnest([counted_in.item, '*']) as item) as items
group by composite, unit, periods.period, items.item
