"""Two people look at how a visit or call was served, a third where they differ; the next release obeys."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from twohats.analysis.context import corrections
from twohats.analysis.making import exported_lines
from twohats.service.actions import outbox, people, served
from twohats.service.actions.served import Label, Side
from twohats.service.pages.served import page
from twohats.service.records.models import AuditEvent
from twohats.service.records.served import ServedReading
from twohats.store.home import Home
from twohats.words.problems import Problem

pytestmark = pytest.mark.django_db
SIDE = Side(2**62 + 5, "patient", "north", "hurried", "r1")
HURRIED, GIVEN, NOBODY = Label("patient", True), Label("patient", False), Label("none", False)


@pytest.fixture
def readers(settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path
    return [people.add_user(username=name, display_name=name.title(), password="a sentence nobody else knows", by=None)
            for name in ("ana", "ben", "cleo", "dora")]


def obeyed(home) -> list[tuple]:
    """What the next release takes in, by its own reading of the file."""
    outbox.flush()
    return [(line["served"], line["hat"], line["wrong"]) for line in corrections(exported_lines(Home(home))).looked_at]


def test_one_word_is_not_in_force_and_two_alike_are(readers, tmp_path):
    served.look(side=SIDE, label=HURRIED, by=readers[0])
    assert obeyed(tmp_path) == []
    served.look(side=SIDE, label=HURRIED, by=readers[1])
    assert obeyed(tmp_path) == [(f"{SIDE.thing}/patient", "patient", True)]
    with pytest.raises(Problem, match="Two people have looked"):
        served.look(side=SIDE, label=GIVEN, by=readers[2])
    assert [(one.order, one.told) for one in served.held_of(SIDE.thing, "patient")] == [(1, "hurried"), (2, "hurried")]
    assert AuditEvent.objects.filter(kind="served").count() == 2


def test_where_two_differ_a_third_decides_and_who_corrects_themselves_takes_it_back(readers, tmp_path):
    served.look(side=SIDE, label=HURRIED, by=readers[0])
    served.look(side=SIDE, label=GIVEN, by=readers[1])
    assert served.differ(served.held_of(SIDE.thing, "patient"))
    assert obeyed(tmp_path) == []
    served.look(side=SIDE, label=GIVEN, by=readers[2])
    assert obeyed(tmp_path) == [(f"{SIDE.thing}/patient", "patient", False)]
    with pytest.raises(Problem, match="Two people have looked"):
        served.look(side=SIDE, label=GIVEN, by=readers[3])
    served.look(side=SIDE, label=HURRIED, by=readers[1])
    assert obeyed(tmp_path) == [(f"{SIDE.thing}/patient", "patient", True)]
    lines = [json.loads(line) for line in (tmp_path / "records_export" / "served.ndjson").read_text().splitlines()]
    assert [line["hat"] for line in lines] == ["patient", "patient"]
    assert ServedReading.objects.count() == 4


def test_two_who_came_to_differ_hold_nothing_until_a_third_says(readers, tmp_path):
    served.look(side=SIDE, label=HURRIED, by=readers[0])
    served.look(side=SIDE, label=HURRIED, by=readers[1])
    served.look(side=SIDE, label=NOBODY, by=readers[0])
    assert obeyed(tmp_path) == []
    served.look(side=SIDE, label=NOBODY, by=readers[3])
    assert obeyed(tmp_path) == [(f"{SIDE.thing}/patient", "none", False)]


@pytest.mark.parametrize("label", [Label("none", True), Label("mixed", False), Label("", False)])
def test_what_cannot_be_said_is_refused(readers, label):
    with pytest.raises(Problem, match="no such hat"):
        served.look(side=SIDE, label=label, by=readers[0])
    assert not ServedReading.objects.exists()


def test_the_database_keeps_the_rules_too(readers):
    def row(**more):
        told = {"thing": 1, "side": "patient", "told": "hurried", "by": readers[0], "order": 1, "hat": "patient",
                "wrong": True, "release": "r", "made_at": timezone.now()} | more
        with transaction.atomic():
            return ServedReading.objects.create(**told)
    row()
    for more in ({}, {"order": 2}, {"order": 4, "by": readers[1]}, {"side": "both", "by": readers[1], "order": 2},
                 {"hat": "none", "by": readers[1], "order": 2}, {"told": "", "by": readers[1], "order": 2}):
        with pytest.raises(IntegrityError):
            row(**more)
    assert row(order=2, by=readers[1]).pk


def test_the_next_one_is_where_two_differ_then_what_one_said_then_each_class_in_its_turn(readers):
    sides = [Side(number, side, "north", told, "r1") for number, (side, told) in enumerate(
        [("customer", "as_wished"), ("customer", "as_wished"), ("patient", "hurried"), ("patient", "as_wished")], 1)]
    ana, ben, cleo, dora = readers

    def following(user):
        side = page.next_for(sides, served.every_held(), user)
        return side and side.thing
    assert following(ana) == 1
    served.look(side=sides[0], label=Label("customer", False), by=ana)
    assert (following(ana), following(ben)) == (3, 1)
    served.look(side=sides[0], label=Label("customer", True), by=ben)
    assert (following(ana), following(ben), following(cleo)) == (3, 3, 1)
    for side in sides[1:]:
        for user in (ana, ben):
            served.look(side=side, label=Label(side.side, False), by=user)
    assert (following(ana), following(dora)) == (None, 1)
    told = page.progress(sides, served.every_held())
    assert (told["wanted"], told["done"], told["once"], told["differing"]) == (4, 3, 0, 1)
    assert page.kappa_sentence(told["kappa"]).startswith("Fewer than 11")
