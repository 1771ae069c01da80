"""What the catalogue says of a kind of record is what a build makes of one line of it: an interaction, or none yet."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.spec.drawing import encounter, message, moment, observation, period, procedure, roles
from twohats.analysis.build import build_lines
from twohats.words.touchpoints import touchpoints

ANA = {"reference": "Patient/ana"}
DIAZ = {"reference": "Practitioner/diaz"}
AS_OF = datetime(2026, 4, 20, tzinfo=UTC)


def of(kind: str, key: str = "x", **elements: Any) -> dict[str, Any]:
    """One resource of that kind."""
    return {"resourceType": kind, "id": key, **elements}


def visit(**drawn: Any) -> dict[str, Any]:
    """A visit of Ana's from 10:00 to 11:00."""
    return encounter("v", "10:00", "11:00", **drawn)


def booking(
    status: str = "booked", version: int = 1, starts: str = "2026-03-05T10:00:00Z", **more: Any
) -> dict[str, Any]:
    """A version of Ana's appointment."""
    return of(
        "Appointment",
        "a",
        status=status,
        start=starts,
        created="2026-02-01T10:00:00Z",
        participant=[{"actor": ANA}],
        meta={"versionId": str(version), "lastUpdated": f"2026-02-0{version}T10:00:00Z"},
        **more,
    )


def looked(what: str, code: str = "read", **more: Any) -> dict[str, Any]:
    """Something Ana did in the portal."""
    entity = {"entity": [{"what": {"reference": what}}, {"what": ANA}]} if what else {"entity": [{"what": ANA}]}
    return of("AuditEvent", subtype=[{"code": code}], recorded=moment("09:00"), agent=[{"who": ANA}], **entity) | more


def asked(topic: str) -> dict[str, Any]:
    """A message of Ana's to us."""
    return message("m", "09:00", topic, None, sender="Patient/ana", recipient=[{"reference": "Organization/ed"}])


def request(text: str, category: str = "", about: str | None = None) -> dict[str, Any]:
    """Something a clinician asked to be done."""
    within = {"encounter": {"reference": f"Encounter/{about}"}} if about else {}
    return of(
        "ServiceRequest",
        status="active",
        intent="order",
        subject=ANA,
        authoredOn=moment("10:40"),
        requester=DIAZ,
        code={"text": text},
        **({"category": [{"text": category}]} if category else {}),
        **within,
    )


def medicine(**more: Any) -> dict[str, Any]:
    """A prescription of 2 March."""
    return of(
        "MedicationRequest",
        "r",
        status="active",
        intent="order",
        subject=ANA,
        authoredOn=moment("09:00"),
        requester=DIAZ,
        **more,
    )


def handed_over(prescription: str = "r") -> dict[str, Any]:
    """A medicine picked up the next day."""
    return of(
        "MedicationDispense",
        status="completed",
        subject=ANA,
        whenHandedOver="2026-03-03T12:00:00Z",
        authorizingPrescription=[{"reference": f"MedicationRequest/{prescription}"}],
    )


def paper(kind: str, **more: Any) -> dict[str, Any]:
    """A paper about money with its patient and its day."""
    return of(kind, status="active", patient=ANA, created="2026-03-02", **more)


def report(flag: str) -> list[dict[str, Any]]:
    """A laboratory's report with one value."""
    return [
        of(
            "Observation",
            "o",
            status="final",
            subject=ANA,
            category=[{"coding": [{"code": "laboratory"}]}],
            interpretation=[{"coding": [{"code": flag}]}],
        ),
        of(
            "DiagnosticReport",
            "g",
            status="final",
            subject=ANA,
            issued=moment("09:00"),
            result=[{"reference": "Observation/o"}],
        ),
    ]


VITALS = observation("o", "10:30", code="8480-6", value=120, category="vital-signs")
TREATED = procedure("p", "Wound repair", "10:10", "10:30")
BOARDED = visit(
    kind="EMER",
    places=[("Treatment Bay 1", "10:00", "10:50"), ("Ward 3", "10:50", "11:00")],
    classHistory=[
        {"class": {"code": "EMER"}, "period": period("10:00", "10:50")},
        {"class": {"code": "IMP"}, "period": period("10:50", "11:00")},
    ],
)
LINES: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("treatment_competence", "Encounter.status in-progress"): [visit(statuses=[("in-progress", "10:00", "11:00")])],
    ("treatment_competence", "Encounter.participant ATND, PPRF"): [visit(people=[("diaz", "10:10", "10:30")])],
    ("treatment_competence", "Encounter.location zone treatment, ward, theatre, imaging"): [
        visit(places=[("Exam Room 1", "10:00", "11:00")])
    ],
    ("treatment_competence", "Procedure"): [visit(), TREATED],
    ("treatment_competence", "Encounter.class VR"): [visit(kind="VR")],
    ("clinician_communication", "Communication.sender Practitioner about DiagnosticReport"): [
        message("m", "09:00", "Result", None, sender="Practitioner/diaz", about=[{"reference": "DiagnosticReport/g"}])
    ],
    ("clinician_communication", "DiagnosticReport explained"): [
        message("m", "09:00", "Result explained", None, sender="Practitioner/diaz")
    ],
    ("staff_manner_clinical", "Encounter.participant"): [visit(people=[("diaz", "10:10", "10:30")])],
    ("medication_pain", "MedicationRequest authored"): [medicine()],
    ("medication_pain", "MedicationAdministration"): [
        of("MedicationAdministration", status="completed", subject=ANA, effectiveDateTime=moment("10:20"))
    ],
    ("emotional_support_safety", "Observation distress observed"): [
        visit(),
        observation("o", "10:05", code="x", value=5, words="Distress observed"),
    ],
    ("information_education", "Procedure patient education"): [
        visit(),
        procedure("p", "Patient education", "10:10", "10:20"),
    ],
    ("information_education", "Procedure able to manage at home asked"): [
        visit(),
        procedure("p", "Able to manage at home asked", "10:10", "10:20"),
    ],
    ("continuity_followup", "DiagnosticReport abnormal and not followed up"): report("H"),
    ("continuity_followup", "Communication clinical follow-up"): [
        message("m", "09:00", "Follow-up call", None, sender="Practitioner/diaz")
    ],
    ("staffing_responsiveness", "Encounter.location zone ward"): [visit(places=[("Ward 3", "10:00", "11:00")])],
    ("staffing_responsiveness", "Observation vital-signs"): [visit(places=[("Ward 3", "10:00", "11:00")]), VITALS],
    ("check_in", "Appointment.status checked-in, arrived"): [booking("arrived")],
    ("check_in", "Encounter.status arrived"): [visit(statuses=[("arrived", "10:00", "11:00")])],
    ("check_in", "Encounter.location zone front_desk"): [visit(places=[("Front Desk", "10:00", "11:00")])],
    ("check_in", "Encounter.participant clerk"): [visit(people=[("eve", "10:00", "10:10")])],
    ("scheduling_access", "Slot search"): [of("Slot", status="free", start=moment("10:00"), end=moment("11:00"))],
    ("scheduling_access", "Schedule"): [of("Schedule", active=True, actor=[DIAZ])],
    ("scheduling_access", "Appointment.status proposed, pending, booked"): [booking()],
    ("scheduling_access", "AppointmentResponse"): [of("AppointmentResponse", actor=ANA, participantStatus="accepted")],
    ("wait_timeliness", "Encounter.status arrived after registration"): [
        visit(statuses=[("arrived", "10:00", "11:00")])
    ],
    ("wait_timeliness", "Encounter.location zone waiting"): [visit(places=[("Waiting Room", "10:00", "11:00")])],
    ("phone_digital_access", "AuditEvent log-in"): [looked("", "login")],
    ("phone_digital_access", "Communication sender Patient, practical topic"): [asked("Practical question")],
    ("portal_results", "AuditEvent read of DiagnosticReport by Patient, RelatedPerson"): [looked("DiagnosticReport/g")],
    ("billing_insurance", "Coverage"): [of("Coverage", status="active", beneficiary=ANA, period=period("10:00", None))],
    ("billing_insurance", "CoverageEligibilityRequest"): [paper("CoverageEligibilityRequest")],
    ("billing_insurance", "CoverageEligibilityResponse"): [paper("CoverageEligibilityResponse", outcome="complete")],
    ("billing_insurance", "Claim"): [paper("Claim")],
    ("billing_insurance", "ClaimResponse"): [paper("ClaimResponse", outcome="complete")],
    ("billing_insurance", "ExplanationOfBenefit"): [paper("ExplanationOfBenefit", outcome="complete")],
    ("billing_insurance", "Account"): [
        of("Account", status="active", subject=[ANA], servicePeriod=period("10:00", None))
    ],
    ("billing_insurance", "Invoice"): [of("Invoice", status="issued", subject=ANA, date="2026-03-02T08:00:00Z")],
    ("billing_insurance", "PaymentNotice"): [of("PaymentNotice", status="active", created="2026-03-02")],
    ("discharge", "ServiceRequest discharge order"): [
        visit(statuses=[("in-progress", "10:00", "11:00")]),
        request("Patient discharge", about="v"),
    ],
    ("discharge", "Encounter.status finished"): [visit(statuses=[("finished", "10:50", "11:00")])],
    ("discharge", "Encounter.hospitalization.dischargeDisposition"): [
        visit(hospitalization={"dischargeDisposition": {"coding": [{"code": "home"}]}})
    ],
    ("discharge", "DocumentReference discharge instructions"): [
        of(
            "DocumentReference",
            status="current",
            subject=ANA,
            date=moment("10:50"),
            type={"text": "Discharge instructions"},
        )
    ],
    ("discharge", "Communication discharge papers"): [visit(), message("m", "10:50", "Discharge papers")],
    ("discharge", "Encounter.location zone discharge_lounge"): [visit(places=[("Discharge Lounge", "10:00", "11:00")])],
    ("transport_parking_location", "ServiceRequest transport"): [request("Community transport")],
    ("transport_parking_location", "Communication ride home"): [message("m", "10:50", "Ride home", None)],
    ("transport_parking_location", "Encounter.location zone pickup"): [
        visit(places=[("Exam Room 1", "10:00", "10:40"), ("Pick-up Curb", "10:40", "11:00")]),
        TREATED,
    ],
    ("facilities_environment", "Location"): [visit(places=[("Exam Room 1", "10:00", "11:00")])],
    ("food", "NutritionOrder"): [of("NutritionOrder", status="active", patient=ANA, dateTime=moment("10:00"))],
    ("family_carer_involvement", "RelatedPerson"): [of("RelatedPerson", patient=ANA)],
    ("family_carer_involvement", "Consent"): [of("Consent", status="active", patient=ANA, dateTime="2026-03-02")],
    ("family_carer_involvement", "CareTeam.participant"): [of("CareTeam", status="active", subject=ANA)],
    ("staff_manner_nonclinical", "Encounter.participant not clinical"): [visit(people=[("eve", "10:00", "10:10")])],
    ("informed_updates", "Communication status update"): [message("m", "10:00", "Status update", None)],
    ("referral_coordination", "Task TaskForReferralManagement"): [
        of(
            "Task",
            status="requested",
            intent="order",
            authoredOn=moment("09:00"),
            focus={"reference": "ServiceRequest/q"},
            code={"coding": [{"code": "fulfill"}]},
            **{"for": ANA},
        )
    ],
    ("referral_coordination", "ServiceRequest referral, SDOH"): [request("Referral to food pantry")],
    ("referral_coordination", "ServiceRequest follow-up"): [request("Come back in a week", category="Follow-up")],
    ("prescription_supply_access", "MedicationRequest outpatient"): [medicine()],
    ("prescription_supply_access", "MedicationDispense"): [medicine(), handed_over()],
    ("prescription_supply_access", "MedicationDispense absent"): [
        medicine(),
        medicine() | {"id": "s"},
        handed_over("s"),
    ],
    ("organisation_funding", "Organization"): [of("Organization", "ed", name="ED")],
    ("rescheduling", "Appointment booked then cancelled, rescheduled"): [booking(), booking("cancelled", 2)],
    ("rescheduling", "Appointment.cancelationReason"): [booking(cancelationReason={"coding": [{"code": "pat"}]})],
    ("missed_visit", "Appointment.status noshow"): [booking(), booking("noshow", 2)],
    ("triage", "Encounter.status triaged"): [visit(statuses=[("triaged", "10:00", "11:00")]), VITALS],
    ("triage", "Observation triage vitals"): [visit(places=[("Triage", "10:00", "11:00")]), VITALS],
    ("triage", "Encounter.location zone triage"): [visit(places=[("Triage", "10:00", "11:00")])],
    ("triage", "Encounter.participant nurse"): [
        visit(statuses=[("triaged", "10:00", "11:00")], people=[("nina", "10:10", "10:20")])
    ],
    ("away", "Encounter.status onleave"): [visit(statuses=[("onleave", "10:00", "11:00")])],
    ("admission_boarding", "Encounter.classHistory EMER to IMP"): [BOARDED, TREATED],
    ("admission_boarding", "Encounter.location change"): [
        visit(
            kind="EMER",
            places=[("Treatment Bay 1", "10:00", "10:50"), ("Ward 3", "10:50", "11:00")],
            classHistory=[{"class": {"code": "EMER"}, "period": period("10:00", "11:00")}],
        ),
        TREATED,
    ],
    ("needs_screening", "Observation category sdoh, survey"): [
        visit(),
        observation("o", "10:20", code="88122-7", value=1, category="survey"),
    ],
    ("needs_screening", "QuestionnaireResponse AHC, PRAPARE"): [
        of(
            "QuestionnaireResponse",
            status="completed",
            questionnaire="http://example.org/Questionnaire/prapare",
            subject=ANA,
            authored=moment("09:00"),
            source=ANA,
        )
    ],
    ("clinical_message", "Communication sender Patient, clinical topic"): [asked("Clinical question")],
    ("reminder_todo", "CommunicationRequest"): [
        of("CommunicationRequest", status="active", subject=ANA, authoredOn=moment("09:00"))
    ],
    ("reminder_todo", "Task TaskForPatient"): [
        of("Task", status="ready", intent="order", authoredOn=moment("09:00"), owner=ANA, **{"for": ANA})
    ],
    ("provider_search", "AuditEvent find-a-doctor search"): [
        looked("", "search", agent=[{"altId": "s-@", "requestor": True}], entity=[])
    ],
}
"""Touchpoint and element of the catalogue, and the fewest lines that tell of it."""
EVERY = [(point, element) for point in touchpoints() for element in point.fhir]
SHARED = ("Patient", "Practitioner", "Organization", "Location")


def apart(lines: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """The same lines about somebody of their own, so that all can be built at once."""
    text = json.dumps(lines).replace("Patient/ana", f"Patient/p{number}").replace("s-@", f"s-{number}")
    text = re.sub(
        r'"reference": "(\w+)/([^"]+)"',
        lambda found: found[0] if found[1] in SHARED else f'"reference": "{found[1]}/{number}-{found[2]}"',
        text,
    )
    return [line | {"id": f"{number}-{line['id']}"} for line in json.loads(text)]


@pytest.fixture(scope="module")
def made() -> dict[tuple[str, str], set[str]]:
    """For each element, the touchpoints of the interactions that a build makes of its lines."""
    drawn, whose = [*roles()], {}
    for number, (key, lines) in enumerate(LINES.items()):
        drawn += [of("Patient", f"p{number}"), *apart(lines, number)]
        whose[f"p{number}"], whose[f"s-{number}"] = key, key
    tables = build_lines(drawn, as_of=AS_OF)
    names = {row["person"]: row["patient_id"] for row in tables["people"].to_pylist()}
    found: dict[tuple[str, str], set[str]] = {key: set() for key in LINES}
    prospects = []
    for row in tables["interactions"].to_pylist():
        name = names.get(row["person"])
        if name in whose:
            found[whose[name]].add(row["touchpoint"])
        else:
            prospects.append(row["touchpoint"])
    found["provider_search", "AuditEvent find-a-doctor search"] |= set(prospects)
    return found


def test_every_element_of_the_catalogue_is_drawn():
    assert [(point.key, element) for point, element in EVERY if (point.key, element) not in LINES] == []
    assert set(LINES) - {(point.key, element) for point, element in EVERY} == set()


@pytest.mark.parametrize(("point", "element"), EVERY, ids=lambda one: getattr(one, "key", one))
def test_an_element_makes_an_interaction_of_its_touchpoint_or_the_catalogue_says_not_yet(point, element, made):
    assert (point.key in made[point.key, element]) == (element not in point.not_read)
