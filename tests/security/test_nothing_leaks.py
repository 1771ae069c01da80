"""Canaries: what names a person stands on pages that may show it, and in no log, address or error page."""

import io
import logging

import pytest

from tests.files_opened import text_in
from tests.release_fixture import ANA, BEN, CLAUSES, OMAR, PERSONAL_WORDS
from tests.security.conftest import RAW, SENTENCE, logged_in
from tests.security.test_who_may_see_what import ASKED
from twohats.service.middleware.lines import OneLine
from twohats.service.pages import home as front_door
from twohats.service.policy import Permission, permissions_of
from twohats.service.records.models import AuditEvent, AuditSeal, Mail, Outbox, UrgentAlert

CANARIES = ("Alvarez", "Haddad", "Patient/ana", "Patient/omar", "1950-04-02", "nobody told me where to go",
            "my brother waited", "Nurse Kimani", "end it all", SENTENCE)
ANSWERED = {("alerts:alert", "in"): ["Nurse Kimani sat with me"], ("cases:case", "in"): ["Alvarez"]}
"""Who answers urgent comments, or owns cases, reads these whole, also a name that somebody wrote into them; the name of
whose they are stays away."""


@pytest.fixture
def logs():
    """All that any logger of ours or Django's writes, in our form, and what would go to the last resort."""
    held = io.StringIO()
    handler = logging.StreamHandler(held)
    handler.setFormatter(OneLine())
    loggers = [logging.getLogger(name) for name in ("", "twohats", "twohats.requests")]
    for logger in loggers:
        logger.addHandler(handler)
    yield held
    for logger in loggers:
        logger.removeHandler(handler)


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def test_logs_addresses_audit_outbox_and_mail_name_nobody(readers, urgent, asked_how_it_was, logs, capfd):
    addresses = []
    for name in ("navigator", "clinician", "analyst", "administrator", "front_desk", "leader", "reviewer"):
        client = logged_in(readers[name])
        for route, asked in ASKED.items():
            if route == ("audit:review", "in"):
                continue
            response = client.get(asked.path()) if asked.post is None else client.post(asked.path(), asked.post)
            if response.streaming:
                b"".join(response.streaming_content)
            addresses += [asked.path(), response.get("Location", ""), response.get("Content-Disposition", "")]
            if response.status_code == 200 and asked.post is None:
                client = logged_in(readers[name])
    logged_in(None).post("/log-in", {"username": "Alvarez", "password": SENTENCE})
    logged_in(readers["navigator"]).get("/people/?q=Alvarez")
    records = repr([list(model.objects.values()) for model in (AuditEvent, AuditSeal, Outbox, UrgentAlert, Mail)])
    err = capfd.readouterr()
    assert {"addresses": found_in(" ".join(addresses)), "logs": found_in(logs.getvalue()),
            "records": found_in(records), "output": found_in(err.out + err.err)} == {
        "addresses": [], "logs": [], "records": [], "output": []}
    assert '"event": "request"' in logs.getvalue()


def test_an_error_page_and_its_line_quote_nothing(readers, logs, capfd, monkeypatch):
    def broken():
        family = "Alvarez"
        raise KeyError(f"no such person: {family} {SENTENCE}")

    monkeypatch.setattr(front_door.releases, "current", broken)
    response = logged_in(readers["navigator"]).get("/?family=Alvarez")
    text = response.content.decode()
    err = capfd.readouterr()
    assert response.status_code == 500
    assert "Something broke on our side" in text
    assert response["X-Request-Id"] in text
    assert found_in(text) + found_in(logs.getvalue()) + found_in(err.out + err.err) == []
    assert '"error": "KeyError"' in logs.getvalue()
    assert response["X-Request-Id"] in logs.getvalue()


@pytest.mark.parametrize("name", ["leader", "analyst", "reviewer", "administrator", "partner", "gus"])
def test_no_page_names_a_person_to_who_may_not_see_names(readers, urgent, asked_how_it_was, name):
    client = logged_in(readers[name])
    may_read_masked = permissions_of(name) & {Permission.SEE_COMMENTS_MASKED, Permission.READ_COMMENTS}
    masked = " ".join(clause["masked"] for clause in CLAUSES) if may_read_masked else ""
    found = {}
    for route, asked in ASKED.items():
        response = client.get(asked.path()) if asked.post is None and route != ("audit:review", "in") else None
        if response is None:
            continue
        content = b"".join(response.streaming_content) if response.streaming else response.content
        text = text_in(content)
        said = [word for word in PERSONAL_WORDS if len(word) > 4 and word in text and word not in masked]
        if said:
            found[route] = said
    assert found == (ANSWERED if name == "reviewer" else {})


def test_who_may_see_names_does_see_them(readers):
    assert "Alvarez" in logged_in(readers["navigator"]).get(f"/people/{ANA}/").content.decode()
    assert "Ben" in logged_in(readers["front_desk"]).get(f"/desk/{BEN}/").content.decode()


def test_an_extract_without_names_holds_none_and_one_of_a_panel_holds_only_the_panel(readers):
    analyst = logged_in(readers["analyst"])
    for table in ("people", "visits", "interactions", "voices", "desk"):
        text = b"".join(analyst.get(f"/tables/{table}/masked.csv").streaming_content).decode()
        assert [word for word in (*PERSONAL_WORDS, str(ANA), str(OMAR)) if len(word) > 4 and word in text] == []
        assert text.count("\r\n") >= 2, table
    panel = b"".join(logged_in(readers["navigator"]).get("/tables/people/panel.csv").streaming_content).decode()
    assert ("Alvarez" in panel, "Haddad" in panel) == (True, False)


def test_a_labelled_segment_does_not_tell_its_kind_in_an_extract(readers):
    import csv

    def rows(name: str, form: str) -> list[dict]:
        text = b"".join(logged_in(readers[name]).get(f"/tables/interactions/{form}.csv").streaming_content).decode()
        return [row for row in csv.DictReader(io.StringIO(text)) if row["sensitive"]]

    for name, form in (("navigator", "panel"), ("analyst", "masked")):
        (row,) = rows(name, form)
        assert row["sensitive"] == "hidden"
        assert {row[column] for column in ("act", "touchpoint", "unit", "role", "rule", "hat", "p_patient")} == {""}
        assert row["started_at"] != ""
    assert [row["act"] for row in rows("clinician", "panel")] == ["treat"]


def test_what_a_line_set_aside_holds_is_shown_only_while_it_is_open(readers):
    from tests.security.conftest import LANDING

    client = logged_in(readers["administrator"])
    closed = client.get(f"/quality/landing/{LANDING}").content.decode()
    assert "the line is not one whole JSON value" in closed
    assert "Alvarez" not in closed
    client.post(f"/audit/open/lines/{LANDING}", {"reason": "the export of today broke off"})
    opened = client.get(f"/quality/landing/{LANDING}").content.decode()
    assert RAW.split('"')[-2] in opened
    assert AuditEvent.objects.filter(verb="looked at", kind="lines", thing=LANDING).count() == 1
    assert "Alvarez" not in logged_in(readers["analyst"]).get(f"/quality/landing/{LANDING}").content.decode()
