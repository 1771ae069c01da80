-- one row per severity, pain or distress reading during a visit
select
    visit_encounters.visit,
    observations.id,
    case
        when observations.code = '75636-1' then 'acuity'
        when observations.code in ('72514-3', '38208-5', '38221-8') then 'pain'
        else 'distress'
    end as reading,
    coalesce(observations.value_integer, try_cast(observations.value as bigint)) as value,
    coalesce(observations.effective_at, observations.effective_started_at) as read_at,
    observations.performer
from observations
join visit_encounters on visit_encounters.encounter = split_part(observations.encounter, '/', -1)
where (observations.code in ('75636-1', '72514-3', '38208-5', '38221-8')
        or lower(observations.code_text) like 'distress%')
    and coalesce(observations.status, 'final') <> 'entered-in-error'
    and coalesce(observations.value_integer, try_cast(observations.value as bigint)) is not null
    and coalesce(observations.effective_at, observations.effective_started_at) is not null
