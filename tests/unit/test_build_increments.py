"""Whatever arrives, building whom it touches gives the release of a full build."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.unit.release_files import built, content, deliver
from tests.unit.tiny_hospital import CONTACTS, PEOPLE, abnormal_result, call, everybody, land, patient, visit
from twohats.store.home import Home
from twohats.store.releases import manifest_of

MERGED = [
    patient("p3", 2, link=[{"other": {"reference": "Patient/p4"}, "type": "replaced-by"}], active=False),
    patient("p4", 2, link=[{"other": {"reference": "Patient/p3"}, "type": "replaces"}]),
]
PARTED = [patient("p3", 3), patient("p4", 3)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    land(made, tmp_path, "first", *everybody())
    built(made)
    return made


def people(made) -> int:
    return made.manifest["rows"]["people"]


def told_of(home: Home, made, resource: str) -> list[str]:
    """The touchpoints that the release tells of a resource."""
    folder = home.releases / made.manifest["id"] / "tables" / "interactions"
    rows = pq.read_table(sorted(folder.glob("*.parquet")), columns=["touchpoint", "resource"]).to_pylist()
    return sorted(row["touchpoint"] for row in rows if row["resource"] == resource)


def assert_like_full(home: Home, changed) -> None:
    full = built(home, full=True)
    assert (changed.way, changed.manifest["id"], content(home, changed)) == (
        "changed people", full.manifest["id"], content(home, full))


def test_a_merge_and_its_taking_back(home: Home, tmp_path: Path):
    before = manifest_of(home, built(home).manifest["id"])["hashes"]["visits"]
    land(home, tmp_path, "merge", *MERGED)
    merged = built(home)
    assert_like_full(home, merged)
    assert (people(merged), merged.manifest["hashes"]["visits"] == before) == (PEOPLE - 1, False)
    land(home, tmp_path, "parting", *PARTED)
    parted = built(home)
    assert_like_full(home, parted)
    assert (people(parted), parted.manifest["hashes"]["visits"]) == (PEOPLE, before)


def test_rows_of_a_feed_that_find_a_person_and_nobody(home: Home, tmp_path: Path):
    lines = [CONTACTS.encode() + b"\n", call("c1", "mrn-p5"), call("c2", "mrn-of-nobody")]
    deliver(home, tmp_path, "calls", {"contacts.csv": lines})
    changed = built(home)
    assert_like_full(home, changed)


def test_the_clock_moves_and_nobody_has_followed_a_result_up(home: Home, tmp_path: Path):
    land(home, tmp_path, "result", *abnormal_result("p9"))
    was = built(home)
    land(home, tmp_path, "later", visit("p7", "2026-02-20"))
    changed = built(home)
    assert_like_full(home, changed)
    assert (was.manifest["as_of"], changed.manifest["as_of"]) == ("2026-02-01T08:00:00Z", "2026-02-20T12:00:00Z")
    assert (told_of(home, was, "DiagnosticReport/r-p9"), told_of(home, changed, "DiagnosticReport/r-p9")) == (
        [], ["continuity_followup"])


def test_the_clock_moves_and_nobody_has_called_back_who_called_three_times(home: Home, tmp_path: Path):
    days = ("2026-02-01T07:00:00Z", "2026-02-01T08:00:00Z", "2026-02-01T09:00:00Z")
    calls = [call(f"c{n}", "mrn-p5", day) for n, day in enumerate(days)]
    deliver(home, tmp_path, "calls", {"contacts.csv": [CONTACTS.encode() + b"\n", *calls]})
    was = built(home)
    land(home, tmp_path, "later", visit("p7", "2026-02-04"))
    changed = built(home)
    assert_like_full(home, changed)
    assert (states_of(home, was), states_of(home, changed)) == (["open"], ["lost"])


def states_of(home: Home, made) -> list[str]:
    folder = home.releases / made.manifest["id"] / "tables" / "hand_offs"
    return pq.read_table(sorted(folder.glob("*.parquet")), columns=["state"])["state"].to_pylist()
