"""Ana's other dealings, in one ordered journey with her visits: bookings, portal, messages, calls, money, medicines."""

from datetime import UTC, datetime
from typing import Any

from tests.spec.drawing import ANA, encounter, lived, message, moment, roles
from twohats.analysis.build import build_lines

AS_OF = datetime(2026, 4, 20, tzinfo=UTC)


def appointment(version: int, status: str, starts: str, told: str) -> dict[str, Any]:
    """One version of Ana's appointment."""
    return {
        "resourceType": "Appointment",
        "id": "a",
        "meta": {"versionId": str(version), "lastUpdated": told},
        "status": status,
        "start": starts,
        "created": "2026-02-01T10:00:00Z",
        "participant": [{"actor": {"reference": "Patient/ana"}}, {"actor": {"reference": "Practitioner/diaz"}}],
    }


def dealings(*resources: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    """Dealings outside visits as (day and time, act, hat, channel)."""
    return [
        (row["started_at"].strftime("%m-%d %H:%M"), row["act"], row["hat"], row["channel"])
        for row in lived(*resources, as_of=AS_OF, **more)
        if row["kind"] == "contact"
    ]


def test_every_change_of_a_booking_is_a_dealing_of_its_own() -> None:
    assert dealings(
        appointment(1, "booked", "2026-03-05T10:00:00Z", "2026-02-01T10:00:00Z"),
        appointment(2, "booked", "2026-03-06T10:00:00Z", "2026-02-03T10:00:00Z"),
        appointment(3, "cancelled", "2026-03-06T10:00:00Z", "2026-02-04T10:00:00Z"),
    ) == [
        ("02-01 10:00", "book", "customer", "none"),
        ("02-03 10:00", "rebook", "customer", "none"),
        ("02-04 10:00", "cancel", "customer", "none"),
    ]


def test_a_visit_that_was_booked_and_missed_is_told_at_the_time_it_should_have_been() -> None:
    assert dealings(
        appointment(1, "booked", "2026-03-05T10:00:00Z", "2026-02-01T10:00:00Z"),
        appointment(2, "noshow", "2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z"),
    ) == [("02-01 10:00", "book", "customer", "none"), ("03-05 10:00", "miss", "customer", "none")]


def test_what_a_death_made_impossible_was_missed_by_nobody() -> None:
    missed = [
        appointment(1, "booked", "2026-03-05T10:00:00Z", "2026-02-01T10:00:00Z"),
        appointment(2, "noshow", "2026-03-05T10:00:00Z", "2026-03-05T12:00:00Z"),
    ]
    died = {**ANA, "deceasedDateTime": "2026-03-04T02:00:00Z"}
    assert [act for _, act, _, _ in dealings(*missed)] == ["book", "miss"]
    assert [act for _, act, _, _ in dealings(died, *missed)] == ["book"]


def test_words_of_danger_in_a_booking_make_it_both_and_urgent() -> None:
    asked = appointment(1, "booked", "2026-03-05T10:00:00Z", "2026-02-01T10:00:00Z")
    rows = lived(asked | {"comment": "says she can hardly breathe since last night"})
    assert [(row["act"], row["hat"], row["urgent"]) for row in rows] == [("book", "mixed", True)]
    calm = lived(asked | {"comment": "yearly check-up"})
    assert [(row["act"], row["hat"], row["urgent"]) for row in calm] == [("book", "customer", False)]


def test_a_message_without_a_topic_is_read_by_its_own_words() -> None:
    def written(key: str, clock: str, words: str) -> dict[str, Any]:
        return {
            "resourceType": "Communication", "id": key, "status": "completed", "sent": moment(clock),
            "subject": {"reference": "Patient/ana"}, "sender": {"reference": "Patient/ana"},
            "recipient": [{"reference": "Organization/ed"}], "payload": [{"contentString": words}],
        }

    rows = lived(
        written("a", "09:00", "I have chest pain and cannot breathe"),
        written("b", "10:00", "I need a refill of lisinopril"),
        written("c", "11:00", "Where do I park?"),
        written("d", "12:00", "Thank you so much"),
        written("e", "13:00", "I am so scared of all this"),
    )
    assert [(row["act"], row["touchpoint"], row["hat"], row["urgent"], row["vulnerable"]) for row in rows] == [
        (None, "clinical_message", "patient", True, True),
        ("request_refill", "prescription_supply_access", "customer", False, False),
        ("arrange_transport", "transport_parking_location", "customer", False, False),
        (None, "phone_digital_access", "customer", False, False),
        (None, "phone_digital_access", "mixed", False, True),
    ]


def test_a_son_who_calls_because_she_has_fallen_is_heard() -> None:
    def call(words: str) -> dict[str, Any]:
        return {"contact_id": "c", "person_mrn": "m1", "direction": "in", "channel": "phone", "speaker": "family",
                "topic": "Schedule appointment", "started_at": moment("09:00"), "words": words}

    ana = ANA | {"identifier": [{"system": "urn:mrn", "value": "m1"}]}
    rows = [
        lived(ana, feeds={"contacts": [call(words)]})[0]
        for words in ("asks for a date for his mother", "his mother: she has fallen and cannot speak")
    ]
    assert [(row["hat"], row["view"], row["about_hat"], row["urgent"], row["vulnerable"]) for row in rows] == [
        ("customer", "family", "customer", False, False),
        ("customer", "family", "mixed", True, True),
    ]


def test_a_question_and_its_answer_have_one_topic_and_are_told_apart_by_their_senders() -> None:
    assert dealings(
        message(
            "q", "09:00", "Clinical question", None, sender="Patient/ana", recipient=[{"reference": "Organization/ed"}]
        ),
        message("r", "11:00", "Clinical question", None, sender="Practitioner/diaz"),
    ) == [("03-02 09:00", "ask_clinical", "patient", "portal"), ("03-02 11:00", "answer_clinical", "patient", "portal")]


def test_a_result_opened_is_a_customers_and_an_abnormal_one_raises_the_stakes() -> None:
    def lab(flag: str) -> list[dict[str, Any]]:
        return [
            {
                "resourceType": "Observation",
                "id": "o",
                "category": [{"coding": [{"code": "laboratory"}]}],
                "subject": {"reference": "Patient/ana"},
                "interpretation": [{"coding": [{"code": flag}]}],
            },
            {
                "resourceType": "DiagnosticReport",
                "id": "g",
                "status": "final",
                "subject": {"reference": "Patient/ana"},
                "issued": "2026-04-18T09:00:00Z",
                "result": [{"reference": "Observation/o"}],
            },
            {
                "resourceType": "AuditEvent",
                "id": "u",
                "subtype": [{"code": "read"}],
                "recorded": "2026-04-18T10:00:00Z",
                "agent": [{"who": {"reference": "Patient/ana"}}],
                "entity": [{"what": {"reference": "DiagnosticReport/g"}}, {"what": {"reference": "Patient/ana"}}],
            },
        ]

    rows = [lived(*lab(flag), as_of=AS_OF)[-1] for flag in ("N", "H")]
    assert [(row["act"], row["hat"], row["vulnerable"], row["stakes"] >= 0.7) for row in rows] == [
        ("look_up_result", "customer", False, False),
        ("look_up_result", "customer", True, True),
    ]


def test_an_abnormal_result_nobody_followed_up_for_two_weeks_is_ours_and_both() -> None:
    result = [
        {
            "resourceType": "Observation",
            "id": "o",
            "category": [{"coding": [{"code": "laboratory"}]}],
            "subject": {"reference": "Patient/ana"},
            "interpretation": [{"coding": [{"code": "HH"}]}],
        },
        {
            "resourceType": "DiagnosticReport",
            "id": "g",
            "status": "final",
            "subject": {"reference": "Patient/ana"},
            "issued": moment("09:00"),
            "result": [{"reference": "Observation/o"}],
        },
    ]
    explained = message("m", "15:00", "Result explained", None, sender="Practitioner/diaz")
    assert dealings(*result) == [("03-02 09:00", "result_not_followed", "mixed", "none")]
    assert dealings(*result, explained) == [("03-02 15:00", "explain_result", "patient", "portal")]


def test_medicines_picked_up_and_left_there_and_a_refill_decided() -> None:
    def prescription(key: str, day: str, **more: Any) -> dict[str, Any]:
        return {
            "resourceType": "MedicationRequest",
            "id": key,
            "status": "active",
            "intent": "order",
            "subject": {"reference": "Patient/ana"},
            "authoredOn": f"2026-03-{day}T10:00:00Z",
            "requester": {"reference": "Practitioner/diaz"},
            **more,
        }

    taken = {
        "resourceType": "MedicationDispense",
        "id": "d",
        "status": "completed",
        "subject": {"reference": "Patient/ana"},
        "whenHandedOver": "2026-03-03T12:00:00Z",
        "authorizingPrescription": [{"reference": "MedicationRequest/one"}],
    }
    assert dealings(
        prescription("one", "02"),
        taken,
        prescription("two", "10", priorPrescription={"reference": "MedicationRequest/one"}),
    ) == [
        ("03-02 10:00", "prescribe", "patient", "none"),
        ("03-03 12:00", "pick_up", "customer", "none"),
        ("03-10 10:00", "decide_refill", "patient", "none"),
        ("03-10 10:00", "not_picked_up", "customer", "none"),
    ]


def test_where_no_dispense_was_ever_told_nobody_is_said_to_have_left_a_medicine() -> None:
    asked = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/ana"},
        "authoredOn": "2026-03-02",
    }
    assert [row[1] for row in dealings(asked)] == ["prescribe"]


def test_a_call_finds_its_person_by_an_identifier_and_counts_what_was_given() -> None:
    ana = ANA | {"identifier": [{"system": "urn:mrn", "value": "M1"}]}
    call = {
        "contact_id": "k",
        "person_mrn": "M1",
        "direction": "in",
        "channel": "phone",
        "topic": "Reschedule",
        "started_at": moment("09:00"),
        "ended_at": moment("09:12"),
        "queue_minutes": "6",
        "talk_minutes": "6",
        "transfers": "2",
        "staff_id": "eve",
        "automated": "false",
        "speaker": "self",
    }
    again = call | {
        "contact_id": "l",
        "in_reply_to": "k",
        "started_at": moment("15:00"),
        "ended_at": moment("15:02"),
        "transfers": "0",
    }
    unknown = call | {"contact_id": "n", "person_mrn": "M9"}
    rows = build_lines([ana, *roles()], {"contacts": [call, again, unknown]})["interactions"].to_pylist()
    assert [
        (row["resource"], row["act"], row["hat"], row["minutes"], row["steps"], row["repeats"]) for row in rows
    ] == [
        ("contacts/k", "rebook", "customer", 12.0, 3, 0),
        ("contacts/l", "rebook", "customer", 2.0, 1, 1),
    ]


def test_a_prospects_search_is_a_journey_of_their_own() -> None:
    search = {
        "resourceType": "AuditEvent",
        "id": "u",
        "subtype": [{"code": "search"}],
        "recorded": moment("20:00"),
        "agent": [{"altId": "web-1"}],
        "entity": [{"name": "Find a doctor"}],
    }
    made = build_lines([ANA, search])
    assert [(row["act"], row["hat"]) for row in made["interactions"].to_pylist()] == [("search_provider", "customer")]
    assert sorted(row["prospect"] for row in made["people"].to_pylist()) == [False, True]


def test_the_order_lived_holds_visits_and_dealings_together() -> None:
    visit = encounter("v", "10:00", "10:30", places=[("Exam Room 1", "10:00", "10:30")])
    rows = lived(
        visit, message("m", "09:00", "Appointment reminder", None), message("n", "12:00", "Survey invitation", None)
    )
    assert [(row["kind"], row["act"]) for row in rows] == [
        ("contact", "remind"),
        ("segment", "treat"),
        ("contact", "ask_opinion"),
    ]


def test_what_a_person_said_before_the_visit_is_about_the_care_in_it() -> None:
    ana = ANA | {"identifier": [{"system": "urn:mrn", "value": "M1"}]}
    visit = encounter(
        "v", "10:00", "10:30", places=[("Front Desk", "10:00", "10:05"), ("Exam Room 1", "10:05", "10:30")]
    )
    word = {
        "answer_id": "y",
        "response_id": "w",
        "person_mrn": "M1",
        "survey": "pulse",
        "item": "quick_or_time",
        "value": "quick",
        "asked_at": moment("08:00"),
        "answered_at": moment("08:30"),
    }
    late = word | {"asked_at": moment("12:00"), "answered_at": moment("12:30")}
    asked, unasked = (build_lines([ana, visit], {"surveys": [row]})["interactions"].to_pylist() for row in (word, late))
    assert [(row["act"], row["hat"], row["wanted"], row["wanted_from"]) for row in asked] == [
        ("register", "customer", "speed", "rule"),
        ("treat", "mixed", "speed", "own_word"),
    ]
    assert [row["wanted_from"] for row in unasked] == ["rule", "rule"]


def test_a_staff_override_is_obeyed_and_marked() -> None:
    visit = encounter("v", "10:00", "10:30", places=[("Front Desk", "10:00", "10:30")])
    before = lived(visit)[0]
    said = [
        {"kind": "override", "interaction": before["interaction"], "hat": "patient", "at": moment("11:00"), "by": "eve"}
    ]
    after = lived(visit, said=said)[0]
    assert (before["hat"], before["overruled"]) == ("customer", False)
    assert (after["hat"], after["p_patient"], after["confidence"], after["overruled"], after["rule"]) == (
        "patient",
        1.0,
        1.0,
        True,
        before["rule"],
    )


def test_a_label_of_the_source_hides_the_kind_of_a_dealing() -> None:
    labelled = {"meta": {"security": [{"code": "PSY"}, {"code": "R"}]}}
    rows = lived(encounter("v", "10:00", "10:30", places=[("Exam Room 1", "10:00", "10:30")], **labelled))
    assert [row["sensitive"] for row in rows] == ["PSY"]


def test_minutes_with_a_clinician_and_a_clinician_met_before() -> None:
    def seen(key: str, start: str, end: str, **more: Any) -> dict[str, Any]:
        return encounter(
            key,
            start,
            end,
            places=[("Exam Room 1", start, end)],
            statuses=[("arrived", start, start), ("in-progress", start, end)],
            people=[("eve", start, start), ("diaz", f"{start[:3]}05", end)],
            **more,
        )

    rows = lived(seen("v", "08:00", "08:30"), seen("w", "14:00", "14:30"))
    assert [(row["role"], row["clinician_minutes"], row["same_clinician"]) for row in rows] == [
        (None, 0.0, None),
        ("clinical", 25.0, False),
        (None, 0.0, None),
        ("clinical", 25.0, True),
    ]
