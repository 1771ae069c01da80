"""Lines taken many at a time, because they are alike, land as if each had been judged alone."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from twohats.sources import lines as cutting
from twohats.sources.fhir import alike
from twohats.sources.fhir.alike import DECIMAL, WHOLE, Forms, form_of
from twohats.sources.fhir.judge import Judged, judge
from twohats.sources.fhir.rows import Taking, rows_of
from twohats.sources.lines import blocks_of
from twohats.store.landings_aside import BY_NAME

TAKING = Taking("a-landing", 3, datetime(2026, 3, 1, 12, tzinfo=UTC))


def landed(text: bytes, *, together: bool) -> tuple[tuple[Any, ...], int]:
    """All that comes of a file, rows in the order they arrived, and how many lines were judged one by one."""
    forms, judged, alone = Forms(), Judged(), 0
    for block in blocks_of(io.BytesIO(text)):
        for run in forms.take(block, judged) if together else block.runs():
            alone += len(run)
            judge(run, judged)
    tables = {name: rows_of(BY_NAME[name], rows, TAKING) for name, rows in judged.rows.items() if len(rows)}
    refused = [*judged.refused, *(one for _, some in tables.values() for one in some)]
    return (
        judged.read, judged.blank, judged.drift, sorted(map(repr, refused)),
        {name: rows.sort_by("arrival").to_pylist() for name, (rows, _) in tables.items()},
    ), alone


WORDS = st.one_of(
    st.sampled_from(["Patient/a", "Practitioner/b", "https://a.org/Patient/c", "2026-02-01T08:00:00Z", "2026-02", "x",
                     "", "é", "2027-02-01T08:00:00Z", "2026-02-30T08:00:00Z", '"', "\\", "\n", "\0", "resourceType"]),
    st.text(max_size=6),
)
NUMBERS = st.one_of(
    st.integers(-3, 12), st.sampled_from([10**15, 2**53, 2**63, -0.0, 1e-5, 1e16, 0.0001, 1.0]), st.floats(-9, 9)
)
VALUES = st.one_of(WORDS, NUMBERS, st.booleans(), st.none(), st.just({"reference": "Patient/a"}), st.just([1, 2.5]))


def observation(one: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": one(st.sampled_from(["a", "b", "c d", "é", ""])),
        "meta": {"versionId": one(WORDS), "lastUpdated": one(WORDS)}, "status": one(WORDS),
        "subject": {"reference": one(WORDS)}, "effectiveDateTime": one(WORDS),
        "valueQuantity": {"value": one(VALUES), "unit": one(WORDS)},
        "component": [{"valueInteger": one(NUMBERS)}, {"valueString": one(VALUES)}],
    }


def appointment(one: Any) -> dict[str, Any]:
    return {
        "id": one(st.sampled_from(["a", "b", "c d"])), "resourceType": one(st.sampled_from(["Appointment", "Slot"])),
        "minutesDuration": one(NUMBERS), "start": one(WORDS),
        "participant": [{"actor": {"reference": one(WORDS)}, "period": {"start": one(WORDS)}} for _ in range(2)],
        "contained": [{"resourceType": one(WORDS)}],
    }


def other(one: Any) -> dict[str, Any]:
    """Of a type that has no table of its own."""
    return {"resourceType": one(st.sampled_from(["AllergyIntolerance", "Goal", "Spaceship"])),
            "id": one(st.sampled_from(["a", "b"])), "patient": {"reference": one(WORDS)},
            "meta": {"lastUpdated": one(WORDS)}}


def encounter(one: Any) -> dict[str, Any]:
    span = {"start": one(WORDS), "end": one(WORDS)}
    return {
        "resourceType": "Encounter", "id": one(st.sampled_from(["a", "b"])), "status": one(WORDS), "period": span,
        "location": [{"location": {"reference": one(WORDS)}, "period": span}] * one(st.sampled_from([0, 1, 2])),
        one(st.sampled_from(["language", "news", "id"])): one(VALUES),
    }


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Lines of few forms, written as systems write them, some of them damaged."""
    lines = []
    for _ in range(draw(st.integers(1, 10))):
        value = draw(st.sampled_from([observation, appointment, other, encounter]))(draw)
        line = orjson.dumps(value)
        lines.append(line)
        if draw(st.integers(0, 3)) == 0:
            at = draw(st.integers(0, len(line)))
            piece = draw(st.sampled_from([b"", b"\xff", b"\x01", *(bytes([one]) for one in b'"\\ 10-},\r')]))
            lines.append(line[:at] + piece + line[at + draw(st.integers(0, 1)) :])
    return b"\n".join(lines)


@given(files())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@example(b'{"resourceType":"Observation","id":"a","valueQuantity":{"value":1.5,"unit":"x"}}\n' * 2)
def test_lines_taken_together_land_as_if_each_were_judged_alone(text: bytes):
    assert landed(text, together=True)[0] == landed(text, together=False)[0]


PLAIN = b'{"resourceType":"Observation","id":"n%d","status":"final","valueQuantity":{"value":%d.5,"unit":"kg"}}'


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        (PLAIN % (7, 7), 0),
        (PLAIN.replace(b"kg", "\N{MICRO SIGN}g".encode()) % (7, 7), 0),
        (PLAIN.replace(b"kg", b"k\\ng") % (7, 7), 1),
        (PLAIN.replace(b"kg", b"k\tg") % (7, 7), 1),
        (PLAIN.replace(b".5", b".50") % (7, 7), 1),
        (PLAIN.replace(b".5", b"5") % (7, 0), 1),
        (PLAIN.replace(b"%d.5", b"%d0e1") % (7, 7), 1),
        (PLAIN.replace(b"%d.5", b"0%d.5") % (7, 7), 1),
        (PLAIN.replace(b"n%d", b"n %d") % (7, 7), 1),
        (PLAIN.replace(b"status", b"unit") % (7, 7), 1),
        (PLAIN.replace(b"value\"", b"valve\"") % (7, 7), 1),
        (PLAIN.replace(b"Observation", b"Observatiom") % (7, 7), 1),
        (PLAIN % (7, 7) + b"\r", 1),
        (PLAIN % (7, 7) + b",", 1),
        (b" " + PLAIN % (7, 7), 1),
        (b"", 1),
    ],
)
def test_only_what_is_alike_but_for_its_values_is_not_judged_alone(line: bytes, alone: int):
    text = b"\n".join([*(PLAIN % (number, number) for number in range(40)), line, PLAIN % (41, 41)])
    together, left = landed(text, together=True)
    # a line that is not of the first form may be the first of its own
    strange = form_of(line) if line.startswith(b"{") else None
    assert (together, left) == (landed(text, together=False)[0], 0 if strange and b"n 7" not in line else alone)


def test_what_has_no_table_of_its_own_keeps_what_it_is():
    kinds = [b"AllergyIntolerance", b"Goal"]
    text = b"\n".join(b'{"resourceType":"%b","id":"n%d"}' % (kinds[number % 2], number) for number in range(40))
    together, left = landed(text, together=True)
    assert (together, left) == (landed(text, together=False)[0], 0)
    assert [row["type"] for row in together[4]["other_resources"]] == ["AllergyIntolerance", "Goal"] * 20


def test_one_line_that_is_no_utf8_leaves_its_block_to_the_judge():
    broken = PLAIN.replace(b"kg", b"\xff") % (7, 7)
    text = b"\n".join([broken, *(PLAIN % (number, number) for number in range(40)), b""])
    together, left = landed(text, together=True)
    assert (together, left) == (landed(text, together=False)[0], 41)


@given(st.from_regex(re.compile(f"{WHOLE}|{DECIMAL}", re.ASCII), fullmatch=True))
def test_a_plain_number_is_written_again_as_it_stands(text: str):
    assert orjson.dumps(orjson.loads(text)).decode() == text


def test_more_forms_than_are_remembered_change_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alike, "MOST_FORMS", 2)
    lines = [PLAIN.replace(b"unit", b"u%d" % (number % 5)) % (number, number) for number in range(200)]
    text = b"\n".join(lines)
    assert landed(text, together=True)[0] == landed(text, together=False)[0]


def test_a_file_in_which_little_is_alike_is_left_to_the_judge(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alike, "WORTH_LOOKING", (10, 0.5))
    monkeypatch.setattr(cutting, "BLOCK", 4096)
    strange = [PLAIN.replace(b"kg", b"k\\ng") % (number, number) for number in range(100)]
    plain = [PLAIN % (number, number) for number in range(100)]
    text = b"\n".join([*strange, *plain])
    together, left = landed(text, together=True)
    assert (together, left > 190) == (landed(text, together=False)[0], True)
