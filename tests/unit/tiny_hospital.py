"""A hospital of some dozens of people with one visit each, drawn line by line, for tests that build many times."""

import json
from pathlib import Path
from typing import Any

from tests.unit.release_files import deliver
from twohats.store.home import Home

CONTACTS = ("contact_id,person_mrn,person_phone,person_email,portal_account,direction,channel,topic,started_at,"
            "ended_at,queue_minutes,talk_minutes,transfers,staff_id,unit_id,sender,in_reply_to,outcome,automated,"
            "speaker,words")


def patient(name: str, version: int = 1, **more: Any) -> dict[str, Any]:
    """A person with a medical record number, mrn-<name>."""
    return {"resourceType": "Patient", "id": name, "birthDate": "1980-05-05", "active": True,
            "meta": {"versionId": str(version), "lastUpdated": f"2026-02-0{version}T08:00:00Z"},
            "identifier": [{"system": "urn:mrn", "value": f"mrn-{name}"}], **more}


def visit(name: str, day: str = "2026-01-05") -> dict[str, Any]:
    """An hour in a place whose name tells nothing, then one with a physician in an exam room."""
    def period(start: str, end: str) -> dict[str, str]:
        return {"start": f"{day}T{start}:00Z", "end": f"{day}T{end}:00Z"}

    return {"resourceType": "Encounter", "id": f"v-{name}-{day}", "status": "finished", "class": {"code": "AMB"},
            "meta": {"versionId": "1", "lastUpdated": f"{day}T12:00:00Z"},
            "subject": {"reference": f"Patient/{name}"}, "period": period("08:00", "10:00"),
            "location": [{"location": {"reference": f"Location/{place}"}, "period": period(*when)}
                         for place, when in (("hall", ("08:00", "09:00")), ("exam", ("09:00", "10:00")))],
            "participant": [{"individual": {"reference": "PractitionerRole/diaz"}, "period": period("09:00", "10:00")}]}


def abnormal_result(name: str) -> list[dict[str, Any]]:
    """A laboratory's report of 20 January with a value out of range, three days after it was drawn."""
    told = {"versionId": "1", "lastUpdated": "2026-01-20T12:00:00Z"}
    subject = {"reference": f"Patient/{name}"}
    return [
        {"resourceType": "Observation", "id": f"o-{name}", "status": "final", "meta": told, "subject": subject,
         "code": {"text": "Potassium"}, "effectiveDateTime": "2026-01-17T09:00:00Z",
         "interpretation": [{"coding": [{"code": "H"}]}]},
        {"resourceType": "DiagnosticReport", "id": f"r-{name}", "status": "final", "meta": told, "subject": subject,
         "code": {"text": "Electrolytes"}, "issued": "2026-01-20T12:00:00Z",
         "result": [{"reference": f"Observation/o-{name}"}]},
    ]


PEOPLE = 32


def everybody() -> list[dict[str, Any]]:
    """The places, the physician, and p0 to p31 with a visit each."""
    told = {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"}
    return [
        {"resourceType": "Location", "id": "hall", "name": "Blue Hall", "meta": told},
        {"resourceType": "Location", "id": "exam", "name": "Exam Room 1", "meta": told},
        {"resourceType": "PractitionerRole", "id": "diaz", "code": [{"text": "Physician"}], "meta": told},
        *(patient(f"p{n}") for n in range(PEOPLE)),
        *(visit(f"p{n}") for n in range(PEOPLE)),
    ]


def land(home: Home, folder: Path, name: str, *resources: dict[str, Any]) -> None:
    """These resources as one delivery, a file for each type."""
    files: dict[str, list[bytes]] = {}
    for resource in resources:
        files.setdefault(f"{resource['resourceType']}.ndjson", []).append(json.dumps(resource).encode() + b"\n")
    deliver(home, folder, name, files)


def call(identity: str, mrn: str, at: str = "2026-02-02T09:00:00Z") -> bytes:
    """A line of contacts.csv: somebody called about a bill."""
    given = {"contact_id": identity, "person_mrn": mrn, "direction": "in", "channel": "phone", "topic": "Bill",
             "started_at": at, "talk_minutes": "4"}
    return ",".join(given.get(column, "") for column in CONTACTS.split(",")).encode() + b"\n"
