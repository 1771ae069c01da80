"""One person's months with the hospital: the visits that follow from a life, and all that comes with them."""

from twohats.demo.afterwards import follow
from twohats.demo.ailments import SURGERY, URGENT, Ailment, Reason
from twohats.demo.asking import ask_after, ask_before
from twohats.demo.booking import Ask, Booking, book, called_off, kept
from twohats.demo.chart import Chart
from twohats.demo.clock import DAY, utc_text
from twohats.demo.contacts import contact
from twohats.demo.encounter import known_parts, write_encounter
from twohats.demo.events import order, write_events
from twohats.demo.hospital import Hospital, Unit
from twohats.demo.identity import first_known, write_identity
from twohats.demo.lives import Life
from twohats.demo.plans import DAYS_AHEAD, planned_visits
from twohats.demo.prospects import searches
from twohats.demo.satisfaction import Mind
from twohats.demo.visits import (
    Misserving,
    Visit,
    clinic,
    emergency,
    go_home,
    in_labour,
    not_served,
    place_of,
    register,
    stay,
    video,
)


def tell(hospital: Hospital, index: int, lines: dict[str, list[str]]) -> None:
    """Everything about one person, from who they are to the last moment known."""
    life = Life(hospital, index)
    chart = Chart(hospital, life, lines)
    write_identity(chart)
    story = _Story(chart)
    story.run()
    lines["truth/lives"].append(
        f"{life.id},{life.age},{life.language},{_bit(life.portal)},{_bit(life.phone)},{_bit(life.phone_shared)},{_bit(life.car)},"
        f"{life.income},{life.payer},{life.site.key},{life.mood},{_bit(life.unhappy)},{utc_text(story.mind.left_at)},"
        f"{utc_text(life.died)},{life.old_id or '' if life.merged_at else ''},"
        f"{life.old_id if life.unnoticed else ''},{life.mixed_up_with}"
    )


def _bit(thing: object) -> str:
    return "true" if thing else "false"


def _weekday(day: int) -> int:
    """That day, or the Monday or Tuesday after a weekend: clinics are open on weekdays."""
    return day + 2 if (day + 3) % 7 >= 5 else day


class _Story:
    """Plans the visits, then lives them in order until the person leaves, dies, or today is reached."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.life, self.hospital = chart, chart.life, chart.hospital
        self.mind = Mind()
        self.wrong = Misserving(chart.hospital, chart.life)

    def run(self) -> None:
        """All visits, in order of their days."""
        life, dice = self.life, self.life.dice
        planned = planned_visits(self.hospital, self.life)
        if (life.new_since is not None and dice.chance(0.6)) or dice.chance(0.03):
            first = planned[0][0] * DAY if planned else self.hospital.today * DAY
            searches(self.chart, first, dice.chance(0.4))
        busy_until = first_known(self.chart)
        for day, kind, reason, ailment in planned:
            if self.mind.left_at is not None or day * DAY >= self.chart.limit + DAYS_AHEAD * DAY:
                break
            day = day if kind == "ed" else _weekday(day)
            start = life.site.clock.at(day, dice.between(8 * 6, 16 * 6) * 10 if kind != "ed" else dice.between(0, 1439))
            if start < busy_until + DAY:
                continue
            busy_until = max(busy_until, self._visit(kind, start, reason, ailment))
        self._campaigns()
        if self.mind.left_at is not None:
            contact(
                self.chart,
                self.mind.left_at + dice.between(2, 20) * DAY,
                "ask_admin",
                channel="mail",
                topic="Records transfer request",
                unit=self.hospital.unit(life.site.key, "access"),
                words="please send my records to my new doctor",
            )

    def _campaigns(self) -> None:
        """Programmes write to everybody they can reach, sick or not."""
        life, dice, chart = self.life, self.life.dice, self.chart
        if life.email is None:
            return
        for topic in ("Flu shot reminder", "Wellness class reminder", "Portal sign-up reminder"):
            if dice.chance(0.5):
                minute = first_known(chart) + dice.between(1, self.hospital.plan.days) * DAY
                contact(
                    chart,
                    minute,
                    "remind",
                    direction="out",
                    channel="email",
                    sender="campaigns",
                    outcome="delivered",
                    automated=True,
                    topic=topic,
                )

    def _visit(self, kind: str, start: int, reason: Reason | None, ailment: Ailment | None) -> int:
        if kind == "ed":
            return self._emergency(start, reason or URGENT[0])
        if kind in ("surgery", "birth"):
            return self._planned_stay(start, reason or SURGERY[0], kind)
        return self._booked(kind, start, reason, ailment)

    def _unit_for(self, ailment: Ailment | None, start: int) -> Unit:
        site = self.life.site.key
        kind = ailment.unit if ailment else "primary"
        annex = f"{site}-heart-annex"
        if (
            kind == "heart"
            and annex in self.hospital.units
            and start < self.hospital.merged_on * DAY
            and self.life.index % 2
        ):
            return self.hospital.units[annex]
        return self.hospital.unit(site, kind)

    def _booked(self, kind: str, start: int, reason: Reason | None, ailment: Ailment | None) -> int:
        life, dice, chart = self.life, self.life.dice, self.chart
        unit = self._unit_for(ailment, start)
        doctor = life.pcp if unit.kind == "primary" and dice.chance(0.8) else dice.pick(unit.staff["doctor"])
        stakes = ailment.stakes if ailment else reason.stakes if reason else 200
        ask = Ask(
            unit,
            doctor,
            start,
            20 if stakes < 500 else 40,
            "",
            dice.skewed(1, 45),
            ailment.label if ailment else None,
            virtual=kind == "video",
        )
        booking = book(chart, ask, self.wrong, self.mind)
        if self._called_off(booking) or booking is None or booking.outcome != "kept":
            return start
        visit = Visit(
            life,
            unit,
            "Video visit" if kind == "video" else "Office visit",
            "VR" if kind == "video" else "AMB",
            start - dice.between(-8, 20),
            reason,
            ailment,
            stakes,
        )
        visit.id, visit.planned, visit.appointment, visit.doctor = chart.new_id("e"), start, booking.id, doctor
        if visit.t >= chart.limit:
            return start
        ask_before(chart, visit)
        if kind == "video":
            video(visit, self.wrong)
        elif dice.chance(0.012):
            not_served(visit, self.hospital, self.wrong)
        else:
            clinic(visit, self.hospital, self.wrong)
        end = self._write(visit)
        kept(chart, booking, visit.parts[0].start, end)
        self._told_to_book(visit, end)
        return end or chart.now

    def _called_off(self, booking: Booking | None) -> bool:
        """True for somebody who has left us; what was still booked is called off."""
        left = self.mind.left_at
        if left is not None and booking is not None and booking.outcome in ("kept", "ahead"):
            called_off(self.chart, booking, left + 2 * DAY)
        return left is not None

    def _told_to_book(self, visit: Visit, end: int | None) -> None:
        """Told to come back, or to book elsewhere: a request; many never book (the next planned visit is another
        matter).
        """
        dice = self.life.dice
        if end is None or end >= self.chart.limit or not dice.chance(0.3):
            return
        clock, chart, unit, doctor = self.life.site.clock, self.chart, visit.unit, visit.doctor
        elsewhere = unit.kind == "primary" and dice.chance(0.3)
        if elsewhere:
            unit = self.hospital.unit(self.life.site.key, dice.pick(("heart", "ortho", "specialty")))
            doctor = dice.pick(unit.staff["doctor"])
        due = clock.at(_weekday(clock.day_of(end) + dice.between(14, 60)), 540 + 10 * dice.between(0, 40))
        asked = order(
            chart,
            visit,
            end - 1,
            "Referral" if elsewhere else "Follow-up",
            f"{'Book a visit at' if elsewhere else 'Come back to'} {unit.name}".replace('"', ""),
            visit.doctor,
            chart.t_text(due),
        )
        chart.lived(f"ServiceRequest/{asked}", end - 1, end - 1, "refer", "customer")
        if dice.chance(0.55) and doctor:
            ask = Ask(
                unit,
                doctor,
                due,
                20,
                "",
                max(1, clock.day_of(due) - clock.day_of(end) - dice.between(1, 9)),
                visit.label,
                based_on=asked,
            )
            booking = book(chart, ask, self.wrong, self.mind)
            gone = self._called_off(booking)
            if not gone and booking is not None and booking.outcome == "kept" and due < chart.limit:
                self._come_back(visit, unit, doctor, booking, due)

    def _come_back(self, before: Visit, unit: Unit, doctor: str, booking: Booking, start: int) -> None:
        visit = Visit(
            self.life,
            unit,
            "Follow-up visit" if unit is before.unit else "Office visit",
            "AMB",
            start - self.life.dice.between(-5, 15),
            before.reason,
            before.ailment,
            max(150, before.stakes - 150),
        )
        visit.id, visit.planned, visit.appointment, visit.doctor = (
            self.chart.new_id("e"),
            start,
            booking.id,
            doctor,
        )
        if visit.t >= self.chart.limit:
            return
        ask_before(self.chart, visit)
        clinic(visit, self.hospital, self.wrong)
        end = self._write(visit)
        kept(self.chart, booking, visit.parts[0].start, end)

    def _emergency(self, start: int, reason: Reason) -> int:
        life, dice, hospital = self.life, self.life.dice, self.hospital
        unit = hospital.unit(life.site.key, "ed")
        visit = Visit(life, unit, "Emergency visit", "EMER", start, reason, None, reason.stakes)
        visit.id, visit.esi = self.chart.new_id("e"), dice.pick(reason.esi)
        if visit.t >= self.chart.limit:
            return start
        visit.doctor = dice.pick(unit.staff["doctor"])
        bay = place_of(visit, "bay")
        if emergency(visit, hospital, self.wrong):
            visit.add("board", dice.skewed(20, 300), "mixed", bay, "nurse", "in-progress", visit.wish)
            visit.admitted_at, visit.class_code = visit.t, "IMP"
            stay(visit, hospital.unit(life.site.key, "medical"), hospital, False, dice.skewed(1, 9))
        elif visit.disposition == "home":
            go_home(visit, bay, hospital)
        return self._write(visit) or self.chart.now

    def _planned_stay(self, start: int, reason: Reason, kind: str) -> int:
        life, dice, hospital, chart = self.life, self.life.dice, self.hospital, self.chart
        ward = hospital.unit(life.site.key, "surgical" if kind == "surgery" else "maternity")
        doctor = dice.pick(ward.staff["doctor"])
        start = start - 120
        ask = Ask(ward, doctor, start, 120, "", dice.between(7, 40))
        booking = book(chart, ask, self.wrong, self.mind)
        if self._called_off(booking) or booking is None or booking.outcome != "kept" or start >= chart.limit:
            return start
        visit = Visit(life, ward, "Hospital stay", "IMP", start - 15, reason, None, reason.stakes)
        visit.id, visit.planned, visit.appointment = chart.new_id("e"), start, booking.id
        if visit.t >= chart.limit:
            return start
        register(visit, hospital, self.wrong, (6, 15))
        if kind == "birth":
            in_labour(visit)
        stay(visit, ward, hospital, True, dice.skewed(1, 5))
        end = self._write(visit)
        kept(chart, booking, visit.parts[0].start, end)
        return end or chart.now

    def _write(self, visit: Visit) -> int | None:
        """Evidence of a visit, what it did to the person, and what follows. Gives its end; None while it goes on."""
        chart = self.chart
        parts = known_parts(chart, visit)
        write_encounter(chart, visit, parts)
        after = write_events(chart, visit, parts)
        points = self.mind.after_visit(chart, visit, parts)
        follow(chart, visit, parts, after)
        if parts[-1].end is not None:
            ask_after(chart, visit, parts, points)
        return parts[-1].end
