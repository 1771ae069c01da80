-- one row per severity, pain or distress reading during a visit
-- Triage is told as a number, as an answer of LOINC's list for 75636-1, or in words such as "ESI 2" or "Level 2".
-- What lies outside its scale is no reading.
with answers (code, level) as (
    values ('LA21567-5', 1), ('LA21752-3', 2), ('LA21753-1', 3), ('LA21754-9', 4), ('LA21755-6', 5)
),
read as (
    select
        observations.id,
        observations.person,
        observations.encounter,
        observations.performer,
        case
            when observations.code = '75636-1' then 'acuity'
            when observations.code in ('72514-3', '38208-5', '38221-8') then 'pain'
            else 'distress'
        end as reading,
        coalesce(observations.value_integer, try_cast(observations.value as bigint), try_cast(observations.value_string as bigint),
            try_cast(observations.value_code as bigint)) as number,
        answers.level as answer,
        lower(coalesce(observations.value_string, observations.value_text, observations.value_display)) as words,
        coalesce(observations.effective_at, observations.effective_started_at) as read_at
    from observations
    left join answers on answers.code = observations.value_code
    where (observations.code in ('75636-1', '72514-3', '38208-5', '38221-8')
            or lower(observations.code_text) like 'distress%')
        and coalesce(observations.status, 'final') <> 'entered-in-error'
),
told as (
    select *,
        case reading
            when 'acuity' then coalesce(number, answer, try_cast(coalesce(
                nullif(regexp_extract(words, '\b(?:level|nivel|category|categor[ií]a|esi)[\s:#-]*([1-5])\b', 1), ''),
                nullif(regexp_extract(words, '^\s*([1-5])\b', 1), ''),
                nullif(regexp_extract(words, '^\D*([1-5])\D*$', 1), '')) as bigint))
            else coalesce(number, try_cast(nullif(regexp_extract(words, '^\s*(\d{1,2})\b', 1), '') as bigint))
        end as value
    from read
)
select visit_encounters.visit, told.id, told.reading, told.value, told.read_at, told.performer
from told
join visit_encounters on visit_encounters.person = told.person
    and visit_encounters.encounter = replace(split_part(told.encounter, '/', -1), 'urn:uuid:', '')
where told.read_at is not null
    and case told.reading when 'acuity' then told.value between 1 and 5 else told.value between 0 and 10 end
