"""Records about nobody we could find are counted by kind, never guessed and never lost without a word."""

from pathlib import Path
from typing import Any

from tests.unit.release_files import built, content
from tests.unit.tiny_hospital import land, patient, visit
from twohats.analysis.build import build_lines
from twohats.store.home import Home
from twohats.store.reading import current

NAMED: dict[str, Any] = {
    "by-display": {"display": "Ana"},
    "by-identifier": {"identifier": {"value": "M1"}},
    "contained": {"reference": "#p"},
    "a-group": {"reference": "Group/g"},
    "nobody": None,
    "absolute": {"reference": "https://example.org/fhir/Patient/ana"},
    "versioned": {"reference": "Patient/ana/_history/2"},
    "never-came": {"reference": "Patient/gone"},
}


def encounters() -> list[dict[str, Any]]:
    """One visit for each way to name its person."""
    drawn = [{**visit("ana"), "id": key, "subject": named} for key, named in NAMED.items()]
    return [{key: value for key, value in one.items() if value is not None} for one in drawn]


def ties(rows: list[Any]) -> list[tuple[Any, ...]]:
    """Rows of the table in their order."""
    return sorted((row["feed"], row["tied_to"], row["tied_by"], row["rows"]) for row in rows)


def test_records_whose_person_cannot_be_found_are_counted_by_kind():
    message = {"resourceType": "Communication", "id": "m", "status": "completed", "sent": "2026-01-05T10:00:00Z"}
    search = {"resourceType": "AuditEvent", "id": "u", "subtype": [{"code": "search"}],
              "recorded": "2026-01-05T10:00:00Z", "agent": [{"altId": "web-1"}]}
    made = build_lines([patient("ana"), *encounters(), message, search])
    assert ties(made["ties"].to_pylist()) == [
        ("audit_events", "person", "session", 1),
        ("communications", "nobody", "no_patient_named", 1),
        ("encounters", "no_record", "reference", 1),
        ("encounters", "nobody", "no_patient_named", 5),
        ("encounters", "person", "reference", 2),
    ]
    assert sorted(row["patient_id"] or "a prospect" for row in made["people"].to_pylist()) == [
        "a prospect", "ana", "gone"]


def test_a_record_known_of_by_one_handing_out_alone_is_still_a_person():
    handed = {"resourceType": "MedicationDispense", "id": "d", "status": "completed",
              "whenHandedOver": "2026-01-05T10:00:00Z", "subject": {"reference": "Patient/gone"}}
    made = build_lines([handed])
    assert [row["patient_id"] for row in made["people"].to_pylist()] == ["gone"]


def test_the_counts_follow_when_the_person_comes_later(tmp_path: Path):
    parts, whole = Home(tmp_path / "parts"), Home(tmp_path / "whole")
    everybody = [patient(f"p{number}") for number in range(32)]
    before = [("encounters", "no_record", "reference", 1), ("encounters", "nobody", "no_patient_named", 5),
              ("encounters", "person", "reference", 2)]
    land(parts, tmp_path, "first", *everybody, patient("ana"), *encounters())
    built(parts)
    assert ties(current(parts).rows("SELECT * FROM ties")) == before
    land(parts, tmp_path, "then", patient("gone"), {**visit("ana"), "id": "nobody", "meta": {
        "versionId": "2", "lastUpdated": "2026-01-06T12:00:00Z"}})
    later = built(parts)
    assert later.way == "changed people"
    assert ties(current(parts).rows("SELECT * FROM ties")) == [
        ("encounters", "nobody", "no_patient_named", 4), ("encounters", "person", "reference", 4)]
    land(whole, tmp_path, "first-again", *everybody, patient("ana"), *encounters())
    land(whole, tmp_path, "then-again", patient("gone"), {**visit("ana"), "id": "nobody", "meta": {
        "versionId": "2", "lastUpdated": "2026-01-06T12:00:00Z"}})
    assert content(parts, later) == content(whole, built(whole))
