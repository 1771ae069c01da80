"""The attacker works out what can be worked out, and nothing of what stays hidden by the rules of margins."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twohats.store.attack import Guarded, defended_cells, derived, derived_from_both, guarded, guarded_beside
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
Tree = tuple[dict[Any, int], list[Any]]


def tree_of(numbers: list[int]) -> Tree:
    """Three units in two departments, two quarters in a year, both sides of a share; and what adds up."""
    people: dict[Any, int] = {}
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
    return people, families


@settings(max_examples=150)
@given(COUNTS)
@example([0, 0, 0, 0, 4, 5, 0, 2, 0, 3, 7, 2])
def test_what_margins_hide_in_a_tree_of_units_and_periods_nobody_works_out(numbers: list[int]):
    people, families = tree_of(numbers)
    hidden = defended_cells(people, people, families)
    few = [cell for cell, count in people.items() if 0 < count < FEWEST]
    assert derived(people, hidden, families, few) == {}


def table(people: dict[Any, int], families: list[Any] = TABLE) -> Guarded[Any]:
    return guarded(people, people, families)


def test_two_releases_tell_together_what_neither_tells_alone():
    before = table({"all": 55, "a": 5, "b": 20, "c": 30})
    after = table({"all": 65, "a": 15, "b": 20, "c": 30})
    assert (before.hidden, after.hidden) == ({"a", "b"}, frozenset())
    assert derived_from_both(after, before) == {("other", "a"): (5, 5)}
    hidden = guarded_beside(after, before).hidden
    assert ("b" in hidden, len(hidden)) == (True, 2)
    assert derived_from_both(guarded_beside(after, before), before) == {}


def test_what_the_other_release_showed_hides_nothing():
    before = table({"all": 50, "a": 0, "b": 20, "c": 30})
    after = table({"all": 53, "a": 3, "b": 20, "c": 30})
    assert (before.hidden, after.hidden) == (frozenset(), {"a", "b"})
    assert derived_from_both(after, before) == {"a": (3, 3)}
    # b is known from before and hides nothing: the whole, which is new, does
    assert guarded_beside(after, before).hidden == {"a", "b", "all"}


def test_the_same_table_again_needs_nothing_more():
    before = table({"all": 55, "a": 5, "b": 20, "c": 30})
    assert guarded_beside(table(dict(before.people)), before) == before


@settings(max_examples=100, deadline=None)
@given(COUNTS, st.dictionaries(st.integers(0, 11), st.integers(-3, 15), min_size=1, max_size=3))
@example([0, 0, 0, 0, 4, 5, 0, 2, 0, 3, 7, 2], {0: 12})
def test_nobody_works_a_small_cell_out_of_two_releases_of_a_tree(numbers: list[int], more: dict[int, int]):
    people, families = tree_of(numbers)
    before = table(people, families)
    now, _ = tree_of([max(0, number + more.get(at, 0)) for at, number in enumerate(numbers)])
    after = guarded_beside(table(now, families), before)
    assert derived_from_both(after, before) == {}


def test_sums_that_do_not_add_up_come_to_an_end_and_hide_what_is_small():
    people = {"all": 20, "a": 5, "b": 4, "c": 30, "d": 6}
    families = [("all", ["a", "b"]), ("c", ["a", "d"]), ("d", ["b", "all"]), ("all", ["a", "d"])]
    assert {"a", "b", "d"} <= secured_cells(people, {cell: 7 * count for cell, count in people.items()}, families)


@pytest.mark.parametrize("shown", [True, False])
def test_the_attacker_is_not_fooled_by_order(shown):
    counts = {"all": 50, "a": 42, "b": 8}
    families = [("all", ["b", "a"])]
    assert derived(counts, {"b"} if shown else {"a", "b"}, families, ["b"]) == ({"b": (8, 8)} if shown else {})
