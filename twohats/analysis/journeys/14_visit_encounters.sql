-- one row per encounter that took place, with the visit it belongs to
-- Encounters are one visit where one is part of the other; where the same person is at the same unit again within an
-- hour under the same booking (reception, waiting and triage as encounters of their own); and where an emergency visit
-- goes on as an admission. Visits to different clinics on one day stay apart.
with known_times as (
    select encounter, min(started_at) as first_known, max(coalesce(ended_at, started_at)) as last_known
    from (
        select encounter, started_at, ended_at from statuses
        union all select encounter, started_at, ended_at from stays
        union all select encounter, started_at, ended_at from attendances
    ) as told
    group by encounter
),
timed as (
    select
        encounters.person,
        encounters.id as encounter,
        coalesce(encounters.started_at, known_times.first_known) as started_at,
        coalesce(encounters.ended_at, if(encounters.status = 'finished', known_times.last_known, null)) as ended_at,
        coalesce(encounters.ended_at, known_times.last_known, encounters.started_at) as last_known,
        encounters.status,
        encounters.class_code,
        replace(split_part(encounters.provider, '/', -1), 'urn:uuid:', '') as unit,
        replace(split_part(encounters.part_of, '/', -1), 'urn:uuid:', '') as part_of,
        encounters.appointment,
        encounters.reason_code,
        encounters.reason_text,
        encounters.security,
        encounters.source_order
    from encounters
    left join known_times on known_times.encounter = encounters.id
    where coalesce(encounters.status, 'unknown') not in ('planned', 'cancelled', 'entered-in-error')
        and coalesce(encounters.started_at, known_times.first_known) is not null
),
rooted as (
    select timed.*, coalesce(above_that.encounter, above.encounter, timed.encounter) as root
    from timed
    left join timed as above on above.encounter = timed.part_of and above.person = timed.person
    left join timed as above_that on above_that.encounter = above.part_of and above_that.person = timed.person
),
trees as (
    select
        person,
        root,
        min(started_at) as started_at,
        max(last_known) as last_known,
        arg_max(unit, encounter = root) as unit,
        arg_max(class_code, encounter = root) as class_code,
        max(appointment) as appointment
    from rooted
    group by person, root
),
neighbours as (
    select *,
        max(last_known) over earlier as reached,
        last_value(appointment ignore nulls) over earlier as earlier_appointment
    from trees
    window earlier as (
        partition by person, coalesce(unit, root), class_code in ('VR', 'HH')
        order by started_at, root rows between unbounded preceding and 1 preceding
    )
),
sittings as (
    select *, sum(if(
        started_at < reached + interval 60 minute
            and (appointment is null or earlier_appointment is null or appointment = earlier_appointment), 0, 1
    )) over (
        partition by person, coalesce(unit, root), class_code in ('VR', 'HH') order by started_at, root
    ) as sitting
    from neighbours
),
sat as (
    select
        person, coalesce(unit, root) as spot, class_code in ('VR', 'HH') as remote, sitting,
        min(started_at) as started_at, max(last_known) as last_known,
        arg_max(class_code, started_at) as class_code,
        list(root) as roots
    from sittings
    group by person, coalesce(unit, root), class_code in ('VR', 'HH'), sitting
),
admitted as (
    select *, coalesce(
        class_code in ('IMP', 'ACUTE', 'NONAC', 'OBSENC')
            and lag(class_code) over lived = 'EMER'
            and started_at < lag(last_known) over lived + interval 60 minute, false) as goes_on
    from sat
    window lived as (partition by person order by started_at, last_known, spot)
),
numbered as (
    select person, roots, sum(if(goes_on, 0, 1)) over (
        partition by person order by started_at, last_known, spot) as visit_number
    from admitted
),
placed as (
    select person, visit_number, unnest(roots) as root from numbered
)
select
    key('visit|Encounter/' || first_value(rooted.encounter) over (
        partition by rooted.person, placed.visit_number order by rooted.started_at, rooted.encounter)) as visit,
    rooted.* exclude (part_of, root)
from rooted join placed using (person, root)
