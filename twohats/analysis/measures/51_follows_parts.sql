-- one row per pair of touchpoints that follow each other, and bin of the time between their starts
-- Bins are sixteenths of an octave of seconds, so medians come out of merged counts within about 4 %.
-- Touchpoints are numbers while rows are sorted and counted: words would be carried and compared for every row.
with names as (
    select touchpoint, (row_number() over ())::usmallint as code
    from (select distinct touchpoint from interactions)
),
coded as (
    select person, code, epoch_us(started_at) as instant, source_order, interaction
    from interactions join names using (touchpoint)
),
in_order as (
    select
        code as before,
        lead(code) over journey as after,
        lead(instant) over journey - instant as gap
    from coded
    window journey as (partition by person order by instant, source_order, interaction)
),
counted as (
    select
        before, after,
        floor(16 * log2(greatest(gap // 1000000, 1)))::usmallint as bin,
        count(*) as times,
        -- whole seconds: microseconds of some hundred thousand years of people would fit no integer
        sum(gap // 1000000)::bigint as gap_seconds
    from in_order
    where after is not null
    group by before, after, bin
)
select earlier.touchpoint as before, later.touchpoint as after, bin::bigint as bin, times, gap_seconds
from counted
join names as earlier on earlier.code = counted.before
join names as later on later.code = counted.after
