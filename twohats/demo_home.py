"""A home with the demo hospital in it, made as of today, so that a newcomer's first page is full."""

import argparse
import json
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from twohats.analysis.commands import build
from twohats.demo.commands import demo
from twohats.sources.commands import intake
from twohats.words.problems import Problem

SEED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the home lies and how many people the made-up hospital serves."""
    parser.add_argument("--home", type=Path, default=Path("home-demo"))
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="the hospital's today (default: today)")


def run(args: argparse.Namespace) -> dict[str, object]:
    """Makes the demo home unless one of that day and size stands there; never touches a home with real data."""
    as_of = args.as_of or datetime.now(UTC).date()
    marker = args.home / "demo-home.json"
    wanted = {"people": args.people, "as_of": as_of.isoformat(), "seed": SEED}
    if marker.exists() and json.loads(marker.read_text()) == wanted:
        return wanted
    if args.home.exists() and not marker.exists() and any(args.home.iterdir()):
        raise Problem("this folder holds something else than a demo home", str(args.home), "Name another --home.")
    sys.stderr.write(f"Making the demo hospital of {args.people} people, as of {as_of}.\n")
    shutil.rmtree(args.home, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="twohats-demo-") as folder:
        _verb(demo, ["--out", folder, "--people", str(args.people), "--seed", str(SEED), "--as-of", str(as_of)])
        _verb(intake, [folder, "--home", str(args.home)])
    _verb(build, ["--home", str(args.home)])
    marker.write_text(json.dumps(wanted))
    return wanted


def _verb(module: object, arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    module.add_arguments(parser)  # type: ignore[attr-defined]
    module.run(parser.parse_args(arguments))  # type: ignore[attr-defined]
