"""The measures on paper: both hats side by side as equals, and one measure whole; pictures and words of the pages."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import by_group, listed, marks, moved, periods, saying, units_shown, views
from twohats.service.pages.measures.answered_how import answered_how_of, score_of, with_care
from twohats.service.pages.measures.marks import Written
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.measures.series import Series, chart_of, series_of
from twohats.service.pages.measures.writing import may_be_written
from twohats.service.pages.paper.blocks import Block, Picture, Stack, Table, Words
from twohats.service.pages.paper.sheet import COLUMN, Sheet, in_pages
from twohats.service.pages.paper.tagged import About
from twohats.service.pages.templatetags.hats import hat_word
from twohats.words.hats import Hat
from twohats.words.measures import Measure

WIDE, NARROW = ("wide", 624.0), ("narrow", 288.0)
"""Pictures drawn for a whole page of paper, and for one of its columns; in the pages' own units."""
LATELY = 3
"""So many periods stand under a picture that shares its page with others."""
MARKS = 4
"""So many of the marks on such a picture are told there."""
BESIDE = {"patient": Hat.PATIENT, "customer": Hat.CUSTOMER}


def all_on_paper(numbers: Numbers, unit: str, period: str) -> bytes:
    """Every measure of a unit: first the numbers of the period, hat beside hat, then how each moved."""
    title = _("What did people get from us, and what did it cost them?")
    place, when = _place(numbers, unit), periods.name(period, numbers.as_of) if period else ""
    pictures = _pictures(numbers, unit)
    return on_paper(numbers, title, place, when,
                    lambda sheet: _lay_all(sheet, numbers, unit, period, pictures))


def one_on_paper(numbers: Numbers, declared: Measure, unit: str, period: str, written: Written,
                 sees_whole: bool) -> bytes:
    """A measure's page: its number, how it moved, what was written on it, units, groups, how it is counted."""
    title, place, when = _name(declared), _place(numbers, unit), periods.name(period, numbers.as_of)
    return on_paper(numbers, title, place, when,
                    lambda sheet: _lay_one(sheet, numbers, declared, unit, period, written, sees_whole))


def on_paper(numbers: Numbers, title: str, place: str, when: str, lay: Callable[[Sheet], None]) -> bytes:
    """A document: its title, place and period, its release, then what is laid below."""
    def whole(sheet: Sheet) -> None:
        sheet.put(Words(title, "H1", 17, bold=True, after=4),
                  Words(" · ".join(part for part in (place, when) if part), size=11, after=2),
                  Words(_("Release %(id)s, known as of %(day)s") % {
                      "id": numbers.release, "day": wording.plain_day(numbers.as_of)}, colour=svg.MUTED, after=12))
        lay(sheet)

    about = About(f"{title}: {place}", when, wording.language(), numbers.as_of)
    foot = " · ".join(part for part in (_("Release %(id)s") % {"id": numbers.release}, place, when, title) if part)
    return in_pages(whole, about, foot, lambda page, pages: _("Page %(page)s of %(pages)s") % {
        "page": page, "pages": pages})


def _lay_all(sheet: Sheet, numbers: Numbers, unit: str, period: str, pictures: dict[str, Block]) -> None:
    if not period:
        sheet.put(Words(_("No whole period is recorded yet.")))
        return
    shown = listed.shown(numbers)
    goals = marks.goals_set(unit, listed.month_of(numbers, period))
    how = answered_how_of(releases.current())
    rows = {one.key: _row(one, views.row_of(numbers, how, one, unit, period), goals.get(one.key, "")) for one in shown}
    measured, answered, apart = _parted(shown)
    sheet.put(Words(_("Never added up: a wait and a conversation are different things. The range would hold the true "
                      "number 95 times in 100. Times are medians: half of the people had it within that time."),
                    after=10))
    sheet.pair(*(_column(hat, measured, rows, _heads(hat)) for hat in BESIDE))
    if answered:
        sheet.put(_head(_("What people answered")), keep=60)
        care = with_care(how.mix(score, unit, period) for score in {score_of(one): None for one in answered})
        says = _("Items of a survey, by the hat they speak for: our own sub-scores, beside the official measures and "
                 "none of them. They are not adjusted for who answers, so compare a unit with itself.")
        sheet.put(Words(_joined(says, care), after=8), keep=60)
        sheet.pair(*(_column(hat, answered, rows, _heads_answered(hat)) for hat in BESIDE))
    if apart:
        sheet.put(_head(_("Beside the two hats")), keep=60)
        sheet.put(Words(_("Ratings of the whole speak for both hats at once, and relatives who answer for themselves "
                          "see it as customers. Neither is in a sub-score above."), after=8), keep=60)
        sheet.pair([rows[one.key] for one in apart[::2]], [rows[one.key] for one in apart[1::2]])
    if pictures:
        _lay_pictures(sheet, pictures, [*measured, *answered], apart)


def _parted(shown: Sequence[Measure]) -> tuple[list[Measure], list[Measure], list[Measure]]:
    """What was measured and what was answered of either hat, and what stands apart."""
    apart = [one for one in shown if listed.stands_apart(one)]
    return ([one for one in shown if not one.survey],
            [one for one in shown if one.survey and not listed.stands_apart(one)], apart)


def _pictures(numbers: Numbers, unit: str) -> dict[str, Block]:
    """How each measure moved, of those that have a picture."""
    shown = listed.shown(numbers)
    written = marks.written_in(unit, [one.key for one in shown])
    return {one.key: block for one in shown
            if (block := _moved(numbers, one, unit, written[one.key])) is not None}


def _lay_pictures(sheet: Sheet, pictures: dict[str, Block], of_hats: Sequence[Measure],
                  apart: Sequence[Measure]) -> None:
    """How each measure moved: either hat in its column, then what stands apart in both."""
    sheet.turn()
    sheet.put(Words(_("How it moved"), "H2", 13, bold=True, after=4), keep=200)
    sheet.put(Words(_("The last periods stand under each picture; all of them are in the file for spreadsheets and on "
                      "the sheet of each measure."), after=8), keep=200)
    sheet.pair(*(_column(hat, of_hats, pictures, _heads(hat)[:1]) for hat in BESIDE))
    of_both = [pictures[one.key] for one in apart if one.key in pictures]
    if of_both:
        sheet.put(_head(_("Beside the two hats")), keep=of_both[0].height(COLUMN))
        sheet.pair(of_both[::2], of_both[1::2])


def _column(hat: str, measured: Sequence[Measure], blocks: dict[str, Block], heads: Sequence[Block]) -> list[Block]:
    """A column of one hat; its head and what it says stand in the first row, level with the other's."""
    return [Stack(heads), *(blocks[one.key] for one in measured if one.hat is BESIDE[hat] and one.key in blocks)]


def _heads(hat: str) -> list[Block]:
    if hat == "patient":
        return [_hat(hat, _("As patients")), _muted(_("Time with a clinician who knows you, and care that holds."))]
    return [_hat(hat, _("As customers")), _muted(_("Quick, simple, and bothered as little as possible."))]


def _heads_answered(hat: str) -> list[Block]:
    if hat == "patient":
        return [_hat(hat, _("Answers as patients")), _muted(_("Asked about care in the moment."))]
    return [_hat(hat, _("Answers as customers")), _muted(_("Asked about everything around care."))]


def _hat(hat: str, text: str) -> Words:
    return Words(text, "H2", 12, bold=True, hat=hat, colour=svg.PATIENT if hat == "patient" else svg.CUSTOMER)


def _head(text: str) -> Words:
    return Words(text, "H2", 13, bold=True, after=4)


def _muted(text: str, after: float = 3.0) -> Words:
    return Words(text, colour=svg.MUTED, after=after)


def _row(declared: Measure, row: dict[str, Any], goal: str) -> Stack:
    """One line of the list: name, number, range, people, direction, trust and goal, as the page says them."""
    instead = _instead(row)
    number = [] if instead else [Words(_with_unit(row), size=11, bold=True, after=1)]
    says = [instead, "" if instead else _("Range %(low_high)s.") % {"low_high": row["between"]}, row["ninth"],
            row["people"], row["better"], row["trust"],
            _("Goal: %(goal)s.") % {"goal": goal} if goal else "", row["how"]]
    return Stack([Words(row["name"], after=1, hat=_mark(declared)), *number,
                  Words(_joined(*says), size=7.5, colour=svg.MUTED, after=0)])


def _instead(row: dict[str, Any]) -> str:
    """The sentence in place of a number; '' where there is one."""
    return row["instead"] and row["instead"][:1].upper() + row["instead"][1:] + "."


def _with_unit(row: dict[str, Any]) -> str:
    return f"{row['value']} {row['unit']}" if row["unit"] else row["value"]


def _moved(numbers: Numbers, declared: Measure, unit: str, written: Written) -> Block | None:
    """A picture in a column with its sentence and its last periods; None where there is none to draw."""
    series = series_of(numbers, declared, unit)
    if not may_be_written(series, "rebase"):
        return None
    chart = chart_of(series, declared, written.of_the_chart())
    picture = views.trend(numbers, declared, series, written, chart, [NARROW])
    if not picture["drawings"]:
        return None
    table = picture["table"]
    last = {"caption": _("The last periods"), "columns": table["columns"][:4],
            "rows": [[{"text": views.short(one)}, *row[1:4]]
                     for one, row in zip(series.periods[-LATELY:], table["rows"][-LATELY:], strict=True)]}
    return Stack([Words(_name(declared), "H3", 9, bold=True, after=1, hat=_mark(declared)),
                  Words(f"{picture['title']} {saying.better(declared)}", after=2),
                  Picture(picture["drawings"][0][1], after=2), *_marked(written, series), Table(last)])


def _marked(written: Written, series: Series) -> Iterator[Block]:
    """The words of the numbered marks on a picture; the first few, so that it stays on its page."""
    drawn = {mark.number for mark in written.drawn(series)}
    shown = [(number, one) for number, one in enumerate(written.in_force, 1) if number in drawn]
    for number, one in shown[:MARKS]:
        said = f"{number} · {wording.month(one.month)}: {marks.words_of(one)} ({marks.name(one.by)})"
        yield Words(said, size=7.5)
    if len(shown) > MARKS:
        yield Words(_("More was written on it: see the page of the measure."), size=7.5)


def _lay_one(sheet: Sheet, numbers: Numbers, declared: Measure, unit: str, period: str, written: Written,
             sees_whole: bool) -> None:
    told, when = numbers.told(declared.key, unit, period), periods.name(period, numbers.as_of)
    how, series = answered_how_of(releases.current()), series_of(numbers, declared, unit)
    row = views.row_of(numbers, how, declared, unit, period)
    chart = chart_of(series, declared, written.of_the_chart()) if may_be_written(series, "rebase") else None
    sheet.put(_lead(declared), Words(_instead(row) or _with_unit(row), size=17, bold=not row["instead"], after=4))
    said = _joined(row["ninth"], saying.sentence(declared, told, when) or saying.better(declared), row["how"],
                   *views.goal_said(numbers, declared, series, written, chart))
    sheet.put(Words(said, size=9, after=14))
    if chart:
        care = with_care(how.mix(score_of(declared), unit, one) for one in series.periods)
        _lay_trend(sheet, views.trend(numbers, declared, series, written, chart, [WIDE]),
                   _joined(moved.flags(chart), care))
    _lay_written(sheet, marks.listing(written, declared, series, unit))
    beside = units_shown.beside(numbers, declared, unit, period, [WIDE])
    if beside:
        _lay_units(sheet, beside, views.units_with_care(numbers, how, declared, unit, period))
    cuts = by_group.shown(numbers, declared, period[:4]) if sees_whole else []
    if cuts:
        _lay_groups(sheet, cuts, views.groups_say(numbers, period[:4]))
    sheet.put(_head(_("How it is counted")), keep=60)
    for head, says in saying.how_counted(declared):
        sheet.put(Stack([Words(head, bold=True, after=1), Words(says, after=0)], after=5))


def _lay_units(sheet: Sheet, beside: dict[str, Any], care: str) -> None:
    """The units side by side: the funnel with its numbers or why there is none, then all of them."""
    sheet.put(_head(_("Unit by unit")), keep=280 if beside["picture"] else 80)
    if beside["picture"]:
        sheet.put(_found(beside["picture"]), Words(_joined(*beside["says"]), after=8))
        sheet.table(beside["picture"]["table"])
    else:
        sheet.put(Words(beside["why_not"]))
    says = _("In the order of their names, never ranked: a small unit may stand first or last by chance alone. "
             "Departments and units are told by the year, so that few numbers have to be hidden.")
    sheet.put(Words(_joined(says, care), after=6), keep=60)
    sheet.table(beside["table"])
    sheet.put(_muted(_(
        "Reliability is how much of what a unit differs by is the unit and not chance, from 0 to 1; from 100 "
        "people and 0.70 on units are compared. A unit of 11 to 29 people stands with its number drawn to the "
        "mean of all, the more the less reliable it is; its range is that of a linear model, an approximation "
        "for shares near none or all."), after=12))


def _lay_groups(sheet: Sheet, cuts: Sequence[dict[str, Any]], says: Sequence[str]) -> None:
    """The groups, two cuts side by side: what each shows, a picture where there is something to compare, its table."""
    blocks = [_cut(one) for one in cuts]
    rows = list(zip(blocks[::2], blocks[1::2], strict=True))
    head = Stack([_head(_("Group by group")), Words(_joined(*says), after=0)])
    sheet.put(head, keep=max(block.height(COLUMN) for block in rows[0]))
    for one, other in rows:
        sheet.pair([one], [other])
    sheet.put(_muted(by_group.how_told(), after=12))


def _cut(one: dict[str, Any]) -> Stack:
    picture = [Picture(dict(one["picture"]["drawings"])["tight"], after=4)] if one["picture"] else []
    table = [Table(one["table"])] if one["is_told"] else []
    return Stack([Words(one["title"], "H3", 10, bold=True, after=2), Words(one["says"], after=3), *picture, *table])


def _found(picture: dict[str, Any]) -> Stack:
    """A picture under the sentence that says what it shows."""
    return Stack([Words(picture["title"], bold=True, size=10, after=4),
                  *(Picture(drawing) for _width, drawing in picture["drawings"])])


def _joined(*said: str) -> str:
    return " ".join(one for one in said if one)


def _lead(declared: Measure) -> Words:
    return Words(hat_word(declared.hat.value), size=10, bold=True, hat=_mark(declared), after=3)


def _mark(declared: Measure) -> str:
    """The hat whose mark stands before a measure; '' for what stands apart."""
    return "" if listed.stands_apart(declared) or declared.hat not in BESIDE.values() else declared.hat.value


def _lay_trend(sheet: Sheet, picture: dict[str, Any], flags: str) -> None:
    sheet.put(_head(_("How it moved")), keep=240)
    if flags:
        sheet.put(Words(flags, after=6))
    sheet.put(_found(picture))
    sheet.table(picture["table"])


def _lay_written(sheet: Sheet, listing: dict[str, list[dict[str, Any]]]) -> None:
    said = [*map(_mark_said, listing["marks"]), *map(_goal_said, listing["goals"])]
    if said:
        sheet.put(_head(_("What people wrote on this chart")), keep=30)
        *before, last = said
        sheet.put(*(Words(one, after=4) for one in before), Words(last, after=10))


def _mark_said(mark: dict[str, Any]) -> str:
    month = mark["month"][:1].upper() + mark["month"][1:]
    first = _("Another process since %(month)s.") % {"month": mark["month"]} if mark["begins"] else f"{month}."
    waits = _("The limits start anew with the first period that begins then.") if mark["waits"] else ""
    withdrawn = _("Withdrawn: %(who)s.") % {"who": mark["withdrawn"]} if "withdrawn" in mark else ""
    number = f"{mark['number']} ·" if mark["number"] else ""
    return " ".join(one for one in (number, first, mark["words"], f"({mark['by']})", waits, withdrawn) if one)


def _goal_said(goal: dict[str, Any]) -> str:
    said = (_("Goal from %(month)s on: %(goal)s.") if goal["goal"] else _("No goal from %(month)s on.")) % goal
    return f"{said} ({goal['by']})"


def _name(declared: Measure) -> str:
    return declared.name.read_in(wording.language())


def _place(numbers: Numbers, unit: str) -> str:
    place = overview.place(numbers.cube, unit)
    return place[:1].upper() + place[1:]
