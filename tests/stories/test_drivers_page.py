"""Frank reads what goes together with the overall rating: both hats side by side, as association, never as effect."""

import re

import pytest

from tests.release_fixture import DRIVERS
from tests.security.conftest import logged_in
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages.measures.drivers import models_of
from twohats.service.policy import WHOLE, Role

PAGE = "/measures/drivers/"


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def shown(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split()).replace("\u00a0", " ")


def rows_of(part: str) -> list[list[str]]:
    return [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", part)]


def test_items_of_both_hats_stand_side_by_side_with_their_shares_and_ranges(frank):
    page = shown(frank)
    assert page.index("It does not say that changing a driver changes the score.") < page.index("CG-CAHPS adult 3.1")
    assert ("35.0 % of what the ratings differ by goes together with these items (28.0 % to 42.0 %). "
            "At least 150 forms on which all of them are answered, of at least 125 people, 2026 so far.") in page
    patient, rest = page.split("Answers as patients</h3>")[1].split("Answers as customers</h3>")
    customer, within = rest.split("</figure>")
    heads = ["Item", "Share", "Range"]
    assert "Together 25.0 % (20.0 % to 30.0 %): association, not effect." in patient
    assert "Most goes together with: Listening." in patient
    assert rows_of(patient) == [heads, ["Listening", "20.0 %", "16.0 % to 24.0 %"],
                                ["Enough time", "5.0 %", "4.0 % to 6.0 %"]]
    assert "Together 10.0 % (8.0 % to 12.0 %): association, not effect." in customer
    assert rows_of(customer) == [heads, ["Desk helpful", "10.0 %", "8.0 % to 12.0 %"]]
    assert [[row[0], *row[-3:]] for row in rows_of(within)] == [
        ["Item", "Out of its hat", "Range", "Correlation"],
        ["Listening", "80.0 %", "72.0 % to 88.0 %", "0.61"],
        ["Enough time", "20.0 %", "18.0 % to 22.0 %", "0.40"],
        ["Desk helpful", "100.0 %", "90.0 % to 100.0 %", "0.47"],
    ]
    share = "share of what the ratings differ by; association, not effect"
    assert re.findall("<caption>(.*?)</caption>", page) == [
        f"CG-CAHPS adult 3.1, answers as patients: {share}", f"CG-CAHPS adult 3.1, answers as customers: {share}",
        "CG-CAHPS adult 3.1, each item within its hat; association, not effect"]


@pytest.mark.parametrize(("change", "says"), [
    (lambda rows: [], "Fewer than 100 forms of 100 people on which everything is answered: nothing is said."),
    (lambda rows: [row for row in rows if row["hat"] != "customer"], "No item of this hat is among them."),
    (lambda rows: [row | ({"low": 0.0, "high": 0.3} if row["part"] == "item" else {}) for row in rows],
     "None of these items goes together with the rating more than the others for sure."),
    (lambda rows: [row | ({"hat": "mixed"} if row["hat"] == "customer" else {}) for row in rows],
     "Items of both hats"),
])
def test_what_cannot_be_told_is_said(frank, monkeypatch, change, says):
    reader, rows = releases.current(), change(DRIVERS)
    real = reader.rows
    monkeypatch.setattr(reader, "rows", lambda sql, params=(): rows if "FROM drivers" in sql else real(sql, params))
    assert says in shown(frank)


def test_the_rating_and_official_composites_are_never_among_the_drivers(home, db):
    models = models_of(releases.current())
    assert [(key, model.answers, [item.driver for item in model.items]) for key, model in models.items()] == [
        (("cg_cahps_3_1", "2026"), 150, ["COM_LISTEN", "STAFF_HELPFUL", "COM_TIME"])]


def test_readers_of_the_whole_find_it_from_the_measures_others_do_not(frank, readers):
    assert f'href="{PAGE}"' in shown(frank, "/measures/")
    assert frank.get(f"{PAGE}?year=1999").status_code == 404
    of_the_north = logged_in(readers["analyst"])
    assert f'href="{PAGE}"' not in shown(of_the_north, "/measures/")
    assert of_the_north.get(PAGE).status_code == 404


def test_the_same_in_spanish(frank):
    frank.cookies["language"] = "es"
    page = shown(frank)
    assert "¿Qué va junto con la valoración global?" in page
    assert "asociación, no efecto" in page
