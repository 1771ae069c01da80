"""The attacker works out what can be worked out, and nothing of what stays hidden by the rules of margins."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twohats.store.attack import defended_cells, derived
from twohats.store.margins import FEWEST, secured_cells

TABLE = [("all", ["a", "b", "c"])]


def test_one_hidden_cell_is_one_subtraction_away():
    assert derived({"all": 40, "a": 30, "b": 7, "c": 3}, {"c"}, TABLE, ["c"]) == {"c": (3, 3)}


def test_two_hidden_cells_of_few_lie_between_nobody_and_all_of_them():
    counts = {"all": 40, "a": 36, "b": 2, "c": 2}
    assert derived(counts, {"b", "c"}, TABLE, ["b", "c"]) == {}
    squeezed = [*TABLE, ("b and d", ["b", "d"])]
    more = counts | {"b and d": 3, "d": 1}
    assert derived(more, {"b", "c", "d"}, squeezed, ["b", "c"]) == {"c": (1, 4)}
    assert derived(more, {"b", "c"}, squeezed, ["b", "c"]) == {"b": (2, 2), "c": (2, 2)}


def test_rows_and_columns_together_tell_what_neither_tells_alone():
    counts = {"r1": 20, "r2": 30, "k1": 24, "k2": 26, "11": 4, "12": 16, "21": 20, "22": 10}
    families = [("r1", ["11", "12"]), ("r2", ["21", "22"]), ("k1", ["11", "21"]), ("k2", ["12", "22"])]
    assert derived(counts, {"11", "12", "21"}, families, ["11"]) == {"11": (4, 4)}
    assert derived(counts, {"11", "12", "21", "22"}, families, ["11"]) == {}


def test_a_cell_in_no_addition_and_one_that_counts_nobody_are_not_derived():
    assert derived({"a": 3}, {"a"}, [], ["a"]) == {}
    assert derived({"all": 40, "a": 40, "b": 0}, {"b"}, [("all", ["a", "b"])], ["b"]) == {}


COUNTS = st.lists(st.integers(min_value=0, max_value=40), min_size=12, max_size=12)


@settings(max_examples=150)
@given(COUNTS)
@example([0, 0, 0, 0, 4, 5, 0, 2, 0, 3, 7, 2])
def test_what_margins_hide_in_a_tree_of_units_and_periods_nobody_works_out(numbers):
    """Three units in two departments, two quarters in a year, both sides of a share."""
    people = {}
    leaf = iter(numbers)
    for unit in ("a1", "a2", "b1"):
        for quarter in ("q1", "q2"):
            people[unit, quarter, "with"], people[unit, quarter, "without"] = next(leaf), next(leaf)
    for side in ("with", "without"):
        for unit in ("a1", "a2", "b1"):
            people[unit, "y", side] = people[unit, "q1", side] + people[unit, "q2", side]
        for period in ("q1", "q2", "y"):
            people["a", period, side] = people["a1", period, side] + people["a2", period, side]
            people["all", period, side] = people["a", period, side] + people["b1", period, side]
    units, periods = ("a1", "a2", "b1", "a", "all"), ("q1", "q2", "y")
    for unit in units:
        for period in periods:
            people[unit, period, "n"] = people[unit, period, "with"] + people[unit, period, "without"]
    sides = ("with", "without", "n")
    families = [((unit, period, "n"), [(unit, period, "with"), (unit, period, "without")])
                for unit in units for period in periods]
    families += [((unit, "y", side), [(unit, "q1", side), (unit, "q2", side)]) for unit in units for side in sides]
    families += [(("a", period, side), [("a1", period, side), ("a2", period, side)])
                 for period in periods for side in sides]
    families += [(("all", period, side), [("a", period, side), ("b1", period, side)])
                 for period in periods for side in sides]
    hidden = defended_cells(people, people, families)
    few = [cell for cell, count in people.items() if 0 < count < FEWEST]
    assert derived(people, hidden, families, few) == {}


def test_sums_that_do_not_add_up_come_to_an_end_and_hide_what_is_small():
    people = {"all": 20, "a": 5, "b": 4, "c": 30, "d": 6}
    families = [("all", ["a", "b"]), ("c", ["a", "d"]), ("d", ["b", "all"]), ("all", ["a", "d"])]
    assert {"a", "b", "d"} <= secured_cells(people, {cell: 7 * count for cell, count in people.items()}, families)


@pytest.mark.parametrize("shown", [True, False])
def test_the_attacker_is_not_fooled_by_order(shown):
    counts = {"all": 50, "a": 42, "b": 8}
    families = [("all", ["b", "a"])]
    assert derived(counts, {"b"} if shown else {"a", "b"}, families, ["b"]) == ({"b": (8, 8)} if shown else {})
