"""Scheduling: how a visit is asked for, moved, cancelled, missed or kept, in versions of one Appointment."""

from dataclasses import dataclass

from twohats.demo.asking import ask_after_call
from twohats.demo.chart import Chart, security
from twohats.demo.clock import DAY
from twohats.demo.contacts import contact, text_to
from twohats.demo.hospital import Unit
from twohats.demo.satisfaction import Mind
from twohats.demo.shapes import APPOINTMENT, SLOT
from twohats.demo.speech import TROUBLED_NOTES, note
from twohats.demo.visits import Misserving

_REASON = (
    ',"cancelationReason":{"coding":[{"system":'
    '"http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason","code":"%s"}]}'
)


_REMINDER = (
    "Reminder: you have a visit. Reply 1 to confirm.",
    "Recordatorio: tiene una cita. Responda 1 para confirmar.",
)


@dataclass
class Booking:
    """A booked visit: its id, when it will be, and whether it takes place."""

    id: str
    start: int
    outcome: str
    """kept, noshow, cancelled, ahead (still to come)."""
    papers: "Papers"


@dataclass
class Ask:
    """What is being booked."""

    unit: Unit
    doctor: str
    start: int
    minutes: int
    words: str
    lead: int
    label: str | None = None
    based_on: str | None = None
    virtual: bool = False


class Papers:
    """The versions of one appointment."""

    def __init__(self, chart: Chart, ask: Ask, asked: int) -> None:
        self.chart, self.ask, self.asked, self.version, self.written = chart, ask, asked, 0, 0
        self.key, self.slot = chart.new_id("a"), chart.new_id("l")
        service = f"{ask.unit.name} video visit" if ask.virtual else ask.unit.name
        self.service = service.replace('"', "")

    def write(self, minute: int, status: str, start: int, more: str = "") -> int | None:
        """The next version, never before the one it follows; its minute, or None when nobody is there to write it."""
        chart, ask = self.chart, self.ask
        minute = max(minute, self.written + 1)
        if minute > chart.now or (minute > chart.limit and status != "cancelled"):
            return None
        self.version, self.written = self.version + 1, minute
        text = chart.t_text
        came = "accepted" if status != "cancelled" else "declined"
        people = (
            f'[{{"actor":{{"reference":"Patient/{chart.patient_id(self.asked)}"}},"required":"required","status":"{came}"}},'
            f'{{"actor":{{"reference":"Practitioner/{ask.doctor}"}},"required":"required","status":"accepted"}}]'
        )
        if ask.based_on:
            more += f',"basedOn":[{{"reference":"ServiceRequest/{ask.based_on}"}}]'
        chart.fhir(
            "Appointment",
            APPOINTMENT
            % (
                self.key,
                self.version,
                text(minute),
                security(ask.label),
                status,
                more,
                self.service,
                "FOLLOWUP" if ask.based_on else "ROUTINE",
                text(start),
                text(start + ask.minutes),
                self.slot,
                text(self.asked),
                people,
            ),
        )
        return minute

    def close_slot(self, start: int, status: str) -> None:
        """The slot as it is in the end."""
        text = self.chart.t_text
        self.chart.fhir(
            "Slot",
            SLOT
            % (
                self.slot,
                text(min(self.asked + 1, self.chart.now)),
                "",
                f"h{self.ask.doctor}",
                status,
                text(start),
                text(start + self.ask.minutes),
            ),
        )


def book(chart: Chart, ask: Ask, wrong: Misserving, mind: Mind) -> Booking | None:
    """Books a visit and writes its fate up to the moment somebody arrives. None when nobody could ask for it."""
    life, dice = chart.life, chart.life.dice
    asked = _asking_time(chart, ask)
    if asked >= chart.limit or asked >= ask.start:
        return None
    papers = Papers(chart, ask, asked)
    moved = dice.chance(0.13)
    clock, start = life.site.clock, ask.start
    first = clock.at(clock.day_of(start) + dice.between(-6, 9), 9 * 60 + 10 * dice.between(0, 40)) if moved else start
    papers.write(asked, "booked", max(first, asked + 60))
    chart.lived(f"Appointment/{papers.key}", asked, asked, "book", "customer")
    _ask_by_phone(chart, ask, asked, wrong, mind)
    if moved:
        _move(chart, papers, ask, max(asked + 1, min(first, start) - dice.between(1, 6) * DAY))
    fate = _fate(chart, start)
    if fate == "cancelled":
        _cancel(chart, papers, start)
    elif fate == "noshow":
        papers.write(start + 30, "noshow", start)
        if start + 30 < chart.limit:
            chart.lived(f"Appointment/{papers.key}", start, start, "miss", "customer")
    # An hour given back goes to the clinic's waiting list by phone: it is not offered again.
    papers.close_slot(start, "busy-unavailable" if fate == "cancelled" else "busy")
    if fate in ("kept", "noshow", "ahead"):
        _remind(chart, ask, asked, start)
    if fate == "kept" and life.died is not None and start >= life.died:
        papers.write(min(life.died + DAY, chart.now), "cancelled", start, _REASON % "pat-dec")
        fate = "cancelled"
    return Booking(papers.key, start, fate, papers)


def kept(chart: Chart, booking: Booking, arrived: int, ended: int | None) -> None:
    """The last versions of a visit that took place: arrived, fulfilled."""
    if chart.life.dice.chance(0.6) or ended is None:
        booking.papers.write(arrived, "arrived", booking.start)
    if ended is not None:
        booking.papers.write(ended, "fulfilled", booking.start)


def called_off(chart: Chart, booking: Booking, minute: int) -> None:
    """Cancelled by somebody who has left us."""
    if minute < booking.start:
        written = booking.papers.write(minute, "cancelled", booking.start, _REASON % "pat")
        if written is not None:
            chart.lived(f"Appointment/{booking.id}", written, written, "cancel", "customer")
    elif booking.papers.write(booking.start + 30, "noshow", booking.start) is not None:
        chart.lived(f"Appointment/{booking.id}", booking.start, booking.start, "miss", "customer")


def _asking_time(chart: Chart, ask: Ask) -> int:
    clock, dice = chart.life.site.clock, chart.life.dice
    return clock.at(clock.day_of(ask.start) - ask.lead, dice.between(8 * 60, 17 * 60))


def _ask_by_phone(chart: Chart, ask: Ask, asked: int, wrong: Misserving, mind: Mind) -> None:
    """Half of the bookings are made by phone, some in the portal; some callers have to call again, some are kept on
    the line. Who is in distress, or says words of danger, is a patient too; the booking stays one touch.
    """
    life, dice = chart.life, chart.life.dice
    access = chart.hospital.unit(life.site.key, "access")
    if life.phone is None or not dice.chance(0.35 if life.portal else 0.6):
        if life.portal and dice.chance(0.4):
            contact(chart, asked - 1, "book", channel="portal", automated=True, unit=access)
        return
    troubled = dice.chance(chart.hospital.plan.distress_in_bookings) and not life.minor
    hat, wanted = ("mixed", "time") if troubled else ("customer", "speed")
    served = wrong.of_customer(wanted)
    over = served == "over_engaged"
    queue, talk = dice.skewed(0, 25), dice.between(13, 24) if over else dice.between(2, 7)
    again = None
    if dice.chance(0.12):
        again = contact(
            chart, asked - dice.between(60, 300), "book", queue=dice.between(8, 30), outcome="abandoned", unit=access
        )
    call = contact(
        chart,
        asked - talk - queue,
        "book",
        queue=queue,
        talk=talk,
        transfers=dice.between(2, 3) if over else int(dice.chance(0.15)),
        staff=dice.pick(access.staff["clerk"]),
        unit=access,
        reply_to=again or "",
        words=dice.pick(TROUBLED_NOTES) if troubled else note(dice, "book"),
        hat=hat,
        wanted=wanted,
        wrong=served,
        stakes=850 if troubled else 100,
    )
    if call is not None:
        points = mind.after_contact(chart, call, asked, "book", hat, wanted, queue + talk, served)
        ask_after_call(chart, call, access, asked, points)


def _move(chart: Chart, papers: Papers, ask: Ask, earlier: int) -> None:
    """Moved to another day, by the person or by us."""
    dice = chart.life.dice
    if earlier >= min(chart.limit, ask.start):
        return
    by_us = dice.chance(0.45)
    papers.write(
        earlier,
        "booked",
        ask.start,
        f',"comment":"{"Moved by the clinic" if by_us else "Moved at the request of the patient"}"',
    )
    chart.lived(f"Appointment/{papers.key}", earlier, earlier, "rebook", "customer")
    access = chart.hospital.unit(chart.life.site.key, "access")
    if by_us and dice.chance(0.5):
        # A surgeon who phones about a moved slot does customer work.
        who = ask.doctor if dice.chance(0.2) else dice.pick(access.staff["clerk"])
        contact(chart, earlier, "rebook", direction="out", talk=dice.between(2, 5), staff=who, unit=access)
    elif not by_us and chart.life.phone and dice.chance(0.6):
        contact(
            chart,
            earlier - 4,
            "rebook",
            queue=dice.skewed(0, 15),
            talk=3,
            staff=dice.pick(access.staff["clerk"]),
            unit=access,
        )


def _fate(chart: Chart, start: int) -> str:
    dice, life = chart.life.dice, chart.life
    roll = dice.roll()
    if start >= chart.now:
        return "ahead"
    if roll < 0.07:
        return "cancelled"
    return "noshow" if roll < (0.12 if life.car else 0.20) else "kept"


def _cancel(chart: Chart, papers: Papers, start: int) -> None:
    dice = chart.life.dice
    minute = max(papers.asked + 30, start - dice.between(1, 5) * DAY - 200)
    by_us = dice.chance(0.35)
    written = papers.write(minute, "cancelled", start, _REASON % ("prov" if by_us else "pat"))
    if written is not None and written < chart.limit:
        chart.lived(f"Appointment/{papers.key}", written, written, "cancel", "customer")


def _remind(chart: Chart, ask: Ask, asked: int, start: int) -> None:
    life, before = chart.life, start - chart.life.dice.pick((1, 2, 2)) * DAY
    if before > asked and life.portal and (life.phone is None or life.refuses_texts(before)):
        contact(
            chart,
            before,
            "remind",
            direction="out",
            channel="portal",
            unit=ask.unit,
            sender="reminders",
            outcome="delivered",
            automated=True,
            words=_REMINDER[life.language == "es"],
        )
    elif before > asked:
        text_to(chart, before, "remind", sender="reminders", unit=ask.unit, words=_REMINDER)
