"""A vendor's figure beside ours of the same answers: do they agree, and if not, which other count of ours is theirs?

Ours are unadjusted shares of best answers, a composite the plain mean of its items, over patients and proxies who
answer for them. Family answers are in no official score.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from twohats.words.instruments import AnswerScale

from .codes import number_in
from .scales import Box, ScaleType, scale_of

Form = tuple[object, ...]
"""What tells one filled-in form from another."""


class Day(StrEnum):
    """By which day an answer belongs to a period."""

    DISCHARGE = "discharge"
    """The day the visit ended, as HCAHPS counts."""
    ANSWER = "answer"
    """The day the form was answered."""


@dataclass(frozen=True)
class Answer:
    """One answer that lies on its scale."""

    form: Form
    is_best: bool
    mode: str
    respondent: str
    """self, proxy or family."""
    days: Mapping[Day, date | None]


@dataclass(frozen=True)
class Period:
    """Days, both ends included, under the name a person gave them."""

    name: str
    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it; a day that is not known lies in none."""
        return day is not None and self.first <= day <= self.last

    def beside(self) -> tuple["Period", "Period"]:
        """As many days before it and after it."""
        length = self.last - self.first
        before, after = self.first - timedelta(days=1), self.last + timedelta(days=1)
        return (Period("the time before", before - length, before), Period("the time after", after, after + length))


@dataclass(frozen=True)
class Theirs:
    """One line of a vendor's file. `top_box` is in percent, correct to `rounding` either way."""

    unit: str
    measure: str
    n: int
    top_box: float
    rounding: float
    mode: str = ""


@dataclass(frozen=True)
class Figure:
    """Filled-in forms with an answer, and the share of best answers in percent; None of nobody."""

    n: int
    top_box: float | None

    def is_theirs(self, theirs: Theirs) -> bool:
        """The same count, and the same share as far as theirs was written."""
        return self.n == theirs.n and self.is_share(theirs)

    def is_share(self, theirs: Theirs) -> bool:
        """The same share as far as theirs was written."""
        return self.top_box is not None and abs(self.top_box - theirs.top_box) <= theirs.rounding + 1e-9


@dataclass(frozen=True)
class Compared:
    """A line of theirs beside ours; `reason` is '' where they agree."""

    theirs: Theirs
    ours: Figure
    reason: str
    why: str

    @property
    def difference(self) -> float | None:
        """Ours less theirs, in points of a hundred."""
        return None if self.ours.top_box is None else self.ours.top_box - self.theirs.top_box


@dataclass
class Answers:
    """Every answer by unit (with those of all units below it) and item."""

    day: Day
    by: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)

    def add(self, units: Iterable[str], item: str, answer: Answer) -> None:
        """Counts it in a unit and all above it."""
        for unit in units:
            self.by.setdefault((unit, item), []).append(answer)

    def figure(self, unit: str, items: Sequence[str], counts: Callable[[Answer], bool]) -> Figure:
        """The figure of those answers that count."""
        forms: set[Form] = set()
        shares = []
        for item in items:
            held = [answer for answer in self.by.get((unit, item), ()) if counts(answer)]
            forms.update(answer.form for answer in held)
            if held:
                shares.append(100 * sum(answer.is_best for answer in held) / len(held))
        return Figure(len(forms), sum(shares) / len(shares) if shares else None)


def best_answer(text: str, scale: AnswerScale) -> bool | None:
    """Whether it is in the best box; None for what lies on no scale: blank, "does not apply", 98."""
    kind = scale_of(ScaleType(scale.type), scale.low, scale.high,
                    tuple(Box(str(at), low, high) for at, (low, high) in enumerate(scale.boxes)))
    said = text.strip().lower()
    number = dict(scale.written).get(said)
    if number is None:
        number = dict(scale.words).get(said)
    if number is None and not scale.written:
        number = number_in(said)
    if number is None or not kind.counts(np.array([number]))[0]:
        return None
    return bool(kind.boxes[kind.top].holds(np.array([number]))[0])


def compared(answers: Answers, theirs: Theirs, items: Sequence[str], period: Period) -> Compared:
    """Ours of the period, by the day chosen, in their mode where they name one; and why it is not theirs."""
    ours = answers.figure(theirs.unit, items, usual(answers.day, period, theirs.mode))
    if ours.is_theirs(theirs):
        return Compared(theirs, ours, "", "")
    for reason, why, counts in _others(answers, theirs, items, period):
        if theirs.n and answers.figure(theirs.unit, items, counts).is_theirs(theirs):
            return Compared(theirs, ours, reason, why)
    if not ours.n:
        return Compared(theirs, ours, "none_with_us", "We hold no such answers of this period.")
    if ours.n != theirs.n:
        more = "fewer" if theirs.n < ours.n else "more"
        same = "the share is the same" if ours.is_share(theirs) else "the share follows from that or is adjusted"
        return Compared(theirs, ours, "other_n", f"They count {more} people; {same}.")
    return Compared(theirs, ours, "other_share", "As many people, another share: adjusted, or another box.")


def usual(
    day: Day, period: Period, mode: str = "", respondents: Sequence[str] = ("self", "proxy")
) -> Callable[[Answer], bool]:
    """Which answers count: of the period by that day, in that mode where one is named, of those respondents."""
    return lambda answer: (period.holds(answer.days[day]) and answer.respondent in respondents
                           and (not mode or answer.mode == mode))


def _others(
    answers: Answers, theirs: Theirs, items: Sequence[str], period: Period
) -> Iterator[tuple[str, str, Callable[[Answer], bool]]]:
    """The other ways to count that vendors are known for, each with its reason and sentence."""
    day, other = answers.day, Day.ANSWER if answers.day is Day.DISCHARGE else Day.DISCHARGE
    named = {Day.DISCHARGE: "the day of discharge", Day.ANSWER: "the day of the answer"}
    yield ("other_period", f"Theirs are those of the period by {named[other]}, ours by {named[day]}.",
           usual(other, period, theirs.mode))
    for beside in period.beside():
        yield "other_period", f"Theirs are those of {beside.name}.", usual(day, beside, theirs.mode)
    modes = {answer.mode for item in items for answer in answers.by.get((theirs.unit, item), ()) if answer.mode}
    for mode in sorted(modes - {theirs.mode}):
        yield "other_mode", f"Theirs are the answers by {mode} alone.", usual(day, period, mode)
    if theirs.mode:
        yield "other_mode", "Theirs are the answers of all modes.", usual(day, period, "")
    yield ("other_people", "Theirs count family members who answer for themselves.",
           usual(day, period, theirs.mode, ("self", "proxy", "family")))
    yield "other_people", "Theirs leave out proxies.", usual(day, period, theirs.mode, ("self",))
