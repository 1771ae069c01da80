-- one row per encounter that took place, with the visit it belongs to
-- Encounters are one visit where one is part of the other; where the same person is at the same unit again within an
-- hour under the same booking (reception, waiting and triage as encounters of their own); and where an emergency visit
-- goes on as an admission. Visits to different clinics on one day stay apart.
with recursive known_times as (
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
-- What has no time of its own still holds its parts together.
belonging as (
    select person, id as encounter, replace(split_part(part_of, '/', -1), 'urn:uuid:', '') as part_of
    from encounters
    where coalesce(status, 'unknown') not in ('planned', 'cancelled', 'entered-in-error')
),
climbed as (
    select person, encounter, encounter as above from belonging
    union
    select climbed.person, climbed.encounter, belonging.part_of
    from climbed
    join belonging on belonging.person = climbed.person and belonging.encounter = climbed.above
    semi join belonging as parents on parents.person = belonging.person and parents.encounter = belonging.part_of
),
-- The root is part of nothing further; of encounters that are part of each other it is the least.
tops as (
    select climbed.person, climbed.encounter,
        coalesce(min(climbed.above) filter (parents.encounter is null), min(climbed.above)) as root
    from climbed
    join belonging on belonging.person = climbed.person and belonging.encounter = climbed.above
    left join belonging as parents on parents.person = belonging.person and parents.encounter = belonging.part_of
    group by climbed.person, climbed.encounter
),
rooted as (
    select timed.*, tops.root from timed join tops using (person, encounter)
),
trees as (
    select
        person,
        root,
        min(started_at) as started_at,
        max(last_known) as last_known,
        arg_min(unit, (encounter <> root, started_at, encounter)) as unit,
        arg_min(class_code, (encounter <> root, started_at, encounter)) as class_code,
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
