"""Frank reads on a Tuesday what needs us since Monday: the same four numbers for both hats, each with its list."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from tests.release_fixture import (
    ANA,
    BEN,
    CLAUSES,
    HAND_OFFS,
    INTERACTIONS,
    OMAR,
    RELEASE,
    at,
    hand_off,
    make_release,
)
from tests.security.conftest import asked_how_it_was, home, logged_in, readers
from tests.stories.counting import queries_of
from tests.stories.test_asking_by_link import words_of
from twohats.service import releases
from twohats.service.actions import hand_offs
from twohats.service.pages.lost_track.reads import Count, Listed, Sight
from twohats.service.pages.since_monday import page, reads, views
from twohats.service.pages.since_monday.reads import Late, Number, Urgent, last_monday
from twohats.service.policy import Scope
from twohats.service.records.models import AuditEvent, HatOverride, RecoveryCase, UrgentAlert
from twohats.store.keys import key

__all__ = ["asked_how_it_was", "home", "readers"]
pytestmark = pytest.mark.django_db
MONDAY = at("2026-11-16", "05:00")
NOW = at("2026-11-23", "17:00")
"""Noon of Monday, the 23rd in the north: so the Monday looked from is the 16th."""
EVERYTHING, NORTH = Scope(everything=True), Scope(frozenset({"north", "north-ed", "north-clinic"}))
NONE = Urgent(0, 0, None, None)


@pytest.fixture
def on_the_23rd(monkeypatch):
    monkeypatch.setattr(views, "timezone", SimpleNamespace(now=lambda: NOW))


# ---- which Monday -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("now", "zone", "monday"), [
    ("2026-11-23T17:00", "America/New_York", "2026-11-16T05:00"),  # a Monday: the week before
    ("2026-11-24T05:01", "America/New_York", "2026-11-23T05:00"),  # Tuesday, one past midnight there
    ("2026-11-24T04:59", "America/New_York", "2026-11-16T05:00"),  # still Monday there
    ("2026-11-24T05:01", "America/Chicago", "2026-11-16T06:00"),   # still Monday there
    ("2026-11-29T12:00", "America/New_York", "2026-11-23T05:00"),  # Sunday
    ("2026-11-03T12:00", "America/New_York", "2026-11-02T05:00"),  # clocks were put back on the 1st
    ("2026-11-02T12:00", "America/New_York", "2026-10-26T04:00"),  # ... so that the Monday before began at another hour
    ("2026-11-24T12:00", "UTC", "2026-11-23T00:00"),
])
def test_the_last_monday_is_before_today_on_the_hospitals_clock(now: str, zone: str, monday: str):
    told = last_monday(datetime.fromisoformat(now).replace(tzinfo=UTC), ZoneInfo(zone))
    assert told == datetime.fromisoformat(monday).replace(tzinfo=UTC)


# ---- urgent words -------------------------------------------------------------------------------------------------
def alert(voice: int, found: datetime, taken_after: float | None = None, unit: str = "north-ed", **more) -> UrgentAlert:
    taken = {} if taken_after is None else {
        "acknowledged_by": more.pop("by"), "acknowledged_at": found + timedelta(minutes=taken_after)}
    return UrgentAlert.objects.create(voice=voice, clock="now", unit=unit, said_at=found, found_at=found,
                                      due_at=found + timedelta(minutes=15), release=RELEASE, **taken, **more)


ANAS_WORDS = next(row["voice"] for row in CLAUSES if row["urgent"] == "now")


def test_urgent_comments_are_counted_by_the_hat_of_their_urgent_words_with_minutes_until_a_human(readers):
    carla = readers["navigator"]
    alert(ANAS_WORDS, NOW - timedelta(hours=3), 12, by=carla)
    alert(1, NOW - timedelta(hours=2))
    alert(2, MONDAY - timedelta(minutes=1))
    alert(3, NOW - timedelta(hours=2), unit="south")
    UrgentAlert.objects.create(asked_by=carla, person=BEN, clock="now", unit="north-ed", found_at=NOW, said_at=NOW,
                               due_at=NOW + timedelta(minutes=3), release=RELEASE)
    reader = releases.current()
    assert reads.urgent(reader, NORTH, MONDAY, NOW) == {
        "patient": Urgent(1, 1, None, 12), "customer": NONE, "mixed": NONE, "unknown": Urgent(1, 0, None, 120)}
    assert reads.urgent(reader, EVERYTHING, MONDAY, NOW)["unknown"] == Urgent(2, 0, None, 120)


def test_both_hats_in_urgent_words_are_mixed_and_what_was_too_old_is_left_out(readers, home):
    words = {"voice": ANAS_WORDS, "urgent": "day", "about_hat": "customer", "clause": 99}
    make_release(home, "2026-11-24-more", clauses=[*CLAUSES, CLAUSES[4] | words])
    alert(ANAS_WORDS, NOW - timedelta(hours=1))
    alert(1, NOW - timedelta(hours=1), 5, by=readers["navigator"], outcome="too_old", note="of years ago",
          closed_by=readers["navigator"], closed_at=NOW)
    assert reads.urgent(releases.current(), NORTH, MONDAY, NOW) == {
        "patient": NONE, "customer": NONE, "mixed": Urgent(1, 0, None, 60), "unknown": NONE}


def test_half_of_them_counts_who_still_waits_and_is_told_of_eleven_or_more(readers):
    for voice in range(10):
        alert(voice, NOW - timedelta(hours=5), 10, by=readers["navigator"])
    few = reads.urgent(releases.current(), NORTH, MONDAY, NOW)["unknown"]
    for voice in range(10, 25):
        alert(voice, NOW - timedelta(hours=5))
    many = reads.urgent(releases.current(), NORTH, MONDAY, NOW)["unknown"]
    assert (few.median, few.longest, many.found, many.taken, many.longest) == (None, 10, 25, 10, 300)
    assert many.median is None  # more than half of them wait still
    alert(25, NOW - timedelta(hours=5), 20, by=readers["navigator"])
    for voice in range(26, 46):
        alert(voice, NOW - timedelta(hours=5), 20, by=readers["navigator"])
    assert reads.urgent(releases.current(), NORTH, MONDAY, NOW)["unknown"].median == pytest.approx(20, rel=0.05)


def test_a_leader_is_told_no_few_comments_of_one_hat_and_not_by_subtraction():
    counts = {"patient": 20, "customer": 15, "mixed": 3, "unknown": 0}
    assert reads.few_hidden(counts) == {"patient": Number(20), "customer": Number(15, True), "mixed": Number(3, True),
                                        "unknown": Number(0)}
    told = {hat: Urgent(n, n, None, 1.0) for hat, n in counts.items()}
    shown = {hat: fact["value"] for hat, fact in page.urgent_facts(told, reads_words=False).items()}
    whole = {hat: fact["value"] for hat, fact in page.urgent_facts(told, reads_words=True).items()}
    assert shown == {"patient": "20", "customer": None, "mixed": None, "unknown": "0"}
    assert whole == {"patient": "20", "customer": "15", "mixed": "3", "unknown": "0"}


# ---- cases --------------------------------------------------------------------------------------------------------
def test_cases_past_their_clock_by_hat_and_those_whose_clock_ran_out_since_monday(asked_how_it_was):
    def late(**changed) -> dict[str, Late]:
        clocks = {"opened_at": at("2026-11-10", "12:00"), "first_word_by": at("2026-11-11", "12:00"),
                  "end_by": at("2026-11-17", "12:00"), "closes_at": at("2026-12-17", "12:00"), "first_word_at": None}
        RecoveryCase.objects.filter(unit="north-ed").update(**clocks | changed)
        return reads.late_cases(NORTH, MONDAY, NOW)

    none = dict.fromkeys(("customer", "mixed", "unknown"), Late(0, 0))
    assert late() == {"patient": Late(1, 0), **none}
    assert late(first_word_by=at("2026-11-18", "12:00")) == {"patient": Late(1, 1), **none}
    assert late(first_word_at=at("2026-11-10", "13:00")) == {"patient": Late(1, 1), **none}
    assert late(first_word_by=at("2026-11-24", "12:00")) == {"patient": Late(0, 0), **none}
    assert late(first_word_at=at("2026-11-10", "13:00"), end_by=at("2026-11-24", "12:00")) == {
        "patient": Late(0, 0), **none}
    assert reads.late_cases(EVERYTHING, MONDAY, NOW)["patient"].now == 0  # the south's was opened after that day


# ---- people we lost track of ----------------------------------------------------------------------------------------
def test_who_was_lost_since_monday_by_hat_and_not_who_was_before_or_was_dealt_with(readers):
    seen = Listed(releases.current(), Sight(NORTH, named=True, labelled=True))
    assert seen.lost_since(MONDAY) == {"patient": Count(1, 1), "mixed": Count(0, 0), "customer": Count(1, 1)}
    assert seen.lost_since(MONDAY - timedelta(days=21))["customer"] == Count(2, 2)
    first = HAND_OFFS[0]
    hand_offs.say(of=hand_offs.Told(first["hand_off"], first["kind"], first["unit"], RELEASE), says="done_now", note="",
                  by=readers["navigator"], now=NOW)
    again = Listed(releases.current(), Sight(NORTH, named=True, labelled=True))
    assert again.lost_since(MONDAY)["customer"] == Count(0, 0)


@pytest.mark.parametrize(("since", "before", "hidden"), [
    (12, 0, False), (12, 11, False), (12, 3, True), (4, 0, True), (0, 40, False), (0, 3, False)])
def test_a_leader_learns_no_few_people_from_the_week_beside_the_lists(readers, home, since, before, hidden):
    make_release(home, "2026-11-24-more", hand_offs=[
        hand_off(f"Encounter/d{n}", key(f"Patient/drawn-{n}"), "discharged", "patient", "north-ed", "2026-11-02",
                 "2026-11-20" if n < since else "2026-11-10", "lost") for n in range(since + before)])
    told = Listed(releases.current(), Sight(NORTH, named=False, labelled=False)).lost_since(MONDAY)
    assert told["patient"] == Count(since, since, hidden)


# ---- hats overruled -------------------------------------------------------------------------------------------------
def said(by, interaction: int, hat: str, when: datetime) -> None:
    HatOverride.objects.create(interaction=interaction, hat=hat, reason="drawn", release=RELEASE, by=by, made_at=when)


def moment(person: int, act: str) -> int:
    return next(one["interaction"] for one in INTERACTIONS if one["person"] == person and one["act"] == act)


def test_the_latest_word_since_monday_counts_in_the_units_it_belongs_to(readers):
    by = readers["navigator"]
    said(by, moment(ANA, "wait"), "customer", MONDAY - timedelta(minutes=1))
    said(by, moment(ANA, "register"), "patient", NOW - timedelta(hours=2))
    said(by, moment(ANA, "register"), "mixed", NOW - timedelta(hours=1))
    said(by, moment(ANA, "papers"), "patient", NOW - timedelta(hours=3))
    said(by, next(one["interaction"] for one in INTERACTIONS if one["person"] == OMAR), "customer", NOW)
    said(by, 12345, "customer", NOW)
    reader = releases.current()
    north = reads.overruled(reader, NORTH, MONDAY, NOW)
    assert [(one.interaction, one.hat) for one in north] == [
        (moment(ANA, "register"), "mixed"), (moment(ANA, "papers"), "patient")]
    assert reads.overruled_by_hat(north, named=True) == {
        "patient": Number(1), "customer": Number(0), "mixed": Number(1), "unknown": Number(0)}
    assert reads.overruled_by_hat(north, named=False) == {
        "patient": Number(1, True), "customer": Number(0), "mixed": Number(1, True), "unknown": Number(0)}
    assert len(reads.overruled(reader, EVERYTHING, MONDAY, NOW)) == 4


def test_the_list_names_the_moment_and_never_who_overruled_it(readers, on_the_23rd):
    said(readers["front_desk"], moment(ANA, "papers"), "patient", NOW - timedelta(hours=3))
    labelled = next(one["interaction"] for one in INTERACTIONS if one.get("sensitive"))
    said(readers["front_desk"], labelled, "customer", NOW - timedelta(hours=3))
    shown = words_of(logged_in(readers["navigator"]).get("/since-monday/overruled/"))
    for told in ("One moment since Monday, November 16, 2026.", "Discharge papers", "Ana Alvarez: it was a patient"):
        assert told in shown
    assert "Front_Desk" not in shown and "Examination or treatment" not in shown
    shown = words_of(logged_in(readers["clinician"]).get("/since-monday/overruled/"))
    assert "2 moments since" in shown
    assert [tuple(row) for row in AuditEvent.objects.filter(thing="overrules").values_list("verb", "kind")] == [
        ("looked at", "list")] * 2


# ---- the page -----------------------------------------------------------------------------------------------------
def facts(response) -> list[list[str]]:
    """The names of the numbers, side by side."""
    sides = re.findall(r'<section class="side week.*?</section>', response.content.decode(), re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", name) for name in re.findall(r"<dt>(.*?)</dt>", side)] for side in sides]


URGENT, CASES, LOST, OVERRULED = ("Urgent comments", "Cases past their clock", "People we lost track of",
                                  "Hats overruled")


@pytest.mark.parametrize(("role", "shown"), [
    ("leader", [URGENT, CASES, LOST, OVERRULED]), ("navigator", [URGENT, CASES, LOST, OVERRULED]),
    ("reviewer", [URGENT, CASES, LOST, OVERRULED]), ("clinician", [LOST, OVERRULED]), ("analyst", [LOST, OVERRULED])])
def test_both_hats_show_the_same_numbers_as_far_as_a_role_may_see_them(readers, on_the_23rd, role, shown):
    assert facts(logged_in(readers[role]).get("/since-monday/")) == [shown, shown]


def test_each_number_leads_to_its_list_and_a_list_of_names_only_to_who_may_open_it(readers, on_the_23rd):
    def links(role: str) -> list[str]:
        text = logged_in(readers[role]).get("/since-monday/").content.decode()
        side = re.search(r'<section class="side week patient.*?</section>', text, re.DOTALL)[0]
        return re.findall(r'<dt><a href="([^"]+)"', side)

    assert links("navigator") == ["/alerts/", "/cases/", "/lost-track/", "/since-monday/overruled/"]
    assert links("leader") == ["/alerts/", "/cases/", "/lost-track/"]


def test_the_first_sentence_says_what_waits_for_a_human_now(readers, on_the_23rd, asked_how_it_was):
    alert(ANAS_WORDS, NOW - timedelta(hours=3))
    shown = words_of(logged_in(readers["leader"]).get("/since-monday/"))
    assert "Nobody is on one urgent comment yet. No case is past its clock." in shown
    assert "Since 00:00 on Monday, November 16, 2026. By the clock of most units (America/New York)." in shown
    assert "Alvarez" not in shown


def test_a_release_that_ends_before_that_monday_says_so_and_no_nought(readers, monkeypatch):
    monkeypatch.setattr(views, "timezone", SimpleNamespace(now=lambda: NOW + timedelta(days=30)))
    shown = words_of(logged_in(readers["leader"]).get("/since-monday/"))
    assert shown.count("This release ends before that Monday.") == 3


def test_more_of_everything_asks_the_records_no_more_often(readers, on_the_23rd):
    client = logged_in(readers["navigator"])
    alert(1, NOW - timedelta(hours=3))
    few = queries_of(client, "/since-monday/")
    for voice in (2, 3, 4):
        alert(voice, NOW - timedelta(hours=3))
        said(readers["navigator"], INTERACTIONS[voice]["interaction"], "mixed", NOW)
    assert queries_of(client, "/since-monday/") == few
