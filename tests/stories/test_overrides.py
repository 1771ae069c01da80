"""Carla says which hat it was: obeyed at once on the page, and in every next release, whatever late data do."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.security.conftest import SENTENCE, logged_in
from tests.unit.release_files import built, content
from tests.unit.tiny_hospital import everybody, land, visit
from twohats.service.actions import people
from twohats.service.policy import WHOLE, Role
from twohats.store.home import Home
from twohats.store.keys import key
from twohats.store.reading import current
from twohats.store.releases import manifest_of

ANA = key("Patient/p1")
DAY = "2026-01-05"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A hospital of 32 people, built; Ana (p1) waited an hour in a hall and had one with a physician."""
    folder = tmp_path_factory.mktemp("untouched")
    made = Home(folder / "home")
    land(made, folder, "first", *everybody())
    built(made)
    return made


@pytest.fixture
def home(untouched: Home, tmp_path: Path, settings) -> Home:
    settings.TWOHATS_HOME = tmp_path / "home"
    shutil.copytree(untouched.path, settings.TWOHATS_HOME)
    return Home(settings.TWOHATS_HOME)


@pytest.fixture
def somebody(db, home, settings):
    """A client of somebody who holds that role in the whole organisation."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def client(name: str, role: Role) -> Client:
        user = people.add_user(username=name, display_name=name.title(), password=SENTENCE, by=None)
        people.give_role(user=user, role=role, unit=WHOLE, by=None)
        return logged_in(user)

    return client


@pytest.fixture
def carla(somebody) -> Client:
    return somebody("carla", Role.NAVIGATOR)


@pytest.fixture
def say(carla: Client, django_capture_on_commit_callbacks):
    """Carla presses a hat beside a moment; what she said reaches the file of what we wrote."""
    def said(interaction: int, hat: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer = carla.post(f"/people/{ANA}/hat", {"interaction": interaction, "hat": hat})
        assert answer.status_code == 302
    return said


def anas(home: Home) -> list[tuple[str, str, str, bool]]:
    """Ana's moments in the current release: from, hat, rule, whether it was overruled."""
    return [(moment(row["started_at"]), row["hat"], row["rule"], bool(row["overruled"]))
            for row in lived(home)]


def lived(home: Home) -> list[Any]:
    """Ana's interactions in the order lived."""
    return current(home).rows(
        "SELECT * FROM interactions WHERE person = ? ORDER BY started_at, source_order, interaction", (ANA,))


def moment(microseconds: int) -> str:
    return f"{microseconds // 3_600_000_000 % 24:02d}:{microseconds // 60_000_000 % 60:02d}"


def in_the_hall(home: Home) -> int:
    return lived(home)[0]["interaction"]


def read_by(client: Client, path: str) -> str:
    main = re.search(r"<main.*</main>", client.get(path).content.decode(), re.DOTALL).group(0)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def summary(client: Client) -> str:
    return re.search(r"\d+ moments: .*?\.", read_by(client, f"/people/{ANA}/")).group(0)


def visit_of_ana(version: int, arrived: str) -> dict[str, Any]:
    """The same visit as told later: she came at another time."""
    told = visit("p1", DAY)
    text = json.dumps(told).replace(f"{DAY}T08:00:00Z", f"{DAY}T{arrived}:00Z")
    return json.loads(text) | {"meta": {"versionId": str(version), "lastUpdated": f"2026-02-0{version}T12:00:00Z"}}


def orphans(home: Home) -> list[tuple[int, str]]:
    told = manifest_of(home, current(home).id)["orphaned_overrides"]
    return [(one["interaction"], one["hat"]) for one in told]


def test_what_carla_says_is_shown_at_once_and_obeyed_by_the_next_release(home: Home, carla: Client, say):
    before, former = anas(home), current(home).id
    assert before == [
        ("08:00", "customer", "wait_before_care", False), ("09:00", "patient", "clinician_present", False)]
    assert summary(carla) == "2 moments: 1 as a patient, 1 as a customer."
    say(in_the_hall(home), "mixed")
    assert summary(carla) == "2 moments: 1 as a patient, 0 as a customer, 1 both at once."
    assert (current(home).id, anas(home)) == (former, before)
    made = built(home)
    assert (made.way, orphans(home)) == ("changed people", [])
    assert anas(home) == [("08:00", "mixed", "wait_before_care", True), before[1]]
    assert summary(carla) == "2 moments: 1 as a patient, 0 as a customer, 1 both at once."
    changed = content(home, made)
    assert content(home, built(home, full=True)) == changed


def test_the_share_overruled_is_told_by_the_rule_that_was_overruled_and_not_by_who_said_so(home: Home, somebody, say):
    say(in_the_hall(home), "mixed")
    built(home)
    rules = [tuple(row) for row in current(home).rows("SELECT rule, hat, interactions, overruled FROM rules_used")]
    assert rules == [("clinician_present", "patient", 32, 0), ("wait_before_care", "customer", 32, 1)]
    told = read_by(somebody("dan", Role.ANALYST), "/quality/")
    assert "The person waited before care; an errand of time, and perhaps an anxious one. C customer 1 32 3.1 %" in told
    assert "Carla" not in told


def test_the_last_word_holds(home: Home, carla: Client, say):
    say(in_the_hall(home), "mixed")
    built(home)
    say(in_the_hall(home), "patient")
    assert summary(carla) == "2 moments: 2 as a patient, 0 as a customer."
    built(home)
    assert [hat for _, hat, _, _ in anas(home)] == ["patient", "patient"]


def test_an_override_whose_moment_late_data_moved_is_shown_and_waits_for_it(
    home: Home, tmp_path: Path, somebody, say
):
    analyst = somebody("dan", Role.ANALYST)
    hall = in_the_hall(home)
    say(hall, "mixed")
    built(home)
    assert "late data moved" not in read_by(analyst, "/quality/")
    land(home, tmp_path, "late", visit_of_ana(2, "07:45"))
    built(home)
    assert anas(home)[0] == ("07:45", "customer", "wait_before_care", False)
    assert orphans(home) == [(hall, "mixed")]
    assert "For one overruled moment late data moved what it was about: it is kept" in read_by(analyst, "/quality/")
    land(home, tmp_path, "later", visit_of_ana(3, "08:00"))
    built(home)
    assert (anas(home)[0], orphans(home)) == (("08:00", "mixed", "wait_before_care", True), [])
    assert "late data moved" not in read_by(analyst, "/quality/")
