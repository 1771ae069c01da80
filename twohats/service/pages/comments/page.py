"""What the search says: how many people in round numbers, what was asked, and comments clause by clause."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.pages.comments.asked import HATS, SPEAKERS, TONES, Asked
from twohats.service.pages.comments.reads import Comment, Sight, months_seen, services_seen
from twohats.service.policy import WHOLE
from twohats.store.comment_search import UNSURE
from twohats.store.disclosure import MANY, about
from twohats.words.touchpoints import touchpoints

MOST_KEPT = 256
_OFFERED: dict[tuple[Path, Sight], tuple[list[str], list[str]]] = {}
"""Months and services of a release by what may be seen of it; a release does not change."""


def hat_name(hat: str) -> str:
    """The hat of a clause as one says it."""
    return {"patient": _("patient"), "customer": _("customer"), "none": _("no hat")}.get(hat, _("not sure"))


def mark(hat: str) -> str:
    """The mark that stands before the name of a clause's hat."""
    return "unknown" if hat == UNSURE else hat


def tone_name(sentiment: int) -> str:
    """The tone of a clause as one says it."""
    return {1: _("praise"), -1: _("complaint or suggestion")}.get(sentiment, _("neither praise nor complaint"))


def speaker_name(speaker: str | None) -> str:
    """Who tells it."""
    return {"patient": _("the patient"), "family": _("family or friends")}.get(speaker or "", _("somebody else"))


def period(first: str, last: str) -> str:
    """A month, or from a month to a month."""
    if not first and not last:
        return _("date not known")
    if first == last:
        return wording.month(first)
    return _("%(first)s to %(last)s") % {"first": wording.month(first), "last": wording.month(last)}


def unit_names(reader: Any) -> dict[str, str]:
    """Each unit that stands, by its path from the top, in that order."""
    rows = reader.rows("SELECT unit, name, path FROM units ORDER BY merged_into IS NOT NULL, path")
    return {row["unit"]: row["path"] or row["name"] or row["unit"] for row in rows}


def place(unit: str | None, names: Mapping[str, str]) -> str:
    """A unit as one says it."""
    if unit == WHOLE:
        return _("the whole organisation")
    return names.get(unit, unit) if unit else _("unit not known")


def how_many(people: int, sight: Sight) -> str:
    """The count in round numbers; where it is too small for the reader, that the words are not shown."""
    said = about(people)
    if said == MANY:
        return _("More than 1,500 people said this.")
    if said is not None:
        return _("About %(n)s people said this.") % {"n": wording.whole(said)}
    if sight.every:
        return _("Fewer than 11 people said this.")
    return _("Fewer than 11 people said this; their words are not shown here.")


def asked_for(asked: Asked, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each filter that is set, by its name on the page and what it is set to."""
    said = [
        (_("Words"), asked.words),
        (_("Hat"), hat_name(asked.hat) if asked.hat else ""),
        (_("About"), wording.touchpoint(asked.touchpoint) if asked.touchpoint else ""),
        (_("Tone"), tone_name(TONES[asked.tone]) if asked.tone else ""),
        (_("Unit"), place(asked.unit, names) if asked.unit else ""),
        (_("From"), wording.month(asked.first) if asked.first else ""),
        (_("Until"), wording.month(asked.last) if asked.last else ""),
        (_("Told by"), speaker_name(asked.speaker) if asked.speaker else ""),
        (_("Service"), asked.service),
    ]
    return [(name, value) for name, value in said if value]


def choices(reader: Any, sights: list[Sight], sight: Sight, asked: Asked,
            names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The selects of the form: name, label, and what may be chosen."""
    units = [(WHOLE, _("the whole organisation"))] if any(one.scope.everything for one in sights) else []
    units += [(key, name) for key, name in names.items() if any(key in one.scope for one in sights)]
    months, services = _offered(reader, sight)
    by_month = [(month, wording.month(month)) for month in reversed(months)]
    return [
        _select("hat", _("Hat"), asked.hat, [(hat, hat_name(hat)) for hat in HATS]),
        _select("touchpoint", _("About"), asked.touchpoint,
                [(point.key, point.name.read_in(wording.language())) for point in touchpoints()]),
        _select("tone", _("Tone"), asked.tone, [(key, tone_name(value)) for key, value in TONES.items()]),
        _select("unit", _("Unit, with all below it"), asked.unit, units),
        _select("first", _("From"), asked.first, by_month),
        _select("last", _("Until"), asked.last, by_month),
        _select("speaker", _("Told by"), asked.speaker, [(key, speaker_name(key)) for key in SPEAKERS]),
        _select("service", _("Service"), asked.service, [(service, service) for service in services]),
    ]


def _offered(reader: Any, sight: Sight) -> tuple[list[str], list[str]]:
    key = (reader.folder, sight)
    if key not in _OFFERED:
        if len(_OFFERED) >= MOST_KEPT:
            _OFFERED.clear()
        _OFFERED[key] = months_seen(reader, sight), services_seen(reader, sight)
    return _OFFERED[key]


def _select(name: str, label: str, chosen: str, offered: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """One select; what an address asks for is offered even where the list does not hold it."""
    options = dict(offered)
    if chosen and chosen not in options:
        options[chosen] = wording.month(chosen) if name in ("first", "last") else chosen
    return {"name": name, "label": label, "options": [
        {"key": key, "name": said, "chosen": key == chosen} for key, said in options.items()]}


def said(comments: Iterable[Comment], sight: Sight, names: Mapping[str, str], may_pass: set[int],
         passed: set[int]) -> list[dict[str, Any]]:
    """Comments as the template shows them; clauses of praise that may be passed on, and those that were."""
    zones = _zones() if sight.named else {}
    return [{
        "where": place(comment.unit, names), "when": _when(comment, sight, zones),
        "speaker": speaker_name(comment.clauses[0]["speaker"]),
        "clauses": [_clause(row, comment.found) | {
            "may_pass": row["clause"] in may_pass, "passed": row["clause"] in passed} for row in comment.clauses],
    } for comment in comments]


def _when(comment: Comment, sight: Sight, zones: Mapping[str, str]) -> str:
    """The day for who may see names; else the month or the period."""
    if sight.named and comment.said_at is not None:
        zone = wording.place_zone(zones.get(comment.unit or ""))
        return wording.plain_day(wording.local(comment.said_at, zone))
    return period(comment.first, comment.last)


def _zones() -> Mapping[str, str]:
    reader = releases.current()
    return {row["unit"]: row["time_zone"] for row in reader.rows("SELECT unit, time_zone FROM units")}


def _clause(row: Mapping[str, Any], found: frozenset[int]) -> dict[str, Any]:
    hat = row["hat"]
    likely = hat_name(row["likely"])
    return {
        "key": row["clause"], "mark": mark(hat), "words": (row["words"] or "").strip(),
        "hat": _("not sure, perhaps %(hat)s") % {"hat": likely} if hat == UNSURE else likely,
        "tone": tone_name(row["sentiment"]), "touchpoint": wording.touchpoint(row["touchpoint"]),
        "found": row["clause"] in found,
    }


def day_or_period(comment: Comment, sight: Sight) -> tuple[str, str]:
    """From when to when, for a file: the instant twice for who may see names, else months."""
    if sight.named and comment.said_at is not None:
        told = datetime.fromtimestamp(comment.said_at / 1_000_000, UTC).isoformat().replace("+00:00", "Z")
        return told, told
    return comment.first, comment.last
