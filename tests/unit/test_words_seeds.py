"""Names as hospitals use them are first understood the same way by Python and by the build."""

import duckdb
import pytest

from twohats.words.acts import acts
from twohats.words.cues import Role, Zone
from twohats.words.seeds import act_of, role_of, seeds, zone_of

PLACES = [
    ("Emergency Waiting Room", "waiting"),
    ("Emergency", "treatment"),
    ("Ward 1, Room 42, Bed 1", "ward"),
    ("Main Registration", "front_desk"),
    ("Sala de espera de urgencias", "waiting"),
    ("Discharge Lounge", "discharge_lounge"),
    ("Triage 2", "triage"),
    ("Outpatient Pharmacy", "pharmacy"),
    ("Operating Room 3", "theatre"),
    ("CT", "imaging"),
    ("Ambulance Bay", "pickup"),
    ("Cashier", "billing"),
    ("Zephyr", None),
    ("", None),
    (None, None),
]
STAFF = [
    ("Registered Nurse", "clinical"),
    ("Registration Clerk", "clerical"),
    ("Front Desk", "clerical"),
    ("Surgeon", "clinical"),
    ("Patient Transporter", "transport"),
    ("Medical Interpreter", "interpreter"),
    ("Social Worker", "navigator"),
    ("Volunteer", "support"),
    ("Attending physician", "clinical"),
    ("Enfermera", "clinical"),
    ("???", None),
]
TOPICS = [
    ("Lab result lookup", "look_up_result"),
    ("Result explained", "explain_result"),
    ("Refill request", "request_refill"),
    ("Refill decision", "decide_refill"),
    ("Reschedule a visit", "rebook"),
    ("Cancel a visit", "cancel"),
    ("Schedule an appointment", "book"),
    ("Billing question", "bill"),
    ("Patient education: asthma", "teach"),
    ("Able to manage at home asked", "ask_can_manage"),
    ("Discharge papers", "papers"),
    ("Ride home", "ride"),
    ("Pending discharge message", "papers"),
    ("Family update", "update_family"),
    ("Xyzzy", None),
]


@pytest.mark.parametrize(("name", "zone"), PLACES)
def test_a_place_is_understood_by_its_name(name, zone):
    assert zone_of(name) == zone


@pytest.mark.parametrize(("name", "role"), STAFF)
def test_a_kind_of_work_is_understood_by_its_name(name, role):
    assert role_of(name) == role


@pytest.mark.parametrize(("topic", "act"), TOPICS)
def test_a_topic_is_understood_as_an_act(topic, act):
    assert act_of(topic) == act


def test_every_seed_means_a_word_we_know():
    known = {"zone": set(Zone), "role": set(Role), "act": {act.key for act in acts()}}
    assert {kind: {seed.means for seed in seeds(kind)} - words for kind, words in known.items()} == {
        "zone": set(), "role": set(), "act": set(),
    }


@pytest.mark.parametrize(
    ("kind", "meaning_of", "names"),
    [("zone", zone_of, PLACES), ("role", role_of, STAFF), ("act", act_of, TOPICS)],
)
def test_python_and_the_build_read_the_patterns_alike(kind, meaning_of, names):
    arms = " ".join("when regexp_matches(name, ?) then ?" for _ in seeds(kind))
    patterns = [part for seed in seeds(kind) for part in (seed.pattern, seed.means)]
    written = [(name or "").lower() for name, _ in names]
    found = [
        duckdb.execute(f"select case {arms} end from (select ? as name)", [*patterns, name]).fetchone()[0]
        for name in written
    ]
    assert found == [meaning_of(name) for name, _ in names]
