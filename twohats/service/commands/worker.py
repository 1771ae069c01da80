"""twohats worker: seals the audit each minute and appends what the outbox holds."""

import argparse
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from twohats.service import starting

EVERY_SECONDS = 60
LOOK_UP_SECONDS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Home, and whether to do one round only."""
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))
    parser.add_argument("--once", action="store_true", help="one round, then stop")
    parser.add_argument("--beside", type=int, help="process to work beside: stop when it is gone")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Works until stopped, or one round; a round that fails is told and tried again."""
    starting.begin(args.home.resolve())
    starting.bring_records_up_to_date()
    if args.once:
        return one_round()
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    done = {"appended": 0, "sealed": 0}
    while not stop.is_set():
        done = _round_or_tell()
        _wait(stop, args.beside)
    return done


def _wait(stop: threading.Event, beside: int | None) -> None:
    """Waits for the next round; less long when told to stop, or when the site that started us is gone."""
    for _ in range(EVERY_SECONDS // LOOK_UP_SECONDS):
        if stop.wait(LOOK_UP_SECONDS):
            return
        if beside and os.getppid() != beside:
            stop.set()


def _round_or_tell() -> dict[str, Any]:
    from django.db import DatabaseError, close_old_connections  # late: settings come first

    try:
        close_old_connections()
        return one_round()
    except (DatabaseError, OSError):
        logging.getLogger("twohats.worker").exception("round", extra={"event": "round_failed"})
        return {"appended": 0, "sealed": 0}


def one_round() -> dict[str, Any]:
    """Appends, seals all that waits, clears old sessions, and says that the worker is alive."""
    from django.contrib.sessions.models import Session  # late: settings come first
    from django.utils import timezone

    from twohats.service.actions import outbox, seals
    from twohats.service.records.models import Heartbeat

    appended, sealed = outbox.flush(), 0
    while block := seals.seal():
        sealed += len(block.events)
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": now})
    return {"appended": appended, "sealed": sealed}
