"""Words on hand-offs: the latest holds, an end is an end until it is opened again, nothing is changed or taken away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from twohats.service.actions import hand_offs, people
from twohats.service.actions.hand_offs import Told, ended_ones, words_in_force, words_on
from twohats.service.records.models import AuditEvent, HandOffWord
from twohats.words.hand_offs import hand_offs as declared
from twohats.words.problems import Problem

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
OF, OTHER = Told(7, "told_to_book", "north", "r1"), Told(8, "told_to_book", "", "r1")


@pytest.fixture
def carla(db):
    return people.add_user(username="carla", display_name="Carla", password="a sentence nobody else knows", by=None)


@pytest.fixture
def say(carla):
    """Says something of a hand-off, a minute after what was said before."""
    def said(says: str, note: str = "", of: Told = OF) -> HandOffWord:
        return hand_offs.say(of=of, says=says, note=note, by=carla,
                             now=NOW + timedelta(minutes=HandOffWord.objects.count()))
    return said


def test_a_word_keeps_who_said_it_and_leaves_a_trace_without_the_note(carla, say):
    made = say("not_yet", "  rings out, try at five ")
    assert (made.hand_off, made.kind, made.unit, made.says, made.note, made.release, made.by, made.made_at) == (
        7, "told_to_book", "north", "not_yet", "rings out, try at five", "r1", carla, NOW)
    assert list(AuditEvent.objects.exclude(kind="user").values_list("verb", "kind", "thing", "user_number")) == [
        ("said: not_yet", "hand_off", "7", carla.pk)]


def test_the_latest_word_holds_each_hand_off_alone(say):
    say("taken")
    say("did_not_want")
    say("taken", of=OTHER)
    assert {key: word.says for key, word in words_in_force([7, 8, 9]).items()} == {7: "did_not_want", 8: "taken"}
    assert [word.says for word in words_on(7)] == ["taken", "did_not_want"]
    assert ended_ones() == [7]


@pytest.mark.parametrize("word", declared().words.values(), ids=str)
def test_what_ends_a_hand_off_takes_it_from_the_list_and_nothing_else_does(say, word):
    if word.key == "open_again":
        say("done_now")
    say(word.key)
    assert ended_ones() == ([7] if word.ends else [])


def test_what_ended_is_opened_before_anything_more_is_said(say):
    say("not_reached")
    with pytest.raises(Problem, match="ended already"):
        say("done_now")
    say("open_again")
    assert ended_ones() == []
    say("done_now")
    assert ended_ones() == [7]


def test_what_did_not_end_cannot_be_opened(say):
    with pytest.raises(Problem, match="not ended"):
        say("open_again")
    say("taken")
    with pytest.raises(Problem, match="not ended"):
        say("open_again")


@pytest.mark.parametrize(("says", "note"), [("lost", ""), ("", ""), ("done_now", "x" * 301)])
def test_what_is_not_declared_or_too_long_is_not_kept(say, says, note):
    with pytest.raises(Problem):
        say(says, note)
    assert HandOffWord.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"says": "lost"}, {"kind": ""}, {"release": ""}])
def test_the_database_itself_refuses_what_must_never_be(carla, wrong):
    right = {"hand_off": 7, "kind": "told_to_book", "says": "taken", "release": "r1", "by": carla, "made_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOffWord.objects.create(**right | wrong)
    HandOffWord.objects.create(**right)


def test_words_only_grow(say):
    say("taken")
    for change in (lambda: HandOffWord.objects.update(says="done_now"), lambda: HandOffWord.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert [word.says for word in words_on(7)] == ["taken"]
