"""twohats event-sender: a system that may send live events, or reports of messages, and nothing else."""

import argparse
import os
from pathlib import Path
from typing import Any

from twohats.service import starting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which system, how it shows who it is, or that it is shut out."""
    parser.add_argument("name", help="what the system is called, such as: registration")
    parser.add_argument("--signed", action="store_true", help="it signs each event with a key; else it sends a token")
    parser.add_argument("--reports", action="store_true",
                        help="it tells what became of messages instead (POST /api/reports), each one signed")
    parser.add_argument("--revoke", action="store_true", help="take its token or key back; what it sent stays")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Lets the system in and tells its token or key, this once; or shuts it out."""
    args.home.mkdir(parents=True, exist_ok=True)
    starting.begin(args.home.resolve())
    starting.bring_records_up_to_date()
    from twohats.service.actions import senders  # late: settings come first
    from twohats.service.records.live import EVENTS, REPORTS, SIGNATURE, TOKEN

    if args.revoke:
        sender = senders.revoke_sender(name=args.name)
        print("Shut out: its next event is refused.")  # noqa: T201
        return {"sender": sender.pk, "revoked": True}
    signs = args.signed or args.reports
    sender, secret = senders.make_sender(name=args.name, way=SIGNATURE if signs else TOKEN,
                                         sends=REPORTS if args.reports else EVENTS)
    print(f"{'Key to sign with' if signs else 'Token'}, told this once: {secret}")  # noqa: T201
    return {"sender": sender.pk, "way": sender.way, "secret": secret}
