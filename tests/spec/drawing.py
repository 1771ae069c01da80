"""Draws visits for the specs: a few FHIR resources from a few words, and the answer as rows one can read."""

from typing import Any

from twohats.analysis.build import build_lines

DAY = "2026-03-02T"
ANA = {"resourceType": "Patient", "id": "ana", "birthDate": "1980-05-05"}
STAFF = {
    "eve": "Registrar",
    "nina": "Triage Nurse",
    "diaz": "Physician",
    "nora": "Registered Nurse",
    "tom": "Transporter",
}
"""Who works here, and as what."""


def moment(clock: str) -> str:
    """An instant of the drawn day: "08:05" is UTC."""
    return f"{DAY}{clock}:00Z"


def period(start: str, end: str | None) -> dict[str, str]:
    """A FHIR period of the drawn day."""
    return {"start": moment(start)} | ({"end": moment(end)} if end else {})


def roles() -> list[dict[str, Any]]:
    """The staff as PractitionerRole resources."""
    return [
        {
            "resourceType": "PractitionerRole",
            "id": f"r-{name}",
            "practitioner": {"reference": f"Practitioner/{name}"},
            "code": [{"text": role}],
        }
        for name, role in STAFF.items()
    ]


def encounter(
    key: str,
    start: str,
    end: str | None,
    *,
    kind: str = "AMB",
    statuses: list[tuple[str, str, str | None]] = (),  # type: ignore[assignment]
    places: list[tuple[str, str, str | None]] = (),  # type: ignore[assignment]
    people: list[tuple[str, str, str | None]] = (),  # type: ignore[assignment]
    **more: Any,
) -> dict[str, Any]:
    """An Encounter of Ana's: statuses, places and people each with their minutes."""
    drawn: dict[str, Any] = {
        "resourceType": "Encounter",
        "id": key,
        "status": "finished" if end else "in-progress",
        "class": {"code": kind},
        "subject": {"reference": "Patient/ana"},
        "period": period(start, end),
        "serviceProvider": {"reference": "Organization/ed"},
    }
    if statuses:
        drawn["statusHistory"] = [{"status": name, "period": period(*when)} for name, *when in statuses]
    if places:
        drawn["location"] = [
            {"location": {"display": name}, "status": "completed" if when[1] else "active", "period": period(*when)}
            for name, *when in places
        ]
    if people:
        drawn["participant"] = [
            {"individual": {"reference": name if "/" in name else f"Practitioner/{name}"}, "period": period(*when)}
            for name, *when in people
        ]
    return drawn | more


def procedure(key: str, words: str, start: str, end: str, visit: str = "v", by: str = "diaz") -> dict[str, Any]:
    """Something done during a visit, with its minutes."""
    return {
        "resourceType": "Procedure",
        "id": key,
        "status": "completed",
        "code": {"text": words},
        "subject": {"reference": "Patient/ana"},
        "encounter": {"reference": f"Encounter/{visit}"},
        "performedPeriod": period(start, end),
        "performer": [{"actor": {"reference": f"Practitioner/{by}"}}],
    }


def observation(
    key: str,
    clock: str,
    *,
    code: str,
    value: int,
    category: str = "exam",
    visit: str = "v",
    words: str = "Reading",
    by: str = "nina",
) -> dict[str, Any]:
    """A reading taken during a visit."""
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "category": [{"coding": [{"code": category}]}],
        "code": {"coding": [{"code": code}], "text": words},
        "subject": {"reference": "Patient/ana"},
        "encounter": {"reference": f"Encounter/{visit}"},
        "effectiveDateTime": moment(clock),
        "valueInteger": value,
        "performer": [{"reference": f"Practitioner/{by}"}],
    }


def message(
    key: str, clock: str, topic: str, visit: str | None = "v", sender: str = "Organization/ed", **more: Any
) -> dict[str, Any]:
    """A Communication to Ana."""
    about = {"encounter": {"reference": f"Encounter/{visit}"}} if visit else {}
    return {
        "resourceType": "Communication",
        "id": key,
        "status": "completed",
        "topic": {"text": topic},
        "subject": {"reference": "Patient/ana"},
        "sent": moment(clock),
        "sender": {"reference": sender},
        "recipient": [{"reference": "Patient/ana"}],
        **about,
        **more,
    }


def lived(*resources: dict[str, Any], evidence: str = "full", **more: Any) -> list[dict[str, Any]]:
    """Ana's interactions, in the order lived."""
    patient = [] if any(one["resourceType"] == "Patient" for one in resources) else [ANA]
    return build_lines([*patient, *roles(), *resources], evidence=evidence, **more)["interactions"].to_pylist()


def told(*resources: dict[str, Any], evidence: str = "full") -> list[tuple[Any, ...]]:
    """Visit segments as (from, to, act, hat): times as on the wall of the drawn day, None while open."""
    return [
        (clock_of(row["started_at"]), clock_of(row["ended_at"]), row["act"], row["hat"])
        for row in lived(*resources, evidence=evidence)
        if row["kind"] == "segment"
    ]


def clock_of(when: Any) -> str | None:
    """HH:MM."""
    return when.strftime("%H:%M") if when else None
