"""The forms are short or leave room; nobody is asked too soon, too often, or while their matter is unsolved."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from tests.release_fixture import at
from twohats.care.asking import forms, recovery, worth
from twohats.care.asking.worth import Asked, Matter, Stay, why_not
from twohats.words.hats import Hat
from twohats.words.instruments import instrument

NOW = at("2026-11-23", "17:00")
RULES = worth.shipped()
CARE, GETTING, TAP = (forms.forms()[name] for name in ("your_care", "getting_care", "one_tap"))
DONE = Matter(NOW - timedelta(days=1), solved=True)


def days_ago(days):
    return NOW - timedelta(days=days)


# ---- the forms -----------------------------------------------------------------------------------------------
def test_a_customers_form_takes_one_to_three_taps_and_a_patients_leaves_room():
    assert {name: (one.hat, one.taps, one.asks_who_first) for name, one in forms.forms().items()} == {
        "your_care": (Hat.PATIENT, 4, True), "getting_care": (Hat.CUSTOMER, 3, False),
        "one_tap": (Hat.CUSTOMER, 1, False)}
    assert [one.key for one in CARE.questions if one.kind == "words"] == ["words"]
    assert all(form.questions[-1].after_the_taps for form in (GETTING, TAP))


def test_a_form_that_promises_too_much_is_refused():
    row = forms._book()["form"][1]
    longer = forms._form(row | {"question": row["question"][:2] * 2})
    roomless = forms._form(row | {"hat": "patient"} | {"question": row["question"][:1]})
    strange = forms._form(row | {"question": [row["question"][0] | {"item": "no_such"}]})
    assert [next(forms._problems([one]), "") for one in (longer, roomless, strange)] == [
        "The form getting_care takes 4 taps: a customer's takes 3 at most.",
        "The form getting_care leaves no room: a patient's has a question for words.",
        "getting_care.effort asks pulse no_such, which is no item we know."]


def test_answers_are_worth_what_the_instruments_scale_says():
    scales = instrument("pulse").scales
    for form in forms.forms().values():
        for question in form.questions:
            if question.item in scales:
                codes = {code for code, _ in scales[question.item].written}
                for choice in question.choices:
                    assert not codes or choice.value in codes
                    assert choice.bad == (float(choice.value) <= 25 if question.item == "satisfaction"
                                          else int(choice.value) >= 6)


def test_a_customer_is_asked_for_a_call_only_after_a_bad_answer():
    assert [one.key for one in GETTING.to_ask(bad=False)] == ["effort", "satisfaction", "words"]
    assert [one.key for one in GETTING.to_ask(bad=True)] == ["effort", "satisfaction", "call_back", "words"]
    assert [GETTING.is_bad(answers) for answers in (
        {"effort": "5", "satisfaction": "50"}, {"effort": "6"}, {"satisfaction": "0"}, {"call_back": "yes"})] == [
        False, True, True, False]


def test_who_answers_and_who_may_be_shown_the_words_are_said_in_both_languages():
    assert list(forms.respondents()) == ["self", "proxy", "family"]
    assert list(forms.audiences()) == ["staff", "leaders", "nobody"]
    assert all(text.en and text.es for text in (*forms.respondents().values(), *forms.audiences().values()))


# ---- when to ask ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("matter", "person", "reason"), [
    (DONE, Asked(), ""),
    (Matter(days_ago(1), solved=False), Asked(), "unsolved"),
    (Matter(days_ago(1), solved=None), Asked(), "unsolved"),
    (DONE, Asked(open_case=True), "open_case"),
    (Matter(None, solved=True), Asked(), "not_over"),
    (Matter(NOW + timedelta(minutes=1), solved=True), Asked(), "not_over"),
    (Matter(NOW - timedelta(minutes=59), solved=True), Asked(), "too_early"),
    (Matter(NOW - timedelta(minutes=60), solved=True), Asked(), ""),
    (Matter(days_ago(21), solved=True), Asked(), ""),
    (Matter(days_ago(21.1), solved=True), Asked(), "too_late"),
    (Matter(days_ago(1), solved=True, worth_it=False), Asked(), "not_worth_it"),
    (Matter(days_ago(1), solved=True, told=True), Asked(), "asked_before"),
    (DONE, Asked(requests=[days_ago(29)]), "lately"),
    (DONE, Asked(requests=[days_ago(30)]), ""),
    (DONE, Asked(requests=[days_ago(day) for day in (40, 100, 200)]), ""),
    (DONE, Asked(requests=[days_ago(day) for day in (40, 100, 200, 364)]), "enough_this_year"),
    (DONE, Asked(requests=[days_ago(day) for day in (40, 100, 200, 366)]), ""),
])
def test_somebody_is_asked_only_when_it_is_worth_it_and_never_unsolved(matter, person, reason):
    assert why_not(TAP, matter, person, NOW, RULES) == reason


@pytest.mark.parametrize(("stay", "care", "getting", "tap"), [
    (Stay(None), "hcahps", "hcahps", ""),
    (Stay(days_ago(1)), "hcahps", "hcahps", ""),
    (Stay(days_ago(90)), "hcahps", "hcahps", ""),
    (Stay(days_ago(91)), "", "", ""),
    (Stay(days_ago(1), answered=True), "", "", ""),
])
def test_nothing_like_hcahps_before_a_stays_survey_is_answered_or_closed(stay, care, getting, tap):
    """42 days to the first contact and 49 of collection: 91. One tap on effort is nothing like it."""
    assert tuple(why_not(form, DONE, Asked(stays=[stay]), NOW, RULES) for form in (CARE, GETTING, TAP)) == (
        care, getting, tap)


def test_twelve_places_for_items_of_ours_and_not_one_more():
    assert [place for place in range(15) if worth.may_be_supplemental(place, RULES)] == list(range(1, 13))


def test_every_number_is_declared_and_every_reason_is_said_in_both_languages():
    book = tomllib.loads((Path(worth.__file__).parent / "worth.toml").read_text())
    numbers = {name: value for name, value in book.items() if isinstance(value, int)}
    assert {name: getattr(RULES, name) for name in numbers} == numbers
    assert all(text.en and text.es for text in RULES.reasons.values())


# ---- what a bad answer sets in motion ---------------------------------------------------------------------------
def test_urgent_words_run_on_a_shorter_clock():
    slow, fast = (recovery.clocks(NOW, urgent=urgent, rules=recovery.shipped()) for urgent in (False, True))
    assert (slow.first_word_by, slow.end_by, slow.closes_at) == (
        NOW + timedelta(hours=24), NOW + timedelta(days=7), NOW + timedelta(days=21))
    assert (fast.first_word_by, fast.end_by) == (NOW + timedelta(hours=1), slow.end_by)


@pytest.mark.parametrize(("words", "wants", "care", "grounds"), [
    ("", True, True, ()),
    ("the wait was long", False, True, ()),
    ("the wait was long", True, True, ("asks_for_an_answer",)),
    ("the bill was wrong", True, False, ()),
    ("I want to file a complaint about the bill", False, False, ("says_complaint",)),
    ("Quiero presentar una queja", False, True, ("says_complaint",)),
    ("they neglected my mother", True, True, ("asks_for_an_answer", "abuse_or_neglect")),
    ("la maltrataron", False, True, ("abuse_or_neglect",)),
])
def test_a_rule_proposes_a_grievance_from_written_words_only(words, wants, care, grounds):
    assert recovery.grievance_grounds(words, wants_answer=wants, about_care=care) == grounds


def test_nobody_can_choose_the_outcome_of_a_case_that_ran_out_of_time_and_it_is_no_success():
    outcomes = recovery.shipped().outcomes
    assert outcomes[recovery.AUTO_CLOSED].good is False
    assert {key for key, one in outcomes.items() if one.good} == {"solved", "explained"}
