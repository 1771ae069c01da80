"""CSV feeds as hospitals really send them: what is a row, what goes to quarantine, and that nothing is lost."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sources.drawing import counts, deliver, quarantine, rows
from twohats.sources.commands import redrive as redrive_command
from twohats.sources.csv.headings import feed_of_heading
from twohats.sources.csv.rows import LONGEST_RECORD, RUN_BYTES, RUN_ROWS, records, runs_of_records
from twohats.sources.fhir.judge import Refusal
from twohats.sources.redriving import redrive
from twohats.store.home import Home
from twohats.store.strict import LONGEST
from twohats.words.problems import Problem

COMMENTS = b"comment_id,words,service"


def comments(tmp_path: Path, *lines: bytes, heading: bytes = COMMENTS) -> tuple[Home, dict[str, Any]]:
    home = Home(tmp_path / "home")
    return home, deliver(home, tmp_path / "in", "comments.csv", heading, *lines)


def words(home: Home) -> list[Any]:
    return rows(home, "comments", "id, words")


# ---- cells as RFC 4180 (2005) and the files of csv-spectrum have them ---------------------------------------

@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("a comma in quotes", b'c1,"late, again",ED', "late, again"),
        ("doubled quotes", b'c1,"she said ""wait""",ED', 'she said "wait"'),
        ("only quotes", b'c1,"""",ED', '"'),
        ("a line break in quotes", b'c1,"one\ntwo",ED', "one\ntwo"),
        ("a Windows line break in quotes", b'c1,"one\r\ntwo",ED\r', "one\r\ntwo"),
        ("an empty line in quotes", b'c1,"one\n\ntwo",ED', "one\n\ntwo"),
        ("quotes and line breaks", b'c1,"ha \n""ha"" \nha",ED', 'ha \n"ha" \nha'),
        ("JSON in a cell", b'c1,"{""at"": [102.0, 0.5]}",ED', '{"at": [102.0, 0.5]}'),
        ("beyond ASCII", "c1,ʤ ¿Qué? 日本 😀,ED".encode(), "ʤ ¿Qué? 日本 😀"),
        ("a formula", b"c1,=cmd|' /C calc'!A0,ED", "=cmd|' /C calc'!A0"),
        ("quotes inside a cell without quotes", b'c1,a "nice" nurse,ED', 'a "nice" nurse'),
        ("an empty cell", b'c1,,ED', None),
        ("an empty cell in quotes", b'c1,"",ED', None),
        ("spaces around", b"c1,  late ,ED", "  late "),
    ],
)
def test_a_cell_lands_as_it_was_meant(tmp_path: Path, name: str, line: bytes, expected: str | None):
    home, report = comments(tmp_path, line)
    assert (words(home), counts(report)) == ([("c1", expected)], (1, 0, 0, 0, 0))


@pytest.mark.parametrize("delimiter", [b",", b";", b"\t", b"|"])
@pytest.mark.parametrize("line_end", [b"", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiters_line_ends_and_a_byte_order_mark_change_nothing(
    tmp_path: Path, delimiter: bytes, line_end: bytes, mark: bytes
):
    lines = [delimiter.join(cells) + line_end for cells in ([b"c1", b'"a\nb"', b"ED"], [b"c2", b"fine", b"ED"])]
    home, report = comments(tmp_path, *lines, heading=mark + COMMENTS.replace(b",", delimiter) + line_end)
    assert (words(home), counts(report)) == ([("c1", "a\nb"), ("c2", "fine")], (2, 0, 0, 0, 0))


def test_blank_lines_are_counted_and_rows_of_another_length_are_set_aside(tmp_path: Path):
    home, report = comments(tmp_path, b"", b"c1,fine,ED", b"c2,fine", b"  \r", b"c3,fine,ED,", b"c4,fine,ED")
    assert (words(home), counts(report)) == ([("c1", "fine"), ("c4", "fine")], (2, 0, 0, 2, 2))
    assert [(line, code) for line, _, code, _, _ in quarantine(home)] == [(4, "cells"), (6, "cells")]


def test_a_row_that_is_not_utf8_or_holds_a_null_is_set_aside_alone(tmp_path: Path):
    latin = "c1,tarde otra vez,Consulta médica".encode("latin-1")
    home, report = comments(tmp_path, latin, b"c2,a\0b,ED", b"c3,fine,ED")
    assert (words(home), report["files"][0]["reasons"]) == ([("c3", "fine")], {"not_utf8": 1, "null_character": 1})


# ---- a quote that should not be there -----------------------------------------------------------------------

def test_a_quote_never_closed_costs_its_own_line_only(tmp_path: Path):
    home, report = comments(
        tmp_path, b'c1,5" needle,ED', b"c2,fine,ED", b"c3,fine,ED", b'c4,6" scar,ED', b"c5,fine,ED", b'c6,"open,ED',
        b"c7,fine,ED",
    )
    assert words(home) == [(name, "fine") for name in ("c2", "c3", "c5", "c7")]
    assert [(line, code, raw) for line, _, code, _, raw in quarantine(home)] == [
        (2, "broken_quotes", b'c1,5" needle,ED'), (5, "broken_quotes", b'c4,6" scar,ED'),
        (7, "broken_quotes", b'c6,"open,ED'),
    ]
    assert counts(report) == (4, 0, 0, 3, 0)


def test_a_stray_quote_before_a_comment_of_several_lines_leaves_it_whole(tmp_path: Path):
    home, _ = comments(tmp_path, b'c1,"open,ED', b"c2,fine,ED", b'c3,"one', b'two",ED', b"c4,fine,ED")
    assert words(home) == [("c2", "fine"), ("c3", "one\ntwo"), ("c4", "fine")]
    assert [(line, raw) for line, _, _, _, raw in quarantine(home)] == [(2, b'c1,"open,ED')]


def test_every_line_is_told_with_its_place_in_the_file(tmp_path: Path):
    lines = [b'c1,"a', b'b",ED', b'c2,5",ED', b"c3,fine,ED", b'c4,6",ED']
    home, _ = comments(tmp_path, *lines)
    starts = [len(COMMENTS) + 1 + sum(len(line) + 1 for line in lines[:count]) for count in range(len(lines))]
    assert rows(home, "comments", "id, line, offset_bytes") == [("c1", 2, starts[0]), ("c3", 5, starts[3])]
    assert [row[:2] for row in quarantine(home)] == [(4, starts[2]), (6, starts[4])]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("one stray quote", b"c%d,fine,ED"),
        ("one in every line", b'c%d,5" needle,ED'),
        ("an open one in every line", b'c%d,"open,ED'),
        ("two in every line", b'c%d,"a"b,ED'),
        ("two lines a record", b'c%d,"one\ntwo",ED'),
    ],
)
def test_stray_quotes_take_no_longer_than_the_file_is_long(name: str, line: bytes):
    text = b'c,"open,ED\n' + b"\n".join(line % number for number in range(100_000))
    lines = [(number, 0, one) for number, one in enumerate(text.split(b"\n"), 1)]
    began = time.process_time()
    found = list(records(lines))
    assert time.process_time() - began < 5
    assert b"\n".join(one.raw if isinstance(one, Refusal) else one[2] for one in found) == text


def test_a_cell_that_does_not_end_in_a_mebibyte_is_not_waited_for(tmp_path: Path):
    line = b"x" * 1000
    home, report = comments(tmp_path, b'c1,"' + line, *[line] * (2 * LONGEST_RECORD // 1001), b'",ED', b"c2,fine,ED")
    assert (words(home), report["quarantined"]) == ([("c2", "fine")], report["read"] - 1)


# ---- what a row's cells forbid ------------------------------------------------------------------------------

def test_a_comment_of_several_lines_may_be_long(tmp_path: Path):
    line = b"x" * 1000
    longest = b"\n".join([b'c1,"' + line, *[line] * (LONGEST_RECORD // 1001 - 2), b'",ED'])
    home, _ = comments(tmp_path, longest, b"c2,fine,ED")
    assert [len(row[1]) for row in words(home)] == [len(longest) - len(b'c1,"",ED'), 4]


def test_a_long_cell_lands_and_a_line_over_the_limit_is_told_as_such(tmp_path: Path):
    home, _ = comments(tmp_path, b"c1," + b"x" * 200_000 + b",ED", b"c2," + b'"' * (LONGEST + 1), b"c3,fine,ED")
    assert [(name, len(said)) for name, said in words(home)] == [("c1", 200_000), ("c3", 4)]
    assert [(line, code) for line, _, code, _, _ in quarantine(home)] == [(3, "too_long")]


def test_a_line_break_outside_quotes_is_told_as_such(tmp_path: Path):
    home, _ = comments(tmp_path, b"c1,fine,ED\rc2,fine,ED", b"c3,fine,ED")
    assert (words(home), [row[2] for row in quarantine(home)]) == ([("c3", "fine")], ["line_break"])


@pytest.mark.parametrize("identity", [b"", b" ", b"\t", b'"  "', "\u00a0\u2003".encode()])
def test_a_row_without_an_id_is_set_aside(tmp_path: Path, identity: bytes):
    home, _ = comments(tmp_path, identity + b",fine,ED", b"c2,fine,ED")
    assert words(home) == [("c2", "fine")]
    assert [row[2:4] for row in quarantine(home)] == [("no_id", "comment_id")]


@pytest.mark.parametrize(
    ("name", "start", "end", "code"),
    [
        ("forwards", "2026-02-01T10:00:00Z", "2026-02-01T10:05:00Z", None),
        ("no length", "2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z", None),
        ("open", "2026-02-01T10:00:00Z", "", None),
        ("backwards", "2026-02-01T10:05:00Z", "2026-02-01T10:00:00Z", "period_backwards"),
        ("forwards by the clocks, backwards by the zones", "2026-02-01T10:00:00-06:00", "2026-02-01T11:00:00Z",
         "period_backwards"),
        ("until that day is over", "2026-02-01T10:00:00Z", "2026-02-01", None),
        ("until the day before is over", "2026-02-01T10:00:00Z", "2026-01-31", "period_backwards"),
        ("until that month is over", "2026-02-01T10:00:00Z", "2026-02", None),
    ],
)
def test_a_contact_does_not_end_before_it_starts(tmp_path: Path, name: str, start: str, end: str, code: str | None):
    home = Home(tmp_path / "home")
    heading = b"contact_id,channel,started_at,ended_at"
    report = deliver(home, tmp_path / "in", "a.csv", heading, f"k1,phone,{start},{end}".encode(), b"k2,sms,,")
    assert counts(report) == ((1, 0, 0, 1, 0) if code else (2, 0, 0, 0, 0))
    assert [row[2:4] for row in quarantine(home)] == ([(code, "ended_at")] if code else [])


@pytest.mark.parametrize("feed", ["units", "staff"])
def test_nobody_and_no_unit_is_valid_to_a_day_before_it_is_valid_from(tmp_path: Path, feed: str):
    home = Home(tmp_path / "home")
    heading = {"units": b"unit_id,kind,valid_from,valid_to", "staff": b"staff_id,role,valid_from,valid_to"}[feed]
    deliver(
        home, tmp_path / "in", "a.csv", heading,
        b"a,clinic,2026-02-01,2026-01-31", b"b,clinic,2026-02-01,2026-02-01", b"c,clinic,2026-02-01,",
    )
    assert rows(home, feed, f"{feed.removesuffix('s')}_id") == [("b",), ("c",)]
    assert [row[2:4] for row in quarantine(home)] == [("period_backwards", "valid_to")]


@pytest.mark.parametrize(
    ("name", "feed", "heading", "good", "bad", "code"),
    [
        ("a number", "contacts", b"contact_id,channel,queue_minutes", b"-1.5", b"1,5", "cells"),
        ("a number", "contacts", b"contact_id,channel,queue_minutes", b"007", b"1e5", "bad_number"),
        ("a number", "contacts", b"contact_id,channel,queue_minutes", b" 3 ", b"NaN", "bad_number"),
        ("a whole number", "contacts", b"contact_id,channel,transfers", b"3", b"3.0", "bad_number"),
        ("a whole number", "contacts", b"contact_id,channel,transfers", b"999999999999999999", b"9" * 19, "bad_number"),
        ("digits of ours", "contacts", b"contact_id,channel,transfers", b"3", "٣".encode(), "bad_number"),
        ("a flag", "contacts", b"contact_id,channel,automated", b"Yes", b"maybe", "bad_flag"),
        ("a day", "units", b"unit_id,name,valid_from", b"2024-02-29", b"2026-02-29", "bad_date"),
        ("a day", "units", b"unit_id,name,valid_from", b" 2026-01-31 ", b"01/31/2026", "bad_date"),
        ("an instant", "contacts", b"contact_id,channel,started_at", b"2026-01-31T10:00:00Z", b"10:00", "bad_instant"),
    ],
)
def test_a_cell_that_does_not_fit_its_column_sets_its_row_aside(
    tmp_path: Path, name: str, feed: str, heading: bytes, good: bytes, bad: bytes, code: str
):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.csv", heading, b"a,x," + good, b"b,x," + bad, b"c,x,")
    column = heading.rpartition(b",")[2].decode()
    assert [row[0][0] for row in rows(home, feed, f"id, {column}")] == ["a", "c"]
    assert [(row[2], row[3]) for row in quarantine(home)] == [(code, "" if code == "cells" else column)]


def test_rows_are_judged_in_runs_of_bounded_size():
    short = [(number, 0, b"x" * 10) for number in range(RUN_ROWS + 1)]
    assert [len(run) for run in runs_of_records(iter(short))] == [RUN_ROWS, 1]
    long = [(number, 0, b"x" * (RUN_BYTES // 2)) for number in range(5)]
    assert [len(run) for run in runs_of_records(iter(long))] == [2, 2, 1]
    refused = [Refusal("", number, 0, "broken_quotes", "", b"x" * RUN_BYTES) for number in range(2)]
    assert list(runs_of_records(iter(refused))) == [[refused[0]], [refused[1]]]


# ---- headings -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(
    ("heading", "twice"),
    [
        (b"comment_id,comment_id,words,service", "comment_id"),
        (b"comment_id,Comment ID,words,service", "comment_id"),
        (b"comment_id,words,service,WORDS", "words"),
    ],
)
def test_two_columns_of_one_name_are_not_chosen_between(tmp_path: Path, heading: bytes, twice: str):
    row = b"c1,c9,fine,ED"
    home, report = comments(tmp_path, row, heading=heading)
    assert (words(home), counts(report)) == ([], (0, 0, 0, 1, 0))
    assert quarantine(home) == [(2, len(heading) + 1, "heading_twice", twice, row)]
    assert (redrive(home)["quarantined"], words(home)) == (1, [])


def test_a_column_that_a_person_maps_goes_before_one_that_only_bears_the_name(tmp_path: Path):
    home = Home(tmp_path / "home")
    lines = [b"comment_id,words,service,What was said", b"c1,2,ED,fine"]
    report = deliver(home, tmp_path / "in", "a.csv", *lines, renamed={"What was said": "words"})
    assert (words(home), counts(report)) == ([("c1", "fine")], (1, 0, 0, 0, 0))
    assert [one["field"] for one in report["files"][0]["drift"]] == ["comments.words"]


def test_other_columns_of_one_name_and_of_none_are_all_kept(tmp_path: Path):
    home, report = comments(tmp_path, b"c1,fine,ED,a,b,,d", heading=COMMENTS + b",Note,Note,,")
    assert [json.loads(raw) for (raw,) in rows(home, "comments", "raw")] == [{
        "comment_id": "c1", "words": "fine", "service": "ED",
        "Note": "a", "Note (2)": "b", "column 6": None, "column 7": "d",
    }]
    assert [one["field"] for one in report["files"][0]["drift"]] == [
        "comments.Note", "comments.Note (2)", "comments.column 6", "comments.column 7",
    ]


@pytest.mark.parametrize("odd", ["Año".encode("latin-1"), b"a\0b", "Año".encode()])
def test_a_heading_is_known_by_its_own_columns_whatever_stands_in_the_others(tmp_path: Path, odd: bytes):
    home, report = comments(tmp_path, b"c1,fine,ED,x", heading=COMMENTS + b"," + odd)
    assert (words(home), counts(report)) == ([("c1", "fine")], (1, 0, 0, 0, 0))
    told = {b"A\xf1o": "A\\xf1o", b"a\0b": "a\\x00b"}.get(odd, "Año")
    assert report["files"][0]["drift"][0]["field"] == f"comments.{told}"


def test_a_heading_may_break_its_lines_in_quotes(tmp_path: Path):
    home, report = comments(tmp_path, b"c1,fine,ED,", heading=b'\n \ncomment_id,words,service,"Note\n(ours)"')
    assert (words(home), counts(report)) == ([("c1", "fine")], (1, 0, 0, 0, 0))


@pytest.mark.parametrize("cell", [b"", b"a", b'"a"'])
def test_a_heading_of_very_many_columns_takes_no_time(cell: bytes):
    began = time.process_time()
    assert feed_of_heading(COMMENTS + b"," + b",".join([cell] * (65_000 // (len(cell) + 1)))) is not None
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "heading", [b"a,b,c", b'comment_id,"words,service', b"comment_id", b"comment_id words service", b'"', b"\x00\xff"]
)
def test_a_heading_of_no_feed_is_told(tmp_path: Path, heading: bytes):
    _, report = comments(tmp_path, b"c1,fine,ED", heading=heading)
    assert [one["what"] for one in report["refused"]] == ["this is neither FHIR nor a feed we know"]


# ---- driving again ------------------------------------------------------------------------------------------

def test_a_home_that_is_not_there_is_told_and_not_made_by_redrive(tmp_path: Path):
    with pytest.raises(Problem) as told:
        redrive_command.run(argparse.Namespace(home=str(tmp_path / "nowhere"), json=True))
    assert told.value == Problem(
        "there is no home here", str(tmp_path / "nowhere"), "Name the one that holds the quarantined lines with --home."
    )
    assert list(tmp_path.iterdir()) == []


def test_rows_driven_again_are_judged_by_the_same_rules(tmp_path: Path):
    home, _ = comments(tmp_path, b"c1,\xff,ED", b'c2,"a', b'b,c",d,ED', b" ,fine,ED", b"c3,5\" needle,ED")
    before = quarantine(home)
    assert (redrive(home)["quarantined"], words(home), quarantine(home)) == (4, [], before)
