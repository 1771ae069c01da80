"""No small count can be worked out from the margins around it."""

from hypothesis import given
from hypothesis import strategies as st

from twohats.store.margins import FEWEST, hidden_cells

COLUMNS, ROWS = ("a", "b", "c", "d"), ("x", "y", "z")
FAMILIES = [
    *(((row, "*"), [(row, column) for column in COLUMNS]) for row in ROWS),
    *((("*", column), [(row, column) for row in ROWS]) for column in COLUMNS),
    (("*", "*"), [("*", column) for column in COLUMNS]),
    (("*", "*"), [(row, "*") for row in ROWS]),
]


def with_margins(cells: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    sums = {(row, "*"): sum(cells[row, column] for column in COLUMNS) for row in ROWS}
    sums |= {("*", column): sum(cells[row, column] for row in ROWS) for column in COLUMNS}
    return cells | sums | {("*", "*"): sum(cells.values())}


def test_a_lonely_small_cell_takes_its_smallest_neighbours_with_it():
    cells = {(row, column): 50 for row in ROWS for column in COLUMNS} | {("x", "a"): 3, ("x", "b"): 40, ("y", "a"): 30}
    hidden = hidden_cells(with_margins(cells), FAMILIES)
    assert hidden == {("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")}


def test_where_no_count_is_small_nothing_is_hidden():
    cells = {(row, column): 11 for row in ROWS for column in COLUMNS}
    assert hidden_cells(with_margins(cells), FAMILIES) == frozenset()


def test_nobody_may_be_told_as_nobody():
    cells = {(row, column): 60 for row in ROWS for column in COLUMNS} | {("x", "a"): 0}
    assert hidden_cells(with_margins(cells), FAMILIES) == frozenset()


@given(st.lists(st.integers(0, 40), min_size=12, max_size=12))
def test_no_small_cell_is_shown_and_none_is_one_subtraction_away(counts: list[int]):
    cells = with_margins(dict(zip([(row, column) for row in ROWS for column in COLUMNS], counts, strict=True)))
    hidden = hidden_cells(cells, FAMILIES)
    assert not [cell for cell, people in cells.items() if 0 < people < FEWEST and cell not in hidden]
    for total, parts in FAMILIES:
        unseen = [part for part in parts if part in hidden]
        if total not in hidden:
            assert not unseen or (len(unseen) > 1 and sum(cells[part] for part in unseen) >= FEWEST)
        elif any(cells[part] for part in parts):
            assert unseen
