"""What lands: one table per FHIR resource type and per plain-file feed, typed, the raw line kept beside it.

Every landed row also has the columns of LINE_COLUMNS. `person` is the reference that says whose it is
("Patient/123"), exactly as the source wrote it; merges are followed later, when people are dealt to buckets.
"""

from . import Column, Kind, Personal, Table

LINE_COLUMNS: tuple[Column, ...] = (
    Column("id", Kind.TEXT, "The resource's own id.", "$.id", Personal.ID),
    Column("version_id", Kind.TEXT, "meta.versionId as given.", "$.meta.versionId"),
    Column("updated_at", Kind.INSTANT, "meta.lastUpdated as an instant.", "$.meta.lastUpdated"),
    Column("deleted", Kind.BOOL, "True when this version says the resource was deleted."),
    Column("security", Kind.JSON, "meta.security: the labels the source put on it.", "$.meta.security",
           inside=(("system", Kind.TEXT), ("code", Kind.TEXT))),
    Column("content_hash", Kind.TEXT, "SHA-256 (hex) of the line's canonical content."),
    Column("landing", Kind.TEXT, "The landing (content hash of the file) that brought it."),
    Column("line", Kind.INT, "Line number in its file, from 1."),
    Column("offset_bytes", Kind.INT, "Byte offset of the line in its (uncompressed) file."),
    Column("arrival", Kind.INT, "Order of arrival over all landings: the last tie-break."),
    Column("raw", Kind.TEXT, "The line itself, so that a new field is never lost.", None, Personal.WORDS),
)

T, N, F, B, AT, D, J = (Kind.TEXT, Kind.INT, Kind.FLOAT, Kind.BOOL, Kind.INSTANT, Kind.DATE, Kind.JSON)
ID, DATE = Personal.ID, Personal.DATE
PERIOD = (("period.start", AT), ("period.end", AT))
IDENTIFIER = (("system", T), ("value", T), ("type.coding[0].code", T))
CONTACT_POINT = (("system", T), ("value", T))
REFERENCE = (("reference", T),)


def _fhir(name: str, resource: str, *columns: Column, keeps_history: bool = False) -> Table:
    return Table(
        name=name,
        grain=f"one row per {resource} and version landed",
        key=("id", "content_hash"),
        columns=columns,
        resource=resource,
        keeps_history=keeps_history,
    )


def _person(path: str) -> Column:
    return Column("person", T, "Reference to the person it is about.", path, ID)


def _encounter(path: str = "$.encounter.reference") -> Column:
    return Column("encounter", T, "Reference to the encounter it belongs to.", path, ID)


PATIENTS = _fhir(
    "patients", "Patient",
    Column("active", B, "False when the record was retired, for example by a merge.", "$.active"),
    Column("family", T, "Family name.", "$.name[0].family", Personal.NAME),
    Column("given", T, "First given name.", "$.name[0].given[0]", Personal.NAME),
    Column("birth_date", T, "Date of birth as given (may be a year or a month).", "$.birthDate", Personal.BIRTH),
    Column("gender", T, "Administrative gender.", "$.gender"),
    Column("language", T, "Preferred language, BCP 47.", "$.communication[0].language.coding[0].code"),
    Column("deceased", B, "True when the record says the person died without saying when.", "$.deceasedBoolean"),
    Column("deceased_at", AT, "When the person died.", "$.deceasedDateTime", DATE),
    Column("zip", T, "ZIP code of the first address.", "$.address[0].postalCode", Personal.AREA),
    Column("identifiers", J, "Identifier array: MRNs, portal account.", "$.identifier", ID, IDENTIFIER),
    Column("telecom", J, "ContactPoint array: phone, mail.", "$.telecom", Personal.CONTACT,
           CONTACT_POINT),
    Column("links", J, "Patient.link array: merges (replaced-by / replaces) and un-merges.", "$.link", ID,
           (("other.reference", T), ("type", T))),
    Column("extensions", J, "Extensions: interpreter required, disability.", "$.extension", Personal.WORDS,
           (("url", T), ("valueBoolean", B), ("valueCodeableConcept.coding[0].code", T))),
)
RELATED_PERSONS = _fhir(
    "related_persons", "RelatedPerson",
    _person("$.patient.reference"),
    Column("family", T, "Family name.", "$.name[0].family", Personal.NAME),
    Column("given", T, "First given name.", "$.name[0].given[0]", Personal.NAME),
    Column("relationship", T, "Relationship code.", "$.relationship[0].coding[0].code"),
    Column("relationship_text", T, "Relationship in words.", "$.relationship[0].text"),
    Column("telecom", J, "ContactPoint array.", "$.telecom", Personal.CONTACT,
           CONTACT_POINT),
    Column("active", B, "In use.", "$.active"),
)
PRACTITIONERS = _fhir(
    "practitioners", "Practitioner",
    Column("family", T, "Family name.", "$.name[0].family", Personal.NAME),
    Column("given", T, "First given name.", "$.name[0].given[0]", Personal.NAME),
    Column("qualification", T, "First qualification, in words.", "$.qualification[0].code.text"),
)
PRACTITIONER_ROLES = _fhir(
    "practitioner_roles", "PractitionerRole",
    Column("practitioner", T, "Reference to the Practitioner.", "$.practitioner.reference"),
    Column("organization", T, "Reference to the Organization.", "$.organization.reference"),
    Column("code", T, "Role code.", "$.code[0].coding[0].code"),
    Column("display", T, "Role in words (coding display).", "$.code[0].coding[0].display"),
    Column("code_text", T, "Role in words (text).", "$.code[0].text"),
    Column("locations", J, "Locations worked at.", "$.location", inside=REFERENCE),
    Column("started_at", AT, "Period start.", "$.period.start"),
    Column("ended_at", AT, "Period end.", "$.period.end"),
)
ORGANIZATIONS = _fhir(
    "organizations", "Organization",
    Column("name", T, "Name.", "$.name"),
    Column("part_of", T, "Reference to the organization above.", "$.partOf.reference"),
    Column("type", T, "Type code.", "$.type[0].coding[0].code"),
)
LOCATIONS = _fhir(
    "locations", "Location",
    Column("name", T, "Name: the best hint at the zone.", "$.name"),
    Column("physical_type", T, "physicalType code (unreliable as to zone).", "$.physicalType.coding[0].code"),
    Column("type", T, "Type code.", "$.type[0].coding[0].code"),
    Column("part_of", T, "Reference to the location above.", "$.partOf.reference"),
    Column("organization", T, "Reference to the managing organization (unit).", "$.managingOrganization.reference"),
)
COVERAGES = _fhir(
    "coverages", "Coverage",
    _person("$.beneficiary.reference"),
    Column("status", T, "Status.", "$.status"),
    Column("type", T, "Type code (payer class).", "$.type.coding[0].code"),
    Column("type_text", T, "Type in words.", "$.type.text"),
    Column("payor", T, "First payor.", "$.payor[0].display"),
    Column("started_at", AT, "Period start.", "$.period.start", DATE),
    Column("ended_at", AT, "Period end.", "$.period.end", DATE),
)
ENCOUNTERS = _fhir(
    "encounters", "Encounter",
    _person("$.subject.reference"),
    Column("status", T, "Status of the encounter.", "$.status"),
    Column("class_code", T, "Class: AMB, EMER, IMP, VR, ...", "$.class.code"),
    Column("type_code", T, "First type code.", "$.type[0].coding[0].code"),
    Column("type_text", T, "First type in words.", "$.type[0].text"),
    Column("type_display", T, "First type coding display.", "$.type[0].coding[0].display"),
    Column("service_type", T, "Service type in words.", "$.serviceType.text"),
    Column("priority", T, "Priority code.", "$.priority.coding[0].code"),
    Column("started_at", AT, "period.start.", "$.period.start", DATE),
    Column("ended_at", AT, "period.end.", "$.period.end", DATE),
    Column("status_history", J, "statusHistory array: status, period.", "$.statusHistory",
           inside=(("status", T), *PERIOD)),
    Column("class_history", J, "classHistory array: class, period.", "$.classHistory",
           inside=(("class.code", T), *PERIOD)),
    Column("locations", J, "location array: location, status, period.", "$.location",
           inside=(("location.reference", T), ("location.display", T), ("status", T), *PERIOD)),
    Column("participants", J, "participant array: type, individual, period.", "$.participant",
           inside=(("type[0].coding[0].code", T), ("individual.reference", T), *PERIOD)),
    Column("part_of", T, "Reference to the encounter this is part of.", "$.partOf.reference"),
    Column("provider", T, "Reference to the service provider (unit).", "$.serviceProvider.reference"),
    Column("appointment", T, "Reference to the appointment that booked it.", "$.appointment[0].reference"),
    Column("reason_code", T, "First reason code.", "$.reasonCode[0].coding[0].code"),
    Column("reason_text", T, "First reason in words.", "$.reasonCode[0].text", Personal.WORDS),
    Column("disposition", T, "Discharge disposition code.",
           "$.hospitalization.dischargeDisposition.coding[0].code"),
    Column("admit_source", T, "Admit source code.", "$.hospitalization.admitSource.coding[0].code"),
)
APPOINTMENTS = _fhir(
    "appointments", "Appointment",
    Column("person", T, "Reference to the patient among the participants.", "participant:Patient", ID),
    Column("status", T, "Status.", "$.status"),
    Column("started_at", AT, "Start of the slot.", "$.start", DATE),
    Column("ended_at", AT, "End of the slot.", "$.end", DATE),
    Column("created_at", AT, "When it was asked for.", "$.created", DATE),
    Column("cancel_reason", T, "Cancelation reason code.", "$.cancelationReason.coding[0].code"),
    Column("type", T, "Appointment type code.", "$.appointmentType.coding[0].code"),
    Column("service_type", T, "Service type in words.", "$.serviceType[0].text"),
    Column("description", T, "Description.", "$.description", Personal.WORDS),
    Column("comment", T, "Comment typed at booking.", "$.comment", Personal.WORDS),
    Column("reason_text", T, "Reason in words.", "$.reasonCode[0].text", Personal.WORDS),
    Column("slot", T, "Reference to the slot.", "$.slot[0].reference"),
    Column("based_on", T, "Reference to the request it fulfils.", "$.basedOn[0].reference", ID),
    Column("participants", J, "Participant array.", "$.participant",
           inside=(("actor.reference", T), ("status", T))),
    keeps_history=True,
)
SERVICE_REQUESTS = _fhir(
    "service_requests", "ServiceRequest",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("intent", T, "Intent.", "$.intent"),
    Column("category", T, "First category in words.", "$.category[0].text"),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("authored_at", AT, "authoredOn.", "$.authoredOn", DATE),
    Column("occurs_at", AT, "occurrenceDateTime: when it should happen.", "$.occurrenceDateTime", DATE),
    Column("requester", T, "Reference to who asked.", "$.requester.reference"),
)
CONDITIONS = _fhir(
    "conditions", "Condition",
    _person("$.subject.reference"), _encounter(),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("clinical_status", T, "Clinical status code.", "$.clinicalStatus.coding[0].code"),
    Column("onset_at", AT, "onsetDateTime.", "$.onsetDateTime", DATE),
    Column("recorded_at", AT, "recordedDate.", "$.recordedDate", DATE),
)
OBSERVATIONS = _fhir(
    "observations", "Observation",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("category", T, "First category code.", "$.category[0].coding[0].code"),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("effective_at", AT, "effectiveDateTime.", "$.effectiveDateTime", DATE),
    Column("effective_started_at", AT, "effectivePeriod.start.", "$.effectivePeriod.start", DATE),
    Column("effective_ended_at", AT, "effectivePeriod.end.", "$.effectivePeriod.end", DATE),
    Column("issued_at", AT, "issued.", "$.issued", DATE),
    Column("performer", T, "First performer.", "$.performer[0].reference"),
    Column("value", F, "valueQuantity.value.", "$.valueQuantity.value"),
    Column("value_integer", N, "valueInteger.", "$.valueInteger"),
    Column("value_code", T, "valueCodeableConcept code.", "$.valueCodeableConcept.coding[0].code"),
    Column("value_display", T, "valueCodeableConcept in words (coding display).",
           "$.valueCodeableConcept.coding[0].display", Personal.WORDS),
    Column("value_text", T, "valueCodeableConcept in words (text).", "$.valueCodeableConcept.text", Personal.WORDS),
    Column("value_string", T, "valueString.", "$.valueString", Personal.WORDS),
    Column("interpretation", T, "First interpretation code (N, A, H, L, HH, LL, POS, NEG).",
           "$.interpretation[0].coding[0].code"),
)
PROCEDURES = _fhir(
    "procedures", "Procedure",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_display", T, "Code display.", "$.code.coding[0].display"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("performed_at", AT, "performedDateTime.", "$.performedDateTime", DATE),
    Column("started_at", AT, "performedPeriod.start.", "$.performedPeriod.start", DATE),
    Column("ended_at", AT, "performedPeriod.end.", "$.performedPeriod.end", DATE),
    Column("performer", T, "First performer.", "$.performer[0].actor.reference"),
)
MEDICATION_REQUESTS = _fhir(
    "medication_requests", "MedicationRequest",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("intent", T, "Intent.", "$.intent"),
    Column("category", T, "Category code: outpatient, discharge, inpatient.", "$.category[0].coding[0].code"),
    Column("code", T, "Medication code.", "$.medicationCodeableConcept.coding[0].code"),
    Column("code_text", T, "Medication in words.", "$.medicationCodeableConcept.text"),
    Column("authored_at", AT, "authoredOn.", "$.authoredOn", DATE),
    Column("requester", T, "Reference to who prescribed.", "$.requester.reference"),
    Column("prior", T, "priorPrescription: what it renews.", "$.priorPrescription.reference", ID),
)
MEDICATION_DISPENSES = _fhir(
    "medication_dispenses", "MedicationDispense",
    _person("$.subject.reference"),
    Column("status", T, "Status.", "$.status"),
    Column("prescription", T, "First authorizing prescription.", "$.authorizingPrescription[0].reference", ID),
    Column("prepared_at", AT, "whenPrepared.", "$.whenPrepared", DATE),
    Column("handed_over_at", AT, "whenHandedOver.", "$.whenHandedOver", DATE),
    Column("location", T, "Reference to the place.", "$.location.reference"),
    Column("status_reason", T, "Why it was not dispensed, in words.", "$.statusReasonCodeableConcept.text"),
)
DIAGNOSTIC_REPORTS = _fhir(
    "diagnostic_reports", "DiagnosticReport",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("effective_at", AT, "effectiveDateTime.", "$.effectiveDateTime", DATE),
    Column("issued_at", AT, "issued: when it could be seen.", "$.issued", DATE),
    Column("results", J, "Result references.", "$.result", inside=REFERENCE),
    Column("performer", T, "First performer.", "$.performer[0].reference"),
)
AUDIT_EVENTS = _fhir(
    "audit_events", "AuditEvent",
    Column("person", T, "The patient whose record was read, or who read.", "auditevent:Patient", ID),
    Column("type", T, "Type code.", "$.type.code"),
    Column("subtype", T, "First subtype code.", "$.subtype[0].code"),
    Column("subtype_display", T, "First subtype display.", "$.subtype[0].display"),
    Column("action", T, "Action: C R U D E.", "$.action"),
    Column("recorded_at", AT, "recorded.", "$.recorded", DATE),
    Column("agent", T, "Reference of the requesting agent.", "$.agent[0].who.reference", ID),
    Column("agent_name", T, "Alternative name of the requesting agent (a prospect's session).",
           "$.agent[0].altId", ID),
    Column("entity", T, "First entity read.", "$.entity[0].what.reference", ID),
    Column("entities", J, "Entity array.", "$.entity", inside=(("what.reference", T),)),
)
COMMUNICATIONS = _fhir(
    "communications", "Communication",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("category", T, "First category code.", "$.category[0].coding[0].code"),
    Column("category_text", T, "First category in words.", "$.category[0].text"),
    Column("topic", T, "Topic in words.", "$.topic.text"),
    Column("medium", T, "First medium code.", "$.medium[0].coding[0].code"),
    Column("sent_at", AT, "sent.", "$.sent", DATE),
    Column("received_at", AT, "received.", "$.received", DATE),
    Column("sender", T, "Reference to the sender.", "$.sender.reference", ID),
    Column("recipient", T, "First recipient.", "$.recipient[0].reference", ID),
    Column("in_response_to", T, "What it answers.", "$.inResponseTo[0].reference", ID),
    Column("about", T, "First thing it is about.", "$.about[0].reference", ID),
    Column("priority", T, "Priority.", "$.priority"),
    Column("words", T, "The first payload's text.", "$.payload[0].contentString", Personal.WORDS),
)
CLAIMS = _fhir(
    "claims", "Claim",
    _person("$.patient.reference"),
    Column("encounter", T, "First item's first encounter.", "$.item[0].encounter[0].reference", ID),
    Column("status", T, "Status.", "$.status"),
    Column("created_at", AT, "created.", "$.created", DATE),
    Column("service_started_at", AT, "billablePeriod.start.", "$.billablePeriod.start", DATE),
    Column("service_ended_at", AT, "billablePeriod.end.", "$.billablePeriod.end", DATE),
    Column("total", F, "Total value.", "$.total.value"),
)
EXPLANATIONS_OF_BENEFIT = _fhir(
    "explanations_of_benefit", "ExplanationOfBenefit",
    _person("$.patient.reference"),
    Column("claim", T, "Reference to the claim.", "$.claim.reference", ID),
    Column("status", T, "Status.", "$.status"),
    Column("outcome", T, "Outcome.", "$.outcome"),
    Column("created_at", AT, "created.", "$.created", DATE),
    Column("service_ended_at", AT, "billablePeriod.end.", "$.billablePeriod.end", DATE),
    Column("payment", F, "Payment amount.", "$.payment.amount.value"),
)
SCHEDULES = _fhir(
    "schedules", "Schedule",
    Column("actor", T, "First actor.", "$.actor[0].reference"),
    Column("active", B, "In use.", "$.active"),
    Column("service_type", T, "First service type in words.", "$.serviceType[0].text"),
    Column("service_code", T, "First service type, first code.", "$.serviceType[0].coding[0].code"),
    Column("actors", J, "Actor array: who, where.", "$.actor", inside=REFERENCE),
)
SLOTS = _fhir(
    "slots", "Slot",
    Column("schedule", T, "Reference to the schedule.", "$.schedule.reference"),
    Column("status", T, "busy, free, ...", "$.status"),
    Column("started_at", AT, "start.", "$.start"),
    Column("ended_at", AT, "end.", "$.end"),
    Column("service_type", T, "First service type in words.", "$.serviceType[0].text"),
    Column("service_code", T, "First service type, first code.", "$.serviceType[0].coding[0].code"),
)
INVOICES = _fhir(
    "invoices", "Invoice",
    _person("$.subject.reference"),
    Column("status", T, "Status.", "$.status"),
    Column("dated_at", AT, "date: when it was issued.", "$.date", DATE),
    Column("total", F, "totalGross.", "$.totalGross.value"),
)
COVERAGE_ELIGIBILITY_REQUESTS = _fhir(
    "coverage_eligibility_requests", "CoverageEligibilityRequest",
    _person("$.patient.reference"),
    Column("status", T, "Status.", "$.status"),
    Column("created_at", AT, "created.", "$.created", DATE),
)
COVERAGE_ELIGIBILITY_RESPONSES = _fhir(
    "coverage_eligibility_responses", "CoverageEligibilityResponse",
    _person("$.patient.reference"),
    Column("status", T, "Status.", "$.status"),
    Column("created_at", AT, "created.", "$.created", DATE),
    Column("outcome", T, "Outcome.", "$.outcome"),
)
CLAIM_RESPONSES = _fhir(
    "claim_responses", "ClaimResponse",
    _person("$.patient.reference"),
    Column("claim", T, "Reference to the claim.", "$.request.reference", ID),
    Column("status", T, "Status.", "$.status"),
    Column("created_at", AT, "created.", "$.created", DATE),
    Column("outcome", T, "Outcome.", "$.outcome"),
)
TASKS = _fhir(
    "tasks", "Task",
    _person("$.for.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("profile", T, "First profile the source says it keeps.", "$.meta.profile[0]"),
    Column("code", T, "Code.", "$.code.coding[0].code"),
    Column("code_text", T, "Code in words.", "$.code.text"),
    Column("focus", T, "Reference to what it is about.", "$.focus.reference", ID),
    Column("authored_at", AT, "authoredOn.", "$.authoredOn", DATE),
    Column("requester", T, "Reference to who asked.", "$.requester.reference"),
    Column("assigned_to", T, "Reference to who is to do it.", "$.owner.reference", ID),
)
COMMUNICATION_REQUESTS = _fhir(
    "communication_requests", "CommunicationRequest",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("category_text", T, "First category in words.", "$.category[0].text"),
    Column("medium", T, "First medium code.", "$.medium[0].coding[0].code"),
    Column("authored_at", AT, "authoredOn.", "$.authoredOn", DATE),
    Column("occurs_at", AT, "occurrenceDateTime: when it should be sent.", "$.occurrenceDateTime", DATE),
    Column("requester", T, "Reference to who asked for it.", "$.requester.reference"),
    Column("recipient", T, "First recipient.", "$.recipient[0].reference", ID),
)
QUESTIONNAIRE_RESPONSES = _fhir(
    "questionnaire_responses", "QuestionnaireResponse",
    _person("$.subject.reference"), _encounter(),
    Column("status", T, "Status.", "$.status"),
    Column("questionnaire", T, "Canonical address of the questionnaire.", "$.questionnaire"),
    Column("authored_at", AT, "authored.", "$.authored", DATE),
    Column("author", T, "Reference to who filled it in.", "$.author.reference", ID),
    Column("source", T, "Reference to who answered.", "$.source.reference", ID),
)
DOCUMENT_REFERENCES = _fhir(
    "document_references", "DocumentReference",
    _person("$.subject.reference"),
    Column("encounter", T, "Reference to the encounter it belongs to.", "$.context.encounter[0].reference", ID),
    Column("status", T, "Status.", "$.status"),
    Column("type_text", T, "Type in words.", "$.type.text"),
    Column("type_display", T, "Type in words (coding display).", "$.type.coding[0].display"),
    Column("dated_at", AT, "date.", "$.date", DATE),
    Column("author", T, "First author.", "$.author[0].reference"),
)
OTHER_RESOURCES = Table(
    name="other_resources",
    grain="one row per resource of a type we keep but do not read, and version landed",
    key=("id", "content_hash"),
    columns=(Column("type", T, "The resource type.", "$.resourceType"),),
)

# ---- plain files: the columns a hospital maps its own headings to -----------------------------------------
_IDENTIFIERS = (
    Column("person_mrn", T, "Medical record number.", "person_mrn", ID),
    Column("person_phone", T, "Phone number.", "person_phone", Personal.CONTACT),
    Column("person_email", T, "Mail address.", "person_email", Personal.CONTACT),
    Column("portal_account", T, "Portal account.", "portal_account", ID),
)


def _feed(name: str, grain: str, *columns: Column) -> Table:
    return Table(name=name, grain=grain, key=(columns[0].name, "content_hash"), columns=columns, resource=name)


UNITS = _feed(
    "units", "one row per unit of the organisation and period of validity",
    Column("unit_id", T, "The unit's id (an Organization id where FHIR is delivered).", "unit_id"),
    Column("name", T, "Its name in that period.", "name"),
    Column("kind", T, "system, site, department or unit.", "kind"),
    Column("parent_id", T, "The unit above.", "parent_id"),
    Column("time_zone", T, "IANA time zone, on sites.", "time_zone"),
    Column("valid_from", D, "First day of this name and place in the tree.", "valid_from"),
    Column("valid_to", D, "Last day; empty while valid.", "valid_to"),
    Column("merged_into", T, "The unit that took it over.", "merged_into"),
    Column("facility_id", T, "CMS certification number, on what reports to CMS as one hospital.", "facility_id"),
)
STAFF = _feed(
    "staff", "one row per staff member, role and period",
    Column("staff_id", T, "The Practitioner id.", "staff_id"),
    Column("name", T, "Name.", "name", Personal.NAME),
    Column("role", T, "Role in the hospital's words.", "role"),
    Column("unit_id", T, "Unit.", "unit_id"),
    Column("languages", T, "Languages spoken, separated by ';'.", "languages"),
    Column("valid_from", D, "First day.", "valid_from"),
    Column("valid_to", D, "Last day; empty while valid.", "valid_to"),
)
CONTACTS = _feed(
    "contacts", "one row per call, text, mail, letter or portal contact",
    Column("contact_id", T, "Id of the contact.", "contact_id", ID),
    *_IDENTIFIERS,
    Column("direction", T, "in (they reached us) or out (we reached them).", "direction"),
    Column("channel", T, "phone, sms, mail (letter), email, portal.", "channel"),
    Column("topic", T, "Topic in the hospital's words.", "topic"),
    Column("started_at", AT, "Start.", "started_at", DATE),
    Column("ended_at", AT, "End; empty for texts and letters.", "ended_at", DATE),
    Column("queue_minutes", F, "Minutes on hold before somebody answered.", "queue_minutes"),
    Column("talk_minutes", F, "Minutes talked.", "talk_minutes"),
    Column("transfers", N, "Times passed on.", "transfers"),
    Column("staff_id", T, "Who dealt with it.", "staff_id"),
    Column("unit_id", T, "Unit.", "unit_id"),
    Column("sender", T, "Programme that sent it, for what we started.", "sender"),
    Column("in_reply_to", T, "The contact it continues.", "in_reply_to", ID),
    Column("outcome", T, "resolved, unresolved, abandoned, voicemail, delivered, bounced, opted_out.", "outcome"),
    Column("automated", B, "True when no human spoke or wrote.", "automated"),
    Column("speaker", T, "self, family, representative, proxy, other.", "speaker"),
    Column("words", T, "Note or text.", "words", Personal.WORDS),
)
SURVEYS = _feed(
    "surveys", "one row per answer to one item",
    Column("answer_id", T, "Id of the answer.", "answer_id", ID),
    Column("response_id", T, "The filled-in form it belongs to.", "response_id", ID),
    *_IDENTIFIERS,
    Column("survey", T, "Instrument.", "survey"),
    Column("item", T, "Item key.", "item"),
    Column("value", T, "The answer as given.", "value"),
    Column("asked_at", AT, "When it was asked.", "asked_at", DATE),
    Column("answered_at", AT, "When it was answered.", "answered_at", DATE),
    Column("mode", T, "mail, phone, web, sms, desk.", "mode"),
    Column("language", T, "Language of the form.", "language"),
    Column("respondent", T, "self, family (for themselves), proxy (for the patient).", "respondent"),
    Column("encounter_id", T, "Encounter it was asked about.", "encounter_id", ID),
    Column("contact_id", T, "Contact it was asked about.", "contact_id", ID),
    Column("unit_id", T, "Unit it was asked about.", "unit_id"),
)
COMMENTS = _feed(
    "comments", "one row per free-text answer",
    Column("comment_id", T, "Id of the comment.", "comment_id", ID),
    Column("response_id", T, "The filled-in form it belongs to.", "response_id", ID),
    *_IDENTIFIERS,
    Column("question", T, "Question as asked.", "question"),
    Column("words", T, "What was written.", "words", Personal.WORDS),
    Column("language", T, "Language written in.", "language"),
    Column("respondent", T, "self, family, other.", "respondent"),
    Column("created_at", AT, "When it was written.", "created_at", DATE),
    Column("encounter_id", T, "Encounter it was asked about.", "encounter_id", ID),
    Column("unit_id", T, "Unit it was asked about.", "unit_id"),
    Column("service", T, "Service in the hospital's words.", "service"),
    Column("shown_to", T, "To whom the person lets the words be shown without the name: staff (leaders too), leaders or"
                          " nobody; empty where nobody asked.", "shown_to"),
)

HOSPITAL_SCORES = _feed(
    "hospital_scores", "one row per hospital and period of a public HCAHPS file",
    Column("facility_id", T, "CMS certification number of the hospital.", "facility_id"),
    Column("state", T, "State.", "state"),
    Column("num_completed_surveys", N, "Completed surveys; empty where not given.", "num_completed_surveys"),
    Column("survey_response_rate_percent", F, "Response rate, 0 to 100.", "survey_response_rate_percent"),
    Column("number_of_beds", F, "Beds.", "number_of_beds"),
    Column("start_date", T, "First day of the period, as written.", "start_date"),
    Column("end_date", T, "Last day of the period, as written.", "end_date"),
    *(Column(name, F, f"{words}: best answers, 0 to 100.", name) for name, words in (
        ("h_comp_1_a_p", "Nurses"), ("h_comp_2_a_p", "Doctors"), ("h_comp_3_a_p", "Responsiveness"),
        ("h_comp_5_a_p", "Medicines"), ("h_comp_6_y_p", "Discharge information"), ("h_comp_7_sa", "Care transition"),
        ("h_clean_hsp_a_p", "Cleanliness"), ("h_quiet_hsp_a_p", "Quietness"),
        ("h_hsp_rating_9_10", "Overall rating of 9 or 10"), ("h_recmnd_dy", "Would definitely recommend"),
    )),
)

FHIR_TABLES: tuple[Table, ...] = (
    PATIENTS, RELATED_PERSONS, PRACTITIONERS, PRACTITIONER_ROLES, ORGANIZATIONS, LOCATIONS, COVERAGES, ENCOUNTERS,
    APPOINTMENTS, SERVICE_REQUESTS, CONDITIONS, OBSERVATIONS, PROCEDURES, MEDICATION_REQUESTS,
    MEDICATION_DISPENSES, DIAGNOSTIC_REPORTS, AUDIT_EVENTS, COMMUNICATIONS, CLAIMS, EXPLANATIONS_OF_BENEFIT,
    INVOICES, COVERAGE_ELIGIBILITY_REQUESTS, COVERAGE_ELIGIBILITY_RESPONSES, CLAIM_RESPONSES, TASKS,
    COMMUNICATION_REQUESTS, QUESTIONNAIRE_RESPONSES, DOCUMENT_REFERENCES, SCHEDULES, SLOTS,
)
FEED_TABLES: tuple[Table, ...] = (UNITS, STAFF, CONTACTS, SURVEYS, COMMENTS, HOSPITAL_SCORES)
LANDED: tuple[Table, ...] = (*FHIR_TABLES, OTHER_RESOURCES, *FEED_TABLES)
