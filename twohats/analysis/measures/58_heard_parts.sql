-- one row per unit or unit above it ('*' all), month ('*' all), hat ('*' any) and touchpoint ('*' any): what was heard
-- A comment of which nobody was found counts as one person; each lies in one bucket, so these counts add up.
with said as (
    select
        clauses.unit,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), clauses.said_at), '%Y-%m') as month,
        clauses.hat, clauses.touchpoint, clauses.sentiment, clauses.certain,
        coalesce(clauses.person, clauses.voice) as speaker
    from clauses left join site_zones using (unit)
),
counted_in as (
    select said.* replace (above.above_it as unit) from said join above using (unit)
    union all
    select * replace ('*' as unit) from said
)
select unit, chosen.month, chosen.hat, chosen.touchpoint,
    count(*) as clauses,
    count(distinct speaker) as people,
    count(*) filter (sentiment = 1) as praise,
    count(*) filter (sentiment = -1) as complaints,
    count(*) filter (not certain) as unsure
from counted_in, lateral (
    select months.month, hats.hat, touchpoints.touchpoint
    from (select unnest([counted_in.month, '*']) as month) as months,
        (select unnest([counted_in.hat, '*']) as hat) as hats,
        (select unnest([counted_in.touchpoint, '*']) as touchpoint) as touchpoints
    where months.month is not null
) as chosen
group by unit, chosen.month, chosen.hat, chosen.touchpoint
