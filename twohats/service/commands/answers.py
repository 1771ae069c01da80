"""twohats answers: what people answered to us, as the CSV files that intake reads."""

import argparse
import os
from pathlib import Path
from typing import Any

from twohats.service import starting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and the home."""
    parser.add_argument("out", type=Path, metavar="OUT_DIR", help="folder for surveys.csv and comments.csv")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes both files; says how many rows each holds and what to do next."""
    starting.begin(args.home.resolve())
    starting.bring_records_up_to_date()
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import answers_file

    done = answers_file.write(timezone.now(), args.out)
    print(f"Answers: {done['surveys']}. Comments: {done['comments']}. Next: "  # noqa: T201
          f"twohats intake {args.out} --home {args.home}, then twohats build")
    return done
