"""What one person comes to depends on no other: records that name somebody else's are joined to nobody's.

So a release is the same however people lie in buckets, and nothing of one person is told of another.
"""

import hashlib
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.unit.release_files import deliver, hospital, lines_of
from twohats.analysis.build import build_bucket, read_context
from twohats.analysis.clock import latest_told
from twohats.analysis.context import Context, corrections
from twohats.analysis.parts import PARTS, merged_parts
from twohats.store.buckets import bring_up_to_date, rows_sql
from twohats.store.dealing import DEALT
from twohats.store.engine import arrow, connect
from twohats.store.home import Home
from twohats.store.landings import versions_sql
from twohats.store.tables.landed import LANDED
from twohats.store.tables.release import BY_PERSON


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, pa.Table], Context]:
    """A small hospital's dealt rows, every third record said to be another's; its context."""
    folder = tmp_path_factory.mktemp("apart")
    home = Home(folder / "home")
    deliver(home, folder, "all", lines_of(hospital(folder / "hospital", 40)))
    connection = connect()
    try:
        state = bring_up_to_date(connection, home).now
        dealt = {table.name: arrow(connection, rows_sql(home, state, table)) for table in DEALT}
        landed = {table.name: versions_sql(home, table.name) for table in LANDED if table.resource}
        told = {table.name: rows_sql(home, state, table) for table in DEALT}
        context = read_context(connection, landed, corrections([]), latest_told(connection, told))
    finally:
        connection.close()
    people = sorted(zip(dealt["patients"]["person"].to_pylist(), dealt["patients"]["patient"].to_pylist(), strict=True))
    crossed = {name: rows if name == "patients" else exchanged(rows, people) for name, rows in dealt.items()}
    return crossed, context


def exchanged(rows: pa.Table, people: list[tuple[int, str]]) -> pa.Table:
    """Every third record is said to be somebody else's; what it refers to stays."""
    whose = {}
    for name in sorted(set(rows["id"].to_pylist())):
        if int.from_bytes(hashlib.sha256(name.encode()).digest()) % 3 == 0:
            whose[name] = people[len(whose) % len(people)]
    told = rows.to_pylist()
    for row in told:
        if row["id"] in whose and row["person"] is not None:
            row["owner"] = row["person"] = whose[row["id"]][0]
            row["patient"] = whose[row["id"]][1]
    return pa.Table.from_pylist(told, rows.schema)


def share(rows: Mapping[str, pa.Table], part: int) -> dict[str, pa.Table]:
    return {name: held.filter(pc.equal(pc.bit_wise_and(held["owner"], 1), part)) for name, held in rows.items()}


def in_order(rows: pa.Table) -> list[str]:
    return sorted(map(str, rows.to_pylist()))


def test_people_built_apart_are_what_they_are_together(crossed: tuple[dict[str, pa.Table], Context]):
    rows, context = crossed
    whole = build_bucket(rows, context)
    apart = [build_bucket(share(rows, part), context) for part in (0, 1)]
    for table in BY_PERSON:
        together = in_order(pa.concat_tables([one[table.name] for one in apart]))
        assert together == in_order(whole[table.name]), table.name
    sums = merged_parts([{name: one[name] for name in PARTS} for one in apart])
    expected = merged_parts([{name: whole[name] for name in PARTS}])
    assert {name: held.to_pylist() for name, held in sums.items()} == {
        name: held.to_pylist() for name, held in expected.items()}
    assert whole["interactions"].num_rows > 1000
