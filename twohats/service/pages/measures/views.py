"""Pages of measures: all of both hats for a unit and period; one with its definition, its months and its units."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions.marks import Chart
from twohats.service.doors import needs, scope_of
from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.svg import ACROSS
from twohats.service.pages.charts.trend import Shown, marked_picture
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import by_group, choosing, listed, marks, moved, periods, saying, units_shown
from twohats.service.pages.measures.answered_how import AnsweredHow, answered_how_of, line, score_of, with_care
from twohats.service.pages.measures.marks import Written, written_on
from twohats.service.pages.measures.numbers import OPINIONS, Numbers
from twohats.service.pages.measures.series import Series, chart_of, limits_at, lines_of, series_of, standing_out
from twohats.service.pages.measures.units import told_of
from twohats.service.pages.measures.writing import FORMS, may_be_written
from twohats.service.policy import Permission, Scope
from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import XmR
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.measures import Measure


@needs(Permission.SEE_OVERVIEW)
def all_measures(request: HttpRequest) -> HttpResponse:
    """Every measure of either hat, side by side, for the unit and period in the address."""
    chosen = choosing.chosen(request)
    if chosen is None:
        return redirect("first_steps:steps")
    numbers, scope, unit, period = chosen
    when = periods.name(period, numbers.as_of) if period else ""
    goals = marks.goals_set(unit, listed.month_of(numbers, period)) if period else {}
    how = answered_how_of(releases.current())
    rows = {one.key: row_of(numbers, how, one, unit, period) | {"goal": goals.get(one.key, "")}
            for one in listed.shown(numbers)}
    measured = _sides(rows, [one for one in listed.shown(numbers) if not one.survey])
    answered = [one for one in listed.shown(numbers) if one.survey and not listed.stands_apart(one)]
    query = urlencode({"unit": unit, "period": period})
    return render(
        request,
        "measures/all.html",
        {
            "place": overview.place(numbers.cube, unit),
            "period": when,
            "sides": measured,
            "answered": _sides(rows, answered) if answered else [],
            "with_care": with_care(how.mix(score, unit, period) for score in {score_of(one): None for one in answered}),
            "apart": [rows[one.key] for one in listed.shown(numbers) if listed.stands_apart(one)],
            "query": query,
            "sees_whole": overview.is_seen(numbers.cube, scope, WHOLE),
            "choices": choosing.choices(numbers, scope, unit, period),
            "is_empty": not period,
            "trail": [(_("Both experiences"), "/overview/?" + urlencode({"unit": unit})), (_("Measures"), None)],
        },
    )


def row_of(numbers: Numbers, how: AnsweredHow, declared: Measure, unit: str, period: str) -> dict[str, Any]:
    """A row of the list; a score of a survey that is told with how it was answered."""
    told = numbers.told(declared.key, unit, period)
    return saying.row(declared, told) | {"how": line(how, score_of(declared), unit, period) if told.people else ""}


def _sides(rows: dict[str, dict[str, Any]], declared: list[Measure]) -> list[tuple[Hat, list[dict[str, Any]]]]:
    return [(hat, [rows[one.key] for one in declared if one.hat is hat]) for hat in (Hat.PATIENT, Hat.CUSTOMER)]


@needs(Permission.SEE_OVERVIEW)
def one_measure(request: HttpRequest, key: str) -> HttpResponse:
    """One measure: its number, what it means, how it moved, and the units side by side."""
    declared = listed.declared_as(key)
    chosen = choosing.chosen(request)
    if chosen is None:
        return redirect("first_steps:steps")
    numbers, scope, unit, period = chosen
    if not period:
        raise Http404
    told, when = numbers.told(key, unit, period), periods.name(period, numbers.as_of)
    how = answered_how_of(releases.current())
    query = urlencode({"unit": unit, "period": period})
    series, written = series_of(numbers, declared, unit), written_on(Chart(key, unit))
    may_mark = overview.is_seen(numbers.cube, scope_of(request.user, Permission.MARK_MEASURES), unit)
    chart = chart_of(series, declared, written.of_the_chart()) if may_be_written(series, "rebase") else None
    return render(
        request,
        "measures/one.html",
        {
            "measure": row_of(numbers, how, declared, unit, period),
            "hat": declared.hat.value,
            "sentence": saying.sentence(declared, told, when),
            "place": overview.place(numbers.cube, unit),
            "period": when,
            "query": query,
            "key": key,
            "how_counted": saying.how_counted(declared),
            "goal": goal_said(numbers, declared, series, written, chart),
            "picture": trend(numbers, declared, series, written, chart) if chart else None,
            "flags": moved.flags(chart) if chart else "",
            "periods_with_care": with_care(
                how.mix(score_of(declared), unit, one) for one in series.periods),
            "written": marks.rows(
                written, declared, series, unit, request.user, may_mark=may_mark,
                may_remove=unit in scope_of(request.user, Permission.REMOVE_NOTES)),
            "may_write": [what for what in FORMS if may_mark and may_be_written(series, what)],
            "unit": unit,
            "groups": _groups(numbers, scope, declared, period),
            "beside": units_shown.beside(numbers, declared, unit, period),
            "units_with_care": units_with_care(numbers, how, declared, unit, period),
            "choices": choosing.choices(numbers, scope, unit, period),
            "trail": [
                (_("Both experiences"), "/overview/?" + urlencode({"unit": unit})),
                (_("Measures"), "/measures/?" + query),
                (declared.name.read_in(wording.language()), None),
            ],
        },
    )


def _groups(numbers: Numbers, scope: Scope, declared: Measure, period: str) -> dict[str, Any]:
    """The groups of people in the year of the period, for readers of the whole organisation."""
    year = period[:4]
    if not overview.is_seen(numbers.cube, scope, WHOLE):
        return {}
    return {"says": groups_say(numbers, year), "cuts": by_group.shown(numbers, declared, year),
            "how_told": by_group.how_told(), "query": urlencode({"year": year}),
            "are_told_elsewhere": declared.key in OPINIONS}


def groups_say(numbers: Numbers, year: str) -> list[str]:
    """What stands above the groups of a measure."""
    fixed = _("The whole organisation, %(year)s, whatever unit and period is chosen above.") % {
        "year": periods.name(year, numbers.as_of)}
    return [fixed, by_group.differ_in_more()]


def goal_said(numbers: Numbers, declared: Measure, series: Series, written: Written, chart: XmR | None) -> list[str]:
    """The goal in force in sentences: what it is, how it was kept, what the limits say of it."""
    said = marks.goal_said(written, declared, series, numbers.as_of.date())
    if not said:
        return []
    ahead = moved.goal_ahead(chart, written.goals_of(series, numbers.as_of.date())[-1]) if chart else ""
    return [one for one in (said["is"], said["kept"], ahead) if one]


def trend(numbers: Numbers, declared: Measure, series: Series, written: Written, chart: XmR,
          widths: Sequence[tuple[str, float]] = ACROSS) -> dict[str, Any]:
    """The measure over time: months where they are told, else quarters, with what people wrote on it."""
    title = moved.finding(chart)
    goals = written.goals_of(series, numbers.as_of.date())
    is_drawn = sum(value is not None for value in series.values) > 1
    shown = Shown(lines_of(chart, declared), frozenset(standing_out(chart)), written.drawn(series), goals, _("goal"))
    columns = [
        {"name": _("Period")},
        {"name": saying.head(declared), "is_number": True},
        {"name": _("Range"), "is_number": True},
        {"name": saying.behind(declared), "is_number": True},
        {"name": _("By chance alone"), "is_number": True},
        {"name": _("Stands out")},
    ]
    rows = [
        [{"text": periods.name(one, numbers.as_of)}, *saying.cells(declared, number), *_judged(declared, chart, place)]
        for place, (one, number) in enumerate(series.row)
    ]
    if any(goal is not None for goal in goals):
        columns.append({"name": _("Goal"), "is_number": True})
        for row, goal in zip(rows, goals, strict=True):
            row.append({"instead": _("none")} if goal is None else
                       {"text": saying.number(declared, goal), "is_number": True})
    return {
        "id": f"{declared.key}-trend",
        "title": title,
        "hat": declared.hat.value,
        "address": "",
        "drawings": [(name, _drawn(declared, series, title, width, shown)) for name, width in widths if is_drawn],
        "table": {
            "caption": _("%(measure)s, period by period") % {"measure": declared.name.read_in(wording.language())},
            "columns": columns,
            "rows": rows,
        },
    }


def _judged(declared: Measure, chart: XmR, place: int) -> list[dict[str, Any]]:
    """The limits of ordinary change in a period, and by which rule it stands out."""
    ends = limits_at(chart, declared, place)
    if ends is None:
        limits: dict[str, Any] = {"instead": _("too few periods")}
    else:
        low, high = (saying.number(declared, end) for end in ends)
        limits = {"is_number": True, "text": _("%(low)s to %(high)s") % {"low": low, "high": high}}
    cause = chart.causes[place]
    if cause is Cause.COMMON:
        return [limits, {"instead": _("no")}]
    return [limits, {"text": cause.words.read_in(wording.language())}]


def _drawn(declared: Measure, series: Series, title: str, width: float, shown: Shown) -> str:
    said = svg.Said(
        title,
        _(
            "A line with one point for each period, from zero. The shaded band is the range in which "
            "periods lie by chance alone; a bold edge marks a point that stands out. Numbers above the points "
            "are those of the list below; where the process is another one, the band begins anew. "
            "The numbers stand in the table."
        ),
    )
    drawn = marked_picture(
        f"{declared.key}-{int(width)}",
        declared.hat.value,
        [short(one) for one in series.periods],
        series.values,
        width,
        said,
        lambda value: saying.number(declared, value),
        shown,
    )
    return mark_safe(drawn)  # noqa: S308  built by our own strokes, every text escaped there


def short(period: str) -> str:
    """A period's name for a narrow place."""
    return wording.short_month(period) if periods.kind_of(period) == periods.MONTH else period


def units_with_care(numbers: Numbers, how: AnsweredHow, declared: Measure, unit: str, period: str) -> str:
    """That the units side by side were asked by different ways; '' where they were not."""
    below = units_shown.below(numbers, unit)
    return with_care(how.mix(score_of(declared), key, told_of(numbers, declared, below, period))
                     for key in below)
