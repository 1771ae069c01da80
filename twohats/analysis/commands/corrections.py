"""twohats corrections OUT.ndjson: what readers corrected in clauses of comments, to train the next model with.

Names, dates, phones and ids are masked in the words; who read a clause is not told.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from twohats.analysis.context import LABELS, corrections
from twohats.analysis.making import exported_lines
from twohats.store.home import home_from
from twohats.store.reading import Reader, published

AT_ONCE = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and from which home."""
    parser.add_argument("out", type=Path, metavar="OUT.ndjson")
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes the file aside and renames it; only its owner may read it."""
    home = home_from(args.home)
    reader = published(home)
    labels = corrections(exported_lines(home)).clause_labels
    lines = list(corrected(reader, labels))
    aside = args.out.with_name(f"{args.out.name}.aside")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    aside.replace(args.out)
    without = len(labels) - len(lines)
    if not args.json:
        print(f"{len(lines)} corrected clauses of release {reader.id} written to {args.out}"  # noqa: T201
              f" ({without} are about clauses that the release does not hold)")
    return {"release": reader.id, "corrections": len(lines), "without_clause": without,
            "file": str(args.out)}


def corrected(reader: Reader, labels: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One object a clause: its masked words, its service and the labels in force, as train-comments reads them."""
    for at in range(0, len(labels), AT_ONCE):
        some = {int(line["clause"]): line for line in labels[at:at + AT_ONCE]}
        marks = ", ".join("?" * len(some))
        rows = reader.rows(
            f"SELECT clause, masked, service FROM clauses WHERE clause IN ({marks}) ORDER BY clause", list(some))
        yield from (_line(row, some[row["clause"]]) for row in rows)


def _line(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {"clause": row["masked"], "service": row["service"], **{name: said[name] for name in LABELS}}
