"""What we say when something a person gave us cannot be used: what happened, where, what to try."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(unsafe_hash=True)  # not frozen: Python writes the traceback into an exception it passes on
class Problem(Exception):
    """Bad input. The command line prints it and exits with 2; a page shows it kindly.

    Never holds personal data: `where` names files, lines, fields and ids of ours, not people.
    """

    what: str
    where: str = ""
    try_this: str = ""
    result: Any = field(default=None, compare=False)
    """What was done all the same, for machines (--json)."""

    def __str__(self) -> str:
        first = f"{self.where}: {self.what}" if self.where else self.what
        return f"{first}\n{self.try_this}" if self.try_this else first
