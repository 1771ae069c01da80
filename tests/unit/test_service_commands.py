"""The service's verbs, each in a process of its own as a person would run it."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.release_fixture import make_release

SENTENCE = "a sentence nobody else knows"
CLEAN = {name: value for name, value in os.environ.items()
         if not name.startswith("TWOHATS_") and name != "DJANGO_SETTINGS_MODULE"}


def twohats(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "twohats", *arguments], cwd=REPOSITORY, input=typed, env=CLEAN,
                          capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A real home whose first administrator was made by the verb."""
    made = twohats("add-user", "alex", "--role", "administrator", "--everywhere", "--password-stdin",
                   "--home", str(tmp_path), typed=SENTENCE + "\n")
    assert (made.returncode, made.stdout) == (0, "Let in; role: administrator\n"), made.stderr
    return tmp_path


def records(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(home / "records.sqlite")


def test_the_first_administrator_is_made_by_a_verb(home):
    with closing(records(home)) as rows:
        assert rows.execute("SELECT username, is_demo, password LIKE 'scrypt$%' FROM records_user").fetchall() == [
            ("alex", 0, 1)]
        assert rows.execute("SELECT role, unit FROM records_roleassignment").fetchall() == [("administrator", "*")]
        assert rows.execute("SELECT verb FROM records_auditevent ORDER BY id").fetchall() == [
            ("let in",), ("gave administrator",)]


@pytest.mark.parametrize(("arguments", "typed", "said"), [
    (("add-user", "ben", "--password-stdin"), "short\n", "15 characters"),
    (("add-user", "ben", "--role", "leader", "--password-stdin"), SENTENCE, "--unit"),
    (("add-user", "nobody", "--disable"), "", "Nobody logs in with this name"),
    (("serve", "--address", "0.0.0.0"), "", "through TLS"),
    (("serve", "--demo-users"), "", "not the demo hospital's"),
    (("check", "/nowhere/at/all"), "", "no such folder"),
])
def test_what_cannot_be_done_is_said_with_what_to_try(tmp_path, arguments, typed, said):
    options = () if arguments[0] == "check" else ("--home", str(tmp_path))
    done = twohats(*arguments, *options, typed=typed)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_check_verifies_the_audit_and_names_the_first_bad_event(home):
    worked = twohats("worker", "--once", "--json", "--home", str(home))
    assert json.loads(worked.stdout) == {
        "alerts_opened": 0, "alerts_escalated": 0, "alerts_asked_again": 0, "events_tied": 0,
        "mails_sent": 0, "mails_failed": 0, "mails_dropped": 0, "cases_closed_unsolved": 0,
        "answers_in_surveys": 0, "answers_in_comments": 0,
        "messages_swept": 0,
        "appended": 0, "sealed": 2}
    fine = twohats("check", str(home))
    assert (fine.returncode, fine.stdout) == (
        0, "Nothing is wrong: settings, records, audit and release are in order.\n")
    with closing(records(home)) as rows:
        rows.execute("DROP TRIGGER records_auditevent_no_UPDATE")
        rows.execute("UPDATE records_auditevent SET thing = 'somebody else' WHERE id = 2")
        rows.commit()
    bad = twohats("check", str(home))
    assert (bad.returncode, "Event 2 was changed." in bad.stderr) == (2, True)


def test_check_sees_a_cut_tail_by_the_copied_heads(home, tmp_path_factory):
    twohats("worker", "--once", "--home", str(home))
    copy = tmp_path_factory.mktemp("elsewhere") / "heads.ndjson"
    copy.write_text((home / "audit_heads.ndjson").read_text())
    with closing(records(home)) as rows:
        for table in ("records_auditevent", "records_auditseal"):
            rows.execute(f"DROP TRIGGER {table}_no_DELETE")
            rows.execute(f"DELETE FROM {table}")
        rows.commit()
    (home / "audit_heads.ndjson").write_text("")
    assert twohats("check", str(home)).returncode == 0
    found = twohats("check", str(home), "--heads", str(copy))
    assert (found.returncode, "they were cut or rewritten" in found.stderr) == (2, True)


def test_check_sees_a_key_that_others_may_read(home):
    (home / "secret_key").chmod(0o644)
    assert "chmod 600 secret_key" in twohats("check", str(home)).stderr


def test_records_of_a_newer_version_are_left_alone(home):
    with closing(records(home)) as rows:
        rows.execute("INSERT INTO django_migrations (app, name, applied) "
                     "VALUES ('records', '9999_later', '2030-01-01')")
        rows.commit()
    refused = twohats("worker", "--once", "--home", str(home))
    assert (refused.returncode, "written by a newer version" in refused.stderr) == (2, True)


def test_a_demo_home_is_served_with_its_people(tmp_path):
    make_release(tmp_path)
    (tmp_path / "demo.json").write_text("{}")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen(
        [sys.executable, "-m", "twohats", "serve", "--home", str(tmp_path), "--port", str(port)], cwd=REPOSITORY,
        env={**CLEAN, "TWOHATS_WEB_PROCESSES": "1"}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        told = []
        while not told or not told[-1].startswith("Open"):
            told.append(site.stdout.readline().rstrip("\n"))
        assert "log in as carla  Carla (navigator)" in told
        assert told[-1] == f"Open http://127.0.0.1:{port}/"
        page = answered(f"http://127.0.0.1:{port}/log-in")
        assert "Dr. Diaz" in page
        assert answered(f"http://127.0.0.1:{port}/static/twohats.css").startswith(("@", ":", "/", "*", "."))
    finally:
        site.terminate()
        site.wait(timeout=30)
    assert site.returncode in (0, -15)


def answered(address: str) -> str:
    """What the site answers, once it listens: asked again until then, without a pause of a fixed length."""
    ends = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address) as response:
                return response.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > ends:
                raise
