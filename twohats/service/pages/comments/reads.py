"""Reading comments of a release for one reader: how many people said it, and which comments, a page at a time.

A reader either reads every comment of their units, or only those that are disclosed: then the unit and the period of
a comment are those of its cell (store/disclosure.py), wherever they are asked for, sorted by or told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twohats.service.pages.comments.asked import TONES, Asked
from twohats.service.policy import WHOLE, Scope, below
from twohats.store.comment_search import matches
from twohats.store.disclosure import FEWEST, MANY

ON_A_PAGE = 20
AT_ONCE = 200
"""Clauses read at once while a page is filled."""


@dataclass(frozen=True)
class Sight:
    """What a reader may see of comments: of which units, with names, every one or those disclosed, labelled ones."""

    scope: Scope
    named: bool
    every: bool
    labelled: bool
    hidden_units: frozenset[str] = frozenset()
    hidden_touchpoints: frozenset[str] = frozenset()

    @property
    def unit(self) -> str:
        """The column that says which unit a comment is told of."""
        return "said.unit" if self.every else "said.shown_unit"

    @property
    def order(self) -> str:
        """The column by which comments are told, the newest highest."""
        return "said.number" if self.every else "said.shown"


@dataclass(frozen=True)
class Comment:
    """A comment as one reader may see it: its clauses in the order written, and which of them were found."""

    unit: str | None
    first: str
    last: str
    said_at: int | None
    clauses: tuple[Mapping[str, Any], ...]
    found: frozenset[int]


@dataclass(frozen=True)
class Page:
    """Comments, the newest first, and from where the next page goes on; None at the end."""

    comments: tuple[Comment, ...]
    before: int | None


class Search:
    """One question of one reader to one release."""

    def __init__(self, reader: Any, sight: Sight, asked: Asked, parents: Mapping[str, str | None]) -> None:
        self.reader, self.sight, self.asked = reader, sight, asked
        self._source, self._conditions, self._parameters = _question(sight, asked, parents)

    @cached_property
    def people(self) -> int:
        """How many people said it, counted no further than anybody is told."""
        rows = self.reader.rows(
            f"SELECT count(*) AS n FROM (SELECT DISTINCT said.who {self._where()} LIMIT {MANY})", self._parameters)
        return rows[0]["n"]

    @property
    def may_be_shown(self) -> bool:
        """Whether the words may be shown: always to who reads every comment, else when 11 people or more said it."""
        return self.sight.every or self.people >= FEWEST

    def page(self, before: int | None = None, size: int = ON_A_PAGE) -> Page:
        """A page of comments. Ask `may_be_shown` first."""
        found: dict[int, list[int]] = {}
        last = 0
        for row in self._clauses(before):
            if row["voice"] not in found and len(found) == size:
                return Page(self._comments(found), last)
            found.setdefault(row["voice"], []).append(row["clause"])
            last = row["place"]
        return Page(self._comments(found), None)

    def all_comments(self) -> Iterator[Comment]:
        """Every comment, read a page at a time."""
        page = self.page(size=AT_ONCE)
        yield from page.comments
        while page.before is not None:
            page = self.page(page.before, AT_ONCE)
            yield from page.comments

    def _where(self, *more: str) -> str:
        return f"{self._source} WHERE {' AND '.join((*self._conditions, *more))}"

    def _clauses(self, before: int | None) -> Iterator[Mapping[str, Any]]:
        """The clauses found, newest comment first; each comment's stand together."""
        order = self.sight.order
        while True:
            more = () if before is None else (f"{order} < {int(before)}",)
            rows = self.reader.rows(
                f"SELECT said.voice, said.clause, {order} AS place {self._where(*more)} "
                f"ORDER BY {order} DESC LIMIT {AT_ONCE}", self._parameters)
            yield from rows
            if len(rows) < AT_ONCE:
                return
            before = rows[-1]["place"]

    def _comments(self, found: Mapping[int, Sequence[int]]) -> tuple[Comment, ...]:
        if not found:
            return ()
        words = "clauses.words" if self.sight.named else "clauses.masked"
        marks = ", ".join("?" * len(found))
        clauses: dict[int, list[Mapping[str, Any]]] = {voice: [] for voice in found}
        for row in self.reader.rows(
                f"SELECT said.*, {words} AS words, clauses.clause_no, clauses.hat AS likely "
                f"FROM clauses JOIN said ON said.clause = clauses.clause WHERE clauses.voice IN ({marks}) "
                "ORDER BY said.number", list(found)):
            clauses[row["voice"]].append(row)
        return tuple(self._comment(clauses[voice], found[voice]) for voice in found)

    def _comment(self, clauses: Sequence[Mapping[str, Any]], found: Sequence[int]) -> Comment:
        one = clauses[0]
        if self.sight.every:
            return Comment(one["unit"], one["month"], one["month"], one["said_at"], tuple(clauses), frozenset(found))
        return Comment(one["shown_unit"], one["shown_first"], one["shown_last"], None, tuple(clauses),
                       frozenset(found))


def _question(sight: Sight, asked: Asked, parents: Mapping[str, str | None]) -> tuple[str, list[str], list[Any]]:
    """FROM, conditions and parameters of what is asked, within what may be seen."""
    parts = [seen(sight), *_filters(sight, asked, parents)]
    source = "FROM said"
    asked_words = matches(asked.words)
    if asked_words:
        whole, clause = asked_words
        source = "FROM clause_words JOIN said ON said.number = clause_words.rowid"
        parts.insert(0, ("clause_words MATCH ?", [clause]))
        if whole != clause:
            parts.append(("said.comment IN (SELECT rowid FROM comment_words WHERE comment_words MATCH ?)", [whole]))
    return source, [condition for condition, _ in parts], [value for _, values in parts for value in values]


def seen(sight: Sight) -> tuple[str, list[Any]]:
    """What a reader may see whatever they ask."""
    condition, parameters = sight.scope.clause(sight.unit)
    conditions, values = [condition], list(parameters)
    if not sight.every:
        conditions.append("said.shown IS NOT NULL")
    if not sight.labelled:
        conditions.append("NOT said.labelled")
        for column, hidden in (("unit", sight.hidden_units), ("touchpoint", sight.hidden_touchpoints)):
            if hidden:
                marks = ", ".join("?" * len(hidden))
                conditions.append(f"said.comment NOT IN (SELECT comment FROM said WHERE {column} IN ({marks}))")
                values += sorted(hidden)
    return " AND ".join(conditions), values


def _filters(sight: Sight, asked: Asked, parents: Mapping[str, str | None]) -> Iterator[tuple[str, list[Any]]]:
    if asked.unit and asked.unit != WHOLE:
        yield Scope(below([asked.unit], parents)).clause(sight.unit)
    for column, value in (("hat", asked.hat), ("touchpoint", asked.touchpoint), ("speaker", asked.speaker),
                          ("service", asked.service)):
        if value:
            yield f"said.{column} = ?", [value]
    if asked.tone:
        yield "said.sentiment = ?", [TONES[asked.tone]]
    first, last = ("month", "month") if sight.every else ("shown_first", "shown_last")
    if asked.first:
        yield f"said.{first} >= ?", [asked.first]
    if asked.last:
        yield f"said.{last} <> '' AND said.{last} <= ?", [asked.last]


def is_searchable(reader: Any) -> bool:
    """Whether the release was built since comments can be searched; a former one may not have been."""
    return reader.row("SELECT 1 FROM sqlite_master WHERE name = 'said'") is not None


def has_comments(reader: Any) -> bool:
    """Whether any comment is in the release."""
    return reader.row("SELECT 1 FROM said LIMIT 1") is not None


def months_seen(reader: Any, sight: Sight) -> list[str]:
    """The months by which comments that this reader may see begin or end, the first one first."""
    condition, parameters = seen(sight)
    columns = ("month",) if sight.every else ("shown_first", "shown_last")
    asked = " UNION ".join(f"SELECT {column} AS month FROM said WHERE {condition}" for column in columns)
    rows = reader.rows(f"SELECT DISTINCT month FROM ({asked}) WHERE month <> '' ORDER BY month",
                       [*parameters] * len(columns))
    return [row["month"] for row in rows]


def services_seen(reader: Any, sight: Sight) -> list[str]:
    """The services that this reader may ask for; where they see only what is disclosed, of 11 people or more each."""
    condition, parameters = seen(sight)
    enough = "" if sight.every else f"HAVING count(DISTINCT who) >= {FEWEST}"
    rows = reader.rows(f"SELECT service FROM said WHERE {condition} AND service <> '' GROUP BY service {enough} "
                       "ORDER BY service", parameters)
    return [row["service"] for row in rows]


def clause_of_praise(reader: Any, clause: int, sight: Sight) -> Mapping[str, Any] | None:
    """A clause of praise with its masked words, if this reader may see it; None otherwise, also where there is none."""
    condition, parameters = seen(sight)
    return reader.row(  # type: ignore[no-any-return]
        "SELECT said.*, clauses.masked, clauses.hat AS likely, clauses.visit, clauses.interaction "
        "FROM said JOIN clauses ON clauses.clause = said.clause "
        f"WHERE said.clause = ? AND said.sentiment = 1 AND {condition}", [clause, *parameters])
