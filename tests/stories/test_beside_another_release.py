"""Who kept the pages of a former release works no small number out of them and those of today."""

import pytest

from tests.release_fixture import MEASURES, RELEASE, TOTALS, asked, make_release, missed, total
from twohats.service import releases
from twohats.service.pages.leader.cube import Cube, cube_of
from twohats.service.pages.measures.asked import Asked, asked_of
from twohats.service.pages.measures.numbers import Numbers, numbers_of, other_numbers_of
from twohats.service.pages.published import Published
from twohats.store.attack import Guarded, derived_from_both
from twohats.store.home import Home
from twohats.store.register import forget, point_to

ALL_TABLES = (cube_of, numbers_of, asked_of)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch):
    for kept in (*ALL_TABLES, other_numbers_of):
        monkeypatch.setattr(kept, "held", None)


def table(of: Published) -> Guarded:
    return Guarded(of.people, of.counts, of.families, of.hidden)


@pytest.fixture
def two(settings, tmp_path):
    """A former release in which 5 people of the south came in the third quarter, today 15; all else as it is."""
    settings.TWOHATS_HOME = tmp_path

    def sums(few: int):
        months = [missed(unit, month, count, 0) for month, north, south in (("2026-Q2", 120, 60), ("2026-Q3", 120, few))
                  for unit, count in (("north", north), ("south", south), ("system", north + south),
                                      ("*", north + south))]
        return {
            "measures": [*(row for row in MEASURES if row["measure"] != "no_show"), *months],
            "totals": [*(row for row in TOTALS if row["month"] != "2026-09"),
                       total("south", "2026-09", "patient", few, few), total("north-ed", "2026-09", "patient", 60, 60)],
            "asked": [asked("all", "*", 300 + few, 100 + few), asked("language", "en", 300, 100),
                      asked("language", "es", few, few)],
        }

    make_release(tmp_path, "former", **sums(5))
    make_release(tmp_path, **sums(15))
    return Home(tmp_path)


def test_alone_the_two_releases_tell_a_small_number(two):
    reader, former = releases.current(), releases.another(releases.current())
    assert (reader.id, former.id) == (RELEASE, "former")
    alone = Numbers(reader, Cube(reader)), Numbers(former, Cube(former))
    told = derived_from_both(*map(table, alone))
    assert {(cell[1].unit, cell[1].period, low, high) for cell, (low, high) in told.items()} == {
        ("south", "2026-Q3", 5, 5)}


def test_beside_each_other_they_tell_none_on_any_page(two):
    reader, former = releases.current(), releases.another(releases.current())
    cube, numbers, who = Cube(former), other_numbers_of(former), Asked(former)
    pairs = [(cube_of(reader), cube), (numbers_of(reader), numbers), (asked_of(reader), who)]
    assert [derived_from_both(table(now), table(then)) for now, then in pairs] == [{}, {}, {}]
    alone = [Cube(reader), Numbers(reader, Cube(reader)), Asked(reader)]
    assert [len(now.hidden) >= len(one.hidden) for (now, _), one in zip(pairs, alone, strict=True)] == [True] * 3


def test_the_other_release_is_the_one_before_or_after_it_and_none_where_there_is_one(two):
    point_to(two, "former")
    assert (releases.current().id, releases.another(releases.current()).id) == ("former", RELEASE)
    forget(two, RELEASE)
    assert releases.another(releases.current()) is None


def test_a_release_of_an_older_form_is_told_and_left_alone(two, caplog: pytest.LogCaptureFixture):
    import sqlite3

    with sqlite3.connect(two.releases / "former" / "pages.sqlite") as pages:
        pages.execute("DROP TABLE measures")
    reader = releases.current()
    assert numbers_of(reader).hidden == Numbers(reader, Cube(reader)).hidden
    assert [record.message for record in caplog.records if "older form" in record.message] == [
        f"release former is of an older form and was not held beside {RELEASE}: no such table: measures"]
