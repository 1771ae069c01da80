"""What providers tell of our messages comes back signed: taken once, obeyed at once, refused kindly."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.release_fixture import ADDRESSES, ANA, BEN, OMAR, at, make_release
from tests.security.conftest import home, logged_in, readers
from twohats.care.contact.replies import is_stop
from twohats.service.actions import contact, senders, sending, standing
from twohats.service.records.contact import AddressMark, Choice, DeliveryReport, LedgerLine, PersonMessage
from twohats.service.records.live import REPORTS, SIGNATURE, TOKEN, EventSender
from twohats.service.records.models import AuditEvent

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
NOON = at("2026-11-23", "17:00")


@pytest.fixture
def key(home):
    return senders.make_sender(name="texts", way=SIGNATURE, sends=REPORTS)[1]


def put(person=ANA, channel="sms", letter="please_call", about="trial", state="sent"):
    """A message that left for the address the release knows, a while ago."""
    message = contact.put(person=person, letter=letter, channel=channel, about=about, now=NOON, unit="north-ed")
    address = standing.reached(person, contact.rules_in_force()).addresses[channel]
    PersonMessage.objects.filter(pk=message.pk).update(
        state=state, ended_at=None if state in ("waiting", "handed") else NOON,
        went_to=standing.digest_of(channel, address) if state == "sent" else "")
    message.refresh_from_db()
    return message


def body(of=None, says="delivered", **more):
    given = {"id": "r-1", "says": says, "told_at": (timezone.now() - timedelta(minutes=1)).isoformat(),
             "message": of.key if of else None}
    return {name: value for name, value in (given | more).items() if value is not None}


def signed(key, raw, instant=None, name="texts"):
    instant = str(int(time.time() if instant is None else instant))
    made = hmac.new(key.encode(), instant.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return {"X-Twohats-Sender": name, "X-Twohats-Instant": instant, "X-Twohats-Signature": f"sha256={made}"}


def send(content, key, headers=None):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Client(enforce_csrf_checks=True).post("/api/reports", raw, "application/json",
                                                 headers=signed(key, raw) if headers is None else headers)


def refused(answer):
    told = answer.json()
    assert set(told) == {"problem", "where", "try"}
    return answer.status_code, told["where"], told["problem"]


def stops():
    return list(Choice.objects.order_by("person", "value").values_list("person", "of", "value", "yes", "said_on"))


# ---- taken and obeyed ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("says", ["delivered", "bounced", "failed", "opted_out", "answered"])
def test_a_report_is_kept_and_stands_in_the_ledger(key, says):
    message = put()
    answer = send(body(message, says), key)
    kept = DeliveryReport.objects.get()
    assert (answer.status_code, answer.json()) == (202, {
        "id": "r-1", "says": says, "received_at": kept.received_at.isoformat()})
    assert (kept.message, kept.says) == (message, says)
    assert LedgerLine.objects.filter(message=message, step="told").values_list("verdict", flat=True).get() == says
    assert AuditEvent.objects.filter(verb=f"told: {says}", thing=str(message.pk)).count() == 1


def test_stop_ends_the_class_on_every_channel_at_once_for_all_who_share_the_phone(key):
    texted, waits, other = put(), put(channel="email", state="waiting"), put(channel="letter", letter="referral",
                                                                             state="waiting")
    send(body(texted, "opted_out"), key)
    waits.refresh_from_db()
    other.refresh_from_db()
    assert (waits.state, other.state) == ("refused", "waiting")
    assert stops() == [(one, "class", "outreach", False, "sms") for one in sorted((ANA, BEN))]
    assert contact.put(person=BEN, letter="please_call", channel="sms", about="later", now=NOON).state == "refused"


def test_stop_ends_the_classes_of_what_the_message_carried(key):
    first, carried = put(letter="referral"), put(letter="please_call")
    PersonMessage.objects.filter(pk=carried.pk).update(carried_by=first)
    send(body(first, "opted_out"), key)
    assert {row[2] for row in stops() if row[0] == ANA} == {"outreach", "referral_news"}


def test_stop_that_names_the_number_alone_is_of_the_last_message_that_went_there(key):
    put(letter="referral")
    PersonMessage.objects.update(ended_at=NOON - timedelta(days=1))
    put(letter="please_call")
    send(body(says="opted_out", channel="sms", address="+15550001"), key)
    assert {row[2] for row in stops()} == {"outreach"}
    assert "+15550001" not in repr(list(DeliveryReport.objects.values()) + list(AuditEvent.objects.values()))


@pytest.mark.parametrize(("text", "says"), [
    ("Stop.", "opted_out"), ("ALTO", "opted_out"), ("stop texting me", "opted_out"), ("Opt out", "opted_out"),
    ("yes, please call", "answered"), ("The end of the week suits me", "answered")])
def test_stop_in_a_reply_is_obeyed_and_no_word_of_it_is_kept(key, text, says):
    assert send(body(put(), "answered", text=text), key).json()["says"] == says
    assert text not in repr(list(DeliveryReport.objects.values()))


@pytest.mark.parametrize(("text", "is_one"), [
    ("STOP", True), ("¡Alto!", True), ("baja", True), ("UNSUBSCRIBE me", True), ("", False),
    ("stopping by at noon", False), ("please do not stop", False), ("cancel my visit", False), ("Cancel", True)])
def test_which_replies_are_a_stop(text, is_one):
    assert is_stop(text) is is_one


def test_mail_that_bounces_marks_the_address_until_it_takes_mail_again_or_is_another(key, home):
    message, waits = put(channel="email"), put(channel="email", letter="referral", state="waiting")
    send(body(message, "bounced"), key)
    waits.refresh_from_db()
    assert (waits.state, LedgerLine.objects.filter(message=waits).order_by("pk").last().reason) == (
        "refused", "no_address")
    rules = contact.rules_in_force()
    assert not standing.reached(ANA, rules).standing.addresses["email"].works
    assert "ana@home.example" not in repr(list(AddressMark.objects.values()))
    send(body(message, "delivered", id="r-2"), key)
    assert standing.reached(ANA, rules).standing.addresses["email"].works
    send(body(message, "bounced", id="r-3"), key)
    moved = [row | {"address": "ana@new.example"} if row["channel"] == "email" else row for row in ADDRESSES]
    make_release(home, "moved", addresses=moved)
    assert standing.reached(ANA, rules).standing.addresses["email"].works
    assert list(AddressMark.objects.order_by("pk").values_list("works", flat=True)) == [False, True, False]


def test_a_letter_that_comes_back_marks_nobody_elses_house(key):
    send(body(put(channel="letter", state="handed"), "bounced"), key)
    assert not AddressMark.objects.exists()


def test_a_call_that_the_call_centre_made_is_done(key):
    call = put(OMAR, "call", state="handed")
    send(body(call, "failed"), key)
    call.refresh_from_db()
    assert call.state == "handed", "nobody answered: it is still to be made"
    send(body(call, "answered", id="r-2"), key)
    call.refresh_from_db()
    assert call.state == "sent"


def test_what_came_back_and_what_was_given_up_are_shown(key, readers):
    bounced, dead = put(), put(channel="email", about="dead", state="dead")
    send(body(bounced, "failed"), key)
    alex = logged_in(readers["administrator"])
    page = alex.get("/messages/?state=came_back").content.decode()
    assert "came back, or did not arrive: 1" in page
    assert "it did not reach them." in page
    assert (f"/messages/{bounced.pk}/" in page, f"/messages/{dead.pk}/" in page) == (True, False)
    assert f"/messages/{dead.pk}/" in alex.get("/messages/?state=dead").content.decode()


# ---- twice, replayed, unknown, from the future -----------------------------------------------------------------
def test_the_same_report_twice_is_taken_once_and_answered_alike(key):
    raw = json.dumps(body(put(), "opted_out")).encode()
    headers = signed(key, raw)
    first, again = send(raw, key, headers), send(raw, key, headers)
    assert (first.json(), again.status_code) == (again.json(), 202)
    assert (DeliveryReport.objects.count(), len(stops()), LedgerLine.objects.filter(step="told").count()) == (1, 2, 1)


def test_another_report_under_the_same_id_is_a_conflict_and_the_first_is_kept(key):
    message = put()
    send(body(message), key)
    assert refused(send(body(message, "bounced"), key)) == (
        409, "id", "Another report with this id was taken before; the first is kept.")
    assert DeliveryReport.objects.get().says == "delivered"


def test_two_providers_may_use_the_same_id(key):
    other = senders.make_sender(name="calls", way=SIGNATURE, sends=REPORTS)[1]
    raw = json.dumps(body(put())).encode()
    assert [send(raw, key).status_code, send(raw, other, signed(other, raw, name="calls")).status_code] == [202, 202]


def test_reports_out_of_order_are_all_kept(key):
    message = put()
    answers = [send(body(message, says, id=f"r-{n}", told_at=told_at), key).status_code for n, (says, told_at) in
               enumerate((("answered", "2026-11-23T18:00:00Z"), ("delivered", "2026-11-23T17:00:05Z")))]
    assert answers == [202, 202]


@pytest.mark.parametrize("given", [{"message": "0" * 64}, {"channel": "sms", "address": "+19990000"}])
def test_a_message_we_do_not_know_is_answered_without_a_word_of_anybody(key, given):
    answer = send(body(says="opted_out", **given), key)
    assert refused(answer) == (404, "message" if "message" in given else "address",
                               "We know of no such message; nothing was kept.")
    assert "+19990000" not in answer.content.decode()
    assert not DeliveryReport.objects.exists()


def test_a_report_from_the_future_is_refused(key):
    ahead = (timezone.now() + timedelta(minutes=6)).isoformat()
    assert refused(send(body(put(), told_at=ahead), key)) == (
        422, "told_at", "This lies more than 5 minutes ahead of our clock; nothing was kept.")


@pytest.mark.parametrize("spoilt", ["body", "key", "old", "ahead", "name", "nothing", "letters", "word"])
def test_a_bad_or_replayed_signature_is_refused_and_nothing_is_kept(key, spoilt):
    raw, now = json.dumps(body(put(), "opted_out")).encode(), time.time()
    headers = {
        "body": signed(key, raw + b" "), "key": signed(key[:-1], raw), "old": signed(key, raw, now - 301),
        "ahead": signed(key, raw, now + 302), "name": signed(key, raw, name="text"), "nothing": {},
        "letters": signed(key, raw) | {"X-Twohats-Instant": "now"},
        "word": signed(key, raw) | {"X-Twohats-Signature": "sha256=ñ"},
    }[spoilt]
    assert refused(send(raw, key, headers)) == (
        401, "sender", "We do not know who sends this: the signature is missing, wrong, too old or taken back; nothing "
                       "was kept.")
    assert (DeliveryReport.objects.exists(), stops()) == (False, [])


def test_who_sends_events_tells_of_no_message_and_the_other_way_round(key):
    events, raw = senders.make_sender(name="triage", way=SIGNATURE)[1], json.dumps(body(put())).encode()
    token = senders.make_sender(name="desk", way=TOKEN)[1]
    assert send(raw, events, signed(events, raw, name="triage")).status_code == 401
    assert send(raw, key, {"Authorization": f"Bearer {token}"}).status_code == 401
    answer = Client().post("/api/events", raw, "application/json", headers=signed(key, raw))
    assert answer.status_code == 401


def test_a_provider_that_was_shut_out_is_refused(key):
    senders.revoke_sender(name="texts")
    assert send(body(put()), key).status_code == 401


@pytest.mark.parametrize(("wrong", "where"), [
    ({"id": None}, "id"), ({"says": None}, "says"), ({"told_at": None}, "told_at"), ({"says": "read"}, "says"),
    ({"message": "short"}, "message"), ({"message": None}, "message"), ({"told_at": "yesterday"}, "told_at"),
    ({"text": "thanks"}, "text"), ({"says": "opted_out", "message": None}, "channel"),
    ({"says": "opted_out", "message": None, "channel": "sms"}, "address"), ({"channel": "fax"}, "channel")])
def test_a_field_that_is_not_as_declared_is_refused_by_its_name(key, wrong, where):
    status, told_where, _ = refused(send(body(put(), **wrong), key))
    assert (status, told_where, DeliveryReport.objects.exists()) == (422, where, False)


@pytest.mark.parametrize("raw", [b"", b"[1]", b'{"id": "a", "id": "b"}', b'{"id": NaN}', b'{"ide": "x"}'])
def test_what_is_no_report_is_refused_whole(key, raw):
    assert refused(send(raw, key))[:2] == (400, "body")


def test_only_post_of_a_fair_length_is_read(key):
    answer = Client().get("/api/reports")
    assert (answer["Allow"], refused(answer)) == ("POST", (405, "method", "Reports are sent here with POST."))
    assert refused(send(b" " * (64 * 1024 + 1), key))[:2] == (413, "body")


def test_no_line_of_the_log_names_a_person(key, capfd, caplog):
    for wrong in ({"id": "Alvarez"}, {"says": "Alvarez"}, {"Alvarez": "Alvarez"}, {"text": "Alvarez"}):
        send(body(put()) | wrong, key)
    written = capfd.readouterr()
    told = written.out + written.err + caplog.text + repr(list(AuditEvent.objects.values()))
    assert ("Alvarez" in told, "api/reports" in told) == (False, True)


# ---- what the database refuses ----------------------------------------------------------------------------------
def test_reports_only_grow_and_who_tells_them_signs(key):
    send(body(put()), key)
    for change in (lambda: DeliveryReport.objects.update(says="failed"), lambda: DeliveryReport.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        EventSender.objects.create(name="mute", way=TOKEN, digest="x", sends=REPORTS, made_at=timezone.now())


def test_what_leaves_remembers_a_digest_of_where_it_went(home, readers, django_capture_on_commit_callbacks):
    message = contact.put(person=ANA, letter="please_call", channel="portal", about="trial", now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        sending.send_waiting(clock=lambda: NOON)
    message.refresh_from_db()
    assert message.went_to == standing.digest_of("portal", "ana.a")
