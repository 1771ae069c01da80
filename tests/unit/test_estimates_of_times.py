"""Medians from counts in bins: plain, with what is still open, and with what came first instead."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.store.estimates import (
    NOTHING,
    Point,
    amount_of,
    bin_of,
    came_about,
    mean_between,
    share_between,
    when,
    when_between,
    wilson,
)

SECONDS = st.integers(min_value=1, max_value=10**7)


@given(SECONDS)
def test_an_amount_lies_in_its_bin(amount):
    assert amount_of(bin_of(amount), 0) <= amount * (1 + 1e-12)
    assert amount < amount_of(bin_of(amount), 1) * (1 + 1e-12)


def test_nothing_has_a_bin_of_its_own():
    assert (bin_of(0), amount_of(NOTHING), amount_of(NOTHING, 1)) == (NOTHING, 0.0, 0.0)


@given(st.lists(SECONDS, min_size=1, max_size=60))
def test_without_open_or_other_it_is_the_plain_share_with_wilsons_interval(amounts):
    counts = Counter(map(bin_of, amounts))
    points = came_about(counts, {}, {})
    so_far = 0
    for bin_, point in zip(sorted(counts), points, strict=True):
        so_far += counts[bin_]
        low, high = wilson(so_far, len(amounts))
        assert point.share == pytest.approx(so_far / len(amounts))
        if so_far < len(amounts):
            assert (point.low, point.high) == (pytest.approx(low), pytest.approx(high))


def kaplan_meier(done, open_for):
    """By the book, in whole fractions."""
    at_risk, alive, told = sum(done.values()) + sum(open_for.values()), Fraction(1), []
    for bin_ in sorted({*done, *open_for}):
        if done.get(bin_):
            alive *= 1 - Fraction(done[bin_], at_risk)
            told.append(1 - alive)
        at_risk -= done.get(bin_, 0) + open_for.get(bin_, 0)
    return told


BINS = st.dictionaries(st.integers(min_value=-1, max_value=200), st.integers(min_value=1, max_value=9), max_size=8)


@given(BINS, BINS)
def test_with_open_ones_it_is_one_less_kaplan_meier(done, open_for):
    assert [point.share for point in came_about(done, {}, open_for)] == [
        pytest.approx(float(share)) for share in kaplan_meier(done, open_for)]


@given(BINS, BINS, BINS)
def test_what_came_about_and_what_came_first_add_up_to_what_ended(done, other, open_for):
    either = {bin_: done.get(bin_, 0) + other.get(bin_, 0) for bin_ in {*done, *other}}
    ends = [points[-1].share if points else 0.0 for points in (
        came_about(done, other, open_for), came_about(other, done, open_for), came_about(either, {}, open_for))]
    assert ends[0] + ends[1] == pytest.approx(ends[2])
    for point in came_about(done, other, open_for):
        assert 0 <= point.low <= point.share + 1e-9
        assert point.share - 1e-9 <= point.high <= 1


def test_who_left_unseen_was_never_seen():
    """Ten came: four seen in the first bin, two left in the second, four seen in the third."""
    points = came_about({0: 4, 32: 4}, {16: 2}, {})
    assert [point.share for point in points] == [pytest.approx(0.4), pytest.approx(0.4), pytest.approx(0.8)]
    assert when(points, 0.9) is None
    assert when(points, 0.8) == pytest.approx(amount_of(32, 1))


def test_the_median_of_many_is_within_a_bin_of_the_exact_one():
    rng = np.random.default_rng(20261127)
    for scale in (3.0, 6.0, 9.0):
        amounts = np.exp(rng.normal(scale, 1.0, 5000)).astype(int) + 1
        points = came_about(Counter(map(bin_of, amounts.tolist())), {}, {})
        assert when(points, 0.5) == pytest.approx(float(np.median(amounts)), rel=0.044)
        low, high = when_between(points, 0.5)
        assert low <= when(points, 0.5) <= high


def test_the_interval_of_the_median_covers_it():
    """200 samples of 80 with a fifth still open; a perfect 95 % interval covers in 181 to 197 of them."""
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        true, until = rng.exponential(6000, 80), rng.exponential(20000, 80)
        done = Counter(bin_of(float(t)) for t, u in zip(true, until, strict=True) if t <= u)
        open_for = Counter(bin_of(float(u)) for t, u in zip(true, until, strict=True) if t > u)
        low, high = when_between(came_about(done, {}, open_for), 0.5)
        covered += low <= 6000 * np.log(2) <= (high if high is not None else np.inf)
    assert 181 <= covered <= 199


def test_an_interval_counts_people_not_things():
    assert share_between(30, 60, 20) == wilson(10, 20)
    assert share_between(0, 0, 0) == (0.0, 1.0)
    low, high = mean_between(600.0, 8000.0, 60, 20)
    assert (low, high) == (pytest.approx(10 - 1.959964 * (100 / 3 / 19) ** 0.5),
                           pytest.approx(10 + 1.959964 * (100 / 3 / 19) ** 0.5))


def test_no_counts_no_points():
    assert came_about({}, {}, {}) == ()
    assert when((), 0.5) is None
    assert when_between((), 0.5) == (0.0, None)
    assert when((Point(0.0, 1.0, 0.5, 1.0),), 0.5) == 0.0
