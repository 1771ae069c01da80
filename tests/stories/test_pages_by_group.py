"""Frank looks at the measures group by group: both hats side by side, and no small group can be worked out."""

import re

import pytest

from tests.release_fixture import CUTS, missed, of_group
from tests.security.conftest import logged_in
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures.by_group import cut_of
from twohats.service.pages.measures.groups import EVERYBODY
from twohats.service.pages.measures.numbers import ALL, WITH, WITHOUT, Cell, Numbers
from twohats.service.policy import WHOLE, Role
from twohats.store.attack import derived
from twohats.store.estimates import share_between
from twohats.store.margins import FEWEST
from twohats.words.measures import measure

NO_SHOW = measure("no_show")


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def numbers_with(monkeypatch, **tables) -> Numbers:
    """The measures of the drawn release with other rows of some tables."""
    reader = releases.current()
    real = reader.rows

    def rows(sql: str, parameters: tuple = ()):
        return next((held for name, held in tables.items() if f"FROM {name}" in sql), None) or real(sql, parameters)

    monkeypatch.setattr(reader, "rows", rows)
    return Numbers(reader, Cube(reader))


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split()).replace("\u00a0", " ")


def rows_of(page: str, caption: str) -> list[list[str]]:
    table = page.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    return [[" ".join(cell.split()) for cell in re.findall(r"<t[hd][^>]*>(?:<span[^>]*>)?([^<]*)", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", table)][1:]


def test_each_group_has_its_number_its_range_and_its_people(home, db):
    reader = releases.current()
    cut = cut_of(Numbers(reader, Cube(reader)), NO_SHOW, "2026", "language")
    assert [(line.group.value, line.told.value, line.told.low, line.told.high, line.told.people)
            for line in cut.lines] == [
        ("en", 0.0625, *share_between(25, 400, 400), 400), ("es", 0.2, *share_between(22, 110, 110), 110),
        ("other", 0.26, *share_between(13, 50, 50), 50)]
    assert [line.group.value for line in cut.apart] == ["en", "other"]


def test_the_measures_page_tells_groups_by_language_age_payer_and_area(frank):
    page = shown(frank, "/measures/no_show/?unit=*&period=2026-Q3")
    assert "6.2 % for English, 26.0 % for all others: more apart than chance explains." in page
    name = "Visits missed without notice"
    assert rows_of(page, f"{name}, by language, 2026 so far") == [
        ["English", "6.2 %", "4.3 % to 9.1 %", "400"], ["Spanish", "20.0 %", "13.6 % to 28.4 %", "110"],
        ["all others", "26.0 %", "15.9 % to 39.6 %", "50"]]
    assert [row[0] for row in rows_of(page, f"{name}, by age, 2026 so far")] == ["40-64", "65-79"]
    assert [row[0] for row in rows_of(page, f"{name}, by who pays, 2026 so far")] == ["public", "all others"]
    assert rows_of(page, f"{name}, by where people live, 2026 so far") == [
        ["areas of few people", "20.0 %", "11.8 % to 31.8 %", "60"],
        ["ZIP code 021..", "9.6 %", "7.3 % to 12.5 %", "500"]]
    assert page.count('role="img"') == page.count('aria-labelledby="no_show-') and "adjusted for nothing" in page


def test_the_groups_of_a_page_are_the_same_whatever_unit_and_period_is_chosen(frank):
    def groups(address: str) -> str:
        return shown(frank, address).split('<h2 id="groups">')[1].split('<h2 id="counted">')[0]

    pages = {groups(f"/measures/no_show/?unit={unit}&period={period}")
             for unit in ("*", "north", "north-ed") for period in ("2026-Q3", "2026")}
    assert len(pages) == 1


def test_a_reader_of_one_unit_is_told_of_no_groups(readers, home):
    north = logged_in(readers["leader"])
    page = shown(north, "/measures/no_show/?unit=north")
    assert '<h2 id="groups">' not in page and "Spanish" not in page
    assert north.get("/measures/groups/").status_code == 404


def test_all_measures_stand_group_by_group_with_both_hats_as_equals(frank):
    page = shown(frank, "/measures/groups/?by=language&year=2026")
    patient, customer = page.split('id="as-patient"')[1].split('id="as-customer"')
    assert "No measure of this hat can be compared between groups." in patient
    assert "In 1 of 1 measures groups lie further apart than chance explains." in customer
    assert "26.0 % for all others: more apart" in customer and "no_show" not in patient
    assert "no_show" in shown(frank, "/measures/groups/?by=age").split("Where the ranges overlap")[1]
    assert "adjusted for nothing" in page and "a few groups lie apart by chance" in page
    for asked in ("by=eyes", "year=1999", "by=language&year=2025"):
        assert frank.get(f"/measures/groups/?{asked}").status_code == 404, asked


def test_who_was_asked_is_told_by_groups_on_its_own_page_alone(frank):
    page = shown(frank, "/measures/opinion_answered/?unit=*&period=2026")
    assert '<h2 id="groups">' not in page
    assert "/measures/who-is-heard/?year=2026" in page


def test_requests_for_opinions_have_no_groups_in_the_numbers(home, db, monkeypatch):
    rows = [of_group("language", *row) | {"measure": "opinion_answered"} for row in (("en", 300, 90), ("es", 100, 40))]
    assert numbers_with(monkeypatch, cuts=rows).of_groups == {}


def test_no_small_cell_can_be_worked_out_from_groups_and_the_whole(home, db, monkeypatch):
    wholes = [missed(WHOLE, period, times, part) for period, times, part in (
        ("2026", 560, 60), ("2026-Q1", 300, 40), ("2026-Q2", 260, 20))]
    numbers = numbers_with(monkeypatch, measures=wholes, cuts=CUTS)
    small = [cell for cell, count in numbers.people.items() if 0 < count < FEWEST]
    assert small == [], "groups are put together until none is small"
    assert derived(numbers.counts, numbers.hidden, numbers.families, numbers.hidden) == {}
    totals = {side: Cell("no_show", WHOLE, "2026", side) for side in (ALL, WITH, WITHOUT)}
    for total in totals.values():
        for cut in ("language", "age", "payer", "area"):
            parts = [cell for cell in numbers.counts
                     if cell.group.cut == cut and cell._replace(group=EVERYBODY) == total]
            assert sum(numbers.counts[part] for part in parts) == numbers.counts[total]
            assert (total, parts) in numbers.families


def test_where_the_whole_is_small_no_group_gives_it_away(home, db, monkeypatch):
    wholes = [missed(WHOLE, "2026", 260, 0), missed(WHOLE, "2026-Q1", 251, 0), missed(WHOLE, "2026-Q2", 9, 0)]
    cuts = [of_group("language", "en", 200, 0), of_group("language", "es", 60, 0)]
    numbers = numbers_with(monkeypatch, measures=wholes, cuts=cuts)
    assert {period: numbers.told("no_show", WHOLE, period).why_not for period in ("2026", "2026-Q1", "2026-Q2")} == {
        "2026": "", "2026-Q1": "few", "2026-Q2": "few"}
    assert [line.told.people for line in cut_of(numbers, NO_SHOW, "2026", "language").lines] == [200, 60]
