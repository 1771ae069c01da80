"""What truly happens in a visit: its parts, each with the hat worn, what was wanted and what was given."""

from twohats.demo.ailments import Ailment, Reason
from twohats.demo.hospital import Hospital, Unit
from twohats.demo.lives import Life

CUSTOMER, PATIENT, MIXED, NONE = "customer", "patient", "mixed", "none"

SEVERE_PAIN = 7
"""On the scale from 0 to 10, severe pain begins here."""


class Part:
    """A stretch of a visit in which one thing is being done, in one place, with one member of staff."""

    __slots__ = ("act", "drawn", "end", "hat", "place", "staff", "start", "status", "wanted", "work", "wrong")

    def __init__(
        self,
        start: int,
        end: int | None,
        act: str,
        hat: str,
        place: str | None,
        work: str,
        staff: str | None,
        status: str,
        wanted: str,
        wrong: str,
    ) -> None:
        self.start, self.end, self.act, self.hat = start, end, act, hat
        self.place, self.work, self.staff, self.status = place, work, staff, status
        self.wanted, self.wrong = wanted, wrong
        self.drawn = False


class Visit:
    """One visit being lived: parts are added in order, the time runs."""

    __slots__ = (
        "admitted_at",
        "ailment",
        "appointment",
        "arrived",
        "booked",
        "came_along",
        "class_code",
        "disposition",
        "distress",
        "doctor",
        "esi",
        "id",
        "kind",
        "kinds",
        "label",
        "left",
        "life",
        "open",
        "pain",
        "parts",
        "planned",
        "quick",
        "reason",
        "stakes",
        "t",
        "understood",
        "unit",
        "unserved",
        "wish",
    )

    def __init__(
        self,
        life: Life,
        unit: Unit,
        kind: str,
        class_code: str,
        start: int,
        reason: Reason | None,
        ailment: Ailment | None,
        stakes: int,
    ) -> None:
        self.life, self.unit, self.kind, self.class_code, self.t = life, unit, kind, class_code, start
        self.id, self.arrived, self.planned = "", start, start
        self.reason, self.ailment, self.stakes = reason, ailment, stakes
        self.label = ailment.label if ailment else reason.label if reason else None
        self.parts: list[Part] = []
        self.appointment: str | None = None
        self.booked: int | None = None
        self.esi: int | None = None
        self.pain = 0
        self.doctor: str | None = None
        self.disposition = "home"
        self.unserved = self.distress = self.open = False
        self.admitted_at: int | None = None
        self.understood: bool | None = None
        self.came_along = life.relative is not None and life.dice.chance(0.95 if life.minor else 0.25)
        # Who has much at stake mostly wants time, who has little mostly wants to be done.
        self.wish = "time" if life.dice.chance(0.15 + 0.8 * stakes / 1000) else "speed"

    @property
    def code(self) -> tuple[str, str]:
        """Why they came: code and words."""
        about = self.ailment or self.reason
        return (about.code, about.text) if about else ("Z00.00", "Check-up")

    def add(
        self,
        act: str,
        minutes: int,
        hat: str,
        place: str | None,
        work: str,
        status: str,
        wanted: str = "speed",
        wrong: str = "none",
        unit: Unit | None = None,
    ) -> Part:
        """The next part of the visit."""
        if minutes < 1:
            minutes = 1
        at = unit or self.unit
        staff = None
        if work == "doctor" and self.doctor:
            staff = self.doctor
        elif work in at.staff:
            staff = self.life.dice.pick(at.staff[work])
        part = Part(self.t, self.t + minutes, act, hat, place, work, staff, status, wanted, wrong)
        self.t += minutes
        self.parts.append(part)
        return part


class Misserving:
    """Draws which interactions are served in the wrong hat; unhappy people more often (the planted confounding)."""

    __slots__ = ("_hurried", "_over", "_roll")

    def __init__(self, hospital: Hospital, life: Life) -> None:
        plan = hospital.plan
        tilt = plan.unhappy_tilt if life.unhappy else 1.0
        self._over = min(1.0, plan.over_engaged_rate * tilt)
        self._hurried = min(1.0, plan.hurried_rate * tilt)
        self._roll = life.dice.roll

    def of_customer(self, wanted: str) -> str:
        """none or over_engaged."""
        return "over_engaged" if wanted == "speed" and self._roll() < self._over else "none"

    def of_patient(self, wanted: str) -> str:
        """none or hurried."""
        return "hurried" if wanted == "time" and self._roll() < self._hurried else "none"


def place_of(visit: Visit, purpose: str, unit: Unit | None = None) -> str | None:
    """One of the unit's places of that purpose."""
    places = (unit or visit.unit).places.get(purpose)
    return visit.life.dice.pick(places) if places else None


def _wait(visit: Visit, minutes: int, place: str | None, status: str, grave: bool) -> None:
    """Waiting before care is a customer's; in severe pain, in labour, after triage at high acuity it is both hats'."""
    visit.add("wait", minutes, MIXED if grave else CUSTOMER, place, "", status, "time" if grave else "speed")


def register(visit: Visit, hospital: Hospital, wrong: Misserving, usual: tuple[int, int]) -> None:
    """At the front desk: a customer, unless in distress (a clerk with a weeping man is both)."""
    dice = visit.life.dice
    visit.distress = dice.chance(hospital.plan.distress_at_desks)
    wanted = "time" if visit.distress or dice.chance(0.05) else "speed"
    served = wrong.of_customer(wanted)
    minutes = dice.between(14, 24) if served == "over_engaged" else dice.between(*usual)
    part = visit.add(
        "register",
        minutes,
        MIXED if visit.distress else CUSTOMER,
        place_of(visit, "desk"),
        "clerk",
        "arrived",
        wanted,
        served,
    )
    part.drawn = True


def _treat(
    visit: Visit,
    wrong: Misserving,
    short: tuple[int, int],
    usual: tuple[int, int],
    long: tuple[int, int],
    place: str | None,
) -> Part:
    """Care by the clinician: as long as wanted, or cut short."""
    served = wrong.of_patient(visit.wish)
    span = short if served == "hurried" else long if visit.wish == "time" else usual
    part = visit.add(
        "treat", visit.life.dice.between(*span), PATIENT, place, "doctor", "in-progress", visit.wish, served
    )
    part.drawn = True
    return part


def clinic(visit: Visit, hospital: Hospital, wrong: Misserving) -> None:
    """A booked visit at a clinic, from the front desk to the papers."""
    dice = visit.life.dice
    register(visit, hospital, wrong, (3, 8))
    wait = max(2, visit.planned - visit.t + dice.skewed(0, 45)) if visit.t < visit.planned else dice.skewed(3, 50)
    _wait(visit, min(wait, 75), place_of(visit, "wait"), "arrived", False)
    exam = place_of(visit, "exam")
    visit.add("triage", dice.between(3, 7), PATIENT, exam, "nurse", "triaged")
    if dice.chance(0.15):
        _wait(visit, dice.between(3, 12), exam, "triaged", False)
    _treat(visit, wrong, (4, 7), (8, 16), (16, 34), exam)
    if dice.chance(0.02):
        visit.add("financial_talk", dice.between(3, 8), MIXED, exam, "clerk", "in-progress")
    if dice.chance(0.25):
        visit.add("teach", dice.between(4, 10), PATIENT, exam, "nurse", "in-progress", visit.wish)
    visit.add("papers", dice.between(2, 6), CUSTOMER, place_of(visit, "desk"), "clerk", "in-progress")


def video(visit: Visit, wrong: Misserving) -> None:
    """A virtual visit: checked in on the screen, waited, seen."""
    dice = visit.life.dice
    visit.add("register", dice.between(1, 3), CUSTOMER, None, "", "arrived")
    _wait(visit, dice.skewed(1, 20), None, "arrived", False)
    _treat(visit, wrong, (3, 5), (7, 13), (13, 26), None)


def not_served(visit: Visit, hospital: Hospital, wrong: Misserving) -> None:
    """A booked visit in which nobody came to care: it stays the patient's, and unserved."""
    register(visit, hospital, wrong, (3, 8))
    visit.unserved = True
    visit.add("unserved", visit.life.dice.between(40, 110), PATIENT, place_of(visit, "wait"), "", "arrived", visit.wish)


def emergency(visit: Visit, hospital: Hospital, wrong: Misserving) -> bool:
    """An emergency visit up to the decision. True when they are admitted."""
    dice = visit.life.dice
    esi = visit.esi or 3
    visit.pain = dice.around(2, 10) if visit.stakes > 600 else dice.around(0, 8)
    severe = visit.pain >= SEVERE_PAIN
    if esi > 2:
        _wait(visit, dice.skewed(2, 15), place_of(visit, "wait"), "arrived", severe)
    register(visit, hospital, wrong, (3, 9))
    if esi > 1:
        _wait(visit, dice.skewed(1, 25), place_of(visit, "wait"), "arrived", severe)
    visit.add("triage", dice.between(3, 8), PATIENT, place_of(visit, "triage"), "triage", "triaged")
    waits = {1: (1, 3), 2: (2, 35), 3: (10, 180), 4: (10, 150), 5: (5, 120)}[esi]
    _wait(visit, dice.skewed(*waits), place_of(visit, "wait"), "triaged", severe or esi <= 2)
    if esi >= 4 and dice.chance(0.07):
        visit.disposition = "aadvice"
        return False
    bay = place_of(visit, "bay")
    _treat(visit, wrong, (8, 15), (25, 80), (60, 190), bay)
    if visit.reason and visit.reason.imaging:
        visit.add("treat", dice.between(8, 20), PATIENT, place_of(visit, "imaging"), "tech", "in-progress", visit.wish)
    visit.add("nurse", dice.between(10, 60), PATIENT, bay, "nurse", "in-progress", visit.wish)
    return dice.chance({1: 0.9, 2: 0.45, 3: 0.14, 4: 0.02, 5: 0.0}[esi])


def go_home(visit: Visit, bay: str | None, hospital: Hospital) -> None:
    """Discharge: teaching is care, papers and the ride are not."""
    dice = visit.life.dice
    if dice.chance(0.7):
        visit.add("teach", dice.between(4, 12), PATIENT, bay, "nurse", "in-progress", visit.wish)
    if dice.chance(0.35):
        visit.add("ask_can_manage", dice.between(2, 5), PATIENT, bay, "nurse", "in-progress", visit.wish)
    visit.add("papers", dice.between(4, 15), CUSTOMER, bay, "clerk" if dice.chance(0.6) else "nurse", "in-progress")
    lounge = place_of(visit, "lounge")
    if lounge and dice.chance(0.5):
        visit.add("wait_to_leave", dice.skewed(5, 90), CUSTOMER, lounge, "", "in-progress")
    if not visit.life.car or dice.chance(0.25):
        ed = hospital.unit(visit.unit.site.key, "ed")
        visit.add("ride", dice.between(4, 15), CUSTOMER, place_of(visit, "curb", ed), "mover", "in-progress", unit=ed)


def in_labour(visit: Visit) -> None:
    """On the maternity ward, before there is a bed."""
    _wait(visit, visit.life.dice.skewed(3, 45), place_of(visit, "wait"), "arrived", True)


def stay(visit: Visit, ward: Unit, hospital: Hospital, surgery: bool, days: int) -> None:
    """Days on a ward: nursing, rounds, an operation, leave, meals, the family, and the morning of going home."""
    dice = visit.life.dice
    visit.unit = ward
    bed = place_of(visit, "bed")
    doctor = dice.pick(ward.staff["doctor"])
    visit.doctor = doctor
    if surgery:
        visit.add("nurse", dice.between(40, 120), PATIENT, bed, "nurse", "in-progress", visit.wish)
        visit.add("treat", dice.between(50, 180), PATIENT, place_of(visit, "theatre"), "doctor", "in-progress", "time")
    for day in range(days):
        visit.add("nurse", dice.between(200, 420), PATIENT, bed, "nurse", "in-progress", visit.wish)
        visit.add("treat", dice.between(8, 25), PATIENT, bed, "doctor", "in-progress", visit.wish)
        if dice.chance(0.4):
            visit.add("feed", dice.between(20, 40), CUSTOMER, bed, "food", "in-progress")
        if dice.chance(0.1):
            # Asked by a nurse it is care; asked by the discharge planner it is arranging.
            who, hat = ("nurse", PATIENT) if dice.chance(0.6) else ("planner", CUSTOMER)
            visit.add("screen_needs", dice.between(6, 14), hat, bed, who, "in-progress", visit.wish)
        if dice.chance(0.04) and day:
            visit.add("away", dice.between(60, 300), NONE, None, "", "onleave", "")
        visit.add("nurse", dice.between(500, 800), PATIENT, bed, "nurse", "in-progress", visit.wish)
    go_home(visit, bed, hospital)
