"""Rita says what a clause is about: the next release says so, whatever the model said, and remembers that she did."""

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.security.conftest import SENTENCE, logged_in
from tests.unit.release_files import built, deliver
from tests.unit.tiny_hospital import everybody, land
from twohats.service.actions import outbox, people
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import ClauseReading
from twohats.store.home import Home
from twohats.store.reading import current
from twohats.store.tables.landed import COMMENTS

HEADER = ",".join(column.path for column in COMMENTS.columns)
SAID = "My mother waited for the ride home."


@pytest.fixture
def home(settings, tmp_path: Path) -> Home:
    """A hospital of 32 people with a comment of each of three, built."""
    settings.TWOHATS_HOME = tmp_path / "home"
    made = Home(settings.TWOHATS_HOME)
    land(made, tmp_path, "first", *everybody())
    told = [{"comment_id": f"c{n}", "person_mrn": f"mrn-p{n}", "words": SAID, "language": "en",
             "created_at": "2026-01-06T09:00:00Z"} for n in range(3)]
    rows = "".join(",".join(row.get(name, "") for name in HEADER.split(",")) + "\n" for row in told)
    deliver(made, tmp_path, "comments", {"comments.csv": [f"{HEADER}\n".encode(), rows.encode()]})
    built(made)
    return made


@pytest.fixture
def rita(db, home, settings) -> Client:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = people.add_user(username="rita", display_name="Rita", password=SENTENCE, by=None)
    people.give_role(user=user, role=Role.REVIEWER, unit=WHOLE, by=None)
    return logged_in(user)


def clauses(home: Home) -> dict[int, tuple]:
    names = ("hat", "about_hat", "touchpoint", "sentiment", "speaker", "certain", "corrected", "model_hat")
    return {row["clause"]: tuple(row[name] for name in names)
            for row in current(home).rows(f"SELECT clause, {', '.join(names)} FROM clauses")}


def test_a_reading_wins_in_the_next_release_and_leaves_the_others_as_they_were(rita, home):
    before = clauses(home)
    key = int(re.search(r"/(\d+)/", rita.get("/readings/random/")["Location"]).group(1))
    rita.post(f"/readings/random/{key}/", {
        "about_hat": "patient", "touchpoint": "continuity_followup", "sentiment": "1", "speaker": "other"})
    outbox.flush()
    built(home)
    after = clauses(home)
    model_hat = before[key][-1]
    assert after == before | {
        key: ("customer", "patient", "continuity_followup", 1, "other", 1, 1, model_hat)}
    made = ClauseReading.objects.get()
    assert (made.model_hat, made.model_touchpoint, made.model_sentiment) == (
        model_hat, before[key][2], before[key][3])
    drift = current(home).rows("SELECT sum(corrected) AS corrected, sum(overturned) AS overturned FROM drift")[0]
    assert tuple(drift) == (1, int(model_hat != "customer"))
