"""Logging in and out: sessions end by themselves, guessing is slow, a form from elsewhere changes nothing."""

import dataclasses
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.security.conftest import SENTENCE, logged_in
from twohats.service.actions import log_in, people
from twohats.service.middleware import sessions
from twohats.service.records.models import AuditEvent, LogInAttempt


def enter(client: Client, name: str = "administrator", password: str = SENTENCE, **more: str):
    return client.post("/log-in", {"username": name, "password": password, **more})


def moved(client: Client, key: str, back: timedelta) -> None:
    session = client.session
    session[key] = (timezone.now() - back).isoformat()
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_name_and_password_let_in_and_the_address_asked_for_is_kept(readers):
    client = Client()
    response = enter(client, next="/audit/")
    assert (response.status_code, response["Location"]) == (302, "/audit/")
    assert is_in(client)


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere(readers, address):
    assert enter(Client(), next=address)["Location"] == "/"


def test_the_session_is_another_after_logging_in(readers):
    client = Client()
    client.get("/log-in")
    enter(client)
    first = client.session.session_key
    enter(client)
    assert client.session.session_key != first
    assert not Session.objects.filter(session_key=first).exists()


@pytest.mark.parametrize(("key", "back", "stays"), [
    (sessions.LAST_SEEN, timedelta(minutes=14, seconds=50), True), (sessions.LAST_SEEN, timedelta(minutes=15), False),
    (sessions.BEGAN, timedelta(hours=11, minutes=59), True), (sessions.BEGAN, timedelta(hours=12), False)])
def test_a_session_ends_by_itself(readers, key, back, stays):
    client = logged_in(readers["administrator"])
    moved(client, key, back)
    assert is_in(client) is stays


def test_a_click_keeps_the_session_but_not_beyond_its_end(readers):
    client = logged_in(readers["administrator"])
    moved(client, sessions.LAST_SEEN, timedelta(minutes=10))
    assert is_in(client)
    assert timezone.now() - sessions._instant(client.session[sessions.LAST_SEEN]) < timedelta(minutes=1)


def test_a_session_that_never_said_when_it_began_is_over(readers):
    client = Client()
    client.force_login(readers["administrator"])
    assert not is_in(client)


def test_who_is_shut_out_is_out_at_the_next_click(readers):
    client = logged_in(readers["administrator"])
    assert is_in(client)
    people.shut_out(user=readers["administrator"], by=None)
    assert not is_in(client)
    assert enter(Client()).status_code == 400


def test_logging_out_ends_it_on_the_server(readers):
    client = logged_in(readers["administrator"])
    key = client.session.session_key
    assert client.post("/log-out")["Location"] == "/log-in"
    assert not Session.objects.filter(session_key=key).exists()


def test_a_new_password_ends_the_old_sessions(readers):
    client = logged_in(readers["administrator"])
    readers["administrator"].set_password("another sentence of mine")
    readers["administrator"].save()
    assert not is_in(client)


def test_after_five_wrong_tries_even_the_right_password_waits(readers):
    for _ in range(log_in.TRIES_A_NAME):
        assert enter(Client(), password="wrong wrong wrong").status_code == 400
    response = enter(Client())
    assert response.status_code == 400
    assert "15 minutes" in response.content.decode()
    LogInAttempt.objects.update(tried_at=timezone.now() - log_in.WINDOW - timedelta(seconds=1))
    assert enter(Client()).status_code == 302


def test_many_names_from_anywhere_are_slowed_too(readers):
    now = timezone.now()
    LogInAttempt.objects.bulk_create(
        LogInAttempt(name_hash=f"{n:064d}", tried_at=now) for n in range(log_in.TRIES_IN_ALL))
    assert enter(Client()).status_code == 400


def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(readers):
    wrong, unknown = enter(Client(), password="wrong wrong wrong"), enter(Client(), name="nobody at all")
    assert wrong.status_code == unknown.status_code == 400
    message = "Name and password do not fit each other"
    assert message in wrong.content.decode()
    assert message in unknown.content.decode()


def test_what_was_typed_as_a_name_is_not_kept(readers):
    enter(Client(), name="my secret password")
    assert "my secret" not in repr(list(LogInAttempt.objects.values()) + list(AuditEvent.objects.values()))


def test_logging_in_and_out_and_being_refused_leave_traces(readers):
    client = Client()
    enter(client, password="wrong wrong wrong")
    enter(client)
    client.post("/log-out")
    user = readers["administrator"].pk
    assert list(AuditEvent.objects.filter(kind="session").order_by("pk").values_list("user_number", "verb")) == [
        (None, "refused"), (user, "logged in"), (user, "logged out")]


@pytest.mark.parametrize("path", ["/log-in", "/log-in/demo", "/log-out", "/language", "/tables/new-extract",
                                  "/places/one/?place=Location/p7", "/people/"])
def test_a_form_from_elsewhere_changes_nothing(readers, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(readers["analyst"])
    session = client.session
    sessions.began(session, timezone.now())
    session.save()
    response = client.post(path, {"username": "gus", "password": SENTENCE, "zone": "waiting", "language": "es"})
    assert response.status_code == 403
    assert "open too long" in response.content.decode()


def test_only_a_demo_home_offers_its_people(readers, settings):
    people.add_user(username="frank", display_name="Frank", password="short", by=None, is_demo=True)
    assert "Frank" not in Client().get("/log-in").content.decode()
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, is_demo=True)
    assert "Frank" in Client().get("/log-in").content.decode()
    client = Client()
    assert client.post("/log-in/demo", {"username": "frank"}).status_code == 302
    assert is_in(client)
    assert Client().post("/log-in/demo", {"username": "administrator"}).status_code == 404


def test_a_demo_home_answers_only_on_its_machine(readers, settings):
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, is_demo=True)
    answers = {address: Client(REMOTE_ADDR=address).get("/log-in").status_code
               for address in ("127.0.0.1", "::1", "10.0.0.7", "", "not an address")}
    assert answers == {"127.0.0.1": 200, "::1": 200, "10.0.0.7": 403, "": 403, "not an address": 403}


def test_another_host_name_is_refused(readers):
    assert Client(headers={"host": "elsewhere.example"}).get("/log-in").status_code == 400
