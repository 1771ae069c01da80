"""twohats segments OUT.csv: every visit segment and other interaction of the current release, with its reason."""

import argparse
import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twohats.store.home import home_from
from twohats.store.reading import current
from twohats.words.problems import Problem
from twohats.words.rules import codebook

COLUMNS = (
    "person", "encounter", "visit", "resource", "start", "end", "hat", "p_patient", "confidence", "touchpoint",
    "view", "about_hat", "reason",
)
_SELECT = """
    SELECT people.patient_id AS person, interactions.encounter, interactions.visit, interactions.resource,
        interactions.started_at AS start, interactions.ended_at AS "end", interactions.hat, interactions.p_patient,
        interactions.confidence, interactions.touchpoint, interactions.view, interactions.about_hat,
        interactions.rule AS reason, interactions.person AS key
    FROM interactions LEFT JOIN people ON people.person = interactions.person
    ORDER BY interactions.person, interactions.started_at, interactions.source_order, interactions.interaction
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and from which home."""
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes the file aside and renames it, so that nobody reads half of it."""
    home = home_from(args.home)
    reader = current(home)
    if reader is None:
        raise Problem("there is no release here yet", str(home.path), "Run: twohats intake PATH, then twohats build.")
    reasons = {rule.key: rule.reason.en for rule in codebook().every_reason}
    aside = args.out.with_name(args.out.name + ".aside")
    written = 0
    with aside.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for row in reader.stream(_SELECT):
            told = dict(row)
            told["person"] = told["person"] or told["key"]
            told["start"], told["end"] = instant(told["start"]), instant(told["end"])
            told["reason"] = reasons.get(told["reason"], told["reason"])
            out.writerow([told[name] for name in COLUMNS])
            written += 1
    aside.replace(args.out)
    if not args.json:
        print(f"{written} interactions of release {reader.id} written to {args.out}")  # noqa: T201
    return {"release": reader.id, "interactions": written, "file": str(args.out)}


def instant(microseconds: int | None) -> str:
    """ISO 8601 in UTC with Z; empty while open."""
    if microseconds is None:
        return ""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.isoformat().replace("+00:00", "Z")
