"""Messages to people: nothing passes the gate, a silence ends everything, nothing is lost or sent twice."""

import ast
import dataclasses
import hmac
import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tests.release_fixture import ANA, OMAR, PEOPLE, at, make_release
from tests.security.conftest import home, readers
from tests.stories.mail_server import Taken, mail_server
from twohats.care.contact import letters, rules
from twohats.service.actions import contact, links, sending, ways
from twohats.service.configuration import Gateway, MailServer
from twohats.service.records.contact import LedgerLine, Link, PersonMessage
from twohats.words.problems import Problem

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
NOON = at("2026-11-23", "17:00")  # noon in New York
SECRET = "a key of at least thirty-two signs, for trying"


@pytest.fixture
def server():
    with mail_server(Taken()) as taken:
        pass
    return taken


@pytest.fixture
def reachable(home, readers, settings, server):
    """People who can be reached, a mail server and nobody's gateway yet."""
    settings.CONFIGURATION = dataclasses.replace(
        settings.CONFIGURATION, site="https://twohats.hospital.example", phone="555-0100",
        mail=MailServer("127.0.0.1", server.port, "none", "", "", "twohats@hospital.example"))
    return readers


@contextmanager
def gateway(settings, statuses=(200,)):
    """A gateway of this machine that remembers what it got and answers with these statuses, the last for ever."""
    got, answers = [], list(statuses)

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.end_headers()

        def log_message(self, *_):
            """Says nothing."""

    listening = HTTPServer(("127.0.0.1", 0), Takes)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.CONFIGURATION = dataclasses.replace(
        settings.CONFIGURATION, gateway=Gateway(f"http://127.0.0.1:{listening.server_port}/send", SECRET))
    try:
        yield got
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def put(person=OMAR, letter="please_call", channel="email", about="trial", now=NOON, **more):
    return contact.put(person=person, letter=letter, channel=channel, about=about, now=now, **more)


def a_round(moment=NOON):
    return sending.send_waiting(clock=lambda: moment)


def told(message):
    lines = LedgerLine.objects.filter(message=message).order_by("pk")
    return [(line.step, line.verdict, line.reason) for line in lines]


def states():
    return {(one.person, one.channel): one.state for one in PersonMessage.objects.order_by("pk")}


# ---- out, once ---------------------------------------------------------------------------------------------
def test_a_mail_leaves_once_with_words_about_nobody_and_every_answer_of_the_gate_is_in_the_ledger(reachable, server):
    message = put()
    with mail_server(server):
        assert a_round() == {"swept": 0, "sent": 1}
        assert a_round() == {"swept": 0}
    (letter,) = server.to("omar@home.example")
    link = Link.objects.get()
    text = letter.get_content().replace("\r\n", "\n")
    token = text.split("/reach/")[1].split("/")[0]
    assert (letter["Subject"], text) == ("Please call us", (
        "We would like to talk with you. When it suits you, please call 555-0100. In an emergency call 911.\n\n"
        f"How we may reach you, and what you would rather not get: https://twohats.hospital.example/reach/{token}/\n"))
    assert link.digest == links.digest_of(token)
    assert token not in str(list(Link.objects.values()))
    assert links.opened(token, "choices", NOON) == link
    assert links.opened(token, "choices", NOON + timedelta(days=365)) is None
    assert links.opened(token[:-1] + "x", "choices", NOON) is None
    assert told(message) == [("put", "send", ""), ("lease", "send", ""), ("send", "send", ""), ("tried", "sent", "")]


def test_the_same_letter_about_the_same_thing_is_put_down_once(reachable):
    assert put().pk == put().pk
    assert PersonMessage.objects.count() == LedgerLine.objects.count() == 1


def test_messages_of_one_day_leave_as_one_mail(reachable, server):
    put(letter="please_call")
    put(letter="referral")
    with mail_server(server):
        assert a_round() == {"swept": 0, "sent": 2}
    (letter,) = server.to("omar@home.example")
    assert letter["Subject"] == "News for you", "news of a referral has the right of way"
    assert "something we arranged" in letter.get_content()
    assert "like to talk with you" in letter.get_content()
    carried = PersonMessage.objects.get(letter="please_call")
    assert carried.carried_by == PersonMessage.objects.get(letter="referral")


def test_a_text_is_signed_and_tried_again_under_the_same_key_until_the_gateway_takes_it(reachable, settings):
    message = put(channel="sms")
    assert a_round() == {"swept": 0}, "no gateway: it waits"
    assert told(message) == [("put", "send", "")]
    with gateway(settings, statuses=(500, 200)) as got:
        later = NOON + timedelta(minutes=2)
        assert a_round(later) == {"swept": 0, "failed": 1}
        assert a_round(later + timedelta(minutes=5)) == {"swept": 0, "sent": 1}
    assert [headers["Idempotency-Key"] for headers, _ in got] == [message.key] * 2
    headers, body = got[1]
    mac = hmac.new(SECRET.encode(), headers["X-Twohats-Instant"].encode() + b"." + body, "sha256").hexdigest()
    assert headers[ways.SIGNATURE] == f"sha256={mac}"
    assert json.loads(body) == {
        "to": "+15550009", "channel": "sms", "language": "en", "key": message.key,
        "text": "We would like to talk with you. When it suits you, call 555-0100. Reply STOP to end such messages."}


def test_a_message_in_the_portal_is_a_fhir_request_written_once(reachable, home, django_capture_on_commit_callbacks):
    from fhir.resources.R4B.communicationrequest import CommunicationRequest

    put(ANA, channel="portal")
    with django_capture_on_commit_callbacks(execute=True):
        assert a_round() == {"swept": 0, "sent": 1}
    (line,) = (home / "outgoing" / "communication_requests.ndjson").read_text().splitlines()
    request = {name: value for name, value in json.loads(line).items() if name != "key"}
    CommunicationRequest.model_validate(request)
    assert (request["subject"], request["payload"][0]["contentString"].splitlines()[0]) == (
        {"reference": "Patient/ana"}, "Por favor, llámenos")


def test_a_server_that_falls_silent_after_it_had_the_mail_may_have_it_and_never_gets_it_again(reachable, server):
    message = put()
    server.breaks_off = True
    with mail_server(server):
        assert a_round() == {"swept": 0, "unsure": 1}
    server.breaks_off = False
    with mail_server(server):
        assert a_round(NOON + timedelta(hours=1)) == {"swept": 0}
    message.refresh_from_db()
    assert (message.state, told(message)[-1][:2]) == ("unsure", ("tried", "unsure"))


def test_mail_that_is_down_for_an_hour_loses_nothing(reachable, server):
    put()
    for minute in range(60):
        a_round(NOON + timedelta(minutes=minute))
    with mail_server(server):
        for minute in range(60, 130):
            a_round(NOON + timedelta(minutes=minute))
    assert len(server.to("omar@home.example")) == 1


def test_after_many_tries_it_is_given_up_and_shown(reachable, settings):
    message = put(channel="sms", expires_at=NOON + timedelta(days=30))
    with gateway(settings, statuses=(500,)):
        for hours in range(0, 24 * 4, 2):
            a_round(NOON + timedelta(hours=hours))
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("dead", sending.MOST_TRIES)


# ---- what ends messages ------------------------------------------------------------------------------------
@pytest.mark.parametrize("says", ["death", "hospice", "family"])
def test_a_silence_ends_what_waits_what_is_held_and_what_is_printed_at_once(reachable, server, says):
    night = at("2026-11-24", "04:00")
    waiting, held, printed = put(), put(channel="sms", now=night), put(channel="letter", letter="referral")
    a_round(NOON - timedelta(seconds=1))
    with mail_server(server):
        sending.send_waiting(clock=lambda: NOON - timedelta(hours=1))
    sending._to_one_person(OMAR, [printed.pk], lambda: NOON)
    printed.refresh_from_db()
    assert printed.state == "handed"
    contact.end_all(person=OMAR, says=says, by=reachable["navigator"])
    assert set(states().values()) == {"refused"}
    assert {told(one)[-1] for one in (waiting, held, printed)} == {("sweep", "refuse", "silence")}
    with mail_server(server):
        assert a_round(NOON + timedelta(days=1)) == {"swept": 0}
    assert server.mails == []
    with pytest.raises(Problem):
        sending.mark_done(message=printed, by=reachable["navigator"], now=NOON)
    assert put(letter="programme", channel="letter").state == "refused"


def test_a_death_that_a_release_brings_ends_everything_within_a_round(reachable, home, server):
    put(channel="letter")
    put(letter="appointment", channel="sms")
    a_round()
    died = [row | {"deceased_at": NOON} if row["person"] == OMAR else row for row in PEOPLE]
    make_release(home, "later", people=died)
    assert a_round(NOON + timedelta(minutes=1))["swept"] == 2
    assert set(states().values()) == {"refused"}


def test_a_silence_written_down_by_mistake_is_lifted(reachable):
    contact.end_all(person=OMAR, says="death", by=reachable["navigator"])
    contact.end_all(person=OMAR, says="lifted", by=reachable["navigator"])
    assert put().state == "waiting"


def test_no_on_one_channel_ends_the_class_on_all(reachable, server):
    by_mail, by_letter = put(), put(channel="letter")
    contact.choose(person=OMAR, of="class", value="outreach", yes=False, said_on="sms")
    assert {told(one)[-1] for one in (by_mail, by_letter)} == {("sweep", "refuse", "stopped")}
    assert put(letter="referral").state == "waiting"


def test_stop_as_a_source_tells_it_counts_until_the_person_says_yes_to_us(reachable, home):
    make_release(home, "stopped", stops=[{"person": OMAR, "sender": "", "said_at": NOON}])
    assert put().state == "refused"
    contact.choose(person=OMAR, of="class", value="outreach", yes=True, said_on="link")
    assert put(about="another").state == "waiting"


# ---- kinds of addresses ------------------------------------------------------------------------------------
def test_a_phone_of_two_people_takes_nothing_sensitive_and_is_told(reachable):
    assert put(ANA, channel="sms", sensitive=True).state == "refused"
    plain = put(ANA, channel="sms", about="another")
    assert LedgerLine.objects.filter(message=plain).get().warnings == ["shared"]


def test_a_call_is_made_by_a_person_who_is_asked_again_before_it(reachable):
    message = put(channel="call")
    a_round()
    assert states() == {(OMAR, "call"): "handed"}
    done = sending.mark_done(message=message, by=reachable["navigator"], now=NOON)
    assert (done.state, told(message)[-2:]) == ("sent", [("send", "send", ""), ("tried", "sent", "")])
    with pytest.raises(Problem):
        sending.mark_done(message=message, by=reachable["navigator"], now=NOON)


# ---- nothing past it ---------------------------------------------------------------------------------------
def test_no_code_can_send_past_the_gate():
    """Whatever opens a line to the world stands in these files; and what they offer is called from these only."""
    package = Path(ways.__file__).parents[2]
    opens = {"smtplib", "http.client", "urllib.request", "requests", "httpx", "django.core.mail", "socket", "ssl"}
    found = {str(path.relative_to(package)) for path in package.rglob("*.py") if opens & set(_imported(path))}
    assert found == {"service/actions/smtp.py", "service/actions/mail.py", "service/actions/ways.py"}
    handing_over = {str(path.relative_to(package)) for path in package.rglob("*.py")
                    if {"twohats.service.actions.ways", "twohats.service.actions.smtp"} & set(_imported(path))}
    assert handing_over == {"service/actions/sending.py", "service/actions/ways.py", "service/actions/mail.py"}
    mails_to_staff = {str(path.relative_to(package)) for path in package.rglob("*.py")
                      if "twohats.service.actions.mail" in set(_imported(path)) and "mail.put(" in path.read_text()}
    assert mails_to_staff == {"service/actions/alerts.py"}


def _imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_ledger_only_grows(reachable):
    put()
    for change in (lambda: LedgerLine.objects.update(verdict="hold"), lambda: LedgerLine.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# ---- rules and words ---------------------------------------------------------------------------------------
def test_the_hospitals_own_rules_hold_at_once_and_bad_ones_are_refused(reachable):
    import tomllib

    book = tomllib.loads((Path(rules.__file__).parent / "rules.toml").read_text())
    contact.change_rules(book=book | {"version": "ours-1", "quiet_from": 11}, reason="quiet afternoons",
                         by=reachable["administrator"])
    held = put(channel="sms")
    assert told(held) == [("put", "hold", "quiet_hours")]
    assert LedgerLine.objects.get(message=held).rules == "ours-1"
    with pytest.raises(Problem, match="no hour"):
        contact.change_rules(book=book | {"version": "ours-2", "quiet_from": 9}, reason="never",
                             by=reachable["administrator"])
    with pytest.raises(Problem, match="taken"):
        contact.change_rules(book=book | {"version": "ours-1"}, reason="again",
                             by=reachable["administrator"])


def test_every_letter_is_of_a_class_and_fits_into_one_text():
    for letter in letters.letters().values():
        assert letter.kind in rules.shipped().classes
        for language in ("en", "es"):
            assert len(letter.short.read_in(language)) <= letters.MOST_IN_A_TEXT, letter.key
            assert "STOP" in letter.short.read_in(language)
            assert "{phone}" in letter.long.read_in(language)
