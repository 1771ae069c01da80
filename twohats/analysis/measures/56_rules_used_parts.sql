-- one row per rule of the codebook, with the hat it gives before anybody overrules it
select interactions.rule, coalesce(rules.hat, 'mixed') as hat, -- a person's own word against a rule is no rule's
    count(*) as interactions, count(*) filter (interactions.overruled) as overruled
from interactions left join rules on rules.key = interactions.rule
group by all
