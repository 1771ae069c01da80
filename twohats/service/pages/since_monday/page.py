"""What the page since last Monday says: for each hat the same four numbers, each with the way to its list."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.pages.lost_track.page import too_few
from twohats.service.pages.lost_track.reads import Count
from twohats.service.pages.since_monday.reads import HATS, WORDS, Late, Number, Overruled, Urgent, few_hidden

Fact = dict[str, Any]


def lead(urgent: Mapping[str, Urgent] | None, late: Mapping[str, Late] | None) -> str:
    """What waits for a human now, as far as the reader may see it; each of it stands on a list of its own."""
    said = []
    if urgent is not None:
        waits = sum(one.found - one.taken for one in urgent.values())
        some = ngettext("Nobody is on one urgent comment yet.", "Nobody is on %(n)s urgent comments yet.", waits)
        said.append(some % {"n": wording.whole(waits)} if waits else _("No urgent comment waits for a human."))
    if late is not None:
        over = sum(one.now for one in late.values())
        said.append(ngettext("One case is past its clock.", "%(n)s cases are past their clock.", over) % {
            "n": wording.whole(over)} if over else _("No case is past its clock."))
    return " ".join(said)


def urgent_facts(told: Mapping[str, Urgent], *, reads_words: bool) -> dict[str, Fact]:
    """Urgent comments by hat, and how long until a human was on them."""
    counts = {hat: one.found for hat, one in told.items()}
    numbers = {hat: Number(n) for hat, n in counts.items()} if reads_words else few_hidden(counts)
    return {hat: _fact(_("Urgent comments"), numbers[hat], _waits(one), reverse("alerts:list"))
            for hat, one in told.items()}


def _waits(one: Urgent) -> str:
    if not one.found:
        return _("None was found.")
    said = [_("A human was on every one.")] if one.taken == one.found else [
        _("A human was on %(taken)s of %(found)s.") % {
            "taken": wording.whole(one.taken), "found": wording.whole(one.found)}]
    if one.median is not None:
        said.append(_("Half of them had a human within %(length)s. Less is better.") % {
            "length": wording.length(one.median)})
    if one.longest is not None:
        said.append(_("The longest wait: %(length)s.") % {"length": wording.length(one.longest)})
    return " ".join(said)


def late_facts(told: Mapping[str, Late]) -> dict[str, Fact]:
    """Cases past their clock by hat; each of them stands on the list of cases anyway."""
    return {hat: _fact(_("Cases past their clock"), Number(one.now), _new(one), reverse("cases:list"))
            for hat, one in told.items()}


def _new(one: Late) -> str:
    if not one.now:
        return _("No case is late.")
    return ngettext("The clock of %(n)s ran out since Monday. Fewer is better.",
                    "The clocks of %(n)s ran out since Monday. Fewer is better.", one.new) % {
        "n": wording.whole(one.new)}


def lost_facts(told: Mapping[str, Count] | None) -> dict[str, Fact]:
    """People we lost track of by hat; None: the release ends before the Monday."""
    name, address = _("People we lost track of"), reverse("lost_track:lists")
    if told is None:
        return {hat: {"name": name, "value": "0" if hat == "unknown" else None, "says": "", "address": address,
                      "instead": _("This release ends before that Monday.")} for hat in HATS}
    return {hat: _fact(name, Number(one.n, one.hidden), _("Clocks that ran out since Monday without what was promised. "
                                                         "Fewer is better."), address)
            for hat in HATS for one in [told.get(hat, Count(0, 0))]}


def overruled_facts(told: Mapping[str, Number], *, named: bool) -> dict[str, Fact]:
    """Moments of which somebody said that this hat was worn, not the one we had put there."""
    address = reverse("since_monday:overrules") if named else ""
    return {hat: _fact(_("Hats overruled"), told[hat], _("Staff said: %(what)s.") % {"what": WORDS[hat]} if hat in WORDS
                       else "", address) for hat in HATS}


def _fact(name: str, number: Number, says: str, address: str) -> Fact:
    if number.hidden:
        return {"name": name, "value": None, "instead": too_few(), "says": "", "address": address}
    return {"name": name, "value": wording.whole(number.n), "says": says, "address": address}


def beside(*facts: Mapping[str, Fact]) -> list[dict[str, Any]]:
    """What belongs to both hats at once, or to none that we know: a line for each number that is not nothing."""
    return [fact[hat] | {"hat": hat} for hat in ("mixed", "unknown") for fact in facts if fact[hat]["value"] != "0"]


def listed(found: list[Overruled], names: Mapping[str, str], people: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Overruled moments in words: when, whose, what it was, and what staff said; never who said so."""
    for one in found:
        zone = releases.clock_on_the_wall(one.unit)
        yield {
            "said": wording.instant(one.said_at.astimezone(zone)), "hat": one.hat, "says": str(WORDS.get(one.hat, "")),
            "where": names.get(one.unit, one.unit) or _("no unit known"), "person": one.person,
            "name": people.get(one.person or 0) or _("No name recorded"),
            "act": _("Something a label hides from you") if one.sensitive else wording.act(one.act),
            "when": wording.instant(wording.local(one.started_at, zone)) if one.started_at is not None else ""}
