"""How the forms behind a survey's scores were answered: by which mode, in which language, by whom; small groups hidden.

Modes or languages that fewer than 30 people used in a year are told together as others: alone they would only be
hidden, and others beside them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import COMPARABLE, REST, Numbers, numbers_of, other_numbers_of
from twohats.service.pages.published import Published, beside_another
from twohats.service.releases import once_a_release
from twohats.store.disclosure import WHOLE
from twohats.store.margins import FEWEST
from twohats.words.measures import FAMILY, Measure

ALL, OTHERS, PROXY = "all", "others", "proxy"
CUTS = ("mode", "language", "respondent")
FAR = 0.20
"""So far apart two mixes of modes are asked by different ways: 20 of 100 answered by another way."""

ROUNDING = 1e-9


class Cell(NamedTuple):
    """Forms of a survey (relatives' own apart), a unit with all below it, a period, a cut and a value of it."""

    score: str
    unit: str
    period: str
    cut: str
    value: str


class Mix(NamedTuple):
    """The shares of forms by mode, by language and by who answered; what is hidden is not in it."""

    mode: Mapping[str, float]
    language: Mapping[str, float]
    respondent: Mapping[str, float]


class AnsweredHow(Published):
    """How the forms of a release were answered."""

    def __init__(self, reader: Any, numbers: Numbers) -> None:
        self.numbers = numbers
        self.people: dict[Cell, int] = {}
        self.counts: dict[Cell, int] = {}
        rows = reader.rows("SELECT * FROM answered_how", ())
        together = _told_together(rows)
        for row in rows:
            kind = numbers.kinds.get(row["unit"].removesuffix(REST))
            if periods.kind_of(row["period"]) not in periods.asked_told_of(kind):
                continue
            is_other = (row["score"], row["period"][:4], row["cut"], row["value"]) in together
            cell = Cell(row["score"], row["unit"], row["period"], row["cut"], OTHERS if is_other else row["value"])
            self.people[cell] = max(self.people.get(cell, 0), row["people"])
            self.counts[cell] = self.counts.get(cell, 0) + row["forms"]
        self.periods = {cell.period for cell in self.people}
        self.parts: dict[tuple[str, ...], list[Cell]] = {}
        for cell in self.people:
            self.parts.setdefault(cell[:4], []).append(cell)
        self._count_others()
        self.families = list(self._families())
        self.guard()

    def mix(self, score: str, unit: str, period: str) -> Mix | None:
        """How the forms of a survey were answered there; None where it may not be told."""
        whole = Cell(score, unit, period, ALL, WHOLE)
        if whole not in self.people or whole in self.hidden or self.people[whole] < FEWEST:
            return None
        return Mix(*(self._shares(whole, cut) for cut in CUTS))

    def _count_others(self) -> None:
        """At least so many people are the others: the most of one of them, and all who are none of those by name.

        One person may have answered by two ways, so the people of several are not added up.
        """
        for cell in [cell for cell in self.people if cell.value == OTHERS]:
            named = sum(self.people[one] for one in self.parts[cell[:4]] if one != cell)
            whole = self.people[Cell(*cell[:3], ALL, WHOLE)]
            self.people[cell] = max(self.people[cell], whole - named)

    def _shares(self, whole: Cell, cut: str) -> dict[str, float]:
        """The largest first, the others last; none where only they are told."""
        of_cut = [cell for cell in self.parts.get((*whole[:3], cut), ()) if cell not in self.hidden]
        in_order = sorted(of_cut, key=lambda cell: (cell.value == OTHERS, -self.counts[cell], cell.value))
        if [cell.value for cell in in_order] == [OTHERS]:
            return {}
        return {cell.value: self.counts[cell] / self.counts[whole] for cell in in_order}

    def _families(self) -> Iterator[tuple[Cell, list[Cell]]]:
        """What adds up: the values of a cut, the units below a unit, the shorter periods in a longer one."""
        for cell in self.people:
            if cell.cut == ALL:
                for cut in CUTS:
                    if parts := self.parts.get((*cell[:3], cut)):
                        yield cell, parts
        for cell in sorted(self.people, key=lambda cell: cell.cut == ALL):
            children = (*self.numbers.cube.children.get(cell.unit, ()), cell.unit + REST)
            below = [cell._replace(unit=child) for child in children]
            shorter = [cell._replace(period=part) for part in periods.inside(cell.period, self.periods)]
            for parts in (below, shorter):
                if any(part in self.people for part in parts):
                    yield cell, [part for part in parts if part in self.people]


def _told_together(rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, str, str, str]]:
    """The modes and languages, by survey and year, that fewer than 30 people used; one alone keeps its name."""
    few: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        is_year = row["unit"] == WHOLE and periods.kind_of(row["period"]) == periods.YEAR
        if is_year and row["cut"] in ("mode", "language") and row["people"] < COMPARABLE:
            few.setdefault((row["score"], row["period"], row["cut"]), []).append(row["value"])
    return {(*of, value) for of, values in few.items() if len(values) > 1 for value in values}


def score_of(declared: Measure) -> str:
    """Which forms a measure counts: those of an instrument, or what relatives say on them; '' where it asks nobody."""
    return declared.survey + (FAMILY if declared.survey and declared.key.endswith(FAMILY) else "")


def distance(one: Mix, other: Mix) -> float:
    """The share of forms that would have to be answered by another mode, at least, for two mixes to be alike.

    Modes of which either does not tell how many there were are taken together.
    """
    both = {mode for mode in {*one.mode, *other.mode} - {OTHERS} if all(
        mode in mix.mode or _is_whole(mix) for mix in (one, other))}
    apart = [one.mode.get(mode, 0.0) - other.mode.get(mode, 0.0) for mode in both]
    return (sum(map(abs, apart)) + abs(sum(apart))) / 2


def _is_whole(mix: Mix) -> bool:
    """Whether every mode is told by its name."""
    return OTHERS not in mix.mode and sum(mix.mode.values()) > 1 - ROUNDING


def with_care(mixes: Iterable[Mix | None]) -> str:
    """That what stands side by side was asked by different ways; '' where it was not."""
    told = [mix for mix in mixes if mix is not None]
    if any(distance(one, other) > FAR for one, other in combinations(told, 2)):
        return _("Asked by different ways (more than 20 of 100 answered by another one): compare with care.")
    return ""


def line(held: AnsweredHow, score: str, unit: str, period: str) -> str:
    """Mode, language, who answered and response rate, in one line; '' for what was not asked."""
    if not score:
        return ""
    return " ".join((_mix_said(held.mix(score, unit, period)), response_rate(held.numbers, unit, period)))


def _mix_said(mix: Mix | None) -> str:
    if mix is None or not (mix.mode or mix.language or PROXY in mix.respondent):
        return _("How it was answered is not told: too few people.")
    said = [_listed(mix.mode, _mode) or _("by ways not told"), _listed(mix.language, _language)]
    if PROXY in mix.respondent:
        said.append(_("for the person by somebody else %(share)s") % {"share": _share(mix.respondent[PROXY])})
    return _("Answered %(how)s.") % {"how": "; ".join(part for part in said if part)}


def _listed(shares: Mapping[str, float], name: Any) -> str:
    """Each value with its share; the rest, where some is hidden, as not told."""
    if not shares:
        return ""
    listed = [f"{name(value)} {_share(share)}" for value, share in shares.items()]
    return ", ".join([*listed, *([_("the rest not told")] if sum(shares.values()) < 1 - ROUNDING else [])])


def _share(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def _mode(value: str) -> str:
    return {"sms": _("by text message"), "web": _("on the web"), "mail": _("by letter"), "email": _("by e-mail"),
            "phone": _("by phone"), "portal": _("in the portal"), "paper": _("on paper"),
            "unknown": _("by a way not known"), OTHERS: _("by other ways")}.get(value, value)


def _language(value: str) -> str:
    if value in ("unknown", OTHERS):
        return _("in a language not known") if value == "unknown" else _("in other languages")
    name = wording.language_name(value)
    return _("in %(language)s") % {"language": name if wording.language() == "en" else name.lower()}


def response_rate(numbers: Numbers, unit: str, period: str) -> str:
    """The share of requests for an opinion that were answered, of all surveys together: none says for which it was."""
    told = numbers.told("opinion_answered", unit, period)
    if told.value is not None:
        return _("%(share)s of all requests for an opinion sent here were answered.") % {"share": _share(told.value)}
    if told.why_not == "none":
        return _("No request for an opinion sent here is known.")
    return _("The response rate is not told.")


@once_a_release
def answered_how_of(reader: Any) -> AnsweredHow:
    """How the forms of a release were answered, read once."""
    return beside_another(
        reader, lambda one: AnsweredHow(one, numbers_of(one) if one is reader else other_numbers_of(one))
    )
