"""twohats build: makes a release of all that landed and publishes it."""

import argparse
import sys
import time
from typing import Any

from twohats.analysis.making import make_release
from twohats.store.home import home_from
from twohats.store.runners import runner_named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, on which engine, and whether everything is built anew."""
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
    parser.add_argument("--processes", type=at_least_one, default=2, help="processes of this machine (default 2)")
    parser.add_argument("--full", action="store_true", help="build everybody, not only those whose facts changed")
    parser.add_argument("--keep", type=at_least_one, default=3, help="how many releases are kept (default 3)")


def at_least_one(text: str) -> int:
    """A whole number from 1 on: the current release is always kept, and somebody must do the work."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not '{text}'")
    return int(text)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Builds; prints what was built and what the release holds."""
    started = time.monotonic()
    made = make_release(
        home_from(args.home),
        runner=runner_named(args.engine, args.processes),
        full=args.full,
        say=lambda text: print(text, file=sys.stderr, flush=True),  # noqa: T201
        keep_releases=args.keep,
    )
    manifest = made.manifest
    if not args.json:
        rows = manifest["rows"]
        print(  # noqa: T201
            f"Release {manifest['id']} is current ({made.way}, {time.monotonic() - started:.0f} s): "
            f"{rows['people']} people, {rows['visits']} visits, {rows['interactions']} interactions, "
            f"{rows['voices']} answers and comments; {manifest['quarantined']} of {manifest['lines_read']} lines "
            f"in quarantine; told up to {manifest['as_of']}."
        )
    return {"release": manifest["id"], "way": made.way, "rows": manifest["rows"], "as_of": manifest["as_of"],
            "quarantined": manifest["quarantined"], "lines_read": manifest["lines_read"],
            "orphaned_overrides": manifest["orphaned_overrides"]}
