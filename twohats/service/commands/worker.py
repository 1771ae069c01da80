"""twohats worker: each minute tells of urgent comments, sends mail, ties live events, seals, appends the outbox."""

import argparse
import logging
import os
import signal
import threading
from pathlib import Path
from typing import Any

from twohats.service import starting

EVERY_SECONDS = 60
"""A clock of 15 minutes begins when a round sees the comment, so at most a minute after its release is published."""
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
    done: dict[str, int] = {}
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


def _round_or_tell() -> dict[str, int]:
    from django.db import close_old_connections  # late: settings come first

    close_old_connections()
    try:
        return one_round()
    except Exception:  # whatever it was: the next round must come, or no urgent comment is told any more
        logging.getLogger("twohats.worker").exception("round", extra={"event": "round_failed"})
        return {}


def one_round() -> dict[str, int]:
    """Opens alerts, passes up those past their time, ties live events, sends mail, appends, seals what waits, clears
    old sessions, and says that the worker is alive. Each part is tried though another failed; the first failure is
    raised at the end.
    """
    done: dict[str, int] = {}
    failures = []
    for part in (_alerts, _ties, _cases, _mails, _messages, _lines, _answers, _seals, _signs_of_life):
        try:
            done |= part()
        except Exception as failure:  # a full disk must not keep an urgent comment from being told, nor a bug a seal
            failures.append(failure)
    if failures:
        raise failures[0]
    return done


def _alerts() -> dict[str, int]:
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import alerts

    now = timezone.now()
    return {"alerts_opened": alerts.open_alerts(now), "alerts_escalated": alerts.escalate_overdue(now),
            "alerts_asked_again": alerts.ask_again(now)}


def _ties() -> dict[str, int]:
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import live_events

    return {"events_tied": live_events.tie_again(timezone.now())}


def _cases() -> dict[str, int]:
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import cases

    return {"cases_closed_unsolved": cases.auto_close(timezone.now())}


def _mails() -> dict[str, int]:
    from twohats.service.actions import mail  # late: settings come first

    return {f"mails_{ended}": count for ended, count in mail.send_waiting().items()}


def _messages() -> dict[str, int]:
    from twohats.service.actions import sending  # late: settings come first

    return {f"messages_{ended}": count for ended, count in sending.send_waiting().items()}


def _lines() -> dict[str, int]:
    from twohats.service.actions import outbox  # late: settings come first

    return {"appended": outbox.flush()}


def _answers() -> dict[str, int]:
    from django.utils import timezone  # late: settings come first

    from twohats.service.actions import answers_file

    return {f"answers_in_{name}": rows for name, rows in answers_file.write(timezone.now()).items()}


def _seals() -> dict[str, int]:
    from twohats.service.actions import seals  # late: settings come first

    sealed = 0
    while block := seals.seal():
        sealed += len(block.events)
    return {"sealed": sealed}


def _signs_of_life() -> dict[str, int]:
    from django.contrib.sessions.models import Session  # late: settings come first
    from django.utils import timezone

    from twohats.service.records.models import Heartbeat

    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": now})
    return {}
