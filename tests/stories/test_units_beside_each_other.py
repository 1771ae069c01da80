"""Frank holds units beside each other: a funnel of those that can be compared, small ones drawn to the mean."""

import csv
import io
import re
from types import SimpleNamespace

import pytest

from tests.release_fixture import RELEASE, UNITS, measure, missed, total
from tests.security.conftest import logged_in
from twohats.service.actions import people
from twohats.service.pages.leader.cube import Cube, cube_of
from twohats.service.pages.measures.answered_how import answered_how_of
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.pages.measures.units import Rung, WhyNot, units_beside
from twohats.service.policy import WHOLE, Role
from twohats.store.charts.funnel import Funnel, Place, funnel_plot
from twohats.store.shrinkage import shrunken_by_sums
from twohats.words.measures import measure as declared

YEAR = "2026"
MISSED = {"alder": (400, 20), "birch": (400, 60), "cedar": (300, 90), "dogwood": (60, 15), "elm": (24, 11),
          "fir": (7, 2)}
"""Clinics below the north: visits of as many people, and how many of them were missed."""
NORTH = missed("north", YEAR, 1191, 198) | {"measure": "abandonment"}
"""Of another measure: the whole would give away the smallest clinic, so that another would be hidden beside it."""
ROWS = [NORTH, *(missed(key, YEAR, *counts) for key, counts in MISSED.items())]


class Drawn:
    """The drawn release with these clinics and these rows of measures."""

    id = RELEASE

    def __init__(self, rows: list[dict]) -> None:
        clinics = [{**UNITS[2], "unit": key, "name": key.title(), "path": key, "merged_into": None} for key in MISSED]
        used = [total(key, "2026-10", "patient", 40, 30) | {"wait_minutes_squared": 0.0} for key in MISSED]
        self.release = {"as_of": "2026-11-23T12:00:00Z"}
        self.told = {"FROM units": [*({"merged_into": None, "parent": None, **row} for row in UNITS[:2]), *clinics],
                     "FROM totals": used, "FROM measures": rows}

    def rows(self, sql: str, params: object = ()) -> list[dict]:
        return next((rows for where, rows in self.told.items() if where in sql), [])


def numbers_with(rows: list[dict]) -> Numbers:
    reader = Drawn(rows)
    return Numbers(reader, Cube(reader))


@pytest.fixture
def clinics() -> Numbers:
    return numbers_with(ROWS)


def test_each_unit_stands_on_its_rung_and_those_compared_have_the_funnel_of_the_command(clinics):
    units = units_beside(clinics, declared("no_show"), list(MISSED), "2026-Q3")
    assert {row.unit: row.rung for row in units.rows} == {
        "alder": Rung.COMPARED, "birch": Rung.COMPARED, "cedar": Rung.COMPARED, "dogwood": Rung.CAREFUL,
        "elm": Rung.DRAWN_IN, "fir": Rung.HIDDEN}
    compared = ["alder", "birch", "cedar"]
    plot = funnel_plot(Funnel.SHARES, compared, [20, 60, 90], [400, 400, 300])
    assert (units.period, units.why_not, units.funnel.units) == (YEAR, None, plot.units)
    assert (units.funnel.target, units.funnel.phi, units.funnel.tau2) == (plot.target, plot.phi, plot.tau2)
    assert units.funnel.overdispersed.lower_998.tolist() == plot.overdispersed.lower_998.tolist()
    assert [units.place(unit) for unit in ("alder", "dogwood")] == [Place.INSIDE, None]


def test_small_units_are_drawn_to_the_mean_by_what_is_told_of_all_and_hidden_ones_have_no_say(clinics):
    told = {unit: counts for unit, counts in MISSED.items() if unit != "fir"}
    expected = shrunken_by_sums(list(told), [n for n, _ in told.values()], [part for _, part in told.values()],
                                [part for _, part in told.values()])
    units = units_beside(clinics, declared("no_show"), list(MISSED), YEAR)
    assert [row.score for row in units.rows] == [*expected, None]
    elm = units.rows[4].score
    assert elm.lower < elm.shrunken < elm.raw == pytest.approx(11 / 24)


def test_things_of_one_person_are_alike_so_people_are_compared(clinics):
    numbers = numbers_with([
        measure("no_show", unit, YEAR, 2 * n, n, part=2 * part, people_with=part, people_without=n - part)
        for unit, (n, part) in MISSED.items()])
    twice = units_beside(numbers, declared("no_show"), list(MISSED), YEAR)
    once = units_beside(clinics, declared("no_show"), list(MISSED), YEAR)
    assert [row.score for row in twice.rows] == [row.score for row in once.rows]
    assert twice.funnel.denominators.tolist() == once.funnel.denominators.tolist() == [400, 400, 300]


@pytest.mark.parametrize(("counts", "why_not"), [
    ({"alder": (400, 40)}, WhyNot.ONE),
    ({"alder": (400, 0), "birch": (400, 0), "cedar": (400, 0)}, WhyNot.ALIKE),
    ({"alder": (400, 40), "birch": (400, 41), "cedar": (400, 42)}, WhyNot.CHANCE),
    ({"alder": (400, 20), "birch": (400, 90), "cedar": (90, 30)}, WhyNot.FEW),
])
def test_where_nothing_can_be_compared_there_is_a_reason_and_no_funnel(counts, why_not):
    numbers = numbers_with([missed(unit, YEAR, *told) for unit, told in counts.items()])
    units = units_beside(numbers, declared("no_show"), list(MISSED), YEAR)
    assert (units.funnel, units.why_not) == (None, why_not)


def test_means_are_drawn_to_the_mean_too_and_medians_are_not():
    rows = [measure(key, unit, YEAR, 3 * people, people, amount=3 * people * mean,
                    amount_squared=3 * people * (mean * mean + 40_000))
            for key in ("coc", "time_to_clinician") for unit, people, mean in (
                ("alder", 200, 300), ("birch", 200, 500), ("cedar", 20, 900))]
    means, times = (units_beside(numbers_with(rows), declared(key), ["alder", "birch", "cedar"], YEAR)
                    for key in ("coc", "time_to_clinician"))
    expected = shrunken_by_sums(["alder", "birch", "cedar"], [200, 200, 20], [60, 100, 18],
                                [200 * 0.13, 200 * 0.29, 20 * 0.85])
    assert [(row.score.shrunken, row.score.reliability) for row in means.rows] == [
        (pytest.approx(one.shrunken), pytest.approx(one.reliability)) for one in expected]
    assert (means.why_not, means.rows[2].rung) == (WhyNot.KIND, Rung.DRAWN_IN)
    assert (times.why_not, [row.score for row in times.rows]) == (WhyNot.KIND, [None, None, None])


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def frank(readers, home, monkeypatch):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    for page in ("views", "choosing"):
        monkeypatch.setattr(f"twohats.service.pages.measures.{page}.releases", SimpleNamespace(current=drawn))
    for kept in (answered_how_of, numbers_of, cube_of):
        monkeypatch.setattr(kept, "held", None)
    return logged_in(readers["leader"])


def drawn() -> Drawn:
    return Drawn(ROWS)


def rows_of(page: str, caption: str) -> list[list[str]]:
    table = next(one for one in re.findall(r"<table>.*?</table>", page) if f"{caption}</caption>" in one)
    return [re.findall(r"<t[hd][^>]*>(?:<span[^>]*>)?([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", table)]


def test_the_page_shows_the_funnel_with_its_table_and_says_what_it_rests_on(frank):
    page = shown(frank, "/measures/no_show/?unit=north&period=2026").replace("\u00a0", " ")
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="no_show-funnel-') == 3
    assert "<figcaption>No unit lies outside the limits.</figcaption>" in page
    assert "A mark for each unit: further right the more people, higher the larger the share." in page
    assert "The units in the picture together: 15.5 % of 1,100 people" in page
    assert "With fewer than ten units, how much they differ is uncertain itself." in page
    name = "Visits missed without notice"
    assert rows_of(page, f"{name}, units with 100 people or more that can be told apart") == [
        ["Unit", "Share", "People", "95 of 100 within", "998 of 1,000 within", "Place"],
        ["Alder", "5.0 %", "400", "1.7 % to 39.2 %", "0.0 % to 54.8 %", "inside the limits"],
        ["Birch", "15.0 %", "400", "1.7 % to 39.2 %", "0.0 % to 54.8 %", "inside the limits"],
        ["Cedar", "30.0 %", "300", "1.7 % to 39.4 %", "0.0 % to 55.1 %", "inside the limits"],
    ]
    assert rows_of(page, f"{name}, unit by unit, 2026 so far") == [
        ["Unit", "Number", "Range", "People", "Reliability", "How far it goes"],
        ["Alder", "5.0 %", "3.3 % to 7.6 %", "400", "0.98", "inside the limits"],
        ["Birch", "15.0 %", "11.8 % to 18.8 %", "400", "0.98", "inside the limits"],
        ["Cedar", "30.0 %", "25.1 % to 35.4 %", "300", "0.98", "inside the limits"],
        ["Dogwood", "25.0 %", "15.8 % to 37.2 %", "60", "0.91", "few answers: read with caution, not compared"],
        ["Elm", "41.2 %", "28.4 % to 53.9 %", "24", "0.79", "few people: drawn to the mean, not compared"],
        ["Fir", "fewer than 11 people", "none", "not shown", "none", "nothing"],
    ]


def test_the_funnel_and_how_far_each_unit_goes_leave_with_the_page(frank, monkeypatch):
    for page in ("paper", "taken"):
        monkeypatch.setattr(f"twohats.service.pages.measures.{page}.releases", SimpleNamespace(current=drawn))
    address = "/measures/no_show/told.{}?unit=north&period=2026"
    rows = csv.DictReader(io.StringIO(frank.get(address.format("csv")).content.decode()))
    assert [(row["unit"], row["value"], row["reliability"][:3], row["how_far"]) for row in rows
            if row["table"] == "units"] == [
        ("alder", "0.05", "0.9", "inside"), ("birch", "0.15", "0.9", "inside"), ("cedar", "0.3", "0.9", "inside"),
        ("dogwood", "0.25", "0.9", "careful"), ("elm", "0.411644", "0.7", "drawn in"), ("fir", "", "", "hidden")]
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(frank.get(address.format("pdf")).content)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages).replace("\u00a0", " ")
    for said in ("No unit lies outside the limits. ", "Alder 5.0 % 400 1.7 % to 39.2 %", "Elm 41.2 %",
                 "few people: drawn to the mean, not compared", "Fir fewer than 11 people none not shown none nothing"):
        assert said in text, said


def test_in_place_of_a_funnel_stands_a_sentence_and_never_a_number_that_is_none(frank, monkeypatch):
    alike = [missed(unit, YEAR, 400, 0) for unit in ("alder", "birch", "cedar")]
    for page in ("views", "choosing"):
        monkeypatch.setattr(f"twohats.service.pages.measures.{page}.releases",
                            SimpleNamespace(current=lambda: Drawn([NORTH, *alike])))
    page = shown(frank, "/measures/no_show/?unit=north&period=2026").replace("\u00a0", " ")
    assert "All units have the same number: there is nothing to compare." in page
    assert "-funnel" not in page
    assert rows_of(page, "Visits missed without notice, unit by unit, 2026 so far")[1] == [
        "Alder", "0.0 %", "0.0 % to 1.0 %", "400", "none", "not compared: reliability under 0.70"]


def test_the_same_in_spanish(frank):
    frank.cookies["language"] = "es"
    page = shown(frank, "/measures/no_show/?unit=north&period=2026")
    assert "Ninguna unidad está fuera de los límites." in page
    assert "pocas personas: acercado a la media, no se compara" in page
