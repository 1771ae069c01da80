"""Comments made searchable inside the pages file: a narrow table in the order told, and indexes of masked words.

`said` has one row per clause, numbered in the order told; `shown` numbers those that may be shown to readers who see
only what is disclosed, in an order that tells no more of the time than their cell does. `clause_words` and
`comment_words` index the masked words of clauses (by `said.number`) and of whole comments (by `said.comment`); they
hold no text. All four tables are made anew from the released ones each time a pages file is finished, so a file that
was patched for changed people answers like one built whole.
"""

import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .disclosure import Said, shown_where

UNSURE = "unsure"
"""In place of a hat: we are not sure, and it waits for a reader."""
LONGEST, MOST_TERMS, SHORTEST_PREFIX = 200, 12, 2
_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u00ab\u00bb\u201e", '"'))

_MADE = f"""
DROP TABLE IF EXISTS said;
DROP TABLE IF EXISTS clause_words;
DROP TABLE IF EXISTS comment_words;
CREATE TABLE said (
    number INTEGER PRIMARY KEY, shown INTEGER, comment INTEGER, clause INTEGER, voice INTEGER, who INTEGER,
    unit TEXT, month TEXT, said_at INTEGER, shown_unit TEXT, shown_first TEXT, shown_last TEXT,
    hat TEXT, touchpoint TEXT, sentiment INTEGER, speaker TEXT, service TEXT, labelled INTEGER);
CREATE VIRTUAL TABLE clause_words USING fts5(
    words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE comment_words USING fts5(
    words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2');
CREATE TEMP TABLE labelled_things AS
    SELECT visit AS thing FROM interactions WHERE sensitive IS NOT NULL AND visit IS NOT NULL
    UNION SELECT interaction FROM interactions WHERE sensitive IS NOT NULL;
CREATE TEMP TABLE labelled_comments AS
    SELECT DISTINCT voice FROM clauses
    WHERE visit IN (SELECT thing FROM labelled_things) OR interaction IN (SELECT thing FROM labelled_things);
INSERT INTO said
    SELECT row_number() OVER told, NULL, dense_rank() OVER (ORDER BY clauses.said_at, clauses.voice), clause, voice,
        coalesce(person, voice), clauses.unit, month_there(clauses.said_at, units.time_zone), said_at,
        NULL, NULL, NULL, CASE WHEN certain THEN hat ELSE '{UNSURE}' END, touchpoint, sentiment, speaker, service,
        voice IN (SELECT voice FROM labelled_comments)
    FROM clauses LEFT JOIN units ON units.unit = clauses.unit
    WINDOW told AS (ORDER BY clauses.said_at, clauses.voice, clause_no);
DROP TABLE temp.labelled_things;
DROP TABLE temp.labelled_comments;
"""
_SHOWN = """
UPDATE said SET shown_unit = cell.unit, shown_first = cell.first, shown_last = cell.last
    FROM temp.cells AS cell WHERE cell.comment = said.comment;
UPDATE said SET shown = ranked.shown FROM (
    SELECT number, row_number() OVER (ORDER BY shown_last, shown_first, voice, number) AS shown
    FROM said WHERE shown_unit IS NOT NULL) AS ranked
    WHERE ranked.number = said.number;
CREATE INDEX said_by_shown ON said (shown) WHERE shown IS NOT NULL;
CREATE INDEX said_by_clause ON said (clause);
CREATE INDEX said_by_touchpoint ON said (touchpoint);
DROP TABLE temp.cells;
"""


def make_searchable(connection: sqlite3.Connection) -> None:
    """Makes the tables of the search from clauses, interactions and units, in the transaction that is open."""
    connection.create_function("month_there", 2, _month_there, deterministic=True)
    _run(connection, _MADE)
    _give_cells(connection)
    _index_words(connection)


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: executescript would end the transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _give_cells(connection: sqlite3.Connection) -> None:
    above = dict(connection.execute("SELECT unit, coalesce(merged_into, parent) FROM units").fetchall())
    # What carries a label is disclosed to nobody, so it fills no cell for the others either.
    said = connection.execute("SELECT DISTINCT comment, who, unit, month FROM said WHERE NOT labelled").fetchall()
    cells = shown_where((Said(*one) for one in said), above)
    connection.execute("CREATE TEMP TABLE cells (comment INTEGER PRIMARY KEY, unit TEXT, first TEXT, last TEXT)")
    connection.executemany("INSERT INTO cells VALUES (?, ?, ?, ?)", ((key, *cell) for key, cell in cells.items()))
    _run(connection, _SHOWN)


def _index_words(connection: sqlite3.Connection) -> None:
    connection.executemany(
        "INSERT INTO clause_words (rowid, words) VALUES (?, ?)",
        connection.execute("SELECT number, masked FROM said JOIN clauses USING (clause) ORDER BY number"))
    connection.executemany("INSERT INTO comment_words (rowid, words) VALUES (?, ?)", _whole_comments(connection))
    for index in ("clause_words", "comment_words"):
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _whole_comments(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    told = connection.execute("SELECT comment, masked FROM said JOIN clauses USING (clause) ORDER BY number")
    for comment, clauses in groupby(told, key=lambda row: row[0]):
        yield comment, "".join(row[1] or "" for row in clauses)


def _month_there(micros: int | None, zone: str | None) -> str:
    """YYYY-MM of an instant on the clock of the unit; '' where no instant is told."""
    if micros is None:
        return ""
    return datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(_clock(zone or "UTC")).strftime("%Y-%m")


@cache
def _clock(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def terms(typed: str) -> list[str]:
    """What a reader typed, as FTS5 strings: words, "exact phrases" and begin*; nothing in it can be an operator.

    What holds no letter and no digit looks for nothing and is left out; so is what goes on after 200 characters.
    """
    found = []
    for number, part in enumerate(_clean(typed).split('"')):
        pieces = [part] if number % 2 else part.split()
        found += [_quoted(piece) for piece in pieces if any(map(_is_of_a_word, piece))]
    return list(dict.fromkeys(found))[:MOST_TERMS]


def _clean(typed: str) -> str:
    """Without control characters and halves of characters, which no word holds and no string may."""
    straight = typed[:LONGEST].translate(_QUOTES)
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Cn") else char for char in straight)


def _is_of_a_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN"


def _quoted(piece: str) -> str:
    bare = piece.rstrip("* ")
    begins = piece.rstrip().endswith("*") and sum(map(_is_of_a_word, bare)) >= SHORTEST_PREFIX
    return f'"{bare}"' + ("*" if begins else "")


def matches(typed: str) -> tuple[str, str] | None:
    """Two FTS5 queries: whole comments that hold every term, and clauses that hold one. None where nothing is asked."""
    asked = terms(typed)
    return (" AND ".join(asked), " OR ".join(asked)) if asked else None
