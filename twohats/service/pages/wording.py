"""The vocabulary's own words in the reader's language, and instants, lengths and numbers as people write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from twohats.service.releases import place_zone as place_zone  # beside what says an instant on it
from twohats.words import acts, touchpoints

HOUR, DAY = 60, 24 * 60


def language() -> str:
    """The reader's language, two letters; English where we do not write theirs."""
    return "es" if (get_language() or "en").startswith("es") else "en"


def act(key: str | None) -> str:
    """What was being done, in the reader's words."""
    try:
        return acts.act(key or "").text.read_in(language())
    except KeyError:
        return _("Something we have no word for yet")


def touchpoint(key: str | None) -> str:
    """The name of a touchpoint, in the reader's words."""
    try:
        return touchpoints.touchpoint(key or "").name.read_in(language())
    except KeyError:
        return _("Something we have no word for yet")


def local(micros: int, zone: ZoneInfo) -> datetime:
    """An instant of a release (microseconds, UTC) on the clock of a site."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC).astimezone(zone)


def clock(when: datetime) -> str:
    """14:05."""
    return when.strftime("%H:%M")


def day(when: date) -> str:
    """A day with its weekday and year."""
    return formats.date_format(when, _("l, F j, Y"))


def plain_day(when: date) -> str:
    """A day without its weekday."""
    return formats.date_format(when, _("F j, Y"))


def instant(when: datetime) -> str:
    """A day and a time of day."""
    return f"{plain_day(when)}, {clock(when)}"


def short_day(when: datetime) -> str:
    """A day for a narrow place."""
    return formats.date_format(when, _("M j"))


def month(key: str) -> str:
    """'2026-10' as October 2026."""
    return formats.date_format(datetime(int(key[:4]), int(key[5:7]), 1, tzinfo=UTC), _("F Y"))


def short_month(key: str) -> str:
    """'2026-10' for a narrow place."""
    return formats.date_format(datetime(int(key[:4]), int(key[5:7]), 1, tzinfo=UTC), _("M Y"))


def whole(value: float) -> str:
    """A whole number, thousands apart as in the United States, where Spanish does the same."""
    return f"{round(value):,}"


def percent(part: float, of: float) -> str:
    """A share in percent with one decimal. A point before it, as in the United States and Mexico: a comma parts
    thousands on the same page.
    """
    share = 100 * part / of
    if 0 < share < 0.05:
        return _("less than 0.1 %%") % {}
    return f"{share:.1f}\u00a0%"


def language_name(code: str | None) -> str:
    """The name of a language in the reader's own; the code where we have no name for it."""
    named = {"en": _("English"), "es": _("Spanish"), "vi": _("Vietnamese"), "zh": _("Chinese"), "ar": _("Arabic"),
             "ht": _("Haitian Creole"), "pt": _("Portuguese"), "ru": _("Russian"), "fr": _("French"),
             "ko": _("Korean"), "tl": _("Tagalog")}
    return named.get(code or "", code or "")


def hundredths(part: float, of: float) -> str:
    """So many of 100, in words where 0 or 100 would say none or all and it is not."""
    if not of or not part:
        return "0"
    share = 100 if part == of else 100 * part / of
    if share <= 0.5:
        return _("less than 1")
    return _("more than 99") if 99.5 <= share < 100 else str(round(share))


def length(minutes: float) -> str:
    """A stretch of time as one says it: 12 minutes, 3 hours, 9 days."""
    if minutes < 100:
        n = round(minutes)
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if minutes < 2 * DAY:
        n = round(minutes / HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = round(minutes / DAY)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": whole(n)}


def short_length(minutes: float) -> str:
    """The same for a picture."""
    if minutes < 100:
        return _("%(n)s min") % {"n": round(minutes)}
    return _("%(n)s h") % {"n": round(minutes / HOUR)} if minutes < 2 * DAY else length(minutes)


def sure(confidence: float | None) -> str:
    """How sure we are of a hat, in words."""
    if confidence is None:
        return _("We do not know how sure to be.")
    if confidence >= 0.9:
        return _("We are sure.")
    if confidence >= 0.7:
        return _("We are fairly sure.")
    if confidence >= 0.5:
        return _("We are not very sure.")
    return _("This is little more than a guess.")


def evidence(kind: str | None) -> str:
    """What the source told of a moment."""
    return {
        "full": _("Places, times, people and events were recorded."),
        "no_zones": _("Times, people and events were recorded, not the places."),
        "no_history": _("Only its beginning, end and events were recorded, not what happened when."),
        "period_only": _("Only its beginning and end were recorded."),
        "message": _("The message itself."),
        "contact": _("The record of the call, letter or text."),
        "bill": _("The bill."),
        "portal": _("The trace that the portal keeps."),
    }.get(kind or "", _("Not recorded."))
