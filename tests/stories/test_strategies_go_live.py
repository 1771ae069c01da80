"""Alex changes how each hat is engaged: wrong edits are named, a test is seen first, the gate obeys, it goes back."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.release_fixture import ANA, BEN, INTERACTIONS, OMAR, VISITS, at, interaction, make_release
from tests.security.conftest import home, logged_in, readers
from tests.unit.typed_strategies import typed_strategies
from twohats.care.contact.strategies import shipped_book
from twohats.service.actions import contact, sending, strategies
from twohats.service.actions.worn import Worn, worn_last
from twohats.service.records.contact import Choice, LedgerLine, PersonMessage, RuleBook, RuleDraft, RuleTest
from twohats.service.records.models import AuditEvent
from twohats.words.hats import Hat
from twohats.words.problems import Problem

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
NOON = at("2026-11-23", "17:00")
CHANGE, BACK, ALL = "/messages/strategies/change/", "/messages/strategies/back/", "/messages/strategies/"
LETTERS_FIRST = {"customer__way_0": "letter", "customer__way_1": "sms", "customer__way_2": "email",
                 "customer__way_3": "portal", "customer__way_4": "call"}


@pytest.fixture
def alex(readers):
    return logged_in(readers["administrator"])


@pytest.fixture
def sent_last_month(home):
    """Omar got a text about a booking and a follow-up call; Ana, home from the emergency room for a day, got a text."""
    sent = [
        interaction(OMAR, "2026-11-20", "15:00", None, "remind", "reminder_todo", "customer", "outreach",
                    kind="contact", channel="sms", role="automated"),
        interaction(OMAR, "2026-11-19", "15:00", None, "reach_out", "continuity_followup", "patient", "outreach",
                    kind="contact", channel="phone", role="clinical"),
        interaction(ANA, "2026-11-22", "17:00", None, "remind", "reminder_todo", "customer", "outreach",
                    kind="contact", channel="sms", role="automated"),
    ]
    make_release(home, "sent", interactions=[*INTERACTIONS, *sent])


def live(alex, version="ours-1", **changed):
    """A draft, its test looked at, then live: as Alex does it."""
    page = alex.post(CHANGE, typed_strategies(**changed))["Location"]
    assert alex.get(page).status_code == 200
    return alex.post(page, {"version": version, "reason": "letters are read here"})


def put(person=OMAR, letter="appointment", channel="sms", about="trial", now=NOON, hat="customer"):
    return contact.put(person=person, letter=letter, channel=channel, about=about, now=now, hat=hat)


def told(message):
    return list(LedgerLine.objects.filter(message=message).order_by("pk").values_list(
        "step", "verdict", "reason", "strategies"))


def words_of(page) -> str:
    return " ".join(page.content.decode().split())


# ---- a page, a test, live ------------------------------------------------------------------------------------
def test_the_two_hats_stand_side_by_side_in_the_same_words_and_order(alex):
    page = words_of(alex.get(ALL))
    patient, customer = page.index('class="side measured patient"'), page.index('class="side measured customer"')
    facts = [[part.split("</dt>")[0] for part in side.split("<dt>")[1:]] for side in (
        page[patient:customer], page[customer:].split("</section>")[0])]
    assert patient < customer
    assert facts[0] == facts[1] == [
        "Who does it", "By which way, in this order", "May a machine do it", "How often at most about one thing",
        "A link to do it oneself", "May we ask again what we know", "How much room"]
    assert "a person calls, message in the portal, letter" in page
    assert "Version 2026-11 holds" in page


def test_a_draft_is_tested_against_last_month_hat_by_hat_and_changes_nothing(alex, sent_last_month):
    answer = alex.post(CHANGE, typed_strategies(**LETTERS_FIRST, customer__by="person", customer__automated="no"))
    test = RuleTest.objects.get()
    assert (answer["Location"], test.seen_at, RuleBook.objects.count()) == (
        f"/messages/strategies/tested/{test.pk}/", None, 0)
    assert test.month["ended"] == [["customer", "sms", "portal", "went", "portal", "went", 1],
                                   ["customer", "sms", "sms", "went", "sms", "went", 1],
                                   ["patient", "call", "call", "went", "call", "went", 1]]
    page = words_of(alex.get(answer["Location"]))
    assert "Messages: 3. People: 2." in page
    test.refresh_from_db()
    assert test.seen_at is not None
    assert contact.strategies_in_force().version == "2026-11"
    assert AuditEvent.objects.filter(verb="tested", kind="strategies").count() == 1


def test_what_a_draft_changes_is_told_in_sentences_and_in_a_table_of_each_hat(alex, sent_last_month):
    answer = alex.post(CHANGE, typed_strategies(customer__way_0="letter", customer__way_1="call",
                                                customer__way_2="", customer__way_3="", customer__way_4=""))
    page = words_of(alex.get(answer["Location"]))
    assert "Would change hands, from a machine to a person or back: 1." in page
    assert "changes hands to “letter”: would have gone at once" in page


def test_a_version_goes_live_only_after_its_test_was_seen_and_the_gate_obeys_at_once(alex, readers):
    before = put(about="before")
    page = alex.post(CHANGE, typed_strategies(**LETTERS_FIRST | {"customer__way_1": ""}))["Location"]
    test = RuleTest.objects.get()
    with pytest.raises(Problem, match="Nobody has seen"):
        strategies.go_live(test=test, version="ours-1", reason="why", by=readers["administrator"])
    alex.get(page)
    assert alex.post(page, {"version": "ours-1", "reason": "letters are read here"})["Location"] == ALL
    kept = RuleBook.objects.get()
    assert (kept.version, kept.reason, kept.by, kept.tested) == (
        "ours-1", "letters are read here", readers["administrator"], test)
    after = put(about="after")
    assert (before.channel, told(before)) == ("sms", [("put", "send", "", "2026-11")])
    assert (after.channel, told(after)) == ("letter", [
        ("put", "moved", "sms>letter customer", "ours-1"), ("put", "send", "", "ours-1")])
    sending.send_waiting(clock=lambda: NOON)
    before.refresh_from_db()
    assert (before.channel, before.state, told(before)[1]) == (
        "letter", "handed", ("lease", "moved", "sms>letter customer", "ours-1"))


def test_the_ledger_names_the_version_and_the_rule_that_decided(alex, readers):
    live(alex, **LETTERS_FIRST | {"customer__way_1": ""})
    message = contact.put(person=ANA, letter="appointment", channel="sms", about="trial", now=NOON, hat="customer",
                          unit="north-ed")
    page = words_of(alex.get(f"/messages/{message.pk}/"))
    assert "goes another way</strong>. From “text message” to “letter”, by the rule customer." in page
    assert "strategies ours-1" in page


def test_a_test_of_another_version_or_release_is_stale(alex, home):
    first, second = (alex.post(CHANGE, typed_strategies())["Location"] for _ in range(2))
    for page in (first, second):
        alex.get(page)
    assert alex.post(first, {"version": "ours-1", "reason": "why"}).status_code == 302
    stale = alex.post(second, {"version": "ours-2", "reason": "why"})
    assert (stale.status_code, "Test the draft again." in words_of(stale)) == (400, True)
    third = alex.post(CHANGE, typed_strategies())["Location"]
    alex.get(third)
    make_release(home, "later")
    assert alex.post(third, {"version": "ours-3", "reason": "why"}).status_code == 400
    assert list(RuleBook.objects.values_list("version", flat=True)) == ["ours-1"]


@pytest.mark.parametrize(("typed", "said"), [
    ({"version": "", "reason": "why"}, "Name the version"), ({"version": "v", "reason": " "}, "Say why the rules"),
    ({"version": "2026-11", "reason": "why"}, "This version is taken.")])
def test_a_version_needs_a_name_of_its_own_and_a_reason(alex, typed, said):
    page = alex.post(CHANGE, typed_strategies())["Location"]
    alex.get(page)
    answer = alex.post(page, typed)
    assert (answer.status_code, said in words_of(answer), RuleBook.objects.count()) == (400, True, 0)


def test_without_a_release_there_is_no_month_to_test_against(alex, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "empty"
    answer = alex.post(CHANGE, typed_strategies())
    assert (answer.status_code, "there is no month to test against" in words_of(answer)) == (400, True)


@pytest.mark.parametrize(("changed", "english", "spanish"), [
    ({f"customer__way_{place}": "" for place in range(5)}, "No way is left in “Customer&#x27;s hat”",
     "No queda ninguna vía en “Sombrero de cliente”"),
    ({"patient__hat": ["patient", "mixed"]}, "both hold for both hats at once on any day",
     "valen ambas para ambos sombreros a la vez en cualquier día"),
    ({"both__hat": ["mixed"]}, "No rule holds for an unknown hat", "Ninguna regla vale para un sombrero desconocido"),
    ({"customer__way_0": "fax"}, "“fax” in “Customer&#x27;s hat” is nothing we know",
     "“fax” en “Sombrero de cliente” no es nada conocido"),
    ({"patient__touches": "often"}, "may touch often times", "puede contactar often veces"),
])
def test_a_wrong_edit_is_named_beside_its_field_and_what_was_typed_stays(alex, changed, english, spanish):
    sent = typed_strategies(**changed, customer__en="Typed by Alex")
    assert english in words_of(alex.post(CHANGE, sent))
    alex.post("/language", {"language": "es"})
    page = words_of(alex.post(CHANGE, sent))
    assert (spanish in page, "Typed by Alex" in page, RuleDraft.objects.count()) == (True, True, 0)


def test_a_draft_is_found_again_until_another_version_holds(alex):
    alex.post(CHANGE, typed_strategies(customer__en="Typed by Alex"))
    assert "Typed by Alex" in words_of(alex.get(CHANGE))
    live(alex)
    assert "Typed by Alex" not in words_of(alex.get(CHANGE))


# ---- back --------------------------------------------------------------------------------------------------
def test_going_back_holds_at_once_under_a_name_of_its_own_and_every_version_stays(alex):
    live(alex, **LETTERS_FIRST)
    assert put(about="ours").channel == "sms", "still a way of the strategy"
    assert alex.post(BACK, {"version": "2026-11", "reason": "too slow"})["Location"] == ALL
    assert told(put(about="back"))[0][-1] == "2026-11, again 1"
    assert [row.channels[0] for row in contact.strategies_in_force().rules] == ["call", "call", "call", "sms"]
    assert [(one.version, one.repeats, one.holds) for one in strategies.versions()] == [
        ("2026-11, again 1", "2026-11", True), ("ours-1", "", False), ("2026-11", "", False)]
    alex.post(BACK, {"version": "ours-1", "reason": "after all"})
    assert contact.strategies_in_force().version == "ours-1, again 1"
    page = words_of(alex.get(ALL))
    assert "too slow" in page
    assert "The same as 2026-11." in page


@pytest.mark.parametrize(("typed", "said"), [
    ({"version": "never", "reason": "why"}, "never is not one of the available choices"),
    ({"version": "2026-11", "reason": ""}, "Say why the rules change.")])
def test_going_back_needs_a_version_that_was_and_a_reason(alex, typed, said):
    live(alex)
    answer = alex.post(BACK, typed)
    assert (answer.status_code, said in words_of(answer)) == (400, True)


def test_the_database_refuses_strategies_that_were_not_tested(readers):
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleBook.objects.create(kind="strategies", version="v", book=shipped_book(), reason="why",
                                by=readers["administrator"], made_at=NOON)


# ---- what beats the hat ---------------------------------------------------------------------------------------
def test_a_stated_wish_beats_the_strategy_and_a_missing_way_too(readers):
    assert put(letter="please_call", channel="email", hat="patient").channel == "call"
    contact.choose(person=OMAR, of="channel", value="email", yes=True, said_on="link")
    assert put(letter="please_call", channel="email", hat="patient", about="wished").channel == "email"
    assert put(ANA, "please_call", "email", "no number to call", hat="patient").channel == "portal"


def test_on_hard_days_a_person_calls_or_nothing_goes_until_they_are_over(readers, home):
    def in_hospital(person, unit):
        stay = VISITS[0] | {"visit": person, "person": person, "unit": unit, "started_at": at("2026-11-22", "12:00"),
                            "ended_at": at("2026-11-22", "20:00")}
        treated = interaction(person, "2026-11-24", "09:00", 30, "treat", "treatment_competence", "patient",
                              "clinical_event", unit=unit, role="clinical")
        return stay, treated

    stays, treated = zip(in_hospital(OMAR, "south"), in_hospital(BEN, "north-ed"), strict=True)
    make_release(home, "hard", visits=stays, interactions=[*INTERACTIONS, *treated])
    assert worn_last(BEN, NOON) == Worn(Hat.PATIENT, Hat.PATIENT, True)
    assert put(OMAR, channel="sms").channel == "call"
    held = put(BEN, channel="sms")
    assert (held.channel, told(held)) == ("sms", [("put", "hold", "hard_day", "2026-11")])
    contact.choose(person=BEN, of="channel", value="sms", yes=True, said_on="link")
    assert told(put(BEN, channel="sms", about="wished"))[0][1:3] == ("hold", "hard_day")
    make_release(home, "over", visits=[VISITS[1]], interactions=[*INTERACTIONS, *treated])
    assert told(put(BEN, channel="sms", about="over"))[0][1:3] == ("send", "")


def test_for_a_relative_the_strategy_follows_what_their_words_are_about(readers, home):
    of_the_son = interaction(OMAR, "2026-11-22", "15:00", 5, "bill", "billing_insurance", "customer", "family_view",
                             unit="south", view="family", about_hat="patient", channel="phone")
    make_release(home, "family", interactions=[*INTERACTIONS, of_the_son])
    worn = worn_last(OMAR, NOON)
    assert (worn.hat, worn.followed) == (Hat.CUSTOMER, Hat.PATIENT)
    assert put(channel="sms", letter="please_call", hat=worn.followed).channel == "call"


def test_the_same_thing_is_told_a_customer_once(readers):
    first = put(letter="please_call", channel="letter")
    PersonMessage.objects.filter(pk=first.pk).update(state="sent", ended_at=NOON)
    again = put(letter="please_call", channel="email", now=NOON + timezone.timedelta(days=1))
    assert (again.state, told(again)) == ("refused", [("put", "refuse", "touched", "2026-11")])


def test_a_navigator_writes_down_a_wish_with_the_message(readers):
    carla = logged_in(readers["navigator"])
    carla.post(f"/messages/to/{ANA}/write/", {"letter": "please_call", "channel": "email", "wish": "on"})
    assert PersonMessage.objects.get().channel == "email"
    assert list(Choice.objects.values_list("of", "value", "yes", "said_on")) == [("channel", "email", True, "staff")]
