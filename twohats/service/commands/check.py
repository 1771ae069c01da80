"""twohats check: what is wrong with this home and this installation; verifies the audit."""

import argparse
import os
from pathlib import Path
from typing import Any

from twohats.service import configuration, starting
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The home, and a head file kept elsewhere."""
    parser.add_argument("path", nargs="?", type=Path, help="source files, a folder of them, or a home; else --home")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))
    parser.add_argument("--heads", type=Path, help="a copy of audit_heads.ndjson kept on another machine")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Says what is wrong, what to try, or that nothing is; raises the findings as one problem."""
    home = (args.path or args.home).resolve()
    if not home.is_dir():
        raise Problem("Not a home: there is no such folder.", str(args.path or args.home),
                      "Source files are checked on the way in: twohats intake FILE --home A-NEW-FOLDER")
    findings = [*of_settings(home)]
    if not findings:
        starting.begin(home)
        findings = [*of_key(home), *of_records(), *of_audit(args.heads), *of_release(home)]
    if findings:
        raise Problem("\n".join(f"- {finding}" for finding in findings), f"{len(findings)} to put right")
    print("Nothing is wrong: settings, records, audit and release are in order.")  # noqa: T201
    return {"findings": []}


def of_settings(home: Path) -> list[str]:
    """What the service would refuse to start with."""
    return [str(problem) for problem in configuration.refusals(
        configuration.read({**os.environ, "TWOHATS_HOME": str(home)}))]


def of_key(home: Path) -> list[str]:
    """A key that others on the machine may read."""
    file = home / "secret_key"
    if file.exists() and file.stat().st_mode & 0o077:
        return ["secret_key may be read by others on this machine: chmod 600 secret_key"]
    return []


def of_records() -> list[str]:
    """Tables that lag behind this version, and lines of the export files that somebody cut."""
    from django.db import connection  # late: settings come first
    from django.db.migrations.executor import MigrationExecutor

    from twohats.service.actions import outbox

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["The records wait for a step of this version: it is taken at the next start of serve or worker."]
    gone = outbox.missing()
    return [f"{len(gone)} lines are gone from records_export; the first has the key {gone[0]}."] if gone else []


def of_audit(heads: Path | None) -> list[str]:
    """The first event that was changed, removed or put in between."""
    from django.db import connection  # late: settings come first

    from twohats.service.actions import seals

    if "records_auditseal" not in connection.introspection.table_names():
        return []
    fault = seals.first_fault(heads)
    return [f"Audit: {fault.what} Restore the records from a backup and ask who had access to them."] if fault else []


def of_release(home: Path) -> list[str]:
    """Files landed but no release to read."""
    from twohats.service import releases  # late: settings come first

    if releases.current() is None and any((home / "landings").glob("*/report.json")):
        return ["Files were taken in, but nothing is published yet: twohats build"]
    return []
