"""Totals to take away: small counts are left empty, and so is what would give them away by subtraction."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from twohats.service.pages.measures.numbers import Numbers
from twohats.store.margins import hidden_cells
from twohats.store.tables import Kind, Table

COUNTED_BY = ("people", "interactions", "times", "visits", "rows")
"""What stands behind a row: people where a table counts them, else the thing it counts."""


def counted_by(table: Table) -> str:
    """The column that says how many stand behind a row."""
    return next(name for name in COUNTED_BY if name in table.names)


def small_counts_hidden(table: Table, rows: list[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that empties the numbers of the rows that may not be told; `rows` are all rows of the table.

    Along each part of the key the sum of the rows is taken as known, because a page may show it.
    """
    counted = counted_by(table)
    people: dict[Hashable, int] = {_key(table, row): row[counted] or 0 for row in rows}
    hidden = hidden_cells(people, _families(table, people))
    numbers = {column.name for column in table.columns
               if column.name not in table.key and column.kind in (Kind.INT, Kind.FLOAT, Kind.JSON)}

    def told(row: Mapping[str, Any]) -> dict[str, Any]:
        is_hidden = _key(table, row) in hidden
        return {name: None if is_hidden and name in numbers else row[name] for name in table.names}

    return told


def measures_told(table: Table, numbers: Numbers) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that leaves of a row of measures what their pages tell, and empties the rest: the same few periods of
    a unit, the same small numbers hidden, on either side of a share too.
    """
    figures = {column.name for column in table.columns if column.name not in table.key}

    def told(row: Mapping[str, Any]) -> dict[str, Any]:
        why_not = numbers.why_not(row["measure"], row["unit"], row["period"])
        emptied = {"": set(), "part": figures - {"times", "people"}}.get(why_not, figures)
        return {name: None if name in emptied else row[name] for name in table.names}

    return told


def _key(table: Table, row: Mapping[str, Any]) -> tuple:
    return tuple(row[name] for name in table.key)


def _families(table: Table, people: dict[Hashable, int]) -> list[tuple[Hashable, list[Hashable]]]:
    """For each part of the key, the rows that differ in it only, under their sum; the sums join `people`."""
    families: dict[Hashable, list[Hashable]] = defaultdict(list)
    for cell in list(people):
        for place, _ in enumerate(table.key):
            families["sum", place, cell[:place], cell[place + 1:]].append(cell)  # type: ignore[index]
    for total, parts in families.items():
        people[total] = sum(people[part] for part in parts)
    return [(total, parts) for total, parts in families.items() if len(parts) > 1]
