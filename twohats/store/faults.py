"""Every write that must survive a power cut goes through here, numbered, so that a test can break each in turn.

A harness calls `break_at(n, kill=...)`; the n-th call then fails with OSError, or ends the process at once as a
power cut would. Unarmed, the layer only counts.
"""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

KILLED = 77
"""Exit code of a process that was ended on purpose."""


class _Plan:
    calls = 0
    broken_at = 0
    kill = False
    log: list[str] | None = None


def break_at(call: int, *, kill: bool = False, log: list[str] | None = None) -> None:
    """From now on calls count from 1; number `call` breaks (0: none does). `log` collects what each call was."""
    _Plan.calls, _Plan.broken_at, _Plan.kill, _Plan.log = 0, call, kill, log


def calls() -> int:
    """Calls counted since `break_at`."""
    return _Plan.calls


def step(what: str) -> None:
    """One numbered call: breaks when it is its turn."""
    _Plan.calls += 1
    if _Plan.log is not None:
        _Plan.log.append(what)
    if _Plan.calls == _Plan.broken_at:
        if _Plan.kill:
            os._exit(KILLED)
        raise OSError(f"broken on purpose at call {_Plan.calls}: {what}")


class Writing(io.BufferedWriter):
    """A file opened for writing, a mebibyte at a time; every write that reaches the system is a numbered call."""

    def __init__(self, path: Path) -> None:
        step(f"open {path.name}")
        self._numbered = _Numbered(path)
        super().__init__(self._numbered, 1 << 20)

    def drop_the_rest(self) -> None:
        """What is still to be written is dropped: the file is given up."""
        self._numbered.dropping = True


class _Numbered(io.FileIO):
    dropping = False

    def __init__(self, path: Path) -> None:
        self._called = path.name
        super().__init__(path, "wb")

    def write(self, data: Any) -> int:
        if self.dropping:
            return memoryview(data).nbytes
        step(f"write {self._called}")
        return super().write(data)


def keep_file(path: Path) -> None:
    """Returns when the file's content is safe on the disk."""
    step(f"fsync {path.name}")
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_folder(path: Path) -> None:
    """Returns when the folder's list of names is safe on the disk."""
    keep_file(path)


def write_file(path: Path, data: bytes) -> None:
    """A whole small file, safe on the disk."""
    file = Writing(path)
    try:
        file.write(data)
        file.flush()
    finally:
        file.drop_the_rest()
        file.close()
    keep_file(path)


def rename(old: Path, new: Path) -> None:
    """The one moment at which something becomes visible."""
    step(f"rename {old.name} to {new.name}")
    old.rename(new)
    keep_folder(new.parent)


def commit(do: Callable[[], T], what: str = "commit") -> T:
    """A database commit as a numbered call, broken before it happens."""
    step(what)
    return do()
