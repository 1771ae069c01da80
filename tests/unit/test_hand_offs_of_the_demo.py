"""People we lost track of in a demo hospital, held to its truth: who never booked, what was never fetched or told."""

import csv
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from tests.unit.release_files import hospital, lines_of
from twohats.analysis.build import build_lines

AS_OF = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)
Rows = dict[str, dict[str, dict]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hospital(tmp_path_factory.mktemp("hospital"), people=300)


@pytest.fixture(scope="module")
def found(folder: Path) -> Rows:
    """Hand-offs by kind and by what started them."""
    lines = lines_of(folder)
    told = [orjson.loads(line) for name, some in lines.items() if name.endswith(".ndjson") for line in some]
    feeds = {name: list(csv.DictReader(map(bytes.decode, lines[f"{name}.csv"])))
             for name in ("units", "staff", "contacts")}
    rows: Rows = defaultdict(dict)
    for row in build_lines(told, feeds, as_of=AS_OF)["hand_offs"].to_pylist():
        rows[row["kind"]][row["resource"]] = row
    return rows


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, dict[str, datetime]]:
    """What truly happened outside visits, by act: its source id and when."""
    happened: dict[str, dict[str, datetime]] = defaultdict(dict)
    with (folder / "truth/interactions.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            happened[row["act"]][row["resource"]] = datetime.fromisoformat(row["start"])
    return happened


def states(rows: dict[str, dict], *wanted: str) -> set[str]:
    return {resource for resource, row in rows.items() if row["state"] in wanted}


def test_everybody_who_was_told_to_book_and_has_no_booking_is_found_and_nobody_else(folder, found, truth):
    latest: dict[str, dict] = {}
    for line in lines_of(folder)["Appointment.ndjson"]:
        one = orjson.loads(line)
        if int(one["meta"]["versionId"]) >= int(latest.get(one["id"], one)["meta"]["versionId"]):
            latest[one["id"]] = one
    booked = {one["basedOn"][0]["reference"] for one in latest.values()
              if "basedOn" in one and one["status"] != "cancelled"}
    rows = found["told_to_book"]
    assert rows.keys() == truth["refer"].keys()
    assert states(rows, "met") == booked & rows.keys()
    assert states(rows, "lost", "open", "ended") == rows.keys() - booked
    assert min(len(states(rows, state)) for state in ("met", "lost", "open")) > 0


def test_clocks_of_those_who_have_not_booked_run_for_two_weeks(found):
    waiting = [row for row in found["told_to_book"].values() if row["state"] in ("lost", "open")]
    assert [row["state"] for row in waiting] == [
        "lost" if row["started_at"] + TWO_WEEKS <= AS_OF else "open" for row in waiting]


def test_every_medicine_on_the_list_was_truly_never_fetched(found, truth):
    lost, never = states(found["medicine_to_fetch"], "lost"), truth["not_picked_up"]
    assert lost - never.keys() == set()
    told_of = found["medicine_to_fetch"].keys() & {key for key, day in never.items() if day + TWO_WEEKS <= AS_OF}
    assert told_of - lost == states(found["medicine_to_fetch"], "ended") & told_of
    assert len(lost) > 10


def test_abnormal_results_on_the_list_were_not_followed_or_told_over_a_shared_phone(folder, found, truth):
    lost = states(found["result_to_follow"], "lost")
    with (folder / "truth/interactions.csv").open(newline="") as lines:
        by_call = {row["person"] for row in csv.DictReader(lines)
                   if row["act"] == "explain_result" and row["resource"].startswith("contacts/")}
    whose = {f"DiagnosticReport/{line['id']}": line["subject"]["reference"].split("/")[1]
             for line in map(orjson.loads, lines_of(folder)["DiagnosticReport.ndjson"])}
    assert {whose[report] for report in lost - truth["result_not_followed"].keys()} - by_call == set()
    assert len(lost & truth["result_not_followed"].keys()) > 2
