-- one row per person, month and measure: contacts we started per 30 days, and whether the portal is in use
-- Somebody's months run from the first to the last thing known of them; a month without a contact counts with none.
with dated as (
    select situations.interaction, situations.person, situations.unit, situations.kind, situations.act, situations.direction,
        situations.started_at,
        date_trunc('month', timezone(coalesce(site_zones.time_zone, 'UTC'), situations.started_at)) as month
    from situations left join site_zones using (unit)
),
known as (
    select person, min(month) as first_month, max(month) as last_month,
        arg_max(unit, (started_at, interaction)) filter (unit is not null) as unit
    from dated group by person
),
months as (
    select person, unit, unnest(generate_series(first_month, last_month, interval 1 month)) as month from known
),
sent as (
    select person, month, count(*) as contacts
    from dated where kind = 'contact' and direction = 'out'
    group by person, month
),
visited as (
    select person, month, arg_max(unit, (started_at, interaction)) as unit from dated where kind = 'segment' group by person, month
),
logged_in as (
    select distinct person, month from dated where act = 'log_in'
)
select 'contact_burden' as measure, months.person || strftime(months.month, '/%Y-%m') as thing, months.person, months.unit, timezone('UTC', months.month + interval 14 day) as happened_at,
    null::boolean as part,
    (30000 * coalesce(sent.contacts, 0) // day(last_day(months.month::date)))::bigint as amount, 'done' as ended
from months left join sent using (person, month)
union all
select 'portal_activation', visited.person || strftime(visited.month, '/%Y-%m'), visited.person, visited.unit, timezone('UTC', visited.month + interval 14 day),
    exists (
        select 1 from logged_in where logged_in.person = visited.person
            and logged_in.month > visited.month - interval 12 month and logged_in.month <= visited.month),
    null, null
from visited
