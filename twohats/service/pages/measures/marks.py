"""What people wrote on a measure's chart, numbered as the chart numbers it, and its goals."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import marks as actions
from twohats.service.pages import wording
from twohats.service.pages.charts.trend import Mark
from twohats.service.pages.measures import moved, periods
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.measures.series import Series
from twohats.service.records.marks import ChartNote, ChartRebase, Goal
from twohats.service.records.models import User
from twohats.store.charts.parts import Rebase
from twohats.words.measures import Measure, measure, measures


@dataclass(frozen=True)
class Written:
    """All that was written on one chart."""

    rebases: tuple[ChartRebase, ...]
    notes: tuple[ChartNote, ...]
    goals: tuple[Goal, ...]

    @property
    def in_force(self) -> list[ChartRebase | ChartNote]:
        """The rebases not withdrawn and the notes, in the order of months: the order of their numbers."""
        held = [one for one in self.rebases if one.withdrawn_at is None]
        return sorted([*held, *self.notes], key=lambda one: (one.month, isinstance(one, ChartNote), one.pk))

    def of_the_chart(self) -> list[Rebase]:
        """The rebases by which the limits start anew."""
        return [Rebase(periods.first_day(one.month), one.reason, name(one.by))
                for one in self.rebases if one.withdrawn_at is None]

    def drawn(self, series: Series) -> list[Mark]:
        """The numbered marks that lie within the periods that are told."""
        found = []
        for number, one in enumerate(self.in_force, 1):
            begins = isinstance(one, ChartRebase)
            place = series.place_from(one.month) if begins else series.place_of(one.month)
            if place is not None:
                found.append(Mark(number, place, begins))
        return found

    def goals_of(self, series: Series, as_of: date) -> list[float | None]:
        """The goal in force in each period: that of its last month, or of the release's where it is not over."""
        now = f"{as_of:%Y-%m}"
        return [actions.goal_in(self.goals, min(periods.last_month(period), now)) for period in series.periods]


def written_on(chart: actions.Chart) -> Written:
    """Three queries, however much was written."""
    return Written(tuple(actions.rebases_of(chart)), tuple(actions.notes_of(chart)), tuple(actions.goals_of(chart)))


def written_in(unit: str, keys: Iterable[str]) -> dict[str, Written]:
    """What is in force on every chart of a unit. Three queries, however many charts."""
    rebases, notes, goals = actions.rebases_in(unit), actions.notes_in(unit), actions.goals_in(unit)
    return {key: Written(tuple(rebases.get(key, ())), tuple(notes.get(key, ())), tuple(goals.get(key, ())))
            for key in keys}


def name(user: User) -> str:
    """Who wrote something."""
    return user.display_name or user.username


def rows(written: Written, declared: Measure, series: Series, unit: str, reader: User, *, may_mark: bool,
         may_remove: bool) -> dict[str, list[dict[str, Any]]]:
    """What the list under the chart shows, and what the reader may do with each line."""
    found = listing(written, declared, series, unit)
    for row, one in zip(found["marks"], written.in_force, strict=False):
        row["may_withdraw"] = may_mark and row["begins"]
        row["may_remove"] = not row["begins"] and (may_remove or (may_mark and one.by_id == reader.pk))
    return found


def listing(written: Written, declared: Measure, series: Series, unit: str) -> dict[str, list[dict[str, Any]]]:
    """What the list under the chart shows to whoever sees the chart: what is in force, then what was withdrawn."""
    zone = releases.clock_on_the_wall(unit)

    def by(user: User, at: datetime) -> str:
        return _("%(who)s, %(day)s") % {"who": name(user), "day": wording.plain_day(at.astimezone(zone))}

    in_force = [_row(number, one, series, by(one.by, one.made_at)) for number, one in enumerate(written.in_force, 1)]
    withdrawn = [_row(0, one, series, by(one.by, one.made_at))
                 | {"withdrawn": by(one.withdrawn_by, one.withdrawn_at), "waits": False}
                 for one in written.rebases if one.withdrawn_by is not None and one.withdrawn_at is not None]
    goals = [{"month": wording.month(one.month), "by": by(one.by, one.made_at),
              "goal": "" if one.value is None else moved.goal(declared, one.value)} for one in written.goals]
    return {"marks": [*in_force, *withdrawn], "goals": goals}


def _row(number: int, one: ChartRebase | ChartNote, series: Series, by: str) -> dict[str, Any]:
    begins = isinstance(one, ChartRebase)
    return {"number": number, "key": one.pk, "begins": begins, "month": wording.month(one.month),
            "words": words_of(one), "by": by,
            "waits": begins and series.place_from(one.month) is None}


def words_of(one: ChartRebase | ChartNote) -> str:
    """What somebody wrote: why it is another process, or a note."""
    return one.reason if isinstance(one, ChartRebase) else one.words


def goal_said(written: Written, declared: Measure, series: Series, as_of: date) -> dict[str, str]:
    """The goal in force, since when, and how it is kept; nothing where none is."""
    month = f"{as_of:%Y-%m}"
    value = actions.goal_in(written.goals, month)
    if value is None:
        return {}
    since = max(one.month for one in written.goals if one.month <= month)
    return {
        "is": _("The goal since %(month)s: %(goal)s.") % {
            "month": wording.month(since), "goal": moved.goal(declared, value)},
        "kept": moved.goal_kept(declared, series, written.goals_of(series, as_of)),
    }


def goals_set(unit: str, month: str) -> dict[str, str]:
    """The goals of a unit in a month, said, by measure."""
    held = actions.goals_at(unit, month)
    return {one.key: moved.goal(one, held[one.key]) for one in measures() if one.key in held}


def goals_listed(unit: str, as_of: date | None) -> list[dict[str, str]]:
    """Where a goal is set in a unit on the release's day: the measure, its address and the goal."""
    if as_of is None:
        return []
    language, query = wording.language(), urlencode({"unit": unit})
    return [{"name": measure(key).name.read_in(language), "goal": said,
             "address": reverse("measures:one", args=[key]) + "?" + query}
            for key, said in goals_set(unit, f"{as_of:%Y-%m}").items()]


def months_of(numbers: Numbers, series: Series, what: str) -> list[tuple[str, str]]:
    """The months that may be written at, the newest first: those of the chart and since; a goal's also ahead.

    The limits cannot start anew in the chart's first month: they start there anyway.
    """
    first, last = periods.first_day(series.periods[0]), numbers.as_of.date()
    if what == "goal":
        last = last.replace(year=last.year + 1, day=1)
    months: Iterable[str] = periods.months_from(first, last)
    return [(month, wording.month(month)) for month in months if what != "rebase" or month > f"{first:%Y-%m}"]
