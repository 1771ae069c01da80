"""Both experiences as equals: the same facts for each hat, in the same order, each number with its sentence."""

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.facts import Fact
from twohats.service.pages.leader import measures
from twohats.service.pages.leader.cube import Sums
from twohats.store.estimates import Z95
from twohats.store.margins import FEWEST


def facts(hat: str, sums: Sums | None, all_people: int | None, when: str, moved: Mapping[str, str]) -> list[Fact]:
    """Dealings, people, minutes, waits and moments to take time over, for one hat, each with its period.

    `moved` says of each measure whether it moved.
    """
    if sums is None:
        return [Fact(name, None, "", "", too_few()) for name in names()]
    if not sums.interactions:
        return [Fact(name, None, "", "", _("None in this period.")) for name in names()]
    told = [_dealings(sums, when), _people(sums, all_people, when), _minutes(hat, sums, when), _waits(sums, when),
            _vulnerable(sums, when)]
    return [_whole(fact, moved[measure], measures.meaning(measure))
            for fact, measure in zip(told, measures.MEASURES, strict=True)]


def _whole(fact: Fact, moved: str, meaning: str) -> Fact:
    says = f"{fact.says} {moved}" if fact.value is not None else fact.says
    return replace(fact, says=says, meaning=meaning)


def names() -> tuple[str, str, str, str, str]:
    """The names of the facts, in their one order."""
    return _("Dealings with us"), _("People"), _("Minutes each time"), _("Waiting"), _("May be worried")


def too_few() -> str:
    """Said in place of every number that fewer than 11 people stand behind."""
    return _("Fewer than 11 people: not shown, so that nobody can be recognised.")


def _dealings(sums: Sums, when: str) -> Fact:
    says = _("Visits in their parts, calls, messages, bills, %(when)s. Neither more nor fewer is better.") % {
        "when": when}
    return Fact(names()[0], wording.whole(sums.interactions), "", says)


def _people(sums: Sums, everybody: int | None, when: str) -> Fact:
    name, said = names()[1], {"when": when}
    if not everybody:
        return Fact(name, wording.whole(sums.people), "", _("Each counted once, %(when)s.") % said)
    if sums.people == everybody:
        says = _("Everybody seen wore this hat at least once, %(when)s.") % said
        return Fact(name, wording.whole(sums.people), "", says)
    says = _("%(n)s of 100 of the %(all)s people seen wore this hat at least once, %(when)s.") % {
        **said, "n": wording.hundredths(sums.people, everybody), "all": wording.whole(everybody)}
    return Fact(name, wording.whole(sums.people), "", says)


def _minutes(hat: str, sums: Sums, when: str) -> Fact:
    name = names()[2]
    if not sums.timed:
        return Fact(name, None, "", "", _("Not known: no length was recorded."))
    if sums.timed < FEWEST:
        return Fact(name, None, "", "", too_few())
    better = _("With a worried patient, longer is better.") if hat == "patient" else _("Shorter is better.")
    mean, reach = mean_of(sums.minutes, sums.minutes_squared, sums.timed)
    said = {"n": wording.whole(sums.timed), "hours": wording.whole(sums.minutes / 60), "when": when}
    if reach is None:
        says = _("On average, over the %(n)s dealings whose length is known (%(hours)s hours in all), %(when)s.") % said
    else:
        says = _("On average (%(low)s to %(high)s), over the %(n)s dealings whose length is known (%(hours)s hours in "
                 "all), %(when)s.") % {**said, **_range(mean, reach)}
    return Fact(name, wording.whole(mean), _("minutes"), f"{says} {better}")


def _waits(sums: Sums, when: str) -> Fact:
    name = names()[3]
    if not sums.waits:
        return Fact(name, None, "", "", _("No wait was recorded in this hat."))
    if sums.waits < FEWEST:
        return Fact(name, None, "", "", too_few())
    mean, reach = mean_of(sums.wait_minutes, sums.wait_minutes_squared, sums.waits)
    said = {"n": wording.whole(sums.waits), "when": when}
    if reach is None:
        says = ngettext("On average, over %(n)s wait, %(when)s. Shorter is better.",
                        "On average, over %(n)s waits, %(when)s. Shorter is better.", sums.waits) % said
    else:
        says = _("On average (%(low)s to %(high)s), over %(n)s waits, %(when)s. Shorter is better.") % {
            **said, **_range(mean, reach)}
    return Fact(name, wording.whole(mean), _("minutes"), says)


def mean_of(minutes: float, squared: float, count: int) -> tuple[float, float | None]:
    """The mean in minutes and half the width of its 95 % interval; None where the count is too small for one."""
    mean = minutes / count
    if count < 30:
        return mean, None
    spread = max(squared / count - mean * mean, 0.0) * count / (count - 1)
    return mean, Z95 * sqrt(spread / count)


def _range(mean: float, reach: float) -> dict[str, str]:
    return {"low": wording.whole(max(mean - reach, 0)), "high": wording.whole(mean + reach)}


def _vulnerable(sums: Sums, when: str) -> Fact:
    if 0 < sums.vulnerable < FEWEST:
        return Fact(names()[4], None, "", "", too_few())
    says = _("%(n)s dealings were marked, %(when)s: more at stake than usual, take time. This tells where, "
             "not how well.") % {"n": wording.whole(sums.vulnerable), "when": when}
    value = wording.hundredths(sums.vulnerable, sums.interactions)
    return Fact(names()[4], value, _("of 100"), says)
