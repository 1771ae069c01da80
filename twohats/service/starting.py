"""What a command does before it uses the records: settings, key, tables."""

import os
from pathlib import Path

import django

from twohats.service import configuration
from twohats.words.problems import Problem

DEMO_PASSWORD = "two hats, one person"  # noqa: S105 - printed at every start, for the made-up hospital only
DEMO_USERS: tuple[tuple[str, str, str], ...] = (
    ("frank", "Frank", "leader"),
    ("carla", "Carla", "navigator"),
    ("eve", "Eve", "front_desk"),
    ("diaz", "Dr. Diaz", "clinician"),
    ("nora", "Nora", "analyst"),
    ("rita", "Rita", "reviewer"),
    ("paul", "Paul", "partner"),
    ("alex", "Alex", "administrator"),
    ("gus", "Gus", ""),
)
"""One person a role; Gus may see nothing."""
DEMO_TURNS = {"carla": 1, "frank": 2}
"""Who is told of urgent comments at once, and who next: at addresses that lead nowhere, and only if mail is set up."""


def begin(home: Path) -> None:
    """Sets Django up for a home; makes its key if it has none. Raises the first reason not to start."""
    os.environ["TWOHATS_HOME"] = str(home)
    if not os.environ.get("TWOHATS_SECRET_KEY"):
        configuration.make_key(home)
    for problem in configuration.refusals(configuration.read()):
        raise problem
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twohats.service.settings")
    django.setup()


def bring_records_up_to_date() -> list[str]:
    """Makes or changes the tables of the records; returns the steps taken. Refuses records newer than this code."""
    from django.core.management import call_command  # late: settings come first
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    if newer := [name for app, name in executor.loader.applied_migrations
                 if app == "records" and (app, name) not in known]:
        raise Problem(f"The records were written by a newer version ({max(newer)}).", "records",
                      "Install that version again; nothing was changed.")
    plan = [f"{migration.app_label}.{migration.name}"
            for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if plan and connection.vendor == "sqlite" and executor.loader.applied_migrations:
        _keep_a_copy(connection)
    if plan:
        call_command("migrate", verbosity=0, interactive=False)
    return plan


def _keep_a_copy(connection) -> None:  # type: ignore[no-untyped-def]
    """Keeps the records as they were beside the new ones."""
    import sqlite3

    file = Path(connection.settings_dict["NAME"])
    with sqlite3.connect(file.with_suffix(".before.sqlite")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    copy.close()


def make_demo_users() -> list[str]:
    """The demo hospital's people, one a role, each in the whole organisation; made once."""
    from twohats.service.actions import alert_recipients, people  # late: settings come first
    from twohats.service.policy import WHOLE, Role
    from twohats.service.records.models import User

    made = []
    for username, name, role in DEMO_USERS:
        if User.objects.filter(username=username).exists():
            continue
        user = people.add_user(username=username, display_name=name, password=DEMO_PASSWORD, by=None, is_demo=True)
        if role:
            people.give_role(user=user, role=Role(role), unit=WHOLE, by=None)
        if username in DEMO_TURNS:
            alert_recipients.choose_recipient(user=user, unit=WHOLE, address=f"{username}@hospital.example",
                                              turn=DEMO_TURNS[username], by=None)
        made.append(username)
    return made
