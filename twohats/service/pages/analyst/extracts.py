"""What a reader may take of a table, and its rows, a batch at a time."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from twohats.service import doors, hiding
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.pages import words
from twohats.service.pages.analyst import masking, totals
from twohats.service.pages.measures.numbers import numbers_of
from twohats.service.policy import Permission, Scope
from twohats.store.tables import Column, Personal, Table
from twohats.store.tables.release import (
    ANSWERED_HOW,
    ASKED,
    BY_PERSON,
    CASE_MIX,
    CLAUSES,
    COMPOSITES,
    CUT_SPREADS,
    CUTS,
    HAND_OFFS,
    INTERACTIONS,
    MEASURED,
    MEASURES,
    RELEASED,
    SAID_SO,
    SERVED,
    SPREADS,
    TOTALLED,
    VOICES,
    WRONG_HAT,
)

TOLD_BY_PAGES = (SPREADS, ASKED, COMPOSITES, ANSWERED_HOW, CASE_MIX, CUTS, CUT_SPREADS, SAID_SO)
"""Sums of which only their pages know what may be told."""
BATCH = 2000
MOST_COUNTS = 1000
_COUNTS: dict[tuple[str, str, Scope], int] = {}
"""Rows by release, table and scope: a release does not change."""
BY_NAME = {table.name: table for table in RELEASED}


class Form(StrEnum):
    """In which form a table may be taken."""

    MASKED = "masked"
    PANEL = "panel"
    TOTALS = "totals"


PERMISSION = {Form.MASKED: Permission.EXPORT_MASKED, Form.PANEL: Permission.EXPORT_PANEL,
              Form.TOTALS: Permission.EXPORT_TOTALS}


@dataclass(frozen=True)
class Extract:
    """One table in one form for one reader."""

    table: Table
    form: Form
    columns: tuple[Column, ...]
    scope: Scope
    treat: Callable[[Mapping[str, Any]], dict[str, Any]]


def forms_of(user: Any, table: Table) -> list[Form]:
    """The forms in which this reader may take this table.

    What was measured or handed off tells the kind and the unit of each thing: only who may see labelled kinds takes
    it row by row.
    A histogram tells of single people; who was asked, how forms were answered, official composites, cuts and what
    people say themselves of the wrong hat are told by their pages: none of them is in the totals.
    """
    by_row = table not in (MEASURED, WRONG_HAT, SERVED, HAND_OFFS) or doors.may(user, Permission.SEE_SENSITIVE)
    fits = {Form.MASKED: by_row, Form.PANEL: by_row and table in BY_PERSON,
            Form.TOTALS: table not in (*BY_PERSON, *TOLD_BY_PAGES)}
    return [form for form in Form if fits[form] and doors.may(user, PERMISSION[form])]


def extract(user: Any, table: Table, form: Form, session: SessionBase, reader: Any) -> Extract:
    """The table in this form: which columns, which rows, and how each row is treated."""
    scope = doors.scope_of(user, PERMISSION[form])
    labelled = doors.may(user, Permission.SEE_SENSITIVE)
    shown = _as_is if labelled else _hider(table, reader)
    if form is Form.MASKED:
        mask = mask_of(session, reader)
        masked = masking.masker(table, mask)
        return Extract(table, form, masking.masked_columns(table), scope, lambda row: masked(shown(row)))
    columns = table.columns
    if form is Form.PANEL and not doors.may(user, Permission.SEE_COMMENTS):
        columns = tuple(column for column in columns if column.personal is not Personal.WORDS)
    if form is Form.TOTALS and table is MEASURES:
        return Extract(table, form, columns, scope, totals.measures_told(table, numbers_of(reader)))
    if form is Form.TOTALS and table in TOTALLED:
        told = totals.small_counts_hidden(table, reader.rows(f"SELECT * FROM {table.name}"))
        return Extract(table, form, columns, scope, told)
    return Extract(table, form, columns, scope, lambda row: dict(shown(row)))


def _as_is(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return row


def _hider(table: Table, reader: Any) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Leaves out what tells the kind of what is labelled, by the source or by the hospital's list; asks for it once."""
    if table is INTERACTIONS:
        known = hidden_kinds()
        return lambda row: hiding.without_kind(hiding.labelled(row, known))
    if table in (VOICES, CLAUSES):
        hidden = hiding.hidden_voices(reader, hidden_kinds())
        return lambda row: hiding.only_its_time(row) if row["voice"] in hidden else row
    return _as_is


def mask_of(session: SessionBase, reader: Any) -> masking.Mask:
    """The mask of the extract that this session is taking: all its tables fit together, no other extract's do."""
    held = session.get("extract")
    if not held or held["release"] != reader.id:
        held = new_extract(session, reader)
    as_of = words.as_day(reader.release.get("as_of"))
    if as_of is None:
        raise ValueError("A release says as of which day it is known.")
    return masking.Mask(bytes.fromhex(held["key"]), as_of)


def new_extract(session: SessionBase, reader: Any) -> dict[str, str]:
    """Begins another extract: new ids, new shifts. The key lies in the session only and goes with it."""
    held = {"release": reader.id, "key": secrets.token_hex(32), "name": secrets.token_hex(3)}
    session["extract"] = held
    return held


def where(table: Table, scope: Scope) -> tuple[str, list[str]]:
    """Which rows of a table lie in a scope. A table that knows neither unit nor person is the whole organisation's."""
    if scope.everything:
        return "1", []
    named, by_unit = set(table.names), scope.clause("unit")
    if not scope or not named & {"unit", "person"}:
        return "0", []
    if "person" not in named:
        return by_unit
    condition, parameters = by_unit
    panel = f"person IN (SELECT person FROM interactions WHERE {condition})"
    if table.name in ("voices", "clauses"):  # said about a unit by nobody we know
        return f"({panel} OR (person IS NULL AND {condition}))", [*parameters, *parameters]
    return panel, list(parameters)


def rows_in(table: Table, scope: Scope, reader: Any) -> int:
    """How many rows of a table lie in a scope; counted once a release."""
    asked = (reader.id, table.name, scope)
    if asked not in _COUNTS:
        if len(_COUNTS) >= MOST_COUNTS:
            _COUNTS.clear()
        condition, parameters = where(table, scope)
        _COUNTS[asked] = reader.rows(f"SELECT count(*) AS n FROM {table.name} WHERE {condition}", parameters)[0]["n"]
    return _COUNTS[asked]


def batches(extract: Extract, reader: Any) -> Iterator[list[dict[str, Any]]]:
    """The rows, treated, a batch at a time, so that any table fits."""
    condition, parameters = where(extract.table, extract.scope)
    last = 0
    while rows := reader.rows(
            f"SELECT rowid AS _row, * FROM {extract.table.name} WHERE rowid > ? AND {condition} "
            f"ORDER BY rowid LIMIT {BATCH}", [last, *parameters]):
        last = rows[-1]["_row"]
        yield [extract.treat(dict(row)) for row in rows]
