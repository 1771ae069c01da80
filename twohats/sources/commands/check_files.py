"""twohats check FILE: what intake would say of these files, without keeping anything."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from twohats.store.home import Home
from twohats.store.landings import landings
from twohats.words.problems import Problem

from .intake import take_in

SHOWN = 10


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Judges every line under the path and says which would be refused, where and why; nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="twohats-check-") as folder:
        home = Home(Path(folder))
        home.ensure()
        say = (lambda text: None) if args.json else (lambda text: print(text, flush=True))  # noqa: T201
        result = take_in(home, [args.path], say=say)
        places = refused_lines(home)
    if result["refused"]:
        first = result["refused"][0]
        raise Problem(first["what"], first["file"], first["try_this"], result)
    if result["quarantined"]:
        raise Problem(
            f"{result['quarantined']} of {result['read']} lines would be set aside:\n" + "\n".join(places),
            str(args.path),
            "Correct the export; what is taken in all the same is kept and can be tried again: twohats redrive",
            result | {"places": places},
        )
    say(f"Nothing is wrong: {result['read']} lines, every one could be taken in.")
    return result


def refused_lines(home: Home) -> list[str]:
    """The first lines set aside, one sentence each: file, line, what is wrong."""
    told = []
    for landing in landings(home):
        for file in landing.files("quarantine"):
            for row in parquet.read_table(file, columns=["line", "reason"]).to_pylist():
                told.append(f"  {landing.report['file']} line {row['line']}: {row['reason']}")
    more = len(told) - SHOWN
    return told[:SHOWN] + ([f"  ... and {more} more"] if more > 0 else [])
