"""Which visits follow from a life: drawn as days before any of them is lived."""

from collections.abc import Callable
from typing import NamedTuple

from twohats.demo.ailments import BIRTH, CHECK, MINOR, PREGNANCY, SURGERY, URGENT, Ailment, Reason
from twohats.demo.hospital import Hospital
from twohats.demo.lives import Life

DAYS_AHEAD = 45
"""Days after the hospital's today for which visits are booked already."""


class Planned(NamedTuple):
    """A visit to come: its day, its kind (clinic, video, ed, surgery, birth) and why."""

    day: int
    kind: str
    reason: Reason | None
    ailment: Ailment | None


def planned_visits(hospital: Hospital, life: Life) -> list[Planned]:
    """The visits of the time the records cover and the weeks booked ahead, by day."""
    dice = life.dice
    first, last = life.new_since or hospital.first_day + 3, hospital.today + DAYS_AHEAD
    days = last - first
    planned: list[Planned] = []

    def spread(kind: str, yearly: float, why: Callable[[], Reason] | None, ailment: Ailment | None = None) -> None:
        for _ in range(int(yearly * days / 365 + dice.roll())):
            planned.append(Planned(first + dice.between(1, days), kind, why() if why else None, ailment))

    spread("clinic", 0.55, lambda: CHECK)
    for ailment in life.ailments:
        virtual = ailment.unit in ("mind", "primary") and life.portal and dice.chance(0.25)
        often = 1.0 if ailment is PREGNANCY else 0.55
        spread("video" if virtual else "clinic", ailment.visits * often, None, ailment)
    spread("clinic", 0.4, lambda: _reason(life, MINOR))
    spread("video", 0.22 if life.portal else 0.05, lambda: _reason(life, MINOR))
    old = life.age >= 65
    spread("ed", 0.22 + 0.12 * old + 0.1 * (life.income == "low"), lambda: _reason(life, URGENT))
    spread("surgery", 0.0 if life.minor else 0.02 + 0.03 * old, lambda: _reason(life, SURGERY))
    if life.pregnant and dice.chance(0.6):
        planned.append(Planned(first + dice.between(days // 2, days), "birth", BIRTH, None))
    planned.sort(key=lambda visit: visit.day)
    return planned


def _reason(life: Life, reasons: tuple[Reason, ...]) -> Reason:
    """One of the reasons that somebody of that age can have."""
    reason = life.dice.pick(reasons)
    return reasons[0] if reason.adult and life.minor else reason
