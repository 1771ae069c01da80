"""What the journey page says: heading, both sides, the picture, the list by day, and honest notes."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording, words
from twohats.service.pages.person import picture, reads, sides
from twohats.service.pages.person.moments import Moment, moments_of
from twohats.service.pages.person.voices import Reading, Saying, Voice, voices_of
from twohats.service.policy import Scope

ON_A_PAGE = 40
HATS = ("patient", "customer", "mixed", "unknown", "none", "hidden")


@dataclass(frozen=True)
class Sight:
    """What a reader may see of a person: in which units, whether with names, sensitive kinds, overruling, words."""

    scope: Scope
    named: bool
    sensitive: bool
    overrule: bool
    reading: Reading = Reading.LABELS


@dataclass(frozen=True)
class Spoken:
    """What a person said, as released: answers and comments, the clauses of these, and which of it may be hidden."""

    voices: Sequence[Mapping[str, Any]] = ()
    clauses: Sequence[Mapping[str, Any]] = ()
    hidden: Collection[int] = ()


def journey(
    reader: Any, person: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], said: Mapping[int, str],
    spoken: Spoken, sight: Sight, upto: str,
) -> dict[str, Any]:
    """Everything the template needs. The last 40 moments are shown with what was said among them; `upto` leads to
    earlier ones. `said` holds the hats that staff said since the release.
    """
    clocks = reads.clocks(reader)
    seen = [row if said.get(row["interaction"]) is None else {**dict(row), "hat": said[row["interaction"]]}
            for row in rows]
    every = moments_of(rows, said, clocks.units, clocks.home, sight.sensitive)
    last = min(int(upto), len(every)) if upto.isdigit() and int(upto) > 0 else len(every)
    shown = every[max(last - ON_A_PAGE, 0):last]
    voices = voices_of(spoken.voices, spoken.clauses, clocks, sight.reading, () if sight.sensitive else spoken.hidden)
    heard = _among(voices, every, max(last - ON_A_PAGE, 0), last)
    as_of = _instant(reader, clocks)
    counted = [row for row in seen if sight.sensitive or not row["sensitive"]]
    sayings = [saying for voice in voices for saying in voice.sayings]
    return {
        "person_key": person["person"], "trail": _trail(person, sight), "heading": _heading(person, sight),
        "about": _about(person) if sight.named else "", "lead": _lead(every),
        "notes": list(_notes(rows, person, sight)), "nothing_here": _("Nothing of this person is in this release yet."),
        "moments": shown, "hidden_count": sum(moment.is_hidden for moment in every),
        "hidden_voices": sum(voice.is_hidden for voice in voices), "any_voice": bool(heard),
        "patient_side": sides.patient_side(counted, sayings), "customer_side": sides.customer_side(counted, sayings),
        "picture_title": picture.title(shown), "drawings": picture.drawn(shown, heard, as_of, sight.named),
        "hats_seen": [hat for hat in HATS if any(moment.hat == hat for moment in shown)],
        "any_wait": any(moment.is_wait for moment in shown),
        "days": list(_days(shown, heard, _first_day(every, voices), sayings, sight.named)),
        "may_overrule": sight.overrule,
        "upto": last if last < len(every) else "",
        "earlier_address": f"?upto={last - ON_A_PAGE}" if last > ON_A_PAGE else "",
        "later_address": f"?upto={last + ON_A_PAGE}" if last < len(every) else "",
    }


def a_few(reader: Any, scope: Scope, n: int = 8) -> list[int]:
    """Some journeys to look at, for who may not search: the same ones for everybody, in no order of anything."""
    condition, params = scope.clause("unit")
    rows = reader.rows(
        "SELECT person FROM people WHERE EXISTS (SELECT 1 FROM visits WHERE visits.person = people.person "
        f"AND {condition}) ORDER BY person LIMIT ?", (*params, n))
    return [row["person"] for row in rows]


def _instant(reader: Any, clocks: reads.Clocks) -> datetime | None:
    day = words.release_facts(reader).as_of
    return datetime(day.year, day.month, day.day, tzinfo=clocks.home) if day else None


def _trail(person: Mapping[str, Any], sight: Sight) -> list[tuple[str, str | None]]:
    return [(_("People"), "/people/"), (_name(person) if sight.named else _("A person"), None)]


def _name(person: Mapping[str, Any]) -> str:
    name = " ".join(part for part in (person["given"], person["family"]) if part)
    return name or _("A person without a recorded name")


def _heading(person: Mapping[str, Any], sight: Sight) -> str:
    if not sight.named:
        return _("What did this person experience with us?")
    return _("What did %(name)s experience with us?") % {"name": _name(person)}


def _about(person: Mapping[str, Any]) -> str:
    parts = [_("Age %(band)s") % {"band": person["age_band"]} if person["age_band"] else ""]
    parts.append({"en": _("speaks English"), "es": _("speaks Spanish")}.get(person["language"] or "", ""))
    parts.append(_("needs an interpreter") if person["interpreter"] else "")
    parts.append(_("hears badly") if person["hearing"] else "")
    parts.append(_("uses a wheelchair") if person["wheelchair"] else "")
    return " · ".join(part for part in parts if part)


def _lead(every: Sequence[Moment]) -> str:
    if not every:
        return ""
    n = len(every)
    worn = {hat: sum(moment.hat == hat for moment in every) for hat in HATS}
    first = ngettext("%(n)s moment: %(patient)s as a patient, %(customer)s as a customer",
                     "%(n)s moments: %(patient)s as a patient, %(customer)s as a customer", n) % {
        "n": n, "patient": worn["patient"], "customer": worn["customer"]}
    rest = [
        _("%(n)s both at once") % {"n": worn["mixed"]} if worn["mixed"] else "",
        _("%(n)s not known") % {"n": worn["unknown"]} if worn["unknown"] else "",
        _("%(n)s away") % {"n": worn["none"]} if worn["none"] else "",
        _("%(n)s not shown to you") % {"n": worn["hidden"]} if worn["hidden"] else "",
    ]
    turned = picture.turn_count(every)
    turns = ngettext("The journey turned %(n)s time from one hat to the other.",
                     "The journey turned %(n)s times from one hat to the other.", turned) % {"n": turned}
    return ", ".join([first, *[part for part in rest if part]]) + ". " + turns


def _notes(rows: Sequence[Mapping[str, Any]], person: Mapping[str, Any], sight: Sight) -> Iterator[str]:
    segments = [row for row in rows if row["kind"] == "segment"]
    bare = [row for row in segments if row["evidence"] == "period_only"]
    if bare and len(bare) == len(segments):
        yield _("Of these visits the source told only when they began and ended. What happened inside them, "
                "and where the journey turned, cannot be said.")
    elif bare:
        yield ngettext("Of %(n)s part of a visit the source told only when it began and ended.",
                       "Of %(n)s parts of visits the source told only when they began and ended.",
                       len(bare)) % {"n": len(bare)}
    if person["deceased_at"] and sight.named:
        yield _("This person has died. No message of any kind goes out; a named colleague decides on any word "
                "to the family.")
    if person["prospect"]:
        yield _("This person was not a patient yet: they looked for a doctor or called before a first visit.")


def _among(voices: Sequence[Voice], every: Sequence[Moment], start: int, stop: int) -> list[Voice]:
    """The voices between the moments of a page; those before the first and after the last moment are of its page."""
    since = every[start].started if start else None
    until = every[stop].started if stop < len(every) else None
    return [voice for voice in voices if (
        until is None if voice.said is None
        else (since is None or voice.said >= since) and (until is None or voice.said < until))]


def _first_day(every: Sequence[Moment], voices: Sequence[Voice]) -> int:
    """The day of the first thing known of a person, as a number: where no dates are told, days count from it."""
    return min((*(moment.started.date().toordinal() for moment in every[:1]),
                *(voice.said.date().toordinal() for voice in voices if voice.said)), default=0)


def _days(
    shown: Sequence[Moment], heard: Sequence[Voice], first_day: int, sayings: Sequence[Saying], named: bool
) -> Iterator[dict[str, Any]]:
    """The list by day, voices where they were said. Without names also without dates."""
    about: dict[int, list[Saying]] = defaultdict(list)
    for saying in sayings:
        if saying.interaction is not None:
            about[saying.interaction].append(saying)
    dated = [voice for voice in heard if voice.said]
    for date, group in groupby(_in_order(shown, dated), key=lambda one: one[0].date()):
        lines = [{"voice": _spoken(thing)} if isinstance(thing, Voice) else
                 {"moment": _line(thing) | {"said": () if thing.is_hidden else about[thing.interaction]}}
                 for _at, thing in group]
        name = wording.day(date) if named else _("Day %(n)s") % {"n": date.toordinal() - first_day + 1}
        yield {"name": name, "lines": lines}
    undated = [voice for voice in heard if not voice.said]
    if undated:
        yield {"name": _("Day not known"), "lines": [{"voice": _spoken(voice)} for voice in undated]}


def _in_order(moments: Sequence[Moment], voices: Sequence[Voice]) -> Iterator[tuple[datetime, Moment | Voice]]:
    """Moments in the order lived, each voice before the first moment that began after it was said."""
    waiting = [(voice.said, voice) for voice in voices if voice.said]
    for moment in moments:
        while waiting and waiting[0][0] < moment.started:
            yield waiting.pop(0)
        yield moment.started, moment
    yield from waiting


def _spoken(voice: Voice) -> dict[str, Any]:
    return {**{name: getattr(voice, name) for name in ("number", "what", "how", "sayings", "note", "is_hidden")},
            "time": wording.clock(voice.said) if voice.said else ""}


def _line(moment: Moment) -> dict[str, Any]:
    start = wording.clock(moment.started)
    if moment.is_instant:
        time, length = start, ""
    elif moment.ended is None:
        time, length = _("%(start)s, still open") % {"start": start}, ""
    else:
        time = f"{start}–{wording.clock(moment.ended)}"
        length = wording.length((moment.ended - moment.started).total_seconds() / 60)
    return {
        **{name: getattr(moment, name) for name in (
            "number", "interaction", "what", "hat", "second_hat", "summary", "reasons", "is_hidden")},
        "time": time, "length": length,
    }
