"""What people answered to us comes back through the hospital's own files: once, tied to its visit, and counted."""

import argparse
import csv
from datetime import UTC, datetime, timedelta

import pytest

from tests.security.conftest import readers
from tests.unit import tiny_hospital
from tests.unit.release_files import built
from twohats.service import releases
from twohats.service.actions import answering, answers_file, asking
from twohats.service.commands import answers, worker
from twohats.service.records.models import UrgentAlert
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.keys import key

__all__ = ["readers"]
pytestmark = pytest.mark.django_db
DAY = "2026-01-05"
NOW = datetime(2026, 1, 6, 15, tzinfo=UTC)
PERSON = key("Patient/p1")


@pytest.fixture
def home(settings, tmp_path):
    """A hospital of some dozens of people with a visit each, built."""
    settings.TWOHATS_HOME = tmp_path / "home"
    place = Home(settings.TWOHATS_HOME).ensure()
    tiny_hospital.land(place, tmp_path, "first", *tiny_hospital.everybody())
    built(place)
    return place


def the_visit():
    (one,) = [found for found in asking.candidates(PERSON, NOW) if found.kind == "visit"]
    return one


def filled_in(by, quote="staff", **answers):
    """A form about p1's visit, sent."""
    request = asking.begin_on_paper(person=PERSON, form="your_care", matter=the_visit().key, by=by, now=NOW)
    for name, value in answers.items():
        words = {"words": value, "quote": quote} if name == "words" else {"value": value}
        answering.keep(request=request, question=name, language="en", mode="mail", by=by, now=NOW, **words)
    answering.finish(request=request, now=NOW)
    return request


def rows(folder, name):
    path = folder / f"{name}.csv"
    return list(csv.DictReader(path.open())) if path.exists() else []


def test_answers_are_taken_in_built_and_tied_to_the_visit_and_never_doubled(home, readers, tmp_path):
    request = filled_in(readers["navigator"], enough_time="right", satisfaction="75", call_back="no",
                        words="Everybody listened to me.")
    out = tmp_path / "out"
    assert answers_file.write(NOW, out) == {"surveys": 2, "comments": 1}
    for again in range(2):
        take_in(home, [out], now=NOW + timedelta(days=1 + again))
        built(home)
        told = {row["source_id"]: dict(row) for row in releases.current().rows(
            "SELECT source_id, kind, person, visit, tied_by, survey, item, value, words, mode, respondent, hat"
            " FROM voices ORDER BY source_id", ())}
        assert {name: (row["kind"], row["person"], row["visit"], row["item"], row["value"], row["hat"])
                for name, row in told.items()} == {
            f"ours-{request.pk}-enough_time": ("answer", PERSON, request.visit, "enough_time", "right", "patient"),
            f"ours-{request.pk}-satisfaction": ("answer", PERSON, request.visit, "satisfaction", "75", "mixed"),
            f"ours-{request.pk}-words": (
                "comment", PERSON, request.visit, "What should we know about your care?", None, None)}
    counted = releases.current().rows(
        "SELECT times, part FROM measures WHERE measure = 'enough_time_otherwise' AND unit = '*'"
        " AND period = '2026-01'", ())
    assert [tuple(row) for row in counted] == [(1, 1)]


def test_the_comments_key_in_a_release_is_the_one_its_alert_was_opened_under(home, readers, tmp_path):
    request = filled_in(readers["navigator"], words="I want to kill myself")
    answers_file.write(NOW, tmp_path / "out")
    take_in(home, [tmp_path / "out"], now=NOW)
    built(home)
    (voice,) = releases.current().rows("SELECT voice FROM voices WHERE kind = 'comment'", ())
    assert voice["voice"] == UrgentAlert.objects.get().voice == request.answers.get(question="words").voice


def test_the_yes_comes_back_with_the_words(home, readers, tmp_path):
    filled_in(readers["navigator"], words="I felt rushed and nobody listened to me.")
    answers_file.write(NOW, tmp_path / "out")
    take_in(home, [tmp_path / "out"], now=NOW)
    built(home)
    assert [tuple(row) for row in releases.current().rows("SELECT shown_to, says_so, visit FROM clauses", ())] == [
        ("staff", "patient", the_visit().visit)]


@pytest.mark.parametrize(("quote", "shown"), [("staff", 1), ("leaders", 0), ("nobody", 0), ("", 0)])
def test_without_a_yes_the_words_never_reach_a_file(home, readers, tmp_path, quote, shown):
    filled_in(readers["navigator"], quote=quote, satisfaction="100", words="Everybody listened to me.")
    assert answers_file.write(NOW, tmp_path / "out") == {"surveys": 1, "comments": shown}
    text = "".join(path.read_text() for path in (tmp_path / "out").glob("*"))
    assert ("listened" in text) == bool(shown)


def test_a_form_is_written_when_it_can_change_no_more(home, readers, tmp_path):
    request = asking.begin_on_paper(person=PERSON, form="one_tap", matter=the_visit().key, by=readers["navigator"],
                                    now=NOW)
    answering.keep(request=request, question="effort", value="2", language="en", now=NOW)
    assert answers_file.write(NOW, tmp_path / "out") == {"surveys": 0, "comments": 0}
    assert not (tmp_path / "out").exists()
    assert answers_file.write(request.answer_by, tmp_path / "out") == {"surveys": 1, "comments": 0}
    (row,) = rows(tmp_path / "out", "surveys")
    assert (row["answer_id"], row["person_mrn"], row["survey"], row["item"], row["value"], row["encounter_id"]) == (
        f"ours-{request.pk}-effort", "mrn-p1", "pulse", "effort", "2", f"v-p1-{DAY}")


def test_a_file_that_says_nothing_new_is_not_touched(home, readers, tmp_path):
    filled_in(readers["navigator"], satisfaction="100")
    answers_file.write(NOW, tmp_path / "out")
    before = (tmp_path / "out" / "surveys.csv").stat().st_ino
    answers_file.write(NOW, tmp_path / "out")
    assert (tmp_path / "out" / "surveys.csv").stat().st_ino == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["surveys.csv"]


def test_the_worker_writes_them_into_the_home(home, readers):
    filled_in(readers["navigator"], satisfaction="100")
    done = worker.one_round()
    assert (done["answers_in_surveys"], done["cases_closed_unsolved"]) == (1, 0)
    assert [row["value"] for row in rows(home.path / "outgoing", "surveys")] == ["100"]


def test_the_command_says_what_to_do_next(home, readers, tmp_path, capsys, monkeypatch):
    filled_in(readers["navigator"], satisfaction="100")
    monkeypatch.setattr(answers.starting, "begin", lambda _home: None)
    monkeypatch.setattr(answers.starting, "bring_records_up_to_date", lambda: None)
    parser = argparse.ArgumentParser()
    answers.add_arguments(parser)
    assert answers.run(parser.parse_args([str(tmp_path / "out"), "--home", "h"])) == {"surveys": 1, "comments": 0}
    assert "twohats intake" in capsys.readouterr().out
