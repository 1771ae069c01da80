"""Visits as different hospitals record them, and the segments and hats read from each. Drawn as tables."""

import gzip
import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from tests.spec.drawing import ANA, encounter, lived, message, moment, observation, procedure, roles, told
from twohats.analysis.build import build_lines

ARRIVAL_TO_RIDE_HOME = [
    encounter(
        "v",
        "08:00",
        "13:40",
        kind="EMER",
        statuses=[("arrived", "08:00", "08:20"), ("triaged", "08:20", "09:10"), ("in-progress", "09:10", "13:40")],
        places=[
            ("ED Registration", "08:00", "08:06"),
            ("ED Waiting Room", "08:06", "08:20"),
            ("ED Triage", "08:20", "08:28"),
            ("ED Waiting Room", "08:28", "09:10"),
            ("ED Exam Room 4", "09:10", "13:00"),
            ("Discharge Lounge", "13:00", "13:30"),
            ("Pickup Curb", "13:30", "13:40"),
        ],
        people=[
            ("eve", "08:00", "08:06"),
            ("nina", "08:20", "08:28"),
            ("diaz", "09:10", "11:00"),
            ("nora", "12:30", "12:40"),
            ("eve", "12:40", "12:50"),
            ("tom", "13:30", "13:40"),
        ],
    ),
    observation("esi", "08:25", code="75636-1", value=2),
    procedure("x", "Wound repair", "09:20", "10:50"),
    message("notice", "12:30", "Pending discharge message", recipient=[{"reference": "Organization/ed"}]),
    procedure("t", "Patient education: wound care", "12:30", "12:40", by="nora"),
    message("papers", "12:41", "Discharge papers", sender="Practitioner/nora"),
    procedure("ride", "Ride home", "13:30", "13:40", by="tom"),
]


def test_an_emergency_visit_from_arrival_to_the_ride_home() -> None:
    rows = [row for row in lived(*ARRIVAL_TO_RIDE_HOME) if row["kind"] == "segment"]
    by_hat = [(row["started_at"].strftime("%H:%M"), row["act"], row["hat"], row["vulnerable"]) for row in rows]
    assert _folded(by_hat) == [
        ("08:00", "register", "customer", False),
        ("08:06", "wait", "customer", True),
        ("08:20", "triage", "patient", False),
        ("08:28", "wait", "mixed", True),
        ("09:10", "treat", "patient", False),
        ("12:30", "teach", "patient", False),
        ("12:40", "papers", "customer", False),
        ("12:50", "wait_to_leave", "customer", False),
        ("13:30", "ride", "customer", False),
    ]
    assert rows[0]["started_at"] == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert rows[-1]["ended_at"] == datetime(2026, 3, 2, 13, 40, tzinfo=UTC)
    assert all(a["ended_at"] == b["started_at"] for a, b in pairwise(rows))


def test_the_emergency_encounter_of_the_fhir_examples_gives_the_hats_we_promise(shared_data: Path) -> None:
    packed = (shared_data / "fhir" / "hl7-r4-examples" / "Encounter.ndjson.gz").read_bytes()
    lines = gzip.decompress(packed).splitlines()
    emerg = next(line for line in map(json.loads, lines) if line["id"] == "emerg")
    rows = build_lines([emerg])["interactions"].to_pylist()
    assert [
        (_at(row["started_at"]), _at(row["ended_at"]), row["hat"], row["confidence"] < 0.5, row["vulnerable"])
        for row in rows
    ] == [
        ("21:15", "21:35", "customer", False, True),
        ("21:35", "22:45", "customer", True, True),
        ("22:45", "23:27", "patient", False, False),
        ("23:27", "02:15", "patient", False, False),
        ("02:15", "02:45", "none", False, False),
        ("02:45", None, "patient", False, False),
    ]
    assert rows[0]["started_at"] == datetime(2017, 1, 31, 21, 15, tzinfo=UTC)


def test_how_urgent_it_is_may_be_told_as_a_number_a_code_or_in_words() -> None:
    def coded(**coding: str) -> dict:
        return {"valueCodeableConcept": {"coding": [{"system": "http://loinc.org", **coding}]}}

    as_two = [
        {"valueInteger": 2},
        {"valueQuantity": {"value": 2.0}},
        {"valueString": "2"},
        {"valueString": "ESI v4, level 2"},
        {"valueCodeableConcept": {"text": "2"}},
        {"valueCodeableConcept": {"text": "2 - Emergent"}},
        {"valueCodeableConcept": {"text": "Nivel 2"}},
        coded(code="LA21752-3"),
        coded(code="2"),
        coded(code="x", display="ESI-2"),
    ]
    as_four = [{"valueString": "4"}, coded(code="LA21754-9"), {"valueCodeableConcept": {"text": "Level 4"}}]
    as_nothing = [{"valueInteger": 0}, {"valueInteger": 9}, {"valueString": "seen at 2 of 5"}, {"valueString": "soon"}]

    drawn = []
    for number, value in enumerate([*as_two, *as_four, *as_nothing]):
        whose = {"subject": {"reference": f"Patient/p{number:02}"}}
        places = [("ED Triage", "08:00", "08:10"), ("ED Waiting Room", "08:10", "09:00")]
        triage = observation(f"esi{number}", "08:05", code="75636-1", value=0, visit=f"v{number:02}")
        del triage["valueInteger"]
        drawn += [encounter(f"v{number:02}", "08:00", "09:00", kind="EMER", places=places, **whose)]
        drawn += [triage | whose | value]
    waits = [row for row in build_lines([*roles(), *drawn])["interactions"].to_pylist() if row["act"] == "wait"]
    assert [(row["hat"], row["acuity"]) for row in sorted(waits, key=lambda row: row["encounter"])] == [
        *[("mixed", 2)] * len(as_two),
        *[("customer", 4)] * len(as_four),
        *[("customer", None)] * len(as_nothing),
    ]


def test_a_visit_told_by_zones_only_as_a_system_with_moves_between_rooms_tells_it() -> None:
    visit = encounter(
        "v",
        "10:00",
        "11:00",
        places=[
            ("CLINIC FRONT DESK", "10:00", "10:05"),
            ("CLINIC WAITING AREA", "10:05", "10:20"),
            ("CLINIC EXAM 3", "10:20", "10:50"),
            ("CLINIC FRONT DESK", "10:50", "11:00"),
        ],
    )
    assert told(visit) == [
        ("10:00", "10:05", "register", "customer"),
        ("10:05", "10:20", "wait", "customer"),
        ("10:20", "10:50", "treat", "patient"),
        ("10:50", "11:00", "papers", "customer"),
    ]


def test_a_visit_told_by_status_history_only() -> None:
    visit = encounter(
        "v",
        "10:00",
        "11:00",
        statuses=[("arrived", "10:00", "10:20"), ("triaged", "10:20", "10:30"), ("in-progress", "10:30", "11:00")],
    )
    assert told(visit) == [
        ("10:00", "10:20", "wait", "customer"),
        ("10:20", "10:30", "wait", "customer"),
        ("10:30", "11:00", "treat", "patient"),
    ]


def test_a_visit_told_by_admission_messages_goes_on_as_a_stay_on_the_ward() -> None:
    emergency = encounter("v", "08:00", "09:00", kind="EMER", places=[("Emergency Treatment 2", "08:00", "09:00")])
    stay = encounter(
        "w",
        "09:10",
        "18:00",
        kind="IMP",
        places=[("Ward 3 Bed 2", "09:10", "18:00")],
        serviceProvider={"reference": "Organization/ward"},
    )
    made = build_lines([emergency, stay])
    assert [row["encounters"] for row in made["visits"].to_pylist()] == ['["v","w"]']
    assert [(row["act"], row["hat"]) for row in made["interactions"].to_pylist()] == [
        ("treat", "patient"),
        (None, "unknown"),
        ("nurse", "patient"),
    ]


def test_reception_waiting_and_triage_kept_as_encounters_of_their_own_are_one_visit() -> None:
    apart = [
        encounter(
            "reception",
            "08:00",
            "08:05",
            kind="EMER",
            people=[("eve", "08:00", "08:05")],
            statuses=[("in-progress", "08:00", "08:05")],
            partOf={"reference": "Encounter/main"},
        ),
        encounter("waiting", "08:05", "08:40", kind="EMER", statuses=[("triaged", "08:05", "08:40")]),
        encounter(
            "triage",
            "08:40",
            "08:50",
            kind="EMER",
            people=[("nina", "08:40", "08:50")],
            statuses=[("in-progress", "08:40", "08:50")],
        ),
        encounter(
            "main",
            "08:50",
            "10:00",
            kind="EMER",
            people=[("diaz", "08:55", "10:00")],
            statuses=[("in-progress", "08:50", "10:00")],
        ),
    ]
    made = build_lines([*roles(), *apart])
    assert [row["encounters"] for row in made["visits"].to_pylist()] == ['["reception","waiting","triage","main"]']
    rows = made["interactions"].to_pylist()
    assert _folded([(_at(row["started_at"]), row["hat"]) for row in rows]) == [
        ("08:00", "customer"),
        ("08:40", "patient"),
    ]


def part(key: str, start: str, end: str, of: str, provider: str = "ed") -> dict:
    """An encounter that is part of another, at a unit of its own."""
    return encounter(
        key,
        start,
        end,
        partOf={"reference": f"Encounter/{of}"},
        serviceProvider={"reference": f"Organization/{provider}"},
    )


def test_an_encounter_is_part_of_the_visit_however_far_down_it_lies() -> None:
    chain = [
        encounter("d1", "08:00", "12:00"),
        part("d2", "09:00", "10:00", of="d1", provider="heart"),
        part("d3", "09:10", "09:40", of="d2", provider="lab"),
        part("d4", "09:20", "09:30", of="d3", provider="eyes"),
        part("d5", "09:22", "09:25", of="d4", provider="ears"),
    ]
    assert _visits(chain) == ['["d1","d2","d3","d4","d5"]']


def test_encounters_that_are_part_of_each_other_are_one_visit() -> None:
    ring = [
        part("a", "08:00", "09:00", of="c"),
        part("b", "09:00", "10:00", of="a", provider="heart"),
        part("c", "10:00", "11:00", of="b", provider="lab"),
        part("d", "11:00", "11:30", of="c", provider="eyes"),
    ]
    assert _visits(ring) == ['["a","b","c","d"]']


def test_an_encounter_of_no_known_time_still_holds_its_parts_together() -> None:
    whole = {**encounter("whole", "08:00", "12:00"), "period": {}}
    parts = [
        part("x", "08:00", "09:00", of="whole"),
        part("y", "11:00", "12:00", of="whole", provider="heart"),
    ]
    assert _visits([whole, *parts]) == ['["x","y"]']


def _visits(encounters: list[dict]) -> list[str]:
    return [row["encounters"] for row in build_lines(encounters)["visits"].to_pylist()]


def test_two_clinics_on_one_day_are_two_visits() -> None:
    morning = encounter("v", "09:00", "09:30")
    next_door = encounter("w", "09:40", "10:00", serviceProvider={"reference": "Organization/heart"})
    assert [row["encounters"] for row in build_lines([morning, next_door])["visits"].to_pylist()] == ['["v"]', '["w"]']


def test_two_bookings_at_one_clinic_are_two_visits() -> None:
    first = encounter("v", "09:00", "09:30", appointment=[{"reference": "Appointment/a"}])
    second = encounter("w", "09:40", "10:00", appointment=[{"reference": "Appointment/b"}])
    assert [row["encounters"] for row in build_lines([first, second])["visits"].to_pylist()] == ['["v"]', '["w"]']


def test_where_only_a_period_is_known_there_is_one_segment_unknown_or_of_low_confidence() -> None:
    clinic, stay = encounter("v", "09:00", "09:30"), encounter("v", "09:00", "19:30", kind="IMP")
    assert told(clinic) == [("09:00", "09:30", "stay", "unknown")]
    assert told(stay) == [("09:00", "19:30", "stay", "patient")]
    assert lived(stay)[0]["confidence"] < 0.5
    assert {row["evidence"] for row in lived(clinic)} == {"period_only"}


def test_a_booked_visit_in_which_no_clinician_appears_stays_the_patients_and_unserved() -> None:
    visit = encounter(
        "v",
        "10:00",
        "11:00",
        appointment=[{"reference": "Appointment/a"}],
        statuses=[("arrived", "10:00", "11:00")],
        places=[("Front Desk", "10:00", "10:06"), ("Waiting Room", "10:06", "11:00")],
        people=[("eve", "10:00", "10:06")],
    )
    assert told(visit) == [("10:00", "10:06", "register", "customer"), ("10:06", "11:00", "unserved", "patient")]
    assert build_lines([*roles(), visit])["visits"].to_pylist()[0]["seen_by_clinician"] is False


def test_a_booked_visit_of_which_only_the_waiting_is_told_is_unserved_too() -> None:
    booked = {"appointment": [{"reference": "Appointment/a"}]}
    zones_only = encounter("v", "10:00", "11:00", places=[("Waiting Room", "10:00", "11:00")], **booked)
    statuses_only = encounter("v", "10:00", "11:00", statuses=[("arrived", "10:00", "11:00")], **booked)
    for visit in (zones_only, statuses_only):
        assert told(visit) == [("10:00", "11:00", "unserved", "patient")]
        assert build_lines([*roles(), visit])["visits"].to_pylist()[0]["seen_by_clinician"] is False
    for unbooked in (zones_only, statuses_only):
        assert told({key: value for key, value in unbooked.items() if key != "appointment"}) == [
            ("10:00", "11:00", "wait", "customer")
        ]


def test_a_booked_visit_of_which_only_the_period_is_told_is_not_called_unserved() -> None:
    assert told(encounter("v", "10:00", "11:00", appointment=[{"reference": "Appointment/a"}])) == [
        ("10:00", "11:00", "stay", "unknown")
    ]


def test_papers_told_by_a_message_do_not_make_a_booked_visit_unserved() -> None:
    visit = encounter("v", "10:00", "11:00", appointment=[{"reference": "Appointment/a"}])
    papers = message("papers", "10:50", "Discharge papers", sender="Practitioner/eve")
    assert "unserved" not in {row["act"] for row in lived(visit, papers)}
    assert {row["act"] for row in lived(visit, papers)} >= {"stay", "papers"}


def test_a_stay_whose_end_nobody_told_is_over_at_the_persons_death() -> None:
    stay = encounter("v", "08:00", None, kind="IMP", places=[("Ward 3 Bed 2", "08:00", None)])
    died = {**ANA, "deceasedDateTime": moment("12:00")}
    assert told(ANA, stay) == [("08:00", None, "nurse", "patient")]
    assert told(died, stay) == [("08:00", "12:00", "nurse", "patient")]
    nursed = observation("o", "13:00", code="8480-6", value=120, category="vital-signs")
    assert told({**ANA, "deceasedDateTime": moment("07:00")}, stay, nursed)[-1][1] is None


def test_an_instant_marks_only_its_own_minutes() -> None:
    visit = encounter("v", "10:00", "11:00", places=[("Waiting Room", "10:00", "11:00")])
    vitals = observation("o", "10:30", code="8480-6", value=120, category="vital-signs")
    assert told(visit, vitals) == [
        ("10:00", "10:30", "wait", "customer"),
        ("10:30", "10:35", "treat", "patient"),
        ("10:35", "11:00", "wait", "customer"),
    ]


def test_a_laboratory_result_does_not_mean_that_a_clinician_was_there() -> None:
    visit = encounter("v", "10:00", "11:00", places=[("Waiting Room", "10:00", "11:00")])
    result = observation("o", "10:30", code="718-7", value=12, category="laboratory")
    assert told(visit, result) == [("10:00", "11:00", "wait", "customer")]


def test_papers_while_a_clinician_teaches_are_both() -> None:
    visit = encounter("v", "10:00", "10:20", places=[("Exam Room 1", "10:00", "10:20")])
    teaching = procedure("t", "Patient education: inhaler", "10:00", "10:10", by="nora")
    papers = message("m", "10:05", "Discharge papers")
    assert told(visit, teaching, papers) == [
        ("10:00", "10:05", "teach", "patient"),
        ("10:05", "10:10", "papers", "mixed"),
        ("10:10", "10:20", "wait_to_leave", "customer"),
    ]


def test_who_attended_the_whole_visit_marks_none_of_its_minutes() -> None:
    visit = encounter("v", "09:00", "09:30", people=[("diaz", "09:00", "09:30")])
    assert told(visit) == [("09:00", "09:30", "stay", "unknown")]
    assert build_lines([*roles(), visit])["visits"].to_pylist()[0]["seen_by_clinician"] is True


def test_a_parent_stands_in_the_place_of_a_minor_in_a_clinical_conversation() -> None:
    ben = {"resourceType": "Patient", "id": "ana", "birthDate": "2018-05-05"}
    mother = {
        "resourceType": "RelatedPerson",
        "id": "mum",
        "patient": {"reference": "Patient/ana"},
        "relationship": [{"coding": [{"code": "MTH"}]}],
    }
    visit = encounter(
        "v",
        "10:00",
        "10:40",
        places=[("Waiting Room", "10:00", "10:20"), ("Exam Room 1", "10:20", "10:40")],
        people=[("diaz", "10:20", "10:40"), ("RelatedPerson/mum", "10:00", "10:40")],
    )
    rows = lived(ben, mother, visit)
    assert [(row["act"], row["hat"], row["view"]) for row in rows] == [
        ("wait", "customer", "self"),
        ("treat", "patient", "representative"),
    ]


def test_a_visit_without_length_is_told_with_its_encounter_for_each_person() -> None:
    both = [
        encounter(f"v-{who}", "10:00", "10:00", subject={"reference": f"Patient/{who}"}, reasonCode=[{"text": "Cough"}])
        for who in ("ana", "ben")
    ]
    rows = build_lines(both)["interactions"].to_pylist()
    assert sorted((row["encounter"], row["resource"], row["act"], row["minutes"]) for row in rows) == [
        ("v-ana", "Encounter/v-ana", "stay", None),
        ("v-ben", "Encounter/v-ben", "stay", None),
    ]


def test_a_gap_between_two_encounters_belongs_to_the_one_before_for_each_person() -> None:
    both = [
        encounter(f"{key}-{who}", start, end, subject={"reference": f"Patient/{who}"})
        for who in ("ana", "ben")
        for key, start, end in (("v", "09:00", "09:30"), ("w", "10:10", "10:30"))
    ]
    rows = build_lines(both)["interactions"].to_pylist()
    assert sorted((row["resource"], _at(row["started_at"])) for row in rows) == [
        ("Encounter/v-ana", "09:00"),
        ("Encounter/v-ana", "09:30"),
        ("Encounter/v-ben", "09:00"),
        ("Encounter/v-ben", "09:30"),
        ("Encounter/w-ana", "10:10"),
        ("Encounter/w-ben", "10:10"),
    ]


def test_an_hour_nobody_told_us_about_is_not_guessed() -> None:
    first = encounter("v", "09:00", "09:30", places=[("Exam Room 1", "09:00", "09:30")])
    later = encounter("w", "10:10", "10:30", places=[("Exam Room 1", "10:10", "10:30")])
    assert told(first, later) == [
        ("09:00", "09:30", "treat", "patient"),
        ("09:30", "10:10", None, "unknown"),
        ("10:10", "10:30", "treat", "patient"),
    ]


def _at(when: datetime | None) -> str | None:
    return when.strftime("%H:%M") if when else None


def _folded(rows: list[tuple]) -> list[tuple]:
    """Neighbours that say the same but for their start, as one."""
    return [row for n, row in enumerate(rows) if n == 0 or row[1:] != rows[n - 1][1:]]
