"""What the demo hospital delivers: a first export, a later one with what came late or again, visits not yet over."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.unit.demo_files import AS_OF, deliveries, demo, resources, rows
from tests.unit.release_files import lines_of
from twohats.analysis.build import build_lines
from twohats.demo.paper import FHIR_TYPES, LATER, PERSONAL_FEEDS
from twohats.demo.plan import NO_ERRORS, Plan
from twohats.demo.writing import write_demo
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home

NAMES = [*(f"fhir/{kind}.ndjson" for kind in FHIR_TYPES), *(f"{feed}.csv" for feed in PERSONAL_FEEDS)]


def near(found: int, of: int, share: float) -> bool:
    """Is a count within five standard errors of what was asked for?"""
    return abs(found - of * share) <= 5 * (of * share * (1 - share)) ** 0.5 + 1


def told(path: Path) -> list[str]:
    """The lines of a file; of a CSV file the rows below its heading (a comment can have several lines)."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as lines:
        return [repr(row) for row in csv.reader(lines)][1:] if path.suffix == ".csv" else list(lines)


def in_both(out: Path) -> tuple[list[str], list[str]]:
    """Every line of a person in the first delivery, and every line of the later one."""
    first = [line for name in NAMES for line in told(out / name)]
    return first, [line for name in NAMES for line in told(out / LATER / name)]


def test_the_later_delivery_holds_what_came_late_and_what_came_before():
    out = demo(people=400, late_lines=0.04, duplicate_lines=0.02)
    first, later = in_both(out)
    first = [line for line in first if '"resourceType":"Slot","id":"o' not in line]  # offered ahead: of no person
    known = set(first)
    assert len(known) == len(first)
    late = [line for line in later if line not in known]
    assert len(set(later)) == len(later)
    assert near(len(late), len(first) + len(late), 0.04)
    assert near(len(later) - len(late), len(first) + len(late), 0.02)


def test_without_late_or_duplicate_lines_there_is_no_later_file():
    out = demo(people=400, **NO_ERRORS)
    assert sorted(path.name for path in (out / LATER).rglob("*") if path.is_file()) == ["demo.json"]


def test_nothing_is_lost_between_the_deliveries():
    at_once, apart = demo(people=400, late_lines=0.0, duplicate_lines=0.0), demo(people=400, late_lines=0.3)
    for name in NAMES:
        every = {line for path in deliveries(apart, name) for line in told(path)}
        assert every == set(told(at_once / name)), name


def test_a_folder_written_again_holds_nothing_of_the_former_hospital(tmp_path: Path):
    write_demo(Plan(as_of=AS_OF, people=40, late_lines=0.5), tmp_path)
    write_demo(Plan(as_of=AS_OF, people=40, late_lines=0.0, duplicate_lines=0.0), tmp_path)
    assert in_both(tmp_path)[1] == []


def test_intake_of_the_whole_folder_takes_the_first_delivery_and_then_the_later_one(tmp_path: Path):
    out, home = demo(people=100, late_lines=0.03, duplicate_lines=0.02), Home(tmp_path / "home")
    result = take_in(home, [out], now=datetime(2026, 11, 20, tzinfo=UTC))
    first, later = in_both(out)
    again = len(set(first) & set(later))
    standing = sum(len(told(out / name)) for name in ("csv/units.csv", "csv/staff.csv", "csv/hospital_scores.csv"))
    assert result["read"] == len(first) + len(later) + standing
    assert (result["unchanged"], result["quarantined"], result["blank"]) == (again, 0, 0)
    assert (result["refused"], result["skipped"], home.is_demo) == ([], [], True)
    files = [report["file"] for report in result["files"]]
    assert files.index("units.csv") < len(files) - 1
    assert sorted(files[files.index("units.csv") + 1 :]) == sorted(
        path.name for name in NAMES if (path := out / LATER / name).is_file()
    )


def test_the_later_delivery_can_be_taken_in_by_itself(tmp_path: Path):
    out, home = demo(people=100, late_lines=0.03, duplicate_lines=0.02), Home(tmp_path / "home")
    result = take_in(home, [out / LATER], now=datetime(2026, 11, 20, tzinfo=UTC))
    assert (result["read"], home.is_demo) == (len(in_both(out)[1]), True)


def test_a_share_of_the_visits_is_delivered_first_as_it_stood_in_progress():
    versions: dict[str, dict[str, dict]] = {}
    for line in resources(demo(), "Encounter"):
        versions.setdefault(line["id"], {})[line["meta"]["versionId"]] = line
    assert {tuple(sorted(one)) for one in versions.values()} == {("2",), ("1", "2")}
    both = [(one["1"], one["2"]) for one in versions.values() if "1" in one]
    assert near(len(both), len(versions), 0.10)
    for former, final in both:
        assert instant(former) < instant(final)
        assert "end" not in former["period"] and "hospitalization" not in former
        assert former["period"]["start"] == final["period"]["start"]
        histories = [[one["status"] for one in version.get("statusHistory", [])] for version in (former, final)]
        assert histories[1][: len(histories[0])] == histories[0]
        if histories[0]:
            assert former["status"] == histories[0][-1]
            assert "end" not in former["statusHistory"][-1]["period"]
        for list_of in ("participant", "location"):
            assert len(former.get(list_of, [])) <= len(final.get(list_of, []))
    assert {former["status"] for former, _ in both} >= {"arrived", "triaged", "in-progress"}
    shorter = [len(one["statusHistory"]) < len(two["statusHistory"]) for one, two in both if "statusHistory" in one]
    assert 0.4 < sum(shorter) / len(shorter) < 1


def instant(line: dict) -> datetime:
    return datetime.fromisoformat(line["meta"]["lastUpdated"])


def test_intake_reports_earlier_versions_of_visits_as_superseded(tmp_path: Path):
    out = demo(people=100, earlier_versions=0.5, late_lines=0.0, duplicate_lines=0.0)
    result = take_in(Home(tmp_path / "home"), [out], now=datetime(2026, 11, 20, tzinfo=UTC))
    (report,) = (one for one in result["files"] if one["file"] == "Encounter.ndjson")
    counted = Counter(line["meta"]["versionId"] for line in resources(out, "Encounter"))
    assert counted["1"] > 20
    assert (report["accepted"], report["superseded"], report["unchanged"]) == (counted["2"], counted["1"], 0)


def test_earlier_versions_change_nothing_but_themselves_and_no_segment():
    with_them, without = (demo(people=60, earlier_versions=share) for share in (1.0, 0.0))
    every, last = (
        {name: {line for path in deliveries(out, name) for line in told(path)} for name in NAMES}
        for out in (with_them, without)
    )
    assert {name for name in every if every[name] != last[name]} == {"fhir/Encounter.ndjson"}
    assert rows(with_them, "truth/segments") == rows(without, "truth/segments")
    built = [
        build_lines([line for name, lines in lines_of(out).items() if name.endswith("ndjson") for line in lines])
        for out in (with_them, without)
    ]
    assert len(every["fhir/Encounter.ndjson"]) == 2 * len(last["fhir/Encounter.ndjson"])
    for table in ("interactions", "visits", "people"):
        # The place in the queue of arrivals is another when more lines arrive; the order it gives is not.
        one, other = (made[table].to_pylist() for made in built)
        for row in one + other:
            row.pop("source_order", None)
        assert one == other, table
