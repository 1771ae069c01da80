"""Carla finds again whom we lost track of, by name; Frank sees how many, and never few; what she says holds at once."""

import re

import pytest

from tests.release_fixture import ANA, HAND_OFFS, RELEASE, hand_off, make_release, person
from tests.security.conftest import home, logged_in, readers
from tests.stories.counting import queries_of
from tests.stories.test_asking_by_link import words_of
from twohats.service.actions import contact, hand_offs, people
from twohats.service.actions.hidden_kinds import say_hidden
from twohats.service.pages.lost_track import page, reads
from twohats.service.pages.lost_track.reads import Count, Listed, Sight, disclosed
from twohats.service.policy import WHOLE, Role, Scope
from twohats.service.records.models import AuditEvent, HandOffWord
from twohats.store.keys import key
from twohats.store.reading import current

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
LOST, BENS, RUNNING, MET, LABELLED, OLD, OMARS, ANAS_STAY, ENDED = (row["hand_off"] for row in HAND_OFFS)


def listed(client, kind: str = "told_to_book") -> list[str]:
    """The hand-offs of a list, in its order, by their links."""
    text = client.get(f"/lost-track/list/{kind}/").content.decode()
    return list(dict.fromkeys(re.findall(r'href="/lost-track/(\d+)/"', text)))


def numbers(client) -> dict[str, str]:
    """What stands under the name of each list."""
    text = client.get("/lost-track/").content.decode()
    found = re.findall(r'<div class="fact"><dt>(.*?)</dt><dd><span class="(?:value|not-a-number)">(.*?)</span>', text)
    return {re.sub(r"<[^>]+>", "", name): value for name, value in found}


# ---- by name ------------------------------------------------------------------------------------------------------
def test_a_list_holds_who_is_lost_then_whose_clock_runs_in_the_readers_units_and_nobody_else(readers):
    assert listed(logged_in(readers["navigator"])) == [str(LOST), str(BENS), str(RUNNING)]


def test_what_a_label_hides_is_on_the_list_of_who_may_see_it(readers):
    assert listed(logged_in(readers["clinician"])) == [str(one) for one in (LOST, BENS, LABELLED, RUNNING)]
    assert "label hides" in words_of(logged_in(readers["navigator"]).get("/lost-track/list/told_to_book/"))
    assert "label hides" not in words_of(logged_in(readers["clinician"]).get("/lost-track/list/told_to_book/"))


@pytest.mark.parametrize(("kind", "value", "left"), [
    ("unit", "north-ed", [BENS, RUNNING]), ("unit", "south", [LOST, BENS, RUNNING]),
    ("touchpoint", "scheduling_access", []), ("touchpoint", "portal_results", [LOST, BENS, RUNNING])])
def test_what_the_hospital_hides_is_on_no_list(readers, kind, value, left):
    say_hidden(of=kind, value=value, hidden=True, by=readers["administrator"])
    assert listed(logged_in(readers["navigator"])) == [str(one) for one in left]


def test_a_row_says_whose_it_is_since_when_how_late_and_that_nobody_has_it(readers):
    shown = words_of(logged_in(readers["navigator"]).get("/lost-track/list/told_to_book/"))
    for said in ("2 clocks have run out", "Late by 6 days", "since November 3, 2026", "Ana Alvarez",
                 "Riverside / North / North emergency", "Nobody has it yet.", "7 days left", "I take it : Ben Alvarez"):
        assert said in shown


@pytest.mark.parametrize("says", ["death", "family"])
def test_of_whom_silence_was_asked_nobody_is_on_a_list_or_counted(readers, says):
    client = logged_in(readers["navigator"])
    before = numbers(client)["Told to book, and did not"]
    contact.end_all(person=ANA, says=says, by=readers["navigator"])
    assert (before, numbers(client)["Told to book, and did not"]) == ("2", "1")
    assert listed(client) == [str(BENS), str(RUNNING)]
    assert client.get(f"/lost-track/{LOST}/").status_code == 404


def test_looking_at_a_list_and_at_one_leaves_a_trace(readers):
    client = logged_in(readers["navigator"])
    client.get("/lost-track/list/told_to_book/")
    client.get(f"/lost-track/{LOST}/")
    assert list(AuditEvent.objects.filter(verb="looked at").order_by("pk").values_list("kind", "thing")) == [
        ("list", "told_to_book"), ("hand_off", str(LOST))]


@pytest.mark.parametrize("gone", [MET, OLD, OMARS, ENDED, LABELLED, 12345])
def test_what_is_met_old_elsewhere_ended_labelled_or_nowhere_is_answered_alike(readers, gone):
    assert logged_in(readers["navigator"]).get(f"/lost-track/{gone}/").status_code == 404


# ---- what came of it ------------------------------------------------------------------------------------------------
def test_what_carla_says_holds_at_once_on_the_list_and_on_the_leaders_page(readers):
    client = logged_in(readers["navigator"])
    client.post(f"/lost-track/{LOST}/taken/")
    assert "Navigator, " in words_of(client.get("/lost-track/list/told_to_book/"))
    assert "taken on" in words_of(client.get("/lost-track/list/told_to_book/"))
    assert client.post(f"/lost-track/{LOST}/", {"says": "did_not_want", "note": "moves away"}).status_code == 302
    assert listed(client) == [str(BENS), str(RUNNING)]
    assert "We have dealt with one more." in words_of(client.get("/lost-track/"))
    shown = words_of(client.get(f"/lost-track/{LOST}/"))
    assert "reached, and did not want it" in shown and "moves away" in shown
    client.post(f"/lost-track/{LOST}/open_again/")
    assert listed(client) == [str(LOST), str(BENS), str(RUNNING)]


def test_a_clock_that_still_runs_can_be_ended_too_and_then_runs_no_more(readers):
    client = logged_in(readers["navigator"])
    client.post(f"/lost-track/{RUNNING}/", {"says": "done_now"})
    assert listed(client) == [str(LOST), str(BENS)]
    assert "clock still runs" not in words_of(client.get("/lost-track/"))


@pytest.mark.parametrize(("typed", "told"), [
    ({"says": ""}, "Say what came of it."), ({"says": "lost"}, "Say what came of it."),
    ({"says": "taken"}, "Say what came of it."), ({"says": "not_yet", "note": "x" * 301}, "300")])
def test_a_half_filled_form_keeps_what_was_typed_and_says_what_is_missing(readers, typed, told):
    response = logged_in(readers["navigator"]).post(f"/lost-track/{LOST}/", typed)
    assert response.status_code == 400 and told in words_of(response) and "autofocus" in response.content.decode()
    assert HandOffWord.objects.count() == 0


# ---- counts -------------------------------------------------------------------------------------------------------
def test_a_leader_sees_no_name_and_no_number_of_few_people(readers):
    client = logged_in(readers["leader"])
    assert numbers(client) == {
        "Went home from a stay, and no clinician followed up": HIDDEN, "Told to book, and did not": HIDDEN,
        "Prescribed, and never filled": "0", "Result never opened, and nobody told them": "0",
        "Called three times about one thing, unsolved": "0", "Abnormal result, and no clinician told them": "0"}
    shown = words_of(client.get("/lost-track/"))
    for word in ("Alvarez", "Ana", "of 100"):
        assert word not in shown
    assert "/lost-track/list/" not in client.get("/lost-track/").content.decode()


HIDDEN = "Not shown: fewer than 11 people, or it would give such a number away."


def test_a_navigator_counts_what_stands_on_their_lists(readers):
    assert numbers(logged_in(readers["navigator"])) == {
        "Went home from a stay, and no clinician followed up": "1", "Told to book, and did not": "2",
        "Prescribed, and never filled": "0", "Result never opened, and nobody told them": "0",
        "Called three times about one thing, unsolved": "0", "Abnormal result, and no clinician told them": "0"}


def test_both_pages_name_the_lists_that_wait_for_their_feed(readers):
    shown = words_of(logged_in(readers["leader"]).get("/lost-track/"))
    assert shown.count("Waits for its feed:") == 2
    for said in ("A need was told, and nobody connected them", "Referred to a service, and no answer came"):
        assert said in shown


@pytest.mark.parametrize(("people_", "shown", "share"), [
    ({"in_time": 40, "late": 0, "lost": 20}, 20, True),
    ({"in_time": 40, "late": 11, "lost": 20, "dealt_with": 11}, 20, True),
    ({"in_time": 40, "late": 3, "lost": 20}, 20, False),
    ({"in_time": 40, "late": 0, "lost": 10}, None, False),
    ({"in_time": 40, "lost": 20, "dealt_with": 2}, 20, False),
    ({"in_time": 5, "lost": 20}, 20, False),
    ({}, 0, False),
])
def test_a_share_is_told_only_where_none_of_its_parts_is_of_few_people(people_, shown, share):
    cells = disclosed({cell: Count(n, n) for cell, n in people_.items()})
    (fact,) = page.lists({kind.key: cells for kind in reads.hand_offs().told})["patient"]
    assert (fact["value"], "n = " in fact["says"]) == (None if shown is None else str(shown), share)


def many(lost: int, met: int, unit: str = "north-ed") -> dict[str, list]:
    """So many people who never booked and who did, all due on the 20th."""
    everybody = [key(f"Patient/drawn-{n}") for n in range(lost + met)]
    return {"people": [person(one, f"drawn-{n}", "Drawn", "Person", "1970-01-01") for n, one in enumerate(everybody)],
            "hand_offs": [hand_off(f"ServiceRequest/d{n}", one, "told_to_book", "customer", unit, "2026-11-06",
                                   "2026-11-20", "lost" if n < lost else "met",
                                   **({} if n < lost else {"met_at": HAND_OFFS[3]["met_at"]}))
                          for n, one in enumerate(everybody)]}


def test_enough_people_are_told_to_a_leader_with_share_range_and_direction(readers, home):
    make_release(home, "2026-11-24-more", **many(12, 36))
    shown = words_of(logged_in(readers["leader"]).get("/lost-track/"))
    assert ("Told to book, and did not 12 Of 100 whose clock ran out in the last 90 days, 75 were met in time "
            "(61 to 85; n = 48). Higher is better.") in shown


def test_what_ended_is_counted_apart_and_no_longer_lost(readers, home):
    make_release(home, "2026-11-24-more", **many(3, 0))
    reader = current(reads.standing.releases.home())
    sight = Sight(Scope(everything=True), named=True, labelled=True)
    first = many(3, 0)["hand_offs"][0]["hand_off"]
    hand_offs.say(of=hand_offs.Told(first, "told_to_book", "north-ed", RELEASE), says="not_reached", note="",
                  by=readers["navigator"], now=reads.known_until(reader))
    assert Listed(reader, sight).counts()["told_to_book"] == {"lost": Count(2, 2), "dealt_with": Count(1, 1)}


# ---- how it is read -------------------------------------------------------------------------------------------------
def test_a_longer_list_asks_the_records_no_more_often(readers, home):
    client = logged_in(readers["navigator"])
    few = queries_of(client, "/lost-track/list/told_to_book/")
    make_release(home, "2026-11-24-more", **many(12, 0))
    assert queries_of(client, "/lost-track/list/told_to_book/") == few


def test_pages_of_fifty(readers, home):
    make_release(home, "2026-11-24-more", **many(51, 0))
    client = logged_in(readers["navigator"])
    assert len(listed(client)) == 50
    more = client.get("/lost-track/list/told_to_book/?page=2").content.decode()
    assert len(set(re.findall(r'href="/lost-track/(\d+)/"', more))) == 1


def test_a_release_of_before_has_no_lists_and_leads_to_the_first_steps(readers, home):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "releases" / RELEASE / "pages.sqlite")) as file, file:
        file.execute("DROP TABLE hand_offs")
    client = logged_in(readers["navigator"])
    assert client.get("/lost-track/")["Location"] == "/first-steps/"
    assert client.get("/lost-track/list/told_to_book/").status_code == 404
    assert client.get("/since-monday/").status_code == 200


def test_who_holds_the_whole_organisation_sees_the_south_too(readers):
    people.give_role(user=readers["navigator"], role=Role.NAVIGATOR, unit=WHOLE, by=None)
    assert listed(logged_in(readers["navigator"])) == [str(one) for one in (OMARS, LOST, BENS, RUNNING)]


def test_in_spanish(readers):
    client = logged_in(readers["navigator"])
    client.post("/language", {"language": "es"})
    shown = words_of(client.get("/lost-track/list/told_to_book/"))
    for said in ("Se les pidió reservar y no lo hicieron", "El plazo ha vencido", "Nadie lo tiene todavía."):
        assert said in shown
