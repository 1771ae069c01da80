"""Days to the third open appointment in a demo hospital: as its truth says, in any buckets, in one delivery or two."""

import csv
import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from tests.unit.release_files import built, deliver, hospital, lines_of, split
from twohats.analysis.build import build_lines
from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures import saying
from twohats.service.pages.measures.numbers import Numbers
from twohats.store import buckets
from twohats.store.home import Home
from twohats.store.reading import Reader, current
from twohats.words.measures import measure

AS_OF = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
NEEDED = ("Appointment", "Location", "Organization", "Patient", "Practitioner", "PractitionerRole", "Schedule", "Slot")
Sums = dict[tuple[str, str], tuple[int, int, int]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hospital(tmp_path_factory.mktemp("hospital"), people=300)


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, list[bytes]]:
    """What tells of calendars and of who booked."""
    lines = lines_of(folder)
    return {name: lines[name] for name in (*(f"{kind}.ndjson" for kind in NEEDED), "units.csv", "staff.csv")}


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[tuple[str, str], tuple[str, int, bool]]:
    """By schedule and week: unit, days, and whether the clinician was away too long."""
    with (folder / "truth/openings.csv").open(newline="") as lines:
        return {(f"Schedule/{row['schedule']}", row["week"]): (row["unit"], int(row["days"]), row["away"] == "true")
                for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def found(files) -> dict[tuple[str, str], tuple[str, int, bool]]:
    """The same as worked out from what was delivered."""
    told = [orjson.loads(line) for name, lines in files.items() if name.endswith(".ndjson") for line in lines]
    feeds = {name: list(csv.DictReader(map(bytes.decode, files[f"{name}.csv"]))) for name in ("units", "staff")}
    rows = build_lines(told, feeds, as_of=AS_OF)["openings"].to_pylist()
    assert {row["visit_type"] for row in rows} == {"New visit"}
    return {(row["schedule"], str(row["week"])): (row["unit"], row["days"], row["is_away"]) for row in rows}


def test_every_calendar_and_week_of_the_truth_is_found_in_its_unit_and_no_other(found, truth):
    assert {key: unit for key, (unit, _days, _away) in found.items()} == {
        key: unit for key, (unit, _days, _away) in truth.items()}
    assert len(truth) == 4 * 14 * 44


def test_who_was_away_too_long_is_known_everywhere(found, truth):
    assert {key for key, row in found.items() if row[2]} == {key for key, row in truth.items() if row[2]}
    assert any(row[2] for row in truth.values())


def test_where_history_is_told_the_days_are_the_true_ones(found, truth):
    there = {key: days for key, (unit, days, _away) in truth.items() if unit.startswith("north-")}
    assert {key: found[key][1] for key in there} == there


def test_where_it_is_not_a_slot_that_was_given_back_makes_few_days_longer_and_none_shorter(found, truth):
    longer = [found[key][1] - days for key, (unit, days, _away) in truth.items() if not unit.startswith("north-")]
    assert min(longer) == 0
    assert sum(one > 0 for one in longer) / len(longer) < 0.06
    assert sum(longer) / len(longer) < 0.2


def released(home: Home) -> Sums:
    """Times, clinicians and thousandths of days by unit and period, as the pages read them."""
    with sqlite3.connect(current(home).folder / "pages.sqlite") as pages:
        rows = pages.execute(
            "SELECT unit, period, times, people, amount FROM measures WHERE measure = 'third_next_available'")
        return {(unit, period): (times, people, amount) for unit, period, times, people, amount in rows}


def months(home: Home) -> Sums:
    """Those of whole months, of clinics with all below them."""
    return {(unit, period): sums for (unit, period), sums in released(home).items()
            if len(period) == 7 and "Q" not in period and not unit.endswith("!")}


def expected(found) -> Sums:
    """The sums by clinic, site and month, added up by hand; all clinics lie below their site."""
    sums: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for (schedule, week), (unit, days, away) in found.items():
        for place in () if away else (unit, unit.split("-")[0], f"{unit.split('-')[0]}-clinics", "two-rivers", "*"):
            sums[place, week[:7]].append((schedule, days))
    return {key: (len(rows), len({schedule for schedule, _days in rows}), 1000 * sum(days for _schedule, days in rows))
            for key, rows in sums.items()}


def test_a_release_sums_them_up_however_many_buckets_its_people_lie_in(tmp_path, files, found, monkeypatch):
    monkeypatch.setattr(buckets, "fitting_number", lambda owners: 4)
    home = Home(tmp_path / "home")
    deliver(home, tmp_path, "files", files)
    assert (built(home).manifest["buckets"], months(home)) == (4, expected(found))
    _never_tells_of_few_clinicians(current(home))


def _never_tells_of_few_clinicians(reader: Reader) -> None:
    """Departments of 14 are told, their clinics of 2 are not; what is said counts clinicians."""
    numbers, declared = Numbers(reader, Cube(reader)), measure("third_next_available")
    below = [unit for unit, kind in numbers.kinds.items() if kind not in ("system", "*")]
    told = {unit: numbers.told(declared.key, unit, "2025") for unit in below}
    assert {one.people for one in told.values()} == {0, 14}
    assert {unit for unit, one in told.items() if one.people} == {
        f"{site}{part}" for site in ("north", "south", "lakeside", "valley") for part in ("", "-clinics")}
    clinic = saying.row(declared, told["south-primary"])
    assert (clinic["value"], clinic["people"], clinic["instead"]) == (None, "", "fewer than 11 clinicians")
    department = saying.row(declared, told["south-clinics"])
    assert (department["people"], department["trust"], department["unit"]) == (
        "14 clinicians.", "Fewer than 30 clinicians: too few to compare.", "days")


def test_slots_that_come_later_give_the_release_of_a_full_build(tmp_path, files, found):
    first, second = split(files, lambda name, one: name == "Slot.ndjson" and one["meta"]["lastUpdated"] > "2026-02")
    home = Home(tmp_path / "home")
    deliver(home, tmp_path, "first", first)
    assert (built(home).manifest["buckets"], months(home) == expected(found)) == (1, False)
    deliver(home, tmp_path, "second", second)
    assert (built(home).way, months(home)) == ("changed people", expected(found))
    changed = released(home)
    assert (built(home, full=True).way, released(home)) == ("full", changed)
