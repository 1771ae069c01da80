"""twohats funnel IN.csv OUT.csv: which units differ from the others by more than chance.

Exact, as a verb on a plain file is: small numbers are not hidden here.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from twohats.analysis.commands.cells import cell
from twohats.analysis.commands.reading import Row, rows_of
from twohats.analysis.commands.writing import write_csv
from twohats.store.charts.funnel import (
    Funnel,
    FunnelPlot,
    Limits,
    Place,
    drawn_limits,
    funnel_plot,
    group_of,
)
from twohats.words.problems import Problem

LIMITS = ("ll95", "ul95", "ll998", "ul998")
COLUMNS = (
    "group", "numerator", "denominator", "rr", "target", "target_transformed", "Y", "s", "Uzscore", "rk", "sp",
    "winsorised", "truncated", "Wuzscore", *(f"od{name}" for name in LIMITS), *LIMITS, "outside_95", "outside_998",
    "outside_od95", "outside_od998", "phi", "tau2", "limits_in_force", "outlier", "place", "words",
)
LINES = ("denominator", *(f"od{name}" for name in LIMITS), *LIMITS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, the columns by name, what is compared."""
    parser.add_argument("values", type=Path, metavar="IN.csv")
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--unit", default="unit", metavar="COLUMN", help="who is compared (default: unit)")
    parser.add_argument("--numerator", default="numerator", metavar="COLUMN", help="events, or observed")
    parser.add_argument("--denominator", default="denominator", metavar="COLUMN", help="people, or expected")
    parser.add_argument("--type", default=Funnel.SHARES, choices=[str(one) for one in Funnel],
                        help="pr: shares of people; sr-shmi, sr-cqc: observed / expected; rc: one count over another "
                             "(default: pr)")
    parser.add_argument("--no-overdispersion", action="store_true",
                        help="judge by chance within units alone (far too many then lie outside)")
    parser.add_argument("--lines", type=Path, metavar="LINES.csv", help="write the limits to draw to this file too")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes one row per unit; says how many lie outside, by which limits."""
    funnel = Funnel(args.type)
    columns = [args.unit, args.numerator, args.denominator]
    units, numerators, denominators, gaps = [], [], [], 0
    for row in rows_of(args.values, columns):
        unit, events, exposure = row.name(args.unit), row.number(args.numerator), row.number(args.denominator)
        if events is None or exposure is None:
            gaps += 1
            continue
        _check(row, events, exposure, funnel)
        units.append(unit)
        numerators.append(events)
        denominators.append(exposure)
    try:
        plot = funnel_plot(funnel, units, numerators, denominators, overdispersion=not args.no_overdispersion)
    except Problem as problem:
        raise Problem(problem.what, str(args.values), problem.try_this) from None
    write_csv(args.out, COLUMNS, _rows(plot))
    if args.lines is not None:
        write_csv(args.lines, LINES, _lines(plot))
    report = _report(plot, args, gaps)
    if not args.json:
        _say(report)
    return report


def _check(row: Row, events: float, exposure: float, funnel: Funnel) -> None:
    if events < 0 or exposure < 0:
        raise row.problem("a count is negative", "Counts are 0 or more.")
    if funnel is not Funnel.RATIOS and exposure == 0 and events > 0:
        raise row.problem("there are events where the denominator is 0", "Correct the denominator.")
    if funnel is Funnel.SHARES and events > exposure:
        raise row.problem("the numerator is above the denominator",
                          "A share is at most 1; for one count over another there is --type rc.")


def _rows(plot: FunnelPlot) -> Iterator[list[Any]]:
    shmi = plot.funnel is Funnel.SHMI
    groups = group_of(plot.rank)
    for place, unit in enumerate(plot.units):
        ratio = plot.ratios[place]
        trimmed = int(plot.trimmed[place])
        told = {
            "group": unit, "numerator": plot.numerators[place], "denominator": plot.denominators[place], "rr": ratio,
            "target": plot.target, "target_transformed": plot.target_transformed, "Y": plot.transformed[place],
            "s": plot.sigma[place], "Uzscore": plot.z[place], "rk": plot.rank[place] if shmi else None,
            "sp": groups[place] if shmi else None, "winsorised": None if shmi else trimmed,
            "truncated": trimmed if shmi else None, "Wuzscore": plot.z_trimmed[place], "phi": plot.phi,
            "tau2": plot.tau2, "limits_in_force": "od998" if plot.adjusted else "998",
            "outlier": plot.places[place] is not Place.INSIDE, "place": str(plot.places[place]),
            "words": plot.places[place].words.en,
        }
        for prefix, limits in (("", plot.limits), ("od", plot.overdispersed)):
            told |= {f"{prefix}{name}": line[place] for name, line in _named(limits).items()}
        for name in ("95", "998", "od95", "od998"):
            prefix, level = ("od", name[2:]) if name.startswith("od") else ("", name)
            told[f"outside_{name}"] = not told[f"{prefix}ll{level}"] <= ratio <= told[f"{prefix}ul{level}"]
        yield [cell(told[name]) for name in COLUMNS]


def _named(limits: Limits) -> dict[str, Any]:
    return dict(zip(LIMITS, (limits.lower_95, limits.upper_95, limits.lower_998, limits.upper_998), strict=True))


def _lines(plot: FunnelPlot) -> Iterator[list[Any]]:
    grid, plain, wider = drawn_limits(plot)
    for place, denominator in enumerate(grid):
        both = (*_named(wider).values(), *_named(plain).values())
        yield [cell(denominator), *(cell(line[place]) for line in both)]


def _report(plot: FunnelPlot, args: argparse.Namespace, gaps: int) -> dict[str, Any]:
    counts = Counter(str(place) for place in plot.places)
    return {
        "units": len(plot.units), "type": str(plot.funnel), "target": plot.target, "phi": plot.phi,
        "tau2": plot.tau2, "overdispersion": plot.adjusted,
        "units_behind_the_spread": int(np.isfinite(plot.z_trimmed).sum()), "above": counts["above"],
        "below": counts["below"], "lines_with_a_gap": gaps, "units_without_denominator": list(plot.left_out),
        "file": str(args.out),
    }


def _say(report: dict[str, Any]) -> None:
    by = "99.8 % limits with over-dispersion" if report["overdispersion"] else "99.8 % limits of chance alone"
    print(f"{report['units']} units, target {report['target']:.4g}; above: {report['above']}, below: "  # noqa: T201
          f"{report['below']}, by {by} (phi {report['phi']:.3g}, tau2 {report['tau2']:.3g})")
    if report["lines_with_a_gap"]:
        print(f"  {report['lines_with_a_gap']} lines lack a count and are left out")  # noqa: T201
    if report["units_without_denominator"]:
        print(f"  left out, with a denominator of 0: {', '.join(report['units_without_denominator'])}")  # noqa: T201
    print(f"Exact values, small numbers not hidden, written to {report['file']}")  # noqa: T201
