"""Care received: what each visit's row says, and what goes together with it, on drawn visits."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.analysis.findings.together import together_of
from twohats.store.drawn import arrow_schema
from twohats.store.tables.release import RECEIVED


def visit(key: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "id": key, "status": "finished", "subject": {"reference": "Patient/ana"},
        "class": {"code": "AMB"}, "period": {"start": f"{day}T09:00:00Z", "end": f"{day}T10:00:00Z"}, **more,
    }


def taught(key: str, visit_key: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Procedure", "id": key, "status": "completed", "subject": {"reference": "Patient/ana"},
        "encounter": {"reference": f"Encounter/{visit_key}"}, "code": {"text": "Patient education: insulin"},
        "performedPeriod": {"start": f"{day}T09:30:00Z", "end": f"{day}T09:40:00Z"},
    }


def said_back(key: str, visit_key: str, moment: str, **value: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": key, "status": "final", "subject": {"reference": "Patient/ana"},
        "encounter": {"reference": f"Encounter/{visit_key}"}, "code": {"text": "Teach-back"},
        "effectiveDateTime": moment, **value,
    }


def flag(code: str) -> dict[str, Any]:
    return {"interpretation": [{"coding": [{"code": code}]}]}


def question(key: str, moment: str) -> dict[str, Any]:
    return {
        "resourceType": "Communication", "id": key, "status": "completed", "subject": {"reference": "Patient/ana"},
        "sender": {"reference": "Patient/ana"}, "recipient": [{"reference": "Organization/clinic"}], "sent": moment,
        "topic": {"text": "Clinical question"}, "payload": [{"contentString": "How much insulin do I take?"}],
    }


def received(*lines: dict[str, Any]) -> list[tuple]:
    made = build_lines([patient("ana"), *lines])["received"].to_pylist()
    return [tuple(row[name] for name in ("taught", "said_back", "understood", "no_question_after")) for row in made]


def test_nothing_taught_nothing_told():
    assert received(visit("v", "2026-03-02")) == [(False, False, None, None)]


@pytest.mark.parametrize(("value", "understood"), [
    (flag("POS"), True), (flag("NEG"), False),
    ({"valueCodeableConcept": {"text": "Needs reinforcement"}}, False),
    ({"valueCodeableConcept": {"text": "Not understood"}}, False),
    ({"valueCodeableConcept": {"text": "Verbalized correctly"}}, True),
    ({"valueString": "Lo entendió"}, True), ({"valueString": "Necesita otra vez"}, False),
    ({"valueString": "n/a"}, None), ({}, None),
])
def test_what_was_said_back_in_codes_and_words(value: dict[str, Any], understood: bool | None):
    rows = received(visit("v", "2026-03-02"), taught("t", "v", "2026-03-02"),
                    said_back("o", "v", "2026-03-02T09:41:00Z", **value))
    assert rows == [(True, understood is not None, understood, True)]


def test_who_needed_it_twice_and_then_had_it_has_it():
    rows = received(visit("v", "2026-03-02"), taught("t", "v", "2026-03-02"),
                    said_back("o2", "v", "2026-03-02T09:45:00Z", **flag("POS")),
                    said_back("o1", "v", "2026-03-02T09:41:00Z", **flag("NEG")))
    assert rows == [(True, True, True, True)]


@pytest.mark.parametrize(("moment", "none_came"), [
    ("2026-03-05T09:59:00Z", False), ("2026-03-05T10:01:00Z", True), ("2026-03-02T08:00:00Z", True)])
def test_a_question_within_72_hours_of_the_end(moment: str, none_came: bool):
    rows = received(visit("v", "2026-03-02"), taught("t", "v", "2026-03-02"), question("q", moment))
    assert [row[3] for row in rows] == [none_came]


def test_a_teach_back_is_teaching_and_no_other_care():
    made = build_lines([patient("ana"), visit("v", "2026-03-02"), taught("t", "v", "2026-03-02"),
                        said_back("o", "v", "2026-03-02T09:41:00Z", **flag("POS"))])
    acts = [row["act"] for row in made["interactions"].to_pylist() if row["kind"] == "segment"]
    assert "teach" in acts
    assert "nurse" not in acts


def drawn(people: int, effect: float, seed: int = 1) -> pa.Table:
    """Five visits a person; who is unhappy is asked too much more often and understands less."""
    random = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), 5)
    unhappy = (random.random(people) < 0.4)[person]
    asked = random.random(len(person)) < np.where(unhappy, 0.4, 0.15)
    rightly = random.random(len(person)) < 0.9 - 0.25 * unhappy + effect * asked
    rows = [
        {"visit": number, "person": int(who), "unit": "er", "class_code": "AMB",
         "ended_at": datetime(2026, 1 + number % 5, 2, 10, tzinfo=UTC), "waited_minutes": float(random.integers(0, 60)),
         "asked_too_much": bool(much), "taught": True, "said_back": True, "understood": bool(right),
         "no_question_after": True, "medicines_fetched": None, "next_visit_kept": None}
        for number, (who, much, right) in enumerate(zip(person, asked, rightly, strict=True))
    ]
    return pa.Table.from_pylist(rows, arrow_schema(RECEIVED.columns))


def told(folder: Path, table: pa.Table, buckets: int) -> list[dict[str, Any]]:
    folder.mkdir()
    person = table["person"].to_numpy()
    for bucket in range(buckets):
        pq.write_table(table.filter(pa.array(person % buckets == bucket)), folder / f"{bucket:04d}.parquet")
    return together_of(folder).to_pylist()


def test_what_was_planted_is_found_within_persons_whatever_the_buckets(tmp_path: Path):
    table = drawn(900, -0.2)
    one, many = told(tmp_path / "one", table, 1), told(tmp_path / "many", table, 7)
    assert one == many
    by = {(row["received"], row["met"]): row for row in one}
    assert list(by) == sorted(by)
    found = by["understood", "asked_too_much"]
    assert (found["way"], found["visits"], found["people"]) == ("within", 4500, 900)
    assert found["low"] < -20 < found["high"]
    assert found["placebo_low"] < 0 < found["placebo_high"]
    assert found["high"] < 0
    assert found["robustness"] > 0.05
    nothing = by["understood", "half_hours_waited"]
    assert nothing["low"] < 0 < nothing["high"]


def test_what_never_varies_or_is_never_told_says_nothing(tmp_path: Path):
    rows = {(row["received"], row["met"]): row for row in told(tmp_path / "one", drawn(300, 0.0), 2)}
    for outcome in ("no_question_after", "medicines_fetched", "next_visit_kept"):
        for met in ("asked_too_much", "half_hours_waited"):
            row = rows[outcome, met]
            assert row["way"] == "untold"
            assert {row[name] for name in row if name not in ("met", "received", "way")} == {None}


def test_few_people_say_nothing(tmp_path: Path):
    assert {row["way"] for row in told(tmp_path / "one", drawn(40, -0.2), 2)} == {"untold"}


def test_some_people_are_told_as_an_association(tmp_path: Path):
    rows = {(row["received"], row["met"]): row for row in told(tmp_path / "one", drawn(60, -0.2), 2)}
    assert rows["understood", "asked_too_much"]["way"] == "means"
