"""twohats spc IN.csv OUT.csv: control charts of every series in a file, signal told from noise.

Exact, as a verb on a plain file is: small numbers are not hidden here.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from twohats.analysis.commands.cells import cell, moment_in, number_in
from twohats.analysis.commands.reading import Row, rows_of
from twohats.analysis.commands.writing import write_csv
from twohats.analysis.measures.charts.shewhart import Chart, Shewhart, ratios_chart, values_chart
from twohats.store.charts.parts import Moment, Rebase
from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import Direction, Variation, XmR, xmr
from twohats.words.problems import Problem

XMR = "xmr"
XMR_COLUMNS = (
    "f", "x", "y", "rebase_group", "rebase_reason", "rebase_author", "short_group_warning", "fix_y", "mean_col", "lpl",
    "upl", "lower_two_sigma", "upper_two_sigma", "outside_limits", "relative_to_mean", "close_to_limits",
    "special_cause_type", "special_cause_flag", "point_type", "target", "assurance_type", "colour", "words",
    "autocorrelation", "flags", "expected_false_flags", "expected_false_flags_at_autocorrelation",
)
SHEWHART_COLUMNS = (
    "f", "x", "y", "n", "rebase_group", "rebase_reason", "rebase_author", "cl", "lcl", "ucl", "sigma_signal", "n_obs",
    "n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min", "runs_signal",
)
SAID = 20
"""Series that are told one by one; all are in the file."""
NO_UNIT = "no facet"
"""The name of the one series of a file without units."""


@dataclass
class Series:
    """The lines of one unit, in order of time."""

    unit: str
    points: list[tuple[Moment, Row]] = field(default_factory=list)
    sorted: bool = True
    target: float | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, the columns by name, the chart, and what the chart is told."""
    parser.add_argument("values", type=Path, metavar="IN.csv")
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--chart", default=XMR, choices=[XMR, *map(str, Chart)],
                        help="xmr: single values, rules of the NHS; p, pp (Laney): shares; u: events per exposure; "
                             "g: cases between rare events; i: single values; run: around the median (default: xmr)")
    parser.add_argument("--date", default="date", metavar="COLUMN", help="when a point is (default: date)")
    parser.add_argument("--value", metavar="COLUMN", help="the value, of charts of values (default: value)")
    parser.add_argument("--numerator", metavar="COLUMN", help="events (with --denominator, instead of a value)")
    parser.add_argument("--denominator", metavar="COLUMN", help="people, or exposure")
    parser.add_argument("--unit", metavar="COLUMN", help="whose series it is (default: one series)")
    parser.add_argument("--direction", choices=[str(one) for one in Direction],
                        help="which way is better, of xmr (default: neutral)")
    parser.add_argument("--target", metavar="NUMBER or COLUMN", help="what is aimed at, of xmr")
    parser.add_argument("--rebase", action="append", default=[], metavar="DATE:REASON:AUTHOR",
                        help="draw the lines anew from here, of every unit; may be repeated")
    parser.add_argument("--fix-after", type=int, metavar="N", help="the lines rest on the first N points of each part")
    parser.add_argument("--no-screening", action="store_true",
                        help="keep outlying moving ranges in the limits of xmr, as the NHS spreadsheet does")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes one row per point; says what stands out and how much of it chance alone would show."""
    _check_options(args)
    rebases = [_rebase(told) for told in args.rebase]
    series = _series(args)
    _check_rebases(rebases, series, args.values)
    charts = [(one, _chart(one, rebases, args)) for one in series]
    columns = XMR_COLUMNS if args.chart == XMR else SHEWHART_COLUMNS
    rows = _xmr_rows if args.chart == XMR else _shewhart_rows
    written = write_csv(args.out, columns, (row for one, chart in charts for row in rows(one, chart, rebases)))
    report = {"chart": args.chart, "points": written, "file": str(args.out),
              "units": [_told(one, chart) for one, chart in charts]}
    if not args.json:
        _say(report)
    return report


def _check_options(args: argparse.Namespace) -> None:
    if args.chart != XMR:
        for option, given in (("--direction", args.direction), ("--target", args.target),
                              ("--no-screening", args.no_screening)):
            if given:
                raise Problem(f"{option} belongs to --chart {XMR}", "", f"Leave it out, or ask for --chart {XMR}.")
    ratio = args.numerator is not None or args.denominator is not None
    if args.value is not None and ratio:
        raise Problem("a value, and a numerator or denominator, are both named", "", "Name one of the two.")
    if args.chart != XMR and Chart(args.chart).of_ratios:
        if args.value is not None:
            raise Problem(f"a {args.chart} chart is of a numerator and a denominator", "",
                          "Name their columns with --numerator and --denominator.")
        ratio = True
    if ratio:
        args.numerator, args.denominator = args.numerator or "numerator", args.denominator or "denominator"
    else:
        args.value = args.value or "value"


def _rebase(told: str) -> Rebase:
    """DATE:REASON:AUTHOR; a reason may hold colons."""
    starts, _, rest = told.partition(":")
    reason, _, author = rest.rpartition(":")
    moment = moment_in(starts.strip())
    if moment is None:
        raise Problem(f"--rebase {told}: '{starts}' is no date", "",
                      "Write it as 2026-03-01:new booking desk:C. Ortiz")
    return Rebase(moment, reason.strip(), author.strip())


def _series(args: argparse.Namespace) -> list[Series]:
    """The series of the file by name, each in order of time; one kind of moment, each once."""
    by_column = args.target is not None and number_in(args.target) is None
    columns = [args.date, args.unit, args.value, args.numerator, args.denominator, args.target if by_column else None]
    found: dict[str, Series] = {}
    first: Moment | None = None
    for row in rows_of(args.values, list(dict.fromkeys(name for name in columns if name is not None))):
        moment = row.moment(args.date)
        first = moment if first is None else first
        if type(moment) is not type(first) or _zoned(moment) != _zoned(first):
            raise row.problem(f"{moment} is not of the kind of {first}", "Write all as days, or all as instants of the "
                              "same kind, or number all periods.")
        _check_counts(row, args)
        unit = row.name(args.unit) if args.unit else NO_UNIT
        one = found.setdefault(unit, Series(unit))
        target = (row.number(args.target) if by_column else number_in(args.target)) if args.target is not None else None
        if one.points and target != one.target:
            raise row.problem(f"{unit} has two targets", "A chart has one target: the same on all lines of a unit.")
        one.target = target
        one.points.append((moment, row))
    if not found:
        raise Problem("there is no line with values here", str(args.values), "Bring one line per point.")
    return [_in_order(found[unit]) for unit in sorted(found)]


def _zoned(moment: Moment) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None


def _check_counts(row: Row, args: argparse.Namespace) -> None:
    if args.value is not None:
        value = row.number(args.value)
        if args.chart == Chart.G and value is not None and value < 0:
            raise row.problem("fewer than no cases between two events", "Count the cases between events: 0 or more.")
        return
    events, exposure = row.number(args.numerator), row.number(args.denominator)
    if events is None or exposure is None:
        return
    if exposure < 0 or events < 0:
        raise row.problem("a count is negative", "Counts are 0 or more.")
    if exposure == 0 and events > 0:
        raise row.problem("there are events where the denominator is 0", "Correct the denominator.")
    if args.chart in (Chart.P, Chart.LANEY) and events > exposure:
        raise row.problem("the numerator is above the denominator", "A share is at most 1; for events per exposure "
                          "there is --chart u.")


def _in_order(one: Series) -> Series:
    """The same, sorted; says so where lines were not. Raises Problem where two lines are of the same moment."""
    ordered = sorted(one.points, key=lambda point: point[0])
    for (former, _), (later, row) in pairwise(ordered):
        if former == later:
            raise row.problem(f"there is a line for {later} already", "Leave one line for each date and unit; "
                              "if the file holds several units, name their column with --unit.")
    return Series(one.unit, ordered, ordered == one.points, one.target)


def _check_rebases(rebases: list[Rebase], series: list[Series], path: Path) -> None:
    earliest = min(each.points[0][0] for each in series)
    latest = max(each.points[-1][0] for each in series)
    for one in rebases:
        starts = _of_kind(earliest, one.starts)
        if type(starts) is not type(earliest):
            raise Problem(f"--rebase {one.starts} is not of the kind of {earliest}", str(path),
                          "Write it as the dates of the file are written.")
        if not earliest <= starts <= latest:
            raise Problem(f"--rebase {one.starts} lies outside the dates here, {earliest} to {latest}", str(path),
                          "Name a date between them.")


def _of_kind(example: Moment, moment: Moment) -> Any:
    """A day as the instant it begins, where the series is of instants."""
    if isinstance(example, datetime) and isinstance(moment, date) and not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=example.tzinfo)
    return moment


def _chart(one: Series, rebases: list[Rebase], args: argparse.Namespace) -> XmR | Shewhart:
    moments = [moment for moment, _ in one.points]
    own = [Rebase(_of_kind(moments[0], each.starts), each.reason, each.author) for each in rebases]
    events = _numbers(one, args.numerator or args.value)
    told: dict[str, Any] = {"rebases": own, "fix_after": args.fix_after}
    if args.chart != XMR and Chart(args.chart).of_ratios:
        return ratios_chart(Chart(args.chart), moments, events, _numbers(one, args.denominator), **told)
    if args.denominator is not None:
        events = [over / below if below else math.nan
                  for over, below in zip(events, _numbers(one, args.denominator), strict=True)]
    if args.chart != XMR:
        return values_chart(Chart(args.chart), moments, events, **told)
    return xmr(moments, events, direction=Direction(args.direction or "neutral"), target=one.target,
               screen=not args.no_screening, **told)


def _numbers(one: Series, column: str) -> list[float]:
    numbers = [row.number(column) for _, row in one.points]
    return [math.nan if number is None else number for number in numbers]


def _in_force(moment: Moment, first: Moment, rebases: list[Rebase]) -> tuple[str, str]:
    """Why and by whom the lines at this moment were drawn anew; empty before any rebase."""
    held = [one for one in rebases if first <= _of_kind(first, one.starts) <= moment]
    if not held:
        return "", ""
    latest = max(_of_kind(first, one.starts) for one in held)
    own = [one for one in held if _of_kind(first, one.starts) == latest]
    return "; ".join(one.reason for one in own), "; ".join(one.author for one in own)


def _xmr_rows(one: Series, chart: XmR, rebases: list[Rebase]) -> Iterator[list[Any]]:
    for place, moment in enumerate(chart.moments):
        reason, author = _in_force(moment, chart.moments[0], rebases)
        cause, variation = chart.causes[place], chart.variations[place]
        yield [cell(value) for value in (
            one.unit, moment, chart.values[place], chart.parts[place], reason, author, chart.short[place],
            chart.values[place] if chart.counted[place] else None, chart.mean[place], chart.lower[place],
            chart.upper[place], chart.lower_two_sigma[place], chart.upper_two_sigma[place],
            *((None, None, None) if math.isnan(chart.values[place]) else
              (chart.outside[place], chart.side[place], chart.close[place])),
            str(cause), cause is not Cause.COMMON, str(variation), chart.target, _name(chart.assurance),
            *((None, None) if math.isnan(chart.values[place]) else (variation.colour.en, cause.words.en)),
            chart.autocorrelation, chart.flags, chart.by_chance.points,
            chart.by_chance_remembering.points,
        )]


def _shewhart_rows(one: Series, chart: Shewhart, rebases: list[Rebase]) -> Iterator[list[Any]]:
    for place, moment in enumerate(chart.moments):
        reason, author = _in_force(moment, chart.moments[0], rebases)
        runs = chart.runs_at(place)
        yield [cell(value) for value in (
            one.unit, moment, chart.values[place], chart.denominators[place], chart.parts[place], reason, author,
            chart.centre[place], chart.lower[place], chart.upper[place], chart.beyond[place], runs.n_obs,
            runs.n_useful, runs.longest_run, runs.longest_run_max, runs.n_crossings, runs.n_crossings_min, runs.signal,
        )]


def _name(told: Any) -> str | None:
    return None if told is None else str(told)


def _told(one: Series, chart: XmR | Shewhart) -> dict[str, Any]:
    said = [] if one.sorted else ["Lines were not in order of time; they are now."]
    if isinstance(chart, Shewhart):
        return {
            "unit": one.unit, "points": len(chart.moments), "beyond_limits": int(chart.beyond.sum()),
            "runs_signal": any(runs.signal for runs in chart.runs), "warnings": said,
        }
    kinds = Counter(str(variation) for variation in chart.variations)
    return {
        "unit": one.unit, "points": len(chart.moments), "flags": chart.flags,
        "expected_false_flags": chart.by_chance.points, "share_of_stable_charts_with_a_flag": chart.by_chance.charts,
        "autocorrelation": chart.autocorrelation,
        "expected_false_flags_at_autocorrelation": chart.by_chance_remembering.points,
        "simulated_series": chart.by_chance.runs,
        **{str(variation): kinds[str(variation)] for variation in Variation if variation is not Variation.COMMON},
        "assurance": _name(chart.assurance), "warnings": [*said, *(warning.en for warning in chart.warnings)],
    }


def _sentence(unit: dict[str, Any]) -> str:
    if "flags" in unit:
        return (f"{unit['unit']}: {unit['flags']} points flagged; by chance {unit['expected_false_flags']:.1f}, with "
                f"this series' memory {unit['expected_false_flags_at_autocorrelation']:.1f}")
    runs = "a signal" if unit["runs_signal"] else "no signal"
    return f"{unit['unit']}: {unit['beyond_limits']} points beyond the limits; {runs} in the runs"


def _say(report: dict[str, Any]) -> None:
    units = report["units"]
    print(f"{report['points']} points of {len(units)} series, {report['chart']} charts")  # noqa: T201
    if report["chart"] == XMR:
        flagged = sum(1 for unit in units if unit["flags"])
        chance = sum(unit["share_of_stable_charts_with_a_flag"] for unit in units)
        print(f"  {flagged} charts show a special cause; {chance:.1f} would if nothing ever happened "  # noqa: T201
              f"({units[0]['simulated_series']} simulated series, independent points)")
    for unit in units[:SAID]:
        print(f"  {_sentence(unit)}")  # noqa: T201
    if len(units) > SAID:
        print(f"  and {len(units) - SAID} more series in the file")  # noqa: T201
    warned: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        for warning in unit["warnings"]:
            warned[warning].append(unit["unit"])
    for warning, whom in warned.items():
        print(f"  {', '.join(whom[:5])}{f' and {len(whom) - 5} more' if len(whom) > 5 else ''}: {warning}")  # noqa: T201
    print(f"Exact values, small numbers not hidden, written to {report['file']}")  # noqa: T201
