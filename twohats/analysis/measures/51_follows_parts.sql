-- one row per pair of touchpoints that follow each other, and bin of the time between their starts
-- Bins are sixteenths of an octave of seconds, so medians come out of merged counts within about 4 %.
with in_order as (
    select
        touchpoint as before,
        lead(touchpoint) over journey as after,
        epoch_us(lead(started_at) over journey) - epoch_us(started_at) as gap
    from interactions
    window journey as (partition by person order by started_at, source_order, interaction)
)
select
    before, after,
    floor(16 * log2(greatest(gap // 1000000, 1)))::bigint as bin,
    count(*) as times,
    sum(gap)::bigint as gap_microseconds
from in_order
where after is not null
group by before, after, bin
