"""Eve at the front desk reads a card in five seconds; no clinical word of the data is in the answer."""

import re

import pytest

from tests.release_fixture import ANA, BEN, DESK, INTERACTIONS, OMAR, at, make_release
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service.pages.front_desk import cards
from twohats.service.records.models import HatOverride
from twohats.store.tables.release import DESK as DESK_TABLE

CLINICAL = ("oncology", "HIV", "diabetes", "metformin", "biopsy", "balance", "$1,204", "positive", "chemotherapy")
ALLOWED = {"person", "given", "language", "interpreter", "hearing", "wheelchair", "companion", "unit", "expected_at",
           "arrived_at", "left_at", "interaction", "hat", "about_hat", "rule", "vulnerable"}
BENS = DESK[0]


@pytest.fixture
def eve(readers):
    return logged_in(readers["front_desk"])


def lines_of(answer) -> dict[str, str]:
    """The card's lines: what is asked, what is told."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", answer.content.decode(), re.DOTALL)
    return {plain(term): plain(told) for term, told in pairs}


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", "", html, flags=re.DOTALL)).strip()


def test_the_card_has_six_lines_and_says_what_to_do(eve):
    answer = eve.get(f"/desk/{BEN}/")
    assert re.search(r"<h1>Ben ", answer.content.decode())
    assert lines_of(answer) == {
        "Language": "English", "Interpreter": "Not needed", "Needs": "Hears badly: face them, speak clearly",
        "Came along": "mother", "customer": "Here for something practical: quick and kind."}


def test_who_may_be_worried_is_given_time_and_no_reason_is_told(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "worried"
    make_release(tmp_path / "worried", desk=[{**BENS, "vulnerable": True, "language": None, "interpreter": None}])
    told = lines_of(logged_in(readers["front_desk"]).get(f"/desk/{BEN}/"))
    assert (told["Language"], told["Interpreter"]) == ("Not known: ask", "Not known: ask")
    assert told["customer"] == "May be worried: take time."


def test_only_allowed_columns_are_read():
    assert set(cards.COLUMNS.replace(" ", "").split(",")) == set(DESK_TABLE.names) == ALLOWED


def test_clinical_words_planted_all_over_the_release_are_not_in_any_answer(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "planted"
    words = " ".join(CLINICAL)
    planted = [{**one, "act": words, "touchpoint": words, "zone": words, "unit": "north-clinic", "rule": one["rule"],
                "resource": words, "status": words} for one in INTERACTIONS]
    voices = [{"voice": 1, "kind": "comment", "person": BEN, "unit": "north-clinic", "words": words}]
    units = [{"unit": "north", "name": "North", "kind": "site"},
             {"unit": "north-clinic", "name": f"North {words}", "kind": "unit", "parent": "north", "path": words}]
    make_release(tmp_path / "planted", interactions=planted, voices=voices, units=units)
    eve = logged_in(readers["front_desk"])
    for address in ("/desk/", f"/desk/{BEN}/"):
        answer = eve.get(address)
        body = answer.content.decode() + str(answer.headers)
        assert answer.status_code == 200
        assert [word for word in CLINICAL if word in body] == []
    assert "Ben" in eve.get("/desk/").content.decode()


def test_the_family_name_and_the_unit_are_not_on_the_card(eve):
    body = eve.get(f"/desk/{BEN}/").content.decode()
    assert [word for word in ("Alvarez", "2012", "02139", "North clinic", "north-clinic") if word in body] == []


def test_todays_list_is_by_the_clock_and_who_has_left_comes_last(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "day"
    make_release(tmp_path / "day", desk=[
        {**BENS, "person": 1, "given": "Late", "expected_at": at("2026-11-23", "20:00"), "arrived_at": None,
         "interaction": None, "hat": None},
        {**BENS, "person": 2, "given": "Gone", "left_at": at("2026-11-23", "14:00")},
        {**BENS, "person": 3, "given": "Here"}])
    body = logged_in(readers["front_desk"]).get("/desk/").content.decode()
    listed = body[body.index("desk-people"):]
    shown = [plain(item) for item in re.findall(r"<li><a.*?</li>", listed, re.DOTALL)]
    assert shown == ["08:00Here hears badlyhere", "15:00Late hears badlyexpected", "08:00Gone hears badlyhas left"]


def test_desks_in_two_time_zones_are_listed_by_the_clock_on_the_wall(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "zones"
    units = [{"unit": "north", "name": "North", "kind": "site"},
             {"unit": "east", "name": "East", "kind": "unit", "parent": "north", "time_zone": "America/New_York"},
             {"unit": "west", "name": "West", "kind": "unit", "parent": "north", "time_zone": "America/Denver"}]
    make_release(tmp_path / "zones", "two-time-zones", units=units, desk=[
        {**BENS, "person": 1, "given": "East", "unit": "east", "expected_at": at("2026-11-23", "15:00")},
        {**BENS, "person": 2, "given": "West", "unit": "west", "expected_at": at("2026-11-23", "16:00")}])
    body = logged_in(readers["front_desk"]).get("/desk/").content.decode()
    assert re.findall(r'figures">([0-9:]+)</span><span><strong>(\w+)', body) == [("09:00", "West"), ("10:00", "East")]


@pytest.mark.parametrize(("written", "told"), [
    ("mother", "mother"), ("Mother, son, Mother", "mother, son"), ("oncology nurse", "somebody close"),
    ("", "Nobody known"), (None, "Nobody known")])
def test_only_relationships_we_know_are_told_of_who_came_along(readers, tmp_path, settings, written, told):
    settings.TWOHATS_HOME = tmp_path / "along"
    make_release(tmp_path / "along", desk=[{**BENS, "companion": written}])
    assert lines_of(logged_in(readers["front_desk"]).get(f"/desk/{BEN}/"))["Came along"] == told


def test_an_empty_day_says_what_to_do(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "empty"
    make_release(tmp_path / "empty", desk=[])
    assert "When the day's appointments have been loaded" in logged_in(readers["front_desk"]).get(
        "/desk/").content.decode().replace("&#x27;", "'")


def test_somebody_elses_desk_is_not_there(eve):
    assert eve.get(f"/desk/{OMAR}/").status_code == 404
    assert eve.get(f"/desk/{ANA}/").status_code == 404
    assert "Omar" not in eve.get("/desk/").content.decode()


def test_who_has_not_arrived_is_likely_a_customer(readers, tmp_path, settings):
    settings.TWOHATS_HOME = tmp_path / "soon"
    make_release(tmp_path / "soon", desk=[{
        **BENS, "arrived_at": None, "interaction": None, "hat": None, "about_hat": None, "rule": None}])
    answer = logged_in(readers["front_desk"]).get(f"/desk/{BEN}/")
    assert lines_of(answer)["customer"] == "Here for something practical: quick and kind."
    assert "Expected at 08:00" in answer.content.decode()


def test_one_press_overrules_and_the_card_says_so_at_once(eve):
    assert eve.post(f"/desk/{BEN}/hat", {"hat": "mixed"}).headers["Location"] == f"/desk/{BEN}/"
    made = HatOverride.objects.get()
    assert (made.interaction, made.hat) == (BENS["interaction"], "mixed")
    assert lines_of(eve.get(f"/desk/{BEN}/"))["both at once"] == (
        "Something practical and a person who may need care: take time. said at the desk")


def test_the_card_in_spanish(eve):
    answer = eve.get(f"/desk/{BEN}/", headers={"Accept-Language": "es"})
    assert lines_of(answer) == {
        "Idioma": "Inglés", "Intérprete": "No hace falta", "Necesita": "Oye mal: hable de frente y con claridad",
        "Acompaña": "madre", "cliente": "Viene por algo práctico: rápido y amable."}


def test_the_list_asks_the_records_as_often_for_one_as_for_three(readers, tmp_path, settings):
    asked = {}
    for several in (1, 3):
        settings.TWOHATS_HOME = tmp_path / str(several)
        make_release(tmp_path / str(several), desk=[{**BENS, "person": n} for n in range(several)])
        asked[several] = queries_of(logged_in(readers["front_desk"]), "/desk/")
    assert asked[1] == asked[3] <= 5
