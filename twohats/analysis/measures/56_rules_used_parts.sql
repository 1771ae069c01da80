-- one row per rule of the codebook and hat given
select rule, hat, count(*) as interactions, count(*) filter (overruled) as overruled
from interactions
group by rule, hat
