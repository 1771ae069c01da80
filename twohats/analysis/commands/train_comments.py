"""twohats train-comments: trains the model of comments, from the read segments, the written ones and corrections."""

import argparse
import sys
from pathlib import Path
from typing import Any

from twohats.analysis.voices.reading import shipped_folder
from twohats.analysis.voices.training import WRITTEN, train
from twohats.analysis.voices.urgent_training import train_urgent
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """From what, and where to."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folder that holds nhs_comments/ and written_comments/"
    )
    parser.add_argument("--corrections", type=Path, metavar="FILE.ndjson", help="what reviewers corrected, one a line")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write the model (default: the package's own)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Trains for some minutes and writes the model; the same input gives the same bytes."""
    for folder in ("nhs_comments", "written_comments"):
        if not (args.data / folder).is_dir():
            raise Problem(f"there is no folder {folder} here", str(args.data), "Name the folder that holds both.")
    if args.corrections and not args.corrections.is_file():
        raise Problem(
            "there is no such file", str(args.corrections),
            "Write it with twohats corrections OUT.ndjson, or leave the option out."
        )
    out = args.out or shipped_folder()
    told = train(args.data, out, args.corrections, log=_progress)
    told["urgent_lessons"] = train_urgent(args.data, WRITTEN, out)
    if not args.json:
        print(f"trained on {told['lessons']} comments; fingerprint {told['fingerprint']}")  # noqa: T201
    return told


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
