-- one row per person, merged records resolved
with records as (
    select *, key('Patient/' || id) = person as is_canonical from patients
),
canonical as (
    select * from records
    qualify row_number() over (partition by person order by is_canonical desc, updated_at desc nulls last, id) = 1
),
merged as (
    select person, to_json(list(id order by id))::varchar as merged_from
    from (select records.person, records.id from records join canonical using (person) where records.id <> canonical.id)
    group by person
),
identified as (
    select person, to_json(list(distinct identifier.value order by identifier.value))::varchar as identifiers
    from (select person, unnest(from_json(identifiers, '[{"value":"VARCHAR"}]')) as identifier from records)
    where identifier.value is not null
    group by person
),
extensions_told as (
    select person,
        unnest(from_json(extensions, '[{"url":"VARCHAR","valueBoolean":"BOOLEAN",
            "valueCodeableConcept":{"coding":[{"code":"VARCHAR"}]}}]')) as extension
    from records
),
help_needed as (
    select person,
        bool_or(extension.url like '%/patient-interpreterRequired' and extension.valueBoolean) as interpreter,
        bool_or(extension.valueCodeableConcept.coding[1].code = '15188001') as hearing,
        bool_or(extension.valueCodeableConcept.coding[1].code = '105503008') as wheelchair
    from extensions_told group by person
),
portal_users as (
    select distinct person from audit_events where agent like 'Patient/%'
),
hospice as (
    select person, min(coalesce(ended_at, started_at)) as hospice_at
    from encounters
    where disposition = 'hosp' and coalesce(status, 'unknown') not in ('planned', 'cancelled', 'entered-in-error')
    group by person
),
births as (
    select person, try_cast(rpad(birth_date, 10, '-01-01') as date) as born_on from canonical
),
seen_elsewhere as (
    select person, min(patient) as patient, bool_and(is_prospect) as prospect
    from (
        select person, patient, false as is_prospect from encounters
        union all select person, patient, false from appointments
        union all select person, patient, false from observations
        union all select person, patient, false from communications
        union all select person, patient, false from medication_requests
        union all select person, patient, false from claims
        union all select person, patient, false from explanations_of_benefit
        union all select person, patient, false from coverages
        union all select person, patient, false from service_requests
        union all select person, patient, false from diagnostic_reports
        union all select person, patient, false from procedures
        union all select person, patient, false from conditions
        union all select person, patient, false from medication_dispenses
        union all select person, patient, false from invoices
        union all select person, patient, false from coverage_eligibility_requests
        union all select person, patient, false from coverage_eligibility_responses
        union all select person, patient, false from claim_responses
        union all select person, patient, false from tasks
        union all select person, patient, false from communication_requests
        union all select person, patient, false from questionnaire_responses
        union all select person, patient, false from document_references
        union all select person, patient, patient is null from audit_events
    ) as mentions
    where person is not null
    group by person
)
select
    canonical.person,
    canonical.id as patient_id,
    canonical.family,
    canonical.given,
    canonical.birth_date,
    case
        when births.born_on is null then 'unknown'
        when date_sub('year', births.born_on, clock.as_of::date) < 18 then '0-17'
        when date_sub('year', births.born_on, clock.as_of::date) < 40 then '18-39'
        when date_sub('year', births.born_on, clock.as_of::date) < 65 then '40-64'
        when date_sub('year', births.born_on, clock.as_of::date) < 80 then '65-79'
        else '80+'
    end as age_band,
    canonical.gender,
    lower(split_part(canonical.language, '-', 1)) as language,
    coalesce(help_needed.interpreter, false) as interpreter,
    coalesce(help_needed.hearing, false) as hearing,
    coalesce(help_needed.wheelchair, false) as wheelchair,
    canonical.zip,
    portal_users.person is not null as portal,
    canonical.deceased_at,
    hospice.hospice_at,
    coalesce(merged.merged_from, '[]') as merged_from,
    coalesce(identified.identifiers, '[]') as identifiers,
    false as prospect
from canonical
cross join clock
left join merged using (person)
left join identified using (person)
left join help_needed using (person)
left join portal_users using (person)
left join births using (person)
left join hospice using (person)
union all
select
    person, split_part(patient, '/', -1), null, null, null, 'unknown', null, null, false, false, false, null,
    false, null, null, '[]', '[]', prospect
from seen_elsewhere anti join canonical using (person)
