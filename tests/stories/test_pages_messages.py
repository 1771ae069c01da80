"""Carla writes to Omar, a letter waits to be posted; Ana chooses by her link; Alex tries rules before they hold."""

import re

import pytest

from tests.release_fixture import ANA, INTERACTIONS, OMAR, interaction, make_release
from tests.security.conftest import TOKEN, by_hand, home, logged_in, readers
from twohats.service.actions import contact, sending, standing
from twohats.service.records.contact import Choice, LedgerLine, PersonMessage, RuleBook
from twohats.store.home import Home

__all__ = ["by_hand", "home", "readers"]
pytestmark = pytest.mark.django_db


def test_a_navigator_writes_a_letter_posts_it_and_the_ledger_tells_each_step(readers):
    carla = logged_in(readers["navigator"])
    put = carla.post(f"/messages/to/{ANA}/write/", {"letter": "please_call", "channel": "letter"})
    message = PersonMessage.objects.get()
    assert (put["Location"], message.state, message.person) == (f"/messages/{message.pk}/", "waiting", ANA)
    sending.send_waiting()
    page = carla.get(f"/messages/{message.pk}/").content.decode()
    assert "Nos gustaría hablar con usted" in page
    assert "It is posted, or the call is made" in page
    carla.post(f"/messages/{message.pk}/done/")
    assert [(line.step, line.verdict) for line in LedgerLine.objects.order_by("pk")] == [
        ("put", "send"), ("lease", "send"), ("send", "send"), ("tried", "send"), ("send", "send"), ("tried", "sent")]
    assert "sent: 1" in carla.get("/messages/").content.decode()


def test_the_ledger_names_nobody_and_says_no_word_of_a_message(readers, by_hand):
    page = logged_in(readers["administrator"]).get("/messages/").content.decode()
    assert not [word for word in ("Alvarez", "Haddad", "Nos gustaría", "ana@home.example", str(ANA), str(OMAR))
                if word in page]


def test_one_press_ends_every_message_and_another_lifts_it(readers, by_hand):
    carla = logged_in(readers["navigator"])
    carla.post(f"/messages/to/{ANA}/end-all/", {"says": "family"})
    assert PersonMessage.objects.get(person=ANA).state == "refused"
    page = carla.get(f"/messages/to/{ANA}/").content.decode()
    assert "Every message to this person has ended." in page
    assert "Write to them" not in page
    carla.post(f"/messages/to/{ANA}/end-all/", {"says": "lifted"})
    assert standing.silenced([ANA]) == set()


def test_a_person_chooses_by_link_in_their_language_and_only_what_changed_is_kept(client, by_hand):
    page = client.get(f"/reach/{TOKEN}/")
    text = page.content.decode()
    assert "Cómo podemos contactarle" in text
    assert not [word for word in ("Ana", "Alvarez", "+15550001", "ana@home.example") if word in text]
    ticked = {f"class-{kind}": "on" for kind in ("reminder", "referral_news", "recovery", "invitation", "survey")}
    ways = {f"channel-{way}": "on" for way in ("sms", "email", "portal")}
    assert client.post(f"/reach/{TOKEN}/", ticked | ways)["Location"] == f"/reach/{TOKEN}/?kept=1"
    assert list(Choice.objects.order_by("pk").values_list("person", "of", "value", "yes", "said_on")) == [
        (ANA, "class", "outreach", False, "link"), (ANA, "class", "invitation", True, "link"),
        (ANA, "channel", "letter", False, "link")]
    assert PersonMessage.objects.get(person=ANA).state == "refused", "the letter that waited goes no more"


@pytest.mark.parametrize("token", ["guessed", TOKEN[:-1], TOKEN + "0"])
def test_a_link_that_opens_nothing_says_so_kindly_and_always_alike(client, by_hand, token):
    page = client.get(f"/reach/{token}/")
    assert (page.status_code, client.post(f"/reach/{token}/").status_code) == (404, 404)
    assert "the number on your papers" in page.content.decode()


def test_rules_are_tried_against_last_month_before_they_hold(readers, home):
    sent = [interaction(OMAR, "2026-11-20", clock, None, act, "communication_channels", "customer", "outreach",
                        kind="contact", channel="sms", role="automated")
            for clock, act in (("15:00", "remind"), ("23:30", "ask_opinion"))]
    make_release(home, "sent", interactions=[*INTERACTIONS, *sent])
    alex = logged_in(readers["administrator"])
    typed = {"quiet_from": 18, "quiet_to": 11, "sms": 10, "automated_call": 2, "on_spent_budget": "warn",
             "version": "early", "reason": "people asked for it"}
    page = " ".join(alex.get("/messages/rules/", typed).content.decode().split())
    assert "Messages: 2. People: 1." in page
    assert not RuleBook.objects.exists(), "trying keeps nothing"
    seen = {"seen": re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]}
    unseen = alex.post("/messages/rules/", typed)
    others = alex.post("/messages/rules/", typed | seen | {"sms": 9})
    assert [(one.status_code, "Nobody has seen yet" in one.content.decode()) for one in (unseen, others)] == [
        (400, True)] * 2
    assert not RuleBook.objects.exists(), "what nobody saw is not kept"
    assert alex.post("/messages/rules/", typed | seen)["Location"] == "/messages/rules/"
    assert (contact.rules_in_force().version, contact.rules_in_force().quiet_from) == ("early", 18)
    stale = alex.post("/messages/rules/", typed | seen)
    assert (stale.status_code, "Nobody has seen yet" in stale.content.decode()) == (400, True)
    anew = {"seen": re.search(r'name="seen" value="([0-9a-f]+)"', stale.content.decode())[1]}
    again = alex.post("/messages/rules/", typed | anew)
    assert (again.status_code, "This version is taken." in again.content.decode()) == (400, True)


def test_rules_cannot_be_kept_without_a_month_to_try_them_against(readers, home):
    alex = logged_in(readers["administrator"])
    Home(home).register.unlink()
    typed = {"quiet_from": 18, "quiet_to": 11, "sms": 10, "automated_call": 2, "on_spent_budget": "warn",
             "version": "early", "reason": "people asked for it"}
    page = alex.get("/messages/rules/", typed).content.decode()
    answer = alex.post("/messages/rules/", typed | {"seen": ""})
    assert ("no month to try rules against" in page, "Keep them" in page, answer.status_code) == (True, False, 400)
    assert not RuleBook.objects.exists()
