"""A page of tables and pictures as it leaves: as rows for other programs, as a workbook, on paper.

What a file holds is what the page says: the same tables, whose cells know their exact numbers (`cells`).
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages.charts import svg
from twohats.service.pages.measures import paper, sheets
from twohats.service.pages.measures.cells import WHOLE
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.measures.sheets import Cell, Column, Sheet
from twohats.service.pages.paper import sheet as pages
from twohats.service.pages.paper.blocks import Block, Picture, Stack, Table, Words
from twohats.store.inert import harmless

COLUMNS = ("table", "hat", "row", "column", "value", "low", "high", "people", "words", "release")
NARROW = "tight"
WIDE = ("middle", "roomy")
"""Which of a picture's widths is drawn in a column of paper, and which over its whole width (the first there is)."""
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
"""What a spreadsheet refuses in the name of a sheet."""


@dataclass(frozen=True)
class Item:
    """A picture with its table, a table alone, or only words, under a heading of their own ('' none)."""

    title: str = ""
    says: Sequence[str] = ()
    table: dict[str, Any] | None = None
    picture: dict[str, Any] | None = None


@dataclass(frozen=True)
class Part:
    """A section. Those of both hats follow each other and are set side by side."""

    title: str
    items: Sequence[Item]
    says: Sequence[str] = ()
    hat: str = ""


@dataclass(frozen=True)
class Page:
    """What a page says, whichever way it leaves."""

    name: str
    """In the file's name and in the audit."""
    thing: str
    """Of what: in the audit."""
    title: str
    place: str
    when: str
    says: Sequence[str]
    parts: Sequence[Part]
    notes: Sequence[str] = ()
    """What stands under it all: how to read it."""

    def tables(self) -> Iterator[tuple[Part, dict[str, Any]]]:
        """Every table with the part it stands in."""
        for part in self.parts:
            for item in part.items:
                table = item.table or (item.picture or {}).get("table")
                if table:
                    yield part, table


def as_csv(numbers: Numbers, page: Page) -> str:
    """One row per number of every table, by codes where it has them, with exact numbers."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for part, table in page.tables():
        for row in table["rows"]:
            for column, cell in list(zip(table["columns"], row, strict=True))[1:]:
                if not cell.get("is_known"):
                    writer.writerow((_key(table, "caption"), part.hat, _key(row[0], "text"), _key(column, "name"),
                                     *(_exactly(cell.get(name)) for name in ("exact", "low", "high", "people")),
                                     harmless(cell.get("hat") or _words(cell)), numbers.release))
    return written.getvalue()


def _key(thing: dict[str, Any], name: str) -> str:
    return harmless(str(thing.get("key") or thing[name]))


def _exactly(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _words(cell: dict[str, Any]) -> str:
    """What a cell says that its exact numbers do not."""
    if _is_a_number(cell):
        return str(cell.get("means") or cell.get("beside") or "")
    said = str(cell.get("why") or cell.get("instead") or cell.get("text", ""))
    return f"{said} ({cell['note']})" if cell.get("note") else said


def _is_a_number(cell: dict[str, Any]) -> bool:
    return "exact" in cell or cell.get("low") is not None


def as_workbook(numbers: Numbers, page: Page) -> bytes:
    """First what it is, then a sheet for each table."""
    facts = [(_("Place"), page.place), *([(_("Period on the page"), page.when)] if page.when else []),
             *sheets.known(numbers), *((_("What it says") if at == 0 else "", said)
                                       for at, said in enumerate((*page.says, *page.notes)) if said)]
    found = [(_titled(part, table), table) for part, table in page.tables()]
    return sheets.workbook(numbers, page.title, page.place, facts,
                           [_sheet(name, table) for name, table in _named_apart(found)])


def _titled(part: Part, table: dict[str, Any]) -> str:
    return str(table.get("short") or (part.title if len(part.items) == 1 else table["caption"]))


def _named_apart(found: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names of sheets as a spreadsheet takes them: short, and no two alike."""
    taken: set[str] = set()
    for title, table in found:
        plain = NOT_IN_A_NAME.sub(" ", title).strip("' ")
        name, number = plain[:sheets.NO_LONGER_TITLE], 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[:sheets.NO_LONGER_TITLE - 4].rstrip()} {number}"
        taken.add(name.lower())
        yield name, table


def _sheet(name: str, table: dict[str, Any]) -> Sheet:
    """A table with a column for each number, for either end of its range and for its people, as far as any has them."""
    columns: list[Column] = []
    rows: list[list[Cell]] = [[] for _row in table["rows"]]
    reasons: list[list[str]] = [[] for _row in table["rows"]]
    for at, column in enumerate(table["columns"]):
        cells = [row[at] for row in table["rows"]]
        holds_numbers = any(map(_is_a_number, cells))
        spread = _numbers(str(column["name"]), cells) if holds_numbers else _texts(str(column["name"]), cells)
        for head, values in spread:
            columns.append(head)
            for row, value in zip(rows, values, strict=True):
                row.append(value)
        for cell, why in zip(cells, reasons, strict=True):
            if holds_numbers and not _is_a_number(cell) and not cell.get("is_known"):
                why.append(_words(cell))
    if any(reasons):
        columns.append(Column(_("In place of a number"), 36))
        for row, why in zip(rows, reasons, strict=True):
            row.append(Cell("; ".join(dict.fromkeys(why))))
    return Sheet(name, columns, rows)


def _numbers(name: str, cells: Sequence[dict[str, Any]]) -> Iterator[tuple[Column, list[Cell]]]:
    """A column of numbers as those of a sheet: the number, either end of its range, its people, as far as known."""
    heads = {"exact": name, "low": _("%(name)s, from") % {"name": name}, "high": _("%(name)s, to") % {"name": name},
             "people": _("%(name)s, people") % {"name": name}}
    for part, head in heads.items():
        if any(cell.get(part) is not None for cell in cells):
            yield Column(head, 14, True), [
                Cell(cell.get(part), WHOLE if part == "people" else cell.get("shown_as", "")) for cell in cells]
    if any(cell.get("means") for cell in cells):
        yield Column(_("In what"), 10), [Cell(str(cell.get("means", ""))) for cell in cells]


def _texts(name: str, cells: Sequence[dict[str, Any]]) -> Iterator[tuple[Column, list[Cell]]]:
    """A column of words as it is; none where the numbers beside it say it all."""
    if cells and not all(cell.get("is_known") for cell in cells):
        texts = [_words(cell) for cell in cells]
        yield Column(name, max(12, min(48, max(map(len, texts)) + 2))), [Cell(text) for text in texts]


def as_paper(numbers: Numbers, page: Page) -> bytes:
    """The page on paper: both hats side by side where it has them, its pictures, its tables."""
    return paper.on_paper(numbers, page.title, page.place, page.when, lambda sheet: _lay(sheet, page))


def _lay(sheet: pages.Sheet, page: Page) -> None:
    for said in page.says:
        sheet.put(Words(said, size=9, after=8))
    parts = list(page.parts)
    while parts:
        part = parts.pop(0)
        if part.hat and parts and parts[0].hat:
            sheet.pair(_in_a_column(part), _in_a_column(parts.pop(0)))
        else:
            _lay_across(sheet, part)
    for said in page.notes:
        sheet.put(Words(said, size=7.5, colour=svg.MUTED, after=6))


def _in_a_column(part: Part) -> list[Block]:
    colour = svg.PATIENT if part.hat == "patient" else svg.CUSTOMER
    head = [Words(part.title, "H2", 12, bold=True, hat=part.hat, colour=colour),
            *(Words(said, colour=svg.MUTED) for said in part.says)]
    return [Stack(head), *(Stack(list(_in_blocks(item, (NARROW,)))) for item in part.items)]


def _in_blocks(item: Item, widths: Sequence[str]) -> Iterator[Block]:
    if item.title:
        yield Words(item.title, "H3", 9, bold=True, after=1)
    for said in item.says:
        yield Words(said, after=2)
    if item.picture:
        yield from _picture(item.picture, widths)
    table = item.table or (item.picture or {}).get("table")
    if table:
        yield Table(table)


def _picture(picture: dict[str, Any], widths: Sequence[str]) -> Iterator[Block]:
    drawn = dict(picture["drawings"])
    yield Words(picture["title"], bold=True, after=3)
    yield Picture(next(drawn[width] for width in (*widths, *drawn) if width in drawn))


def _lay_across(sheet: pages.Sheet, part: Part) -> None:
    """A part over the whole width, its long tables going on over the page; no head parts from what it heads."""
    heads: list[Block] = [Words(part.title, "H2", 13, bold=True, after=4)]
    heads += [Words(said, after=6) for said in part.says]
    for item in part.items:
        if item.title:
            heads.append(Words(item.title, "H3", 10, bold=True, after=3))
        heads += [Words(said, after=6) for said in item.says]
        if item.picture:
            heads += _picture(item.picture, WIDE)
        table = item.table or (item.picture or {}).get("table")
        sheet.put(Stack(heads, after=0), keep=pages.beginning(table) if table else 0.0)
        heads = []
        if table:
            sheet.table(table)
    if heads:
        sheet.put(Stack(heads))
