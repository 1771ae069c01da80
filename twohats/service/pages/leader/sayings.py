"""What people say as patients and as customers: the same numbers for each hat, each with its sentence."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.facts import Fact
from twohats.service.pages.leader import measures
from twohats.service.pages.leader.heard import Cell, Clauses, Heard
from twohats.service.pages.leader.sides import too_few
from twohats.store.disclosure import FEWEST
from twohats.store.estimates import wilson

HATS = ("patient", "customer")
SHARES = {"praise": lambda said: said.praise, "complaints": lambda said: said.complaints}


def sayings(heard: Heard, months: list[str], unit: str, month: str, when: str) -> list[dict[str, Any]]:
    """For either hat: a sentence, three facts, the touchpoints most spoken of. A change is looked for in `months`."""
    return [_side(heard, months, Cell(unit, month, hat), when) for hat in HATS]


def _side(heard: Heard, months: list[str], cell: Cell, when: str) -> dict[str, Any]:
    said = heard.clauses(cell)
    most = heard.most_spoken_of(cell) if said is not None and said.clauses else []
    return {
        "hat": cell.hat, "sentence": _sentence(cell.hat, said, most), "facts": _facts(heard, months, cell, said, when),
        "most": [_spoken_of(touchpoint, about) for touchpoint, about in most],
        "none_shown": _("No touchpoint is shown: fewer than 11 people spoke of each, or it would give such a one away.")
        if said and said.clauses else "",
    }


def _sentence(hat: str, said: Clauses | None, most: list[tuple[str, Clauses]]) -> str:
    if said is None:
        return too_few()
    if not said.clauses:
        return _("Nobody said anything in this period.")
    share = {"praise": wording.hundredths(said.praise, said.clauses),
             "complaints": wording.hundredths(said.complaints, said.clauses)}
    first = {
        "patient": _("When people speak of care, praise is in %(praise)s of 100 clauses, a complaint or a suggestion "
                     "in %(complaints)s."),
        "customer": _("When people speak of everything around care, praise is in %(praise)s of 100 clauses, a "
                      "complaint or a suggestion in %(complaints)s."),
    }[hat] % share
    if not most:
        return first
    return first + " " + _("Most spoken of: %(touchpoint)s.") % {"touchpoint": wording.touchpoint(most[0][0])}


def names() -> tuple[str, str, str]:
    """The names of the facts, in their one order."""
    return _("Clauses"), _("Praise"), _("Complaints and suggestions")


def _facts(heard: Heard, months: list[str], cell: Cell, said: Clauses | None, when: str) -> list[Fact]:
    if said is None:
        return [Fact(name, None, "", "", too_few()) for name in names()]
    if not said.clauses:
        return [Fact(name, None, "", "", _("None in this period.")) for name in names()]
    return [_count(said, when), *(_share(heard, months, cell, said, when, part) for part in SHARES)]


def _count(said: Clauses, when: str) -> Fact:
    says = ngettext("Said by %(people)s person, %(when)s. Neither more nor fewer is better. Of %(unsure)s of 100 we "
                    "are not sure that they belong here.",
                    "Said by %(people)s people, %(when)s. Neither more nor fewer is better. Of %(unsure)s of 100 we "
                    "are not sure that they belong here.", said.people) % {
        "people": wording.whole(said.people), "when": when, "unsure": wording.hundredths(said.unsure, said.clauses)}
    return Fact(names()[0], wording.whole(said.clauses), "", says, meaning=_(
        "A clause is a piece of a comment about one thing. Each gets the hat, the touchpoint and the tone that its "
        "words tell; what colleagues corrected holds. What relatives tell counts on the side of customers. Comments "
        "of which nobody was found count as one person each. Table: heard, columns clauses and people."))


def _share(heard: Heard, months: list[str], cell: Cell, said: Clauses, when: str, part: str) -> Fact:
    count = SHARES[part]
    low, high = wilson(count(said), said.clauses)
    better = {"praise": _("Higher is better."), "complaints": _("Lower is better.")}[part]
    points = [(month, 100 * count(one) / one.clauses) for month in months
              if (one := heard.clauses(cell._replace(month=month))) and one.clauses >= FEWEST]
    says = _("Of %(n)s clauses (%(low)s to %(high)s of 100), %(when)s.") % {
        "n": wording.whole(said.clauses), "low": wording.whole(100 * low), "high": wording.whole(100 * high),
        "when": when}
    fact = Fact(names()[1 + list(SHARES).index(part)], wording.hundredths(count(said), said.clauses), _("of 100"),
                f"{says} {better} {measures.moved(points, cell.month)}")
    return replace(fact, meaning=_counting(part))


def _counting(part: str) -> str:
    return {
        "praise": _("Clauses whose words praise, of all clauses under this hat. The range in brackets would hold the "
                    "true share 95 times in 100 (Wilson). Table: heard, columns praise and clauses."),
        "complaints": _("Clauses whose words complain or suggest something better, of all clauses under this hat. The "
                        "range in brackets would hold the true share 95 times in 100 (Wilson). Table: heard, columns "
                        "complaints and clauses."),
    }[part]


def _spoken_of(touchpoint: str, said: Clauses) -> dict[str, str]:
    low, high = wilson(said.praise, said.clauses)
    return {
        "name": wording.touchpoint(touchpoint), "clauses": wording.whole(said.clauses),
        "people": wording.whole(said.people), "praise": wording.hundredths(said.praise, said.clauses),
        "range": _("%(low)s to %(high)s") % {"low": wording.whole(100 * low), "high": wording.whole(100 * high)},
    }
