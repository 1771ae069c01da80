"""Tries quarantined lines again, as they are: after a clock was set right, a rule changed, a missing part arrived.

A line that passes now is landed and settled; one that does not stays where it is. Doing it twice changes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from twohats.store.home import Home
from twohats.store.landings import Landing, landings, settled_rows
from twohats.store.landings_aside import BY_NAME, Aside, only_intake, whole_line
from twohats.store.strict import LONGEST

from .csv.headings import Heading
from .csv.rows import judge_records
from .csv.rows import rows_of as feed_rows
from .fhir.judge import Judged, judge, take_deletion
from .fhir.rows import Taking
from .landing import connect, settle_all
from .taking import Rows, Tally, fhir_rows_of

RUN = 2000
"""Lines tried at a time."""


@dataclass(frozen=True)
class Waiting:
    """A quarantined line: the landing it lies in, which row there, and the line itself."""

    landing: Landing
    row: int
    line: int
    offset_bytes: int
    raw: bytes


def waiting_lines(home: Home) -> Iterator[Waiting]:
    """Every quarantined line that no redrive has settled, in order of arrival."""
    all_landings = landings(home)
    for landing in all_landings:
        settled = settled_rows(landing, all_landings)
        row = 0
        for path in landing.files("quarantine"):
            for batch in pq.ParquetFile(path).iter_batches(RUN, columns=["line", "offset_bytes", "raw"]):
                for line, offset, raw in zip(*(batch.column(n).to_pylist() for n in range(3)), strict=True):
                    if row not in settled:
                        yield Waiting(landing, row, line, offset, _whole(landing, line, raw))
                    row += 1


def _whole(landing: Landing, line: int, raw: bytes) -> bytes:
    """The line itself; one that was kept apart because it is long is read again when it may be taken now."""
    apart = landing.path / whole_line(line)
    return apart.read_bytes() if apart.exists() and apart.stat().st_size <= LONGEST else raw


def redrive(home: Home, now: datetime | None = None) -> dict[str, Any]:
    """Tries every waiting line once; returns the report of what passed."""
    started = datetime.now(UTC)
    with only_intake(home):
        known = landings(home)
        ordinal = 1 + max((one.report["ordinal"] for one in known), default=0)
        tried = list(waiting_lines(home))
        name = hashlib.sha256(
            orjson.dumps([ordinal, [(one.landing.name, one.row) for one in tried]])
        ).hexdigest()[:16]
        aside, tally = Aside(home, name), Tally()
        try:
            taking = Taking(name, ordinal, now or started)
            failed: set[int] = set()
            for judged, rows in _judged_again(tried, taking):
                tally.add(judged)
                failed |= {one.line for one in judged.refused}
                for table, landed, refused in rows:
                    failed |= {one.line for one in refused}
                    aside.add(table, _in_its_place(landed, tried))
            with connect() as connection:
                verdicts, conflicts = settle_all(connection, home, aside)
                failed |= {one["order"] for one in conflicts}
            report = _report(aside, tried, failed, tally, verdicts, ordinal, started)
            if len(failed) < len(tried):
                aside.publish(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        finally:
            aside.discard()
    return report


def _judged_again(tried: list[Waiting], taking: Taking) -> Iterator[tuple[Judged, list[Rows]]]:
    """Judges the lines by the file they came from; a line's number is here its place in `tried`."""
    start = 0
    while start < len(tried):
        landing, end = tried[start].landing, start
        while end < len(tried) and end < start + RUN and tried[end].landing is landing:
            end += 1
        run = [(place, place, tried[place].raw) for place in range(start, end)]
        heading = landing.report.get("heading")
        if heading:
            judged = Judged()
            known = Heading.from_report(heading)
            yield judged, [(known.feed.name, *feed_rows(judge_records(run, known, judged), known, taking))]
        else:
            judged = _judge_lines(run)
            yield judged, fhir_rows_of(judged, taking)
        start = end


def _judge_lines(run: list[tuple[int, int, bytes]]) -> Judged:
    """As for a file, but a line that was a bundle's deletion is one again."""
    judged = Judged()
    judge([one for one in run if b'"DELETE"' not in one[2]], judged)
    for place, _, raw in (one for one in run if b'"DELETE"' in one[2]):
        take_deletion(judged, place, raw)
    return judged


def _in_its_place(landed: pa.Table, tried: list[Waiting]) -> pa.Table:
    """Line and offset as in the file the line came from."""
    places = landed.column("line").to_pylist()
    for name in ("line", "offset_bytes"):
        values = pa.array([getattr(tried[place], name) for place in places], pa.int64())
        landed = landed.set_column(landed.schema.get_field_index(name), name, values)
    return landed


def _report(
    aside: Aside, tried: list[Waiting], failed: set[int], tally: Tally, verdicts: dict[str, Any],
    ordinal: int, started: datetime,
) -> dict[str, Any]:
    settles: dict[str, list[int]] = {}
    for place, one in enumerate(tried):
        if place not in failed:
            settles.setdefault(one.landing.name, []).append(one.row)
    return {
        "landing": aside.name,
        "ordinal": ordinal,
        "intake": f"{ordinal:06d}",
        "file": "quarantined lines",
        "content_hash": aside.name,
        "bytes": sum(len(one.raw) for one in tried),
        "kind": "redrive",
        "read": len(tried),
        "accepted": sum(one.accepted for one in verdicts.values()),
        "superseded": sum(one.superseded for one in verdicts.values()),
        "unchanged": sum(one.unchanged for one in verdicts.values()),
        "quarantined": len(failed),
        "blank": tally.blank,
        "reasons": {},
        "drift": [],
        "settles": settles,
        "tables": {name: {"accepted": one.accepted} for name, one in sorted(verdicts.items()) if name in BY_NAME},
        "started": started.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
    }
