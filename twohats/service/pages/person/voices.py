"""What one person said, as the page tells it: comments clause by clause, answers together as they were given.

Words are shown as the reader may see them: whole, with what is personal masked, or only as labels.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.person.reads import Clocks
from twohats.words.touchpoints import survey_item


class Reading(StrEnum):
    """How much of what somebody wrote a reader may read."""

    WHOLE = "whole"
    MASKED = "masked"
    LABELS = "labels"


@dataclass(frozen=True)
class Saying:
    """A clause or an answer: its hat, what it is about, what was said, and why we think so."""

    hat: str
    about: str
    labels: tuple[str, ...]
    words: str = ""
    because: str = ""
    interaction: int | None = None
    not_sure: bool = False
    urgent: bool = False
    tone: int | None = None
    """-1 complaint or suggestion, 0 neither, 1 praise; None for an answer."""
    language: str = ""


@dataclass(frozen=True)
class Voice:
    """A comment, or the answers given together. A hidden one keeps its time and nothing else."""

    number: int
    said: datetime | None
    what: str
    how: str = ""
    sayings: tuple[Saying, ...] = ()
    note: str = ""
    is_hidden: bool = False


def voices_of(
    rows: Sequence[Mapping[str, Any]], clauses: Iterable[Mapping[str, Any]], clocks: Clocks, reading: Reading,
    hidden: Collection[int],
) -> list[Voice]:
    """The voices in the order said. `hidden` holds the keys of those this reader may not see."""
    by_voice: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for clause in clauses:
        by_voice[clause["voice"]].append(clause)
    together = [list(group) for _key, group in groupby(rows, key=_given_together)]
    return [_voice(number, group, by_voice, clocks, reading, hidden) for number, group in enumerate(together, 1)]


def _given_together(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Answers of one survey given at one time are one voice; a comment is one by itself."""
    if row["kind"] == "comment":
        return ("comment", row["voice"])
    return ("answer", row["survey"], row["said_at"], row["view"])


def _voice(
    number: int, group: Sequence[Mapping[str, Any]], clauses: Mapping[int, Sequence[Mapping[str, Any]]],
    clocks: Clocks, reading: Reading, hidden: Collection[int],
) -> Voice:
    first = group[0]
    zone = clocks.units.get(first["unit"] or "", clocks.home)
    said = _local(first["said_at"], zone)
    shown = [row for row in group if row["voice"] not in hidden]
    if not shown:
        return Voice(number, said, _("Something was said that you may not see"), is_hidden=True)
    if first["kind"] == "comment":
        told = tuple(_clause(row, first["language"] or "", reading) for row in clauses.get(first["voice"], ()))
        return Voice(number, said, _("A comment"), _how(first), told, _instead(first, told, reading))
    n = len(shown)
    what = ngettext("%(n)s answer: %(survey)s", "%(n)s answers: %(survey)s", n) % {
        "n": n, "survey": first["survey"] or _("a survey")}
    return Voice(number, said, what, _how(first), tuple(_answer(row, reading) for row in shown))


def _local(micros: int | None, zone: ZoneInfo) -> datetime | None:
    return None if micros is None else wording.local(micros, zone)


def _how(row: Mapping[str, Any]) -> str:
    """Who spoke and how it came in, as far as it is known."""
    way = {"mail": _("by letter"), "phone": _("by phone"), "web": _("on the web"), "sms": _("by text message"),
           "desk": _("at the desk")}.get(row["mode"] or "", "")
    return ", ".join(part for part in (_whose(row["view"] or row["respondent"]), way) if part)


def _whose(speaker: str | None) -> str:
    return {
        "self": _("the person's own words"), "patient": _("the person's own words"), "family": _("the family speaks"),
        "representative": _("somebody speaks in the person's place"), "proxy": _("somebody speaks for the person"),
        "other": _("somebody else speaks"),
    }.get(speaker or "", "")


def _instead(row: Mapping[str, Any], told: Sequence[Saying], reading: Reading) -> str:
    """What is said where there are no words to show."""
    if reading is Reading.LABELS:
        return _("Your role sees what it is about, not its words.")
    if not told:
        return _("It holds no words that could be read.")
    return ""


def _clause(row: Mapping[str, Any], language: str, reading: Reading) -> Saying:
    words = {Reading.WHOLE: row["words"], Reading.MASKED: row["masked"]}.get(reading) or ""
    spoken_by = _whose(row["speaker"]) if row["speaker"] in ("family", "other") else ""
    labels = (_tone(row["sentiment"]), spoken_by, _tells_of(row))
    return Saying(
        row["hat"], wording.touchpoint(row["touchpoint"]), tuple(label for label in labels if label), words.strip(),
        _because(row["evidence"], words), row["interaction"], not row["certain"], row["urgent"] in ("now", "day"),
        row["sentiment"] or 0, language,
    )


def _answer(row: Mapping[str, Any], reading: Reading) -> Saying:
    item = survey_item(row["survey"] or "", row["item"] or "")
    about = item.label.read_in(wording.language()) if item else _("question %(name)s") % {"name": row["item"] or "?"}
    tells = _tells_of(row)
    return Saying(row["hat"] or "unknown", about, (tells,) if tells else (), _value(row, reading),
                  item.reason.read_in(wording.language()) if item else "", row["interaction"])


def _value(row: Mapping[str, Any], reading: Reading) -> str:
    """What was answered. To a question we do not know it may be free words: those only for who may read words."""
    value = (row["value"] or "").strip()
    is_known = survey_item(row["survey"] or "", row["item"] or "") is not None
    return value if is_known or reading is Reading.WHOLE or value.isdigit() else ""


def _tone(sentiment: int | None) -> str:
    return {1: _("praise"), -1: _("complaint or suggestion")}.get(sentiment or 0, _("neither praise nor complaint"))


def _tells_of(row: Mapping[str, Any]) -> str:
    """The hat of what somebody else tells of, where it is not the hat of their view."""
    if row["about_hat"] == row["hat"]:
        return ""
    return {"patient": _("tells of care"), "customer": _("tells of what is not care itself"),
            "mixed": _("tells of both at once")}.get(row["about_hat"] or "", "")


def _because(evidence: str | None, shown: str) -> str:
    """The words that decided, but none that the reader does not see in the clause itself."""
    seen = set(_plain(shown))
    words = [word for word in json.loads(evidence or "[]") if _plain(word) and seen.issuperset(_plain(word))]
    quoted = ", ".join(_("“%(word)s”") % {"word": word} for word in words)
    return _("because of the words: %(words)s") % {"words": quoted} if quoted else ""


def _plain(text: str) -> list[str]:
    """The words of a text without case and accents, as the evidence is written."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return re.findall(r"\w+", bare)
