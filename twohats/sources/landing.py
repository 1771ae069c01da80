"""Takes one delivered file from its bytes to a visible landing: cut, judged, written aside, settled, published."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

import duckdb
import orjson

from twohats.store import strict
from twohats.store.home import Home
from twohats.store.landings import landed_files
from twohats.store.landings_aside import BY_NAME, Aside
from twohats.store.landings_verdicts import Verdict, settle
from twohats.words.problems import Problem

from .collecting import without_collector
from .csv.headings import Heading, feed_of_heading
from .csv.rows import judge_records, records, runs_of_records
from .csv.rows import rows_of as feed_rows
from .fhir.judge import Judged, is_about_an_export, sort_values
from .fhir.rows import ORDINAL, Taking
from .lines import BOM, Block, Line, blocks_of, runs_of_lines
from .opening import Delivered
from .reasons import Refused
from .recognise import HEAD, Holds, recognise
from .taking import Tally, fhir_rows_of, take_blocks, take_blocks_by, write, write_refused

FHIR = "fhir"
"""What --source says of files that are no feed."""
LARGEST_DOCUMENT = 64 * 1024 * 1024
MOST_PARTS = 6_000_000
"""Objects, arrays and their parts in one document: so many fit into the memory of an intake."""
WORTH_SHARING = 32 * 1024 * 1024
"""Bytes from which a file is worth the start of several processes."""


@dataclass(frozen=True)
class Intake:
    """One run of `twohats intake`: where to, under which name, at which moment, what a person said of the files."""

    home: Home
    name: str
    now: datetime
    renamed: Mapping[str, str] = field(default_factory=dict)
    feed: str | None = None
    workers: int = 1
    progress: Callable[[str, int], None] = lambda name, lines: None


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB for one intake: bounded memory, no network, UTC."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "400MB", "preserve_insertion_order": True})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def land(intake: Intake, file: Delivered, name: str, ordinal: int) -> dict[str, Any]:
    """Lands one file and returns its report. Raises Problem for a file that cannot be taken at all."""
    started = datetime.now(UTC)
    with file.open() as stream:
        head = _peek(stream)
        holds, heading = what_it_holds(intake, file, head)
    aside = Aside(intake.home, name)
    try:
        taking = Taking(name, ordinal, intake.now)
        with file.open() as stream, without_collector():
            tally = _taken(intake, file, stream, aside, holds, heading, taking)
        with connect() as connection:
            verdicts, conflicts = settle_all(connection, intake.home, aside)
        write_refused(aside, tally, conflicts)
        report = _report(intake, file, aside, holds, heading, tally, verdicts, ordinal, started)
        aside.publish(orjson.dumps(report, option=orjson.OPT_INDENT_2))
    except BaseException:
        aside.discard()
        raise
    return report


def _taken(
    intake: Intake, file: Delivered, stream: IO[bytes], aside: Aside, holds: Holds, heading: Heading | None,
    taking: Taking,
) -> Tally:
    """Judges a whole stream and writes what becomes of every line."""
    if holds is Holds.FHIR_DOCUMENT:
        tally, judged = Tally(), _judge_document(stream)
        write(aside, judged, fhir_rows_of(judged, taking), tally)
        return tally
    if heading is not None:
        tally = Tally()
        for judged, cells in _feed_runs(runs_of_lines(stream, aside.keep_whole), heading):
            landed, refused = feed_rows(cells, heading, taking)
            write(aside, judged, [(heading.feed.name, landed, refused)], tally)
            intake.progress(file.name, tally.read)
        return tally
    blocks = blocks_of(stream, aside.keep_whole)
    if intake.workers > 1 and file.size >= WORTH_SHARING:
        return take_blocks_by(
            intake.workers, blocks, aside, taking, lambda line: intake.progress(file.name, line), file.plain
        )
    return take_blocks(_told(blocks, intake, file), aside, taking)


def _told(blocks: Iterator[Block], intake: Intake, file: Delivered) -> Iterator[Block]:
    for block in blocks:
        yield block
        intake.progress(file.name, block.number)


def what_it_holds(intake: Intake, file: Delivered, head: bytes) -> tuple[Holds, Heading | None]:
    """What a file holds, and its heading where it is a feed. Raises Problem when nobody can tell."""
    feed = None if intake.feed == FHIR else intake.feed
    holds = Holds.FEED if feed else recognise(head, file.name, len(head) < HEAD)
    if intake.feed == FHIR and holds in (Holds.FEED, Holds.UNKNOWN):
        raise Problem("this is not FHIR", file.name, "Leave out --source, or name the feed that it is.")
    if intake.renamed and intake.feed != FHIR and holds is Holds.UNKNOWN:
        holds = Holds.FEED
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") and b"\0" in head[:64]:
        raise Problem("the file is UTF-16", file.name, "Export it as UTF-8 and run the command again.")
    if holds is Holds.UNKNOWN:
        raise Problem(
            "this is neither FHIR nor a feed we know",
            file.name,
            "FHIR is taken as NDJSON or JSON; the columns of CSV feeds are listed in docs/facts/intake.md. "
            "Name the feed with --source and columns with --map theirs=ours.",
        )
    heading = feed_of_heading(head, intake.renamed, feed) if holds is Holds.FEED else None
    if holds is Holds.FEED and heading is None:
        raise Problem(
            "the heading lacks the columns of this feed",
            f"{file.name} line 1",
            "docs/facts/intake.md lists them; say which of yours is which with --map theirs=ours.",
        )
    return holds, heading


def _feed_runs(runs: Iterator[list[Line]], heading: Heading) -> Iterator[tuple[Judged, Any]]:
    lines = (line for run in runs for line in run)
    numbered = records(lines, heading.delimiter)
    for first in numbered:
        if not isinstance(first, tuple) or first[2].strip():
            break  # the heading itself
    new = True
    for run in runs_of_records(numbered):
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
        if len(data) > LARGEST_DOCUMENT or sum(map(data.count, (b"{", b"[", b","))) > MOST_PARTS:
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
        sort_values(judged, [(0 if is_bundle else 1, 0)], [text], [(value, text)])
    return judged


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
