"""twohats experiment DATA.csv: what a change goes together with, by difference in differences, from a plain CSV file.

Exact, as a verb on a plain file is: small numbers are not hidden here.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from twohats.analysis.commands.periods import NEVER, Period, period_in, same_kind
from twohats.analysis.commands.plan import Plan, read_plan
from twohats.analysis.commands.reading import Row, rows_of
from twohats.analysis.findings.experiment import Answer, Told, Unit, answer_of
from twohats.words.problems import Problem

COLUMNS = ("unit", "period", "treated_from", "outcome", "n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and the plan that was written before."""
    parser.add_argument("data", type=Path, metavar="DATA.csv",
                        help="one line a unit and period: unit, period, treated_from (empty: never), outcome, n")
    parser.add_argument("--plan", type=Path, metavar="PLAN.json", help="the plan that draw-experiment wrote")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Tells the difference with its interval, what came before the start, and what it can and cannot say."""
    plan = read_plan(args.plan) if args.plan else None
    units, periods, off_plan = _units(args.data, plan)
    try:
        answer = answer_of(units)
    except Problem as problem:
        raise Problem(problem.what, str(args.data), problem.try_this) from problem
    report = _report(answer, units, periods, plan, off_plan)
    if not args.json:
        for line in report["says"]:
            print(line)  # noqa: T201
    return report


def _units(path: Path, plan: Plan | None) -> tuple[list[Unit], dict[int, str], list[str]]:
    """Units in the order met, the names of periods by their place in time, and who began otherwise than drawn."""
    lines = [(row, *_told(row)) for row in rows_of(path, list(COLUMNS))]
    if not lines:
        raise Problem("there is no line under the first", str(path), "It needs one line for each unit and period.")
    same_kind([(row, period) for row, period, *_ in lines] + [(row, start) for row, _, start, *_ in lines if start])
    drawn = plan.assigned if plan else {}
    kind = lines[0][1].kind
    if plan and any((start := plan.start_of(name)) and start.kind != kind for name in drawn):
        raise Problem(f"the periods here are {kind}s, those of the plan are not", str(path),
                      "Write the periods as the plan writes its starts.")
    found: dict[str, dict[str, Any]] = {}
    for row, period, start, outcome, n in lines:
        name = row.name("unit")
        unit = found.setdefault(name, {"start": start, "values": {}, "counts": {}})
        if unit["start"] != start:
            raise row.problem(f"'{name}' began at {_named(unit['start'])} on an earlier line and at {_named(start)} "
                              "here", "A unit begins once: write the same treated_from on all its lines.")
        if period.place in unit["values"]:
            raise row.problem(f"there is a line for '{name}' in {period.text} already",
                              "Leave one line for each unit and period.")
        if plan and name not in drawn:
            raise row.problem(f"'{name}' was not drawn", "The plan names every unit: correct the name, or leave the "
                              "line out.")
        if outcome is not None and n != 0:
            unit["values"][period.place], unit["counts"][period.place] = outcome, n
    if plan and (missing := sorted(set(drawn) - set(found))):
        raise Problem(f"'{missing[0]}' was drawn and has no line", str(path),
                      "Bring every unit that was drawn: leaving one out afterwards bends the answer.")
    names = {period.place: period.text for _, period, *_ in lines}
    ends = max(names)
    units, off_plan = [], []
    for name, unit in found.items():
        start = plan.start_of(name) if plan else unit["start"]
        if start != unit["start"]:
            off_plan.append(name)
        begins = None if start is None or start.place > ends else _in_file(start.place, names)
        units.append(Unit(name, begins, unit["values"], unit["counts"]))
    return units, names, off_plan


def _in_file(place: int, names: Iterable[int]) -> int:
    """The first period of the file that is treated."""
    return min(one for one in names if one >= place)


def _told(row: Row) -> tuple[Period, Period | None, float | None, float]:
    start = row.cells["treated_from"]
    n = row.number("n")
    if n is None or n < 0:
        raise row.problem(f"'{row.cells['n']}' in 'n' is no count",
                          "Say how many people or answers the outcome rests on.")
    return (period_in(row, "period"), None if start in ("", "NA", NEVER) else period_in(row, "treated_from"),
            row.number("outcome"), n)


def _named(start: Period | None) -> str:
    return start.text if start else NEVER


def _report(answer: Answer, units: list[Unit], periods: dict[int, str], plan: Plan | None,
            off_plan: list[str]) -> dict[str, Any]:
    report: dict[str, Any] = {
        "overall": _part(answer.overall), "units": answer.units, "began": answer.began, "others": answer.others,
        "people": sum(sum(unit.counts.values()) for unit in units), "periods": len(periods),
        "by_start": {periods[start]: _part(told) for start, told in answer.by_start.items()},
        "since_start": {str(later): _part(told) for later, told in answer.since_start.items()},
        "before": _part(answer.before) if answer.before else None, "left_out": list(answer.left_out),
        "cells_left_out": answer.cells_left_out, "drawn": plan is not None, "off_plan": off_plan,
    }
    if answer.means:
        report["means"] = dict(zip(("began_before", "began_after", "others_before", "others_after"), answer.means,
                                   strict=True))
    return report | {"says": list(_says(report, plan))}


def _part(told: Told) -> dict[str, Any]:
    one = told.estimate
    return {"estimate": one.estimate, "se": one.se, "lower": one.lower, "upper": one.upper, "p": one.p,
            "units_that_began": told.began, "cells": told.cells}


def _range(part: dict[str, Any]) -> str:
    return f"{part['estimate']:+.2f} ({part['lower']:+.2f} to {part['upper']:+.2f})"


def _says(report: dict[str, Any], plan: Plan | None) -> Iterable[str]:
    """The answer in sentences: the number first, what it rests on, what speaks against it, what it cannot say."""
    yield (f"Beginning goes together with {_range(report['overall'])} in the outcome (95 % interval), each unit "
           "weighing alike.")
    yield (f"It rests on {report['began']} units that began and {report['others']} that had not yet, "
           f"{report['periods']} periods, n = {report['people']:,.0f}.")
    if "means" in report:
        means = report["means"]
        yield (f"  began:  {means['began_before']:.2f} before, {means['began_after']:.2f} after\n"
               f"  others: {means['others_before']:.2f} before, {means['others_after']:.2f} after")
    else:
        yield "Each starting group against those not yet begun, and nobody else:"
        for start, part in report["by_start"].items():
            yield f"  from {start}: {_range(part)}, {part['units_that_began']} units"
    for later, part in report["since_start"].items():
        yield f"  {later} periods after the start: {_range(part)}, {part['units_that_began']} units"
    yield from _cautions(report)
    if plan:
        yield (f"Who begins when was drawn by chance (seed {plan.seed}, plan of {plan.made_on}): what the range leaves "
               "out is hard to put down to anything else, as long as the plan was kept.")
    else:
        yield ("Who begins when was not drawn by chance, as far as this file tells: the answer is consistent with an "
               "effect of the change, not proof of one.")


def _cautions(report: dict[str, Any]) -> Iterable[str]:
    before = report["before"]
    if before is None:
        yield "Before the start there is too little to see whether both sides moved alike: nothing speaks for it."
    elif before["lower"] > 0 or before["upper"] < 0:
        yield (f"Before the start the beginners already moved away from the others by {_range(before)} a period: the "
               "difference after it is not to be trusted.")
    else:
        yield (f"Before the start both sides moved alike as far as can be seen: {_range(before)} a period. That does "
               "not prove that they would have gone on so.")
    if report["left_out"]:
        yield f"Left out, without a period before or after their start: {len(report['left_out'])} units."
    if report["cells_left_out"]:
        yield (f"In {report['cells_left_out']} starting groups times periods everybody had begun: they say nothing.")
    if report["off_plan"]:
        yield (f"{len(report['off_plan'])} units began otherwise than drawn; they are told as drawn.")
