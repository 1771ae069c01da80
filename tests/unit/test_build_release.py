"""A release: the same in, the same out; built in parts or whole, it is the same; and it can be taken back."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.unit.release_files import built, content, deliver, hospital, lines_of, split
from twohats.store.home import Home
from twohats.store.reading import current
from twohats.store.register import registered
from twohats.store.releases import rollback
from twohats.store.tables.release import RELEASED
from twohats.words.problems import Problem


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return lines_of(hospital(tmp_path_factory.mktemp("hospital")))


def mentions(resource: dict, patients: set[str]) -> bool:
    text = json.dumps(resource)
    return any(f'"Patient/{patient}"' in text for patient in patients) or (
        resource["resourceType"] == "Patient" and resource["id"] in patients
    )


def rows_of(home: Home) -> dict[str, list]:
    """Every row of every table that pages read, in no order."""
    with sqlite3.connect(current(home).folder / "pages.sqlite") as pages:
        return {table.name: sorted(map(repr, pages.execute(f'SELECT * FROM "{table.name}"'))) for table in RELEASED}


def test_an_empty_home_says_what_to_do(tmp_path: Path):
    with pytest.raises(Problem) as told:
        built(Home(tmp_path))
    assert str(told.value) == (
        f"{tmp_path}: nothing has landed here yet\nRun: twohats intake PATH, then build again."
    )


def test_the_same_files_give_the_same_release(tmp_path: Path, files):
    for name in ("one", "two"):
        deliver(Home(tmp_path / name), tmp_path, f"files-{name}", files)
    one, two = built(Home(tmp_path / "one")), built(Home(tmp_path / "two"))
    assert one.manifest["id"] == two.manifest["id"]
    assert rows_of(Home(tmp_path / "one")) == rows_of(Home(tmp_path / "two"))


def test_a_second_build_of_the_same_files_finds_nothing_new(tmp_path: Path, files):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path, "files", files)
    first, second = built(home), built(home)
    assert (first.way, second.way, second.manifest["id"]) == ("full", "nothing new", first.manifest["id"])


def test_building_whom_new_files_touch_gives_the_release_of_a_full_build(tmp_path: Path, files):
    """Late lines of one person, a merge among them: everybody else is carried over."""
    people = {"p3", "p3-old"}
    first, second = split(files, lambda name, resource: mentions(resource, people) and hash_of(resource) % 2 == 0)
    home = Home(tmp_path / "home")
    deliver(home, tmp_path, "first", first)
    built(home)
    deliver(home, tmp_path, "second", second)
    changed = built(home)
    patched = (changed.way, content(home, changed), rows_of(home))
    full = built(home, full=True)
    assert patched == ("changed people", content(home, full), rows_of(home))
    assert changed.manifest["id"] == full.manifest["id"]


def hash_of(resource: dict) -> int:
    return sum(resource["id"].encode())


def test_rolling_back_points_to_the_former_release(tmp_path: Path, files):
    home = Home(tmp_path / "home")
    first, second = split(files, lambda name, resource: mentions(resource, {"p1"}))
    deliver(home, tmp_path, "first", first)
    former = built(home).manifest["id"]
    with pytest.raises(Problem, match="no earlier release"):
        rollback(home)
    deliver(home, tmp_path, "second", second)
    latter = built(home).manifest["id"]
    assert rollback(home) == (latter, former)
    assert current(home).id == former
    assert [kept.id for kept in registered(home)] == [former, latter]
