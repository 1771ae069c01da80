"""Praise is passed on to whom it is about: they read it, once, masked; nobody else does, and nobody is ranked."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from tests.stories.said import RELEASE, STAFF, drawn, release_of_comments
from tests.stories.test_pages_comments import main_of
from twohats.service.actions import people, praise
from twohats.service.actions.praise import Praise
from twohats.service.pages.comments import page
from twohats.service.policy import Role
from twohats.service.records.models import AuditEvent, PraisePassedOn, User
from twohats.words.problems import Problem

_, CLAUSES = drawn()
PRAISE, COMPLAINT = CLAUSES[0]["clause"], CLAUSES[1]["clause"]
LATER = CLAUSES[2]["clause"]
IN_THE_SOUTH = next(one["clause"] for one in CLAUSES if one["unit"] == "south")
WORDS = "Doctor [name] listened to visitor 0."


@pytest.fixture
def cast(home, readers):
    """Those who read comments, and Dr. Diaz, whom the hospital's files call Practitioner/diaz."""
    release_of_comments(home)
    people.say_staff(user=readers["clinician"], staff=STAFF, by=readers["administrator"])
    return readers


def address(clause: int) -> str:
    return f"/thanks/pass-on/{clause}/"


def offered(response) -> list[str]:
    return re.findall(r'name="to" value="([^"]+)"', response.content.decode())


# ---- to whom ----------------------------------------------------------------------------------------------
def test_the_unit_and_the_staff_of_the_visit_are_proposed_by_what_it_is_about(cast):
    response = logged_in(cast["reviewer"]).get(address(PRAISE))
    assert offered(response) == ["unit:north-ed", f"staff:{STAFF}", "staff:Practitioner/eve"]
    said = main_of(response)
    assert f"{WORDS} P patient · November 2026 · Riverside / North / North emergency" in said
    assert "Clinician Treatment and skill Practitioner/eve Check-in" in said
    assert "Alvarez" not in said


def test_who_was_there_and_is_looked_for_too_stands_once(cast):
    response = logged_in(cast["reviewer"]).get(address(PRAISE), {"find": "clin"})
    assert offered(response) == ["unit:north-ed", f"staff:{STAFF}", "staff:Practitioner/eve"]


def test_without_a_visit_the_unit_alone_is_proposed(cast):
    assert offered(logged_in(cast["reviewer"]).get(address(LATER))) == ["unit:north-ed"]


@pytest.mark.parametrize(("typed", "found"), [
    ("clin", [f"staff:{STAFF}"]), (STAFF, [f"staff:{STAFF}"]), ("Practitioner", []), ("%", []), ("navigator", [])])
def test_a_colleague_is_found_by_name_or_whole_reference(cast, typed, found):
    response = logged_in(cast["reviewer"]).get(address(LATER), {"find": typed})
    assert offered(response) == ["unit:north-ed", *found]
    assert ("Nobody of that name logs in here" in main_of(response)) == (found == [])


# ---- passing on -------------------------------------------------------------------------------------------
def test_dr_diaz_reads_what_was_passed_on_and_nobody_else_does(cast):
    reviewer = logged_in(cast["reviewer"])
    assert reviewer.post(address(PRAISE), {"to": f"staff:{STAFF}"})["Location"] == "/thanks/passed-on/"
    made = PraisePassedOn.objects.get()
    assert (made.clause, made.to_staff, made.to_unit, made.words, made.hat, made.unit, made.month, made.release,
            made.by) == (PRAISE, STAFF, "", WORDS, "patient", "north-ed", "2026-11", RELEASE, cast["reviewer"])
    assert main_of(logged_in(cast["clinician"]).get("/thanks/")) == (
        "What did people thank you for? Somebody who reads comments passed these words on to you. Only you and they "
        f"see them here. {WORDS} P patient · November 2026 · Riverside / North / North emergency")
    assert "to Clinician" in main_of(reviewer.get("/thanks/passed-on/"))
    others = {name: WORDS in main_of(logged_in(cast[name]).get("/thanks/", follow=True))
              for name in ("leader", "navigator", "front_desk", "analyst", "administrator", "gus")}
    assert others == dict.fromkeys(others, False)


def test_what_a_unit_was_thanked_for_is_a_sheet_of_its_own(cast):
    logged_in(cast["navigator"]).post(address(PRAISE), {"to": "unit:north-ed"})
    said = "What was passed on? Riverside / North / North emergency " + WORDS
    assert main_of(logged_in(cast["navigator"]).get("/thanks/passed-on/")).startswith(said)
    assert main_of(logged_in(cast["reviewer"]).get("/thanks/passed-on/")).startswith(said)
    people.take_role(user=cast["reviewer"], role=Role.REVIEWER, unit="north", by=None)
    people.give_role(user=cast["reviewer"], role=Role.REVIEWER, unit="south", by=None)
    assert WORDS not in main_of(logged_in(cast["reviewer"]).get("/thanks/passed-on/"))
    assert WORDS not in main_of(logged_in(cast["clinician"]).get("/thanks/"))


def test_praise_reaches_each_only_once(cast):
    client = logged_in(cast["reviewer"])
    for to in (f"staff:{STAFF}", "unit:north-ed"):
        assert client.post(address(PRAISE), {"to": to}).status_code == 302
        again = client.post(address(PRAISE), {"to": to})
        assert (again.status_code, "This praise reached them already." in main_of(again)) == (400, True)
    assert PraisePassedOn.objects.count() == 2
    said = main_of(client.get("/comments/?words=visitor+0"))
    assert ("· passed on" in said, "Pass it on" in said) == (True, False)


@pytest.mark.parametrize("to", ["", "unit:south", "staff:Practitioner/nobody", "staff:", "north-ed", "unit:*"])
def test_only_who_is_offered_gets_it(cast, to):
    answer = logged_in(cast["reviewer"]).post(address(PRAISE), {"to": to})
    assert (answer.status_code, "Choose whom it is about." in main_of(answer)) == (400, True)
    assert not PraisePassedOn.objects.exists()


def test_a_colleague_who_was_looked_for_can_be_chosen(cast):
    client = logged_in(cast["reviewer"])
    assert client.post(address(LATER), {"to": f"staff:{STAFF}", "find": "clin"}).status_code == 302
    assert PraisePassedOn.objects.get().to_staff == STAFF


@pytest.mark.parametrize("clause", [COMPLAINT, IN_THE_SOUTH, 5, 2**63 - 1, 2**63, 2**200])
def test_what_is_no_praise_of_the_own_units_is_not_there(cast, clause):
    for name in ("reviewer", "navigator"):
        assert logged_in(cast[name]).get(address(clause)).status_code == 404
        assert logged_in(cast[name]).post(address(clause), {"to": "unit:north-ed"}).status_code == 404
    assert not PraisePassedOn.objects.exists()


def test_it_leaves_a_trace_without_words(cast):
    logged_in(cast["reviewer"]).post(address(PRAISE), {"to": f"staff:{STAFF}"})
    assert list(AuditEvent.objects.filter(kind="clause").values_list("user_number", "verb", "thing")) == [
        (cast["reviewer"].pk, "passed praise on", str(PRAISE))]
    assert list(AuditEvent.objects.filter(verb="said which staff").values_list("user_number", "thing")) == [
        (cast["administrator"].pk, str(cast["clinician"].pk))]


# ---- rules that hold whoever calls -------------------------------------------------------------------------
GIVEN = Praise(clause=1, words=" so kind ", hat="none", sentiment=1, unit="", month="", release="r1")


@pytest.mark.parametrize(("given", "to"), [
    (GIVEN, {}), (GIVEN, {"to_staff": "a", "to_unit": "b"}),
    (Praise(1, "slow", "customer", -1, "", "", "r1"), {"to_unit": "b"}),
    (Praise(1, "  ", "none", 1, "", "", "r1"), {"to_unit": "b"})])
def test_only_praise_goes_and_only_to_one(cast, given, to):
    with pytest.raises(Problem):
        praise.pass_on(praise=given, by=cast["reviewer"], **to)
    assert not PraisePassedOn.objects.exists()


def test_the_database_refuses_what_must_not_be(cast):
    def made(**more):
        return PraisePassedOn.objects.create(**{
            "clause": 1, "words": "so kind", "hat": "none", "release": "r1", "by": cast["reviewer"],
            "made_at": timezone.now(), "to_unit": "a", **more})

    made()
    wrong = [made, lambda: made(to_staff="b"), lambda: made(to_unit=""), lambda: made(clause=2, words=""),
             lambda: User.objects.filter(pk=cast["gus"].pk).update(staff=STAFF)]
    let_through = []
    for number, deed in enumerate(wrong):
        try:
            with transaction.atomic():
                deed()
            let_through.append(number)
        except IntegrityError:
            continue
    assert let_through == []


def test_two_people_are_not_the_same_member_of_staff(cast):
    client = logged_in(cast["administrator"])
    client.post(f"/users/{cast['navigator'].pk}/staff", {"staff": STAFF})
    assert "Somebody else is this member of staff already." in main_of(client.get("/users/"))
    client.post(f"/users/{cast['navigator'].pk}/staff", {"staff": " Practitioner/carla "})
    client.post(f"/users/{cast['clinician'].pk}/staff", {"staff": ""})
    client.post(f"/users/{cast['reviewer'].pk}/staff", {"staff": "x" * 301})
    held = dict(User.objects.values_list("username", "staff"))
    assert (held["navigator"], held["clinician"], held["reviewer"]) == ("Practitioner/carla", "", "")


# ---- what stands where nothing is --------------------------------------------------------------------------
def test_each_empty_page_says_what_to_do(cast):
    assert "An administrator can say so on the page of users." in main_of(logged_in(cast["leader"]).get("/thanks/"))
    assert "Nothing was passed on to you yet." in main_of(logged_in(cast["clinician"]).get("/thanks/"))
    assert "Search the comments for praise and pass it on. Search for praise" in main_of(
        logged_in(cast["reviewer"]).get("/thanks/passed-on/"))


def test_thanks_are_a_place_of_who_is_staff(cast):
    for name, there in (("clinician", True), ("leader", False), ("reviewer", True)):
        assert (">Thanks</a>" in logged_in(cast[name]).get("/overview/").content.decode()) == there, name


def test_the_pages_ask_the_records_as_often_for_one_as_for_three(cast):
    asked = []
    for number, one in enumerate(CLAUSES[0:6:2]):
        for to in ({"to_staff": STAFF}, {"to_unit": "north-ed"}):
            praise.pass_on(praise=Praise(one["clause"], "so kind", "patient", 1, "north-ed", "2026-11", "r1"),
                           by=cast["reviewer"], **to)
        if number in (0, 2):
            asked.append((queries_of(logged_in(cast["clinician"]), "/thanks/"),
                          queries_of(logged_in(cast["reviewer"]), "/thanks/passed-on/")))
    assert asked[0] == asked[1]


def test_thanks_are_read_in_spanish(cast):
    logged_in(cast["reviewer"]).post(address(PRAISE), {"to": f"staff:{STAFF}"})
    said = main_of(logged_in(cast["clinician"]).get("/thanks/", headers={"accept-language": "es"}))
    assert said.startswith("¿Qué le agradeció la gente? Alguien que lee comentarios le transmitió estas palabras.")
    assert "P paciente · noviembre de 2026" in said


def test_before_a_release_there_is_nothing_to_pass_on(readers, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert logged_in(readers["reviewer"]).get(address(PRAISE)).status_code == 404
    assert logged_in(readers["reviewer"]).get("/thanks/passed-on/").status_code == 200


def test_a_hat_of_a_clause_is_named_whole():
    assert [page.hat_name(hat) for hat in ("patient", "customer", "none", "unsure")] == [
        "patient", "customer", "no hat", "not sure"]
