"""Kappa, accuracy and drift: by hand, against a published example, and at the edges."""

from math import erfc, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.service.pages.review.agreement import Accuracy, accuracy_of, confusions
from twohats.service.pages.review.drift import ALL, Drift, Shift, Sums, chance_of
from twohats.store.agreement import Kappa, kappa_of


def pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    """First reader down, second reader across."""
    return [(first, second) for first, row in enumerate(table) for second, n in enumerate(row) for _ in range(n)]


def near(kappa: Kappa, digits: int) -> tuple:
    numbers = (kappa.value, kappa.low, kappa.high)
    return (kappa.pairs, kappa.agreed, *(one if one is None else round(one, digits) for one in numbers))


def test_kappa_of_four_cells_by_hand():
    # Observed 35/50 = 0.7; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; kappa = 0.2 / 0.5 = 0.4.
    # Variance: (0.4 * 0.34^2 + 0.3 * 0.46^2 + 0.36 * (0.1 * 1.1^2 + 0.2 * 0.9^2) - 0.1^2) / (50 * 0.25) = 0.016128.
    reach = 1.959964 * sqrt(0.016128)
    assert near(kappa_of(pairs([[20, 5], [10, 15]])), 6) == (50, 35, 0.4, round(0.4 - reach, 6), round(0.4 + reach, 6))


def test_kappa_of_a_published_table():
    """Two psychiatrists, 100 people, three diagnoses (Fleiss, Statistical Methods, table 13.1): kappa 0.68."""
    assert near(kappa_of(pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]])), 2) == (100, 89, 0.68, 0.5, 0.85)


@pytest.mark.parametrize(("table", "told"), [
    ([[]], (0, 0, None, None, None)),
    ([[12]], (12, 12, None, None, None)),                    # one label only: chance agrees always
    ([[6, 0], [0, 6]], (12, 12, 1.0, None, None)),           # they never differed: the formula gives no range
    ([[0, 6], [6, 0]], (12, 0, -1.0, -1.0, -1.0)),
    ([[3, 3], [3, 3]], (12, 6, 0.0, -0.57, 0.57)),
])
def test_kappa_at_the_edges(table, told):
    assert near(kappa_of(pairs(table)), 2) == told


@given(table=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_is_the_same_whoever_is_called_first_and_lies_in_its_range(table):
    one, other = kappa_of(pairs(table)), kappa_of([(second, first) for first, second in pairs(table)])
    assert near(one, 9) == near(other, 9)
    if one.low is not None:
        assert -1 <= one.low <= one.value <= one.high <= 1


def test_confusions_come_the_most_frequent_first():
    assert confusions([("a", "b"), ("b", "b"), ("c", "a"), ("a", "b")]) == [("a", "b", 2), ("c", "a", 1)]


def test_wilsons_interval():
    """81 of 100, and the ends, where the simple interval fails (Newcombe 1998 gives 0.0000 to 0.1611 for 0 of 20)."""
    told = [accuracy_of(*one) for one in ((81, 100), (0, 20), (20, 20))]
    assert [(one.n, one.right, round(one.low, 4), round(one.high, 4)) for one in told] == [
        (100, 81, 0.7222, 0.8749), (20, 0, 0.0, 0.1611), (20, 20, 0.8389, 1.0)]
    assert Accuracy(10, 4, 0, 1).share == 0.4


# ---- drift ----------------------------------------------------------------------------------------------------------
def row(service: str, month: str, **more) -> dict:
    return {"service": service, "month": month, "people": 40, "clauses": 80, "unsure": 8, "praise": 40,
            "complaints": 30, "corrected": 0, "overturned": 0, "confidence": 64.0} | more


def test_all_services_are_the_sum_of_each():
    told = Drift([row("Ward", "2026-10"), row("Clinic", "2026-10", people=20, clauses=20)])
    assert told.sums(ALL, "2026-10") == Sums(60, 100, 16, 80, 60, 0, 0, 128.0)
    assert (told.services, told.months) == (["Clinic", "Ward"], ["2026-10"])


def test_a_month_of_few_people_is_hidden_and_so_is_what_would_give_it_away():
    told = Drift([row("Ward", "2026-10", people=10), row("Clinic", "2026-10", people=20), row("Desk", "2026-10")])
    assert [told.sums(service, "2026-10") for service in ("Ward", "Clinic")] == [None, None]
    assert told.sums("Desk", "2026-10").people == 40
    assert told.sums(ALL, "2026-10").people == 70


def test_a_small_share_of_what_people_said_is_not_told_and_how_sure_the_model_was_is():
    told = Drift([row("Ward", "2026-10", praise=10, unsure=3)])
    assert [told.shares("Ward", name) for name in ("praise", "complaints", "unsure", "confidence", "overturned")] == [
        [], [("2026-10", 0.375)], [("2026-10", 0.0375)], [("2026-10", 0.8)], []]


def test_comments_without_a_date_are_no_month():
    assert Drift([row("Ward", ""), row("Ward", "2026-10")]).months == ["2026-10"]


def test_a_month_that_differs_by_more_than_noise_is_told():
    steady = [row("Ward", month) for month in ("2026-07", "2026-08", "2026-09")]
    told = Drift([*steady, row("Ward", "2026-10", unsure=40)])
    assert told.shifts("Ward") == [Shift("unsure", "2026-10", 0.5, 0.1)]
    assert Drift([*steady, row("Ward", "2026-10", unsure=12)]).shifts("Ward") == []


def test_what_is_compared_counts_people_and_the_level_is_shared_by_all_comparisons():
    """Half of 80 clauses of 40 people against a tenth of 240 of 120: as if 20 of 40 stood against 12 of 120."""
    told = Drift([*(row("Ward", month) for month in ("2026-07", "2026-08", "2026-09")),
                  row("Ward", "2026-10", unsure=40)])
    compared = {shift.measure: chance for shift, chance in told.compared("Ward")}
    z = (0.5 - 0.1) / sqrt(0.2 * 0.8 * (1 / 40 + 1 / 120))
    assert list(compared) == ["unsure", "praise", "complaints"]
    assert compared["unsure"] == pytest.approx(erfc(z / sqrt(2)))


def test_a_shift_just_under_five_in_a_hundred_is_noise_when_three_shares_are_compared():
    told = Drift([row("Ward", "2026-09", people=80), row("Ward", "2026-10", people=80, unsure=17)])
    chance = {shift.measure: chance for shift, chance in told.compared("Ward")}["unsure"]
    assert (0.05 / 3 < chance < 0.06, told.shifts("Ward")) == (True, [])


def test_too_few_to_compare_is_not_compared():
    assert chance_of(0.1, 0.02, 40, 40) is None
    assert Drift([row("Ward", "2026-10")]).compared("Ward") == []
    hidden_now = Drift([row("Ward", "2026-09"), row("Ward", "2026-10", people=5)])
    assert hidden_now.compared("Ward") == []


@given(first=st.floats(0.2, 0.8), second=st.floats(0.2, 0.8), n=st.integers(30, 500), m=st.integers(30, 500))
def test_chance_is_the_same_from_either_side(first, second, n, m):
    one, other = chance_of(first, second, n, m), chance_of(second, first, m, n)
    assert one == pytest.approx(other)
    assert 0 <= one <= 1
