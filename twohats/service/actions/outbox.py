"""Lines that must reach an append-only file of the home: kept with the record, appended after it, never twice."""

import fcntl
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from twohats.service.records.models import Outbox

FOLDER = "records_export"
OUTGOING = "outgoing"
"""Lines for other systems lie in a folder of their own; a file is named outgoing/NAME then."""


def put(*, file: str, line: dict[str, Any]) -> Outbox:
    """Keeps a line in the transaction that is open, and appends it when that transaction is done."""
    kept = Outbox.objects.create(file=file, line=line, made_at=timezone.now())
    transaction.on_commit(_flush_or_leave_it_to_the_worker, robust=True)
    return kept


def _flush_or_leave_it_to_the_worker() -> None:
    try:
        flush()
    except OSError:  # a full disk must not undo what somebody wrote; the worker tries again, `twohats check` tells
        return


def flush() -> int:
    """Appends what is not yet in its file; returns how many lines. Safe at any time and after any crash."""
    waiting: dict[str, list[Outbox]] = defaultdict(list)
    for kept in Outbox.objects.filter(written_at=None).order_by("id"):
        waiting[kept.file].append(kept)
    return sum(_append(_path(file), lines) for file, lines in waiting.items())


def _path(file: str) -> Path:
    folder, _slash, name = file.rpartition("/")
    return Path(settings.TWOHATS_HOME) / (folder or FOLDER) / f"{name}.ndjson"


def _append(path: Path, lines: list[Outbox]) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        there = _keys(out)
        new = [kept for kept in lines if kept.key not in there]
        out.write(b"".join(_as_line(kept) for kept in new))
        out.flush()
        os.fsync(out.fileno())
    Outbox.objects.filter(pk__in=[kept.pk for kept in lines]).update(written_at=timezone.now())
    return len(new)


def _keys(out: BinaryIO) -> set[str]:
    """The keys in the file; a torn last line, left by a crash, is cut off first."""
    out.seek(0)
    content = out.read()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        out.truncate(whole)
    return {json.loads(line)["key"] for line in content[:whole].splitlines()}


def _as_line(kept: Outbox) -> bytes:
    return json.dumps({**kept.line, "key": kept.key}, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def missing() -> list[str]:
    """Keys said to be written that their file does not hold: somebody cut it. Empty when all is well."""
    gone = []
    for file in Outbox.objects.order_by("file").values_list("file", flat=True).distinct():
        path = _path(file)
        there = {json.loads(line)["key"] for line in path.read_bytes().splitlines()} if path.exists() else set()
        said = Outbox.objects.filter(file=file).exclude(written_at=None).order_by("id").values_list("key", flat=True)
        gone += [key for key in said if key not in there]
    return gone
