-- one row per cut of the people: how often the hat could be told, and how surely (thousandths)
with cuts as (
    select person, unnest([
        {cut: 'language', value: coalesce(language, 'unknown')},
        {cut: 'age_band', value: age_band},
        {cut: 'portal', value: if(portal, 'yes', 'no')}
    ], recursive := true)
    from people
)
select cuts.cut, cuts.value,
    count(*) as interactions,
    count(*) filter (hat = 'unknown') as unknown,
    sum(round(confidence * 1000))::bigint as confidence
from interactions join cuts using (person)
group by cuts.cut, cuts.value
