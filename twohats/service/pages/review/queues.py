"""The three queues: which clause is next for this reader, and how many wait."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from twohats.service.actions import readings
from twohats.service.actions.readings import Queue
from twohats.service.pages.review import reads
from twohats.service.pages.review.reads import Filters, Sight
from twohats.service.records.models import User

PRIME = 2**31 - 1
SECOND_OF = 5
"""Of the clauses that the random sample gave to one reader, every fifth is read once more by somebody else."""
UNSURE = "NOT clauses.certain AND NOT clauses.corrected"


@dataclass(frozen=True)
class Place:
    """A reader's place in a queue: the next clause, by which of the ways it comes, whether it counts as drawn at
    random, and which clauses read before the sample came to on the way."""

    clause: int
    queue: Queue
    sampled: bool = False
    passed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Who asks for a queue, of which release, what they may read and by which filters."""

    reader: Any
    user: User
    sight: Sight
    filters: Filters

    def where(self) -> tuple[str, list[Any]]:
        """What they may read and asked for, as a condition in SQL."""
        condition, parameters = self.sight.clause()
        filtered, more = self.filters.clause(reads.home_clock(self.reader))
        return f"{condition} AND {filtered}", [*parameters, *more]


def next_of(name: str, asked: Asked) -> Place | None:
    """The next clause of a queue for this reader; None when it is finished."""
    return {Queue.UNSURE: _unsure, Queue.DISAGREED: _disagreed, Queue.RANDOM: _random}[Queue(name)](asked)


def waiting(asked: Asked) -> dict[str, int | None]:
    """How many clauses wait for this reader in each queue; the random sample goes on for as long as one likes."""
    return {Queue.UNSURE: _unread(asked),
            Queue.DISAGREED: len(allowed(asked, disagreed(asked.user))), Queue.RANDOM: None}


# ---- least sure: nobody read it yet, and the model's most probable hat is the least probable of all -----------------
def _unsure(asked: Asked) -> Place | None:
    condition, parameters = asked.where()
    row = asked.reader.row(
        f"SELECT clauses.clause FROM clauses WHERE {condition} AND {UNSURE}"
        " AND clauses.clause NOT IN (SELECT value FROM json_each(?))"
        " ORDER BY max(clauses.p_patient, clauses.p_customer, clauses.p_none), clauses.clause LIMIT 1",
        (*parameters, _listed(readings.read_clauses())))
    return Place(row["clause"], Queue.UNSURE) if row else None


def _unread(asked: Asked) -> int:
    condition, parameters = asked.where()
    return asked.reader.row(
        f"SELECT count(*) AS n FROM clauses WHERE {condition} AND {UNSURE}"
        " AND clauses.clause NOT IN (SELECT value FROM json_each(?))",
        (*parameters, _listed(readings.read_clauses())))["n"]


# ---- most disagreed: two readers differ; then one reader and the model do -------------------------------------------
def disagreed(user: User) -> list[int]:
    """Clauses for this person to read: those on which two others differ, then those where one other overturned the
    model, the surest model first."""
    two_differ = [clause for clause, standing in sorted(readings.read_more_than_once().items())
                  if standing.waits_to_be_settled and not standing.was_read_by(user)]
    return [*two_differ, *readings.read_once_against_the_model(but_by=user)]


def _disagreed(asked: Asked) -> Place | None:
    found = allowed(asked, disagreed(asked.user))
    return Place(found[0], Queue.DISAGREED) if found else None


def allowed(asked: Asked, clauses: Sequence[int]) -> list[int]:
    """Of these clauses, in their order, those that this release holds and the reader may read and asked for."""
    condition, parameters = asked.where()
    there = {row["clause"] for row in asked.reader.rows(
        f"SELECT clauses.clause FROM clauses WHERE clauses.clause IN (SELECT value FROM json_each(?)) AND {condition}",
        (_listed(clauses), *parameters))}
    return [clause for clause in clauses if clause in there]


# ---- random sample: every clause has the same chance, whatever the model and others said of it ----------------------
def _random(asked: Asked) -> Place | None:
    second = _second(asked)
    if second is not None:
        return Place(second, Queue.RANDOM if asked.filters else Queue.SECOND, sampled=not asked.filters)
    multiplier, offset = _seed(asked.reader.id, str(asked.user.pk))
    # Keys are drawn from a digest already; this puts them in another order for each reader and release, the same one
    # each time. Products stay below 2 ** 62, which SQLite counts exactly.
    drawn = f"(((clauses.clause & {PRIME}) * {multiplier} + {offset}) % {PRIME})"
    done = _needs_no_reading(asked.user)
    condition, parameters = asked.where()
    row = asked.reader.row(
        f"SELECT clauses.clause, {drawn} AS drawn FROM clauses WHERE {condition}"
        " AND clauses.clause NOT IN (SELECT value FROM json_each(?)) ORDER BY drawn, clauses.clause LIMIT 1",
        (*parameters, _listed(done)))
    if row is None:
        return None
    if asked.filters:  # a part of the clauses is no sample of all
        return Place(row["clause"], Queue.RANDOM)
    passed = asked.reader.rows(
        f"SELECT clauses.clause FROM clauses WHERE clauses.clause IN (SELECT value FROM json_each(?)) AND {condition}"
        f" AND {drawn} < ?", (_listed(done), *parameters, row["drawn"]))
    return Place(row["clause"], Queue.RANDOM, True, tuple(one["clause"] for one in passed))


def _second(asked: Asked) -> int | None:
    chosen = [clause for clause in readings.drawn_once(but_by=asked.user) if for_a_second_reader(clause)]
    found = allowed(asked, chosen)
    return found[0] if found else None


def for_a_second_reader(clause: int) -> bool:
    """Whether chance, the same each time, gives a drawn clause to a second reader."""
    return int.from_bytes(hashlib.sha256(f"second|{clause}".encode()).digest()[:8]) % SECOND_OF == 0


def _needs_no_reading(user: User) -> set[int]:
    """What this reader read by any queue, and what others have finished."""
    finished = {clause for clause, standing in readings.read_more_than_once().items() if standing.is_finished}
    return finished | readings.read_clauses(by=user)


def _seed(release: str, who: str) -> tuple[int, int]:
    digest = hashlib.sha256(f"sample|{release}|{who}".encode()).digest()
    return 1 + int.from_bytes(digest[:8]) % (PRIME - 1), int.from_bytes(digest[8:16]) % PRIME


def _listed(clauses: Iterable[int]) -> str:
    return json.dumps(sorted(clauses))
