"""The result of a search as a CSV file: the same comments in the same order and form as on the screen."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages.comments import page
from twohats.service.pages.comments.reads import Search
from twohats.store.inert import harmless

COLUMNS = ("comment", "clause", "from", "until", "unit", "told_by", "found", "hat", "sure", "touchpoint", "sentiment",
           "words")


def as_csv(search: Search, names: Mapping[str, str]) -> Iterator[str]:
    """First what the file is: release, what was asked, how many people; a blank line; one row per clause.

    Of a comment that was found every clause is there; `found` says which ones the search was for. Where the words
    may not be shown, the file says so and holds none.
    """
    yield _lines(_opening(search, names))
    if not search.may_be_shown:
        return
    yield _lines([(), COLUMNS])
    for number, comment in enumerate(search.all_comments(), 1):
        first, last = page.day_or_period(comment, search.sight)
        told = (first, last, page.place(comment.unit, names))
        yield _lines([(number, *_row(clause, told, comment.found)) for clause in comment.clauses])


def _opening(search: Search, names: Mapping[str, str]) -> list[tuple[str, str]]:
    asked = "; ".join(f"{name}: {value}" for name, value in page.asked_for(search.asked, names))
    return [("release", search.reader.id), ("asked", asked or _("everything")),
            ("people", page.how_many(search.people, search.sight)),
            ("names", _("as written") if search.sight.named else _("masked"))]


def _row(clause: Mapping[str, Any], told: Sequence[str], found: frozenset[int]) -> tuple[Any, ...]:
    return (clause["clause_no"], *told, clause["speaker"], "yes" if clause["clause"] in found else "no",
            clause["likely"], "yes" if clause["hat"] == clause["likely"] else "no", clause["touchpoint"],
            clause["sentiment"], (clause["words"] or "").strip())


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([[harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return written.getvalue()
