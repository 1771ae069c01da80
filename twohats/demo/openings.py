"""Openings: the hours that clinics offer ahead for new visits, week by week, and the truth about what was open.

Drawn clinician by clinician, each from a stream of their own, and written before the first person comes: nobody's life
depends on them, and none of the people told of takes one. Who does is of the town around.
"""

from collections.abc import Iterator
from typing import NamedTuple

from twohats.demo.clock import DAY, Clock, day_text
from twohats.demo.dice import Dice
from twohats.demo.hospital import KINDS, Hospital, Site, Unit
from twohats.demo.shapes import OPEN_SLOT

CLINICS = frozenset(kind.key for kind in KINDS if kind.department == "clinics")
SERVICE = "New visit"
WEEKS, AHEAD = 44, 10
"""So many weeks lie in the past, and so many ahead are offered."""
MINUTES, PLANNED = 30, 40
"""An hour offered is that long; an absence is known that many days ahead."""
MORNING, AFTERNOON, LAST = (510, 570), (780, 840), 900
LONG = 3
"""Away for more days of a week than that, a clinician is left out of it."""


class Hour(NamedTuple):
    """One hour offered: when it is, and when it was offered, taken and given back (None: never)."""

    start: int
    offered: int
    taken: int | None
    given_back: int | None

    def is_open(self, minute: int) -> bool:
        """Whether it could be had at that minute."""
        free = self.taken is None or minute < self.taken or (self.given_back or minute + 1) <= minute
        return self.offered <= minute <= self.start and free


class Absence(NamedTuple):
    """The days on which a clinician is away, both ends included."""

    first: int
    last: int


def is_offered(unit: Unit) -> bool:
    """Whether a unit offers hours ahead: a clinic that was not merged into another."""
    return unit.kind in CLINICS and unit.id == f"{unit.site.key}-{unit.kind}"


def horizon(hospital: Hospital) -> tuple[int, int]:
    """The first day of the hours told of (a Monday), and the day after the last."""
    monday = hospital.today - (hospital.today + 3) % 7
    return monday - 7 * _weeks(hospital), monday + 7 * (AHEAD + 1)


def opening_lines(hospital: Hospital) -> Iterator[tuple[str, list[str]]]:
    """The hours of every clinic's clinicians with the truth about each Monday, one clinician after the other."""
    for unit in filter(is_offered, hospital.units.values()):
        for doctor in unit.staff["doctor"]:
            calendar = Calendar(hospital, unit, doctor)
            yield "fhir/Slot", list(calendar.lines())
            yield "truth/openings", list(calendar.truth())


def _weeks(hospital: Hospital) -> int:
    """How many weeks back: of a hospital of few people less, so that calendars do not outweigh them."""
    return min(WEEKS, hospital.plan.days // 7, 4 + hospital.plan.people // 6)


class Calendar:
    """One clinician's hours for new visits."""

    def __init__(self, hospital: Hospital, unit: Unit, doctor: str) -> None:
        self.unit, self.doctor, self.now = unit, doctor, hospital.now
        self.clock: Clock = unit.site.clock
        self.weeks, (self.first, end) = _weeks(hospital), horizon(hospital)
        dice = Dice(hospital.plan.seed, "openings", int(doctor[1:]))
        self.absences = list(_absences(self.first, (end - self.first) // 7, dice))
        days, pace = (dice.between(0, 4), dice.between(0, 4)), 0.7 + 0.6 * dice.roll()
        self.hours: list[Hour] = []
        self.kept_back: list[int] = []
        for week in range((end - self.first) // 7):
            self._offer(week, days, pace * reach(unit.site, week), dice)
        self.hours.sort()

    def _offer(self, week: int, days: tuple[int, int], lead: float, dice: Dice) -> None:
        """The hours of a week: two on one day's morning, two on one day's afternoon, one kept for urgent visits."""
        monday = self.first + 7 * week
        offered = self.clock.at(monday - 7 * AHEAD, 360)
        for day, times in zip(days, (MORNING, AFTERNOON), strict=True):
            is_off = dice.chance(0.04) and week > 0
            for time in times:
                start = self.clock.at(monday + day, time)
                taken = None if dice.chance(0.1) else start - int(lead * DAY * (0.35 + 0.65 * dice.roll()))
                given_back = taken and (taken + int((start - taken) * dice.roll()) + 1 if dice.chance(0.04) else None)
                if not is_off and not self._is_away(monday + day):
                    self.hours.append(Hour(start, offered, taken, given_back))
        if week % 2 == 0 and not self._is_away(monday + days[1]):
            self.kept_back.append(self.clock.at(monday + days[1], LAST))

    def _is_away(self, day: int) -> bool:
        return any(absence.first <= day <= absence.last for absence in self.absences)

    def lines(self) -> Iterator[str]:
        """The slots: with their history at a site that keeps it, else as they stand now; absences and hours kept back
        are not to be had.
        """
        keeps_history = self.unit.site.model == "full"
        number = 0
        for hour in self.hours:
            number += 1
            states = [(hour.offered, "free"), (hour.taken, "busy"), (hour.given_back, "free")]
            told = [(at, status) for at, status in states if at is not None and at <= self.now]
            for version, (at, status) in enumerate(told, 1):
                if keeps_history or version == len(told):
                    yield self._line(number, version, at, status, hour.start, hour.start + MINUTES)
        for start in self.kept_back:
            number += 1
            yield self._line(number, 1, start - 7 * AHEAD * DAY, "busy-unavailable", start, start + MINUTES)
        for absence in self.absences:
            number += 1
            start, end = self.clock.at(absence.first, 0), self.clock.at(absence.last + 1, 0)
            if start - PLANNED * DAY <= self.now:
                yield self._line(number, 1, start - PLANNED * DAY, "busy-unavailable", start, end)

    def _line(self, number: int, version: int, at: int, status: str, start: int, end: int) -> str:
        text = self.clock.text
        told = (f"o{self.doctor}-{number}", version, text(at), SERVICE, f"h{self.doctor}", status)
        return OPEN_SLOT % (*told, text(start), text(end))

    def truth(self) -> Iterator[str]:
        """Per Monday at nine: the days to the third open hour, and whether the clinician is away most of that week."""
        for week in range(1, self.weeks + 1):
            monday = self.first + 7 * week
            nine = self.clock.at(monday, 540)
            found = (self.clock.day_of(hour.start) - monday for hour in self.hours if hour.is_open(nine))
            days = next((day for place, day in enumerate(found, 1) if place == 3), "")
            yield f"h{self.doctor},{self.doctor},{self.unit.id},{day_text(monday)},{days},{self._is_long_away(monday)}"

    def _is_long_away(self, monday: int) -> str:
        away = sum(self._is_away(day) for day in range(monday, monday + 7))
        return "true" if away > LONG else "false"


def reach(site: Site, week: int) -> float:
    """How many days ahead the hours of that week are gone at a site: where it grows, shrinks, swings or stands."""
    swing = abs(week % 26 - 13)
    return {"north": 32 - week / 2, "south": 7.0, "lakeside": 8.0 + swing, "valley": 12 + week / 4}[site.key]


def _absences(first: int, weeks: int, dice: Dice) -> Iterator[Absence]:
    """Now and then two days, a working week or nearly two weeks off; never two at a time."""
    week = dice.between(3, 20)
    while week < weeks - 2:
        days = dice.pick((2, 5, 5, 12))
        begins = first + 7 * week + (dice.between(0, 3) if days == 2 else 0)
        yield Absence(begins, begins + days - 1)
        week += dice.between(8, 24)
