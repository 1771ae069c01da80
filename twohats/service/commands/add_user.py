"""twohats add-user: a person who may log in; the first administrator is made this way."""

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from twohats.service import starting
from twohats.service.policy import WHOLE, Role, permissions_of
from twohats.words.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who, which role, where."""
    parser.add_argument("username", help="what they log in with")
    parser.add_argument("--name", default="", help="how they are called on pages")
    parser.add_argument("--role", choices=[role.value for role in Role],
                        help="; ".join(f"{role.value}: {_sentence(role)}" for role in Role))
    parser.add_argument("--unit", default="", help="unit id of the tree in which the role holds, with all below it")
    parser.add_argument("--everywhere", action="store_true", help="the role holds in the whole organisation")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    parser.add_argument("--disable", action="store_true", help="shut this person out; sessions end at once")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TWOHATS_HOME", "home")))


def _sentence(role: Role) -> str:
    return " ".join(permission.sentence for permission in sorted(permissions_of(role))) or "nothing yet"


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Adds the person, or gives somebody already there one more role, or shuts them out."""
    args.home.mkdir(parents=True, exist_ok=True)
    starting.begin(args.home.resolve())
    starting.bring_records_up_to_date()
    from twohats.service.records.models import User  # late: settings come first

    known = User.objects.filter(username=args.username).first()
    if args.disable:
        return _disable(known)
    if args.role and not (args.unit or args.everywhere):
        raise Problem("A role holds in a unit.", "--unit", "Name the unit, or say --everywhere.")
    return _add(args, known)


def _disable(known: Any) -> dict[str, Any]:
    from twohats.service.actions import people  # late: settings come first

    if known is None:
        raise Problem("Nobody logs in with this name.", "username", "Look at the spelling.")
    people.shut_out(user=known, by=None)
    print("Shut out; their sessions are over.")  # noqa: T201
    return {"user": known.pk, "active": False}


def _add(args: argparse.Namespace, known: Any) -> dict[str, Any]:
    from twohats.service.actions import people  # late: settings come first

    user = known or people.add_user(username=args.username, display_name=args.name, password=_password(args), by=None)
    unit = WHOLE if args.everywhere else args.unit
    if args.role:
        people.give_role(user=user, role=Role(args.role), unit=unit, by=None)
    print(f"{'Let in' if known is None else 'Known already'}; role: {args.role or 'none'}")  # noqa: T201
    return {"user": user.pk, "role": args.role, "unit": unit}


def _password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password, 15 characters or more: ")
    if getpass.getpass("Once more: ") != first:
        raise Problem("The two were not the same.", "password", "Type the same password twice.")
    return first
