"""twohats check [PATH]: what is wrong with this file, this home, this installation; verifies the audit."""

import argparse
from pathlib import Path
from typing import Any

from twohats.service.commands import check as check_home
from twohats.sources.commands import check_files


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A home or source files, and a head file of the audit kept elsewhere."""
    check_home.add_arguments(parser)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Checks source files where the path holds such, otherwise the home."""
    holds_sources = args.path is not None and args.path.exists() and not is_home(args.path)
    return check_files.run(args) if holds_sources else check_home.run(args)


def is_home(path: Path) -> bool:
    """True for a folder that intake, build or serve have used as a home; an empty folder may become one."""
    if not path.is_dir():
        return False
    marks = ("landings", "releases", "register.sqlite", "records.sqlite", "secret_key")
    return any((path / mark).exists() for mark in marks) or not any(path.iterdir())
