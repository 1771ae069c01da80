"""Filters for templates: a hat's word on a page, its mark, a moment's name."""

from datetime import UTC, date, datetime

from django import template
from django.utils.translation import gettext as _

from twohats.service.pages import wording

register = template.Library()


@register.filter
def hat_word(hat: str | None) -> str:
    """The word of a hat on a staff page; the mark stands before it."""
    words = {
        "patient": _("patient"),
        "customer": _("customer"),
        "mixed": _("both at once"),
        "unknown": _("not known"),
        "none": _("away"),
        "hidden": _("not shown to you"),
    }
    return words.get(hat or "unknown", words["unknown"])


@register.filter
def clause_hat_word(hat: str | None) -> str:
    """The word of a clause's hat: words without an object have none."""
    return _("no hat") if hat == "none" else hat_word(hat)


@register.filter
def grouped(value: object) -> object:
    """A whole number with its thousands apart; whatever is no whole number stays as it is."""
    return wording.whole(value) if isinstance(value, int) else value


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in UTC, as day and time of day."""
    return wording.instant(value.astimezone(UTC)) if value else ""


@register.filter
def plain_day(value: date | None) -> str:
    """A day without its weekday."""
    return wording.plain_day(value) if value else ""


@register.inclusion_tag("components/hat.html")
def hat(name: str | None) -> dict[str, str]:
    """The mark and the word of a hat, always together."""
    return {"hat": name or "unknown"}
