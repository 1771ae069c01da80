"""Where readers say another label than the model, as a CSV file: what it said, what they said, and who agreed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twohats.service.actions import readings
from twohats.service.actions.readings import Standing
from twohats.service.pages.review.agreement import ASKED, BY_MODEL
from twohats.service.pages.review.queues import Asked, allowed
from twohats.service.policy import Scope
from twohats.store.inert import harmless

COLUMNS = ("comment", "clause_no", "label", "from_model", "to_reader", "when", "second_reader", "agreed", "in_force",
           "words")


@dataclass(frozen=True)
class Corrections:
    """What this reader may take away: the clauses that readers read, in the order read, and how many are kept back.

    A clause that one colleague read and nobody else yet is kept back: the reader may be drawn as its second reader, and
    a second reader is not to know what the first one said.
    """

    found: tuple[Standing, ...]
    kept_back: int


def corrections_for(asked: Asked) -> Corrections:
    """Corrected clauses that this release holds and this reader may read."""
    read = {one.clause: one for one in readings.every_standing() if any(_differs(one, label) for label in ASKED)}
    mine = [read[clause] for clause in allowed(asked, list(read))]
    told = [one for one in mine if one.second or one.was_read_by(asked.user)]
    return Corrections(tuple(told), len(mine) - len(told))


def as_csv(asked: Asked, told: Corrections, named: Scope) -> Iterator[str]:
    """First what the file is: release, how many corrected clauses, how many are kept back; a blank line; one row per
    clause and label on which a reader and the model differ.

    Labels: hat, touchpoint, sentiment (-1, 0, 1). `from_model`: what the model said when the first reader read it;
    `to_reader`: the first reader's last word, said at `when` (UTC); `second_reader`: the other reader's, empty where
    there was none, and then `agreed` is empty too; `in_force`: what the next release obeys. Words are masked but in the
    units of `named`. No reader is named: it tells of labels, of no person.
    """
    yield _lines([("release", asked.reader.id), ("corrected_clauses", len(told.found)),
                  ("kept_back_for_a_second_reader", told.kept_back), (), COLUMNS])
    rows = _rows_of(asked.reader, [one.clause for one in told.found])
    for one in told.found:
        row = rows[one.clause]
        words = (row["words"] if row["unit"] in named else row["masked"]) or ""
        yield _lines([(one.first.comment, row["clause_no"], *said, words.strip()) for said in _labels(one)])


def _labels(one: Standing) -> Iterable[tuple[Any, ...]]:
    when = one.first.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for label, of in ASKED.items():
        if _differs(one, label):
            second = of(one.second) if one.second else ""
            agreed = ("yes" if second == of(one.first) else "no") if one.second else ""
            yield label, BY_MODEL[label](one.first), of(one.first), when, second, agreed, of(one.in_force)


def _differs(one: Standing, label: str) -> bool:
    """Whether any reader of the clause says another label than the model did, as far as that is known."""
    of = ASKED[label]
    return bool(one.first.model_touchpoint) and any(of(made) != BY_MODEL[label](made) for made in one.held)


def _rows_of(reader: Any, keys: list[int]) -> dict[int, Mapping[str, Any]]:
    found = reader.rows("SELECT clause, clause_no, unit, words, masked FROM clauses "
                        "WHERE clause IN (SELECT value FROM json_each(?))", (json.dumps(keys),))
    return {row["clause"]: row for row in found}


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return written.getvalue()
