"""Mail: says nothing of anybody, waits while the server is down, leaves once; twice only where SMTP knows no better."""

import dataclasses
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.db import transaction

from tests.release_fixture import ANA, BEN, CLAUSES, PERSONAL_WORDS, UNITS, VISITS, VOICES, at, make_release
from tests.security.conftest import home, readers
from tests.stories.mail_server import Taken, mail_server
from tests.unit.test_service_alerts import NOW, choose, comment
from twohats.service.actions import alerts, mail
from twohats.service.configuration import MailServer
from twohats.service.records.models import Mail, UrgentAlert

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
CARLA, FRANK = "navigator@hospital.example", "leader@hospital.example"


@pytest.fixture
def server():
    """A server that was up once, so that its port is known; down until a block of `mail_server` runs."""
    with mail_server(Taken()) as taken:
        pass
    return taken


@pytest.fixture
def told(readers, settings, server):
    """Carla is told at once, Frank next; mail goes to the server."""
    settings.CONFIGURATION = dataclasses.replace(
        settings.CONFIGURATION, site="https://twohats.hospital.example",
        mail=MailServer("127.0.0.1", server.port, "none", "", "", "twohats@hospital.example"))
    choose(readers["navigator"], "north", 1)
    choose(readers["leader"], "north", 2)
    return readers


def sent(moment, **expected: int) -> bool:
    return mail.send_waiting(clock=lambda: moment) == {"sent": 0, "failed": 0, "dropped": 0} | expected


# ---- what it says -----------------------------------------------------------------------------------------
def test_a_mail_says_that_one_waits_its_age_and_where_to_see_it_in_both_languages(told, server):
    alerts.open_alerts(NOW)
    with mail_server(server):
        assert sent(NOW, sent=1)
    (letter,) = server.to(CARLA)
    number, key = UrgentAlert.objects.get().pk, Mail.objects.get().key
    assert {name: letter[name] for name in ("Subject", "From", "To", "Message-ID", "Auto-Submitted")} == {
        "Subject": "An urgent comment waits / Un comentario urgente espera", "From": "twohats@hospital.example",
        "To": CARLA, "Message-ID": f"<{key}@hospital.example>", "Auto-Submitted": "auto-generated"}
    assert letter.get_content().replace("\r\n", "\n") == f"""\
An urgent comment waits for a human. Written 1 hour ago.

https://twohats.hospital.example/alerts/{number}/

For their safety this mail says nothing of anybody. Log in to read the comment, and press “I am on it” so that others \
know.

---

Un comentario urgente espera a una persona. Escrito hace 1 hora.

https://twohats.hospital.example/alerts/{number}/

Por su seguridad, este correo no dice nada de nadie. Entre para leer el comentario y pulse «Me ocupo yo» para que los \
demás lo sepan.
"""


def test_who_reads_spanish_reads_it_first(told, server):
    told["navigator"].language = "es"
    told["navigator"].save()
    alerts.open_alerts(NOW)
    with mail_server(server):
        sent(NOW)
    (letter,) = server.to(CARLA)
    assert letter["Subject"] == "Un comentario urgente espera / An urgent comment waits"
    assert letter.get_content().startswith("Un comentario urgente espera a una persona. Escrito hace 1 hora.")


def test_no_mail_of_any_kind_holds_a_word_a_name_or_a_unit(told, server, home):
    many = [comment(number, "day", at("2026-09-01", "08:00")) for number in range(100, 110)]
    make_release(home, "many", clauses=[*CLAUSES, *many])
    alerts.open_alerts(NOW)
    alerts.escalate_overdue(NOW + timedelta(days=1))
    with mail_server(server):
        assert sent(NOW + timedelta(days=1), sent=4)
    said = [f"{letter.as_string()} {letter['Subject']} {letter.get_content()}" for _whom, letter in server.mails]
    assert len(set(Mail.objects.values_list("kind", flat=True))) == 3
    told_of = [*PERSONAL_WORDS, *(unit["unit"] for unit in UNITS), *(unit["name"] for unit in UNITS), "Emergency",
               *(str(one) for one in (ANA, BEN, VISITS[0]["visit"], VOICES[3]["voice"])), "comments/3", "urgent words",
               "emotional_support_safety", "end it"]
    assert [word for word in told_of if any(word in one for one in said)] == []


# ---- down, and back ---------------------------------------------------------------------------------------
def test_an_hour_without_mail_loses_nothing_and_each_leaves_once_when_it_is_back(told, server):
    alerts.open_alerts(NOW)
    tries = 0
    for minute in range(60):
        moment = NOW + timedelta(minutes=minute)
        alerts.open_alerts(moment)
        alerts.escalate_overdue(moment)
        tries += mail.send_waiting(clock=lambda moment=moment: moment)["failed"]
    assert (tries, Mail.objects.filter(sent_at=None).count()) == (25, 2)
    late = mail.unsent(NOW + timedelta(minutes=60))
    assert late == mail.Unsent(2, NOW, "server: ConnectionRefusedError")
    with mail_server(server):
        for minute in range(60, 70):
            mail.send_waiting(clock=lambda minute=minute: NOW + timedelta(minutes=minute))
    assert sorted((whom, letter["Subject"].split(" /")[0]) for whom, letter in server.mails) == [
        (FRANK, "An urgent comment still waits"), (CARLA, "An urgent comment waits")]
    assert "Written 2 hours ago." in server.to(CARLA)[0].get_content()
    assert mail.unsent(NOW + timedelta(days=1)) is None


def test_the_whole_queue_leaves_in_the_first_minutes_after_the_server_is_back(told, server, home):
    make_release(home, "some", clauses=[comment(number, "now", NOW) for number in range(5)])
    alerts.open_alerts(NOW)
    for minute in range(120):
        mail.send_waiting(clock=lambda minute=minute: NOW + timedelta(minutes=minute))
    with mail_server(server):
        for minute in range(120, 126):
            mail.send_waiting(clock=lambda minute=minute: NOW + timedelta(minutes=minute))
    assert (len(server.mails), len({letter["Message-ID"] for _whom, letter in server.mails})) == (5, 5)


def test_a_mail_whose_comment_was_answered_meanwhile_is_dropped(told, server):
    alerts.open_alerts(NOW)
    assert sent(NOW, failed=1)
    alerts.close_alert(alert=UrgentAlert.objects.get(), outcome="reached", note="", by=told["navigator"])
    with mail_server(server):
        assert sent(NOW + timedelta(minutes=2), dropped=1)
        assert sent(NOW + timedelta(minutes=20))
    assert (server.mails, Mail.objects.get().sent_at, mail.unsent(NOW + timedelta(days=1))) == ([], None, None)


def test_without_a_server_mail_waits_and_is_neither_tried_nor_lost(told, server, settings):
    configured = settings.CONFIGURATION
    settings.CONFIGURATION = dataclasses.replace(configured, mail=None)
    alerts.open_alerts(NOW)
    assert sent(NOW)
    assert list(Mail.objects.values_list("attempts", "sent_at")) == [(0, None)]
    settings.CONFIGURATION = configured
    with mail_server(server):
        assert sent(NOW + timedelta(hours=3), sent=1)


def test_an_address_that_is_refused_keeps_no_other_mail_waiting(told, server, home):
    choose(told["reviewer"], "north", 1)
    alerts.open_alerts(NOW)
    server.refuses = {CARLA}
    with mail_server(server):
        assert sent(NOW, failed=1, sent=1)
        assert [whom for whom, _letter in server.mails] == ["reviewer@hospital.example"]
        assert list(Mail.objects.filter(address=CARLA).values_list("problem", "attempts", "next_try_at")) == [
            ("refused 550", 1, NOW + timedelta(minutes=1))]
        server.refuses = set()
        assert sent(NOW + timedelta(seconds=59))
        assert sent(NOW + timedelta(minutes=1), sent=1)


def pauses(tries: int) -> list[float]:
    """The minutes until each next try, tried as soon as it is due."""
    told, moment = [], NOW
    for _try in range(tries):
        mail.send_waiting(clock=lambda moment=moment: moment)
        held = Mail.objects.get()
        told.append((held.next_try_at - moment) / timedelta(minutes=1))
        moment = held.next_try_at
    return told


def test_pauses_grow_to_five_minutes_where_no_server_answers(told, server):
    alerts.open_alerts(NOW)
    assert pauses(7) == [1, 2, 4, 5, 5, 5, 5]


def test_pauses_grow_to_an_hour_where_the_server_refuses(told, server):
    alerts.open_alerts(NOW)
    server.refuses = {CARLA}
    with mail_server(server):
        assert pauses(8) == [1, 2, 4, 8, 16, 32, 60, 60]


# ---- crashes, and two workers -----------------------------------------------------------------------------
def test_a_crash_between_sending_and_writing_it_down_sends_again_with_the_same_message_id(told, server, monkeypatch):
    alerts.open_alerts(NOW)
    with mail_server(server):
        with monkeypatch.context() as dying:
            def dies(*_what):
                raise KeyboardInterrupt

            dying.setattr(mail, "_mark_sent", dies)
            with pytest.raises(KeyboardInterrupt):
                mail.send_waiting(clock=lambda: NOW)
        assert sent(NOW + mail.LEASE - timedelta(seconds=1))
        assert sent(NOW + mail.LEASE, sent=1)
        assert sent(NOW + timedelta(hours=1))
    first, second = server.to(CARLA)
    assert first["Message-ID"] == second["Message-ID"] != ""


def test_a_line_that_breaks_off_before_the_answer_is_tried_again_with_the_same_message_id(told, server):
    alerts.open_alerts(NOW)
    server.breaks_off = True
    with mail_server(server):
        assert sent(NOW, failed=1)
        assert Mail.objects.get().problem == "server: SMTPServerDisconnected"
        server.breaks_off = False
        assert sent(NOW + timedelta(minutes=1), sent=1)
    assert len({letter["Message-ID"] for letter in server.to(CARLA)}) == 1


def test_a_crash_before_sending_loses_nothing(told, server, monkeypatch):
    alerts.open_alerts(NOW)
    with monkeypatch.context() as dying:
        def dies(*_what):
            raise KeyboardInterrupt

        dying.setattr(mail, "_message", dies)
        with mail_server(server), pytest.raises(KeyboardInterrupt):
            mail.send_waiting(clock=lambda: NOW)
    with mail_server(server):
        assert sent(NOW + mail.LEASE, sent=1)
    assert len(server.mails) == 1


def test_a_second_worker_sends_what_the_first_does_not_hold(told, server, home, monkeypatch):
    make_release(home, "some", clauses=[comment(number, "now", NOW) for number in range(3)])
    alerts.open_alerts(NOW)
    letter_of, others = mail.letter_of, []

    def second_worker_meanwhile(held, now):
        if not others:
            others.append(None)
            others[0] = mail.send_waiting(clock=lambda: NOW)
        return letter_of(held, now)

    monkeypatch.setattr(mail, "letter_of", second_worker_meanwhile)
    with mail_server(server):
        assert sent(NOW, sent=1)
    assert (others, len(server.mails), len({letter["Message-ID"] for _whom, letter in server.mails})) == (
        [{"sent": 2, "failed": 0, "dropped": 0}], 3, 3)


def test_a_mail_goes_with_the_deed_it_tells_of_or_not_at_all(told, server):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        alerts.open_alerts(NOW)
        raise ZeroDivisionError
    assert not Mail.objects.exists()


# ---- how it is handed over --------------------------------------------------------------------------------
def test_starttls_with_a_password_and_a_certificate_that_is_verified(told, server, settings, monkeypatch, tmp_path):
    import ssl

    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate of this test (Debian: apt-get install openssl)")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(certificate, key)
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, mail=MailServer(
        "localhost", server.port, "starttls", "carrier", "a long word", "twohats@hospital.example"))
    alerts.open_alerts(NOW)
    with mail_server(server):
        assert sent(NOW, failed=1)
        assert (Mail.objects.get().problem, server.logins) == ("server: SSLCertVerificationError", [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert sent(NOW + timedelta(minutes=1), sent=1)
    assert (server.logins, len(server.to(CARLA))) == (["\0carrier\0a long word"], 1)


def test_a_server_without_starttls_is_sent_nothing(told, server, settings):
    settings.CONFIGURATION = dataclasses.replace(settings.CONFIGURATION, mail=MailServer(
        "127.0.0.1", server.port, "starttls", "carrier", "a long word", "twohats@hospital.example"))
    alerts.open_alerts(NOW)
    with mail_server(server):
        assert sent(NOW, failed=1)
    assert (server.mails, server.logins, Mail.objects.get().problem) == ([], [], "server: SMTPNotSupportedError")
