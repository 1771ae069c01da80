"""When the wrong hat was served: absolute criteria as data, and what no flag may ever follow from."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.analysis.context import _criteria
from twohats.analysis.stages import run_stage, sql_stage
from twohats.store.engine import arrow, connect, keep
from twohats.words.hats import Hat
from twohats.words.perspectives import perspectives
from twohats.words.wrong_hat import wrong_hat

ROOT = Path(__file__).resolve().parents[2]
FROM_VISITS = (("half_booked", "half_the_booked_time"), ("unserved", "unserved_visit"))
CUSTOMERS = ("repeats", "minutes", "talk_minutes", "contacts_given")
CALL = {"act": "book", "kind": "contact", "channel": "phone", "hat": "customer", "time_wanted": 0.3}
DESK = {"act": "register", "kind": "segment", "channel": "in_person", "hat": "customer", "time_wanted": 0.3}
CARE = {"act": "treat", "kind": "segment", "channel": "in_person", "hat": "patient", "time_wanted": 0.7}


def flags(*contacts: dict[str, Any]) -> dict[int, tuple[bool | None, str | None]]:
    """What the stage says of drawn contacts, by their number."""
    rows = [
        {"interaction": number, "person": number, "visit": number, "unit": "er", "started_at": None, "role": "clerical",
         "clinician_minutes": 20.0, "same_clinician": None, "repeats": None, "minutes": None, "contacts_given": None,
         "half_booked": None, "unserved": None, "talk_minutes": None, "direction": "in", **told}
        for number, told in enumerate(contacts, 1)
    ]
    kinds = {"person": pa.int64(), "started_at": pa.timestamp("us", "UTC"), "same_clinician": pa.bool_(),
             "repeats": pa.int64(), "minutes": pa.float64(), "contacts_given": pa.int64()}
    connection = connect()
    try:
        names = ("interaction", "person", "visit", "unit", "started_at", "act", "kind", "channel", "hat", "time_wanted",
                 "role", "clinician_minutes", "same_clinician", "repeats", "minutes", "contacts_given")
        keep(connection, "interactions", pa.table(
            {name: pa.array([row[name] for row in rows], kinds.get(name)) for name in names}))
        keep(connection, "situations", pa.table({
            "interaction": [row["interaction"] for row in rows],
            "talk_minutes": pa.array([row["talk_minutes"] for row in rows], pa.float64()),
            "direction": [row["direction"] for row in rows]}))
        keep(connection, "visits_measured", pa.Table.from_pylist([
            {"measure": measure, "thing": f"visit/{row['visit']}", "part": row[name]}
            for row in rows for name, measure in FROM_VISITS if row[name] is not None
        ], pa.schema([("measure", pa.string()), ("thing", pa.string()), ("part", pa.bool_())])))
        keep(connection, "criteria", _criteria())
        run_stage(connection, sql_stage("measures/76_wrong_hat.sql"))
        found = arrow(connection, "SELECT interaction, flagged, criterion FROM wrong_hat").to_pylist()
        return {row["interaction"]: (row["flagged"], row["criterion"]) for row in found}
    finally:
        connection.close()


@pytest.mark.parametrize(("contact", "told"), [
    (CARE | {"half_booked": False, "unserved": False}, (True, "half_the_booked_time")),
    (CARE | {"half_booked": True, "unserved": False}, (False, None)),
    (CARE | {"half_booked": False, "unserved": True}, (True, "unserved")),
    (CARE | {"half_booked": False}, (None, None)),
    (CARE | {"half_booked": False, "same_clinician": True}, (True, "half_the_booked_time")),
    (DESK | {"repeats": 1, "minutes": 5.0}, (True, "asked_again")),
    (DESK | {"repeats": 0, "minutes": 12.0}, (True, "long_at_the_desk")),
    (DESK | {"repeats": 0, "minutes": 11.9}, (False, None)),
    (DESK | {"minutes": 30.0}, (None, None)),
    (CALL | {"talk_minutes": 12.0, "contacts_given": 0}, (True, "long_talk")),
    (CALL | {"talk_minutes": 3.0, "contacts_given": 4}, (True, "many_contacts")),
    (CALL | {"act": "remind", "channel": "sms", "direction": "out", "repeats": 0, "contacts_given": 4},
     (True, "many_contacts")),
])
def test_each_criterion_at_its_edge(contact: dict[str, Any], told: tuple):
    assert flags(contact) == {1: told}


@pytest.mark.parametrize("contact", [
    CARE | {"hat": "mixed", "half_booked": False, "unserved": True},
    CARE | {"hat": "unknown", "half_booked": False, "unserved": True},
    CARE | {"time_wanted": 0.59, "half_booked": False, "unserved": True},
    DESK | {"hat": "mixed", "repeats": 9, "minutes": 90.0},
    DESK | {"time_wanted": 0.41, "repeats": 9, "minutes": 90.0},
    CALL | {"channel": "portal", "talk_minutes": 90.0, "contacts_given": 9},
])
def test_what_is_never_judged(contact: dict[str, Any]):
    assert flags(contact) == {}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["register", "book"]), *(st.one_of(st.none(), st.integers(0, 20)),) * 3),
                min_size=1, max_size=12))
def test_the_sql_says_what_the_words_say_and_more_given_never_unflags(drawn):
    contacts = [
        (DESK | {"repeats": repeats, "minutes": length and float(length)}) if act == "register"
        else (CALL | {"repeats": repeats, "talk_minutes": length and float(length), "contacts_given": contacts_given})
        for act, repeats, length, contacts_given in drawn
    ]
    said = flags(*contacts)
    for number, contact in enumerate(contacts, 1):
        known = {name: contact.get(name) for name in CUSTOMERS if contact.get(name) is not None}
        met = [one.key for one in wrong_hat().criteria if one.hat is Hat.CUSTOMER
               and (not one.acts or contact["act"] in one.acts) and one.is_met(known.get(one.field))]
        judged = len(known) >= wrong_hat().indicators
        assert said[number] == ((bool(met), met[0] if met else None) if judged else (None, None))
    more = flags(*({name: value + 5 if name in CUSTOMERS and value is not None else value
                    for name, value in contact.items()} for contact in contacts))
    assert all(more[number][0] for number, (flagged, _) in said.items() if flagged)


def test_wanted_and_given_share_no_field_and_satisfaction_is_in_neither():
    fields = {one.key: set(one.fields) for one in perspectives()}
    assert fields["wanted"] & fields["given"] == set()
    sql = " ".join((ROOT / "twohats" / "analysis" / "measures" / name).read_text("utf-8")
                   for name in ("76_wrong_hat.sql", "76_wrong_hat_measured.sql"))
    assert not re.search(r"satisf|surveys|voices|clauses|comments|hold|queue|transfers|\bsteps\b", sql)


def test_no_answer_of_a_survey_changes_a_flag():
    call = {"contact_id": "c1", "person_mrn": "mrn-ana", "direction": "in", "channel": "phone", "topic": "Appointment",
            "started_at": "2026-03-02T15:00:00Z", "ended_at": "2026-03-02T15:20:00Z", "queue_minutes": "2",
            "talk_minutes": "18", "unit_id": "er", "outcome": "resolved"}
    staff = {"staff_id": "s1", "name": "Sam Poe", "role": "Scheduler", "unit_id": "er"}

    def flagged(satisfaction: str) -> list[dict[str, Any]]:
        answer = {"answer_id": "a", "response_id": "r", "person_mrn": "mrn-ana", "survey": "pulse",
                  "item": "satisfaction", "value": satisfaction, "answered_at": "2026-03-03T15:00:00Z",
                  "contact_id": "c1", "respondent": "self", "mode": "sms"}
        made = build_lines([patient("ana")], {"contacts": [call | {"staff_id": "s1"}], "staff": [staff],
                                              "surveys": [answer]})
        return made["wrong_hat"].to_pylist()

    assert flagged("1") == flagged("100")
    assert [(row["act"], row["flagged"], row["criterion"]) for row in flagged("50")] == [("book", True, "long_talk")]


def test_every_criterion_has_words_in_both_languages_and_one_bound():
    for one in wrong_hat().criteria:
        assert one.text.en != one.text.es and (one.at_least is None) != (one.under is None), one.key
    assert [one.key for one in wrong_hat().criteria] == [
        "unserved", "half_the_booked_time", "asked_again", "long_at_the_desk", "long_talk", "many_contacts"]
