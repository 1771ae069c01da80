"""Each error of the records happens as often as its argument asks, and does what it says; nothing else changes."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.demo_files import demo, resources, rows
from twohats.analysis.build import build_lines
from twohats.demo.plan import NO_ERRORS

PEOPLE = 350
Pair = tuple[dict[str, Any], dict[str, Any]]


def with_only(**error: float):
    """A hospital with one kind of error and no other."""
    return demo(people=PEOPLE, **{**NO_ERRORS, **error})


def beside_the_clean_ones(**error: float) -> Iterator[Pair]:
    """Every visit as it was, and as the records with that error tell it."""
    clean = {visit["id"]: visit for visit in resources(with_only(), "Encounter")}
    noted = {visit["id"]: visit for visit in resources(with_only(**error), "Encounter")}
    assert clean.keys() == noted.keys()
    return ((clean[key], noted[key]) for key in clean)


def near(found: int, of: int, share: float) -> bool:
    """Is a count within five standard errors of what was asked for?"""
    return of > 200 and abs(found - of * share) <= 5 * (of * share * (1 - share)) ** 0.5


def minutes(later: str, earlier: str) -> int:
    return round((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 60)


def lateness(pairs: Iterator[Pair], entries: str, first: int) -> list[int]:
    """Minutes by which each start is noted late, of those that leave time to be late."""
    late = []
    for was, noted in pairs:
        for one, other in zip(was.get(entries, [])[first:], noted.get(entries, [])[first:], strict=True):
            lasted = minutes(one["period"].get("end", "2026-11-20T16:30:00Z"), one["period"]["start"])
            if lasted > 2:
                late.append(minutes(other["period"]["start"], one["period"]["start"]))
    return late


def test_five_of_a_hundred_location_times_are_noted_2_to_15_minutes_late():
    late = lateness(beside_the_clean_ones(late_locations=0.05), "location", 0)
    assert near(sum(one > 0 for one in late), len(late), 0.05)
    assert set(late) <= {0, *range(2, 16)} and max(late) > 10


def test_statuses_are_clicked_late():
    late = lateness(beside_the_clean_ones(late_statuses=0.05), "statusHistory", 1)
    assert near(sum(one > 0 for one in late), len(late), 0.05)
    assert set(late) <= {0, *range(2, 16)} and max(late) > 10


def test_a_late_time_is_still_before_the_next_one():
    for visit in resources(with_only(late_statuses=0.9, late_locations=0.9), "Encounter"):
        for entries in ("statusHistory", "location"):
            starts = [datetime.fromisoformat(one["period"]["start"]) for one in visit.get(entries, [])]
            assert all(one < other for one, other in pairwise(starts)), visit["id"]


def test_how_late_is_an_argument():
    pairs = beside_the_clean_ones(late_locations=0.5, late_minutes_least=20, late_minutes_most=25)
    assert {one for one in lateness(pairs, "location", 0) if one} == set(range(20, 26))


def test_statuses_are_clicked_out_of_order():
    swapped, several = 0, 0
    for was, noted in beside_the_clean_ones(swapped_statuses=0.1):
        told = [[one["status"] for one in visit.get("statusHistory", [])] for visit in (was, noted)]
        assert sorted(told[0]) == sorted(told[1])
        several += len(told[0]) > 1
        swapped += told[0] != told[1]
    assert near(swapped, several, 0.1)


def staff_of(visit: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in visit.get("participant", []) if "RelatedPerson" not in one["individual"]["reference"]]


def test_ten_of_a_hundred_participants_are_missing():
    pairs = [
        (len(staff_of(was)), len(staff_of(noted))) for was, noted in beside_the_clean_ones(missing_participants=0.1)
    ]
    there, missing = sum(one for one, _ in pairs), sum(one - other for one, other in pairs)
    assert all(one >= other for one, other in pairs)
    assert near(missing, there, 0.1)


def changed_roles(pairs: Iterator[Pair]) -> list[tuple[str, str, str]]:
    """Role as it was, role as noted and the place, of every member of staff; roles in the hospital's words."""
    roles = {row["staff_id"]: row["role"] for row in rows(with_only(), "csv/staff")}
    found = []
    for was, noted in pairs:
        for one, other in zip(staff_of(was), staff_of(noted), strict=True):
            assert one["period"] == other["period"]
            before, after = (
                roles[entry["individual"]["reference"].split("/")[1].lstrip("r")] for entry in (one, other)
            )
            at = [
                place["location"]["reference"]
                for place in was.get("location", [])
                if place["period"]["start"] <= one["period"]["start"] < place["period"].get("end", "9")
            ]
            found.append((before, after, at[0] if at else ""))
    return found


def test_three_of_a_hundred_noted_are_somebody_of_another_role():
    noted = changed_roles(beside_the_clean_ones(wrong_roles=0.03))
    assert near(sum(before != after for before, after, _ in noted), len(noted), 0.03)


def test_clinicians_are_noted_at_desks():
    noted = changed_roles(beside_the_clean_ones(clinicians_at_desks=0.2))
    at_desks = [(before, after) for before, after, place in noted if "-desk" in place]
    changed = [(before, after) for before, after, _ in noted if before != after]
    clinical = {"Registered Nurse", "Medical Assistant"}
    assert {after for _, after in changed} <= clinical
    arrivals = [row for row in rows(with_only(), "truth/segments") if row["act"] == "register"]
    in_person = {visit["id"] for visit in resources(with_only(), "Encounter") if visit["class"]["code"] != "VR"}
    assert near(len(changed), sum(row["encounter"] in in_person for row in arrivals), 0.2)
    assert len([1 for before, after in at_desks if before != after]) > 100


def test_two_of_a_hundred_visits_lack_one_end():
    def ends(visit: dict[str, Any]) -> int:
        periods = [
            visit["period"],
            *(one["period"] for one in visit.get("location", []) + visit.get("participant", [])),
        ]
        return sum("end" in period for period in periods)

    lacking = [
        ends(was) - ends(noted) for was, noted in beside_the_clean_ones(missing_ends=0.1) if "end" in was["period"]
    ]
    assert set(lacking) == {0, 1}
    assert near(sum(lacking), len(lacking), 0.1)


def test_numbers_nobody_has_are_noted_for_a_share_of_the_contacts():
    contacts = rows(with_only(wrong_phones=0.05), "csv/contacts")
    known = {one["value"] for person in resources(with_only(), "Patient") for one in person.get("telecom", [])}
    strange = [row for row in contacts if row["person_phone"] and row["person_phone"] not in known]
    assert near(len(strange), len(contacts), 0.05)


def test_distress_is_met_at_three_of_a_hundred_front_desks():
    registrations = [
        row for row in rows(demo(), "truth/segments") if row["act"] == "register" and int(row["given_minutes"]) > 2
    ]
    assert near(sum(row["hat"] == "mixed" for row in registrations), len(registrations), 0.03)
    seen = sum(line["code"].get("text") == "Distress observed" for line in resources(demo(), "Observation"))
    assert 0.5 < seen / sum(row["hat"] == "mixed" for row in registrations) <= 1


@pytest.mark.parametrize(
    ("argument", "column"),
    [
        ("merged_patients", "merged_from"),
        ("unnoticed_records", "second_record"),
        ("unmerged_patients", "mixed_up_with"),
    ],
)
def test_records_are_merged_taken_apart_or_never_merged(argument: str, column: str):
    out = with_only(**{argument: 0.3})
    named = {row["person"]: row[column] for row in rows(out, "truth/lives") if row[column]}
    others = {"merged_from", "second_record", "mixed_up_with"} - {column}
    assert not any(row[other] for row in rows(out, "truth/lives") for other in others)
    # Who came too late, died or has no neighbour is left out of the merges.
    assert 0.15 * PEOPLE < len(named) <= 0.4 * PEOPLE
    versions: dict[str, list[dict[str, Any]]] = {}
    for line in resources(out, "Patient"):
        versions.setdefault(line["id"], []).append(line)
    times = [[datetime.fromisoformat(line["meta"]["lastUpdated"]) for line in one] for one in versions.values()]
    assert all(one < other for each in times for one, other in pairwise(each))
    told = {
        (*links_over_time(versions[person]), "|", *links_over_time(versions[other])) for person, other in named.items()
    }
    assert (
        told
        == {
            "merged_from": {
                ("", "replaces", "|", "", "replaced-by"),
                ("", "replaces", "replaces", "|", "", "replaced-by"),
            },
            "second_record": {("", "|", ""), ("", "", "|", "")},
            "mixed_up_with": {
                ("", "replaces", "", "|", "", "replaced-by", ""),
                ("", "replaced-by", "", "|", "", "replaces", ""),
            },
        }[column]
    )


def links_over_time(versions: list[dict[str, Any]]) -> list[str]:
    return [line["link"][0]["type"] if "link" in line else "" for line in versions]


def test_merged_records_are_one_person_those_taken_apart_two_and_those_nobody_merged_two():
    out = with_only(merged_patients=0.2, unmerged_patients=0.3, unnoticed_records=0.2)
    lives = rows(out, "truth/lives")
    for column in ("merged_from", "second_record", "mixed_up_with"):
        assert sum(bool(row[column]) for row in lives) > 20, column
    made = build_lines(resources(out, "Patient"))["people"].to_pylist()
    assert sorted(person["patient_id"] for person in made) == sorted(
        [row["person"] for row in lives] + [row["second_record"] for row in lives if row["second_record"]]
    )
