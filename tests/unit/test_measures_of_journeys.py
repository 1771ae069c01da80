"""What follows what and after how long, ways through a visit, turns from hat to hat: on drawn journeys, whole tables.

Two interactions may begin in the same instant; then the source's order tells, and where that is the same the key.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from twohats.analysis.context import DRIVER_ITEMS, SAID_SO_ANSWERS, above
from twohats.analysis.measures.answer_codes import ANSWER_CODES
from twohats.analysis.parts import PARTS, finished, merged_parts
from twohats.analysis.stages import run_stage, stages_of_sums
from twohats.store.dealing import FEEDS
from twohats.store.drawn import arrow_schema
from twohats.store.engine import connect, keep
from twohats.store.tables.release import BY_PERSON, INTERACTIONS, VISITS

ANA, BEN, EVE, GUS = 1, 2, 3, 4
EMERGENCY, TOO, CLINIC = 10, 20, 30
CLASSES = {EMERGENCY: "EMER", TOO: "EMER", CLINIC: None}
DRAWN = """
    person visit unit when              order key touchpoint hat
    ANA    10    ed   2026-02-01T05:30  1     19  check_in   customer
    ANA    10    ed   2026-02-01T05:30  2     11  waiting    customer
    ANA    10    ed   2026-02-01T05:50  3     13  treatment  patient
    ANA    10    ed   2026-02-01T05:50  3     14  treatment  patient
    ANA    10    ed   2026-02-01T06:50  4     15  leave      none
    ANA    -     -    2026-02-01T07:50  5     16  bill       customer
    BEN    20    ed   2026-02-01T08:00  1     21  check_in   customer
    BEN    20    ed   2026-02-01T08:00  1     22  waiting    customer
    BEN    20    ed   2026-02-01T08:20  2     23  treatment  patient
    BEN    20    ed   2026-02-01T08:40  3     24  leave      none
    EVE    30    hall 2026-02-02T09:00  1     31  check_in   customer
    EVE    30    hall 2026-02-02T09:10  2     32  treatment  unknown
    EVE    30    hall 2026-02-02T09:20  3     33  check_in   customer
    EVE    30    hall 2026-02-02T09:30  4     34  treatment  unknown
    EVE    30    hall 2026-02-02T09:40  5     35  treatment  mixed
    EVE    30    hall 2026-02-02T09:50  6     36  treatment  patient
    GUS    -     -    2026-02-03T10:00  1     41  bill       customer
"""
FOLLOWS = [
    # before, after, times, minutes between in all, and in which bins of the time between
    ("check_in", "treatment", 2, 20.0, '{"147":2}'),
    ("check_in", "waiting", 2, 0.0, '{"0":2}'),
    ("leave", "bill", 1, 60.0, '{"189":1}'),
    ("treatment", "check_in", 1, 10.0, '{"147":1}'),
    ("treatment", "leave", 2, 80.0, '{"163":1,"189":1}'),
    ("treatment", "treatment", 3, 20.0, '{"0":1,"147":2}'),
    ("waiting", "treatment", 2, 40.0, '{"163":2}'),
]
VARIANTS = [
    # of a visit without a class; the same touchpoint again is told once
    ("", "check_in > treatment > check_in > treatment", 1),
    ("EMER", "check_in > waiting > treatment > leave", 2),
]
TURNS = [
    # unit and month (of the place) of the later one; time away and what is unknown are stepped over
    ("", "2026-02", "patient", "customer", "treatment", "bill", 1, 1),
    ("ed", "2026-01", "customer", "patient", "waiting", "treatment", 1, 1),
    ("ed", "2026-02", "customer", "patient", "waiting", "treatment", 1, 1),
    ("hall", "2026-02", "customer", "mixed", "check_in", "treatment", 1, 1),
    ("hall", "2026-02", "mixed", "patient", "treatment", "treatment", 1, 1),
]
EXPECTED = {"follows": FOLLOWS, "variants": VARIANTS, "turns": TURNS}


def drawn() -> list[dict[str, Any]]:
    """The rows of the drawing; the order of its lines means nothing."""
    people = {"ANA": ANA, "BEN": BEN, "EVE": EVE, "GUS": GUS}
    rows = []
    for line in DRAWN.strip().splitlines()[1:]:
        cells = (None if cell == "-" else cell for cell in line.split())
        person, visit, unit, when, order, key, touchpoint, hat = cells
        rows.append({
            "person": people[str(person)], "visit": visit and int(visit), "unit": unit, "interaction": int(str(key)),
            "started_at": datetime.fromisoformat(f"{when}:00+00:00").astimezone(UTC), "source_order": int(str(order)),
            "touchpoint": touchpoint, "hat": hat, "kind": "segment", "overruled": False, "vulnerable": False,
        })
    return rows


def parts_of(rows: Iterable[dict[str, Any]]) -> dict[str, pa.Table]:
    """The partial sums of a bucket with these interactions and nothing else."""
    lived = list(rows)
    visits = {row["visit"]: {"visit": row["visit"], "person": row["person"], "class_code": CLASSES[row["visit"]]}
              for row in lived if row["visit"]}
    given = {INTERACTIONS.name: lived, VISITS.name: list(visits.values())}
    connection = connect()
    try:
        for table in BY_PERSON:
            keep(connection, table.name, pa.Table.from_pylist(given.get(table.name, []), arrow_schema(table.columns)))
        for table in FEEDS:
            tied = [("id", pa.string()), ("person", pa.int64()), ("tied_to", pa.string()), ("tied_by", pa.string())]
            keep(connection, table.name, pa.schema([*arrow_schema(table.columns), *tied]).empty_table())
        keep(connection, "subjects", pa.table({name: pa.array([], pa.string()) for name in
                                               ("feed", "tied_to", "tied_by")}))
        keep(connection, "above", above(pa.table({"unit": ["ed", "hall"], "parent": pa.nulls(2, pa.string()),
                                                  "merged_into": pa.nulls(2, pa.string())})))
        keep(connection, "units", pa.table({"unit": ["ed", "hall"], "kind": ["department", "unit"]}))
        keep(connection, "site_zones", pa.table({"unit": ["ed", "hall"], "time_zone": ["America/Chicago", "UTC"]}))
        keep(connection, "rules", pa.table({"key": pa.array([], pa.string()), "hat": pa.array([], pa.string())}))
        for name, fields in (("answer_codes", ANSWER_CODES), ("driver_items", DRIVER_ITEMS),
                             ("said_so_answers", SAID_SO_ANSWERS)):
            keep(connection, name, fields.empty_table())
        for stage in stages_of_sums(PARTS):
            run_stage(connection, stage)
        return {name: connection.sql(f"FROM {name}").to_arrow_table() for name in PARTS}
    finally:
        connection.close()


def told(parts: dict[str, pa.Table]) -> dict[str, list[tuple[Any, ...]]]:
    made = finished(parts)
    return {name: [tuple(row.values()) for row in made[name].to_pylist()] for name in EXPECTED}


@pytest.mark.parametrize("seed", range(3))
def test_the_drawn_journeys_give_these_tables_in_whatever_order_their_rows_lie(seed: int):
    rows = drawn()
    Random(seed).shuffle(rows)
    assert told(merged_parts([parts_of(rows)])) == EXPECTED


def test_the_sums_of_buckets_add_up_and_can_be_taken_away_again():
    one, other = (parts_of(row for row in drawn() if (row["person"] == EVE) is hers) for hers in (True, False))
    assert told(merged_parts([one, other])) == EXPECTED
    assert told(merged_parts([one, other], [one])) == told(merged_parts([other]))
    assert told(merged_parts([one, other], [one, other])) == {name: [] for name in EXPECTED}


def test_what_began_a_microsecond_earlier_came_first_whatever_its_number():
    rows = drawn()
    for row in rows:
        if row["touchpoint"] == "waiting":
            row["started_at"] = row["started_at"].replace(microsecond=1)
            row["source_order"] = 0
    assert told(merged_parts([parts_of(rows)]))["variants"] == VARIANTS
