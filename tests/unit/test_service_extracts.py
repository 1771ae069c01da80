"""What leaves the house: names taken out, formulas disarmed, the same rows in both forms."""

import csv
import io
import json
from datetime import date

import pyarrow.parquet as pq
import pytest

from twohats.service.pages.analyst import masking, writing
from twohats.store.inert import STARTS_A_FORMULA, harmless
from twohats.store.tables import Column, Kind, Personal, Table
from twohats.store.tables.release import PEOPLE, RELEASED, VOICES

MASK = masking.Mask(b"a key of this test", date(2026, 11, 23))
OTHER = masking.Mask(b"another key", date(2026, 11, 23))
NOON = 1_780_000_000_000_000

ANA = {
    "person": 11, "patient_id": "Patient/ana", "family": "Alvarez", "given": "Ana", "birth_date": "1950-04-02",
    "age_band": "65-79", "gender": "female", "language": "es", "interpreter": 1, "hearing": 0, "wheelchair": 0,
    "zip": "02139", "portal": 1, "deceased_at": None, "hospice_at": None, "merged_from": '["Patient/ana-old"]',
    "identifiers": '["MRN-1"]', "prospect": 0,
}


def test_ana_without_names():
    row = masking.masker(PEOPLE, MASK)(ANA)
    assert row == {
        "person": MASK.number(11), "patient_id": MASK.text("Patient/ana"), "birth_date": "1950", "age_band": "65-79",
        "gender": "female", "language": "es", "interpreter": 1, "hearing": 0, "wheelchair": 0, "zip": "021",
        "portal": 1, "deceased_at": None, "hospice_at": None, "merged_from": json.dumps([MASK.text("Patient/ana-old")]),
        "identifiers": json.dumps([MASK.text("MRN-1")]), "prospect": 0,
    }


def test_an_id_keeps_its_type_and_is_another_in_another_extract():
    assert MASK.text("Patient/ana").startswith("Patient/")
    assert MASK.text("Patient/ana") == MASK.text("Patient/ana") != OTHER.text("Patient/ana")
    assert MASK.number(11) == MASK.number(11) != OTHER.number(11)
    assert 0 <= MASK.number(11) < 2**63


def test_the_dates_of_one_person_move_together_and_those_of_another_differently():
    table = Table("t", "one row", ("id",), (
        Column("id", Kind.INT, ""), Column("person", Kind.INT, "", personal=Personal.ID),
        Column("began_at", Kind.INSTANT, "", personal=Personal.DATE),
        Column("day", Kind.DATE, "", personal=Personal.DATE)))
    masked = masking.masker(table, MASK)
    first = masked({"id": 1, "person": 11, "began_at": NOON, "day": "2026-03-10"})
    second = masked({"id": 2, "person": 11, "began_at": NOON + 90_000_000, "day": "2026-03-12"})
    assert second["began_at"] - first["began_at"] == 90_000_000
    assert date.fromisoformat(second["day"]) - date.fromisoformat(first["day"]) == date(2026, 3, 12) - date(2026, 3, 10)
    assert (NOON - first["began_at"]) % masking.DAY == 0
    assert 1 <= (NOON - first["began_at"]) // masking.DAY <= masking.SHIFT_DAYS
    assert len({MASK.days(person) for person in range(50)}) > 30


@pytest.mark.parametrize(("born", "told"), [
    ("1936-01-01", "90+"), ("1936", "90+"), ("1937-12-31", "1937"), ("2020-05", "2020"), ("unknown", None)])
def test_of_a_birth_only_the_year_is_told_and_above_89_not_even_that(born, told):
    assert MASK.birth(born) == told


def test_a_masked_table_has_no_column_of_names_contacts_or_words():
    left = {(table.name, column.name) for table in RELEASED for column in masking.masked_columns(table)
            if column.personal in (Personal.NAME, Personal.CONTACT, Personal.WORDS)}
    assert left == set()


def test_every_kind_of_personal_column_has_a_way_to_be_treated():
    row = {column.name: None for column in VOICES.columns} | {"voice": 5}
    assert masking.masker(VOICES, MASK)(row)["voice"] == MASK.number(5)


def test_a_list_of_an_unknown_shape_is_left_out_not_passed_on():
    column = Column("links", Kind.JSON, "", personal=Personal.ID)
    assert masking._new_id(column, '[{"other": "Patient/ana"}]', MASK) is None


COLUMNS = (Column("name", Kind.TEXT, "A name."), Column("n", Kind.INT, "A count."), Column("p", Kind.FLOAT, ""),
           Column("yes", Kind.BOOL, "Yes."), Column("began_at", Kind.INSTANT, ""), Column("day", Kind.DATE, ""))
ROWS = [{"name": 'a "quoted", word', "n": -3, "p": -0.5, "yes": 1, "began_at": 0, "day": "2026-02-01"},
        {"name": None, "n": None, "p": None, "yes": None, "began_at": None, "day": None}]


def test_csv_is_written_by_the_book():
    assert "".join(writing.as_csv(COLUMNS, [ROWS])) == (
        "name,n,p,yes,began_at,day\r\n"
        '"a ""quoted"", word",-3,-0.5,true,1970-01-01T00:00:00Z,2026-02-01\r\n'
        ",,,,,\r\n")


def test_parquet_holds_the_same_values():
    file = io.BytesIO(b"".join(writing.as_parquet(COLUMNS, [ROWS[:1], ROWS[1:]])))
    table = pq.read_table(file)
    assert table.schema.names == [column.name for column in COLUMNS]
    assert table.to_pylist() == [
        {"name": 'a "quoted", word', "n": -3, "p": -0.5, "yes": True, "began_at": writing.EPOCH,
         "day": date(2026, 2, 1)},
        dict.fromkeys(ROWS[0])]


def test_an_empty_table_is_a_file_all_the_same():
    assert "".join(writing.as_csv(COLUMNS, [])) == "name,n,p,yes,began_at,day\r\n"
    assert pq.read_table(io.BytesIO(b"".join(writing.as_parquet(COLUMNS, [])))).num_rows == 0


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "＝1", "＋1", "－1", "＠x", "  =1"])
def test_a_formula_is_disarmed(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "1-2", "a=b", "'=1"])
def test_other_words_stay(text):
    assert harmless(text) == text


def test_no_known_payload_starts_a_formula(shared_data):
    payloads = [line for line in (shared_data / "badinput/csv/injection.txt").read_text().splitlines() if line]
    column = (Column("name", Kind.TEXT, "A name."),)
    text = "".join(writing.as_csv(column, [[{"name": payload} for payload in payloads]]))
    read = [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert [cell for cell in read if cell.lstrip().startswith(STARTS_A_FORMULA)] == []
    assert [cell.removeprefix("'") for cell in read] == [payload.removeprefix("'") for payload in payloads]
