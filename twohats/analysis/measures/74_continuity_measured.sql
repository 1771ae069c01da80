-- one row per person, month with a visit, and index of continuity over the 365 days up to the month's last visit
-- Booked outpatient and video visits with their main clinician; who had a single one has no continuity to speak of.
-- Sources: UPC (Breslau and Reeb 1975), COC (Bice and Boxerman 1977), SECON (Steinwachs 1979), HHI, MMCI (Magill and
-- Senf 1987), all from 0 to 1.
with main_clinician as (
    select visit, arg_max(staff, (minutes, staff)) as staff
    from (
        select situations.visit, situations.staff, sum(given.clinician_minutes) as minutes
        from situations join given using (interaction)
        where situations.kind = 'segment' and situations.role = 'clinical' and situations.staff is not null
        group by situations.visit, situations.staff
    ) as met
    group by visit
),
seen as (
    select visit_frames.person, visit_frames.visit, visit_frames.unit, visit_frames.started_at, main_clinician.staff,
        lag(main_clinician.staff) over journey as staff_before,
        lag(visit_frames.started_at) over journey as before_at,
        strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), visit_frames.started_at), '%Y-%m') as month
    from visit_frames
    join main_clinician using (visit)
    left join site_zones on site_zones.unit = visit_frames.unit
    where visit_frames.class_code in ('AMB', 'VR')
    window journey as (partition by visit_frames.person order by visit_frames.started_at, visit_frames.visit)
),
last_of_month as (
    select person, month, arg_max(unit, (started_at, visit)) as unit, max(started_at) as until
    from seen group by person, month
),
per_clinician as (
    select last_of_month.person, last_of_month.month, any_value(last_of_month.unit) as unit, last_of_month.until,
        seen.staff, count(*) as times,
        count(*) filter (seen.staff = seen.staff_before and seen.before_at > last_of_month.until - interval 365 day)
            as same_again
    from last_of_month
    join seen on seen.person = last_of_month.person
        and seen.started_at between last_of_month.until - interval 365 day and last_of_month.until
    group by last_of_month.person, last_of_month.month, last_of_month.until, seen.staff
),
counted as (
    select person, month, any_value(unit) as unit, until,
        sum(times)::double as n, count(*)::double as m, max(times)::double as most,
        sum(times * times)::double as squares, sum(same_again)::double as same_again
    from per_clinician
    group by person, month, until
    having sum(times) >= 2
),
indices as (
    select person, month, unit, until, unnest([
        {'measure': 'upc', 'value': most / n},
        {'measure': 'coc', 'value': (squares - n) / (n * (n - 1))},
        {'measure': 'secon', 'value': same_again / (n - 1)},
        {'measure': 'hhi', 'value': squares / (n * n)},
        {'measure': 'mmci', 'value': (1 - m / (n + 0.1)) / (1 - 1 / (n + 0.1))}
    ]) as index
    from counted
)
select index.measure as measure, person || '/' || month as thing, person, unit, until as happened_at, null::boolean as part,
    round(1000 * index.value)::bigint as amount, null::varchar as ended
from indices
