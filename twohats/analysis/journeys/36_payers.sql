-- one row per person and instant from which what is in force of their coverage is another: who pays from then on
-- An end that is a day alone holds to the end of that day. Whoever pays alone beside an insurer is not said to pay alone.
with insured as (
    select coverages.person, coalesce(exact.kind, two.kind, one.kind, 'unknown') as kind,
        coalesce(started_at, timestamptz '0001-01-02') as from_then,
        coalesce(if(ended_at = date_trunc('day', ended_at), ended_at + interval 1 day, ended_at),
            timestamptz '9999-12-31') as until_then
    from coverages
    left join payer_codes as exact on exact.code = coverages.type
    left join payer_codes as two on two.code = left(coverages.type, 2) and regexp_full_match(coverages.type, '[0-9]+')
    left join payer_codes as one on one.code = left(coverages.type, 1) and regexp_full_match(coverages.type, '[0-9]+')
    where coalesce(status, 'active') = 'active' or (status = 'cancelled' and ended_at is not null)
),
changes as (
    select distinct person, unnest([from_then, until_then]) as since from insured
),
in_force as (
    select changes.person, changes.since,
        list(distinct kind) filter (kind not in ('self', 'unknown')) as insurers,
        coalesce(bool_or(kind = 'self'), false) as pays_alone
    from changes
    left join insured on insured.person = changes.person and changes.since >= from_then and changes.since < until_then
    group by changes.person, changes.since
)
select person, since,
    case when len(insurers) = 1 then insurers[1] when len(insurers) > 1 then 'several'
        when pays_alone then 'self' else 'unknown' end as payer
from in_force
