"""Live events are taken once and kept whole, or refused with kind words; the hat is the codebook's."""

import hashlib
import hmac
import json
import time

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.release_fixture import ANA, BEN, PEOPLE, make_release
from tests.security.conftest import home, logged_in, readers
from tests.unit.live_events import body, minutes_ago, send, token
from twohats.service.actions import live_events, senders
from twohats.service.policy import Scope
from twohats.service.records.live import SIGNATURE, EventSender, LiveEvent
from twohats.service.records.models import AuditEvent
from twohats.store.keys import key
from twohats.words.problems import Problem

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
EVERYWHERE = Scope(everything=True)


@pytest.fixture
def secret(home):
    return token()


def kept() -> list[tuple]:
    return list(LiveEvent.objects.order_by("pk").values_list("event_id", "person", "found", "hat", "rule"))


def refused(answer) -> tuple[int, str, str]:
    told = answer.json()
    assert set(told) == {"problem", "where", "try"} and told["try"].endswith((".", "?", "..."))
    return answer.status_code, told["where"], told["problem"]


# ---- taken --------------------------------------------------------------------------------------------------
def test_an_event_is_kept_before_it_is_answered_and_gets_its_hat(secret):
    answer = send(body(), secret)
    (event,) = LiveEvent.objects.all()
    assert (answer.status_code, answer.json()) == (202, {
        "id": "adt-1", "received_at": event.received_at.isoformat(), "hat": "customer", "rule": "registration"})
    assert kept() == [("adt-1", BEN, "person", "customer", "registration")]
    assert event.body == json.loads(json.dumps(body())) | {
        "started_at": event.body["started_at"], "sent_at": event.body["sent_at"]}


@pytest.mark.parametrize(("system", "value", "person"), [
    ("patient", "ana", ANA), ("patient", "Patient/ana", ANA), ("patient", "ana-old", ANA), ("mrn", "MRN-2", ANA),
    ("portal", "ana.a", ANA)])
def test_an_exact_identifier_finds_the_person_merged_records_included(secret, system, value, person):
    send(body(person={"system": system, "value": value}), secret)
    assert kept()[0][1:3] == (person, "person")


def test_the_id_of_a_record_is_found_with_and_without_its_type_as_releases_hold_it(secret, home):
    make_release(home, "2026-11-24-drawn", people=[
        row | {"patient_id": row["patient_id"].removeprefix("Patient/")} for row in PEOPLE])
    for number, value in enumerate(("ana", "Patient/ana")):
        send(body(id=str(number), person={"system": "patient", "value": value}), secret)
    assert [row[1] for row in kept()] == [ANA, ANA]


def test_the_key_of_a_moment_is_the_one_that_the_build_gives_it(secret):
    send(body(resource="Encounter/e7"), secret)
    (event,) = LiveEvent.objects.all()
    micros = int(event.started_at.timestamp()) * 1_000_000 + event.started_at.microsecond
    assert event.interaction == key(f"Encounter/e7|check_in|{micros}")


def test_a_place_tells_zone_and_unit_where_the_event_does_not(secret):
    send(body(place="Location/front", zone=None, unit=None, role=None, act=None), secret)
    (event,) = LiveEvent.objects.all()
    assert (event.unit, event.rule) == ("north-ed", "at_a_desk")


# ---- twice, out of order, unknown, two people ------------------------------------------------------------------
def test_the_same_event_twice_is_kept_once_and_answered_alike(secret):
    first = send(body(began=minutes_ago(3)), secret)
    again = json.loads(json.dumps(LiveEvent.objects.get().body)) | {"sent_at": minutes_ago(1).isoformat()}
    second = send(again, secret)
    assert (second.status_code, second.json(), len(kept())) == (202, first.json(), 1)


def test_another_body_under_the_same_id_is_a_conflict_and_the_first_is_kept(secret):
    send(body(), secret)
    assert refused(send(body(act="wait"), secret)) == (
        409, "id", "Another event with this id was taken before; the first is kept.")
    assert kept() == [("adt-1", BEN, "person", "customer", "registration")]


def test_two_senders_may_use_the_same_id(secret):
    other = token("triage")
    assert [send(body(), one).status_code for one in (secret, other)] == [202, 202]
    assert len(kept()) == 2


def test_events_out_of_order_are_all_kept_and_the_newest_by_its_instant_is_shown(secret):
    for number, minutes in ((1, 5), (2, 1), (3, 9)):
        send(body(id=f"adt-{number}", began=minutes_ago(minutes)), secret)
    lived = live_events.events_of(BEN, EVERYWHERE, timezone.now())
    assert [event.event_id for event in lived] == ["adt-3", "adt-1", "adt-2"]
    assert live_events.newest_of(BEN, timezone.now()).event_id == "adt-2"


def test_an_unknown_person_is_kept_and_tied_to_nobody_until_a_release_knows_them(secret, home):
    answer = send(body(person={"system": "mrn", "value": "MRN-77"}), secret)
    assert (answer.status_code, answer.json()["note"]) == (
        202, "Nobody of the current release has this identifier: the event is kept, tied to nobody, and tied when a "
             "release knows it.")
    assert (kept()[0][:3], live_events.untied()) == (("adt-1", None, "nobody"), {"nobody": 1})
    assert live_events.tie_again(timezone.now()) == 0
    known = [row | ({"identifiers": '["MRN-77"]'} if row["person"] == BEN else {}) for row in PEOPLE]
    make_release(home, "2026-11-24-drawn", people=known)
    assert (live_events.tie_again(timezone.now()), kept()[0][1], live_events.untied()) == (1, BEN, {})
    assert send(LiveEvent.objects.get().body, secret).json() == answer.json()


def test_the_page_of_data_quality_counts_what_is_tied_to_nobody(secret, readers):
    for number in range(2):
        send(body(id=str(number), person={"system": "mrn", "value": "MRN-77"}), secret)
    page = logged_in(readers["analyst"]).get("/quality/").content.decode()
    assert "2 events: nobody has their identifier" in page
    assert "MRN-77" not in page


def test_the_worker_ties_what_a_newer_release_knows(secret, home):
    from twohats.service.commands import worker

    send(body(person={"system": "mrn", "value": "MRN-77"}), secret)
    known = [row | ({"identifiers": '["MRN-77"]'} if row["person"] == BEN else {}) for row in PEOPLE]
    make_release(home, "2026-11-24-drawn", people=known)
    assert worker.one_round()["events_tied"] == 1


def test_an_identifier_of_two_people_ties_to_neither(secret, home):
    make_release(home, "2026-11-24-drawn", people=[row | {"identifiers": '["MRN-1"]'} for row in PEOPLE])
    answer = send(body(person={"system": "mrn", "value": "MRN-1"}), secret)
    assert (answer.json()["note"], kept()[0][1:3]) == (
        "Two people have this identifier: the event is kept and tied to neither.", (None, "two_people"))


def test_without_a_release_events_are_kept_all_the_same(secret, settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path / "empty"
    assert send(body(), secret).status_code == 202
    assert kept()[0][1:3] == (None, "no_release")


# ---- refused ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("field", ["started_at", "sent_at"])
def test_an_event_from_the_future_is_refused_and_one_of_a_clock_a_little_fast_is_not(secret, field):
    assert refused(send(body(**{field: minutes_ago(-6).isoformat()}), secret)) == (
        422, field, "This lies more than 5 minutes ahead of our clock; nothing was kept.")
    assert send(body(**{field: minutes_ago(-4).isoformat()}), secret).status_code == 202


BROKEN = [
    (b'{"id": "a", "id": "b"}', "A key stands twice: which one is meant cannot be told."),
    (b'{"acuity": NaN}', "The body holds NaN, Infinity or a number too large to hold."),
    (b'{"id": "\xff"}', "The body is not UTF-8."),
    (b'{"id": "\\ud800"}', "The body holds half of a surrogate pair."),
    (b'{"id": "a\\u0000b"}', "The body holds U+0000, which not every database can hold."),
    (b'{"acuity": 92233720368547758080}', "The body holds a whole number beyond 64 bits."),
    (b"[" * 70 + b"]" * 70, "The body is nested too deep."),
    (b'{"id": "a"', "The body is not one whole JSON value."),
    (b"", "The body is not one whole JSON value."),
    (b'["id"]', "The body is not a JSON object."),
]


@pytest.mark.parametrize(("raw", "problem"), BROKEN)
def test_what_is_not_strict_json_is_refused_whole(secret, raw, problem):
    assert refused(send(raw, secret)) == (400, "body", problem)
    assert kept() == []


def test_a_body_too_long_is_refused_unread(secret):
    assert refused(send(b" " * (64 * 1024 + 1), secret)) == (413, "body", "The body is longer than 64 KiB.")


@pytest.mark.parametrize("wrong", [
    {"id": ""}, {"id": 7}, {"id": "x" * 201}, {"id": "a\nb"}, {"person": "MRN-1"}, {"person": {"system": "mrn"}},
    {"person": {"system": "ssn", "value": "1"}}, {"started_at": "2026-11-23T13:00:00"}, {"started_at": "2026-11-23"},
    {"started_at": "2026-02-30T13:00:00Z"}, {"started_at": "20261123T130000Z"}, {"sent_at": 1_700_000_000},
    {"act": "surgery"}, {"zone": "moon"}, {"role": "boss"}, {"channel": "fax"}, {"speaker": "dog"}, {"acuity": 0},
    {"acuity": True}, {"acuity": "2"}, {"distress": "yes"}, {"red_flag": 1}, {"status": "Arrived!"},
    {"class_code": "emer"}, {"resource": "7"}, {"answered": "phone"}, {"missing": ["shoe_size"]},
    {"screening_recorded": "no"}, {"unit": 7}, {"evidence": "hearsay"}])
def test_a_field_that_is_not_as_declared_is_refused_by_its_name(secret, wrong):
    (name,) = wrong
    status, where, _problem = refused(send(body(**wrong), secret))
    assert (status, where, kept()) == (422, name, [])


@pytest.mark.parametrize("needed", ["id", "person", "started_at", "sent_at"])
def test_a_field_that_is_needed_is_asked_for(secret, needed):
    assert refused(send(body(**{needed: None}), secret)) == (422, needed, "This field is needed.")


def test_a_misspelt_field_is_refused_so_that_no_distress_is_lost_unseen(secret):
    answers = [send(body(**wrong), secret) for wrong in ({"distres": True}, {"Mrs Alvarez": 1})]
    assert [(answer.status_code, answer.json()["try"]) for answer in answers] == [
        (400, "Did you mean distress?"), (400, "The docs list the fields.")]
    assert kept() == []


def test_only_post_is_answered(secret):
    answer = Client().get("/api/events")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


# ---- who sends -----------------------------------------------------------------------------------------------------
def signed(secret: str, raw: bytes, instant: float, name: str = "triage") -> dict[str, str]:
    made = hmac.new(secret.encode(), str(int(instant)).encode() + b"." + raw, hashlib.sha256).hexdigest()
    return {"Authorization": "", "X-Twohats-Sender": name, "X-Twohats-Instant": str(int(instant)),
            "X-Twohats-Signature": f"sha256={made}"}


@pytest.fixture
def signing(home):
    return senders.make_sender(name="triage", way=SIGNATURE)[1]


def test_a_signed_event_is_taken_and_sent_again_within_minutes_it_is_the_same_one(signing):
    raw = json.dumps(body()).encode()
    headers = signed(signing, raw, time.time() - 200)
    answers = [send(raw, "", **headers) for _ in range(2)]
    assert ([answer.status_code for answer in answers], len(kept())) == ([202, 202], 1)


@pytest.mark.parametrize("spoilt", ["body", "key", "old", "ahead", "name", "word", "nothing", "letters"])
def test_a_bad_signature_is_refused_and_nothing_is_kept(signing, spoilt):
    raw, now = json.dumps(body()).encode(), time.time()
    headers = {
        "body": signed(signing, raw + b" ", now), "key": signed(signing[:-1], raw, now),
        "old": signed(signing, raw, now - 301), "ahead": signed(signing, raw, now + 302),
        "name": signed(signing, raw, now, "triage2"), "nothing": {"Authorization": ""},
        "word": signed(signing, raw, now) | {"X-Twohats-Signature": "sha256=ñ"},
        "letters": signed(signing, raw, now) | {"X-Twohats-Instant": "now"},
    }[spoilt]
    assert refused(send(raw, "", **headers))[:2] == (401, "sender")
    assert kept() == []


@pytest.mark.parametrize("wrong", ["", "guessed", "Bearer"])
def test_a_wrong_token_is_refused_kindly(secret, wrong):
    answer = send(body(), wrong)
    assert refused(answer) == (
        401, "sender", "We do not know who sends this: the token or the signature is missing, wrong, too old or taken "
                       "back; nothing was kept.")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_to_sign_with_is_no_token_and_a_token_no_key(secret, signing):
    raw = json.dumps(body()).encode()
    assert send(raw, signing).status_code == 401
    assert send(raw, "", **signed(secret, raw, time.time(), "registration")).status_code == 401


def test_no_record_holds_a_token_or_a_key(secret, signing):
    records = repr(list(EventSender.objects.values()))
    assert [one for one in (secret, signing) if one in records] == []
    assert list(AuditEvent.objects.filter(kind="event sender").values_list("verb", flat=True)) == ["let in"] * 2


def test_a_revoked_sender_is_refused_from_its_next_event_on_and_what_it_sent_stays(secret):
    send(body(), secret)
    senders.revoke_sender(name="registration")
    assert (send(body(id="adt-2"), secret).status_code, len(kept())) == (401, 1)
    assert send(body(id="adt-2"), token()).status_code == 202
    with pytest.raises(Problem, match="has a token or a key already"):
        token()
    with pytest.raises(Problem, match="No sender of this name"):
        senders.revoke_sender(name="nobody")


def test_a_token_opens_no_page(secret):
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/log-in?next=/desk/")


# ---- what the database refuses ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [
    {"sender": None}, {"found": "perhaps"}, {"person": None}, {"hat": "hatless"}, {"resource": ""}])
def test_the_database_refuses_what_no_live_event_is(secret, change):
    send(body(), secret)
    with pytest.raises(IntegrityError), transaction.atomic():
        LiveEvent.objects.update(**change)


def test_no_line_of_the_log_and_no_audit_event_names_a_person(secret, capfd, caplog):
    for event in (body(person={"system": "mrn", "value": "Alvarez"}), body(id="Alvarez"), body(act="Alvarez")):
        send(event, secret)
    send(body(), "Alvarez")
    written = capfd.readouterr()
    told = written.out + written.err + caplog.text + repr(list(AuditEvent.objects.values()))
    assert ("Alvarez" in told, "api/events" in told) == (False, True)


def test_nothing_personal_is_in_the_answers(secret):
    told = b"".join(send(one, secret).content for one in (
        body(person={"system": "mrn", "value": "Alvarez"}), body(person={"system": "Alvarez", "value": "Alvarez"}),
        body(Alvarez=1), body(id="Alvarez" * 50), body(act="Alvarez")))
    assert b"Alvarez" not in told
