"""twohats segments OUT.csv: every visit segment and other interaction of the current release, with its reason."""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twohats.analysis.commands.writing import write_csv
from twohats.store.home import home_from
from twohats.store.inert import harmless
from twohats.store.reading import published
from twohats.words.rules import codebook

COLUMNS = (
    "person", "encounter", "visit", "resource", "start", "end", "hat", "p_patient", "confidence", "touchpoint",
    "view", "about_hat", "reason", "encounters",
)
"""The last one names every encounter of the visit: one that others cover leads no row of its own."""
_SELECT = """
    SELECT coalesce(people.patient_id, 'prospect/' || interactions.person) AS person, interactions.encounter,
        json_extract(visits.encounters, '$[0]') AS visit, interactions.resource,
        interactions.started_at AS start, interactions.ended_at AS "end", interactions.hat, interactions.p_patient,
        interactions.confidence, interactions.touchpoint, interactions.view, interactions.about_hat,
        interactions.rule AS reason, visits.encounters
    FROM interactions
    LEFT JOIN people ON people.person = interactions.person
    LEFT JOIN visits ON visits.visit = interactions.visit
    ORDER BY interactions.person, interactions.started_at, interactions.source_order, interactions.interaction
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and from which home."""
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Writes the file aside and renames it, so that nobody reads half of it."""
    home = home_from(args.home)
    reader = published(home)
    reasons = {rule.key: rule.reason.en for rule in codebook().every_reason}
    written = write_csv(args.out, COLUMNS, (_told(row, reasons) for row in reader.stream(_SELECT)))
    if not args.json:
        print(f"{written} interactions of release {reader.id} written to {args.out}")  # noqa: T201
    return {"release": reader.id, "interactions": written, "file": str(args.out)}


def _told(row: Mapping[str, Any], reasons: Mapping[str, str]) -> list[Any]:
    """One row as the file has it; words that a spreadsheet would run are disarmed."""
    told = dict(row)
    told["start"], told["end"] = instant(told["start"]), instant(told["end"])
    told["reason"] = reasons.get(told["reason"], told["reason"])
    told["encounters"] = " ".join(json.loads(told["encounters"] or "[]"))
    return [harmless(value) if isinstance(value, str) else value for value in (told[name] for name in COLUMNS)]


def instant(microseconds: int | None) -> str:
    """ISO 8601 in UTC with Z; empty while open."""
    if microseconds is None:
        return ""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return moment.isoformat().replace("+00:00", "Z")
