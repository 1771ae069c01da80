-- one row per measure of time, year, cut, value, way it ended, and bin; bins as in spreads
select measure, year, cut, value, ended,
    case when ended = 'open' then epoch(happened_at)::bigint // 86400
        when amount <= 0 then -1 else floor(16 * log2(amount))::bigint end as bin,
    count(*) as times
from measured_in_cuts
where ended is not null and (ended = 'open' or amount is not null)
group by measure, year, cut, value, ended, bin
