"""What the demo hospital writes holds what the catalogue of it promises: every kind of record, in all its states."""

from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.unit.demo_files import AS_OF, demo, resources, rows
from twohats.demo.hospital import Hospital
from twohats.demo.plan import Plan


def current(kind: str) -> dict[str, dict[str, Any]]:
    """The last version of every resource of a type."""
    last: dict[str, dict[str, Any]] = {}
    for line in resources(demo(), kind):
        if line["id"] not in last or last[line["id"]]["meta"]["lastUpdated"] <= line["meta"]["lastUpdated"]:
            last[line["id"]] = line
    return last


def word(line: dict[str, Any], *path: str) -> Any:
    """A value on a path through first elements, or None."""
    thing: Any = line
    for step in path:
        thing = thing.get(step) if isinstance(thing, dict) else None
        thing = thing[0] if isinstance(thing, list) else thing
    return thing


def test_a_booking_is_told_from_asking_to_arriving_in_versions():
    versions: dict[str, dict[int, str]] = {}
    for line in resources(demo(), "Appointment"):
        versions.setdefault(line["id"], {})[int(line["meta"]["versionId"])] = line["status"]
    ways = {tuple(one[version] for version in sorted(one)) for one in versions.values()}
    assert ways >= {
        ("booked",),
        ("booked", "arrived", "fulfilled"),
        ("booked", "fulfilled"),
        ("booked", "booked", "arrived", "fulfilled"),
        ("booked", "noshow"),
        ("booked", "booked", "noshow"),
        ("booked", "cancelled"),
        ("booked", "booked", "cancelled"),
    }
    kinds = Counter("video visit" in word(line, "serviceType", "text") for line in resources(demo(), "Appointment"))
    assert kinds[True] > 100 < kinds[False]
    assert {word(line, "cancelationReason", "coding", "code") for line in resources(demo(), "Appointment")} >= {
        None,
        "pat",
        "prov",
        "pat-dec",
    }
    assert {line["status"] for line in resources(demo(), "Slot")} == {"busy", "free", "busy-unavailable"}


def test_a_visit_tells_where_with_whom_in_which_state_and_how_it_ended():
    visits = current("Encounter").values()
    assert {one["status"] for visit in visits for one in visit.get("statusHistory", [])} == {
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
    }
    states = {visit["status"] for visit in resources(demo(), "Encounter")}
    assert states >= {"arrived", "triaged", "in-progress", "finished"}
    assert {visit["class"]["code"] for visit in visits} == {"AMB", "VR", "EMER", "IMP"}
    for piece in ("statusHistory", "location", "participant", "partOf", "classHistory", "priority", "appointment"):
        assert sum(piece in visit for visit in visits) > 20, piece
    assert {word(visit, "hospitalization", "dischargeDisposition", "coding", "code") for visit in visits} >= {
        None,
        "home",
        "aadvice",
    }


def test_orders_tell_to_come_back_to_book_elsewhere_and_to_go_home():
    told = Counter(
        (word(line, "category", "text"), word(line, "code", "text").split(" ")[0])
        for line in resources(demo(), "ServiceRequest")
    )
    assert set(told) == {("Follow-up", "Come"), ("Referral", "Book"), ("Discharge", "Patient")}
    assert min(told.values()) > 50
    booked = {word(line, "basedOn", "reference") for line in resources(demo(), "Appointment")}
    asked = {
        f"ServiceRequest/{line['id']}"
        for line in resources(demo(), "ServiceRequest")
        if word(line, "category", "text") != "Discharge"
    }
    assert len(asked & booked) > 50 < len(asked - booked)


def test_measurements_are_vitals_and_tests_with_flags():
    flags: dict[str, set[str | None]] = {}
    for line in resources(demo(), "Observation"):
        flags.setdefault(word(line, "category", "coding", "code"), set()).add(
            word(line, "interpretation", "coding", "code")
        )
    assert flags == {
        "vital-signs": {None, "N", "H"},
        "laboratory": {"N", "H", "HH", "L"},
        "exam": {None, "POS", "NEG"},
        "survey": {"POS", "NEG"},
    }


def test_a_medicine_is_handed_over_or_left_or_never_prepared():
    asked = set(current("MedicationRequest"))
    fate = {
        word(line, "authorizingPrescription", "reference").split("/")[1]: line["status"]
        for line in resources(demo(), "MedicationDispense")
    }
    counted = Counter(fate.get(key, "nothing") for key in asked)
    assert set(counted) == {"completed", "cancelled", "nothing"} and min(counted.values()) > 10
    assert sum(bool(word(line, "priorPrescription")) for line in resources(demo(), "MedicationRequest")) > 50


def test_the_portal_tells_log_ins_results_read_and_doctors_looked_for():
    seen = Counter(
        (word(line, "subtype", "code"), "who" in line["agent"][0]) for line in resources(demo(), "AuditEvent")
    )
    assert set(seen) == {("login", True), ("read", True), ("search", False)} and min(seen.values()) > 50
    searchers = {
        row["person"].startswith("prospect:")
        for row in rows(demo(), "truth/interactions")
        if row["act"] == "search_provider"
    }
    assert searchers == {True, False}


def test_messages_have_text_and_replies():
    assert all(line["payload"][0]["contentString"].strip() for line in resources(demo(), "Communication"))
    assert sum("inResponseTo" in line for line in resources(demo(), "Communication")) > 100
    assert {line["priority"] for line in resources(demo(), "Communication")} == {"routine", "urgent"}


def test_a_claim_is_answered_by_an_insurer_unless_the_person_pays_alone():
    self_paying = {row["person"] for row in rows(demo(), "truth/lives") if row["payer"] == "self"}
    answered = {word(line, "patient", "reference").split("/")[1] for line in resources(demo(), "ExplanationOfBenefit")}
    billed = {word(line, "patient", "reference").split("/")[1] for line in resources(demo(), "Claim")}
    assert (answered & self_paying, len(billed & self_paying) > 5) == (set(), True)


def test_contacts_go_both_ways_over_every_channel():
    contacts = rows(demo(), "csv/contacts")
    assert {(row["direction"], row["channel"]) for row in contacts} == {
        ("in", "phone"),
        ("out", "phone"),
        ("in", "sms"),
        ("out", "sms"),
        ("in", "mail"),
        ("out", "mail"),
        ("out", "email"),
        ("in", "portal"),
        ("out", "portal"),
    }
    calls = [row for row in contacts if row["channel"] == "phone"]
    assert sum(float(row["queue_minutes"]) > 10 for row in calls) > 50
    assert sum(row["transfers"] not in ("", "0") for row in calls) > 50
    assert sum(bool(row["in_reply_to"]) for row in calls) > 50
    assert {row["outcome"] for row in contacts} == {
        "resolved",
        "unresolved",
        "abandoned",
        "delivered",
        "bounced",
        "opted_out",
    }


def test_after_stop_no_text_is_sent():
    whose = {tie["id"]: tie["person"] for tie in rows(demo(), "truth/ties") if tie["feed"] == "contacts"}
    texts: dict[str, list[dict[str, str]]] = {}
    for row in rows(demo(), "csv/contacts"):
        if row["channel"] == "sms":
            texts.setdefault(whose[row["contact_id"]], []).append(row)
    stops = {person: row for person, some in texts.items() for row in some if row["outcome"] == "opted_out"}
    late = [
        row["contact_id"]
        for person, stop in stops.items()
        for row in texts[person]
        if row["direction"] == "out" and row["started_at"] > stop["started_at"]
    ]
    assert (len(stops) > 5, late) == (True, [])


def test_surveys_ask_before_and_after_in_every_way():
    answers = rows(demo(), "csv/surveys")
    assert {row["survey"] for row in answers} == {"pulse", "CG-CAHPS", "ED CAHPS", "HCAHPS"}
    assert {row["item"] for row in answers if row["survey"] == "pulse"} == {
        "quick_or_time", "satisfaction", "effort", "enough_time", "know_what_to_watch"}
    assert {row["value"] for row in answers if row["item"] == "know_what_to_watch"} == {"yes", "no"}
    assert {row["value"] for row in answers if row["item"] == "enough_time"} == {"less", "right", "more"}
    assert {row["value"] for row in answers if row["item"] == "quick_or_time"} == {"quick", "time"}
    starts = {visit["id"]: visit["period"]["start"] for visit in resources(demo(), "Encounter")}
    for row in answers:
        if row["item"] == "quick_or_time" and row["encounter_id"]:
            assert datetime.fromisoformat(row["asked_at"]) < datetime.fromisoformat(starts[row["encounter_id"]])
    assert {row["mode"] for row in answers} == {"sms", "web", "mail", "phone"}
    assert {row["language"] for row in answers} == {"en", "es"}
    assert {row["respondent"] for row in answers} == {"self", "family", "proxy"}


def test_comments_are_of_both_languages_several_subjects_relatives_and_urgent_ones():
    clauses = rows(demo(), "truth/clauses")
    comments = {row["comment_id"]: row for row in rows(demo(), "csv/comments")}
    assert {row["language"] for row in comments.values()} == {"en", "es"}
    assert set(Counter(row["comment_id"] for row in clauses).values()) >= {1, 2, 3, 4}
    assert {row["speaker"] for row in clauses} == {"patient", "family"}
    assert {row["urgent"] for row in clauses} == {"true", "false"}


def test_units_are_a_tree_whose_sites_have_a_clock_and_are_renamed_and_merged_over_time():
    tree = rows(demo(), "csv/units")
    kinds = {row["unit_id"]: row["kind"] for row in tree}
    above = {"site": "system", "department": "site", "unit": "department"}
    assert all(kinds[row["parent_id"]] == above[row["kind"]] for row in tree if row["kind"] != "system")
    assert {row["time_zone"] for row in tree if row["kind"] == "site"} == {"America/Chicago", "America/Denver"}
    names: dict[str, list[dict[str, str]]] = {}
    for row in tree:
        names.setdefault(row["unit_id"], []).append(row)
    renamed = {tuple(row["name"] for row in some) for some in names.values() if len(some) > 1}
    assert renamed == {("Family Practice", "Primary Care"), ("Central Scheduling", "Patient Access")}
    for some in names.values():
        assert all(one["valid_to"] < other["valid_from"] for one, other in pairwise(some))
    merged = {(row["unit_id"], row["merged_into"]) for row in tree if row["merged_into"]}
    assert merged == {("north-heart-annex", "north-heart")}
    ended = next(row["valid_to"] for row in tree if row["merged_into"])
    at_annex = [
        v["period"]["start"]
        for v in resources(demo(), "Encounter")
        if v["serviceProvider"]["reference"].endswith("annex")
    ]
    assert len(at_annex) > 5 and max(at_annex)[:10] <= ended


def test_members_of_staff_have_a_role_a_unit_and_a_record():
    staff = {row["staff_id"]: row for row in rows(demo(), "csv/staff")}
    assert set(staff) == set(current("Practitioner"))
    roles = current("PractitionerRole")
    assert {key: word(line, "organization", "reference") for key, line in roles.items()} == {
        f"r{key}": f"Organization/{row['unit_id']}" for key, row in staff.items()
    }
    assert {row["unit_id"] for row in staff.values()} <= set(Hospital(Plan(as_of=AS_OF)).units)


def test_a_person_is_known_by_several_identifiers_and_each_is_used():
    numbers: dict[str, set[str]] = {}
    for line in resources(demo(), "Patient"):
        for one in [*line["identifier"], *line.get("telecom", [])]:
            numbers.setdefault(one["value"], set()).add(line["id"].removesuffix("-old"))
    for feed, key in (("contacts", "contact_id"), ("surveys", "answer_id"), ("comments", "comment_id")):
        whose = {tie["id"]: tie["person"] for tie in rows(demo(), "truth/ties") if tie["feed"] == feed}
        found: Counter[tuple[str, int]] = Counter()
        for row in rows(demo(), f"csv/{feed}"):
            given = {
                name: row[name]
                for name in ("person_mrn", "portal_account", "person_email", "person_phone")
                if row[name]
            }
            by, value = next(iter(given.items()))
            people = numbers.get(value, set())
            assert not people or whose[row[key]] in people
            found[by, min(2, len(people))] += 1
        assert {by for by, count in found if count == 1} == {
            "person_mrn",
            "portal_account",
            "person_email",
            "person_phone",
        }
        assert found["person_phone", 2] > 3 < found["person_phone", 0], (feed, found)


def test_people_die_and_their_record_says_so():
    died = {row["person"] for row in rows(demo(), "truth/lives") if row["died_at"]}
    told = {key for key, line in current("Patient").items() if "deceasedDateTime" in line}
    assert (len(died) > 5, told) == (True, died)
