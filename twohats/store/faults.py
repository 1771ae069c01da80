"""Every write, fsync, rename, commit and removal goes through here, numbered, so that a test can break each in turn.

A harness calls `break_at(n, kill=...)`; the n-th call then fails with OSError, or ends the process at once as a
power cut would. Unarmed, the layer only counts.
"""

import io
import os
import shutil
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


def _is_next() -> bool:
    """True when the call about to be numbered is the one to break."""
    return _Plan.calls + 1 == _Plan.broken_at


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


def let_write(path: Path, write: Callable[[], object]) -> None:
    """A file that an engine writes by itself, as one call: broken there, half of the file is left behind."""
    if _is_next():
        write()
        os.truncate(path, path.stat().st_size // 2)
    step(f"write {path.name}")
    write()


def keep_tree(folder: Path) -> None:
    """Returns when every file below the folder and every list of names is safe on the disk."""
    for path in sorted(folder.rglob("*")):
        keep_file(path)
    keep_folder(folder)


def remove_folder(folder: Path) -> None:
    """A folder that nobody needs goes, as one call: broken there, some of its files are gone."""
    if _is_next():
        next(path for path in sorted(folder.rglob("*")) if path.is_file()).unlink()
    step(f"remove {folder.name}")
    shutil.rmtree(folder, ignore_errors=True)


def rename(old: Path, new: Path) -> None:
    """The one moment at which something becomes visible."""
    step(f"rename {old.name} to {new.name}")
    old.rename(new)
    keep_folder(new.parent)


def commit(do: Callable[[], T], what: str = "commit") -> T:
    """A database commit as a numbered call, broken before it happens."""
    step(what)
    return do()
