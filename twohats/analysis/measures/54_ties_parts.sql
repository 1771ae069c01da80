-- one row per feed, what its rows were tied to, and the rule or identifier that tied them
select feed, tied_to, tied_by, count(*) as "rows"
from (
    select 'contacts' as feed, tied_to, tied_by from contacts
    union all
    select if(kind = 'answer', 'surveys', 'comments'),
        if(tied_to = 'nobody' and person_found = 'two_people', 'two_people', tied_to), tied_by
    from voices
) as each_row
group by feed, tied_to, tied_by
