"""Days to the third open appointment: what was open on a Monday at nine, in calendars drawn slot by slot."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.words.measures import measure

MONDAY = date(2026, 3, 2)
THURSDAY = datetime(2026, 3, 5, tzinfo=UTC)
TOLD = {"versionId": "1", "lastUpdated": "2026-01-02T08:00:00Z"}
UNITS = [{"unit_id": "house", "name": "House", "kind": "site", "time_zone": "America/Chicago"},
         {"unit_id": "clinic", "name": "Clinic", "kind": "unit", "parent_id": "house"}]
HOUSE: list[dict[str, Any]] = [
    {"resourceType": "Location", "id": "room", "name": "Exam Room 1", "meta": TOLD,
     "managingOrganization": {"reference": "Organization/clinic"}},
    {"resourceType": "PractitionerRole", "id": "diaz-here", "meta": TOLD, "code": [{"text": "Physician"}],
     "practitioner": {"reference": "Practitioner/diaz"}, "organization": {"reference": "Organization/clinic"}},
]


def calendar(name: str, actor: str = "Practitioner/diaz", **more: Any) -> dict[str, Any]:
    """A calendar of that clinician in the clinic's exam room."""
    return {"resourceType": "Schedule", "id": name, "active": True, "meta": TOLD,
            "actor": [{"reference": "Location/room"}, {"reference": actor}], **more}


def slot(name: str, start: str, *states: str, ends: str = "", of: str = "diaz", **more: Any) -> list[dict[str, Any]]:
    """A slot by the versions told of it, each as 'version instant status'; free since January where none is told.

    It lasts a minute, or until `ends`.
    """
    lines = []
    for state in states or ("1 2026-01-02T08:00:00Z free",):
        version, at, status = state.split(" ")
        lines.append({
            "resourceType": "Slot", "id": name, "status": status, "schedule": {"reference": f"Schedule/{of}"},
            "start": start, "end": ends or start.replace(":00-06:00", ":01-06:00"),
            "meta": {"versionId": version, "lastUpdated": at}, **more})
    return lines


def free(*starts: str, of: str = "diaz", **more: Any) -> list[dict[str, Any]]:
    """A slot that was never anything but free at each of these times, 'MM-DD HH:MM' of 2026 in the site's winter."""
    return [line for start in starts for line in slot(f"{of}-{start}", at(start), of=of, **more)]


def at(when: str) -> str:
    """'03-02 09:00' at the site, as the source writes it."""
    return f"2026-{when.replace(' ', 'T')}:00-06:00"


BEFORE = free("02-25 10:00")
"""A slot in the week before: from then on the calendar is told of."""


def opened(*lines: Iterable[dict[str, Any]], calendars: Iterable[dict[str, Any]] = (calendar("diaz"),),
           as_of: datetime = THURSDAY) -> list[dict[str, Any]]:
    """What was open, week by week, in calendars with these slots."""
    told = [*HOUSE, *calendars, *BEFORE, *(line for some in lines for line in some)]
    return build_lines(told, {"units": UNITS}, as_of=as_of)["openings"].to_pylist()


def days(*lines: Iterable[dict[str, Any]]) -> int | None:
    """Days to the third open slot on Monday 2 March."""
    return next(row["days"] for row in opened(*lines) if row["week"] == MONDAY)


def test_three_open_slots_on_the_same_day_are_no_day_away_and_what_began_before_nine_is_gone():
    assert days(free("03-02 09:00", "03-02 11:00", "03-02 16:00")) == 0
    assert days(free("03-02 08:59", "03-02 11:00", "03-02 16:00", "03-03 09:00")) == 1


def test_the_third_open_slot_counts_whatever_lies_between_weekends_and_days_off_included():
    assert days(free("03-02 09:00", "03-03 09:00", "03-09 09:00", "03-09 10:00")) == 7
    assert days(free("03-06 09:00", "03-07 09:00", "03-08 09:00")) == 6


@pytest.mark.parametrize("status", ["busy", "busy-unavailable", "busy-tentative", "entered-in-error"])
def test_what_is_taken_or_kept_for_urgent_visits_is_not_open(status):
    taken = slot("x", at("03-02 10:00"), f"1 2026-01-02T08:00:00Z {status}")
    assert days(taken, free("03-03 09:00", "03-04 09:00", "03-05 09:00")) == 3


def test_fewer_than_three_open_slots_within_half_a_year_are_no_number():
    assert days(free("03-02 10:00", "03-02 11:00")) is None
    assert days(free("03-02 10:00", "03-02 11:00", "09-20 09:00")) is None
    assert days(free("03-02 10:00", "03-02 11:00", "08-30 09:00")) == 181


@pytest.mark.parametrize(("states", "is_open"), [
    (["1 2026-02-01T08:00:00Z free"], True),
    (["1 2026-03-02T15:00:00Z free"], True),  # nine o'clock itself
    (["1 2026-03-02T15:00:01Z free"], False),
    (["1 2026-02-01T08:00:00Z free", "2 2026-03-02T15:00:01Z busy"], True),
    (["1 2026-02-01T08:00:00Z free", "2 2026-03-02T15:00:00Z busy"], False),
    (["1 2026-02-01T08:00:00Z free", "2 2026-02-20T08:00:00Z busy", "3 2026-03-01T08:00:00Z free"], True),
    (["1 2026-02-01T08:00:00Z free", "2 2026-02-20T08:00:00Z busy", "3 2026-03-03T08:00:00Z free"], False),
    # The first version never came: what is busy was free before, what is free or kept back was not.
    (["2 2026-03-03T08:00:00Z busy"], True),
    (["2 2026-03-01T08:00:00Z busy"], False),
    (["3 2026-03-03T08:00:00Z free"], False),
    (["2 2026-03-03T08:00:00Z busy-unavailable"], False),
    # Made for the one booking it holds: it was never anybody else's to have.
    (["1 2026-03-03T08:00:00Z busy"], False),
])
def test_a_slot_is_open_from_version_to_version(states, is_open):
    watched = slot("x", at("03-02 10:00"), *states)
    assert days(watched, free("03-03 09:00", "03-04 09:00", "03-05 09:00")) == (2 if is_open else 3)


def booking(name: str, *states: str, created: str = "2026-02-10T08:00:00Z") -> list[dict[str, Any]]:
    """Ana's appointment in slot x, by its versions 'version instant status'."""
    lines = []
    for state in states:
        version, told_at, status = state.split(" ")
        lines.append({
            "resourceType": "Appointment", "id": name, "status": status, "created": created,
            "start": at("03-02 10:00"), "end": at("03-02 10:20"), "slot": [{"reference": "Slot/x"}],
            "meta": {"versionId": version, "lastUpdated": told_at},
            "participant": [{"actor": {"reference": "Patient/ana"}, "status": "accepted"}]})
    return [patient("ana"), *lines]


@pytest.mark.parametrize(("slot_state", "appointment", "created", "is_open"), [
    # Touched again at the visit: the booking tells when it was taken.
    ("4 2026-03-04T08:00:00Z busy", ["3 2026-03-04T08:00:00Z fulfilled"], "2026-02-10T08:00:00Z", False),
    ("4 2026-03-04T08:00:00Z busy", ["3 2026-03-04T08:00:00Z fulfilled"], "2026-03-03T08:00:00Z", True),
    # Given back: open before it was booked, not while it was, and open after.
    ("3 2026-03-03T08:00:00Z free", ["2 2026-03-03T08:00:00Z cancelled"], "2026-02-10T08:00:00Z", False),
    ("3 2026-03-04T08:00:00Z free", ["2 2026-03-04T08:00:00Z cancelled"], "2026-03-03T08:00:00Z", True),
    ("3 2026-03-01T08:00:00Z free", ["2 2026-03-01T08:00:00Z cancelled"], "2026-02-10T08:00:00Z", True),
    # The slot's own word comes late; the booking's holds.
    ("1 2026-01-02T08:00:00Z free", ["1 2026-02-10T08:00:00Z booked"], "2026-02-10T08:00:00Z", False),
    ("1 2026-01-02T08:00:00Z free", ["1 2026-02-10T08:00:00Z booked", "2 2026-02-20T08:00:00Z cancelled"],
     "2026-02-10T08:00:00Z", True),
])
def test_a_booking_tells_from_when_to_when_a_slot_was_held(slot_state, appointment, created, is_open):
    held = slot("x", at("03-02 10:00"), slot_state)
    others = free("03-03 09:00", "03-04 09:00", "03-05 09:00")
    assert days(held, booking("b", *appointment, created=created), others) == (2 if is_open else 3)


ABSENT = "1 2026-02-01T08:00:00Z busy-unavailable"


def away(*lines: Iterable[dict[str, Any]]) -> bool:
    """Whether the clinician is away too long in the week of 2 March."""
    later = free("03-16 09:00", "03-16 10:00", "03-16 11:00")
    return next(row["is_away"] for row in opened(later, *lines) if row["week"] == MONDAY)


def test_a_clinician_away_on_more_than_three_days_of_the_week_is_left_out():
    assert away(slot("off", at("03-03 00:00"), ABSENT, ends=at("03-07 00:00"))) is True
    assert away(slot("off", at("03-03 00:00"), ABSENT, ends=at("03-06 00:00"))) is False
    assert away(slot("off", at("02-20 00:00"), ABSENT, ends=at("03-06 00:00"))) is True
    assert away(slot("off", at("03-05 00:00"), ABSENT, ends=at("03-20 00:00"))) is True
    assert away(slot("off", at("03-06 00:00"), ABSENT, ends=at("03-20 00:00"))) is False


def test_days_on_which_nothing_but_closed_hours_is_told_count_as_away_unless_somebody_is_seen():
    closed = [line for day in range(2, 6) for line in slot(f"c{day}", at(f"03-0{day} 08:00"), ABSENT)]
    seen = slot("s", at("03-04 10:00"), "1 2026-02-01T08:00:00Z busy")
    assert (away(closed), away(closed, seen)) == (True, False)


def test_weeks_run_from_the_first_open_slot_to_the_last_or_the_day_of_the_release():
    told = free("03-11 09:00", "03-11 10:00", "03-11 11:00", "03-18 09:00")
    weeks = {str(as_of.date()): [str(row["week"]) for row in opened(told, as_of=as_of)]
             for as_of in (THURSDAY, datetime(2026, 3, 9, 13, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))}
    assert weeks == {"2026-03-05": ["2026-03-02"], "2026-03-09": ["2026-03-02"],
                     "2026-08-01": ["2026-03-02", "2026-03-09", "2026-03-16"]}


def test_each_kind_of_visit_has_its_own_third_slot_and_a_role_is_the_clinicians_own():
    new, again = {"serviceType": [{"text": "New visit"}]}, {"serviceType": [{"coding": [{"code": "follow-up"}]}]}
    found = opened(
        free("02-26 09:00", "03-02 09:00", "03-03 09:00", "03-04 09:00", of="one", **again),
        free("02-26 10:00", "03-05 09:30", "03-05 10:00", "03-05 11:00", of="one"),
        free("02-26 11:00", "03-02 12:00", "03-02 13:00", "03-02 14:00", of="two"),
        calendars=[calendar("diaz"), calendar("one", **new), calendar("two", "PractitionerRole/diaz-here")])
    assert [(row["schedule"], row["visit_type"], row["clinician"], row["unit"], row["days"]) for row in found] == [
        ("Schedule/one", "New visit", "Practitioner/diaz", "clinic", 3),
        ("Schedule/one", "follow-up", "Practitioner/diaz", "clinic", 2),
        ("Schedule/two", "", "Practitioner/diaz", "clinic", 0),
    ]


def test_a_retired_calendar_offers_nothing_and_one_without_a_clinician_is_nobodys():
    slots = free("02-26 09:00", "03-02 09:00", "03-02 10:00", "03-02 11:00", of="one")
    gone = calendar("one", active=False) | {"meta": {"versionId": "2", "lastUpdated": "2026-03-01T08:00:00Z"}}
    assert [row["days"] for row in opened(slots, calendars=[gone])] == [None]
    assert opened(slots, calendars=[calendar("one", "Location/room")]) == []


def test_clinicians_are_counted_once_and_days_add_up_for_every_unit_above():
    slots = [line for of in ("one", "two") for line in free(
        *(f"{day} {hour}:00" for day in ("02-25", "03-02", "03-03", "03-10") for hour in ("09", "10", "11")), of=of)]
    leave = slot("off", at("03-09 00:00"), ABSENT, ends=at("03-13 00:00"), of="two")
    made = build_lines(
        [*HOUSE, calendar("one"), calendar("two", "PractitionerRole/diaz-here"), *slots, *leave],
        {"units": UNITS}, as_of=datetime(2026, 3, 9, 20, tzinfo=UTC))
    sums = sorted((row["unit"], row["period"], row["times"], row["people"], row["amount"], row["amount_squared"])
                  for row in made["measures"].to_pylist() if row["measure"] == "third_next_available")
    # Leave is the clinician's, whichever calendar says so: of 9 March neither calendar counts.
    told = (2, 1, 0, 0)
    assert sums == sorted((unit, period, *told) for unit in ("clinic", "house", "*")
                          for period in ("2026", "2026-Q1", "2026-03"))
    assert [row["is_away"] for row in made["openings"].to_pylist()] == [False, True, False, True]
    assert measure("third_next_available").behind == "clinicians"
