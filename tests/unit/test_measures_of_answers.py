"""What people answered, as measures of either hat: drawn forms, each with the whole of what it comes to."""

from typing import Any

from tests.unit.tiny_hospital import patient, visit
from twohats.analysis.build import build_lines
from twohats.analysis.measures.answer_codes import answer_codes
from twohats.words.instruments import instruments
from twohats.words.measures import measures

MARCH = "2026-03-02T15:00:00Z"


def form(name: str, survey: str, at: str = MARCH, who: str = "self", **answers: str) -> list[dict[str, Any]]:
    """The rows of a form that Ana filled in."""
    return [
        {"answer_id": f"{name}-{item}", "response_id": name, "person_mrn": "mrn-ana", "survey": survey, "item": item,
         "value": value, "asked_at": at, "answered_at": at, "mode": "sms", "respondent": who, "unit_id": "er"}
        for item, value in answers.items()
    ]


def told(*forms: list[dict[str, Any]], said: list[dict[str, Any]] | None = None) -> list[tuple]:
    """(measure, form, part, amount) of each, in order; nothing of what no form tells."""
    rows = build_lines([patient("ana")], {"surveys": [row for one in forms for row in one]}, said=said)["measured"]
    asked = {one.key for one in measures() if one.survey}
    return sorted(
        (row["measure"], row["thing"], row["part"], row["amount"]) for row in rows.to_pylist()
        if row["measure"] in asked
    )


def test_a_form_counts_for_both_hats_by_the_items_it_answers():
    answers = {"COM_LISTEN": "always", "COM_TIME": "sometimes", "STAFF_HELPFUL": "never", "RATING": "9"}
    assert told(form("w1", "CG-CAHPS", **answers)) == [
        ("cg_cahps_3_1_customer", "w1", None, 0),
        ("cg_cahps_3_1_patient", "w1", None, 66_667),
        ("cg_cahps_3_1_rating", "w1", True, None),
    ]


def test_words_of_either_language_and_numbers_are_one_answer():
    forms = [form(name, "CG-CAHPS", COM_LISTEN=value)
             for name, value in (("a", "Usually "), ("b", "normalmente"), ("c", "3"), ("d", "3.0"))]
    assert told(*forms) == [("cg_cahps_3_1_patient", name, None, 66_667) for name in "abcd"]


def test_what_the_instrument_does_not_know_counts_for_nothing():
    assert told(form("w1", "CG-CAHPS", COM_LISTEN="7", COM_TIME="", NOT_AN_ITEM="always", RATING="11"),
                form("w2", "some other survey", COM_LISTEN="always")) == []


def test_of_two_answers_to_one_item_the_later_counts():
    first, second = form("w1", "CG-CAHPS", COM_LISTEN="never"), form("w1", "CG-CAHPS", "2026-03-03T09:00:00Z",
                                                                     COM_LISTEN="always")
    second[0]["answer_id"] = "w1-again"
    assert told(second, first) == told(first, second) == [("cg_cahps_3_1_patient", "w1", None, 100_000)]


def test_the_survey_of_2025_is_another_series_than_the_one_before():
    assert told(form("old", "HCAHPS", "2024-12-31T12:00:00Z", CALL_BUTTON="always", CLEAN="always"),
                form("new", "HCAHPS", "2025-01-01T12:00:00Z", RIGHT_AWAY="always", CALL_BUTTON="never")) == [
        ("hcahps_2015_customer", "old", None, 100_000),
        ("hcahps_2015_patient", "old", None, 100_000),
        ("hcahps_2025_patient", "new", None, 100_000),
    ]


def test_relatives_are_told_apart_and_those_who_represent_somebody_are_not():
    answers = {"COM_LISTEN": "never", "STAFF_HELPFUL": "always", "RATING": "10"}
    assert told(form("w1", "CG-CAHPS", who="family", **answers), form("w2", "CG-CAHPS", who="proxy", **answers),
                form("w3", "CG-CAHPS", who="a neighbour", **answers)) == [
        ("cg_cahps_3_1_customer", "w2", None, 100_000),
        ("cg_cahps_3_1_family", "w1", None, 50_000),
        ("cg_cahps_3_1_patient", "w2", None, 0),
        ("cg_cahps_3_1_rating", "w2", True, None),
    ]


def test_a_moved_item_counts_for_its_new_hat_and_the_score_before_is_kept():
    moved = [{"kind": "item", "item": "CG-CAHPS:COM_TIME", "hat": "customer", "at": MARCH, "by": "x"}]
    assert told(form("w1", "CG-CAHPS", COM_LISTEN="always", COM_TIME="never"), said=moved) == [
        ("cg_cahps_3_1_customer", "w1", None, 0),
        ("cg_cahps_3_1_patient", "w1", None, 100_000),
        ("cg_cahps_3_1_patient_before", "w1", None, 50_000),
    ]


def test_official_measures_of_one_question_keep_their_own_reading():
    forms = [form(f"n{value}", "NPS", LIKELY=value) for value in ("10", "7", "6")]
    assert told(*forms, form("c", "CES", EASY="5"), form("f", "NHS FFT", FFT_OVERALL="1"),
                form("u", "NHS FFT", FFT_OVERALL="6"),
                form("p", "pulse", effort="2", satisfaction="71")) == [
        ("ces_2_ces", "c", True, None),
        ("nhs_fft_fft", "f", True, None),
        ("nhs_fft_fft", "u", False, None),
        ("nps_nps", "n10", None, 100_000),
        ("nps_nps", "n6", None, -100_000),
        ("nps_nps", "n7", None, 0),
        ("pulse_pulse_effort", "p", True, None),
        ("pulse_pulse_satisfaction", "p", True, None),
    ]


def test_a_form_of_nobody_is_not_scored():
    nobodys = form("w1", "CG-CAHPS", COM_LISTEN="always")
    nobodys[0]["person_mrn"] = "mrn-of-nobody"
    assert told(nobodys) == []


def test_every_value_of_every_item_has_a_code():
    rows = answer_codes().to_pylist()
    asked = {(one.key, key) for one in instruments() for key in one.scales}
    assert {(row["instrument"], row["item"]) for row in rows} == asked
    whole = [row for row in rows if row["instrument"] == "hcahps_2025" and row["item"] == "HELP_REST"]
    assert sorted((row["code"], row["points"], row["is_top"]) for row in whole) == [
        ("1", 100_000, True), ("2", 50_000, False), ("3", 0, False), ("no", 0, False), ("sí, del todo", 100_000, True),
        ("sí, en parte", 50_000, False), ("yes, definitely", 100_000, True), ("yes, somewhat", 50_000, False)]
    assert len({(row["survey"], row["item"], row["code"], row["first_day"]) for row in rows}) == len(rows)


def request(name: str, at: str, channel: str = "sms", direction: str = "out", outcome: str = "delivered",
            topic: str = "Patient survey") -> dict[str, Any]:
    """A text that asks Ana for her opinion, or what came of it."""
    return {"contact_id": name, "person_mrn": "mrn-ana", "direction": direction, "channel": channel, "topic": topic,
            "started_at": at, "unit_id": "er", "sender": "surveys", "outcome": outcome, "automated": True}


def test_a_request_is_answered_by_the_form_it_asked_for():
    contacts = [
        request("answered", "2026-03-01T15:00:00Z"), request("silent", "2026-04-01T15:00:00Z", "mail"),
        request("bounced", "2026-05-01T15:00:00Z", outcome="bounced"),
        request("too-much", "2026-06-01T15:00:00Z"),
        request("stop", "2026-06-03T15:00:00Z", direction="in", outcome="opted_out", topic="stop"),
    ]
    forms = [form("w1", "CG-CAHPS", COM_LISTEN="always"),
             form("late", "CG-CAHPS", "2026-05-20T12:00:00Z", COM_LISTEN="always")]
    made = build_lines([patient("ana")], {"contacts": contacts, "surveys": [row for one in forms for row in one]})
    told = {
        (row["measure"], row["thing"].removeprefix("contacts/"), row["part"])
        for row in made["measured"].to_pylist() if row["measure"].startswith("opinion")
    }
    assert told == {
        ("opinion_delivered", "answered", True), ("opinion_delivered", "silent", True),
        ("opinion_delivered", "bounced", False), ("opinion_delivered", "too-much", True),
        ("opinion_answered", "answered", True), ("opinion_answered", "silent", False),
        ("opinion_answered", "too-much", False),
        ("opinion_stopped", "answered", False), ("opinion_stopped", "silent", False),
        ("opinion_stopped", "too-much", True),
    }
    names = ("asked", "people", "delivered", "people_reached", "answered", "people_answered", "people_silent")
    rows = {(row["year"], row["cut"], row["value"]): tuple(row[name] for name in names)
            for row in made["asked"].to_pylist()}
    everything = (4, 1, 3, 1, 1, 1, 1)
    assert rows == {
        ("2026", "all", "*"): everything, ("2026", "language", "unknown"): everything,
        ("2026", "age", "40-64"): everything, ("2026", "sender", "surveys"): everything,
        ("2026", "channel", "sms"): (3, 1, 2, 1, 1, 1, 1), ("2026", "channel", "mail"): (1, 1, 1, 1, 0, 0, 1),
    }


def test_whether_the_time_was_enough_is_told_by_what_was_at_stake():
    answered = form("w1", "pulse", enough_time="less") + form("w2", "pulse", enough_time="suficiente") + form(
        "w3", "pulse", enough_time="right")
    for row, encounter in zip(answered, ("v-ana-2026-01-05", "v-ana-2026-01-05", "none we know"), strict=True):
        row["encounter_id"] = encounter
    lines = [patient("ana"), visit("ana")]
    rows = [row for row in build_lines(lines, {"surveys": answered})["measured"].to_pylist()
            if "_time_" in row["measure"]]
    told = sorted((row["measure"].rsplit("_time_", 1)[0], row["thing"], row["part"]) for row in rows)
    assert told == [
        ("enough", "w1-enough_time", False), ("enough", "w2-enough_time", True),
        ("too_little", "w1-enough_time", True), ("too_little", "w2-enough_time", False),
    ]
    assert {row["measure"].rsplit("_time_", 1)[1] for row in rows} == {"otherwise"}
