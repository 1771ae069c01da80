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
from twohats.service.pages.measures import among, choosing, listed, marks, moved, periods, saying, units_shown
from twohats.service.pages.measures.answered_how import AnsweredHow, answered_how_of, line, score_of, with_care
from twohats.service.pages.measures.asked import CUTS, OTHERS, Heard, asked_of
from twohats.service.pages.measures.marks import Written, written_on
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.pages.measures.series import Series, chart_of, limits_at, lines_of, series_of, standing_out
from twohats.service.pages.measures.units import told_of
from twohats.service.pages.measures.writing import FORMS, may_be_written
from twohats.service.policy import Permission
from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import XmR
from twohats.store.disclosure import WHOLE
from twohats.words.hats import Hat
from twohats.words.measures import Measure, measure

OPINIONS = ("opinion_delivered", "opinion_answered", "opinion_stopped")


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


@needs(Permission.SEE_OVERVIEW)
def who_is_heard(request: HttpRequest) -> HttpResponse:
    """Who was asked for an opinion in a year and who answered, cut by cut; for readers of the whole organisation."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    numbers, scope = numbers_of(reader), scope_of(request.user, Permission.SEE_OVERVIEW)
    if not overview.is_seen(numbers.cube, scope, WHOLE):
        raise Http404
    asked = asked_of(reader)
    year = request.GET.get("year") or next(iter(asked.years), "")
    if asked.years and year not in asked.years:
        raise Http404
    query = urlencode({"unit": WHOLE, "period": year})
    return render(
        request,
        "measures/heard.html",
        {
            "years": [(one, periods.name(one, numbers.as_of), one == year) for one in asked.years],
            "year": periods.name(year, numbers.as_of) if year else "",
            "tables": [_heard_table(cut, asked.told(year, cut)) for cut in CUTS] if year else [],
            "measures": [
                saying.row(one, numbers.told(one.key, WHOLE, year)) for one in map(measure, OPINIONS)
            ] if year else [],
            "query": query,
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/?" + query),
                (_("Who is not heard"), None),
            ],
        },
    )


def _heard_table(cut: str, rows: list[Heard]) -> dict[str, Any]:
    """The rows of one cut, as a table."""
    heads = {"language": _("Language"), "age": _("Age"), "channel": _("Channel"), "sender": _("Sender")}
    captions = {"language": _("By language"), "age": _("By age"), "channel": _("By the way they were asked"),
                "sender": _("By who asked")}
    return {
        "caption": captions[cut],
        "columns": [
            {"name": heads[cut]},
            {"name": _("People reached"), "is_number": True},
            {"name": _("Answered"), "is_number": True},
            {"name": _("Range"), "is_number": True},
        ],
        "rows": [[{"text": _cut_value(cut, row.value)}, *_heard_cells(row)] for row in rows],
    }


def _cut_value(cut: str, value: str) -> str:
    if value in ("unknown", OTHERS):
        return _("not known") if value == "unknown" else _("all others, each under 100 people")
    if cut == "channel":
        return {"sms": _("text message"), "mail": _("letter"), "email": _("e-mail"), "phone": _("phone"),
                "portal": _("portal")}.get(value, value)
    return wording.language_name(value) if cut == "language" else value


def _heard_cells(row: Heard) -> list[dict[str, Any]]:
    people = ({"instead": _("fewer than 11 people")} if row.people is None
              else {"text": wording.whole(row.people), "is_number": True})
    if row.share is None or row.low is None or row.high is None:
        return [people, {"instead": _("not shown")}, {"instead": _("none")}]
    between = {"low": wording.percent(row.low, 1), "high": wording.percent(row.high, 1)}
    return [
        people,
        {"text": wording.percent(row.share, 1), "is_number": True},
        {"text": _("%(low)s to %(high)s") % between, "is_number": True},
    ]


@needs(Permission.SEE_OVERVIEW)
def among_hospitals(request: HttpRequest) -> HttpResponse:
    """Our hospitals among all those of the public HCAHPS file: the newest period of each that the reader may see."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    numbers, scope = numbers_of(reader), scope_of(request.user, Permission.SEE_OVERVIEW)
    places: dict[str, list[among.Place]] = {}
    for place in among.places_of(reader):
        if overview.is_seen(numbers.cube, scope, place.unit):
            places.setdefault(place.unit, []).append(place)
    return render(
        request,
        "measures/among.html",
        {
            "hospitals": [_hospital(numbers, unit, of_unit) for unit, of_unit in places.items()],
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/"),
                (_("Among other hospitals"), None),
            ],
        },
    )


def _hospital(numbers: Numbers, unit: str, places: list[among.Place]) -> dict[str, Any]:
    """One hospital of ours: its last period, as a picture with its table."""
    period = places[-1].period
    last = [place for place in places if place.period == period]
    upper = sum(place.percentile > 75 for place in last)
    lower = sum(place.percentile < 25 for place in last)
    title = _("Of %(n)s measures, %(upper)s are in the upper quarter of all hospitals and %(lower)s in the lower.") % {
        "n": len(last), "upper": upper, "lower": lower}
    said = svg.Said(title, _("A strip per measure, from 0 to 100. The numbers stand in the table."))
    own = among.names()
    heads = [{"name": name, "is_number": True} for name in (_("Ours"), _("Middle half"), _("Middle"), _("Place"))]
    return {
        "name": numbers.cube.units[unit].name,
        "about": _("%(period)s; %(completes)s completed surveys; %(hospitals)s hospitals.") % {
            "period": period, "completes": wording.whole(last[0].completes),
            "hospitals": wording.whole(max(place.hospitals for place in last))},
        "picture": {
            "id": f"among-{unit}",
            "title": title,
            "address": "",
            "drawings": [
                # Built by our own strokes, every text escaped there.
                (name, mark_safe(among.picture(f"among-{unit}-{name}", last, width, said)))  # noqa: S308
                for name, width in ACROSS
            ],
            "table": {
                "caption": _("Best answers of every hundred, and our place"),
                "columns": [{"name": _("Measure")}, *heads],
                "rows": [
                    [
                        {"text": own[place.measure]},
                        {"text": f"{place.value:.0f} %", "is_number": True},
                        {"text": _("%(low)s to %(high)s") % {
                            "low": f"{place.lower_quarter:.0f} %", "high": f"{place.upper_quarter:.0f} %"},
                         "is_number": True},
                        {"text": f"{place.middle:.0f} %", "is_number": True},
                        {"text": f"{place.percentile:.0f}", "is_number": True},
                    ]
                    for place in last
                ],
            },
        },
    }


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
