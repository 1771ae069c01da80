"""What the pages of people we lost track of read: hand-offs of the reader's units, and what was said of them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from twohats.service import doors
from twohats.service.actions import hand_offs as actions
from twohats.service.actions import standing
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.policy import Permission, Scope
from twohats.store.disclosure import hidden_cells, may_be_told
from twohats.words.hand_offs import hand_offs

NAMES, COUNTS = Permission.FIND_AGAIN, Permission.SEE_OVERVIEW
IN_TIME, LATE, LOST, DEALT_WITH, OPEN = "in_time", "late", "lost", "dealt_with", "open"
RAN_OUT = (IN_TIME, LATE, LOST, DEALT_WITH)
"""What becomes of a hand-off whose clock has run out."""
DAY = 86_400_000_000
"""Microseconds, as a release tells instants."""


@dataclass(frozen=True)
class Sight:
    """What a reader may see of hand-offs: in which units, by name or as counts, labelled ones or not."""

    scope: Scope
    named: bool
    labelled: bool


@dataclass(frozen=True)
class Count:
    """So many hand-offs of so many people; hidden where either could give few people away."""

    n: int
    people: int
    hidden: bool = False


def sight_of(user: Any) -> Sight:
    """By name in the units in which the reader may find people again; else counts of the units they oversee."""
    named = doors.scope_of(user, NAMES)
    return Sight(named or doors.scope_of(user, COUNTS), bool(named), doors.may(user, Permission.SEE_SENSITIVE))


def known_until(reader: Any) -> datetime:
    """The end of the records of a release."""
    told: str = reader.release["as_of"]
    return datetime.fromisoformat(told)


def micros(moment: datetime) -> int:
    """An instant as a release tells it."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


class Listed:
    """The hand-offs of one reader that are on a list, or were in the same days; the silent are left out."""

    def __init__(self, reader: Any, sight: Sight) -> None:
        self.reader, self.sight = reader, sight
        self.until = micros(known_until(reader))
        self.since = self.until - hand_offs().days_listed * DAY
        self._where, self._params = self._seen()
        self._silent = json.dumps(sorted(standing.silenced(row["person"] for row in reader.rows(
            f"SELECT DISTINCT person FROM hand_offs WHERE {self._where}", self._params))))
        self._ended = json.dumps(actions.ended_ones())

    def _seen(self) -> tuple[str, list[object]]:
        """The days of the lists, the units, and, for who sees names, nothing that a label or the hospital hides."""
        condition, params = self.sight.scope.clause("unit")
        where = f"{condition} AND (state = 'open' OR state IN ('lost', 'met') AND due_at > ? AND due_at <= ?)"
        told: list[object] = [*params, self.since, self.until]
        if self.sight.named and not self.sight.labelled:
            known = hidden_kinds()
            kinds = [kind.key for kind in hand_offs().told if kind.touchpoint in known["touchpoint"]]
            where += (" AND sensitive IS NULL AND kind NOT IN (SELECT value FROM json_each(?))"
                      " AND coalesce(unit, '') NOT IN (SELECT value FROM json_each(?))")
            told += [json.dumps(kinds), json.dumps(sorted(known["unit"]))]
        return where, told

    def counts(self) -> dict[str, dict[str, Count]]:
        """By list and what became of it; what nobody may count is hidden from who sees no names."""
        found: dict[str, dict[str, Count]] = {kind.key: {} for kind in hand_offs().told}
        rows = self.reader.rows(
            f"SELECT kind, {CELL} AS cell, count(*) AS n, count(DISTINCT person) AS people FROM hand_offs"
            f" WHERE {self._where} AND person NOT IN (SELECT value FROM json_each(?)) GROUP BY 1, 2",
            (self._ended, *self._params, self._silent))
        for row in rows:
            if row["kind"] in found and row["cell"]:
                found[row["kind"]][row["cell"]] = Count(row["n"], row["people"])
        return found if self.sight.named else {kind: disclosed(cells) for kind, cells in found.items()}

    def rows(self, kind: str, cell: str) -> list[Mapping[str, Any]]:
        """Hand-offs of a list: those lost, the last first, or those whose clock runs, the next first."""
        order = "due_at DESC" if cell == LOST else "due_at"
        return self.reader.rows(
            f"SELECT hand_off, person, kind, unit, started_at, due_at, {CELL} AS cell FROM hand_offs"
            f" WHERE {self._where} AND person NOT IN (SELECT value FROM json_each(?)) AND kind = ? AND cell = ?"
            f" ORDER BY {order}, hand_off", (self._ended, *self._params, self._silent, kind, cell))

    def one(self, hand_off: int) -> Mapping[str, Any] | None:
        """One of them, whatever was said of it; None where the reader may not see it or there is none."""
        return self.reader.row(
            f"SELECT hand_off, person, kind, unit, started_at, due_at, state, {CELL} AS cell FROM hand_offs"
            f" WHERE {self._where} AND person NOT IN (SELECT value FROM json_each(?)) AND hand_off = ?"
            " AND state IN ('lost', 'open')",
            (self._ended, *self._params, self._silent, hand_off))

    def lost_since(self, moment: datetime) -> dict[str, Count]:
        """By hat, the hand-offs whose clock ran out since then and that nobody has dealt with.

        For who sees no names a number is hidden too where what it leaves of the lists' own numbers is of few people.
        """
        rows = self.reader.rows(
            f"SELECT hat, due_at > ? AS new, count(*) AS n, count(DISTINCT person) AS people FROM ("
            f"SELECT hat, person, due_at, {CELL} AS cell FROM hand_offs WHERE {self._where})"
            " WHERE cell = 'lost' AND person NOT IN (SELECT value FROM json_each(?)) GROUP BY 1, 2",
            (micros(moment), self._ended, *self._params, self._silent))
        told = {(row["hat"], bool(row["new"])): Count(row["n"], row["people"]) for row in rows}
        hats = [hat.value for hat in dict.fromkeys(kind.hat for kind in hand_offs().told)]
        people = {cell: count.people for cell, count in told.items()}
        whole = {(hat, None): sum(people.get((hat, new), 0) for new in (True, False)) for hat in hats}
        hidden = hidden_cells(people | whole, [((hat, None), [(hat, True), (hat, False)]) for hat in hats])
        new = {hat: told.get((hat, True), Count(0, 0)) for hat in hats}
        return {hat: Count(one.n, one.people, not self.sight.named and (hat, True) in hidden)
                for hat, one in new.items()}


CELL = ("CASE WHEN state <> 'met' AND hand_off IN (SELECT value FROM json_each(?))"
        " THEN iif(state = 'lost', 'dealt_with', NULL) WHEN state IN ('open', 'lost') THEN state"
        " WHEN met_at <= due_at THEN 'in_time' ELSE 'late' END")
"""What became of a hand-off; NULL: still running, and dealt with."""


def disclosed(cells: Mapping[str, Count]) -> dict[str, Count]:
    """The cells of one list as they may be told to who sees no names: no few people. Their sum is told only where none
    of them is hidden, so that nothing follows by subtraction."""
    return {cell: Count(count.n, count.people, not may_be_told(count.people)) for cell, count in cells.items()}


def names_of(reader: Any, people: Collection[int]) -> dict[int, str]:
    """Given and family name of each of these people."""
    rows = reader.rows("SELECT person, given, family FROM people WHERE person IN (SELECT value FROM json_each(?))",
                       (json.dumps(sorted(people)),))
    return {row["person"]: " ".join(filter(None, (row["given"], row["family"]))) for row in rows}
