-- one row per measure of time, unit or unit above it ('*' all), quarter or year (months too for all), way it ended, and bin
-- Bins are sixteenths of an octave of seconds (or thousandths), -1 for nothing at all. What is open has no end yet:
-- its bin is the day it began, counted from 1970, so that its time so far follows from the release's day.
with dated as (
    select measured.measure, measured.unit, measured.ended, measured.person,
        timezone(coalesce(site_zones.time_zone, 'UTC'), happened_at) as at_local,
        case when ended = 'open' then epoch(happened_at)::bigint // 86400
            when amount <= 0 then -1 else floor(16 * log2(amount))::bigint end as bin
    from measured left join site_zones using (unit)
    where ended is not null and happened_at is not null and (ended = 'open' or amount is not null)
),
counted_in as (
    select dated.* replace (above.above_it as unit), false as of_all from dated join above using (unit)
    union all
    select * replace ('*' as unit), true from dated
)
select measure, unit, period, ended, bin, count(*) as times
from counted_in, lateral (
    select unnest([strftime(at_local, '%Y-Q') || quarter(at_local), strftime(at_local, '%Y')]) as period
    union all
    select strftime(at_local, '%Y-%m') where of_all
) as periods
group by measure, unit, period, ended, bin
