"""twohats demo: writes the demo hospital's source files and its truth."""

import argparse
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path

from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every field of the plan is an argument."""
    parser.add_argument("--out", required=True, type=Path, help="folder to write into")
    parser.add_argument("--workers", type=int, default=1, help="processes (the bytes stay the same)")
    for one in fields(Plan):
        flag, says = f"--{one.name.replace('_', '-')}", one.metadata["says"]
        if one.name == "as_of":
            parser.add_argument(flag, type=_day, default=None, help=f"{says}, YYYY-MM-DD (today when not given)")
        elif one.default is not MISSING:
            parser.add_argument(
                flag, type=type(one.default), default=one.default, help=f"{says} (default {one.default})"
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day such as 2026-11-20") from None


def run(args: argparse.Namespace) -> dict[str, object]:
    """Writes the files; prints where they are."""
    if args.workers < 1:
        raise Problem("there must be at least one worker", "demo", "Give --workers 1 or more.")
    given = {one.name: getattr(args, one.name) for one in fields(Plan)}
    # The only place where a clock is read: today, when no day is given.
    given["as_of"] = given["as_of"] or date.today()  # noqa: DTZ011 - the day where the command runs
    done = write_demo(Plan(**given), args.out, args.workers)
    if not args.json:
        print(f"Two Rivers Health, {done['people']} people, is written to {done['out']}.")  # noqa: T201
    return done
