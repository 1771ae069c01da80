"""Who may do what: denied by default, bound to units of the tree, empty means nothing."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.service import policy
from twohats.service.policy import NOTHING, WHOLE, Permission, Role, Scope, Thing

TREE = {"system": None, "north": "system", "south": "system", "north/ed": "north", "north/lab": "north",
        "north/ed/triage": "north/ed"}


def test_a_unit_brings_all_below_it_and_nothing_beside_it():
    assert policy.below(["north"], TREE) == {"north", "north/ed", "north/lab", "north/ed/triage"}


def test_a_unit_that_is_not_in_the_tree_counts_alone():
    assert policy.below(["elsewhere"], TREE) == {"elsewhere"}


def test_a_tree_that_bites_its_tail_ends():
    assert policy.below(["a"], {"a": "b", "b": "a", "c": "b"}) == {"a", "b", "c"}
    assert policy.below(["x"], {"a": "b", "b": "a"}) == {"x"}


def test_no_role_means_no_unit():
    assert policy.scope([], TREE, Permission.SEE_OVERVIEW) == NOTHING
    assert not NOTHING
    assert NOTHING.clause("unit") == ("0", [])


def test_a_role_without_a_unit_opens_nothing():
    assert policy.scope([("leader", "")], TREE, Permission.SEE_OVERVIEW) == NOTHING
    assert not policy.may([("leader", "")], Permission.SEE_OVERVIEW)


def test_a_role_opens_only_what_its_cells_say():
    carla = [("navigator", "north")]
    assert policy.scope(carla, TREE, Permission.SEE_JOURNEY).units == policy.below(["north"], TREE)
    assert policy.scope(carla, TREE, Permission.SEE_AUDIT) == NOTHING


def test_the_whole_organisation_is_said_with_a_star():
    assert policy.scope([("leader", WHOLE)], TREE, Permission.SEE_OVERVIEW) == Scope(everything=True)


def test_a_role_nobody_declared_opens_nothing():
    assert policy.permissions_of("superuser") == frozenset()


def test_every_permission_has_a_sentence_and_somebody_who_holds_it():
    assert [p for p in Permission if not p.sentence.endswith(".")] == []
    assert {p for role in Role for p in policy.permissions_of(role)} == set(Permission)


def test_a_cell_stands_once():
    cells = [(cell.role, cell.thing) for cell in policy.TABLE]
    assert len(cells) == len(set(cells))
    assert {cell.thing for cell in policy.TABLE} == set(Thing)


@given(units=st.sets(st.sampled_from(sorted(TREE)), max_size=4), everything=st.booleans())
def test_the_clause_in_sql_lets_through_what_the_scope_holds(units, everything):
    scope = Scope(policy.below(units, TREE) if units else frozenset(), everything)
    rows = sqlite3.connect(":memory:")
    rows.execute("CREATE TABLE t (unit TEXT)")
    rows.executemany("INSERT INTO t VALUES (?)", [(unit,) for unit in [*TREE, "elsewhere", "", None]])
    condition, parameters = scope.clause("unit")
    seen = {row[0] for row in rows.execute(f"SELECT unit FROM t WHERE {condition}", parameters)}
    rows.close()
    assert seen == {unit for unit in [*TREE, "elsewhere", "", None] if everything or unit in scope.units}


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_nobody_reads_the_audit_but_administrators(role):
    assert (Permission.SEE_AUDIT in policy.permissions_of(role)) == (role == "administrator")
