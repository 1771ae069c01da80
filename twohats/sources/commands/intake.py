"""twohats intake PATH...: lands files and folders, strict and lossless, and says what became of every line."""

import argparse
import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twohats.store import faults
from twohats.store.home import Home, home_from
from twohats.store.landings import STOPS_AT, landed_names, landings
from twohats.store.landings_aside import only_intake
from twohats.words.problems import Problem

from ..csv.headings import FEEDS
from ..landing import FHIR, Intake, land
from ..opening import Delivered, delivered

DEMO = "demo.json"
LATER = "later"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files and folders, and what a person knows about them."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file, archive or folder")
    parser.add_argument("--source", choices=[FHIR, *FEEDS], help="what the files are; else told from their content")
    parser.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS", help="a column of theirs is ours")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N",
                        help="processes that share a large file (default: one for each core)")
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Lands everything under the paths and prints a line a file."""
    renamed = _renamed(args.map)
    say = (lambda text: None) if args.json else (lambda text: print(text, flush=True))  # noqa: T201
    result = take_in(
        home_from(args.home), args.paths, feed=args.source, renamed=renamed, say=say,
        workers=args.workers,
    )
    say(_closing_words(result))
    if result["refused"]:
        raise Problem(
            "; ".join(one["what"] for one in result["refused"]),
            ", ".join(one["file"] for one in result["refused"]),
            result["refused"][0]["try_this"],
            result,
        )
    return result


def take_in(
    home: Home, paths: Sequence[Path], *, now: datetime | None = None, feed: str | None = None,
    renamed: Mapping[str, str] | None = None, say: Any = lambda text: None, workers: int = 1,
) -> dict[str, Any]:
    """Lands every file under the paths. Files that cannot be taken at all are named in `refused`."""
    now = now or datetime.now(UTC)
    with only_intake(home):
        paths = _of_one_world(home, paths)
        known = landings(home)
        ordinal = 1 + max((one.report["ordinal"] for one in known), default=0)
        intake = Intake(home, f"{ordinal:06d}", now, renamed or {}, feed, max(1, workers))
        result: dict[str, Any] = {"intake": intake.name, "files": [], "already": [], "skipped": [], "refused": []}
        names = landed_names(home)
        named = {path.name for path in paths if not path.is_dir()}
        for file in delivered(list(paths)):
            name = landing_name(file, intake)
            if name in names:
                result["already"].append(file.name)
                say(f"{file.name}: landed before, nothing to do")
                continue
            try:
                report = land(intake, file, name, ordinal)
            except Problem as problem:
                kind = "refused" if file.name in named or not problem.what.startswith("this is neither") else "skipped"
                result[kind].append({"file": problem.where, "what": problem.what, "try_this": problem.try_this})
                say(f"{problem}")
                continue
            names.add(name)
            ordinal += 1
            result["files"].append(report)
            say(_line(report))
    return _summed(result)


def _of_one_world(home: Home, paths: Sequence[Path]) -> list[Path]:
    """The paths to read. A folder of the demo hospital makes an empty home a demo home; the two worlds never mix."""
    made_up = [path for path in paths if (path / DEMO).is_file()]
    if made_up and not home.is_demo and landed_names(home):
        raise Problem("this home holds real data", str(home.path), "Take the demo hospital into a home of its own.")
    if home.is_demo and len(made_up) < len(paths):
        raise Problem(
            "this home holds the demo hospital and refuses real data",
            str(home.path),
            "Name another home with --home.",
        )
    for path in made_up:
        faults.write_file(home.path / DEMO, (path / DEMO).read_bytes())
    parts = [_deliveries(path) if path in made_up else [path] for path in paths]
    return [part for some in parts for part in some]


def _deliveries(made_up: Path) -> list[Path]:
    """What a folder of the demo hospital delivers, in order: the first export, then the later one; never its truth."""
    folders = [delivery / kind for delivery in (made_up, made_up / LATER) for kind in ("fhir", "csv")]
    return [folder for folder in folders if folder.is_dir()] or folders[:1]


def landing_name(file: Delivered, intake: Intake) -> str:
    """The folder's name: 16 hex digits of what was delivered and how a person said to read it."""
    feed = None if intake.feed == FHIR else intake.feed
    said = f"{feed}{sorted(intake.renamed.items())}" if feed or intake.renamed else ""
    if not said:
        return file.content_hash[:16]
    return hashlib.sha256(f"{file.content_hash}{said}".encode()).hexdigest()[:16]


def _renamed(pairs: list[str]) -> dict[str, str]:
    ours = {name for table in FEEDS.values() for name in table.names}
    renamed = {}
    for pair in pairs:
        their, _, our = pair.rpartition("=")
        if not their or our not in ours:
            raise Problem(f"'{pair}' names no column of ours", "--map", "Write --map 'Their Name=our_name'.")
        renamed[their] = our
    return renamed


def _summed(result: dict[str, Any]) -> dict[str, Any]:
    for part in ("read", "accepted", "superseded", "unchanged", "quarantined", "blank"):
        result[part] = sum(report[part] for report in result["files"])
    result["stops_publication"] = result["quarantined"] > STOPS_AT * result["read"]
    return result


def _line(report: dict[str, Any]) -> str:
    parts = [f"{report[part]} {part}" for part in ("accepted", "superseded", "unchanged", "quarantined", "blank")]
    told = f"{report['file']} ({report['kind']}): {report['read']} read = {' + '.join(parts)}"
    for code, count in report["reasons"].items():
        told += f"\n    {count} quarantined: {code}"
    for drift in report["drift"]:
        told += f"\n    new: {drift['field']} ({drift['kind']}), first in line {drift['first_line']}"
    return told


def _closing_words(result: dict[str, Any]) -> str:
    parts = [f"{result[part]} {part}" for part in ("accepted", "superseded", "unchanged", "quarantined", "blank")]
    told = f"In all: {result['read']} read = {' + '.join(parts)}"
    if result["stops_publication"]:
        told += (
            "\nMore than 5 % of these lines are in quarantine: the next build will not be published and the last good "
            "release stays. Correct the export and run: twohats intake FILE, then twohats build"
        )
    return told

