"""Which feed a CSV file is and which of its columns is which of ours, told by the names in its heading."""

import csv
import re
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
}
"""The columns that together are a row's `id`; the first must be there and filled."""
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Heading:
    """A heading understood: the feed, their names in order, and for each of ours its position."""

    feed: Table
    delimiter: str
    theirs: tuple[str, ...]
    positions: Mapping[str, int]

    @property
    def new(self) -> list[str]:
        """Their columns that are none of ours: kept in `raw`, listed as drift."""
        used = set(self.positions.values())
        return [name for position, name in enumerate(self.theirs) if position not in used]

    def to_report(self) -> dict[str, Any]:
        """As it stands in the report of a landing."""
        return {"feed": self.feed.name, "delimiter": self.delimiter, "theirs": self.theirs, "positions": self.positions}

    @classmethod
    def from_report(cls, told: Mapping[str, Any]) -> "Heading":
        """The heading a landing was read with."""
        return cls(FEEDS[told["feed"]], told["delimiter"], tuple(told["theirs"]), told["positions"])


def feed_of_heading(
    head: bytes, renamed: Mapping[str, str] | None = None, feed: str | None = None
) -> Heading | None:
    """The heading on the first line of a file, or None when it is that of no feed.

    `renamed` maps their names to ours; `feed` says which feed it is where a person knows.
    """
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    ours = {plain(their): our for their, our in (renamed or {}).items()}
    found = [
        heading
        for delimiter in DELIMITERS
        for heading in _candidates(text, delimiter, ours, [FEEDS[feed]] if feed else list(FEED_TABLES))
    ]
    return max(found, key=lambda one: len(one.positions), default=None)


def plain(name: str) -> str:
    """A column's name without regard to case, spacing and punctuation: "Unit ID" is unit_id."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()).strip("_")


def _candidates(text: str, delimiter: str, ours: dict[str, str], feeds: list[Table]) -> list[Heading]:
    try:
        theirs = tuple(next(csv.reader([text], delimiter=delimiter, strict=True), []))
    except csv.Error:
        return []
    named = [ours.get(plain(name), plain(name)) for name in theirs]
    found = []
    for feed in feeds:
        positions = {name: named.index(name) for name in feed.names if name in named}
        if IDENTITY[feed.name][0] in positions and len(positions) >= min(3, len(feed.names)):
            found.append(Heading(feed, delimiter, theirs, positions))
    return found
