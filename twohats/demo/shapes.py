"""The shapes of the FHIR lines we write: each drawn once as a dictionary, serialised once, then only filled in.

In a shape, "%s" is a text that needs no escaping, TEXT and NUMBER take ready JSON, and MORE is where optional
members (", ..." ready JSON or nothing) may follow.
"""

from typing import Any

import orjson

NUMBER = "@json"
TEXT = "@json"
MORE = {"@more": 0}


def shape(**members: Any) -> str:
    """A template for `%`, from the members of a resource in the order written."""
    text = orjson.dumps(members).decode()
    return text.replace('"@json"', "%s").replace(',"@more":0', "%s")


def json_text(words: str) -> str:
    """Any text as a JSON string."""
    return orjson.dumps(words).decode()


def coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    """A Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(system: str, code: str, text: str | None = None) -> dict[str, Any]:
    """A CodeableConcept with one coding."""
    return {"coding": [coding(system, code)], **({"text": text} if text else {})}


def reference(kind: str) -> dict[str, str]:
    """A reference whose id is filled in."""
    return {"reference": f"{kind}/%s"}


THO = "http://terminology.hl7.org/CodeSystem/"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"

META = {"versionId": "%s", "lastUpdated": "%s", **MORE}
META1 = {"versionId": "1", "lastUpdated": "%s", **MORE}

PATIENT = shape(
    resourceType="Patient",
    id="%s",
    meta=META,
    extension=NUMBER,
    identifier=NUMBER,
    active=NUMBER,
    name=[{"use": "official", "family": "%s", "given": ["%s"]}],
    telecom=NUMBER,
    gender="%s",
    birthDate="%s",
    address=[{"use": "home", "line": ["%s"], "city": "%s", "state": "%s", "postalCode": "%s"}],
    communication=[{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "%s"}]}, "preferred": True}],
    managingOrganization=reference("Organization"),
    **MORE,
)
RELATED_PERSON = shape(
    resourceType="RelatedPerson",
    id="%s",
    meta=META1,
    active=True,
    patient=reference("Patient"),
    relationship=[{"coding": [coding(THO + "v3-RoleCode", "%s")], "text": "%s"}],
    name=[{"family": "%s", "given": ["%s"]}],
    telecom=NUMBER,
)
COVERAGE = shape(
    resourceType="Coverage",
    id="%s",
    meta=META1,
    status="active",
    type={"coding": [coding("%s", "%s")], "text": "%s"},
    beneficiary=reference("Patient"),
    period={"start": "%s"},
    payor=[{"reference": "%s", "display": "%s"}],
)
CONDITION = shape(
    resourceType="Condition",
    id="%s",
    meta=META1,
    clinicalStatus=concept(THO + "condition-clinical", "%s"),
    verificationStatus=concept(THO + "condition-ver-status", "confirmed"),
    category=[concept(THO + "condition-category", "%s")],
    code={"coding": [coding(ICD, "%s")], "text": "%s"},
    subject=reference("Patient"),
    **MORE,
)
OBSERVATION = shape(
    resourceType="Observation",
    id="%s",
    meta=META1,
    status="final",
    category=[concept(THO + "observation-category", "%s")],
    code=NUMBER,
    subject=reference("Patient"),
    encounter=reference("Encounter"),
    effectiveDateTime="%s",
    **MORE,
)
PROCEDURE = shape(
    resourceType="Procedure",
    id="%s",
    meta=META1,
    status="%s",
    code=NUMBER,
    subject=reference("Patient"),
    encounter=reference("Encounter"),
    performedPeriod=NUMBER,
    **MORE,
)
SERVICE_REQUEST = shape(
    resourceType="ServiceRequest",
    id="%s",
    meta=META1,
    status="%s",
    intent="order",
    category=[{"text": "%s"}],
    code={"text": "%s"},
    subject=reference("Patient"),
    encounter=reference("Encounter"),
    authoredOn="%s",
    requester={"reference": "%s"},
    **MORE,
)
MEDICATION_REQUEST = shape(
    resourceType="MedicationRequest",
    id="%s",
    meta=META1,
    status="%s",
    intent="%s",
    category=[concept(THO + "medicationrequest-category", "%s")],
    medicationCodeableConcept={"coding": [coding(RXNORM, "%s")], "text": "%s"},
    subject=reference("Patient"),
    authoredOn="%s",
    requester={"reference": "%s"},
    **MORE,
)
MEDICATION_DISPENSE = shape(
    resourceType="MedicationDispense",
    id="%s",
    meta=META1,
    status="%s",
    **MORE,
    medicationCodeableConcept={"coding": [coding(RXNORM, "%s")], "text": "%s"},
    subject=reference("Patient"),
    authorizingPrescription=[reference("MedicationRequest")],
    location=reference("Location"),
    whenPrepared="%s",
)
DIAGNOSTIC_REPORT = shape(
    resourceType="DiagnosticReport",
    id="%s",
    meta=META1,
    status="final",
    category=[concept(THO + "v2-0074", "LAB")],
    code={"coding": [coding(LOINC, "%s")], "text": "%s"},
    subject=reference("Patient"),
    encounter=reference("Encounter"),
    effectiveDateTime="%s",
    issued="%s",
    performer=[reference("Organization")],
    result=NUMBER,
)
AUDIT_EVENT = shape(
    resourceType="AuditEvent",
    id="%s",
    meta=META1,
    type=coding(DICOM, "%s", "%s"),
    subtype=[coding("urn:portal:activity", "%s", "%s")],
    action="%s",
    recorded="%s",
    outcome="0",
    agent=[{"@agent": 0, "requestor": True}],
    source={
        "observer": {"display": "Patient portal"},
        "type": [coding(THO + "security-source-type", "1", "User Device")],
    },
    **MORE,
).replace('"@agent":0', "%s")
COMMUNICATION = shape(
    resourceType="Communication",
    id="%s",
    meta=META1,
    **MORE,
    status="completed",
    category=[NUMBER],
    priority="%s",
    medium=[concept(THO + "v3-ParticipationMode", "%s")],
    subject=reference("Patient"),
    topic={"text": "%s"},
    sent="%s",
    recipient=[{"reference": "%s"}],
    sender={"reference": "%s"},
    payload=[{"contentString": TEXT}],
)
CLAIM = shape(
    resourceType="Claim",
    id="%s",
    meta=META1,
    status="active",
    type=concept(THO + "claim-type", "%s"),
    use="claim",
    patient=reference("Patient"),
    billablePeriod={"start": "%s", "end": "%s"},
    created="%s",
    provider=reference("Organization"),
    priority=concept(THO + "processpriority", "normal"),
    insurance=[{"sequence": 1, "focal": True, "coverage": reference("Coverage")}],
    item=[{"sequence": 1, "productOrService": {"text": "%s"}, "encounter": [reference("Encounter")]}],
    total={"value": NUMBER, "currency": "USD"},
)
EXPLANATION_OF_BENEFIT = shape(
    resourceType="ExplanationOfBenefit",
    id="%s",
    meta=META1,
    status="active",
    type=concept(THO + "claim-type", "%s"),
    use="claim",
    patient=reference("Patient"),
    billablePeriod={"start": "%s", "end": "%s"},
    created="%s",
    insurer={"reference": "%s"},
    provider=reference("Organization"),
    claim=reference("Claim"),
    outcome="complete",
    insurance=[{"focal": True, "coverage": reference("Coverage")}],
    payment={"amount": {"value": NUMBER, "currency": "USD"}},
)
SLOT = shape(
    resourceType="Slot", id="%s", meta=META1, schedule=reference("Schedule"), status="%s", start="%s", end="%s"
)
OPEN_SLOT = shape(
    resourceType="Slot",
    id="%s",
    meta={"versionId": "%s", "lastUpdated": "%s"},
    serviceType=[{"text": "%s"}],
    schedule=reference("Schedule"),
    status="%s",
    start="%s",
    end="%s",
)
APPOINTMENT = shape(
    resourceType="Appointment",
    id="%s",
    meta=META,
    status="%s",
    **MORE,
    serviceType=[{"text": "%s"}],
    appointmentType=concept(THO + "v2-0276", "%s"),
    start="%s",
    end="%s",
    slot=[reference("Slot")],
    created="%s",
    participant=NUMBER,
)
ENCOUNTER = shape(
    resourceType="Encounter",
    id="%s",
    meta=META,
    status="%s",
    **MORE,
    subject=reference("Patient"),
    period=NUMBER,
    serviceProvider=reference("Organization"),
)
ENCOUNTER_CLASS = shape(system=THO + "v3-ActCode", code="%s")
