"""The demo hospital is the same everywhere: same arguments, same bytes; a truth that errors do not touch."""

import subprocess
import sys
import tracemalloc
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from tests.unit.demo_files import AS_OF, demo, resources
from twohats.demo.hospital import Hospital
from twohats.demo.paper import FILES
from twohats.demo.plan import NO_ERRORS, Plan
from twohats.demo.story import tell
from twohats.demo.writing import write_demo

KNOWN = "d06cc4955f90739e29334af7a5b8f92a1951df8d04a77e4c35a50faa5a5aa46b"
"""SHA-256 of the listing of all files of 40 people, seed 3, with their own SHA-256."""


def prints(out: Path, under: str = "") -> dict[str, str]:
    files = sorted(path for path in (out / under).rglob("*") if path.is_file())
    return {str(path.relative_to(out)): sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_arguments_give_the_same_bytes_whatever_the_hash_seed_and_the_number_of_workers(tmp_path: Path):
    command = [sys.executable, "-m", "twohats", "demo", "--people", "230", "--seed", "7", "--as-of", "2026-11-20"]
    for name, workers, hash_seed in (("one", "1", "1"), ("two", "2", "2")):
        subprocess.run(
            [*command, "--out", str(tmp_path / name), "--workers", workers],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo" if workers == "2" else "UTC"},
        )
    assert prints(tmp_path / "one") == prints(tmp_path / "two")


def test_the_bytes_are_those_we_know():
    # A change here is a change of everybody's demo hospital: make it on purpose, and say so in the changelog.
    listed = "".join(f"{name} {digest}\n" for name, digest in prints(demo(people=40, seed=3)).items())
    assert sha256(listed.encode()).hexdigest() == KNOWN


def test_another_seed_gives_another_hospital():
    assert prints(demo(people=40, seed=3), "truth") != prints(demo(people=40, seed=4), "truth")


def test_errors_of_the_records_leave_the_truth_alone():
    noisy, clean = demo(people=400), demo(people=400, **NO_ERRORS)
    for name in ("segments", "served", "clauses", "interactions"):
        assert (noisy / f"truth/{name}.csv").read_bytes() == (clean / f"truth/{name}.csv").read_bytes(), name


def test_without_errors_every_place_status_and_member_of_staff_is_noted_at_its_time():
    out = demo(people=400, **NO_ERRORS)
    for visit in resources(out, "Encounter"):
        marks = {visit["period"]["start"], visit["period"].get("end")}
        for entry in visit.get("location", []) + visit.get("participant", []):
            marks |= set(entry["period"].values())
        history = visit.get("statusHistory", [])
        assert all(one["period"]["start"] in marks for one in history), visit["id"]
        assert all(one["period"].get("end") == after["period"]["start"] for one, after in pairwise(history))
        assert ("end" in visit["period"]) == (visit["status"] == "finished")
    ids = [f"{line['id']}/{line['meta']['versionId']}" for line in resources(out, "Appointment")]
    assert len(ids) == len(set(ids))
    assert not any("link" in line for line in resources(out, "Patient"))


def test_a_person_more_costs_no_more_memory():
    hospital = Hospital(Plan(as_of=AS_OF, people=200_000))

    def tell_some(first: int, how_many: int) -> int:
        for index in range(first, first + how_many):
            tell(hospital, index, {name: [] for name in FILES})
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = tell_some(0, 20)
        assert tell_some(100_000, 150) - before < 100_000
    finally:
        tracemalloc.stop()


def test_one_person_is_the_same_in_a_small_and_in_a_large_part_of_the_hospital(tmp_path: Path):
    write_demo(Plan(as_of=AS_OF, people=250, seed=5), tmp_path / "a")
    write_demo(Plan(as_of=AS_OF, people=251, seed=5), tmp_path / "b")
    ours, theirs = ((tmp_path / name / "truth/segments.csv").read_bytes() for name in "ab")
    assert theirs.startswith(ours)
