"""The hat worn, what was wanted and what was given each look at their own fields, and nobody at satisfaction."""

import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.words.perspectives import (
    Wish,
    booking_moves,
    field_meanings,
    fields_of,
    outcomes,
    perspectives,
    reason_moves,
    wish,
)
from twohats.words.situation import Situation


def test_what_was_given_can_never_colour_what_was_wanted():
    assert set(fields_of("wanted")) & set(fields_of("given")) == set()


def test_what_was_given_can_never_colour_the_hat():
    assert set(fields_of("hat")) & set(fields_of("given")) == set()


def test_only_stakes_and_acuity_speak_for_both_the_hat_and_the_wish():
    assert set(fields_of("hat")) & set(fields_of("wanted")) == {"stakes", "acuity"}


def test_satisfaction_and_all_that_follows_from_it_is_an_input_of_none():
    inputs = {field for perspective in perspectives() for field in perspective.fields}
    assert "satisfaction" in outcomes()
    assert inputs & set(outcomes()) == set()


def test_the_hat_looks_at_the_situation_and_at_nothing_else():
    assert fields_of("hat") == tuple(Situation.__dataclass_fields__)


def test_every_field_of_wanted_and_given_is_described():
    assert set(field_meanings()) == {*fields_of("wanted"), *fields_of("given")}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"own_word": "quick", "stakes": 950}, Wish("speed", 150, "own_word")),
        ({"own_word": "time", "stakes": 0}, Wish("time", 850, "own_word")),
        ({"stakes": 700}, Wish("time", 700, "rule")),
        ({"stakes": 450}, Wish(None, 450, "rule")),
        ({"stakes": 200}, Wish("speed", 200, "rule")),
        ({"stakes": 600, "reason": "Blood pressure check"}, Wish("speed", 300, "rule")),
        ({"stakes": 600, "reason": "New diagnosis, to talk over"}, Wish("time", 850, "rule")),
        ({"stakes": 500, "booking": "Long visit"}, Wish("time", 650, "rule")),
        ({"stakes": 500, "reason": "Further information wanted"}, Wish(None, 500, "rule")),
    ],
)
def test_the_wish_is_the_persons_own_word_or_read_from_stakes_reason_and_booking(told, expected):
    assert wish(**told) == expected


@given(st.integers(0, 1000), st.integers(0, 1000), st.sampled_from([None, "Vaccine", "Chest pain", "Knee"]))
def test_more_at_stake_never_means_that_less_time_is_wanted(one, other, reason):
    low, high = sorted((one, other))
    assert wish(stakes=low, reason=reason).time_wanted <= wish(stakes=high, reason=reason).time_wanted


def test_the_patterns_mean_the_same_to_the_build():
    words = ["blood pressure check", "flu shot", "information", "new patient visit", "toma de presión", "a long visit"]
    connection = duckdb.connect()
    for move in (*reason_moves(), *booking_moves()):
        found = connection.execute(
            "select list(regexp_matches(w, $p)) from (select unnest($w) as w)", {"p": move.pattern, "w": words}
        ).fetchone()
        assert found == ([bool(re.search(move.pattern, word)) for word in words],)
