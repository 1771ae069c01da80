"""The eleven promises of intake, one story each."""

import json
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.any_order import differing
from tests.sources.drawing import NOW, counts, current, deletion, deliver, patient, quarantine, rows
from twohats.sources.commands.intake import take_in
from twohats.sources.redriving import redrive
from twohats.store.home import Home
from twohats.store.landings import landings, quarantined_share, stops_publication, versions_sql

DAY = [f"2026-02-{day:02d}T08:00:00Z" for day in range(1, 29)]

# Every version has a content of its own, so that no line conflicts with another.
LINES = [
    patient("ana", "1", DAY[1], active=True),
    patient("ana", "2", DAY[3], gender="female"),
    patient("ana", "10", DAY[3], gender="other"),
    patient("ben", "1", DAY[2]),
    deletion("ben", DAY[5]),
    patient("ben", "3", DAY[7], active=True),
    patient("eve", "1", DAY[1]),
    deletion("eve", DAY[9]),
    patient("gus"),
]


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_1_any_repetition_split_or_order_of_the_same_lines_gives_the_same_current_state(seed: int):
    """Fifty stories an example; benchmarks/any_order.py tells ten thousand."""
    with tempfile.TemporaryDirectory() as folder:
        assert list(differing(Random(seed), Path(folder))) == []


def test_1_the_same_file_twice_is_landed_once(tmp_path: Path):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", *LINES)
    before = rows(home)
    again = deliver(home, tmp_path / "in", "a.ndjson", *LINES)
    assert (again["already"], again["read"]) == (["a.ndjson"], 0)
    assert (rows(home), len(landings(home))) == (before, 1)


def test_2_what_a_kill_left_behind_is_cleared_and_was_never_visible(tmp_path: Path):
    home = Home(tmp_path / "home").ensure()
    left = home.landings / ".aside-0123456789abcdef"
    left.mkdir()
    (left / "report.json").write_text('{"ordinal": 1}')
    assert landings(home) == []
    deliver(home, tmp_path / "in", "a.ndjson", *LINES)
    assert not left.exists()


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("plain", [patient("ana", "1"), patient("ben", "1")], (2, 0, 0, 0, 0)),
        ("versions", [patient("ana", "1", DAY[1]), patient("ana", "2", DAY[2])], (1, 1, 0, 0, 0)),
        ("twice", [patient("ana", "1"), patient("ana", "1")], (1, 0, 1, 0, 0)),
        ("blank", [b"", patient("ana", "1"), b"  \t", b"\r"], (1, 0, 0, 0, 3)),
        ("bad", [b"x", patient("ana", "1"), b"{}", b"[]"], (1, 0, 0, 3, 0)),
        ("conflict", [patient("ana", "1"), patient("ana", "1", active=True)], (1, 0, 0, 1, 0)),
        ("empty bundle", [b'{"resourceType":"Bundle","type":"searchset"}'], (0, 0, 0, 0, 1)),
        ("export errors", [b'{"resourceType":"OperationOutcome","issue":[]}'], (0, 0, 0, 0, 1)),
    ],
)
def test_3_every_line_read_is_accounted_for(
    tmp_path: Path, name: str, lines: list[bytes], expected: tuple[int, ...]
):
    report = deliver(Home(tmp_path / "home"), tmp_path / "in", "a.ndjson", *lines)
    assert (counts(report), report["read"]) == (expected, sum(expected))


def test_4_a_quarantined_line_is_kept_with_its_place_and_reason(tmp_path: Path):
    home = Home(tmp_path / "home")
    good = patient("ana")
    deliver(home, tmp_path / "in", "a.ndjson", good, b'{"resourceType":"Patient","id":7}', good, b"x\xff")
    place = len(good) + 1
    assert quarantine(home) == [
        (2, place, "no_id", "id", b'{"resourceType":"Patient","id":7}'),
        (4, 2 * place + 34, "not_utf8", "", b"x\xff"),
    ]


def test_4_a_line_can_be_driven_again_and_doing_it_twice_changes_nothing(tmp_path: Path):
    home = Home(tmp_path / "home")
    soon = patient("ana", "1", "2026-03-05T00:00:00Z")
    deliver(home, tmp_path / "in", "a.ndjson", soon, b"x", now=NOW)
    assert (rows(home), quarantined_share(home)) == ([], 1.0)
    later = redrive(home, NOW + timedelta(days=10))
    assert (later["read"], later["accepted"], later["quarantined"]) == (2, 1, 1)
    state = rows(home)
    assert state == [("ana", "1", False, True)]
    again = redrive(home, NOW + timedelta(days=10))
    assert (again["read"], again["accepted"], again["quarantined"]) == (1, 0, 1)
    assert (rows(home), quarantined_share(home), len(landings(home))) == (state, 0.5, 2)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("1", "2026-02-01T23:30:00-05:00"), ("2", "2026-02-02T05:00:00Z")),  # as instants, not as texts
        (("9", DAY[1]), ("10", DAY[1])),  # versions as numbers
        ((None, None), ("1", DAY[1])),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_5_current_is_the_greatest_instant_then_version(
    tmp_path: Path, older: tuple[str, str], newer: tuple[str, str], late: bool
):
    home = Home(tmp_path / "home")
    lines = [patient("ana", *older), patient("ana", *newer)]
    for number, line in enumerate(reversed(lines) if late else lines):
        deliver(home, tmp_path / "in", f"{number}.ndjson", line)
    assert [row[1] for row in current(home)] == [newer[0]]


def test_5_where_nothing_else_tells_the_last_to_arrive_is_current(tmp_path: Path):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", active=True))
    deliver(home, tmp_path / "in", "b.ndjson", patient("ana", active=False))
    assert rows(home, columns="active, is_current") == [(False, True), (True, False)]


def test_6_the_same_version_with_other_content_is_quarantined_and_the_first_is_kept(tmp_path: Path):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", "1", DAY[1], active=True))
    other = patient("ana", "1", DAY[1], active=False)
    report = deliver(home, tmp_path / "in", "b.ndjson", other, other)
    assert counts(report) == (0, 0, 0, 2, 0)
    assert rows(home, columns="active, is_current") == [(True, True)]
    assert [row[2] for row in quarantine(home)] == ["version_conflict", "version_conflict"]


def test_6_the_same_content_written_otherwise_is_no_conflict(tmp_path: Path):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", "1", active=True, gender="female"))
    spaced = json.dumps(json.loads(patient("ana", "1", active=True, gender="female"))).encode()
    turned = json.dumps(json.loads(patient("ana", "1", gender="female", active=True))).encode()
    report = deliver(home, tmp_path / "in", "b.ndjson", spaced, turned)
    assert counts(report) == (0, 0, 2, 0, 0)


@pytest.mark.parametrize("at", [DAY[5], None])
def test_7_a_delete_hides_and_a_later_version_revives(tmp_path: Path, at: str | None):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", "1", DAY[1]))
    deliver(home, tmp_path / "in", "b.ndjson", deletion("ana", at))
    assert current(home) == []
    deliver(home, tmp_path / "in", "c.ndjson", patient("ana", "3", DAY[8]))
    assert [row[:2] for row in current(home)] == [("ana", "3")]


def test_8_a_new_field_is_kept_and_listed_with_its_first_line(tmp_path: Path):
    home = Home(tmp_path / "home")
    report = deliver(
        home, tmp_path / "in", "a.ndjson",
        patient("ana"), patient("ben", mood="calm"), patient("eve", mood="tense"),
    )
    assert report["files"][0]["drift"] == [{"field": "Patient.mood", "kind": "field not in R4", "first_line": 2}]
    assert counts(report) == (3, 0, 0, 0, 0)
    assert rows(home, columns="json_extract_string(raw, '$.mood')") == [("calm",), ("tense",), (None,)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"active": "yes"}, "active"),
        ({"name": {"family": "Diaz"}}, "name"),
        ({"name": [{"family": 7}]}, "name[0].family"),
        ({"meta": {"versionId": 3}}, "meta.versionId"),
        ({"meta": "1"}, "meta"),
        ({"photo": "x"}, "photo"),
    ],
)
def test_8_a_changed_type_quarantines_the_line(tmp_path: Path, change: dict[str, object], field: str):
    home = Home(tmp_path / "home")
    report = deliver(home, tmp_path / "in", "a.ndjson", patient("ana"), patient("ben", **change))
    assert counts(report) == (1, 0, 0, 1, 0)
    assert [row[2:4] for row in quarantine(home)] == [("wrong_type", field)]


@pytest.mark.parametrize(("bad", "stops"), [(5, False), (6, True)])
def test_8_more_than_5_percent_of_an_intake_in_quarantine_stops_publication(tmp_path: Path, bad: int, stops: bool):
    home = Home(tmp_path / "home")
    good = [patient(f"p{number}") for number in range(100 - bad)]
    report = deliver(home, tmp_path / "in", "a.ndjson", *good, *[b"x"] * bad)
    assert (report["stops_publication"], stops_publication(home)) == (stops, stops)
    deliver(home, tmp_path / "in", "a.ndjson", *good)
    assert stops_publication(home) is False


def test_10_lines_too_long_or_too_deep_are_quarantined_and_the_rest_lands(tmp_path: Path):
    home = Home(tmp_path / "home")
    deep = b'{"resourceType":"Patient","id":"d","contained":' + b"[" * 70 + b"]" * 70 + b"}"
    long = patient("long", gender="x" * (16 * 1024 * 1024))
    report = deliver(home, tmp_path / "in", "a.ndjson", patient("ana"), long, deep, patient("ben"))
    assert counts(report) == (2, 0, 0, 2, 0)
    assert [row[2] for row in quarantine(home)] == ["too_long", "too_deep"]
    assert rows(home, columns="id, line") == [("ana", 1), ("ben", 4)]


def test_11_each_landing_says_what_it_came_from_and_what_is_missing(tmp_path: Path):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana"), b"x")
    (landing,) = landings(home)
    report = landing.report
    assert (report["landing"], report["file"], report["content_hash"][:16]) == (landing.name, "a.ndjson", landing.name)
    assert (report["read"], report["quarantined"], report["reasons"]) == (2, 1, {"not_json": 1})
    assert quarantined_share(home) == 0.5


def test_nothing_landed_reads_as_tables_without_rows(tmp_path: Path):
    home = Home(tmp_path / "home")
    assert (landings(home), quarantined_share(home), stops_publication(home)) == ([], 0.0, False)
    assert duckdb.execute(f"SELECT count(*) FROM ({versions_sql(home, 'encounters')})").fetchone() == (0,)


def test_a_folder_lands_file_by_file_and_says_what_it_skipped(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "Patient.ndjson").write_bytes(patient("ana") + b"\n")
    (folder / "README.md").write_text("What this export holds.\n")
    result = take_in(Home(tmp_path / "home"), [folder], now=NOW)
    assert ([one["file"] for one in result["files"]], [one["file"] for one in result["skipped"]]) == (
        ["Patient.ndjson"], ["README.md"],
    )
    shutil.rmtree(folder)
