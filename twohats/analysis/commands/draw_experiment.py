"""twohats draw-experiment UNITS.csv PLAN.json: who begins when, drawn by chance, and the plan before anybody begins."""

import argparse
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from twohats.analysis.commands.cells import number_in
from twohats.analysis.commands.periods import NEVER, Period, starts_told
from twohats.analysis.commands.plan import ASKED, digest_of
from twohats.analysis.commands.reading import Row, rows_of
from twohats.analysis.commands.writing import write_csv
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The units, the plan, and what is drawn how."""
    parser.add_argument("units", type=Path, metavar="UNITS.csv", help="one line a unit: unit, and what to balance by")
    parser.add_argument("plan", type=Path, metavar="PLAN.json", help="the plan; who begins when is written beside it "
                        "as CSV")
    parser.add_argument("--starts", required=True, metavar="2027-01,2027-04,never", help="when groups begin")
    parser.add_argument("--outcome", required=True, help="what will be compared, in words")
    parser.add_argument("--better", required=True, choices=("higher", "lower"), help="which way is better")
    parser.add_argument("--seed", type=int, required=True, help="any number: the same one draws the same again")
    parser.add_argument("--balance", metavar="COLUMN", help="units alike in this column are dealt to different starts")
    parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE",
                        help="day of the plan (default: today)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Draws, writes the plan once, and says how the groups came out."""
    starts = starts_told(args.starts)
    made_on = args.on or datetime.now().astimezone().date()
    _check(args.plan, starts, made_on)
    columns = ["unit", *([args.balance] if args.balance else [])]
    rows = list(rows_of(args.units, columns))
    units = _names(rows, args.units, len(starts))
    groups = drawn(_in_order(rows, args.balance), len(starts), args.seed)
    names = [start.text if start else NEVER for start in starts]
    assigned = {unit: names[groups[unit]] for unit in units}
    told: dict[str, Any] = {
        "outcome": args.outcome, "better": args.better, "asked": ASKED, "starts": names, "seed": args.seed,
        "balanced_by": args.balance, "made_on": made_on.isoformat(), "assigned": assigned}
    told["digest"] = digest_of(told)
    beside = args.plan.with_suffix(".csv")
    write_csv(beside, ("unit", "treated_from"), assigned.items())
    args.plan.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    counts = {name: sum(start == name for start in assigned.values()) for name in names}
    balance = _balance(rows, args.balance, assigned, names) if args.balance else {}
    if not args.json:
        print(f"{len(units)} units drawn (seed {args.seed}), plan of {made_on}: {args.plan}; who begins when: "  # noqa: T201
              f"{beside}. Keep both where nobody changes them.")
        for name in names:
            mean = f", mean of {args.balance} {balance[name]:.2f}" if balance.get(name) is not None else ""
            print(f"  {name}: {counts[name]} units{mean}")  # noqa: T201
    return {"plan": str(args.plan), "file": str(beside), "groups": counts, "balance": balance, "digest": told["digest"]}


def drawn(units: list[str], groups: int, seed: int) -> dict[str, int]:
    """Each unit's group. Neighbours in the list are dealt to different groups, whose sizes differ by one at most."""
    dice = np.random.default_rng(seed)
    found: dict[str, int] = {}
    for at in range(0, len(units), groups):
        block = units[at:at + groups]
        found |= dict(zip(block, dice.permutation(groups)[:len(block)].tolist(), strict=True))
    return found


def _check(plan: Path, starts: list[Period | None], made_on: date) -> None:
    if plan.suffix != ".json":
        raise Problem("the plan is written as JSON", str(plan), "Name it such as plan.json")
    if plan.exists() or plan.with_suffix(".csv").exists():
        raise Problem("a plan is there already", str(plan),
                      "Drawing again until one likes the groups is no drawing: keep it, or name another file.")
    first = min(start for start in starts if start)
    day = first.first_day
    if day is not None and day <= made_on:
        raise Problem(f"the first start, {first.text}, is not after the day of the plan, {made_on}", "",
                      "A plan is written before anybody begins: name later starts.")


def _names(rows: list[Row], path: Path, groups: int) -> list[str]:
    names: list[str] = []
    for row in rows:
        name = row.name("unit")
        if name in names:
            raise row.problem(f"'{name}' is named twice", "Leave one line for each unit.")
        names.append(name)
    if len(names) < 3 * groups:
        raise Problem(f"{len(names)} units are too few for {groups} groups", str(path),
                      f"Bring {3 * groups} or more: with fewer than 3 a group no interval can be told.")
    return names


def _in_order(rows: list[Row], balance: str | None) -> list[str]:
    """Units with those alike beside each other: numbers by size, words by their letters."""
    if balance is None:
        return [row.cells["unit"] for row in rows]
    numbers = [number_in(row.name(balance)) for row in rows]
    keyed = [(number if None not in numbers else row.cells[balance], row.cells["unit"])
             for row, number in zip(rows, numbers, strict=True)]
    return [unit for _, unit in sorted(keyed)]  # type: ignore[type-var]


def _balance(rows: list[Row], column: str, assigned: dict[str, str], names: list[str]) -> dict[str, float | None]:
    numbers = {row.cells["unit"]: number_in(row.cells[column]) for row in rows}
    if any(number is None for number in numbers.values()):
        return {}
    return {name: float(np.mean([number for unit, number in numbers.items() if assigned[unit] == name]))
            for name in names}
