"""Whatever the demo hospital writes is FHIR R4: models accept it, required codes are codes, references resolve."""

import importlib
import re
from datetime import datetime
from itertools import islice

import pytest

from tests.unit.demo_files import deliveries, demo, resources
from twohats.demo.paper import FHIR_TYPES, HEADERS
from twohats.store.tables.landed import FEED_TABLES, FHIR_TABLES

# Value sets with a required binding in R4, from the definitions of each resource.
ENCOUNTER_STATUS = "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
CODES: dict[str, dict[str, str]] = {
    "Patient": {
        "gender": "male female other unknown",
        "link.type": "replaced-by replaces refer seealso",
        "name.use": "usual official temp nickname anonymous old maiden",
        "telecom.system": "phone fax email pager url sms other",
        "telecom.use": "home work temp old mobile",
        "address.use": "home work temp old billing",
        "identifier.use": "usual official temp secondary old",
    },
    "RelatedPerson": {"telecom.system": "phone fax email pager url sms other"},
    "Location": {"status": "active suspended inactive", "mode": "instance kind"},
    "Coverage": {"status": "active cancelled draft entered-in-error"},
    "Encounter": {
        "status": ENCOUNTER_STATUS,
        "statusHistory.status": ENCOUNTER_STATUS,
        "location.status": "planned active reserved completed",
    },
    "Slot": {"status": "busy free busy-unavailable busy-tentative entered-in-error"},
    "Appointment": {
        "status": "proposed pending booked arrived fulfilled cancelled noshow checked-in waitlist",
        "participant.status": "accepted declined tentative needs-action",
        "participant.required": "required optional information-only",
    },
    "ServiceRequest": {
        "status": "draft active on-hold revoked completed entered-in-error unknown",
        "intent": "proposal plan directive order original-order reflex-order filler-order instance-order option",
    },
    "Condition": {
        "clinicalStatus.coding.code": "active recurrence relapse inactive remission resolved",
        "verificationStatus.coding.code": "unconfirmed provisional differential confirmed refuted",
    },
    "Observation": {"status": "registered preliminary final amended corrected cancelled entered-in-error unknown"},
    "Procedure": {"status": "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"},
    "MedicationRequest": {
        "status": "active on-hold cancelled completed entered-in-error stopped draft unknown",
        "intent": "proposal plan order original-order reflex-order filler-order instance-order option",
    },
    "MedicationDispense": {"status": "preparation in-progress cancelled on-hold completed stopped declined unknown"},
    "DiagnosticReport": {
        "status": "registered partial preliminary final amended corrected appended cancelled entered-in-error"
    },
    "AuditEvent": {"action": "C R U D E", "outcome": "0 4 8 12"},
    "Communication": {
        "status": "preparation in-progress not-done on-hold stopped completed entered-in-error unknown",
        "priority": "routine urgent asap stat",
    },
    "Claim": {
        "status": "active cancelled draft entered-in-error",
        "use": "claim preauthorization predetermination",
        "total.currency": "USD",
    },
    "ExplanationOfBenefit": {
        "status": "active cancelled draft entered-in-error",
        "use": "claim preauthorization predetermination",
        "outcome": "queued complete error partial",
        "payment.amount.currency": "USD",
    },
}


def values(thing: object, path: str) -> list[object]:
    """Every value at a dotted path, through lists."""
    if isinstance(thing, list):
        return [value for one in thing for value in values(one, path)]
    if not path:
        return [thing]
    step, _, rest = path.partition(".")
    return values(thing[step], rest) if isinstance(thing, dict) and step in thing else []


@pytest.mark.parametrize("kind", FHIR_TYPES)
def test_the_r4_models_accept_it(kind: str):
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    accepted = [model.model_validate(line) for line in islice(resources(demo(), kind), 0, None, 37)][:100]
    assert len(accepted) >= 2


STANDING = ("Practitioner", "PractitionerRole", "Organization", "Location", "Schedule")
"""Types of which a hospital of any size has few."""


def test_required_codes_of_2000_of_each_type_are_of_their_value_set():
    out = demo(people=2700)
    for kind in FHIR_TYPES:
        found: dict[str, set[object]] = {path: set() for path in CODES.get(kind, {})}
        lines = 0
        for line in islice(resources(out, kind), 2000):
            lines += 1
            for path, seen in found.items():
                seen.update(values(line, path))
        assert lines == 2000 or kind in STANDING, (kind, lines)
        for path, seen in found.items():
            assert seen - set(CODES[kind][path].split()) == set(), (kind, path)
            assert seen != set(), (kind, path)


def test_references_resolve():
    out, known, named = demo(), set(), set()
    for kind in FHIR_TYPES:
        for path in deliveries(out, f"fhir/{kind}.ndjson"):
            for line in path.read_text().splitlines():
                known.add(kind + "/" + line.split('"id":"', 1)[1].split('"', 1)[0])
                named.update(re.findall(r'"reference":"([^"]+)"', line))
    assert named - known == set()


NOT_WRITTEN_BY_THE_DEMO = (
    "Invoice", "CoverageEligibilityRequest", "CoverageEligibilityResponse", "ClaimResponse", "Task",
    "CommunicationRequest", "QuestionnaireResponse", "DocumentReference",
)


def test_every_type_and_feed_is_one_that_lands():
    assert {table.resource for table in FHIR_TABLES} == {*FHIR_TYPES, *NOT_WRITTEN_BY_THE_DEMO}
    assert set(FHIR_TYPES) & set(NOT_WRITTEN_BY_THE_DEMO) == set()
    headers = {f"csv/{table.name}": ",".join(table.names) for table in FEED_TABLES}
    assert {name: header for name, header in HEADERS.items() if name.startswith("csv/")} == headers


def test_sensitive_visits_carry_security_labels():
    labels = {value for line in resources(demo(), "Encounter") for value in values(line, "meta.security.code")}
    assert labels == {"ETH", "PSY", "HIV", "SDV", "R"}


def test_sites_keep_their_records_in_their_own_ways():
    seen: dict[str, set[tuple[bool, bool, bool]]] = {}
    for visit in resources(demo(), "Encounter"):
        site = visit["serviceProvider"]["reference"].split("/")[1].split("-")[0]
        # The last version: in an earlier one a place may not be noted yet.
        if visit["class"]["code"] != "VR" and visit["meta"]["versionId"] == "2":
            how = ("statusHistory" in visit, "location" in visit, "partOf" in visit)
            seen.setdefault(site, set()).add(how)
    assert seen == {
        "north": {(True, True, False)},
        "south": {(True, False, False)},
        "lakeside": {(False, True, False)},
        "valley": {(True, True, False), (True, True, True)},
    }


def test_versions_of_an_appointment_follow_each_other():
    versions: dict[str, dict[int, datetime]] = {}
    for line in resources(demo(), "Appointment"):
        meta = line["meta"]
        versions.setdefault(line["id"], {})[int(meta["versionId"])] = datetime.fromisoformat(meta["lastUpdated"])
    times = [[one[version] for version in sorted(one)] for one in versions.values()]
    assert all(sorted(set(one)) == one for one in times)
    assert max(map(len, times)) >= 4
