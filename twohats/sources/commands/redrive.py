"""twohats redrive: tries quarantined lines again."""

import argparse
from typing import Any

from twohats.store.home import home_from
from twohats.words.problems import Problem

from ..redriving import redrive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which home."""
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Tries every line in quarantine once and prints what became of them."""
    home = home_from(args.home)
    if not home.path.is_dir():
        raise Problem(
            "there is no home here", str(home.path), "Name the one that holds the quarantined lines with --home."
        )
    report = redrive(home)
    if not args.json:
        kept = report["accepted"] + report["superseded"]
        print(  # noqa: T201
            f"{report['read']} quarantined lines tried: {kept} landed, {report['unchanged']} had arrived otherwise, "
            f"{report['quarantined']} stay in quarantine"
        )
    return report
