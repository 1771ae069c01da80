"""A measure group by group (language, age, who pays, where people live): what stands out, a picture, a table.

A fixed table of each release: the whole organisation in a year, whatever unit or period a reader looks at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.dots import Dot, dots
from twohats.service.pages.measures import periods, saying
from twohats.service.pages.measures.groups import CUTS, OTHERS, UNKNOWN, Group
from twohats.service.pages.measures.numbers import COMPARABLE, Numbers, Told
from twohats.store.disclosure import WHOLE
from twohats.words.areas import TOGETHER
from twohats.words.measures import Measure, MeasureKind
from twohats.words.payers import payers

WIDTHS = (("roomy", 480.0), ("tight", 288.0))


class Line(NamedTuple):
    """A group and what is told of it."""

    group: Group
    told: Told


@dataclass(frozen=True)
class Cut:
    """A measure by the groups of one cut."""

    declared: Measure
    year: str
    cut: str
    lines: tuple[Line, ...]

    @property
    def compared(self) -> list[Line]:
        """The groups that have a number, and people enough to compare it."""
        return [line for line in self.lines if line.told.value is not None and line.told.people >= COMPARABLE]

    @property
    def apart(self) -> tuple[Line, Line] | None:
        """The two groups whose ranges lie farthest apart; None where all ranges overlap."""
        if len(self.compared) < 2:
            return None
        below = min(self.compared, key=lambda line: _high(line.told))
        above = max(self.compared, key=lambda line: _low(line.told))
        return (below, above) if _high(below.told) < _low(above.told) else None


def cut_of(numbers: Numbers, declared: Measure, year: str, cut: str) -> Cut:
    """What is told of the groups of a cut in a year."""
    groups = numbers.told_groups(declared.key, year, cut)
    return Cut(declared, year, cut, tuple(
        Line(group, numbers.told(declared.key, WHOLE, year, group)) for group in groups))


def shown(numbers: Numbers, declared: Measure, year: str) -> list[dict[str, Any]]:
    """Every cut of a measure for its page; nothing where it is not told by groups."""
    found = [cut_of(numbers, declared, year, cut) for cut in CUTS]
    return [part(numbers, cut) for cut in found] if any(cut.lines for cut in found) else []


def part(numbers: Numbers, cut: Cut) -> dict[str, Any]:
    """One cut for a page: what it says, a picture where there is something to compare, and the table."""
    says = finding(cut)
    return {
        "cut": cut.cut,
        "title": by(cut.cut),
        "is_told": bool(cut.lines),
        "says": says,
        "picture": _picture(numbers, cut, says) if len(cut.compared) > 1 and _fits_from_zero(cut) else None,
        "table": _table(numbers, cut),
    }


def differ_in_more() -> str:
    """What no table by groups may be read as."""
    return _("Groups differ in more than one thing: what stands here goes together with the group, and is adjusted for "
             "nothing.")


def how_told() -> str:
    """Which groups are told by themselves, and as of when."""
    return _("Groups of fewer than 50 people, or of fewer than 11 on one side of a share, are told together with all "
             "others; ages are those of the release's day, who pays is as of the day it happened, and areas are the "
             "first three digits of ZIP codes.")


def by(cut: str) -> str:
    """The cut as a heading."""
    return {"language": _("By language"), "age": _("By age"), "payer": _("By who pays"),
            "area": _("By where people live")}[cut]


def head(cut: str) -> str:
    """The cut as the head of a column."""
    return {"language": _("Language"), "age": _("Age"), "payer": _("Who pays"), "area": _("Where they live")}[cut]


def group_name(group: Group) -> str:
    """A group in the reader's words."""
    if group.value in (OTHERS, UNKNOWN):
        return _("not known") if group.value == UNKNOWN else _("all others")
    if group.cut == "language":
        return wording.language_name(group.value)
    if group.cut == "payer":
        return next(one.name.read_in(wording.language()) for one in payers() if one.kind == group.value)
    if group.cut == "area":
        return _("areas of few people") if group.value == TOGETHER else _("ZIP code %(digits)s..") % {
            "digits": group.value}
    return group.value


def finding(cut: Cut) -> str:
    """What the groups show, in one sentence: whether chance may explain how they differ."""
    declared = cut.declared
    if len(cut.compared) < 2:
        return _("Fewer than two groups have a number and 30 people: there is nothing to compare.")
    if cut.apart is None:
        low, high = (ends(cut.compared, key=lambda line: line.told.value or 0.0) for ends in (min, max))
        if _number(declared, low) == _number(declared, high):
            return _("%(number)s in every group that can be compared.") % {"number": _number(declared, low)}
        return _("From %(low)s (%(one)s) to %(high)s (%(other)s); their ranges overlap, so chance may explain it.") % {
            "low": _number(declared, low), "one": group_name(low.group),
            "high": _number(declared, high), "other": group_name(high.group)}
    below, above = cut.apart
    return _("%(low)s for %(one)s, %(high)s for %(other)s: more apart than chance explains.") % {
        "low": _number(declared, below), "one": group_name(below.group),
        "high": _number(declared, above), "other": group_name(above.group)}


def _number(declared: Measure, line: Line) -> str:
    return f"{saying.number(declared, line.told.value or 0.0)} {saying.unit(declared)}".strip()


def _low(told: Told) -> float:
    return -math.inf if told.low is None else told.low


def _high(told: Told) -> float:
    return math.inf if told.high is None else told.high


def _fits_from_zero(cut: Cut) -> bool:
    """A picture from zero has no room for what lies below it."""
    return all(_low(line.told) >= 0 for line in cut.lines if line.told.value is not None)


def _picture(numbers: Numbers, cut: Cut, says: str) -> dict[str, Any]:
    declared = cut.declared
    drawn = [line for line in cut.lines if line.told.value is not None]
    most = _end([line.told for line in drawn])
    said = svg.Said(says, _("A mark for each group on a scale from zero, with the range that would hold it 95 times in "
                            "100. The numbers stand in the table."))
    rows = [Dot(f"{group_name(line.group)} ({_people(line.told)})", line.told.value or 0.0, max(_low(line.told), 0.0),
                min(_high(line.told), most), saying.number(declared, line.told.value or 0.0)) for line in drawn]
    zero = "0 %" if declared.kind is MeasureKind.SHARE else f"0 {saying.unit(declared)}".strip()
    key = f"{declared.key}-by-{cut.cut}"
    return {
        "id": key,
        "title": says,
        "address": "",
        # Built by our own strokes, every text escaped there.
        "drawings": [(name, mark_safe(dots(f"{key}-{name}", declared.hat.value, rows, most, width, said, zero)))  # noqa: S308
                     for name, width in WIDTHS],
        "table": _table(numbers, cut),
    }


def _end(told: Sequence[Told]) -> float:
    """Where the scale ends: at the highest end of a range that is known."""
    return max(max((one.value or 0.0) if one.high is None else one.high for one in told), 1e-9)


def _people(told: Told) -> str:
    return _("%(n)s people") % {"n": wording.whole(told.people)}


def _table(numbers: Numbers, cut: Cut) -> dict[str, Any]:
    declared = cut.declared
    return {
        "caption": _("%(measure)s, %(by)s, %(period)s") % {
            "measure": declared.name.read_in(wording.language()), "by": by(cut.cut).lower(),
            "period": periods.name(cut.year, numbers.as_of)},
        "key": f"{declared.key}/{cut.cut}",
        "short": declared.name.read_in(wording.language()),
        "columns": [{"name": head(cut.cut)}, *({"name": name, "is_number": True, "key": key} for key, name in (
            ("number", saying.head(declared)), ("range", _("Range")), ("people", saying.behind(declared))))],
        "rows": [[{"text": group_name(line.group), "key": line.group.value}, *saying.cells(declared, line.told)]
                 for line in cut.lines],
    }
