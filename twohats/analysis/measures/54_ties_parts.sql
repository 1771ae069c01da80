-- one row per feed or kind of record, what its rows were tied to, and the rule or identifier that tied them
with found as (
    select key('surveys|' || id) as voice, tied_to as person_found from surveys
    union all
    select key('comments|' || id), tied_to from comments
)
select feed, tied_to, tied_by, count(*) as "rows"
from (
    select 'contacts' as feed, tied_to, tied_by from contacts
    union all
    select if(voices.kind = 'answer', 'surveys', 'comments'),
        if(voices.tied_to = 'nobody' and found.person_found = 'two_people', 'two_people', voices.tied_to),
        voices.tied_by
    from voices left join found using (voice)
    union all
    select feed, tied_to, tied_by from subjects
) as each_row
group by feed, tied_to, tied_by
