"""Readers say what a clause is: twice at most by two people, history kept, and what holds wins in the next release."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from twohats.analysis.context import CLAUSE_LABELS, corrections
from twohats.analysis.making import exported_lines
from twohats.service.actions import outbox, people, readings
from twohats.service.actions.readings import Label, Queue, Told
from twohats.service.records.models import AuditEvent, ClauseReading
from twohats.store.home import Home
from twohats.words.problems import Problem

pytestmark = pytest.mark.django_db
SENTENCE = "a sentence nobody else knows"
BILL = Told(clause=77, voice=7, comment="comments/3", start=26, unit="north-ed", release="r1", model_hat="customer",
            model_touchpoint="billing_insurance", model_sentiment=-1, model_p=0.45)
CARE = Label("patient", "emotional_support_safety", 1, "patient")
MONEY = Label("customer", "billing_insurance", -1, "patient")
WAIT = Label("customer", "wait_timeliness", -1, "patient")


@pytest.fixture
def home(settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path
    return tmp_path


@pytest.fixture
def rita(home):
    return people.add_user(username="rita", display_name="Rita", password=SENTENCE, by=None)


@pytest.fixture
def ruben(home):
    return people.add_user(username="ruben", display_name="Rubén", password=SENTENCE, by=None)


@pytest.fixture
def rosa(home):
    return people.add_user(username="rosa", display_name="Rosa", password=SENTENCE, by=None)


def say(by, label=MONEY, told=BILL, queue=Queue.UNSURE, **more):
    return readings.read_clause(told=told, label=label, queue=queue, by=by, **more)


def exported(home) -> list[dict]:
    outbox.flush()
    path = home / "records_export" / "clauses.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wins(home) -> list[tuple]:
    """What the next release takes from the file, by its own reading of it."""
    outbox.flush()
    said = corrections(exported_lines(Home(home)))
    return [tuple(line[name] for name in CLAUSE_LABELS.names) for line in said.clause_labels]


def told_of(made: ClauseReading) -> dict:
    names = ("clause", "voice", "comment", "start", "unit", "by_id", "order", "settled_by", "holds", "hat", "about_hat",
             "touchpoint", "sentiment", "speaker", "note", "queue", "sampled", "release", "model_hat",
             "model_touchpoint", "model_sentiment", "model_p")
    return {name: getattr(made, name) for name in names}


# ---- one reader -------------------------------------------------------------------------------------------------
def test_a_reading_holds_what_was_said_and_what_the_model_said_then(rita):
    made = say(rita, CARE, note="  two people speak here ", sampled=True, queue=Queue.RANDOM)
    assert told_of(made) == {
        "clause": 77, "voice": 7, "comment": "comments/3", "start": 26, "unit": "north-ed", "by_id": rita.pk,
        "order": 1, "settled_by": "", "holds": True, "hat": "patient", "about_hat": "patient",
        "touchpoint": "emotional_support_safety", "sentiment": 1, "speaker": "patient",
        "note": "two people speak here", "queue": "random", "sampled": True, "release": "r1", "model_hat": "customer",
        "model_touchpoint": "billing_insurance", "model_sentiment": -1, "model_p": 0.45}


def test_the_line_in_the_file_is_what_the_next_release_understands(home, rita):
    made = say(rita, Label("patient", "medication_pain", -1, "family"), note="not for the file")
    (line,) = exported(home)
    said_at = made.made_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    key = line.pop("key")
    assert len(key) == 32
    assert line == {
        "kind": "clause", "clause": 77, "comment": "comments/3", "start": 26, "hat": "customer",
        "about_hat": "patient", "touchpoint": "medication_pain", "sentiment": -1, "speaker": "family", "release": "r1",
        "at": said_at, "by": f"user/{rita.pk}"}
    assert wins(home) == [(77, "customer", "patient", "medication_pain", -1, "family")]


@pytest.mark.parametrize(("speaker", "about", "hat"), [
    ("patient", "patient", "patient"), ("patient", "customer", "customer"), ("patient", "none", "none"),
    ("family", "patient", "customer"), ("family", "customer", "customer"), ("family", "none", "none"),
    ("other", "patient", "customer"), ("other", "customer", "customer"), ("other", "none", "none")])
def test_the_hat_follows_whose_view_it_is(rita, speaker, about, hat):
    made = say(rita, Label(about, "discharge", 0, speaker))
    assert (made.hat, made.about_hat, made.speaker) == (hat, about, speaker)


def test_who_corrects_themselves_is_obeyed_and_both_readings_are_kept(home, rita):
    say(rita, CARE, queue=Queue.RANDOM, sampled=True)
    say(rita, MONEY)
    told = ClauseReading.objects.order_by("pk").values_list("holds", "order", "about_hat", "queue", "sampled")
    assert list(told) == [
        (False, 1, "patient", "random", True), (True, 1, "customer", "random", True)]
    assert [line["hat"] for line in exported(home)] == ["patient", "customer"]
    assert wins(home) == [(77, "customer", "customer", "billing_insurance", -1, "patient")]


def test_saying_the_same_again_changes_nothing(home, rita):
    first, events = say(rita), AuditEvent.objects.count()
    assert say(rita).pk == first.pk
    assert (ClauseReading.objects.count(), AuditEvent.objects.count(), len(exported(home))) == (1, events, 1)


@pytest.mark.parametrize(("label", "where"), [
    (Label("mixed", "discharge", 0, "patient"), "about_hat"), (Label("", "discharge", 0, "patient"), "about_hat"),
    (Label("patient", "triage", 0, "patient"), "touchpoint"), (Label("patient", "moon", 0, "patient"), "touchpoint"),
    (Label("patient", "discharge", 2, "patient"), "sentiment"), (Label("patient", "discharge", 0, "self"), "speaker")])
def test_a_label_that_does_not_exist_is_refused(rita, label, where):
    with pytest.raises(Problem) as told:
        say(rita, label)
    assert (told.value.where, ClauseReading.objects.count()) == (where, 0)


def test_a_note_that_is_too_long_is_refused(rita):
    with pytest.raises(Problem, match="300 characters"):
        say(rita, note="x" * 301)


# ---- a second reader, and a third -------------------------------------------------------------------------------
def test_a_second_reader_who_agrees_finishes_it_and_sends_no_second_line(home, rita, ruben, rosa):
    say(rita)
    second = say(ruben, queue=Queue.DISAGREED)
    stands = readings.standing(77)
    assert (second.order, stands.is_finished, stands.waits_to_be_settled) == (2, True, False)
    assert len(exported(home)) == 1
    with pytest.raises(Problem, match="Two readers agree"):
        say(rosa)


def test_where_two_differ_the_first_holds_until_a_third_settles_it(home, rita, ruben, rosa):
    say(rita, CARE)
    say(ruben, MONEY)
    assert readings.standing(77).waits_to_be_settled
    assert wins(home) == [(77, "patient", "patient", "emotional_support_safety", 1, "patient")]
    third = say(rosa, WAIT)
    assert (third.order, third.settled_by, readings.standing(77).is_finished) == (3, "third", True)
    assert wins(home) == [(77, "customer", "customer", "wait_timeliness", -1, "patient")]
    assert [line["touchpoint"] for line in exported(home)] == ["emotional_support_safety", "wait_timeliness"]
    for late in (rita, ruben):
        with pytest.raises(Problem, match="was settled"):
            say(late, MONEY)
    assert say(rosa, MONEY).settled_by == "third"  # who settled it may correct what they said
    assert wins(home) == [(77, "customer", "customer", "billing_insurance", -1, "patient")]


def test_a_third_who_agrees_with_the_first_sends_no_line_twice(home, rita, ruben, rosa):
    say(rita, CARE)
    say(ruben, MONEY)
    say(rosa, CARE)
    assert len(exported(home)) == 1


def test_two_who_differ_settle_it_by_agreement(home, rita, ruben):
    say(rita, CARE)
    say(ruben, MONEY)
    made = readings.settle(told=BILL, label=MONEY, by=rita)
    assert (made.order, made.settled_by, made.by, made.model_touchpoint) == (3, "agreement", rita, "billing_insurance")
    assert wins(home) == [(77, "customer", "customer", "billing_insurance", -1, "patient")]
    with pytest.raises(Problem, match="nothing to settle"):
        readings.settle(told=BILL, label=CARE, by=ruben)


def test_somebody_else_settles_it_as_a_third(rita, ruben, rosa):
    say(rita, CARE)
    say(ruben, MONEY)
    assert readings.settle(told=BILL, label=WAIT, by=rosa).settled_by == "third"


def test_there_is_nothing_to_settle_where_nobody_differs(rita, ruben):
    with pytest.raises(Problem, match="nothing to settle"):
        readings.settle(told=BILL, label=CARE, by=rita)
    say(rita)
    say(ruben)
    with pytest.raises(Problem, match="nothing to settle"):
        readings.settle(told=BILL, label=CARE, by=rita)


def test_a_second_reader_of_a_later_release_remembers_what_the_model_first_said(rita, ruben):
    say(rita, CARE)
    later = Told(clause=77, voice=7, comment="comments/3", start=26, unit="north-ed", release="r2",
                 model_hat="customer")  # the release holds Rita's word now, not the model's
    second = say(ruben, CARE, told=later)
    assert (second.release, second.model_hat, second.model_touchpoint, second.model_sentiment, second.model_p) == (
        "r2", "customer", "billing_insurance", -1, 0.45)


def test_two_who_read_at_the_same_moment_become_first_and_second(rita, ruben, monkeypatch):
    """Ruben's reading meets one that was not there when he looked: the database refuses it, and he is the second."""
    held = readings._held
    looks = iter([lambda clause: [], held])

    def looked(clause):
        return next(looks, held)(clause)

    say(rita, CARE)
    monkeypatch.setattr(readings, "_held", looked)
    assert say(ruben, CARE).order == 2


def test_every_deed_leaves_a_trace_without_a_word(rita, ruben):
    before = AuditEvent.objects.count()
    say(rita, CARE, note="a note")
    say(rita, WAIT, note="a note")
    say(ruben, MONEY)
    readings.settle(told=BILL, label=MONEY, by=ruben)
    assert list(AuditEvent.objects.order_by("pk").values_list("user_number", "verb", "kind", "thing"))[before:] == [
        (rita.pk, "read", "clause", "77"), (rita.pk, "read again", "clause", "77"), (ruben.pk, "read", "clause", "77"),
        (ruben.pk, "settled", "clause", "77")]


def test_a_reading_that_is_undone_leaves_no_line(home, rita):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        say(rita)
        raise ZeroDivisionError
    assert exported(home) == []


def test_what_one_read_before_leads_back_one_by_one(rita, ruben):
    made = [say(rita, told=Told(number, 7, "comments/3", number, "", "r1")) for number in (1, 2, 3)]
    say(ruben, told=Told(9, 7, "comments/3", 9, "", "r1"))
    assert [readings.read_before(rita, one) for one in (None, made[2], made[1], made[0])] == [*reversed(made), None]


# ---- what the database itself refuses ---------------------------------------------------------------------------
def test_the_database_refuses_what_must_not_be(rita, ruben):
    say(rita)
    whole = {"clause": 77, "voice": 7, "comment": "comments/3", "start": 26, "by": ruben, "order": 2,
             "hat": "customer", "about_hat": "customer", "touchpoint": "discharge", "sentiment": 0,
             "speaker": "patient", "queue": "unsure", "release": "r1", "made_at": timezone.now()}
    wrong = [
        {"by": rita}, {"order": 1}, {"order": 4}, {"order": 3}, {"order": 3, "settled_by": "vote"},
        {"settled_by": "third"}, {"hat": "mixed"}, {"hat": "mixed", "about_hat": "mixed"}, {"about_hat": "patient"},
        {"speaker": "family", "about_hat": "patient", "hat": "patient"}, {"speaker": "family", "hat": "none"},
        {"speaker": "self"}, {"sentiment": 2}, {"touchpoint": "triage"}, {"touchpoint": ""}, {"queue": "all"},
        {"comment": ""}, {"release": ""}, {"start": -1},
    ]
    let_through = []
    for more in wrong:
        try:
            with transaction.atomic():
                ClauseReading.objects.create(**whole | more)
            let_through.append(more)
        except IntegrityError:
            continue
    assert let_through == []
    assert ClauseReading.objects.create(**whole).order == 2
