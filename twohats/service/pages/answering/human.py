"""Where a human of ours answers, in words for people we serve."""

from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Human:
    """The number to call, when somebody answers there, and when what is written gets read."""

    phone: str
    hours: str
    reads: str


def human() -> Human:
    """As the hospital set it; where it gave no number, the words say where to find one."""
    told = settings.CONFIGURATION
    first, last = (int(hour) % 24 for hour in told.phone_hours.split("-"))
    hours = _("Monday to Friday, %(first)s to %(last)s") % {"first": _clock(first), "last": _clock(last)}
    reads = ngettext("on working days, within %(n)s day", "on working days, within %(n)s days", told.read_within) % {
        "n": told.read_within}
    return Human(told.phone or _("the number on your papers"), hours, reads)


def _clock(hour: int) -> str:
    return formats.time_format(time(hour), "TIME_FORMAT")
