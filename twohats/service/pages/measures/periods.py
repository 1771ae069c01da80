"""Months, quarters and years: which are over, which are told of which unit, and their names."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.store.disclosure import WHOLE
from twohats.words.measures import Measure

SITE = "site"
MONTH, QUARTER, YEAR = "month", "quarter", "year"
TOLD = {WHOLE: (MONTH, QUARTER, YEAR), "system": (MONTH, QUARTER, YEAR), SITE: (QUARTER, YEAR)}
"""Kinds of periods told of a unit of that kind; of a department or a unit its years alone: shorter ones would be
hidden more often than told. Fixed once for all releases, whatever a reader asks."""
ASKED = {WHOLE: (MONTH, QUARTER, YEAR), "system": (QUARTER, YEAR)}
"""The same for what people answered: few answer, so months are told of the whole alone, and a site by its years."""
DEPARTMENT = "department"
LARGE = {"system": (WHOLE, "system"), SITE: (WHOLE, "system", SITE),
         DEPARTMENT: (WHOLE, "system", SITE, DEPARTMENT)}
"""Kinds of units of which a measure is told whose smallest kind it is."""
OTHERS = (YEAR,)


def kind_of(period: str) -> str:
    """What kind of period YYYY-MM, YYYY-Qn or YYYY is."""
    return YEAR if len(period) == 4 else QUARTER if "Q" in period else MONTH


def told_of(unit_kind: str | None, declared: Measure | None = None) -> tuple[str, ...]:
    """The kinds of periods told of a unit of that kind: of a measure, or of any."""
    if declared and unit_kind not in LARGE.get(declared.smallest, (unit_kind,)):
        return ()
    return asked_told_of(unit_kind) if declared and declared.survey else TOLD.get(unit_kind or "", OTHERS)


def asked_told_of(unit_kind: str | None) -> tuple[str, ...]:
    """The kinds of periods in which what people answered is told of a unit of that kind."""
    return ASKED.get(unit_kind or "", OTHERS)


def composites_told_of(unit_kind: str | None) -> tuple[str, ...]:
    """The same for official composites: of a department at the smallest, by quarters and years."""
    kinds = asked_told_of(unit_kind) if unit_kind in LARGE[DEPARTMENT] else ()
    return tuple(kind for kind in kinds if kind != MONTH)


def is_told(unit_kind: str | None, period: str, declared: Measure | None = None) -> bool:
    """Whether such a period is told of a unit of that kind."""
    return kind_of(period) in told_of(unit_kind, declared)


def first_day(period: str) -> date:
    """The first day of the period."""
    kind = kind_of(period)
    month = 1 if kind == YEAR else 3 * int(period[6]) - 2 if kind == QUARTER else int(period[5:])
    return date(int(period[:4]), month, 1)


def months_from(first: date, last: date) -> list[str]:
    """Every month from that of one day to that of another, the newest first."""
    begin, end = 12 * first.year + first.month - 1, 12 * last.year + last.month - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(end, begin - 1, -1)]


def after(period: str) -> date:
    """The first day after the period."""
    year = int(period[:4])
    kind = kind_of(period)
    months = 12 if kind == YEAR else 3 * int(period[6]) if kind == QUARTER else int(period[5:])
    return date(year + months // 12, months % 12 + 1, 1)


def last_month(period: str) -> str:
    """The last month of the period."""
    last = after(period) - timedelta(days=1)
    return f"{last:%Y-%m}"


def is_over(period: str, as_of: datetime, follow_up_days: int = 0) -> bool:
    """Whether the period had ended that long before the release's day."""
    ended = datetime.combine(after(period), datetime.min.time(), UTC)
    return ended + timedelta(days=follow_up_days) <= as_of


def inside(period: str, periods: set[str]) -> list[str]:
    """The next shorter periods that make it up, among those given: quarters of a year, months of a quarter."""
    kind = kind_of(period)
    if kind == YEAR:
        parts = [f"{period}-Q{number}" for number in range(1, 5)]
    elif kind == QUARTER:
        last = 3 * int(period[6])
        parts = [f"{period[:4]}-{number:02}" for number in range(last - 2, last + 1)]
    else:
        parts = []
    return [part for part in parts if part in periods]


def in_order(periods: set[str], kind: str) -> list[str]:
    """Those of that kind, the oldest first."""
    return sorted(period for period in periods if kind_of(period) == kind)


def name(period: str, as_of: datetime) -> str:
    """October 2026; July to September 2026; 2026, or 2026 so far."""
    kind = kind_of(period)
    if kind == MONTH:
        return wording.month(period)
    if kind == QUARTER:
        months = list(_months(period))
        return _("%(first)s to %(last)s") % {"first": wording.month(months[0]), "last": wording.month(months[-1])}
    return period if is_over(period, as_of) else _("%(year)s so far") % {"year": period}


def _months(quarter: str) -> Iterator[str]:
    last = 3 * int(quarter[6])
    for number in range(last - 2, last + 1):
        yield f"{quarter[:4]}-{number:02}"
