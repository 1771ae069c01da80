-- one row per thing measured and cut it is counted in: the person's language, age and area, and who paid then
with dated as (
    select measured.*, strftime(timezone(coalesce(site_zones.time_zone, 'UTC'), happened_at), '%Y') as year
    from measured left join site_zones using (unit)
    where happened_at is not null
)
select dated.measure, dated.person, dated.year, cuts.cut, cuts.value, dated.happened_at, dated.part, dated.amount, dated.ended
from dated left join people using (person), lateral (
    select unnest([
        {'cut': 'language', 'value': coalesce(nullif(people.language, ''), 'unknown')},
        {'cut': 'age', 'value': coalesce(people.age_band, 'unknown')},
        {'cut': 'payer', 'value': coalesce(dated.payer, 'unknown')},
        {'cut': 'area', 'value': coalesce(nullif(regexp_extract(trim(people.zip), '^[0-9]{3}'), ''), 'unknown')}
    ], recursive := true)
) as cuts
