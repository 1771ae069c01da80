-- one row per class an encounter had, with its minutes
select
    encounter,
    entry.class.code as class_code,
    try_cast(entry.period."start" as timestamptz) as started_at,
    coalesce(try_cast(entry.period."end" as timestamptz), 'infinity'::timestamptz) as ended_at
from (
    select id as encounter,
        unnest(from_json(class_history, '[{"class":{"code":"VARCHAR"},"period":{"start":"VARCHAR","end":"VARCHAR"}}]')) as entry
    from encounters
) as told
where try_cast(entry.period."start" as timestamptz) is not null
