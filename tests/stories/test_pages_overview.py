"""Frank, the leader, sees both experiences as equals: same facts, same order, no sum of the two, no few people."""

import re

import pytest
from django.utils import translation

from tests.release_fixture import REACH, TOTALS, TURNS, UNITS, make_release, total
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages import gaps
from twohats.service.pages.leader import measures, page
from twohats.service.pages.leader.cube import ALL_MONTHS, Cube
from twohats.service.policy import WHOLE, Role, Scope

EVERYTHING = Scope(everything=True)
TOO_FEW = "Fewer than 11 people: not shown, so that nobody can be recognised."


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


def names(side: list) -> list[str]:
    return [fact.name for fact in side]


def said(home, unit: str = WHOLE, month: str = ALL_MONTHS) -> dict:
    reader = releases.current()
    return page.overview(reader, Cube(reader), unit, month)


def test_both_hats_have_the_same_facts_in_the_same_order(home, db):
    told = said(home)
    assert names(told["patient_side"]) == names(told["customer_side"]) == [
        "Dealings with us", "People", "Minutes each time", "Waiting", "May be worried"]


def test_every_number_comes_with_a_sentence_and_every_gap_with_words(home, db):
    told = said(home)
    for fact in told["patient_side"] + told["customer_side"]:
        assert fact.says if fact.value is not None else fact.instead


def test_the_wait_comes_with_its_interval_and_the_direction_of_better(home, db):
    waiting = next(fact for fact in said(home)["customer_side"] if fact.name == "Waiting")
    assert (waiting.value, waiting.unit) == ("30", "minutes")
    assert waiting.says == (
        "On average (29 to 31), over 560 waits, September 2026 to November 2026. Shorter is better. "
        "Too few whole months to tell a change from chance.")


def test_every_number_says_its_period_whether_it_moved_and_how_it_is_counted(home, db):
    told = said(home, month="2026-10")
    for fact in told["patient_side"] + told["customer_side"]:
        assert fact.value is None or "October 2026" in fact.says, fact
        assert fact.value is None or fact.says.endswith("Too few whole months to tell a change from chance."), fact
        assert fact.meaning or fact.value is None, fact


MONTHS = [f"2026-{month:02}" for month in range(1, 10)]
STEADY = [100.0, 102.0, 98.0, 101.0, 99.0, 103.0, 97.0, 100.0]


@pytest.mark.parametrize(("values", "month", "told"), [
    (STEADY[:7], ALL_MONTHS, "Too few whole months to tell a change from chance."),
    (STEADY, ALL_MONTHS, "No month stands out from chance."),
    ([*STEADY, 150.0], ALL_MONTHS, "Higher than chance explains, most lately in September 2026."),
    ([*STEADY, 50.0], ALL_MONTHS, "Lower than chance explains, most lately in September 2026."),
    ([*STEADY, 150.0], "2026-09", "Higher than chance explains."),
    ([*STEADY, 150.0], "2026-08", "Within what chance explains from month to month."),
    ([*STEADY, 50.0], "2026-09", "Lower than chance explains."),
    (STEADY, "2026-09", "This month is not told whole, so it is not compared.")])
def test_whether_a_number_moved_is_told_by_the_limits_of_chance(values, month, told):
    assert measures.moved(list(zip(MONTHS, values, strict=False)), month) == told


def test_each_unit_has_the_same_five_numbers_for_either_hat(home, db):
    rows = {row["name"]: [cell.get("text", cell.get("instead")) for cell in row["cells"]]
            for row in said(home, unit="north")["units_table"]["rows"]}
    assert rows["North emergency"] == ["420", "90", "20", "no wait", "0", "480", "95", "20", "30", "0"]


def test_the_page_stands_for_the_unit_and_month_in_its_address(frank):
    answer = frank.get("/overview/", {"unit": "north", "month": "2026-10"}).content.decode()
    assert '<option value="north" selected>' in answer
    assert '<option value="2026-10" selected>' in answer
    assert "October 2026" in answer


def test_what_fewer_than_11_people_did_is_not_in_the_answer(frank):
    answer = frank.get("/overview/", {"unit": "south"}).content.decode()
    assert TOO_FEW in answer
    assert "Check-in and front desk → " not in answer


def test_a_small_unit_hides_a_second_one_so_that_it_cannot_be_worked_out(tmp_path, settings, db):
    settings.TWOHATS_HOME = tmp_path
    units = [{**UNITS[0]}, *({**UNITS[2], "unit": name, "name": name, "parent": "system"} for name in "abc")]
    counts = {"a": 5, "b": 40, "c": 60}
    make_release(
        tmp_path, units=units, totals=[total(unit, "2026-10", "customer", n, n) for unit, n in counts.items()],
        reach=[{"unit": unit, "month": month, "hat": hat, "people": n}
               for unit, n in {**counts, "system": 105, WHOLE: 105}.items()
               for month in ("2026-10", ALL_MONTHS) for hat in ("customer", "*")])
    cube = Cube(releases.current())
    shown = {unit: cube.sums(unit, ALL_MONTHS, "customer") for unit in (*counts, "system")}
    assert {unit: sums and sums.interactions for unit, sums in shown.items()} == {
        "a": None, "b": None, "c": 60, "system": 105}


def test_people_whom_nobody_counted_are_not_told_of(tmp_path, settings, db):
    settings.TWOHATS_HOME = tmp_path
    make_release(tmp_path, reach=[])
    cube = Cube(releases.current())
    assert {cube.sums(WHOLE, ALL_MONTHS, hat) for hat in ("patient", "customer")} == {None}


def test_nothing_on_the_page_adds_the_hats_up(frank):
    answer = frank.get("/overview/").content.decode()
    per_hat = {hat: sum(row["interactions"] for row in TOTALS if row["hat"] == hat) for hat in ("patient", "customer")}
    assert f"{per_hat['patient']:,}" in answer
    assert f"{per_hat['customer']:,}" in answer
    assert f"{sum(per_hat.values()):,}" not in answer


def test_a_gap_of_more_than_five_points_is_printed(home, db):
    assert gaps.said(releases.current()) == [
        "We cannot tell the hat equally well for everybody: by language, it is not known in 12 of 100 dealings for "
        "Spanish speakers, but in 4 of 100 for English speakers."]


def test_a_gap_of_five_points_or_less_is_not(tmp_path, settings, db):
    settings.TWOHATS_HOME = tmp_path
    make_release(tmp_path, agreement=[
        {"cut": "portal", "value": value, "interactions": 200, "unknown": unknown, "confidence": 150.0}
        for value, unknown in (("true", 10), ("false", 20))])
    assert gaps.said(releases.current()) == []


def test_turns_are_told_both_ways_the_most_frequent_first(home, db):
    pictures = said(home)["pictures"]
    assert pictures["turns_patient"]["title"] == (
        "From customer to patient, most often: Waiting, then Treatment and skill")
    assert [[cell["text"] for cell in row] for row in pictures["turns_customer"]["table"]["rows"]] == [
        ["Treatment and skill", "Going home", "58"]]
    assert TURNS[2]["people"] == 4  # something that could be shown, and is not
    assert len(pictures["turns_patient"]["table"]["rows"]) == 1


def test_a_leader_of_one_site_sees_that_site_first_and_nothing_of_another(readers):
    north = logged_in(readers["leader"])
    answer = north.get("/overview/").content.decode()
    assert '<option value="north" selected>' in answer
    assert "South" not in answer
    assert north.get("/overview/", {"unit": "south"}).status_code == 404
    assert north.get("/overview/", {"unit": WHOLE}).status_code == 404
    assert north.get("/overview/", {"month": "2031-01"}).status_code == 404


def test_each_picture_stands_alone_with_its_numbers(frank):
    for name in ("dealings-patient", "dealings-customer", "turns-patient", "turns-customer", "minutes-customer"):
        answer = frank.get(f"/overview/picture/{name}")
        assert (answer.status_code, answer.content.decode().count("<table")) == (200, 1), name
    assert frank.get("/overview/picture/none-such").status_code == 404


def test_the_page_asks_the_records_as_often_with_one_unit_as_with_three(readers, tmp_path, settings):
    asked = {}
    for extra in (0, 2):
        settings.TWOHATS_HOME = tmp_path / str(extra)
        units = UNITS[:3] + [{**UNITS[2], "unit": f"more-{n}", "name": f"More {n}"} for n in range(extra)]
        counted = [row for row in REACH if row["unit"] == "north-ed"]
        make_release(tmp_path / str(extra), release=f"with-{extra}", units=units, reach=[
            *REACH, *({**row, "unit": f"more-{n}"} for n in range(extra) for row in counted)])
        asked[extra] = queries_of(logged_in(readers["leader"]), "/overview/")
    assert asked[0] == asked[2] <= 5


def test_in_spanish_no_english_sentence_is_left(frank):
    with translation.override("es"):
        answer = frank.get("/overview/", headers={"Accept-Language": "es"}).content.decode()
    text = re.sub(r"<[^>]+>", " ", answer)
    for english in ("dealings", "Waiting", "patients", "turn", "shown", "better", "Month"):
        assert english not in text, english


def test_a_home_without_a_release_leads_to_the_first_steps(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert logged_in(readers["leader"]).get("/overview/").headers["Location"] == "/first-steps/"
