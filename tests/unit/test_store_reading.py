"""A release is read through one door: what was written comes back, and the register says which one is current."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.release_fixture import write_pages_file
from twohats.store.buckets import range_sql
from twohats.store.home import Home, home_from
from twohats.store.keys import KEY_MACRO, bucket_of, key
from twohats.store.reading import current
from twohats.store.register import make_current, point_to, registered

ANA = key("Patient/ana")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def publish(home: Home, release: str, people: list[dict]) -> None:
    folder = home.ensure().releases / release
    folder.mkdir()
    write_pages_file(folder / "pages.sqlite", {"people": pa.Table.from_pylist(people)}, {"id": release, "n": 1})
    make_current(home, release, "2026-03-01T12:00:00Z")


def test_a_new_home_has_no_release(tmp_path: Path):
    assert current(Home(tmp_path)) is None
    assert registered(Home(tmp_path)) == []


def test_the_home_is_the_one_named_else_of_the_environment_else_here(monkeypatch):
    monkeypatch.setenv("TWOHATS_HOME", "elsewhere")
    assert [home_from("named"), home_from(None)] == [Home("named"), Home("elsewhere")]
    monkeypatch.delenv("TWOHATS_HOME")
    assert home_from(None) == Home("home")


def test_what_was_written_is_read(tmp_path: Path):
    home = Home(tmp_path)
    row = {"person": ANA, "patient_id": "ana", "portal": True, "deceased_at": NOON, "birth_date": "1950-01-02"}
    publish(home, "first", [row])
    reader = current(home)
    kept = reader.row("SELECT * FROM people WHERE person = ?", (ANA,))
    assert {name: value for name, value in dict(kept).items() if value is not None} == {
        "person": ANA, "patient_id": "ana", "portal": 1, "birth_date": "1950-01-02",
        "deceased_at": 1772366400000000,
    }
    assert reader.release == {"id": "first", "n": 1}
    assert reader.rows("SELECT * FROM interactions WHERE person = ?", (ANA,)) == []


def test_the_current_release_is_one_row_that_can_be_pointed_back(tmp_path: Path):
    home = Home(tmp_path)
    publish(home, "first", [{"person": 1}])
    publish(home, "second", [{"person": 2}])
    second = current(home)
    point_to(home, "first")
    first = current(home)
    assert (second.id, first.id) == ("second", "first")
    assert [kept.id for kept in registered(home)] == ["first", "second"]
    assert [row["person"] for row in first.rows("SELECT person FROM people")] == [1]


def test_a_release_is_opened_once(tmp_path: Path):
    home = Home(tmp_path)
    publish(home, "first", [])
    assert current(home) is current(home)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_sql_and_python_make_the_same_key_and_bucket(text: str):
    connection = duckdb.connect()
    connection.execute(KEY_MACRO)
    inside = range_sql(bucket_of(key(text), 64), 64)
    found = connection.execute(f"SELECT owner, {inside} FROM (SELECT key($1) AS owner)", [text]).fetchone()
    assert found == (key(text), True)


def test_one_bucket_holds_everybody():
    assert bucket_of(ANA, 1) == 0

