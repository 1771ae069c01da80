"""Which feed a CSV file is and which of its columns is which of ours, told by the names in its heading."""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from twohats.store.tables import Table
from twohats.store.tables.landed import FEED_TABLES

FEEDS: dict[str, Table] = {table.name: table for table in FEED_TABLES}
IDENTITY: dict[str, tuple[str, ...]] = {
    "units": ("unit_id", "valid_from"),
    "staff": ("staff_id", "role", "unit_id", "valid_from"),
    "contacts": ("contact_id",),
    "surveys": ("answer_id",),
    "comments": ("comment_id",),
    "hospital_scores": ("facility_id", "start_date", "end_date"),
}
"""The columns that together are a row's `id`; the first must be there and filled."""
BESIDE = {"hospital_scores": "h_"}
"""How columns begin that belong to a feed and are kept with the row, though none of ours: items, other boxes."""
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Heading:
    """A heading understood: the feed, their names in order, and for each of ours its position.

    `theirs` differ from each other, so that `raw` keeps every cell. `twice` are names of ours that two columns bear.
    """

    feed: Table
    delimiter: str
    theirs: tuple[str, ...]
    positions: Mapping[str, int]
    twice: tuple[str, ...] = ()

    @property
    def new(self) -> list[str]:
        """Their columns that are none of ours: kept in `raw`, listed as drift."""
        used = set(self.positions.values())
        beside = BESIDE.get(self.feed.name)
        return [name for position, name in enumerate(self.theirs)
                if position not in used and not (beside and plain(name).startswith(beside))]

    def to_report(self) -> dict[str, Any]:
        """As it stands in the report of a landing."""
        return {
            "feed": self.feed.name, "delimiter": self.delimiter, "theirs": self.theirs, "positions": self.positions,
            "twice": self.twice,
        }

    @classmethod
    def from_report(cls, told: Mapping[str, Any]) -> "Heading":
        """The heading a landing was read with."""
        feed, theirs, twice = FEEDS[told["feed"]], tuple(told["theirs"]), tuple(told.get("twice", ()))
        return cls(feed, told["delimiter"], theirs, told["positions"], twice)


def feed_of_heading(
    head: bytes, renamed: Mapping[str, str] | None = None, feed: str | None = None
) -> Heading | None:
    """The heading on the first line of a file, or None when it is that of no feed.

    `renamed` maps their names to ours and goes before a name that is ours by itself; `feed` says which feed it is
    where a person knows.
    """
    text = _first_record(head).decode(errors="backslashreplace").replace("\0", "\\x00")
    ours = {plain(their): our for their, our in (renamed or {}).items()}
    found = [
        heading
        for delimiter in DELIMITERS
        for heading in _candidates(text, delimiter, ours, [FEEDS[feed]] if feed else list(FEED_TABLES))
    ]
    return max(found, key=lambda one: len(one.positions), default=None)


def _first_record(head: bytes) -> bytes:
    """The first line that is not blank, with those that a quoted name of it runs on to."""
    record = b""
    for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        record += line + b"\n"
        if not record.strip():
            record = b""
        elif record.count(b'"') % 2 == 0:
            break
    return record.rstrip(b"\r\n")


def plain(name: str) -> str:
    """A column's name without regard to case, spacing and punctuation: "Unit ID" is unit_id."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()).strip("_")


def _candidates(text: str, delimiter: str, ours: dict[str, str], feeds: list[Table]) -> list[Heading]:
    try:
        theirs = tuple(next(csv.reader([text], delimiter=delimiter, strict=True), []))
    except csv.Error:
        return []
    places = _places(theirs, ours)
    found = []
    for feed in feeds:
        positions = {name: places[name][0] for name in feed.names if name in places}
        if IDENTITY[feed.name][0] in positions and len(positions) >= min(3, len(feed.names)):
            twice = tuple(name for name in positions if len(places[name]) > 1)
            found.append(Heading(feed, delimiter, _told_apart(theirs), positions, twice))
    return found


def _places(theirs: tuple[str, ...], ours: dict[str, str]) -> dict[str, list[int]]:
    """Where each name stands: as a person mapped it, else as it is written."""
    mapped: dict[str, list[int]] = {}
    written: dict[str, list[int]] = {}
    for place, name in enumerate(map(plain, theirs)):
        if name in ours:
            mapped.setdefault(ours[name], []).append(place)
        else:
            written.setdefault(name, []).append(place)
    return written | mapped


def _told_apart(theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Their names, with a number where there is none or the same one again."""
    told: dict[str, None] = {}
    again: Counter[str] = Counter()
    for place, their in enumerate(theirs, 1):
        name = candidate = their or f"column {place}"
        while candidate in told:
            again[name] += 1
            candidate = f"{name} ({again[name] + 1})"
        told[candidate] = None
    return tuple(told)
