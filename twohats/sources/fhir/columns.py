"""From a parsed resource to the values its table declares.

For each table one function is written from the declared paths, as dataclasses write their methods: the same as a
person would write by hand, so that a line costs its look-ups and nothing more. It judges what it passes: a declared
field of another JSON type than declared, on the way or at the end of its path, refuses the line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from twohats.store.tables import Column, Kind, Table
from twohats.store.tables.landed import LINE_COLUMNS

from ..reasons import Refused

META: tuple[Column, ...] = tuple(column for column in LINE_COLUMNS if column.path)

Take = Callable[[dict[str, Any], Callable[[str], None]], tuple[Any, ...]]
"""Takes a resource, and what is to be called with every instant inside arrays; gives the values of the `taken`
columns. Raises Refused("wrong_type", field)."""


def field_of(column: Column) -> str:
    """How a column's field is called in a message: period.start."""
    return (column.path or column.name).removeprefix("$.")


@cache
def taken(table: Table) -> tuple[Column, ...]:
    """The columns whose values are stored; JSON ones are not, they are read out of `raw` when asked."""
    return tuple(c for c in (*table.columns, *META) if c.path and not _is_looked_through(c))


@cache
def take_of(table: Table) -> Take:
    """The function that takes a table's values out of a resource."""
    names: dict[str, Any] = {"Refused": Refused, "patient_among": patient_among}
    exec("\n".join(_written(table)), names)  # noqa: S102 - written from our own declarations, never from input
    take: Take = names["take"]
    return take


def patient_among(value: dict[str, Any], path: str) -> str | None:
    """Whose it is, where no single path says so: the first reference to a patient under paths like
    entity.what|agent.who."""
    for reference in references_along(value, path):
        if reference.startswith("Patient/") or "/Patient/" in reference:
            return reference
    return None


def references_along(value: dict[str, Any], path: str) -> Iterator[str]:
    """All references under such paths, in the order in which they are asked."""
    for way in path.split("|"):
        array, key = way.split(".")
        for entry in value.get(array) or ():
            named = entry.get(key) if type(entry) is dict else None
            reference = named.get("reference") if type(named) is dict else None
            if type(reference) is str:
                yield reference


def searched(column: Column) -> str | None:
    """The paths under which a column's patient is looked for; None for a column with one path."""
    return _SEARCHED.get(column.path or "")


# Whose it is, where no single path says so. What stands on these ways is judged as `inside` the declared arrays.
_SEARCHED = {
    "participant:Patient": "participant.actor",
    "auditevent:Patient": "entity.what|agent.who",
}
_TYPES = {Kind.TEXT: "str", Kind.INSTANT: "str", Kind.BOOL: "bool", Kind.INT: "int"}


def _is_looked_through(column: Column) -> bool:
    return column.kind is Kind.JSON and (column.path or "").startswith("$")


@dataclass
class _Node:
    """A place in a resource: what is below it, which columns end here, and what is inside the entries of its array."""

    below: "dict[str | int, _Node]" = field(default_factory=dict)
    ends: list[tuple[int | None, Kind]] = field(default_factory=list)
    inside: "_Node | None" = None

    def at(self, path: str) -> "_Node":
        """The node at a path like a.b[0].c, made where it is missing."""
        node = self
        for step in path.split("."):
            name, first, _ = step.partition("[0]")
            node = node.below.setdefault(name, _Node())
            if first:
                node = node.below.setdefault(0, _Node())
        return node


@cache
def moments_inside(table: Table) -> tuple[str, ...]:
    """The arrays of a table in whose entries instants are read."""
    return tuple(field_of(c) for c in table.columns if any(kind is Kind.INSTANT for _, kind in c.inside))


def _tree(table: Table) -> _Node:
    root = _Node()
    for number, column in enumerate(taken(table)):
        if (column.path or "").startswith("$."):
            root.at(field_of(column)).ends.append((number, column.kind))
    for column in (*table.columns, *META):
        if _is_looked_through(column):
            array = root.at(field_of(column))
            array.inside = array.inside or _Node()
            for path, kind in column.inside:
                array.inside.at(path).ends.append((None, kind))
    return root


def _written(table: Table) -> Iterator[str]:
    columns = taken(table)
    yield "def take(value, moment):"
    for number, column in enumerate(columns):
        if column.path in _SEARCHED:
            continue
        yield f"    c{number} = None"
    yield from _object(_tree(table), "value", "", "    ")
    for number, column in enumerate(columns):
        if column.path in _SEARCHED:
            yield f"    c{number} = patient_among(value, {_SEARCHED[column.path]!r})"
    yield f"    return ({' '.join(f'c{number},' for number in range(len(columns)))})"


def _object(node: _Node, name: str, path: str, margin: str) -> Iterator[str]:
    """Statements over what is below an object held by the variable `name`."""
    for key, child in node.below.items():
        below = f"{path}.{key}" if path else str(key)
        inner = f"{name}_{len(margin) // 4}"
        yield f"{margin}{inner} = {name}.get({key!r})"
        yield f"{margin}if {inner} is not None:"
        yield from _value(child, inner, below, margin + "    ")


def _value(node: _Node, name: str, path: str, margin: str) -> Iterator[str]:
    """Statements over a value that is there."""
    wrong = f"raise Refused('wrong_type', {path!r})"
    for number, kind in node.ends:
        if kind is Kind.FLOAT:
            yield f"{margin}if type({name}) is not float and type({name}) is not int: {wrong}"
        else:
            yield f"{margin}if type({name}) is not {_TYPES[kind]}: {wrong}"
        if number is not None:
            yield f"{margin}c{number} = {f'float({name})' if kind is Kind.FLOAT else name}"
        elif kind is Kind.INSTANT:
            yield f"{margin}moment({name})"
    if node.inside is not None or 0 in node.below:
        yield f"{margin}if type({name}) is not list: {wrong}"
    elif node.below:
        yield f"{margin}if type({name}) is not dict: {wrong}"
        yield from _object(node, name, path, margin)
    if 0 in node.below:
        yield f"{margin}{name}_0 = {name}[0] if {name} else None"
        yield f"{margin}if {name}_0 is not None:"
        yield from _value(node.below[0], f"{name}_0", f"{path}[0]", margin + "    ")
    if node.inside is not None:
        yield f"{margin}for {name}_each in {name}:"
        yield f"{margin}    if type({name}_each) is not dict: {wrong}"
        yield from _object(node.inside, f"{name}_each", path, margin + "    ")
