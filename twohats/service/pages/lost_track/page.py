"""What the pages of people we lost track of say: each list with its numbers, its clock and its owner; one hand-off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.pages.lost_track.reads import DAY, DEALT_WITH, IN_TIME, LATE, LOST, OPEN, RAN_OUT, Count
from twohats.service.pages.words import role
from twohats.service.records.hand_offs import HandOffWord
from twohats.store.estimates import share_between
from twohats.words.hand_offs import HandOff, hand_offs
from twohats.words.hats import Hat

HATS = (Hat.PATIENT, Hat.CUSTOMER, Hat.MIXED)


@dataclass(frozen=True)
class Row:
    """A hand-off in words: whose, since when, how late, and what was said of it last."""

    hand_off: int
    person: int
    name: str
    time: str
    is_late: bool
    began: str
    where: str
    word: str
    note: str
    is_anybodys: bool


# ---- the lists --------------------------------------------------------------------------------------------------
def lists(counts: Mapping[str, Mapping[str, Count]]) -> dict[str, list[dict[str, Any]]]:
    """The lists of each hat, as facts of a page."""
    told = hand_offs().told
    return {hat.value: [_fact(kind, counts[kind.key]) for kind in told if kind.hat is hat] for hat in HATS}


def waiting() -> list[dict[str, Any]]:
    """The lists whose feed is not read yet."""
    language = wording.language()
    return [{"name": kind.name.read_in(language), "hat": kind.hat.value, "starts": kind.starts.read_in(language),
             "closes": kind.closes.read_in(language), "waits_for": kind.waits_for.read_in(language)}
            for kind in hand_offs().kinds.values() if kind.waits_for is not None]


def _fact(kind: HandOff, cells: Mapping[str, Count]) -> dict[str, Any]:
    language, lost = wording.language(), cells.get(LOST, Count(0, 0))
    says = (_met(cells), _running(cells.get(OPEN, Count(0, 0))), _dealt(cells.get(DEALT_WITH, Count(0, 0))))
    return {"key": kind.key, "name": kind.name.read_in(language), "instead": too_few(), "terms": terms(kind),
            "value": None if lost.hidden else wording.whole(lost.n), "says": " ".join(filter(None, says))}


def too_few() -> str:
    """In place of a number that few people stand behind, or that would give such a one away."""
    return _("Not shown: fewer than 11 people, or it would give such a number away.")


def _met(cells: Mapping[str, Count]) -> str:
    """Of those whose clock ran out, how many were met in time; nothing where that would give few people away."""
    there = {cell: cells.get(cell, Count(0, 0)) for cell in RAN_OUT}
    times, people = sum(one.n for one in there.values()), sum(one.people for one in there.values())
    if not times:
        return _("No clock has run out in the last %(days)s days.") % {"days": hand_offs().days_listed}
    if any(one.hidden for one in there.values()):
        return _("Too few were met late, in time or dealt with to say what share was met in time.")
    met = there[IN_TIME].n
    low, high = share_between(met, times, people)
    said = _("Of 100 whose clock ran out in the last %(days)s days, %(share)s were met in time (%(low)s to %(high)s; "
             "n = %(n)s). Higher is better.") % {
        "days": hand_offs().days_listed, "share": wording.hundredths(met, times), "low": round(100 * low),
        "high": round(100 * high), "n": wording.whole(times)}
    late = there[LATE].n
    return said + (" " + ngettext("One was met later.", "%(n)s were met later.", late) % {"n": wording.whole(late)}
                   if late else "")


def _running(count: Count) -> str:
    if count.hidden or not count.n:
        return ""
    return ngettext("One clock still runs.", "%(n)s clocks still run.", count.n) % {"n": wording.whole(count.n)}


def _dealt(count: Count) -> str:
    if count.hidden or not count.n:
        return ""
    return ngettext("We have dealt with one more.", "We have dealt with %(n)s more.", count.n) % {
        "n": wording.whole(count.n)}


def terms(kind: HandOff) -> list[tuple[str, str]]:
    """What starts a hand-off, what closes it, its clock, whose list it is and where that comes from."""
    language = wording.language()
    return [
        (_("What starts it"), kind.starts.read_in(language)), (_("What closes it"), kind.closes.read_in(language)),
        (_("Clock"), ngettext("%(n)s day", "%(n)s days", kind.days) % {"n": kind.days}),
        (_("Who looks after it"), str(role(kind.owner))), (_("Where this comes from"), kind.source.read_in(language))]


def lead(counts: Mapping[str, Mapping[str, Count]]) -> str:
    """How many are lost now, over all lists of a hat, where one may say so."""
    sums = {hat: _sum(counts, hat) for hat in HATS}
    if None in sums.values():
        return _("Each list says how many of its clocks have run out without what was promised.")
    said = {hat.value: wording.whole(count) for hat, count in sums.items() if count is not None}
    return _("Clocks that ran out without what was promised: %(patient)s for people as patients, %(customer)s as "
             "customers, %(mixed)s as both at once.") % said


def _sum(counts: Mapping[str, Mapping[str, Count]], hat: Hat) -> int | None:
    of_hat = [counts[kind.key].get(LOST, Count(0, 0)) for kind in hand_offs().told if kind.hat is hat]
    return None if any(one.hidden for one in of_hat) else sum(one.n for one in of_hat)


# ---- one list -----------------------------------------------------------------------------------------------------
def rows(found: Sequence[Mapping[str, Any]], names: Mapping[int, str], units: Mapping[str, str],
         words: Mapping[int, HandOffWord], until: int) -> list[Row]:
    """Hand-offs in words, as known at the end of the records."""
    zones: dict[str, ZoneInfo] = {}
    return [_row(one, names, units, words.get(one["hand_off"]), until, zones) for one in found]


def _row(one: Mapping[str, Any], names: Mapping[int, str], units: Mapping[str, str], word: HandOffWord | None,
         until: int, zones: dict[str, ZoneInfo]) -> Row:
    unit = one["unit"] or ""
    zone = zones.get(unit) or zones.setdefault(unit, releases.clock_on_the_wall(unit))
    left = (one["due_at"] - until) / (DAY / wording.DAY)
    return Row(
        hand_off=one["hand_off"], person=one["person"], name=names.get(one["person"]) or _("No name recorded"),
        time=_("Late by %(length)s") % {"length": wording.length(max(-left, 1))} if left <= 0
        else _("%(length)s left") % {"length": wording.length(left)},
        is_late=left <= 0, began=wording.plain_day(wording.local(one["started_at"], zone)),
        where=units.get(unit, unit) or _("no unit known"), word=said(word), note=word.note if word else "",
        is_anybodys=word is None or word.says == "open_again")


def said(word: HandOffWord | None) -> str:
    """The latest word with who said it and when; nobody's where there is none."""
    if word is None:
        return _("Nobody has it yet.")
    zone = releases.clock_on_the_wall(word.unit)
    return _("%(name)s, %(day)s: %(word)s.") % {
        "name": word.by.display_name, "day": wording.plain_day(word.made_at.astimezone(zone)),
        "word": outcome(word.says)}


def outcome(says: str) -> str:
    """A word in the reader's language."""
    return hand_offs().words[says].text.read_in(wording.language())


def day_known(until: datetime) -> str:
    """The day at which the records end."""
    return wording.plain_day(until.astimezone(releases.clock_on_the_wall("")))
