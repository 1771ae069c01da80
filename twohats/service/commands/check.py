"""twohats check: what is wrong with this home and this installation; verifies the audit."""

import argparse
import os
from datetime import datetime
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
        findings += of_alerts() if has_table("records_urgentalert") else []
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
    from twohats.service.actions import seals  # late: settings come first

    if not has_table("records_auditseal"):
        return []
    fault = seals.first_fault(heads)
    return [f"Audit: {fault.what} Restore the records from a backup and ask who had access to them."] if fault else []


def has_table(name: str) -> bool:
    """False in records that no serve or worker has brought up to this version yet."""
    from django.db import connection  # late: settings come first

    return name in connection.introspection.table_names()


def of_alerts() -> list[str]:
    """Urgent comments nobody is on or nobody is told of, and mail that has not left."""
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import alerts

    now, findings = timezone.now(), []
    if late := alerts.overdue(now):
        findings.append(f"Urgent comments past their time with nobody on them: {late}. See the page Urgent.")
    if unseen := alerts.unseen(now):
        findings.append(f"Urgent comments of the release not told yet: {unseen}. Is twohats worker running?")
    if alerts.somebody_is_not_told_of():
        findings.append("Urgent comments wait in units of which no mail tells anybody: choose who is told on the page "
                        "Urgent.")
    return findings + of_mail(now)


def of_mail(now: datetime) -> list[str]:
    """Mail that should have left by now; none is missed in a demo home that has no server."""
    from django.conf import settings  # late: settings come first

    from twohats.service.actions import mail

    late = mail.unsent(now)
    if late is None or (settings.CONFIGURATION.is_demo and settings.CONFIGURATION.mail is None):
        return []
    why = "no mail server is set: TWOHATS_MAIL_HOST" if settings.CONFIGURATION.mail is None else \
        f"the last try of the oldest said: {late.problem or 'nothing; is twohats worker running?'}"
    return [f"Mails that have not left: {late.count}, the oldest since {late.since:%Y-%m-%d %H:%M} UTC; {why}."]


def of_release(home: Path) -> list[str]:
    """Files landed but no release to read."""
    from twohats.service import releases  # late: settings come first

    if releases.current() is None and any((home / "landings").glob("*/report.json")):
        return ["Files were taken in, but nothing is published yet: twohats build"]
    return []
