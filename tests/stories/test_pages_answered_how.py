"""Beside each score of a survey stands how it was answered: mode, language, by whom, and how many of those asked."""

import csv
import io

import pytest

from tests.release_fixture import answered, measure
from tests.security.conftest import logged_in
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures.answered_how import AnsweredHow, Mix, distance, line, with_care
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.policy import WHOLE, Role
from twohats.store.attack import derived

QUARTER = "2026-Q3"
HOW = ("Answered by text message 61\u00a0%, by letter 39\u00a0%; in English 82\u00a0%, in Spanish 18\u00a0%; for the "
       "person by somebody else 9\u00a0%. No request for an opinion sent here is known.")
CARE = "Asked by different ways (more than 20 of 100 answered by another one): compare with care."


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


@pytest.fixture
def drawn(home, db, monkeypatch):
    """How forms were answered in a release whose table of it holds these rows."""
    def made(*rows, measures=()) -> AnsweredHow:
        reader = releases.current()
        real = reader.rows
        monkeypatch.setattr(reader, "rows", lambda sql, params=(): list(rows) if "FROM answered_how" in sql else (
            list(measures) if "FROM measures" in sql else real(sql, params)))
        return AnsweredHow(reader, Numbers(reader, Cube(reader)))

    return made


def modes(unit: str, period: str = "2026", **forms: int) -> list[dict]:
    """All forms of a unit and those by each mode; everybody in English, for themselves."""
    there, whole = {"unit": unit, "period": period}, sum(forms.values())
    return [answered("all", "*", whole, **there), answered("language", "en", whole, **there),
            answered("respondent", "self", whole, **there),
            *(answered("mode", mode, count, **there) for mode, count in forms.items())]


def shown(client, address: str, **how) -> str:
    answer = client.get(address, **how)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split(" "))


def test_the_line_stands_beside_every_score_that_is_told(frank):
    page = " ".join(shown(frank, f"/measures/?period={QUARTER}").split("\n"))
    score = page.split('/measures/cg_cahps_3_1_patient/')[1].split("</div>")[0]
    assert f'<dd class="says how">{HOW}</dd>' in score
    assert "How it was answered is not told" in page.split("/measures/nps_nps/")[1].split("</div>")[0]
    assert "Answered" not in page.split("/measures/no_show/")[1].split("</div>")[0], "nobody was asked"
    assert f"<p>{HOW}</p>" in shown(frank, f"/measures/cg_cahps_3_1_patient/?period={QUARTER}")
    assert f"<p>{HOW}</p>" in shown(frank, f"/measures/official/?unit=*&period={QUARTER}")


def test_it_is_said_in_spanish(frank):
    page = shown(frank, f"/measures/cg_cahps_3_1_patient/?period={QUARTER}", headers={"accept-language": "es"})
    said = ("Respondido por mensaje de texto 61\u00a0%, por carta 39\u00a0%; en inglés 82\u00a0%, en español "
            "18\u00a0%; en nombre de la persona 9\u00a0%. No se conoce ninguna petición de opinión enviada aquí.")
    assert f"<p>{said}</p>" in page


def test_the_file_holds_it_too(frank):
    rows = list(csv.DictReader(io.StringIO(frank.get("/measures/told.csv?unit=*").content.decode())))
    told = {row["measure"]: row["answered_how"] for row in rows if row["period"] == QUARTER}
    assert (told["cg_cahps_3_1_patient"], told["no_show"]) == (HOW, "")


def test_the_response_rate_is_that_of_all_requests_of_the_place_and_time(drawn):
    asked = measure("opinion_answered", WHOLE, QUARTER, 200, 180, part=62, people_with=60, people_without=120)
    few = asked | {"part": 4, "people_with": 4, "people_without": 176}
    rate = "31\u00a0% of all requests for an opinion sent here were answered."
    assert line(drawn(measures=[asked]), "cg_cahps_3_1", WHOLE, QUARTER).endswith(rate)
    assert line(drawn(measures=[few]), "cg_cahps_3_1", WHOLE, QUARTER) == (
        "How it was answered is not told: too few people. The response rate is not told.")
    assert line(drawn(), "", WHOLE, QUARTER) == "", "what was measured was not asked"


def test_a_small_mode_hides_another_and_nothing_is_derived(drawn):
    held = drawn(*modes(WHOLE, sms=160, mail=100, web=40), *modes("system", sms=160, mail=100, web=40),
                 *modes("north", sms=100, mail=80, web=35), *modes("south", sms=60, mail=20, web=5))
    assert held.mix("cg_cahps_3_1", WHOLE, "2026") == Mix(
        {"sms": 160 / 300, "mail": 100 / 300, "web": 40 / 300}, {"en": 1.0}, {"self": 1.0})
    south = held.mix("cg_cahps_3_1", "south", "2026")
    assert south.mode == {"sms": 60 / 85}
    assert line(held, "cg_cahps_3_1", "south", "2026").startswith(
        "Answered by text message 71\u00a0%, the rest not told; in English 100\u00a0%.")
    small = [cell for cell in held.hidden if held.people[cell] < 11]
    assert small and derived(held.counts, held.hidden, held.families, small) == {}


def test_a_mode_of_fewer_than_30_people_in_the_year_is_told_with_the_others(drawn):
    held = drawn(*modes(WHOLE, sms=160, phone=20, fax=15))
    assert held.mix("cg_cahps_3_1", WHOLE, "2026").mode == {"sms": 160 / 195, "others": 35 / 195}
    only = drawn(*modes(WHOLE, phone=20, fax=15))
    assert only.mix("cg_cahps_3_1", WHOLE, "2026").mode == {}
    assert drawn(*modes(WHOLE, sms=8)).mix("cg_cahps_3_1", WHOLE, "2026") is None


def by(**mode: float) -> Mix:
    return Mix(mode, {}, {})


@pytest.mark.parametrize(("one", "other", "apart"), [
    (by(sms=0.6, mail=0.4), by(sms=0.6, mail=0.4), 0.0),
    (by(sms=0.6, mail=0.4), by(sms=0.3, mail=0.7), 0.3),
    (by(sms=0.6, mail=0.4), by(phone=1.0), 1.0),
    (by(sms=0.6), by(sms=0.25, mail=0.75), 0.35),
    (by(sms=0.6, others=0.4), by(sms=0.5, mail=0.3, others=0.2), 0.1),
])
def test_two_mixes_are_at_least_so_far_apart(one, other, apart):
    assert distance(one, other) == distance(other, one) == pytest.approx(apart)


def test_care_is_asked_for_where_more_than_20_of_100_answered_another_way(frank, drawn, monkeypatch):
    assert with_care([by(sms=0.6, mail=0.4), None, by(sms=0.39, mail=0.61)]) == CARE
    assert with_care([by(sms=0.6, mail=0.4), by(sms=0.41, mail=0.59)]) == ""
    assert with_care([None, by(sms=1.0)]) == ""
    held = drawn(*modes("north", sms=100, mail=80), *modes("south", sms=20, mail=80),
                 *modes(WHOLE, sms=120, mail=160), *modes("system", sms=120, mail=160))
    monkeypatch.setattr("twohats.service.pages.measures.views.answered_how_of", lambda reader: held)
    assert f"have to be hidden. {CARE}" in shown(frank, "/measures/cg_cahps_3_1_patient/?unit=*&period=2026")
    assert CARE not in shown(frank, "/measures/nps_nps/?unit=*&period=2026")
    held = drawn(*(row | {"score": score, "period": period} for period in (QUARTER, "2026")
                   for score, sms, mail in (("cg_cahps_3_1", 50, 70), ("nps", 100, 40))
                   for row in modes(WHOLE, sms=sms, mail=mail)))
    assert CARE in shown(frank, f"/measures/?period={QUARTER}")
