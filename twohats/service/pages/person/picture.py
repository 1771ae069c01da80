"""The picture of a journey: the same moments as the list under it, drawn in two lanes at three widths."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.charts import lanes, svg
from twohats.service.pages.person.moments import Moment
from twohats.service.pages.person.voices import Voice

WIDTHS = (("wide-only", 1072.0), ("middle-only", 672.0), ("narrow-only", 328.0))


def drawn(
    moments: Sequence[Moment], voices: Sequence[Voice], as_of: datetime | None, dated: bool
) -> list[tuple[str, SafeString]]:
    """The picture at each width; the page shows the one that fits. Undated: days count from the first in it."""
    if not moments:
        return []
    first = moments[0].started
    told = [_lane_moment(moment, first, as_of) for moment in moments]
    spoken = [lanes.Voice(voice.number, _minutes(voice.said - first)) for voice in voices if voice.said]
    described = description(moments) if dated else undated_description()
    said = svg.Said(title(moments), f"{described} {_speech()}" if spoken else described)
    language = _language(first, dated)
    return [
        # Built by our own strokes, every text escaped there.
        (name, mark_safe(lanes.lanes(f"journey-{name}", told, width, said, language, spoken)))  # noqa: S308
        for name, width in WIDTHS
    ]


def title(moments: Sequence[Moment]) -> str:
    """What the picture shows, as a finding."""
    n = turn_count(moments)
    if not n:
        return _("This journey does not turn from one hat to the other")
    return ngettext(
        "This journey turns %(n)s time from one hat to the other",
        "This journey turns %(n)s times from one hat to the other", n,
    ) % {"n": n}


def description(moments: Sequence[Moment]) -> str:
    """The picture in words, for who does not see it; the list under it tells each moment."""
    return _(
        "Time runs from left to right, from %(first)s to %(last)s. Care is drawn above, other dealings below; "
        "waiting is hatched; an upright line marks each turn. Long gaps are folded. The same moments stand in the list."
    ) % {"first": wording.day(moments[0].started), "last": wording.day(moments[-1].started)}


def undated_description() -> str:
    """The same without dates."""
    return _(
        "Time runs from left to right. Care is drawn above, other dealings below; waiting is hatched; "
        "an upright line marks each turn. Long gaps are folded. The same moments stand in the list."
    )


def _speech() -> str:
    return _("Under the lanes a speech bubble marks each time something was said.")


def turn_count(moments: Sequence[Moment]) -> int:
    """How often the journey turns from one hat to the other."""
    worn = [moment.hat for moment in moments if moment.hat in ("patient", "customer")]
    return sum(a != b for a, b in pairwise(worn))


def _lane_moment(moment: Moment, first: datetime, as_of: datetime | None) -> lanes.Moment:
    start = _minutes(moment.started - first)
    end = start if moment.is_instant else _minutes((moment.ended or as_of or moment.started) - first)
    return lanes.Moment(
        moment.number, moment.short, moment.hat, start, max(start, end),
        waiting=moment.is_wait, second_hat=moment.second_hat, is_open=moment.is_open,
    )


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def _language(first: datetime, dated: bool) -> lanes.Language:
    def at(minutes: float) -> datetime:
        return first + timedelta(minutes=minutes)

    return lanes.Language(
        patient=_("as patient"), customer=_("as customer"), now=_("now"),
        day=lambda minutes: wording.short_day(at(minutes)) if dated else _nth_day(first, at(minutes)),
        clock=lambda minutes: wording.clock(at(minutes)),
        year=lambda minutes: str(at(minutes).year) if dated else "",
        length=wording.short_length,
    )


def _nth_day(first: datetime, when: datetime) -> str:
    return _("Day %(n)s") % {"n": (when.date() - first.date()).days + 1}
