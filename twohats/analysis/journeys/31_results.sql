-- one row per result that came back: whether it is abnormal, when the person opened it and when a clinician had it first
-- A clinician has it who explains it, sees the person again, or still had them there: then it was told in person.
with reported as (
    select id as report, person, issued_at, encounter, source_order, security, results
    from diagnostic_reports
    where coalesce(status, 'final') in ('final', 'amended', 'corrected', 'appended') and issued_at is not null
),
measured as (
    select report, person, unnest(from_json(results, '[{"reference":"VARCHAR"}]')).reference as result from reported
),
abnormal as (
    select distinct measured.person, measured.report
    from measured join observations
        on observations.person = measured.person and measured.result = 'Observation/' || observations.id
    where observations.interpretation in ('A', 'AA', 'H', 'HH', 'L', 'LL', 'POS', 'HU', 'LU')
),
told as (
    select person, started_at from messages where act = 'explain_result'
    union all
    select person, started_at from calls where act = 'explain_result'
),
explained as (
    select reported.person, reported.report, min(told.started_at) as at
    from reported join told on told.person = reported.person and told.started_at >= reported.issued_at
    group by reported.person, reported.report
),
seen as (
    select reported.person, reported.report, min(greatest(visit_frames.started_at, reported.issued_at)) as at
    from reported join visit_frames on visit_frames.person = reported.person
        and coalesce(visit_frames.ended_at, 'infinity'::timestamptz) >= reported.issued_at
    group by reported.person, reported.report
),
read as (
    select person, entity, recorded_at from audit_events
    where split_part(agent, '/', 1) in ('Patient', 'RelatedPerson') and recorded_at is not null
),
opened as (
    select measured.person, measured.report, min(read.recorded_at) as at
    from (
        select person, report, result as what from measured
        union select person, report, 'DiagnosticReport/' || report from reported
    ) as measured
    join read on read.person = measured.person and read.entity = measured.what
    group by measured.person, measured.report
)
select
    reported.* exclude (results),
    abnormal.report is not null as abnormal,
    opened.at as opened_at,
    least(explained.at, seen.at) as followed_at,
    coalesce(seen.at = reported.issued_at, false) as was_there,
    visit_encounters.unit
from reported
left join abnormal on abnormal.person = reported.person and abnormal.report = reported.report
left join explained on explained.person = reported.person and explained.report = reported.report
left join seen on seen.person = reported.person and seen.report = reported.report
left join opened on opened.person = reported.person and opened.report = reported.report
left join visit_encounters on visit_encounters.person = reported.person
    and visit_encounters.encounter = split_part(reported.encounter, '/', -1)
