"""Takes one delivered file from its bytes to a visible landing: cut, judged, written aside, settled, published."""

import gc
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

import duckdb
import orjson
import pyarrow as pa

from twohats.store.home import Home
from twohats.store.landings import landed_files
from twohats.store.landings_aside import BY_NAME, Aside
from twohats.store.landings_verdicts import Verdict, settle
from twohats.words.problems import Problem

from . import strict
from .csv.headings import Heading, feed_of_heading
from .csv.rows import judge_records, records
from .csv.rows import rows_of as feed_rows
from .fhir.judge import Judged, Refusal, judge, sort_values
from .fhir.rows import ORDINAL, Taking
from .fhir.rows import rows_of as fhir_rows
from .lines import BOM, runs_of_lines
from .opening import Delivered
from .reasons import Refused, sentence
from .recognise import HEAD, Holds, is_about_an_export, recognise

LARGEST_DOCUMENT = 64 * 1024 * 1024


@dataclass(frozen=True)
class Intake:
    """One run of `twohats intake`: where to, under which name, at which moment, what a person said of the files."""

    home: Home
    name: str
    now: datetime
    renamed: Mapping[str, str] = field(default_factory=dict)
    feed: str | None = None
    progress: Callable[[str, int], None] = lambda name, lines: None


@dataclass
class Tally:
    """What a file held, added up as it is read."""

    read: int = 0
    blank: int = 0
    size: int = 0
    refused: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    drift: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        """Adds what a run of lines held."""
        self.read += judged.read
        self.blank += judged.blank
        for key, line in judged.drift.items():
            self.drift[key] = min(line, self.drift.get(key, line))


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB for one intake: bounded memory, no network, UTC."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "400MB", "preserve_insertion_order": True})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's cycle collector stays out of the way: parsed lines hold no cycles, and looking for them costs more
    than parsing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def land(intake: Intake, file: Delivered, name: str, ordinal: int) -> dict[str, Any]:
    """Lands one file and returns its report. Raises Problem for a file that cannot be taken at all."""
    started = datetime.now(UTC)
    with file.open() as stream:
        head = _peek(stream)
        holds, heading = what_it_holds(intake, file, head)
    aside = Aside(intake.home, name)
    tally = Tally()
    try:
        with connect() as connection:
            taking = Taking(name, ordinal, intake.now)
            with file.open() as stream:
                for judged, rows in _judged(connection, stream, holds, heading, taking, file.name):
                    _write(aside, judged, rows, tally)
                    intake.progress(file.name, tally.read)
            verdicts, conflicts = settle_all(connection, intake.home, aside)
            _quarantine(aside, tally, conflicts)
        report = _report(intake, file, aside, holds, heading, tally, verdicts, ordinal, started)
        aside.publish(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    except BaseException:
        aside.discard()
        raise
    return report


def what_it_holds(intake: Intake, file: Delivered, head: bytes) -> tuple[Holds, Heading | None]:
    """What a file holds, and its heading where it is a feed. Raises Problem when nobody can tell."""
    holds = Holds.FEED if intake.feed else recognise(head, file.name, len(head) < HEAD)
    if intake.renamed and holds is Holds.UNKNOWN:
        holds = Holds.FEED
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Problem("the file is UTF-16", file.name, "Export it as UTF-8 and run the command again.")
    if holds is Holds.UNKNOWN:
        raise Problem(
            "this is neither FHIR nor a feed we know",
            file.name,
            "FHIR is taken as NDJSON or JSON; the columns of CSV feeds are listed in docs/facts/intake.md. "
            "Name the feed with --source and columns with --map theirs=ours.",
        )
    heading = feed_of_heading(head, intake.renamed, intake.feed) if holds is Holds.FEED else None
    if holds is Holds.FEED and heading is None:
        raise Problem(
            "the heading lacks the columns of this feed",
            f"{file.name} line 1",
            "docs/facts/intake.md lists them; say which of yours is which with --map theirs=ours.",
        )
    return holds, heading


Rows = tuple[str, pa.Table, list[Refusal]]


def _judged(
    connection: duckdb.DuckDBPyConnection, stream: IO[bytes], holds: Holds, heading: Heading | None,
    taking: Taking, name: str,
) -> Iterator[tuple[Judged, list[Rows]]]:
    """Judges a stream in runs of bounded size."""
    if holds is Holds.FHIR_DOCUMENT:
        judged = _judge_document(stream)
        yield judged, fhir_rows_of(connection, judged, taking)
    elif heading is not None:
        for judged, cells in _feed_runs(stream, heading):
            landed, refused = feed_rows(cells, heading, taking)
            yield judged, [(heading.feed.name, landed, refused)]
    else:
        for run in runs_of_lines(stream):
            judged = Judged(read=len(run), blank=len(run)) if holds is Holds.EXPORT_LOG else judge(run)
            yield judged, fhir_rows_of(connection, judged, taking)


def fhir_rows_of(connection: duckdb.DuckDBPyConnection, judged: Judged, taking: Taking) -> list[Rows]:
    """The rows to land and the lines refused for their values, table by table."""
    return [
        (name, *fhir_rows(connection, BY_NAME[name], rows, taking)) for name, rows in judged.rows.items() if rows.raw
    ]


def _feed_runs(stream: IO[bytes], heading: Heading) -> Iterator[tuple[Judged, Any]]:
    lines = (line for run in runs_of_lines(stream) for line in run)
    numbered = records(lines)
    for first in numbered:
        if not isinstance(first, tuple) or first[2].strip():
            break  # the heading itself
    new = True
    while run := list(itertools.islice(numbered, 50_000)):
        judged = Judged()
        if new:
            for column in heading.new:
                judged.note(f"{heading.feed.name}.{column}", "column not declared", 1)
            new = False
        yield judged, judge_records(run, heading, judged)


def _judge_document(stream: IO[bytes]) -> Judged:
    judged = Judged()
    data = stream.read(LARGEST_DOCUMENT + 1).removeprefix(BOM)
    try:
        if len(data) > LARGEST_DOCUMENT:
            raise Refused("document_too_large")
        value = strict.parse(data, longest=LARGEST_DOCUMENT)
        if reason := strict.unkeepable(value):
            raise Refused(reason)
    except Refused as refused:
        judged.read = 1
        judged.refuse((1, 0), data[: strict.LONGEST], refused)
        return judged
    if isinstance(value, dict) and is_about_an_export(value):
        judged.read = judged.blank = 1
    else:
        text = orjson.dumps(value)
        is_bundle = isinstance(value, dict) and value.get("resourceType") == "Bundle"
        # line 0: the entries of a document are told by their number
        sort_values(judged, [(0 if is_bundle else 1, 0)], [text], [value], [text])
    return judged


def _write(aside: Aside, judged: Judged, rows: list[Rows], tally: Tally) -> None:
    refused = list(judged.refused)
    for table, landed, forbidden in rows:
        aside.add(table, landed)
        refused += forbidden
    tally.add(judged)
    _quarantine(aside, tally, [one.__dict__ for one in refused])


def _quarantine(aside: Aside, tally: Tally, refused: list[dict[str, Any]]) -> None:
    aside.add_refused([
        {
            "table": one["table"], "line": one["line"], "offset_bytes": one["offset_bytes"],
            "reason_code": one["code"], "field": one["field"],
            "reason": sentence(one["code"], one["field"]), "raw": one["raw"],
        }
        for one in refused
    ])
    tally.refused += len(refused)
    tally.reasons.update(one["code"] for one in refused)


def settle_all(
    connection: duckdb.DuckDBPyConnection, home: Home, aside: Aside
) -> tuple[dict[str, Verdict], list[dict[str, Any]]]:
    """Settles every table of a landing; returns the verdicts and the conflicts among its lines."""
    aside.close_rows()
    verdicts = {}
    for table in BY_NAME:
        if aside.files(table):
            verdicts[table] = settle(connection, aside, table, landed_files(home, table))
    conflicts = [
        {**one, "order": one["arrival"] % ORDINAL, "code": "version_conflict", "field": "meta.versionId"}
        for verdict in verdicts.values()
        for one in verdict.conflicts
    ]
    return verdicts, conflicts


def _peek(stream: IO[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD and (more := stream.read(HEAD - len(head))):
        head += more
    return head


def _report(
    intake: Intake, file: Delivered, aside: Aside, holds: Holds, heading: Heading | None, tally: Tally,
    verdicts: dict[str, Verdict], ordinal: int, started: datetime,
) -> dict[str, Any]:
    """The report of one file; its sums are checked here, always."""
    report: dict[str, Any] = {
        "landing": aside.name,
        "ordinal": ordinal,
        "intake": intake.name,
        "file": file.name,
        "content_hash": file.content_hash,
        "bytes": file.size,
        "kind": heading.feed.name if heading else str(holds),
        "heading": heading.to_report() if heading else None,
        "read": tally.read,
        "accepted": sum(one.accepted for one in verdicts.values()),
        "superseded": sum(one.superseded for one in verdicts.values()),
        "unchanged": sum(one.unchanged for one in verdicts.values()),
        "quarantined": tally.refused,
        "blank": tally.blank,
        "reasons": dict(sorted(tally.reasons.items())),
        "drift": [
            {"field": name, "kind": news, "first_line": line} for (name, news), line in sorted(tally.drift.items())
        ],
        "tables": {
            name: {"accepted": one.accepted, "superseded": one.superseded, "unchanged": one.unchanged}
            for name, one in sorted(verdicts.items())
        },
        "started": started.isoformat(),
        "ended": datetime.now(UTC).isoformat(),
    }
    parts = sum(report[part] for part in ("accepted", "superseded", "unchanged", "quarantined", "blank"))
    if parts != report["read"]:
        raise AssertionError(f"{file.name}: {report['read']} lines read but {parts} accounted for; nothing was landed")
    return report
