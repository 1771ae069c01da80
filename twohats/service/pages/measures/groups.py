"""Groups of people of the whole organisation, cut by cut, as sums of a release: small ones together, for good.

A group of fewer than 50 people, or of 1 to 10 on one side of a share, is told with all others of its cut: alone it
would only be hidden, and another beside it. That follows from the release alone, never from what a reader asks.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from twohats.store.disclosure import may_be_told
from twohats.words.areas import area

CUTS = ("language", "age", "payer", "area")
CHANGES = "payer"
"""The cut whose value may change from one thing of a person to the next."""
OTHERS, UNKNOWN = "other", "unknown"
ALONE = 50
"""People from which a group is told by itself."""
SUMS = ("times", "people", "part", "people_with", "people_without", "amount", "amount_squared")


class Group(NamedTuple):
    """The people of one value of a cut."""

    cut: str
    value: str


EVERYBODY = Group("all", "*")
Place = tuple[str, str, Group]
"""A measure, a year and a group."""


def sums_of(reader: Any) -> dict[Place, Mapping[str, int]]:
    """The sums of every group of a release, areas told coarsely, small groups told together."""
    by_value: dict[Place, dict[str, int]] = {}
    for row in reader.rows("SELECT * FROM cuts", ()):
        _add(by_value, (row["measure"], row["year"], _group(row)), row)
    of_cut: dict[tuple[str, str, str], list[Place]] = {}
    for place in by_value:
        of_cut.setdefault((*place[:2], place[2].cut), []).append(place)
    told: dict[Place, Mapping[str, int]] = {}
    for places in of_cut.values():
        groups = _told({place: by_value[place] for place in places})
        if len(groups) > 1:  # all together are everybody
            told.update(groups)
    return told


def _told(groups: Mapping[Place, dict[str, int]]) -> dict[Place, Mapping[str, int]]:
    """The groups of a cut: small ones together, and the next smallest with them until none of it is small."""
    alone = sorted(groups, key=lambda place: (-groups[place]["people"], place[2].value))
    together: dict[Place, dict[str, int]] = {}
    others = (*alone[0][:2], Group(alone[0][2].cut, OTHERS))
    for place in [place for place in alone if groups[place]["people"] < ALONE or _is_small(groups[place])]:
        alone.remove(place)
        _add(together, others, groups[place])
    while together and alone and _is_small(together[others]):
        _add(together, others, groups[alone.pop()])
    return {place: groups[place] for place in alone} | together


def _is_small(sums: Mapping[str, int]) -> bool:
    return any(not may_be_told(sums[name]) for name in ("people", "people_with", "people_without"))


def spreads_of(reader: Any, sums: Iterable[Place]) -> dict[Place, dict[str, dict[int, int]]]:
    """The histograms of those groups, by how things ended."""
    told, found = set(sums), dict[Place, dict[str, dict[int, int]]]()
    for row in reader.rows("SELECT * FROM cut_spreads", ()):
        place = (row["measure"], row["year"], _group(row))
        if place not in told:
            place = (row["measure"], row["year"], Group(row["cut"], OTHERS))
        bins = found.setdefault(place, {}).setdefault(row["ended"], {})
        for bin_, count in json.loads(row["histogram"]).items():
            bins[int(bin_)] = bins.get(int(bin_), 0) + count
    return found


def _group(row: Mapping[str, Any]) -> Group:
    value = row["value"]
    return Group(row["cut"], (area(value) or UNKNOWN) if row["cut"] == "area" else value)


def _add(held: dict[Place, dict[str, int]], place: Place, row: Mapping[str, Any]) -> None:
    """Adds sums to those of a group. People of one value each add up; those who may have two count at least as many
    as the larger part has."""
    sums = held.setdefault(place, dict.fromkeys(SUMS, 0))
    at_least = place[2].cut == CHANGES
    for name in SUMS:
        is_largest = at_least and name.startswith("people")
        sums[name] = max(sums[name], row[name]) if is_largest else sums[name] + row[name]
