-- one row per other person who took part in an encounter, with their minutes (null where they were not told)
-- The hospital's own table says what kind of work somebody does; only where it is silent the type of taking part does.
with told as (
    select id as encounter, ended_at as encounter_ended_at,
        unnest(from_json(participants, '[{"type":[{"coding":[{"code":"VARCHAR"}]}],"individual":{"reference":"VARCHAR"},
            "period":{"start":"VARCHAR","end":"VARCHAR"}}]')) as entry
    from encounters
),
dated as (
    select encounter, encounter_ended_at,
        entry.individual.reference as staff,
        entry.type[1].coding[1].code as type_code,
        try_cast(entry.period."start" as timestamptz) as started_at,
        try_cast(entry.period."end" as timestamptz) as ended_at
    from told
),
followed as (
    select *, coalesce(ended_at, lead(started_at) over (
        partition by encounter, starts_with(staff, 'RelatedPerson/') order by started_at, ended_at, staff),
        encounter_ended_at) as left_at
    from dated
)
select
    followed.encounter,
    followed.staff,
    coalesce(starts_with(followed.staff, 'RelatedPerson/'), false) as relative,
    case when not coalesce(starts_with(followed.staff, 'RelatedPerson/'), false) then coalesce(
        roles.role,
        case
            when followed.type_code in ('ATND', 'PPRF', 'SPRF', 'CON', 'DIS', 'ADM', 'REF') then 'clinical'
            when followed.type_code = 'TRANS' then 'interpreter'
        end
    ) end as role,
    followed.started_at,
    case when followed.started_at is not null then followed.left_at end as ended_at
from followed
left join roles on roles.staff = followed.staff
