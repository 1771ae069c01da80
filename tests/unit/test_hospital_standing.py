"""A public HCAHPS file is taken in strictly, and tells where our hospitals stand; the demo's is made up."""

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.unit.demo_files import demo, rows
from twohats.analysis.measures.cahps.standing import standing
from twohats.sources.commands.intake import take_in
from twohats.store.drawn import drawn_tables
from twohats.store.engine import connect, keep
from twohats.store.home import Home
from twohats.store.landings import versions_sql

HEAD = "facility_id,state,num_completed_surveys,start_date,end_date,H_COMP_1_A_P,H_COMP_1_SN_P,H_QUIET_HSP_A_P"


def taken(tmp_path: Path, *lines: str) -> dict[str, Any]:
    file = tmp_path / "hospitals.csv"
    file.write_text("\n".join([HEAD, *lines]) + "\n")
    return take_in(Home(tmp_path / "home").ensure(), [file])["files"][0]


def test_what_is_not_given_is_no_number_and_other_boxes_are_kept_without_a_word(tmp_path: Path):
    report = taken(tmp_path, "1,IL,300,1/1/2025,12/31/2025,70,10,60", "2,IL,Not Available,1/1/2025,12/31/2025,,,",
                   "3,IL,,1/1/2025,12/31/2025,Not Available,Not Available,50")
    assert (report["kind"], report["read"], report["accepted"], report["blank"]) == ("hospital_scores", 3, 3, 0)
    assert report["drift"] == []


@pytest.mark.parametrize(("line", "reason"), [
    ("1,IL,300,1/1/2025,12/31/2025,170,10,60", "out_of_range"),
    ("1,IL,-3,1/1/2025,12/31/2025,70,10,60", "out_of_range"),
    ("1,IL,300,1/1/2025,12/31/2025,many,10,60", "bad_number"),
    (",IL,300,1/1/2025,12/31/2025,70,10,60", "no_id"),
])
def test_a_line_that_cannot_be_is_set_aside_with_its_reason(tmp_path: Path, line: str, reason: str):
    report = taken(tmp_path, line, "2,IL,300,1/1/2025,12/31/2025,70,10,60")
    assert (report["accepted"], report["quarantined"], report["reasons"]) == (1, 1, {reason: 1})


def hospital(facility: str, completes: int, nurses: float | None, year: int = 2025) -> dict[str, Any]:
    return {"facility_id": facility, "num_completed_surveys": completes, "start_date": f"1/1/{year}",
            "end_date": f"12/31/{year}", "h_comp_1_a_p": nurses}


def stood(feeds: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    connection = connect()
    try:
        for name in ("hospital_scores", "units"):
            keep(connection, name, drawn_tables([], feeds)[name])
        return standing(connection).to_pylist()
    finally:
        connection.close()


UNIT = {"unit_id": "north", "name": "North", "kind": "site", "time_zone": "UTC", "valid_from": "2020-01-01"}


def test_ours_stands_among_those_with_enough_surveys_of_the_same_period():
    feeds = {
        "units": [UNIT | {"facility_id": "7"}],
        "hospital_scores": [
            hospital("7", 300, 80.0), hospital("1", 100, 70.0), hospital("2", 500, 80.0), hospital("3", 99, 10.0),
            hospital("4", 400, 90.0), hospital("5", 400, None), hospital("6", 300, 60.0, 2024),
        ],
    }
    assert stood(feeds) == [
        {"measure": "h_comp_1_a_p", "unit": "north", "first_day": "1/1/2025", "last_day": "12/31/2025", "value": 80.0,
         "completes": 300, "response_rate": None, "hospitals": 4, "below": 1, "alike": 2, "lower_quarter": 77.5,
         "middle": 80.0, "upper_quarter": 82.5, "lowest": 70.0, "highest": 90.0}]
    assert stood(feeds | {"units": [UNIT | {"facility_id": "6"}]})[0] | {"value": None} == {
        "measure": "h_comp_1_a_p", "unit": "north", "first_day": "1/1/2024", "last_day": "12/31/2024", "value": None,
        "completes": 300, "response_rate": None, "hospitals": 1, "below": 0, "alike": 1, "lower_quarter": 60.0,
        "middle": 60.0, "upper_quarter": 60.0, "lowest": 60.0, "highest": 60.0}
    assert stood(feeds | {"units": [UNIT]}) == stood(feeds | {"units": [UNIT | {"facility_id": "3"}]}) == []


@pytest.mark.parametrize(("in_units", "in_file", "is_found"), [
    ("010001", "010001", True), ("010001", "10001", True), ("10001", "010001", True), (" 010001", "10001 ", True),
    ("14014F", "14014f", True), ("010001", "100010", False), ("01T001", "1T001", False),
])
def test_a_hospital_is_found_though_a_spreadsheet_dropped_the_zeros_of_its_number(in_units, in_file, is_found):
    found = stood({"units": [UNIT | {"facility_id": in_units}], "hospital_scores": [hospital(in_file, 300, 80.0)]})
    assert [row["unit"] for row in found] == (["north"] if is_found else [])


def test_of_two_rows_of_one_hospital_with_and_without_its_zeros_the_later_counts():
    found = stood({"units": [UNIT | {"facility_id": "010001"}], "hospital_scores": [
        hospital("010001", 300, 70.0), hospital("10001", 320, 80.0), hospital("010005", 300, 60.0)]})
    assert [(row["value"], row["completes"], row["hospitals"]) for row in found] == [(80.0, 320, 2)]


def test_a_number_lands_as_it_was_written(tmp_path: Path):
    home = Home(tmp_path / "home").ensure()
    (tmp_path / "hospitals.csv").write_text(f"{HEAD}\n010001,AL,300,1/1/2025,12/31/2025,70,10,60\n")
    (tmp_path / "units.csv").write_text(
        "unit_id,name,kind,time_zone,valid_from,facility_id\nmine,Mine,site,UTC,2020-01-01,010001\n")
    take_in(home, [tmp_path / "hospitals.csv", tmp_path / "units.csv"])
    connection = connect()
    try:
        landed = [connection.execute(f"SELECT facility_id FROM ({versions_sql(home, name)})").fetchall()
                  for name in ("hospital_scores", "units")]
    finally:
        connection.close()
    assert landed == [[("010001",)], [("010001",)]]


def test_ours_stands_in_the_real_public_file_whose_zeros_were_dropped(tmp_path: Path, shared_data: Path):
    home = Home(tmp_path / "home").ensure()
    (tmp_path / "units.csv").write_text(
        "unit_id,name,kind,time_zone,valid_from,facility_id\nmine,Mine,site,UTC,2020-01-01,010001\n")
    take_in(home, [shared_data / "cahps" / "hcahps_2022_hospitals.csv", tmp_path / "units.csv"])
    connection = connect()
    try:
        for name in ("hospital_scores", "units"):
            connection.execute(f"CREATE TEMP TABLE {name} AS {versions_sql(home, name)}")
        found = standing(connection).to_pylist()
    finally:
        connection.close()
    assert {(row["unit"], row["completes"]) for row in found} == {("mine", 536)} and len(found) == 10


def test_the_demos_file_is_made_up_and_every_site_of_it_is_in_it():
    told = rows(demo(), "csv/hospital_scores")
    sites = {row["facility_id"] for row in rows(demo(), "csv/units") if row["facility_id"]}
    assert len(told) == 404 and sites == {"X00001", "X00002", "X00003", "X00004"}
    assert {row["facility_id"] for row in told if row["facility_id"] in sites} == sites
    assert all(row["facility_id"].startswith("X") for row in told), "no real hospital's number begins so"


def test_the_real_public_file_is_taken_in_whole(tmp_path: Path, shared_data: Path):
    file = shared_data / "cahps" / "hcahps_2022_hospitals.csv"
    with file.open() as held:
        hospitals = list(csv.DictReader(held))
    home = Home(tmp_path / "home").ensure()
    units = tmp_path / "units.csv"
    units.write_text("unit_id,name,kind,time_zone,valid_from,facility_id\nmine,Mine,site,UTC,2020-01-01,10001\n")
    reports = take_in(home, [file, units])["files"]
    assert [(one["kind"], one["accepted"], one["quarantined"]) for one in reports] == [
        ("hospital_scores", len(hospitals), 0), ("units", 1, 0)]
