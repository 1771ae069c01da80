"""Surveys: what was wanted, asked before; how it was, asked after; and the comments people add."""

from twohats.demo.chart import Chart
from twohats.demo.clock import DAY
from twohats.demo.comments import comment_on
from twohats.demo.contacts import contact, text_to
from twohats.demo.dice import Dice
from twohats.demo.hospital import Unit
from twohats.demo.visits import Part, Visit

_FREQUENCY = ("never", "sometimes", "usually", "always")
_ITEMS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "AMB": (
        "CG-CAHPS",
        (
            ("ACC_ROUTINE", "wait"),
            ("COM_LISTEN", "care"),
            ("COM_EXPLAIN", "care"),
            ("COM_TIME", "care"),
            ("STAFF_HELPFUL", "desk"),
            ("RATING", "rating"),
        ),
    ),
    "VR": ("CG-CAHPS", (("COM_LISTEN", "care"), ("COM_TIME", "care"), ("RATING", "rating"))),
    "EMER": ("ED CAHPS", (("ED_TIMELY", "wait"), ("ED_COMM", "care"), ("ED_FOLLOW", "care"), ("ED_RATE", "rating"))),
    "IMP": (
        "HCAHPS",
        (
            ("NURSE_LISTEN", "care"),
            ("DOCTOR_LISTEN", "care"),
            ("DOCTOR_EXPLAIN", "care"),
            ("CLEAN", "place"),
            ("QUIET", "place"),
            ("CALL_BUTTON", "care"),
            ("INFORMED", "care"),
            ("HSP_RATING", "rating"),
        ),
    ),
}


def ask_before(chart: Chart, visit: Visit) -> None:
    """Quick and done, or time? Asked by text the day before; a share answers, most of them as they feel."""
    life, dice = chart.life, chart.life.dice
    asked = visit.planned - DAY + 30
    if not life.phone or visit.planned - asked < 60 or asked >= chart.limit or not dice.chance(0.35):
        return
    said = visit.wish if dice.chance(0.93) else ("time" if visit.wish == "speed" else "speed")
    form = _Form(chart, visit.unit, asked, asked + dice.between(5, 600), "sms", visit.id)
    form.answer("pulse", "quick_or_time", "time" if said == "time" else "quick")


def ask_after(chart: Chart, visit: Visit, parts: list[Part], points: float) -> None:
    """A survey some days after; one in four answers, half of them write something."""
    life, dice = chart.life, chart.life.dice
    end = parts[-1].end
    if end is None or (life.died is not None and end >= life.died):
        return
    mode = dice.pick(("sms", "web", "mail", "phone")) if life.phone else "mail"
    asked = end + dice.between(1, 4) * DAY
    if asked >= chart.limit:
        return
    if mode == "sms":
        words = ("How was your visit?", "Como fue su visita?")
        text_to(chart, asked, "ask_opinion", sender="surveys", unit=visit.unit, words=words)
    if mode == "mail":
        contact(
            chart,
            asked,
            "ask_opinion",
            direction="out",
            channel="mail",
            sender="surveys",
            unit=visit.unit,
            outcome="delivered",
            automated=True,
        )
    answered = asked + dice.skewed(10, 12 * DAY)
    if not dice.chance(0.27) or answered >= chart.limit:
        return
    form = _Form(chart, visit.unit, asked, answered, mode, visit.id)
    survey, items = _ITEMS[visit.class_code]
    for item, about in items:
        form.answer(survey, item, _value(chart, about, points, parts))
    form.answer("pulse", "satisfaction", f"{points:.0f}")
    form.answer("pulse", "effort", str(max(1, min(7, round((100 - points) / 12 + dice.between(-1, 1))))))
    form.answer("pulse", "enough_time", _enough(life.opinion, visit, parts), life.opinion)
    if visit.understood is not None:
        knows = "yes" if life.teaching.chance(0.95 if visit.understood else 0.55) else "no"
        form.answer("pulse", "know_what_to_watch", knows, life.teaching)
    if dice.chance(0.55):
        comment_on(chart, visit, parts, points, form.key, form.who, form.respondent, answered)


def _value(chart: Chart, about: str, points: float, parts: list[Part]) -> str:
    dice = chart.life.dice
    if about == "rating":
        return str(max(0, min(10, round(points / 10) + dice.between(0, 2))))
    level = points / 22 + dice.between(-5, 5) / 10
    if about == "care" and any(part.wrong == "hurried" for part in parts):
        level -= 1
    if about in ("desk", "wait") and any(part.wrong == "over_engaged" for part in parts):
        level -= 0.8
    return _FREQUENCY[max(0, min(3, int(level)))]


def _enough(dice: Dice, visit: Visit, parts: list[Part]) -> str:
    """Was the time enough? Who was hurried mostly says less, who was kept longer than they wished mostly more."""
    wrongs = {part.wrong for part in parts}
    less = 0.72 if "hurried" in wrongs else 0.14 if visit.wish == "time" else 0.07
    more = 0.55 if "over_engaged" in wrongs and "hurried" not in wrongs else 0.05
    roll = dice.roll()
    return "less" if roll < less else "more" if roll < less + more else "right"


def ask_after_call(chart: Chart, call: str, unit: Unit, minute: int, points: float) -> None:
    """Two questions by text after a call; one in seven answers."""
    dice = chart.life.dice
    answered = minute + dice.between(5, 400)
    if not dice.chance(0.15) or answered >= chart.limit:
        return
    form = _Form(chart, unit, minute + 3, answered, "sms", call=call)
    form.answer("pulse", "satisfaction", f"{points:.0f}")
    form.answer("pulse", "effort", str(max(1, min(7, round((100 - points) / 12 + dice.between(-1, 1))))))


class _Form:
    """One filled-in form."""

    def __init__(
        self, chart: Chart, unit: Unit, asked: int, answered: int, mode: str, encounter: str = "", call: str = ""
    ) -> None:
        life = chart.life
        self.chart, self.unit, self.mode, self.encounter, self.call = chart, unit, mode, encounter, call
        self.asked, self.answered = chart.t_text(asked), chart.t_text(answered)
        self.known = answered < chart.limit
        self.key = chart.new_id("w")
        self.who = chart.identifiers(answered)
        roll = life.dice.roll()
        self.respondent = (
            "proxy" if life.minor or roll < 0.03 else "family" if roll < 0.07 and life.relative else "self"
        )

    def answer(self, survey: str, item: str, value: str, slips: Dice | None = None) -> None:
        """One answer, unless nobody was there to give it; `slips` draws whether it lost what it is about."""
        if not self.known:
            return
        chart = self.chart
        key = chart.new_id("y")
        untied = (slips or chart.life.slips).chance(0.12)
        language = chart.life.language if chart.life.language in ("en", "es") else "en"
        chart.row(
            "csv/surveys",
            key,
            self.key,
            *self.who,
            survey,
            item,
            value,
            self.asked,
            self.answered,
            self.mode,
            language,
            self.respondent,
            "" if untied else self.encounter,
            "" if untied else self.call,
            self.unit.id,
        )
        chart.tie("surveys", key)
