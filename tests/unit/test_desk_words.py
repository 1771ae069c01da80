"""What a desk is told to ask, not to ask again, and to say; and when money may be named at all."""

import itertools

import pytest

from twohats.care.emergency import may_speak_of_money, sounds_like_emergency
from twohats.words.desk import QuestionKind, could_say, not_again, questions, to_ask
from twohats.words.hats import Hat

ALL = frozenset(questions())


def kinds(asked) -> set[QuestionKind]:
    return {one.kind for one in asked}


def test_identifiers_allergies_medicines_pregnancy_and_safety_are_never_said_not_to_be_asked_again():
    for money in (True, False):
        assert kinds(not_again(ALL, money=money)) & {QuestionKind.IDENTITY, QuestionKind.SAFETY} == set()
    never = {key for key, one in questions().items() if one.kind in (QuestionKind.IDENTITY, QuestionKind.SAFETY)}
    assert never == {"name_and_birth", "record_number", "identity_document", "allergies", "medicines", "pregnancy",
                     "safety"}


def test_a_desk_is_not_told_to_ask_what_is_a_clinicians_to_ask():
    assert kinds(to_ask(ALL, money=True)) == {QuestionKind.PLAIN, QuestionKind.IDENTITY, QuestionKind.MONEY}


def test_without_leave_to_speak_of_money_neither_list_names_it():
    assert QuestionKind.MONEY not in kinds(not_again(ALL, money=False)) | kinds(to_ask(ALL, money=False))
    assert {one.key for one in to_ask(ALL, money=True) if one.kind is QuestionKind.MONEY} == {
        "insurance", "payment", "balance"}


@pytest.mark.parametrize(("emergency", "screened", "may"), [
    (True, None, False), (True, False, False), (True, True, True), (None, None, False), (None, False, False),
    (None, True, True), (False, None, True), (False, False, True), (False, True, True)])
def test_what_is_not_known_counts_as_an_emergency_department_and_as_not_recorded(emergency, screened, may):
    assert may_speak_of_money(emergency=emergency, screened=screened) is may


@pytest.mark.parametrize(("name", "is_one"), [
    ("North emergency", True), ("Emergency Department", True), ("ED", True), ("Urgencias", True), ("Main ER", True),
    ("North clinic", False), ("Pediatrics", False), ("Sanders wing", False), ("Federal building", False)])
def test_an_emergency_department_is_known_by_its_name(name, is_one):
    assert sounds_like_emergency(name) is is_one


def test_there_is_something_to_say_for_every_hat_in_both_languages_and_no_word_of_money_in_it():
    said = [could_say(hat, vulnerable=vulnerable, urgent=urgent)
            for hat, vulnerable, urgent in itertools.product(Hat, (True, False), (True, False))]
    assert all(one.en and one.es and one.en != one.es for one in said)
    text = " ".join(f"{one.en} {one.es}".lower() for one in said)
    assert [word for word in ("insur", "pay", "bill", "balance", "seguro ", "pago", "saldo") if word in text] == []
