"""twohats rollback: points to the release before the current one."""

import argparse

from twohats.store.home import home_from
from twohats.store.releases import only_build, rollback


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where."""
    parser.add_argument("--home", help="folder of this installation (default $TWOHATS_HOME or ./home)")


def run(args: argparse.Namespace) -> dict[str, str]:
    """Points back; pages that are open keep theirs until they are asked for again."""
    home = home_from(args.home)
    with only_build(home):
        left, current = rollback(home)
    if not args.json:
        print(f"Release {current} is current again; {left} stays and comes back with: twohats build")  # noqa: T201
    return {"left": left, "release": current}
