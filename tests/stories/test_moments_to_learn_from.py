"""Moments to learn from, and what people say themselves beside the sign: only with a yes, and never of few."""

import re
from itertools import count
from typing import Any

import pytest

from tests.release_fixture import INTERACTIONS, at, make_release
from tests.security.conftest import logged_in
from tests.stories.said import clause, voice
from twohats.service.actions import hidden_kinds, people
from twohats.service.policy import WHOLE, Role
from twohats.store.keys import key

Spoken = tuple[dict[str, Any], dict[str, Any]]
"""A comment and its clause."""
RELEASES = count(1)
YES = "I felt rushed, said visitor 3"
SIGN = "The doctor looked at the screen, said visitor 4"


def spoke(number: int, unit: str = "north-ed", words: str = "", **more: Any) -> Spoken:
    """A visitor who says that they were hurried."""
    said_in = voice(number, unit, "2026-11-05", visit=key(f"visit/{number}"))
    told = {"says_so": "patient", "sentiment": -1, "touchpoint": "clinician_communication", "shown_to": None} | more
    return said_in, clause(number, 1, words or f"I felt rushed, said visitor {number}", said_in, **told)


def served(number: int, patient: str | None = None, customer: str | None = None) -> dict[str, Any]:
    return {"thing": key(f"visit/{number}"), "visit": key(f"visit/{number}"), "person": key(f"Patient/said-{number}"),
            "unit": "north-ed", "kind": "AMB", "happened_at": at("2026-11-05", "09:00"), "patient": patient,
            "customer": customer}


def crowd(*special: Spoken, size: int = 12) -> list[Spoken]:
    """So many visitors who say it and said no yes, those that are special in their place."""
    known = {one["voice"] for one, _ in special}
    return [*(one for one in map(spoke, range(size)) if one[0]["voice"] not in known), *special]


@pytest.fixture
def side(home, readers, monkeypatch):
    """What the page says of moments of a hat, for a reader of the whole organisation."""
    def shown(said: list[Spoken], hat: str = "patient", name: str = "leader", language: str = "en",
              **changed: Any) -> str:
        monkeypatch.setattr("twohats.service.pages.measures.choosing.years_told",
                            lambda numbers, keys: ["2026", "2025"])
        voices, clauses = ([one[part] for one in said] for part in (0, 1))
        make_release(home, f"2026-11-23-moments-{next(RELEASES)}", voices=voices, clauses=clauses, **changed)
        people.give_role(user=readers[name], role=Role(name), unit=WHOLE, by=None)
        answer = logged_in(readers[name]).get("/measures/wrong-hat/?year=2026", headers={"accept-language": language})
        assert answer.status_code == 200
        page = " ".join(answer.content.decode().split())
        part = page.split(f'id="moment-{hat}"')[1].split("</section>")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part.split("</h3>")[1])).strip()
    return shown


def test_who_said_yes_is_quoted_and_nobody_else(side):
    said = crowd(spoke(3, shown_to="staff"), spoke(5, shown_to="nobody"), spoke(6, shown_to=None))
    assert side(said) == (f"{YES} The words say so · Talking with clinicians · told by the patient · "
                          "Riverside / North / North emergency · November 2026")


def test_without_any_yes_the_page_says_so(side):
    assert side(crowd()) == "Nobody has said yes yet to their words being shown."


def test_of_fewer_than_eleven_people_nobody_is_quoted(side):
    none = "None is shown: nobody who wrote of it has said yes, or fewer than 11 people wrote of it."
    assert side(crowd(spoke(3, shown_to="staff"), size=10)) == none
    assert side(crowd(spoke(3, shown_to="staff"), size=11)).startswith(YES)


def test_ten_who_tell_of_it_among_many_who_write_are_still_few(side):
    others = [spoke(number, says_so=None, sentiment=1) for number in range(40, 60)]
    assert side([*crowd(spoke(3, shown_to="staff"), size=10), *others]).startswith("None is shown")


def test_a_complaint_about_a_visit_with_a_sign_is_a_moment_too_and_comes_after(side):
    said = crowd(spoke(3, shown_to="staff"), spoke(4, words=SIGN, says_so=None, shown_to="staff"))
    told = side(said, served=[served(4, patient="hurried")])
    assert re.findall(r"said visitor \d+ [A-Z][a-z ]+", told) == [
        "said visitor 3 The words say so ", "said visitor 4 The visit bears a sign of it "]
    assert SIGN not in side(said, served=[served(4, patient="as_wished", customer="over_engaged")])


def test_a_customer_is_quoted_on_their_own_side(side):
    said = [spoke(number, words=f"The same form again {number}", says_so="customer", hat="customer",
                  about_hat="customer", touchpoint="check_in", shown_to="staff" if number == 2 else None)
            for number in range(12)]
    assert side(said, "customer").startswith("The same form again 2 The words say so · ")
    assert side(said, "patient").startswith("None is shown")


def test_a_yes_to_leaders_alone_reaches_leaders_alone(side):
    said = crowd(spoke(3, shown_to="leaders"))
    assert side(said, name="analyst").startswith("None is shown")
    assert side(said, name="leader").startswith(YES)


@pytest.mark.parametrize("more", [
    {"urgent": "day"}, {"masked": "hidden words", "unit": "north-clinic"}])
def test_what_is_urgent_or_of_a_small_place_is_never_quoted_there(side, more):
    told = side(crowd(spoke(3, shown_to="staff", **more)))
    assert YES not in told and "North clinic" not in told


def test_what_is_labelled_or_hidden_by_the_hospital_is_never_quoted(side, readers):
    said = [*crowd(spoke(3, shown_to="staff"), size=14), spoke(20, shown_to="staff", touchpoint="medication_pain")]
    labelled = INTERACTIONS[0] | {"interaction": key("labelled"), "visit": key("visit/3"), "sensitive": "ETH"}
    assert YES not in side(said, interactions=[*INTERACTIONS, labelled])
    assert "said visitor 20" in side(said)
    hidden_kinds.say_hidden(of="touchpoint", value="medication_pain", hidden=True, by=readers["administrator"])
    assert "said visitor 20" not in side(said)


def test_names_are_masked_for_who_may_see_names_too(side):
    said = crowd(spoke(3, shown_to="staff", words="Doctor Alvarez rushed me", masked="Doctor […] rushed me"))
    assert side(said, name="navigator").startswith("Doctor […] rushed me The words say so")


def test_the_page_speaks_spanish(side):
    assert side(crowd(), language="es") == "Todavía nadie ha dicho que sí a que se muestren sus palabras."


# ---- what people say themselves, beside the sign ------------------------------------------------------------
def sums(hat: str, *cells: tuple[int, int]) -> list[dict[str, Any]]:
    """Visits and people of: a sign and said, a sign, said, neither."""
    return [{"hat": hat, "sign": sign, "said": said, "times": times, "people": people_}
            for (sign, said), (times, people_) in zip(
                ((True, True), (True, False), (False, True), (False, False)), cells, strict=True) if times]


@pytest.fixture
def beside(home, readers):
    """What the page says of one hat."""
    def shown(hat: str, *rows: dict[str, Any]) -> str:
        make_release(home, f"2026-11-23-said-{next(RELEASES)}", said_so=list(rows))
        people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
        page = " ".join(logged_in(readers["leader"]).get("/measures/wrong-hat/").content.decode().split())
        part = page.split(f'id="said-{hat}"')[1].split("</section>")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part.split("</h4>")[1])).strip()
    return shown


def test_kappa_sensitivity_and_specificity_stand_with_their_ranges(beside):
    assert beside("patient", *sums("patient", (20, 18), (15, 14), (15, 13), (50, 44))) == (
        "Of 100 visits and calls of which people told us, they and the sign say the same of 70: a kappa of 0.34 (95 "
        "% range 0.15 to 0.53). That is under 0.4, so a single sign says little of what that person would say. "
        "Of 35 in which they say that they were hurried, 57.1 % bear a sign (sensitivity), 95 % range 41 to 72. "
        "Of 65 in which they say that they were not hurried, 76.9 % bear none (specificity), 95 % range 65 to 85. "
        "Visits and calls, by the sign and by what people say Sign They say that they were hurried They say that "
        "they were not hurried seen 20 people: 18 15 people: 14 not seen 15 people: 13 50 people: 44")


@pytest.mark.parametrize("cells", [
    ((10, 10), (15, 14), (15, 13), (50, 44)), ((20, 18), (15, 10), (15, 13), (50, 44)),
    ((20, 18), (15, 14), (15, 3), (50, 44)), ((20, 18), (15, 14), (15, 13), (60, 10))])
def test_one_small_count_keeps_all_four_back(beside, cells):
    assert beside("customer", *sums("customer", *cells)) == (
        "Too few: fewer than 11 people stand behind one of the four counts, so none of them is told.")


def test_a_count_of_nobody_may_be_told_and_nothing_at_all_is_said_so(beside):
    told = beside("customer", *sums("customer", (0, 0), (15, 14), (15, 13), (60, 50)))
    assert "seen 0 people: 0 15 people: 14" in told
    assert beside("patient") == "Nobody has told us of a visit or call of which a sign could be seen."
