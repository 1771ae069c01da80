"""Taking names out of a table: every personal column is treated as its declaration in `store/tables` says.

Modelled on the Safe Harbor list (45 CFR 164.514(b)(2)): names, contacts and words go; ids are made anew for each
extract; dates move by a number of days that is the person's own in this extract, so that intervals hold; a birth is
its year, 90+ above 89; a ZIP code keeps three digits, 000 where few people live. Shifted dates are not years only:
hand an extract on under an agreement, not to the public.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from twohats.store.tables import Column, Kind, Personal, Table
from twohats.words.areas import area

DAY = 24 * 3600 * 1_000_000
SHIFT_DAYS = 364


@dataclass(frozen=True)
class Mask:
    """One extract's way of treating people: its key, and the day as of which ages count."""

    key: bytes
    as_of: date

    def _digest(self, *parts: object) -> bytes:
        return hmac.new(self.key, "|".join(map(str, parts)).encode(), hashlib.sha256).digest()

    def number(self, value: int) -> int:
        """Another 63-bit number for this one, the same all through the extract."""
        return int.from_bytes(self._digest("id", value)[:8]) >> 1

    def text(self, value: str) -> str:
        """Another id for this one; what stands before a slash (the type) stays."""
        kind, slash, _ = value.rpartition("/")
        return f"{kind}{slash}{self._digest('id', value).hex()[:16]}"

    def days(self, person: object) -> int:
        """By how many days this person's dates go back: 1 to 364."""
        return 1 + int.from_bytes(self._digest("days", person)[:8]) % SHIFT_DAYS

    def birth(self, value: str) -> str | None:
        """The year; 90+ for who may be 90 or older."""
        if not value[:4].isdigit():
            return None
        year = int(value[:4])
        return "90+" if self.as_of.year - year >= 90 else str(year)


def masked_columns(table: Table) -> tuple[Column, ...]:
    """The columns an extract without names has: names, contacts and words are gone; a birth and an area are text."""
    gone = {Personal.NAME, Personal.CONTACT, Personal.WORDS}
    return tuple(column for column in table.columns if column.personal not in gone)


def masker(table: Table, mask: Mask) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function from a row as released to the row of the extract."""
    columns = masked_columns(table)
    names = table.names
    whose = "person" if "person" in names else table.key[0]

    def masked(row: Mapping[str, Any]) -> dict[str, Any]:
        owner = row[whose] if row[whose] is not None else row[table.key[0]]
        return {column.name: _treated(column, row[column.name], owner, mask) for column in columns}

    return masked


def _treated(column: Column, value: Any, owner: Any, mask: Mask) -> Any:
    if value is None or column.personal is None:
        return value
    if column.personal is Personal.ID:
        return _new_id(column, value, mask)
    if column.personal is Personal.DATE:
        return _shifted(column, value, mask.days(owner))
    if column.personal is Personal.BIRTH:
        return mask.birth(str(value))
    if column.personal is Personal.AREA:
        return area(str(value))
    raise ValueError(f"{column.name}: no way to treat {column.personal}")


def _new_id(column: Column, value: Any, mask: Mask) -> Any:
    if column.kind is Kind.INT:
        return mask.number(value)
    if column.kind is Kind.JSON:
        held = json.loads(value)
        if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
            return None  # a shape we do not know might hold anything
        return json.dumps([mask.text(one) for one in held])
    return mask.text(str(value))


def _shifted(column: Column, value: Any, days: int) -> Any:
    if column.kind is Kind.INSTANT:
        return value - days * DAY
    if column.kind is Kind.DATE:
        return date.fromordinal(date.fromisoformat(value).toordinal() - days).isoformat()
    return None  # a date in a text of unknown form
