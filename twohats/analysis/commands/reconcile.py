"""twohats reconcile VENDOR.csv --period 2026-Q2: a vendor's survey figures beside ours, line by line, with reasons.

Exact, as a verb on a plain file is: small numbers are not hidden here.
"""

import argparse
import csv
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twohats.analysis.commands.reading import Row, rows_of
from twohats.analysis.commands.writing import write_csv
from twohats.analysis.measures.cahps.reconciling import (
    Answer,
    Answers,
    Compared,
    Day,
    Period,
    Theirs,
    best_answer,
    compared,
    usual,
)
from twohats.store.home import home_from
from twohats.store.inert import harmless
from twohats.store.reading import Reader, published
from twohats.words.instruments import Instrument, instruments
from twohats.words.problems import Problem

NAMES = ("unit", "measure", "item", "n", "top_box", "mode")
COLUMNS = ("unit", "measure", "mode", "ours", "theirs", "difference", "n_ours", "n_theirs", "reason", "why")
_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")
_SAID = """
    SELECT voices.voice, voices.person, voices.visit, voices.unit, voices.said_at, voices.item, voices.value,
        lower(coalesce(voices.mode, '')) AS mode, voices.respondent, visits.ended_at
    FROM voices LEFT JOIN visits ON visits.visit = voices.visit
    WHERE voices.kind = 'answer' AND voices.survey = ?
"""


@dataclass(frozen=True)
class Tree:
    """Our units: those above each, their clocks, and what each may be called."""

    above: Mapping[str, tuple[str, ...]]
    zones: Mapping[str, ZoneInfo]
    called: Mapping[str, tuple[str, ...]]
    """Unit ids by id and by name, in small letters."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, the period, how it is counted, and how the file calls its columns."""
    parser.add_argument("vendor", type=Path, metavar="VENDOR.csv",
                        help="columns unit, measure or item, n, top_box (percent), and mode where it is told")
    parser.add_argument("--period", required=True, help="the file's period: 2026-Q2, 2026-05 or 2026")
    parser.add_argument("--survey", default="HCAHPS", choices=sorted({one.survey for one in instruments()}),
                        help="(default: HCAHPS)")
    parser.add_argument("--by", default=Day.DISCHARGE, choices=[str(day) for day in Day],
                        help="the day by which an answer belongs to a period (default: discharge, as HCAHPS counts)")
    parser.add_argument("--fractions", action="store_true", help="top_box is written 0.82, not 82")
    parser.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS",
                        help="what the file calls a column of ours")
    parser.add_argument("--out", type=Path, metavar="OUT.csv", help="write the comparison to this file too")
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Compares every line of the file; exit code 0 whether they agree or not, 2 where a line cannot be read."""
    period, day = _period(args.period), Day(args.by)
    reader = published(home_from(args.home))
    declared = _declared(args.survey, period.last)
    tree = _tree(reader)
    lines = list(_theirs(args, tree, declared))
    answers, left_out = _answers(reader, args.survey, tree, day)
    found = [compared(answers, theirs, _items(declared, theirs.measure), period) for theirs in lines]
    rows = [_row(one) for one in found] + list(_unmentioned(answers, lines, declared, period))
    if args.out is not None:
        write_csv(args.out, COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in rows))
    differing = Counter(row["reason"] for row in rows if row["reason"])
    report = {
        "release": reader.id, "survey": args.survey, "instrument": declared.key, "period": period.name, "by": str(day),
        "lines": len(lines), "agree": sum(not one.reason for one in found),
        "differ": dict(sorted(differing.items())), "answers_left_out": dict(sorted(left_out.items())), "rows": rows,
    }
    if not args.json:
        _say(report)
    return report


def _period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if not found or not 1900 <= int(found[1]) <= 2100:
        raise Problem(f"'{text}' is no period", "--period", "Write a quarter as 2026-Q2, a month 2026-05, a year 2026.")
    year = int(found[1])
    first, last = (int(found[2]) * 3 - 2, int(found[2]) * 3) if found[2] else (
        (int(found[3]), int(found[3])) if found[3] else (1, 12))
    return Period(text, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _declared(survey: str, day: date) -> Instrument:
    for one in instruments():
        if one.survey == survey and one.in_use_on(day):
            return one
    raise Problem(f"no version of {survey} was in use on {day}", "--period", "Choose another period or survey.")


def _tree(reader: Reader) -> Tree:
    rows = reader.rows("SELECT unit, name, parent, merged_into, time_zone FROM units ORDER BY unit")
    up = {row["unit"]: row["merged_into"] or row["parent"] for row in rows}
    called: dict[str, tuple[str, ...]] = {}
    for row in rows:
        for name in {row["unit"].lower(), (row["name"] or row["unit"]).lower()}:
            called[name] = (*called.get(name, ()), row["unit"])
    # An id is exact: a name that another unit bears does not make it unclear.
    called |= {row["unit"].lower(): (row["unit"],) for row in rows}
    return Tree({unit: _path(unit, up) for unit in up}, {row["unit"]: _zone(row["time_zone"]) for row in rows}, called)


def _path(unit: str, up: Mapping[str, str | None]) -> tuple[str, ...]:
    path: list[str] = []
    at: str | None = unit
    while at in up and at not in path:
        path.append(at)
        at = up[at]
    return tuple(path)


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _theirs(args: argparse.Namespace, tree: Tree, declared: Instrument) -> Iterator[Theirs]:
    """Every line of the file, checked; a Problem names the line and the column."""
    columns = _columns(args)
    rows = list(rows_of(args.vendor, list(columns.values())))
    names = {name.lower(): key for key in _known(declared) for name in _known(declared)[key]}
    seen: dict[tuple[str, str, str], int] = {}
    tops = [row.cells[columns["top_box"]] for row in rows]
    if not args.fractions and any(_positive(text) for text in tops) and all(_at_most_one(text) for text in tops):
        raise Problem("every top_box is at most 1: these look like fractions", str(args.vendor),
                      "Add --fractions, or write percent.")
    for row in rows:
        theirs = _line(row, columns, tree, names, 100 if args.fractions else 1)
        key = (theirs.unit, theirs.measure, theirs.mode)
        if key in seen:
            raise row.problem(f"this unit and measure stand in line {seen[key]} too", "Leave one of the two.")
        seen[key] = row.line
        yield theirs
    if not rows:
        raise Problem("there is no line to compare", str(args.vendor), "A file needs a heading and lines below it.")


def _positive(text: str) -> bool:
    return text.strip("0. ") != ""


def _at_most_one(text: str) -> bool:
    try:
        return float(text) <= 1
    except ValueError:
        return True


def _columns(args: argparse.Namespace) -> dict[str, str]:
    """Their name of each column that the file has: by --map, else as we call it."""
    said: dict[str, str] = {}
    for pair in args.map:
        their, _, our = pair.rpartition("=")
        if not their or our not in NAMES:
            raise Problem(f"'{pair}' names no column of ours", "--map",
                          f"Write --map 'Their Name=our_name'; ours are {', '.join(NAMES)}.")
        said[our] = their
    try:
        with args.vendor.open(newline="", encoding="utf-8-sig") as file:
            heading = [name.strip() for name in next(csv.reader(file), [])]
    except (OSError, UnicodeDecodeError, csv.Error):
        heading = []  # rows_of says what is wrong
    found = {our: said.get(our, our) for our in NAMES if our in said or our in heading}
    needed = ("unit", "n", "top_box", "item" if "item" in found else "measure")
    return {our: our for our in needed} | found


def _known(declared: Instrument) -> dict[str, tuple[str, ...]]:
    """What each measure and item may be called: its key, and the name in both languages."""
    known: dict[str, tuple[str, ...]] = {item: (item, f"H_{item}") for item in declared.scales}
    for composite in declared.composites:
        known[composite.key] = (composite.key, composite.name.en, composite.name.es)
    return known


def _items(declared: Instrument, measure: str) -> tuple[str, ...]:
    return next((one.items for one in declared.composites if one.key == measure), (measure,))


def _line(row: Row, columns: Mapping[str, str], tree: Tree, names: Mapping[str, str], times: int) -> Theirs:
    told = row.name(columns["unit"])
    units = tree.called.get(told.lower(), ())
    if len(units) != 1:
        what = f"there is no unit '{told}' in this release" if not units else (
            f"'{told}' is the name of {len(units)} units")
        raise row.problem(what, f"Write the unit's id{': one of ' + ', '.join(units) if units else ''}.")
    asked = next((row.cells[columns[name]] for name in ("item", "measure")
                  if name in columns and row.cells[columns[name]]), "")
    if asked.lower() not in names:
        raise row.problem(f"'{asked}' is no measure or item of this survey",
                          f"Known: {', '.join(dict.fromkeys(names.values()))}.")
    n, top = row.number(columns["n"]), row.number(columns["top_box"])
    if n is None or n < 0 or n != int(n):
        raise row.problem(f"'{columns['n']}' is no count", "Write how many people answered.")
    most = 100 / times
    if top is None or not 0 <= top <= most:
        raise row.problem(f"'{columns['top_box']}' does not lie between 0 and {most:g}",
                          "Write the share of best answers; --fractions says that 0.82 means 82 percent.")
    mode = row.cells[columns["mode"]].lower() if "mode" in columns else ""
    return Theirs(units[0], names[asked.lower()], int(n), top * times,
                  _rounding(row.cells[columns["top_box"]]) * times, mode)


def _rounding(text: str) -> float:
    """Half of the last digit that was written."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2]) if "e" not in text.lower() else 0.0


def _answers(reader: Reader, survey: str, tree: Tree, day: Day) -> tuple[Answers, Counter[str]]:
    """The answers of a survey in the release, and why some are left out."""
    answers, left_out = Answers(day), Counter[str]()
    for row in reader.stream(_SAID, [survey]):
        answered = _day(row["said_at"], tree.zones.get(row["unit"]))
        declared = next((one for one in instruments() if one.survey == survey
                         and (answered is None or one.in_use_on(answered)) and row["item"] in one.scales), None)
        if declared is None:
            left_out["item not in the instrument of its day"] += 1
            continue
        best = best_answer(row["value"] or "", declared.scales[row["item"]])
        days = {Day.ANSWER: answered, Day.DISCHARGE: _day(row["ended_at"], tree.zones.get(row["unit"]))}
        if best is None:
            left_out["no answer on the item's scale"] += 1
        elif row["unit"] not in tree.above:
            left_out["no unit known"] += 1
        else:
            if days[day] is None:  # in no period by this day; by the other it may be
                left_out[f"no day of {day} known"] += 1
            who = row["respondent"] if row["respondent"] in ("proxy", "family") else "self"
            # A release knows no forms: what one person said at one moment of one visit is one.
            form = (row["person"] or row["voice"], row["visit"], row["said_at"])
            answers.add(tree.above[row["unit"]], row["item"], Answer(form, best, row["mode"], who, days))
    return answers, left_out


def _day(micros: int | None, zone: ZoneInfo | None) -> date | None:
    if micros is None:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).astimezone(zone or UTC).date()


def _unmentioned(
    answers: Answers, lines: list[Theirs], declared: Instrument, period: Period
) -> Iterator[dict[str, Any]]:
    """Official measures that we hold answers of and they do not tell, for the units of their file."""
    told = {(one.unit, one.measure) for one in lines}
    counts = usual(answers.day, period)
    for unit in dict.fromkeys(one.unit for one in lines):
        for composite in declared.composites:
            if any((unit, name) in told for name in (composite.key, *composite.items)):
                continue
            ours = answers.figure(unit, composite.items, counts)
            if ours.n:
                yield {"unit": unit, "measure": composite.key, "mode": "", "ours": ours.top_box, "theirs": None,
                       "difference": None, "n_ours": ours.n, "n_theirs": None, "reason": "none_with_them",
                       "why": "Their file does not tell of it."}


def _row(one: Compared) -> dict[str, Any]:
    return {"unit": one.theirs.unit, "measure": one.theirs.measure, "mode": one.theirs.mode, "ours": one.ours.top_box,
            "theirs": one.theirs.top_box, "difference": one.difference, "n_ours": one.ours.n,
            "n_theirs": one.theirs.n, "reason": one.reason, "why": one.why}


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.6g}"
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def _say(report: Mapping[str, Any]) -> None:
    """A table of every line, then how many agree."""
    heads = ("unit", "measure", "mode", "ours", "theirs", "difference", "n ours", "n theirs", "reason")
    table = [heads, *((row["unit"], row["measure"], row["mode"], *(_short(row[name]) for name in (
        "ours", "theirs", "difference", "n_ours", "n_theirs")), row["why"] or "the same") for row in report["rows"])]
    widths = [max(len(row[at]) for row in table) for at in range(len(heads) - 1)]
    for row in table:
        print("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]).rstrip())  # noqa: T201
    print(f"{report['agree']} of {report['lines']} lines agree with release {report['release']} "  # noqa: T201
          f"({report['survey']}, {report['period']} by day of {report['by']}; best answers in percent, not adjusted)")
    for why, count in report["answers_left_out"].items():
        print(f"  {count} answers of ours left out: {why}")  # noqa: T201


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)
