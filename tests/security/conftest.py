"""A real home with the drawn release, one person a role in the north, and clients logged in as them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from tests.release_fixture import ANA, OMAR, RELEASE, at, make_release
from twohats.service.actions import alerts, answering, asking, cases, contact, links, people
from twohats.service.middleware import sessions
from twohats.service.policy import Role
from twohats.service.records.models import (
    AlertRecipient,
    Link,
    PersonMessage,
    RecoveryCase,
    SurveyRequest,
    UrgentAlert,
    User,
)

READERS = ("leader", "navigator", "front_desk", "clinician", "analyst", "reviewer", "partner", "administrator", "gus")
SENTENCE = "a sentence nobody else knows"
LANDING = "00000000000000aa"
RAW = '{"resourceType":"Patient","name":[{"family":"Alvarez"}]'


@pytest.fixture
def home(settings, tmp_path):
    """A home with the drawn release and one landing with a line set aside."""
    settings.TWOHATS_HOME = tmp_path
    make_release(tmp_path)
    land(tmp_path)
    return tmp_path


def land(home):
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = home / "landings" / LANDING
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps({
        "landing": LANDING, "ordinal": 1, "intake": "000001", "file": "Patient.ndjson", "kind": "fhir",
        "read": 10, "accepted": 7, "superseded": 1,
        "unchanged": 0, "quarantined": 1, "blank": 1,
        "drift": [{"field": "$.pet", "first_line": 4, "kind": "column not declared"}],
        "reasons": {"not_json": 1}, "tables": {"patients": {"accepted": 7}},
        "started": "2026-11-23T09:00:00+00:00", "ended": "2026-11-23T09:01:00+00:00"}))
    pq.write_table(pa.table({
        "table": ["patients"], "line": [3], "offset_bytes": [812], "reason_code": ["not_json"],
        "field": [""], "reason": ["the line is not one whole JSON value"], "raw": [RAW.encode()]}),
        folder / "quarantine.0.parquet")


@pytest.fixture
def readers(home, db, settings):
    """One person a role, each in the north only; Gus has none. Passwords are hashed once, fast, where none is typed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = {}
    for name in READERS:
        made[name] = people.add_user(username=name, display_name=name.title(), password=SENTENCE, by=None)
        if name != "gus":
            people.give_role(user=made[name], role=Role(name), unit="north", by=None)
    yield made
    translation.deactivate()  # the language of the last page asked for would stay with this thread


TOKEN = "a-token-that-only-ana-holds-0000"


@pytest.fixture
def by_hand(readers):
    """A letter to Ana for the north and one to Omar for the south wait to be posted; Ana holds a link of her own."""
    now = timezone.now()
    for person, unit in ((ANA, "north-ed"), (OMAR, "south")):
        put = contact.put(person=person, letter="please_call", channel="letter", about="drawn", now=now, unit=unit)
        PersonMessage.objects.filter(pk=put.pk).update(state="handed")
    Link.objects.create(digest=links.digest_of(TOKEN), purpose="choices", person=ANA, language="es", made_at=now,
                        expires_at=now + timedelta(days=1))


SAY = "a-token-to-a-form-of-ana-s-alone-0"


@pytest.fixture
def asked_how_it_was(readers):
    """Ana of the north and Omar of the south were asked; both answered badly, and wrote. Ana holds a link."""
    now = timezone.now()
    for person, unit in ((ANA, "north-ed"), (OMAR, "south")):
        asked = SurveyRequest.objects.create(
            person=person, form="your_care", visit=1, encounter="e1", unit=unit, language="es",
            by=readers["navigator"], made_at=now, answer_by=now + timedelta(days=1))
        if unit != "south":
            Link.objects.create(digest=links.digest_of(SAY), purpose="survey", person=person, about=str(asked.pk),
                                language="es", made_at=now, expires_at=now + timedelta(days=1))
        for question, answer in (("satisfaction", {"value": "0"}), ("words", {"words": "They neglected me, Alvarez"})):
            answering.keep(request=asked, question=question, language="es", now=now, **answer)
    case = RecoveryCase.objects.get(unit="north-ed")
    cases.decide_grievance(case=case, yes=True, by=readers["navigator"], now=now)
    asking.add_supplemental(survey="pulse", item="effort", by=readers["administrator"], now=now)


@pytest.fixture
def urgent(readers):
    """An urgent comment in the north and one in the south, and somebody told of each by mail."""
    found = at("2026-11-23", "18:05")
    alerts.open_alerts(found)
    UrgentAlert.objects.create(voice=1, clock="now", unit="south", found_at=found, due_at=found + alerts.SOON,
                               release=RELEASE)
    for name, unit in (("navigator", "north"), ("leader", "south")):
        AlertRecipient.objects.create(user=readers[name], unit=unit, address=f"{name}@hospital.example", turn=1)
    return UrgentAlert.objects.get(unit="north-ed")


def logged_in(user: User | None) -> Client:
    """A client in a session of this user; of nobody for None."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        session = client.session
        sessions.began(session, timezone.now())
        session.save()
    return client
