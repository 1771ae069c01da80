"""Values that no hospital means and some system sends: they say nothing, and never cost anybody else the release."""

from typing import Any

from tests.spec.drawing import ANA, encounter, lived, observation, told
from twohats.analysis.build import build_lines

WAITED = encounter("v", "10:00", "11:00", places=[("Waiting Room", "10:00", "11:00")])


def test_a_link_that_names_no_patient_says_nothing() -> None:
    good = {"other": {"reference": "Patient/old"}, "type": "replaces"}
    junk: list[Any] = ["x", None, 7, [], {}, {"other": "Patient/a"}, {"other": {"reference": 7}, "type": "replaces"},
                       {"other": {"reference": "Patient/b"}, "type": ["replaces"]}]
    old = {"resourceType": "Patient", "id": "old"}
    people = build_lines([ANA | {"link": [*junk, good]}, old])["people"].to_pylist()
    assert [(person["patient_id"], person["merged_from"]) for person in people] == [("ana", '["old"]')]


def test_a_pain_that_no_number_can_hold_is_no_reading() -> None:
    def reading(key: str, clock: str, value: float) -> dict[str, Any]:
        drawn = observation(key, clock, code="72514-3", value=0)
        del drawn["valueInteger"]
        return drawn | {"valueQuantity": {"value": value}}

    severe, beyond = reading("p", "10:10", 8), reading("q", "10:30", 1e300)
    assert [(row["act"], row["hat"]) for row in lived(WAITED, severe, beyond)] == [
        ("wait", "customer"),
        ("treat", "patient"),
        ("wait", "mixed"),
        ("treat", "patient"),
        ("wait", "mixed"),
    ]


def test_an_end_that_stands_for_no_end_counts_as_no_waiting_of_thousands_of_years() -> None:
    open_ended = {**WAITED, "period": {"start": "2026-03-02T10:00:00Z", "end": "9999-12-31T00:00:00Z"}}
    open_ended["location"] = [{"location": {"display": "Waiting Room"}, "period": open_ended["period"]}]
    copies = [{**open_ended, "id": f"v{n}", "subject": {"reference": f"Patient/p{n}"}} for n in range(40)]
    totals = build_lines(copies)["totals"].to_pylist()
    assert [(row["interactions"], row["timed"], row["waits"], row["wait_minutes"]) for row in totals] == [
        (40, 0, 0, 0.0)
    ]


def test_gaps_of_thousands_of_years_between_dealings_can_still_be_added_up() -> None:
    def person(number: int) -> list[dict[str, Any]]:
        first, then = f"0002-01-0{1 + number % 9}T10:00:00Z", "2026-03-02T10:00:00Z"
        return [
            encounter(f"{name}{number}", "10:00", "10:30") | {
                "subject": {"reference": f"Patient/p{number}"}, "period": {"start": start, "end": start}}
            for name, start in (("v", first), ("w", then))
        ]

    follows = build_lines([one for number in range(160) for one in person(number)])["follows"].to_pylist()
    assert [(row["times"], round(row["gap_minutes"] / row["times"] / 525_949)) for row in follows] == [(160, 2024)]


def test_what_is_said_in_another_shape_than_asked_leaves_the_rest_of_the_visit_as_it_is() -> None:
    told_of_it = told(WAITED)
    for junk in ("x", 7, {"a": 1}, [["x"]], [{"period": "x", "status": {"b": 1}}]):
        assert told({**WAITED, "statusHistory": junk}) == told_of_it
        assert told({**WAITED, "classHistory": junk}) == told_of_it
        assert told({**WAITED, "participant": junk}) == told_of_it
