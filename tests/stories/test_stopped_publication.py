"""When over 5 % of a delivery lie in quarantine nothing is published: what was good stays until it is put right."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.release_files import NOW, built, deliver
from tests.unit.tiny_hospital import everybody, land, visit
from twohats.__main__ import main
from twohats.sources.redriving import redrive
from twohats.store.home import Home
from twohats.store.reading import current
from twohats.store.register import current_id, registered
from twohats.words.problems import Problem

BROKEN = b'{"resourceType":"Encounter","id":"half a li\n'


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """32 people with a visit each, and a release of them."""
    folder = tmp_path_factory.mktemp("good")
    made = Home(folder / "home")
    land(made, folder, "first", *everybody())
    built(made)
    return made


@pytest.fixture
def home(good: Home, tmp_path: Path) -> Home:
    shutil.copytree(good.path, tmp_path / "home")
    return Home(tmp_path / "home")


def visits(day: str, people: int = 20) -> list[bytes]:
    return [json.dumps(visit(f"p{number}", day)).encode() + b"\n" for number in range(people)]


def told_by(home: Home) -> dict[str, Any]:
    """What pages read: which release, how many visits, when they began."""
    release = current(home)
    days = release.rows("SELECT count(*) AS visits, max(started_at) AS latest FROM visits")[0]
    return {"id": release.id, "visits": days["visits"], "latest": days["latest"]}


def refusal(home: Home) -> str:
    with pytest.raises(Problem) as told:
        built(home)
    return str(told.value)


def test_the_last_good_release_stays_and_the_message_says_what_to_do(home: Home, tmp_path: Path, capsys):
    before = told_by(home)
    deliver(home, tmp_path, "second", {"Encounter.ndjson": [*visits("2026-02-05", 18), BROKEN, BROKEN]})
    assert refusal(home) == (
        f"{home.path}: more than 5 % of an intake's lines are in quarantine, so no release is published\n"
        "The last good release stays. Correct the export and run twohats intake, or twohats redrive, then build."
    )
    assert (told_by(home), [kept.id for kept in registered(home)]) == (before, [before["id"]])
    assert main(["build", "--home", str(home.path)]) == 2
    assert "more than 5 % of an intake's lines are in quarantine" in capsys.readouterr().err
    assert (told_by(home), [path.name for path in home.releases.iterdir()]) == (before, [before["id"]])


def test_5_percent_are_published_and_counted(home: Home, tmp_path: Path):
    deliver(home, tmp_path, "second", {"Encounter.ndjson": [*visits("2026-02-05", 19), BROKEN]})
    made = built(home).manifest
    assert (made["rows"]["visits"], made["quarantined"], made["lines_read"]) == (32 + 19, 1, 67 + 20)


def test_the_lines_of_one_intake_count_together(home: Home, tmp_path: Path):
    """Two broken lines of two make their file worthless; of all that came with it they are few."""
    deliver(home, tmp_path, "second",
            {"a.ndjson": [*visits("2026-02-05", 32), *visits("2026-02-06", 32)], "b.ndjson": [BROKEN, BROKEN]})
    assert built(home).manifest["rows"]["visits"] == 32 * 3


def test_a_good_delivery_does_not_outweigh_a_bad_one(home: Home, tmp_path: Path):
    deliver(home, tmp_path, "second", {"monday.ndjson": [*visits("2026-02-05", 2), BROKEN]})
    deliver(home, tmp_path, "third", {"tuesday.ndjson": [*visits("2026-02-06", 32), *visits("2026-02-07", 32)]})
    assert "so no release is published" in refusal(home)


def test_it_goes_on_when_the_file_comes_again_corrected(home: Home, tmp_path: Path):
    before = current_id(home)
    deliver(home, tmp_path, "second", {"Encounter.ndjson": [*visits("2026-02-05", 18), BROKEN, BROKEN]})
    assert "so no release is published" in refusal(home)
    deliver(home, tmp_path, "corrected", {"Encounter.ndjson": visits("2026-02-05", 20)})
    made = built(home)
    assert (made.manifest["rows"]["visits"], current_id(home) == before) == (32 + 20, False)
    assert (made.manifest["quarantined"], made.manifest["lines_read"]) == (2, 67 + 20 + 20)


def test_it_goes_on_when_the_lines_are_driven_again_and_pass(home: Home, tmp_path: Path):
    """The clock of the source runs ahead: what comes from the future is good when its day has come."""
    deliver(home, tmp_path, "second", {"Encounter.ndjson": [*visits("2026-02-05", 18), *visits("2026-03-06", 2)]})
    assert "so no release is published" in refusal(home)
    assert redrive(home, NOW)["accepted"] == 0
    assert "so no release is published" in refusal(home)
    assert redrive(home, NOW + timedelta(days=7))["accepted"] == 2
    made = built(home).manifest
    assert (made["rows"]["visits"], made["quarantined_share"]) == (32 + 20, 0.0)
