"""twohats comments IN.csv OUT.csv: free-text comments read clause by clause, one row per clause."""

import argparse
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from twohats.analysis.commands.writing import write_csv
from twohats.analysis.voices.labelling import label_comments
from twohats.analysis.voices.read_comments import clocks_of
from twohats.care.urgent_words import Clock
from twohats.store.inert import harmless
from twohats.words.problems import Problem

COLUMNS = (
    "comment_id", "segment_no", "segment_text", "hat", "p_patient", "p_customer", "p_none", "certain", "touchpoint",
    "touchpoint_2", "touchpoint_3", "sentiment", "speaker", "about_hat", "urgent", "evidence",
)
FIELDS = ("id", "text", "service", "question", "respondent", "respondent_id", "date")
"""What a comment may be told with; each is mapped to a column by its option."""
USUAL = {"id": ("comment_id", "id"), "text": ("text", "words", "comment"), "service": ("service",),
         "question": ("question",), "respondent": ("respondent",), "respondent_id": ("respondent_id",),
         "date": ("date", "created_at")}
"""The columns that are taken where no option names one."""
RESPONDENTS = {"self": "self", "patient": "self", "family": "family", "proxy": "proxy", "other": "other"}
FRESH = timedelta(hours=48)
"""Words of danger older than this have the whole day: whoever wrote them is past the first quarter of an hour."""
AT_ONCE = 5_000
LONGEST_FIELD = 1 << 24


@dataclass
class Report:
    """What a run came to."""

    comments: int = 0
    clauses: int = 0
    set_aside: list[tuple[int, str]] = field(default_factory=list)
    undated: int = 0
    """Comments whose date was told and could not be understood: they count as under 48 hours old."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two files, the columns by name, and the instant as of which words are fresh."""
    parser.add_argument("comments", type=Path, metavar="IN.csv")
    parser.add_argument("out", type=Path, metavar="OUT.csv")
    for name in FIELDS:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="COLUMN",
                            help=f"column that holds it (default: {' or '.join(USUAL[name])})")
    parser.add_argument("--as-of", help="instant or day as of which words are under 48 hours old (default: now)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Labels the file; what cannot be read is set aside beside OUT.csv with line and reason."""
    report = Report()
    asked = {name: getattr(args, name) for name in FIELDS if getattr(args, name)}
    written = comments_file(args.comments, args.out, asked, _instant(args.as_of) if args.as_of else None, report)
    aside = args.out.with_name(args.out.name + ".set-aside.csv")
    if report.set_aside:
        write_csv(aside, ("line", "reason"), report.set_aside)
    else:
        aside.unlink(missing_ok=True)
    if not args.json:
        print(f"{report.comments} comments, {written} clauses written to {args.out}")  # noqa: T201
        if report.set_aside:
            print(f"{len(report.set_aside)} lines set aside, with reasons in {aside}")  # noqa: T201
        if report.undated:
            print(f"{report.undated} dates not understood: these count as under 48 hours old")  # noqa: T201
    return {"comments": report.comments, "clauses": written, "set_aside": len(report.set_aside),
            "dates_not_understood": report.undated, "file": str(args.out)}


def comments_file(
    source: Path, out: Path, asked: Mapping[str, str] | None = None, as_of: datetime | None = None,
    report: Report | None = None,
) -> int:
    """Labels the comments of a CSV file into another, one row per clause; returns how many.

    `asked` maps id, text, service, question, respondent, respondent_id and date to column names. Raises Problem where
    the file as a whole cannot be read. A single line that cannot be is told in `report` and left out.
    """
    told = report if report is not None else Report()
    now = as_of or datetime.now(UTC)
    try:
        with source.open(newline="", encoding="utf-8-sig", errors="strict") as file:
            rows = _comments(file, source, asked or {}, told)
            return write_csv(out, COLUMNS, _told(rows, now, told))
    except UnicodeDecodeError as failed:
        raise Problem(f"this is not UTF-8 (byte {failed.start})", str(source),
                      "Save it as CSV in UTF-8 and try again.") from None
    except (OSError, csv.Error) as failed:
        raise Problem(f"this file cannot be read: {getattr(failed, 'strerror', None) or failed}", str(source),
                      "Name a CSV file with a header line.") from None


def labelled(comments: pa.Table, as_of: datetime | None = None) -> pa.Table:
    """One row per clause, with the columns of OUT.csv, of comments with comment_id and text.

    Columns service, question, respondent, respondent_id (text) and date (aware instants) are used where they are there.
    """
    now = as_of or datetime.now(UTC)
    rows = [{"id": row["comment_id"], **row} for row in comments.to_pylist()]
    lines = [dict(zip(COLUMNS, line, strict=True)) for line in _read(rows, now)]
    return pa.Table.from_pylist(lines, _SCHEMA)


_SCHEMA = pa.schema([(name, pa.float64() if name.startswith("p_") else pa.int64()
                      if name in ("segment_no", "certain", "sentiment") else pa.string()) for name in COLUMNS])


def _comments(file: Iterable[str], source: Path, asked: Mapping[str, str], told: Report) -> Iterator[dict[str, Any]]:
    """Every comment that can be read; others are told in the report."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_without_nul(file))
    heading = next(reader, None)
    if heading is None:
        raise Problem("this file is empty", str(source), "It needs a header line with the columns' names.")
    places = _places(heading, source, asked)
    seen: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        if not row:
            continue
        if len(row) != len(heading):
            told.set_aside.append((line, f"{len(row)} fields where the header has {len(heading)}"))
            continue
        comment = {name: row[place] for name, place in places.items()}
        identity = comment["id"].strip()
        if not identity or identity in seen:
            told.set_aside.append((line, f"its id is that of line {seen[identity]}" if identity else "it has no id"))
            continue
        seen[identity] = line
        comment["id"], comment["date"] = identity, _dated(comment.get("date"), told)
        told.comments += 1
        yield comment


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    """The lines with the sign for what cannot be shown in the place of NUL, which ends a text for many programs."""
    for line in lines:
        yield line.replace("\0", "\ufffd")


def _places(heading: Sequence[str], source: Path, asked: Mapping[str, str]) -> dict[str, int]:
    """Where each field stands; id and text must be there, and so must every column that was asked for."""
    where = {name.strip(): place for place, name in reversed(list(enumerate(heading)))}
    for name, column in asked.items():
        if column not in where:
            raise Problem(f"there is no column '{column}' (--{name.replace('_', '-')})", f"{source} line 1",
                          f"It has: {', '.join(where)}.")
    places = {}
    for name in FIELDS:
        column = asked.get(name) or next((usual for usual in USUAL[name] if usual in where), None)
        if column is not None:
            places[name] = where[column]
        elif name in ("id", "text"):
            raise Problem(f"no column holds the {name}", f"{source} line 1",
                          f"Name it with --{name}. The file has: {', '.join(where)}.")
    return places


def _dated(date: str | None, told: Report) -> datetime | None:
    if date is None or not date.strip():
        return None
    try:
        return _instant(date.strip())
    except Problem:
        told.undated += 1
        return None


def _instant(date: str) -> datetime:
    """An aware instant of an ISO date or instant; a day is its end, since the hour is not known."""
    try:
        instant = datetime.fromisoformat(date)
    except ValueError:
        raise Problem(f"'{date}' is no date", "", "Write it as 2026-03-01 or 2026-03-01T09:30:00Z.") from None
    if len(date) == len("2026-03-01"):
        instant += timedelta(days=1, microseconds=-1)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _told(comments: Iterator[dict[str, Any]], now: datetime, told: Report) -> Iterator[list[Any]]:
    """The rows of OUT.csv, so many comments at once; words that a spreadsheet would run are disarmed."""
    while some := list(islice(comments, AT_ONCE)):
        for line in _read(some, now):
            told.clauses += 1
            yield [harmless(value) if isinstance(value, str) else value for value in line]


def _read(comments: list[dict[str, Any]], now: datetime) -> Iterator[list[Any]]:
    """The rows of OUT.csv of these comments, in their order."""
    clauses = _labelled(comments, [_respondent(row) for row in comments])
    relatives = {row["respondent_id"] for row, cut in zip(comments, clauses, strict=True)
                 if row.get("respondent_id") and cut[0]["speaker"] == "family"}
    # Whoever speaks of a relative in one of their comments does so in the others, where it may not be told.
    others = [number for number, row in enumerate(comments) if row.get("respondent_id") in relatives
              and _respondent(row) is None and clauses[number][0]["speaker"] == "patient"]
    for number, cut in zip(others, _labelled([comments[one] for one in others], ["family"] * len(others)), strict=True):
        clauses[number] = cut
    for comment, cut in zip(comments, clauses, strict=True):
        clocks = clocks_of(comment["text"] or "", [row["text"] for row in cut])
        for row, clock in zip(cut, clocks, strict=True):
            yield [comment["id"], row["clause_no"], row["text"], row["hat"], *(
                round(row[name], 4) for name in ("p_patient", "p_customer", "p_none")), int(row["certain"]),
                row["touchpoint"], row["touchpoint_2"], row["touchpoint_3"], row["sentiment"], row["speaker"],
                row["about_hat"], str(_by_age(clock, comment.get("date"), now)), "; ".join(row["evidence"])]


def _labelled(comments: list[dict[str, Any]], respondents: list[str | None]) -> list[list[dict[str, Any]]]:
    """The clauses of each comment, in order, by the annotation guide."""
    table = pa.table({
        "comment_id": pa.array([str(number) for number in range(len(comments))], pa.string()),
        "words": pa.array([row["text"] or "" for row in comments], pa.string()),
        "service": pa.array([row.get("service") or None for row in comments], pa.string()),
        "question": pa.array([row.get("question") or None for row in comments], pa.string()),
        "respondent": pa.array(respondents, pa.string()),
    })
    clauses: list[list[dict[str, Any]]] = [[] for _ in comments]
    for row in label_comments(table).to_pylist():
        clauses[int(row["comment_id"])].append(row)
    return clauses


def _respondent(comment: Mapping[str, Any]) -> str | None:
    """Who answers, where it was told."""
    return RESPONDENTS.get((comment.get("respondent") or "").strip().lower())


def _by_age(clock: Clock, written: datetime | None, now: datetime) -> Clock:
    return Clock.DAY if clock is Clock.NOW and written is not None and now - written > FRESH else clock
