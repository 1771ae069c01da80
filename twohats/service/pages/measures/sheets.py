"""The measures as a workbook: what it is, then a sheet for each hat and one for what stands apart; never added up."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import listed, periods, saying
from twohats.service.pages.measures.by_group import by, group_name
from twohats.service.pages.measures.cells import WHOLE
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.measures.saying import FORMATS
from twohats.service.pages.measures.taken import Line, OneMeasure, Point, UnitLine, lines_of_unit
from twohats.store.charts.special_causes import Cause
from twohats.store.inert import harmless
from twohats.words.hats import Hat
from twohats.words.measures import Measure, MeasureKind

NO_LONGER_TITLE = 31
"""Characters a spreadsheet allows in the name of a sheet."""
INK, RULE, HEAD = "#1C2126", "#8B8F94", "#EFEDE6"


@dataclass(frozen=True)
class Cell:
    """A number with its format, or words."""

    value: float | str | None
    shown_as: str = ""


@dataclass(frozen=True)
class Column:
    """The head of a column and how many characters wide it is."""

    name: str
    width: int
    is_number: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, columns and rows."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def all_as_workbook(numbers: Numbers, unit: str, period: str) -> bytes:
    """Every measure of a unit in every period that is told of it."""
    lines = list(lines_of_unit(numbers, unit))
    names = {"patient": _("As patients"), "customer": _("As customers"), "": _("Beside the two hats")}
    sheets = [Sheet(name, _columns(), [_row(numbers, line) for line in lines if _side(line.declared) == side])
              for side, name in names.items()]
    place, title = overview.place(numbers.cube, unit), _("What did people get from us, and what did it cost them?")
    return workbook(numbers, title, place, _facts(numbers, place, period), sheets)


def one_as_workbook(numbers: Numbers, declared: Measure, unit: str, period: str, one: OneMeasure) -> bytes:
    """One measure: the periods of its chart, the units side by side, its groups, and how it is counted."""
    sheets = [Sheet(_("Period by period"), [*_columns(), *_limit_columns()],
                    [[*_row(numbers, point), *_limits(point)] for point in one.points]),
              Sheet(_("Unit by unit"), [Column(_("Unit"), 30), *_columns(), *_unit_columns()],
                    [[Cell(numbers.cube.units[line.unit].name), *_row(numbers, line), *_how_far(line)]
                     for line in one.units])]
    if one.groups:
        sheets.append(Sheet(_("Group by group"), [Column(_("Groups"), 24), Column(_("Group"), 30), *_columns()],
                            [[Cell(by(line.group.cut)), Cell(group_name(line.group)), *_row(numbers, line)]
                             for line in one.groups]))
    place, title = overview.place(numbers.cube, unit), declared.name.read_in(wording.language())
    facts = [*_facts(numbers, place, period), *saying.how_counted(declared)]
    return workbook(numbers, title, place, facts, sheets)


def _side(declared: Measure) -> str:
    in_a_hat = declared.hat in (Hat.PATIENT, Hat.CUSTOMER) and not listed.stands_apart(declared)
    return declared.hat.value if in_a_hat else ""


def _columns() -> list[Column]:
    return [
        Column(_("Measure"), 48), Column(_("Period"), 28), Column(_("Number"), 12, True), Column(_("In what"), 10),
        Column(_("Range, from"), 12, True), Column(_("Range, to"), 12, True), Column(_("Nine in ten within"), 12, True),
        Column(_("Counted"), 11, True), Column(_("People"), 11, True), Column(_("Who they are"), 12),
        Column(_("Better"), 18), Column(_("In place of a number"), 36), Column(_("How far to trust it"), 40),
        Column(_("Goal"), 12, True), Column(_("Measured or asked"), 16), Column(_("How it was answered"), 40),
        Column(_("Code of the measure"), 28), Column(_("Code of the period"), 12),
    ]


def _row(numbers: Numbers, line: Line) -> list[Cell]:
    one, told = line.declared, line.told
    shown_as = FORMATS[one.kind]
    return [
        Cell(one.name.read_in(wording.language())), Cell(periods.name(line.period, numbers.as_of)),
        Cell(told.value, shown_as), Cell(saying.in_what(one)), Cell(told.low, shown_as), Cell(told.high, shown_as),
        Cell(told.ninth, shown_as), Cell(told.times or None, WHOLE), Cell(told.people or None, WHOLE),
        Cell(saying.behind(one)), Cell(saying.better(one)), Cell(saying.why_not(one, told) if told.why_not else ""),
        Cell(saying.trust(one, told) if told.people else ""), Cell(line.goal, shown_as),
        Cell(_("asked") if one.survey else _("measured")), Cell(line.answered_how), Cell(one.key), Cell(line.period),
    ]


def _limit_columns() -> list[Column]:
    return [Column(_("By chance alone, from"), 12, True), Column(_("By chance alone, to"), 12, True),
            Column(_("Stands out"), 44)]


def _limits(point: Point) -> list[Cell]:
    low, high = point.limits or (None, None)
    shown_as = FORMATS[point.declared.kind]
    out = _("no") if point.cause is Cause.COMMON else point.cause.words.read_in(wording.language())
    return [Cell(low, shown_as), Cell(high, shown_as), Cell(out if point.limits else _("too few periods"))]


def _unit_columns() -> list[Column]:
    return [Column(_("Reliability"), 12, True), Column(_("How far it goes"), 44)]


def _how_far(line: UnitLine) -> list[Cell]:
    return [Cell(line.reliability, FORMATS[MeasureKind.MEAN]), Cell(line.how_far)]


def _facts(numbers: Numbers, place: str, period: str) -> list[tuple[str, str]]:
    """What the first sheet says."""
    return [
        (_("Place"), place[:1].upper() + place[1:]),
        (_("Period on the page"),
         periods.name(period, numbers.as_of) if period else _("No whole period is recorded yet.")),
        (_("Periods in the sheets"), _("Every period that is told of this place: months, quarters and years overlap, "
                                       "so never add them up.")),
        *known(numbers),
        (_("Times"), _("Times are medians: half of the people had it within that time.")),
        (_("Counted, people"), _("A person may be counted more than once; the range counts people.")),
        (_("One person, two hats"),
         _("Either hat has its own sheet with the same columns. They are equals and never added up.")),
    ]


def known(numbers: Numbers) -> list[tuple[str, str]]:
    """What the first sheet of every workbook says."""
    return [
        (_("Release"), numbers.release),
        (_("Known as of"), wording.plain_day(numbers.as_of)),
        (_("Range"), _("The range would hold the true number 95 times in 100.")),
        (_("Empty"), _("No number may be told; the column beside says why. Fewer than 11 people are never shown.")),
    ]


def workbook(numbers: Numbers, title: str, place: str, facts: Iterable[tuple[str, str]],
             sheets: Sequence[Sheet]) -> bytes:
    """A workbook: first what it is, fact by fact, then its sheets."""
    from xlsxwriter import Workbook  # late: slow import

    written = io.BytesIO()
    book = Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "subject": place, "comments": numbers.release, "author": "twohats",
                         "created": _plain(numbers.as_of)})
    _opening(book, title, facts)
    for sheet in sheets:
        _write(book, sheet, f"{place} · {numbers.release}")
    book.close()
    return written.getvalue()


def _plain(instant: datetime) -> datetime:
    """A workbook knows no time zone; ours is UTC."""
    return instant.replace(tzinfo=None)


def _opening(book: Any, title: str, facts: Iterable[tuple[str, str]]) -> None:
    page = book.add_worksheet(_("Read this first")[:NO_LONGER_TITLE])
    page.hide_gridlines(2)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, harmless(title), book.add_format({"bold": True, "font_size": 16, "font_color": INK}))
    head = book.add_format({"bold": True, "valign": "top", "font_color": INK})
    words = book.add_format({"text_wrap": True, "valign": "top", "font_color": INK})
    for number, (name, says) in enumerate(facts, 2):
        page.write_string(number, 0, harmless(name), head)
        page.write_string(number, 1, harmless(says), words)
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write(book: Any, sheet: Sheet, foot: str) -> None:
    page = book.add_worksheet(sheet.name[:NO_LONGER_TITLE])
    look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": HEAD, "bottom": 1, "bottom_color": RULE}
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.name, book.add_format(look | {"align": "right"} if column.is_number else look))
    used = sorted({cell.shown_as for row in sheet.rows for cell in row if cell.shown_as})
    formats = {shown_as: book.add_format({"num_format": shown_as}) for shown_as in used}
    for number, row in enumerate(sheet.rows, 1):
        for at, cell in enumerate(row):
            _put(page, number, at, cell, formats)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer(f"&L{foot.replace('&', '&&')}&R&P / &N")


def _put(page: Any, number: int, at: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell.value, str):
        page.write_string(number, at, harmless(cell.value))
    elif cell.value is not None:
        page.write_number(number, at, cell.value, formats[cell.shown_as])
