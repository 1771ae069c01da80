"""Who needs a human now: the list, the words, "I am on it", how it ended, who is told; in both languages."""

import dataclasses
import re
from datetime import timedelta

import pytest

from tests.release_fixture import ANA, CLAUSES, at, clause, make_release
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from tests.unit.test_service_pages import text_of
from twohats.service.actions import alert_recipients, alerts, mail, people
from twohats.service.configuration import MailServer
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AlertRecipient, AuditEvent, Heartbeat, UrgentAlert

NOW = at("2026-11-23", "18:05")
SPANISH = {"accept-language": "es"}


@pytest.fixture
def clock(monkeypatch):
    """What the clock says while a page is made; set `.now` to move it."""
    class Clock:
        now = NOW

    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.now)
    return Clock


@pytest.fixture
def carla(readers, clock):
    """A navigator of the north, logged in; one urgent comment of Ana's was found just now."""
    alerts.open_alerts(NOW)
    return logged_in(readers["navigator"])


@pytest.fixture
def number(carla) -> int:
    return UrgentAlert.objects.get().pk


@pytest.fixture
def trusted(readers, settings, clock):
    """Everything that tells of an urgent comment works: mail, a worker, somebody told of everything."""
    settings.CONFIGURATION = dataclasses.replace(
        settings.CONFIGURATION, mail=MailServer("127.0.0.1", 9, "none", "", "", "twohats@hospital.example"))
    Heartbeat.objects.create(name="worker", seen_at=NOW)
    people.give_role(user=readers["administrator"], role=Role.ADMINISTRATOR, unit=WHOLE, by=None)
    return alert_recipients.choose_recipient(user=readers["administrator"], unit=WHOLE, turn=1, by=None,
                                             address="alex@hospital.example")


# ---- the way of an urgent comment ---------------------------------------------------------------------------
def test_carla_sees_it_takes_it_on_reads_it_and_says_how_it_ended(carla, trusted, clock, number):
    assert text_of(carla.get("/alerts/")) == (
        "Who needs a human now? One urgent comment has not ended. Cases: whom we owe an answer "
        "Messages to people: what waits, and why 15 minutes left a human within 15 minutes Written 1 hour ago. "
        "Riverside / North / North emergency Nobody is on it yet. I am on it : urgent comment "
        f"{number} Read it : urgent comment {number}")
    clock.now = NOW + timedelta(minutes=4)
    taken = carla.post(f"/alerts/{number}/on-it")
    assert taken["Location"] == f"/alerts/{number}/"
    clock.now = NOW + timedelta(minutes=18)
    page = carla.get(f"/alerts/{number}/")
    assert text_of(page).startswith(
        "Thank you. Everybody now sees that you are on it. What was said, and who is on it? Navigator has been on it "
        "for 14 minutes. The comment Nurse Kimani sat with me. But the bill was wrong and I want to end it all What is "
        "urgent in it is underlined. When November 23, 2026, 11:30. Written 1 hour ago. Somebody should be on it by "
        "November 23, 2026, 13:20 About Riverside / North / North emergency, Emergency Who speaks the person "
        "themselves Whose comment it is Ana Alvarez Its number in the source comments/3 When it is done How did it "
        "end?")
    assert re.findall(r"<mark>(.*?)</mark>", page.content.decode()) == ["and I want to end it all"]
    assert f'<a href="/people/{ANA}/">Ana Alvarez</a>' in page.content.decode()
    assert carla.post(f"/alerts/{number}/end", {"outcome": "reached", "note": "called, safe"})["Location"] == "/alerts/"
    Heartbeat.objects.update(seen_at=clock.now)
    said = text_of(carla.get("/alerts/"))
    assert ("Nobody, as far as comments tell. Cases: whom we owe an answer Messages to people: what waits, and why "
            "No urgent comment waits in your units.") in said
    assert said.endswith("Ended lately somebody spoke with the person Written 1 hour ago. Riverside / North / North "
                         f"emergency Ended by Navigator. Look at it : urgent comment {number}")
    ended = text_of(carla.get(f"/alerts/{number}/"))
    assert "It ended so: somebody spoke with the person. called, safe" in ended
    assert "How did it end?" not in ended


def test_every_look_at_it_leaves_a_trace(carla, number, readers):
    for name in ("navigator", "reviewer", "leader"):
        logged_in(readers[name]).get(f"/alerts/{number}/")
    carla.get("/alerts/999999/")
    assert list(AuditEvent.objects.filter(kind="alert").order_by("pk").values_list("user_number", "verb", "thing")) == [
        (None, "opened", str(number)), *((readers[name].pk, "looked at", str(number))
                                         for name in ("navigator", "reviewer", "leader")),
        (readers["navigator"].pk, "refused", "999999")]
    said = text_of(logged_in(readers["administrator"]).get("/audit/?kind=alert"))
    assert f"was found urgent comment {number}" in said


def test_a_reviewer_reads_the_words_but_not_whose_they_are(carla, number, readers):
    page = logged_in(readers["reviewer"]).get(f"/alerts/{number}/").content.decode()
    assert ("I want to end it all" in page, "Alvarez" in page, str(ANA) in page) == (True, False, False)
    assert "It is known; a navigator of this unit sees the name." in page


def test_a_leader_sees_that_it_waits_and_whom_to_ring_but_no_word_of_it(carla, number, readers):
    leader = logged_in(readers["leader"])
    assert "I am on it" not in text_of(leader.get("/alerts/"))
    said = text_of(leader.get(f"/alerts/{number}/"))
    assert "These may: Navigator, Reviewer. Ring one of them." in said
    assert [word for word in ("Kimani", "end it all", "Alvarez", "comments/3", "How did it end?") if word in said] == []
    for name, role in (("navigator", Role.NAVIGATOR), ("reviewer", Role.REVIEWER)):
        people.take_role(user=readers[name], role=role, unit="north", by=None)
    assert "Nobody may answer it" in text_of(leader.get(f"/alerts/{number}/"))


def test_what_was_done_stays_with_those_who_answer(carla, number, readers):
    carla.post(f"/alerts/{number}/end", {"outcome": "passed_on", "note": "the social work office"})
    assert "the social work office" in text_of(logged_in(readers["reviewer"]).get(f"/alerts/{number}/"))
    assert "the social work office" not in text_of(logged_in(readers["leader"]).get(f"/alerts/{number}/"))


def test_the_second_to_press_is_told_who_was_first(carla, number, readers):
    rita = logged_in(readers["reviewer"])
    carla.post(f"/alerts/{number}/on-it")
    rita.post(f"/alerts/{number}/on-it")
    said = text_of(rita.get(f"/alerts/{number}/"))
    assert said.startswith("Somebody else is on it already.")
    assert "Navigator has been on it for 1 minute. Speak with them first." in said


@pytest.mark.parametrize(("typed", "says"), [
    ({"outcome": ""}, "Say how it ended."), ({"outcome": "solved"}, "Say how it ended."),
    ({"outcome": "passed_on", "note": "to"}, "Say to whom it was passed on."),
    ({"outcome": "reached", "note": "x" * 501}, "At most 500 characters fit.")])
def test_an_end_that_does_not_say_enough_is_asked_again_and_what_was_typed_stays(carla, number, typed, says):
    page = carla.post(f"/alerts/{number}/end", typed)
    assert (page.status_code, says in text_of(page), "<details open>" in page.content.decode()) == (400, True, True)
    assert typed.get("note", "") in page.content.decode()
    assert UrgentAlert.objects.get().closed_at is None


def test_words_that_the_release_no_longer_holds_are_not_there_and_the_page_says_so(carla, number, home):
    make_release(home, "2026-11-24-drawn", clauses=[])
    said = text_of(carla.get(f"/alerts/{number}/"))
    assert ("This release does not hold its words. It was found in release 2026-11-23-drawn; ask who loads the "
            "comments.") in said
    assert "I am on it" in said


def test_what_people_write_is_shown_and_never_run(carla, home):
    words = '<script>alert(1)</script> {{ x }} \u202e\U0001f635 =HYPERLINK("x")'
    make_release(home, "odd", clauses=[*CLAUSES, clause(2, 1, 0, words, "none", "none_other", -1, voice=7, clause=7,
                                                         unit="north", said_at=None, urgent="now")])
    alerts.open_alerts(NOW)
    page = carla.get(f"/alerts/{UrgentAlert.objects.get(voice=7).pk}/")
    text = page.content.decode()
    assert [part in text for part in ("<script>alert", "&lt;script&gt;alert(1)", "\u202e\U0001f635")] == [
        False, True, True]
    assert "Nobody knows when it was written." in text_of(page)
    assert "Whose comment it is It is not known." in text_of(page)


# ---- the list -----------------------------------------------------------------------------------------------
def test_those_nobody_is_on_come_first_then_what_is_due_first_then_the_newest_words(carla, readers, clock):
    old = {"clock": "day", "unit": "north", "found_at": NOW, "release": "r", "due_at": NOW + timedelta(hours=9)}
    for voice, said_at in ((1, at("2026-09-01", "08:00")), (2, at("2026-11-01", "08:00")), (3, None)):
        UrgentAlert.objects.create(voice=voice, said_at=said_at, **old)
    late = UrgentAlert.objects.create(voice=4, clock="now", unit="north", release="r",
                                      found_at=NOW - timedelta(hours=4), due_at=NOW - timedelta(hours=3))
    taken = UrgentAlert.objects.create(voice=5, **old | {"due_at": NOW + timedelta(minutes=1)})
    alerts.acknowledge(alert=taken, by=readers["reviewer"])
    page = carla.get("/alerts/").content.decode()
    assert re.findall(r'<p class="left">(?:<span class="now">)?([^<]+?) *<', page) == [
        "Late by 3 hours", "15 minutes left", "9 hours left", "9 hours left", "9 hours left", "Somebody is on it"]
    found = [int(one) for one in re.findall(r'href="/alerts/(\d+)/"', page)]
    voices = [UrgentAlert.objects.get(pk=one).voice for one in found]
    assert [voices[0], *voices[2:]] == [4, 3, 2, 1, 5]
    assert found[0] == late.pk


def test_one_outside_the_units_is_answered_like_one_that_does_not_exist(carla, clock):
    outside = UrgentAlert.objects.create(voice=1, clock="now", unit="south", found_at=NOW, release="r",
                                         due_at=NOW + alerts.SOON)
    of_no_unit = UrgentAlert.objects.create(voice=2, clock="now", found_at=NOW, release="r", due_at=NOW + alerts.SOON)
    for hidden in (outside, of_no_unit):
        assert [carla.get(f"/alerts/{hidden.pk}/").status_code, carla.post(f"/alerts/{hidden.pk}/on-it").status_code,
                carla.post(f"/alerts/{hidden.pk}/end", {"outcome": "reached"}).status_code] == [404, 404, 404]
    assert "One urgent comment has not ended." in text_of(carla.get("/alerts/"))


def test_the_list_and_the_page_ask_as_often_for_three_as_for_one(carla, number):
    one = queries_of(carla, "/alerts/"), queries_of(carla, f"/alerts/{number}/")
    for voice in (1, 2):
        UrgentAlert.objects.create(voice=voice, clock="now", unit="north", found_at=NOW, release="r",
                                   due_at=NOW + alerts.SOON)
    assert (queries_of(carla, "/alerts/"), queries_of(carla, f"/alerts/{number}/")) == one


def test_more_than_fifty_are_turned_over_page_by_page(carla):
    UrgentAlert.objects.bulk_create(UrgentAlert(
        voice=voice, clock="day", unit="north", found_at=NOW, release="r", due_at=NOW + timedelta(hours=9))
        for voice in range(60))
    shown = [carla.get(f"/alerts/?page={page}").content.decode().count('<p class="left">') for page in (1, 2)]
    assert shown == [50, 11]


# ---- what must be said loudly ---------------------------------------------------------------------------------
def loud(client, **more) -> list[str]:
    return re.findall(r"<p><strong>([^<]+)</strong></p>", client.get("/alerts/", **more).content.decode())


def test_the_page_says_loudly_when_nobody_would_be_told(carla, readers, trusted, clock):
    assert loud(carla) == []
    alert_recipients.drop_recipient(recipient=trusted, by=None)
    assert loud(carla) == [
        "No mail tells anybody of urgent comments here: this page is the only place where they are seen."]
    alert_recipients.choose_recipient(user=readers["leader"], unit="north-clinic", turn=2, by=None,
                                      address="frank@hospital.example")
    assert loud(carla) == ["No mail tells anybody of urgent comments of: Riverside / North; Riverside / North / North "
                           "emergency. This page is the only place where they are seen."]
    people.give_role(user=readers["navigator"], role=Role.NAVIGATOR, unit=WHOLE, by=None)
    assert loud(logged_in(readers["navigator"])) == [
        "No mail tells anybody of urgent comments of: Riverside; Riverside / North; Riverside / North / North "
        "emergency; 2 more. This page is the only place where they are seen."]


def test_the_page_says_loudly_that_mail_is_down_or_that_nobody_looks(carla, readers, trusted, clock, settings):
    alerts.escalate_overdue(NOW + alerts.SOON)
    mail.send_waiting(clock=lambda: NOW + alerts.SOON)
    clock.now = NOW + timedelta(hours=2)
    carla = logged_in(readers["navigator"])
    assert loud(carla) == [
        "1 mail has not left for 2 hours.",
        "The worker that looks for urgent comments has said nothing for some minutes: new ones may be missing here."]
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, mail=None)
    assert loud(carla, headers=SPANISH)[0] == (
        "No hay servidor de correo configurado, así que no sale ningún correo: mire esta página.")


# ---- who is told ------------------------------------------------------------------------------------------------
def test_an_administrator_chooses_who_is_told_and_takes_them_off(readers, clock):
    alex = logged_in(readers["administrator"])
    assert "Nobody is told by mail yet" in text_of(alex.get("/alerts/recipients/"))
    typed = {"user": "reviewer", "unit": "north", "address": "rita@hospital.example", "turn": "2"}
    assert alex.post("/alerts/recipients/", typed | {"address": "rita"}).status_code == 400
    assert alex.post("/alerts/recipients/", typed | {"user": "gus"}).status_code == 400
    assert alex.post("/alerts/recipients/", typed).status_code == 302
    assert ("Reviewer Riverside / North next, when nobody took it on in time rita@hospital.example Take Reviewer off"
            in text_of(alex.get("/alerts/recipients/")))
    people.take_role(user=readers["reviewer"], role=Role.REVIEWER, unit="north", by=None)
    assert "No mail: no role opens it any more." in text_of(alex.get("/alerts/recipients/"))
    alex.post(f"/alerts/recipients/{AlertRecipient.objects.get().pk}/drop")
    assert not AlertRecipient.objects.exists()


def test_the_list_of_who_is_told_asks_as_often_for_three_as_for_one(readers, clock):
    alex, counts = logged_in(readers["administrator"]), []
    for name in ("navigator", "reviewer", "leader"):
        alert_recipients.choose_recipient(user=readers[name], unit="north", turn=1, by=None,
                                          address=f"{name}@hospital.example")
        counts.append(queries_of(alex, "/alerts/recipients/"))
    assert counts[0] == counts[2]


# ---- in Spanish -------------------------------------------------------------------------------------------------
def test_the_pages_speak_spanish(carla, number, readers, clock):
    assert text_of(carla.get("/alerts/", headers=SPANISH)).endswith(
        "quedan 15 minutos una persona, en 15 minutos Escrito hace 1 hora. Riverside / North / North emergency Todavía "
        f"nadie se ocupa. Me ocupo yo : comentario urgente {number} Leerlo : comentario urgente {number}")
    said = text_of(carla.get(f"/alerts/{number}/", headers=SPANISH))
    assert said.startswith("¿Qué se dijo y quién se ocupa? quedan 15 minutos : una persona, en 15 minutos. Todavía "
                           "nadie se ocupa. Me ocupo yo El comentario Nurse Kimani sat with me.")
    assert "De quién es el comentario Ana Alvarez" in said
    assert "¿A quién se avisa cuando llega un comentario urgente?" in text_of(
        logged_in(readers["administrator"]).get("/alerts/recipients/", headers=SPANISH))
