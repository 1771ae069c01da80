"""What goes together with the rating of the whole: from buckets as from the whole, held to the engine of drivers."""

import hashlib
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.test_measures_of_answers import form
from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.analysis.context import DRIVER_ITEMS
from twohats.analysis.measures.estimates.drivers import drivers_of
from twohats.analysis.measures.told_drivers import correlations_from, told_drivers
from twohats.analysis.parts import PARTS, sum_sql
from twohats.analysis.stages import run_stage, stages
from twohats.store.engine import connect, keep
from twohats.words.hats import Hat

ITEMS = {"COM_LISTEN": "patient", "COM_TIME": "patient", "STAFF_HELPFUL": "customer", "RATING": "overall"}
ANSWERS = pa.schema([("person", pa.int64()), ("form", pa.string()), ("instrument", pa.string()), ("item", pa.string()),
                     ("points", pa.int64()), ("is_family", pa.bool_()), ("unit", pa.string()),
                     ("said_at", pa.timestamp("us", "UTC"))])
NEW_YEAR = np.datetime64("2026-01-01T03:00:00")
"""In Chicago it is still the year before."""


def drawn(forms: int, seed: int = 1) -> list[dict[str, Any]]:
    """Answers of so many forms, most people with one, some with two; every tenth leaves an item out."""
    chance, rows = Random(seed), []
    for number in range(forms):
        person = int.from_bytes(hashlib.sha256(f"{seed}/{number * 4 // 5}".encode()).digest()[:8]) >> 1
        mood = chance.gauss(0, 1)
        for place, item in enumerate(ITEMS):
            if number % 10 == 9 and item == "COM_TIME":
                continue
            felt = mood * (1 + place) / 3 + chance.gauss(0, 1)
            points = 10_000 * min(max(round(5 + 2 * felt), 0), 10)
            rows.append({"person": person, "form": f"w{number}", "instrument": "cg_cahps_3_1", "item": item,
                         "points": points, "is_family": False, "unit": "clinic", "said_at": NEW_YEAR.item()})
    return rows


def part_of(rows: list[dict[str, Any]]) -> pa.Table:
    """The partial sums of a bucket with these answers."""
    connection = connect()
    try:
        keep(connection, "form_answers", pa.Table.from_pylist(rows, ANSWERS))
        keep(connection, "driver_items", pa.Table.from_pylist(
            [{"instrument": "cg_cahps_3_1", "item": item, "hat": hat, "items": len(ITEMS)}
             for item, hat in ITEMS.items()], DRIVER_ITEMS))
        keep(connection, "site_zones", pa.table({"unit": ["clinic"], "time_zone": ["America/Chicago"]}))
        run_stage(connection, next(stage for stage in stages() if stage.table == "drivers_parts"))
        return connection.sql("FROM drivers_parts").to_arrow_table()
    finally:
        connection.close()


def merged(added: list[pa.Table], taken_away: list[pa.Table] | None = None) -> pa.Table:
    connection = connect()
    try:
        keep(connection, "plus", pa.concat_tables(added))
        keep(connection, "minus", pa.concat_tables(taken_away or [added[0].slice(0, 0)]))
        return connection.sql(sum_sql(PARTS["drivers_parts"])).to_arrow_table()
    finally:
        connection.close()


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The points of complete forms, item by item."""
    forms: dict[str, dict[str, int]] = {}
    for row in rows:
        forms.setdefault(row["form"], {})[row["item"]] = row["points"]
    whole = [answers for answers in forms.values() if len(answers) == len(ITEMS)]
    return {item: [answers[item] for answers in whole] for item in ITEMS}


def test_shares_are_those_of_the_engine_on_the_single_answers_and_add_up():
    rows = drawn(600)
    points = columns_of(rows)
    overall = points.pop("RATING")
    expected = drivers_of(overall, points, hats={item: Hat(ITEMS[item]) for item in points}, resamples=1_000)
    told = told_drivers(merged([part_of(rows)])).to_pylist()
    assert [(row["part"], row["driver"], row["hat"]) for row in told] == [
        *(("item", item, ITEMS[item]) for item in points), ("hat", "customer", "customer"),
        ("hat", "patient", "patient"), ("all", "", "")]
    assert {(row["instrument"], row["year"], row["answers"], row["people"]) for row in told} == {
        ("cg_cahps_3_1", "2025", 525, 400)}
    assert [row["share"] for row in told[:3]] == pytest.approx([driver.share for driver in expected.drivers])
    assert {Hat(row["hat"]): row["share"] for row in told[3:5]} == pytest.approx(
        {one.hat: one.share for one in expected.hats})
    assert told[5]["share"] == pytest.approx(expected.r2)
    assert [row["of_hat"] for row in told[:3]] == pytest.approx([
        told[0]["share"] / told[4]["share"], told[1]["share"] / told[4]["share"], 1.0])
    assert [row["correlation"] for row in told[:3]] == pytest.approx(
        [np.corrcoef(overall, values)[0, 1] for values in points.values()])
    for row, driver in zip(told[:3], expected.drivers, strict=True):
        assert row["low"] < row["share"] < row["high"]
        assert row["high"] - row["low"] == pytest.approx(driver.upper - driver.lower, rel=0.35)


@pytest.mark.parametrize("buckets", [2, 8, 256])
def test_buckets_merged_are_the_whole_to_the_last_digit_and_can_be_taken_away(buckets: int):
    rows = drawn(400)
    bits = buckets.bit_length() - 1
    parts = [part_of([row for row in rows if row["person"] >> (63 - bits) == bucket]) for bucket in range(buckets)]
    whole = merged([part_of(rows)])
    assert merged(parts).equals(whole)
    assert told_drivers(merged(parts)).equals(told_drivers(whole))
    more = part_of([row | {"form": f"more {row['form']}"} for row in drawn(150, seed=2)])
    assert merged([whole, more], [more]).equals(whole)


def test_fewer_than_a_hundred_complete_answers_of_a_hundred_people_say_nothing():
    assert told_drivers(part_of(drawn(110))).num_rows == 0
    of_few = [row | {"person": row["person"] % 50} for row in drawn(400)]
    assert told_drivers(part_of(of_few)).num_rows == 0


def test_a_rating_that_does_not_vary_goes_together_with_nothing():
    alike = [row | {"points": 100_000} if row["item"] == "RATING" else row for row in drawn(300)]
    assert told_drivers(part_of(alike)).num_rows == 0
    one_alike = [row | {"points": 0} if row["item"] == "COM_TIME" else row for row in drawn(300)]
    told = {row["driver"]: row["share"] for row in told_drivers(part_of(one_alike)).to_pylist()}
    assert told["COM_TIME"] == 0
    assert told["COM_LISTEN"] > 0.01


def test_correlations_from_sums_are_those_of_the_answers():
    rows = np.array(list(columns_of(drawn(200)).values()), dtype=float)
    with_one = np.vstack([np.ones(rows.shape[1]), rows])
    assert correlations_from(with_one @ with_one.T) == pytest.approx(np.corrcoef(rows))


def test_items_that_few_forms_answer_and_relatives_are_left_out():
    asked = {"COM_LISTEN": "always", "STAFF_HELPFUL": "usually", "RATING": "9"}
    forms = [*form("w1", "CG-CAHPS", **asked), *form("w2", "CG-CAHPS", COM_TIME="never", **asked),
             *form("w3", "CG-CAHPS", **asked), *form("w4", "CG-CAHPS", who="family", **asked),
             *form("w5", "CG-CAHPS", COM_LISTEN="always", RATING="8")]
    parts = build_lines([patient("ana")], {"surveys": forms})["drivers_parts"].to_pylist()
    assert {(row["first"], row["second"], row["hat"]): (row["answers"], row["people"], row["product"])
            for row in parts} == {
        ("", "", ""): (3, 1, 3), ("", "RATING", "overall"): (3, 1, 270_000),
        ("", "COM_LISTEN", "patient"): (3, 1, 300_000), ("", "STAFF_HELPFUL", "customer"): (3, 1, 200_001),
        ("COM_LISTEN", "COM_LISTEN", "patient"): (3, 1, 30_000_000_000),
        ("COM_LISTEN", "RATING", "overall"): (3, 1, 27_000_000_000),
        ("COM_LISTEN", "STAFF_HELPFUL", "customer"): (3, 1, 20_000_100_000),
        ("RATING", "RATING", "overall"): (3, 1, 24_300_000_000),
        ("RATING", "STAFF_HELPFUL", "customer"): (3, 1, 18_000_090_000),
        ("STAFF_HELPFUL", "STAFF_HELPFUL", "customer"): (3, 1, 13_333_466_667),
    }
