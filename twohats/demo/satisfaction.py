"""What people think of it: satisfaction follows from what happened, with the planted effects on top."""

from twohats.demo.chart import Chart
from twohats.demo.clock import utc_text
from twohats.demo.visits import Part, Visit

BASE = 72
"""Points of somebody of even temper after a smooth visit."""
ELIGIBLE = {"register": "customer", "treat": "patient"}
"""Parts of a visit that can be served in the wrong hat."""


class Mind:
    """One person's mind: how content they are after each dealing, and whether they leave."""

    __slots__ = ("left_at", "score")

    def __init__(self) -> None:
        self.left_at: int | None = None
        self.score = 0.0

    def after_visit(self, chart: Chart, visit: Visit, parts: list[Part]) -> float:
        """Points after a visit; writes who was served how, and draws whether they leave."""
        life = chart.life
        waited = sum(part.end - part.start for part in parts if part.act == "wait" and part.end is not None)
        touched = [part for part in parts if part.drawn and part.end is not None]
        wrongs = {part.wrong for part in touched}
        points = _points(chart, wrongs)
        self.score = BASE + life.mood - min(10, waited / 15) + points + life.dice.between(-8, 8)
        end = parts[-1].end if parts[-1].end is not None else chart.now
        left = self._leaves(chart, wrongs, end)
        for part in touched:
            self._served(
                chart,
                visit.id,
                f"Encounter/{visit.id}",
                part.start,
                part.hat,
                part.act,
                part.wanted,
                (part.end or part.start) - part.start,
                part.wrong,
                left,
            )
        return self.score

    def after_contact(
        self, chart: Chart, contact: str, minute: int, act: str, hat: str, wanted: str, given: int, wrong: str
    ) -> float:
        """Points after a call that could go wrong."""
        points = _points(chart, {wrong})
        self.score = BASE + chart.life.mood + points + chart.life.dice.between(-8, 8)
        left = self._leaves(chart, {wrong}, minute)
        self._served(chart, "", f"contacts/{contact}", minute, hat, act, wanted, given, wrong, left)
        return self.score

    def _leaves(self, chart: Chart, wrongs: set[str], minute: int) -> bool:
        plan, chance = chart.hospital.plan, chart.hospital.plan.leaving
        if "over_engaged" in wrongs:
            chance += plan.over_engaged_leaving
        if "hurried" in wrongs:
            chance += plan.hurried_leaving
        left = chart.life.dice.chance(chance) and self.left_at is None and minute < chart.limit
        if left:
            self.left_at = minute
        return left

    def _served(
        self,
        chart: Chart,
        encounter: str,
        resource: str,
        start: int,
        hat: str,
        act: str,
        wanted: str,
        given: int,
        wrong: str,
        left: bool,
    ) -> None:
        plan, life = chart.hospital.plan, chart.life
        points = (
            plan.over_engaged_points if wrong == "over_engaged" else plan.hurried_points if wrong == "hurried" else 0
        )
        eligible = wanted == ("speed" if ELIGIBLE.get(act, "customer") == "customer" else "time")
        chart.lines["truth/served"].append(
            f"{life.id},{encounter},{resource},{utc_text(start)},{hat},{act},{wanted},{given},"
            f"{'true' if eligible else 'false'},"
            f"{wrong},{'true' if life.unhappy else 'false'},{points:g},{self.score:.2f},{'true' if left else 'false'}"
        )


def _points(chart: Chart, wrongs: set[str]) -> float:
    plan = chart.hospital.plan
    return (plan.over_engaged_points * ("over_engaged" in wrongs)) + (plan.hurried_points * ("hurried" in wrongs))
