"""How each hat is engaged, in words, and what a test against last month told, as tables: the two hats as equals."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.care.contact.rules import Rules
from twohats.care.contact.strategies import Strategies, Strategy
from twohats.service.pages import wording
from twohats.service.pages.messages import reads
from twohats.words.hats import Hat

BY: dict[str, Promise] = {
    "same_clinician": gettext_lazy("the clinician they know, where possible"),
    "person": gettext_lazy("a person"),
    "system": gettext_lazy("the system"),
}
ROOM: dict[str, Promise] = {"time": gettext_lazy("time is taken"), "quick": gettext_lazy("quick and done")}
HANDS = ("call", "letter")
GOES = ("went", "waited", "carried")
WENT = {"went": gettext_lazy("would have gone at once"), "waited": gettext_lazy("would have waited, then gone"),
        "carried": gettext_lazy("would have gone with another of the day")}


@dataclass(frozen=True)
class Side:
    """One hat's strategy in words: pairs of what and how."""

    hat: str
    name: str
    sentence: str
    facts: tuple[tuple[str, str], ...]


def pair(book: Strategies, rules: Rules) -> tuple[Side, Side]:
    """The strategies of the two hats on an ordinary day, in the same words and order."""
    return tuple(_side(hat.value, book.of(hat, worst_day=False), rules)  # type: ignore[return-value]
                 for hat in (Hat.PATIENT, Hat.CUSTOMER))


def others(book: Strategies, rules: Rules) -> list[Side]:
    """Every further rule, in its order."""
    shown = {book.of(hat, worst_day=False).key for hat in (Hat.PATIENT, Hat.CUSTOMER)}
    return [_side("", each, rules) for each in book.rules if each.key not in shown]


def _side(hat: str, each: Strategy, rules: Rules) -> Side:
    return Side(hat, each.name.read_in(wording.language()), each.text.read_in(wording.language()), (
        (_("Who does it"), str(BY[each.by])),
        (_("By which way, in this order"), ", ".join(reads.channel(one, rules) for one in each.channels)),
        (_("May a machine do it"), _("yes") if each.automated else _("no")),
        (_("How often at most about one thing"), str(each.touches)),
        (_("A link to do it oneself"), _("yes") if each.link else _("no")),
        (_("May we ask again what we know"), _("yes") if each.asks_again else _("no")),
        (_("How much room"), str(ROOM[each.room])),
    ))


# ---- a test --------------------------------------------------------------------------------------------------
Row = tuple[str, str, str, str, str, str, int]
"""hat, the way it went; the way and the end under the version in force; the same under the draft; how many."""


def rows_of(month: Mapping[str, Any]) -> list[Row]:
    """What a test told, as it was kept."""
    return [tuple(row) for row in month["ended"]]  # type: ignore[misc]


def caption(month: Mapping[str, Any]) -> str:
    """From when to when, how many messages, how many people."""
    return _("What the hospital itself sent from %(since)s to %(until)s. Messages: %(n)s. People: %(people)s.") % {
        "since": wording.plain_day(datetime.fromisoformat(month["since"])),
        "until": wording.plain_day(datetime.fromisoformat(month["until"])),
        "n": wording.whole(sum(row[-1] for row in rows_of(month))), "people": wording.whole(month["people"])}


def changes(month: Mapping[str, Any]) -> list[str]:
    """What the draft changes, one sentence each; empty where every message would have ended alike."""
    counts: Counter[str] = Counter()
    for *__, was_channel, was, channel, end, n in rows_of(month):
        counts[_change(was_channel, was, channel, end)] += n
    said = {
        "hands": _("Would change hands, from a machine to a person or back: %(n)s."),
        "way": _("Would go another way: %(n)s."),
        "wait": _("Would wait, and go at once now: %(n)s."),
        "wait_no_more": _("Would go at once, and wait now: %(n)s."),
        "never": _("Would not go at all, and go now: %(n)s."),
        "after_all": _("Would go, and do not now: %(n)s."),
    }
    return [words % {"n": wording.whole(counts[key])} for key, words in said.items() if counts[key]]


def _change(was_channel: str, was: str, channel: str, end: str) -> str:
    if (was in GOES) != (end in GOES):
        return "never" if was in GOES else "after_all"
    if (was_channel in HANDS) != (channel in HANDS):
        return "hands"
    if was_channel != channel:
        return "way"
    if (was == "waited") != (end == "waited"):
        return "wait" if end == "waited" else "wait_no_more"
    return ""


def tables(month: Mapping[str, Any], rules: Rules) -> dict[str, dict[str, Any] | None]:
    """One table a hat, patient and customer always; "rest" for all others together."""
    found = rows_of(month)
    kept = {"patient": [row for row in found if row[0] == "patient"],
            "customer": [row for row in found if row[0] == "customer"]}
    rest = [row for row in found if row[0] not in kept]
    return {**{hat: _table(rows, rules) for hat, rows in kept.items()}, "rest": _table(rest, rules) if rest else None}


def _table(rows: Iterable[Row], rules: Rules) -> dict[str, Any] | None:
    counts: dict[tuple[str, str, str], list[int]] = {}
    total = 0
    for __, wanted, was_channel, was, channel, end, n in rows:
        total += n
        for at, (way, how) in enumerate(((was_channel, was), (channel, end))):  # what never goes, goes by no way
            counts.setdefault((wanted, way if how in GOES else wanted, how), [0, 0])[at] += n
    if not counts:
        return None
    columns = [{"name": _("Went by")}, {"name": _("what becomes of it")},
               {"name": _("version in force"), "is_number": True}, {"name": _("this draft"), "is_number": True}]
    order = list(rules.channels)
    told = sorted(counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1] != one[0][0], one[0]))
    return {"caption": _("Messages about it: %(n)s") % {"n": wording.whole(total)}, "columns": columns, "rows": [
        [{"text": reads.channel(wanted, rules)}, {"text": _becomes(wanted, channel, end, rules)},
         *({"text": wording.whole(n), "is_number": True} for n in both)] for (wanted, channel, end), both in told]}


def _becomes(wanted: str, channel: str, end: str, rules: Rules) -> str:
    if end not in WENT:
        return _("never: %(why)s") % {"why": reads.reason(end, rules)}
    said = str(WENT[end])
    if channel == wanted:
        return said
    words = _("changes hands to “%(way)s”: %(end)s") if (channel in HANDS) != (wanted in HANDS) \
        else _("goes by “%(way)s” instead: %(end)s")
    return words % {"way": reads.channel(channel, rules), "end": said}
