-- one row per booking, change, cancellation or missed visit, read from the versions of each appointment
with versions as (
    select *,
        row_number() over told as version,
        lag(status) over told as earlier_status,
        lag(started_at) over told as earlier_start
    from appointments
    window told as (partition by id order by updated_at, source_order)
),
dealt as (
    select *, 'book' as act, coalesce(created_at, updated_at, started_at) as dealt_at from versions
    where version = 1 and status not in ('entered-in-error', 'waitlist')
        and (status <> 'cancelled' or created_at is not null)
    union all
    select *, 'rebook', updated_at from versions
    where version > 1 and status in ('booked', 'pending', 'proposed')
        and earlier_status in ('booked', 'pending', 'proposed') and started_at <> earlier_start
    union all
    select *, 'cancel', coalesce(updated_at, started_at) from versions
    where status = 'cancelled' and earlier_status is distinct from 'cancelled'
    union all
    select *, 'miss', coalesce(started_at, updated_at) from versions
    where status = 'noshow' and earlier_status is distinct from 'noshow'
),
-- The unit is that of the member of staff who was booked.
booked_with as (
    select
        booked.id,
        min(roles.unit) as unit
    from (
        select id, unnest(from_json(participants, '[{"actor":{"reference":"VARCHAR"}}]')).actor.reference as staff
        from appointments where is_current
    ) as booked
    join roles on roles.staff = booked.staff
    group by booked.id
)
select
    dealt.person,
    'Appointment/' || dealt.id as resource,
    dealt.act,
    dealt.dealt_at as started_at,
    dealt.dealt_at as ended_at,
    dealt.source_order,
    'none' as channel,
    'contact' as evidence,
    coalesce(urgent_words.red_flag, false) as red_flag,
    coalesce(urgent_words.distress, false) as distress,
    booked_with.unit,
    dealt.security
from dealt
left join booked_with on booked_with.id = dealt.id
left join urgent_words on urgent_words.resource = 'Appointment/' || dealt.id and dealt.act = 'book'
where dealt.dealt_at is not null
