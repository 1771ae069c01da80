"""The hospital's own list of kinds that are hidden like what carries a security label."""

from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit
from twohats.service.records.models import HiddenKind, User
from twohats.words.problems import Problem

TOUCHPOINT, UNIT = "touchpoint", "unit"
Hidden = dict[str, frozenset[str]]


@transaction.atomic
def say_hidden(*, of: str, value: str, hidden: bool, by: User, request_id: str = "") -> HiddenKind:
    """Says that a touchpoint or a unit is hidden, or no longer; it holds from the next page on."""
    if of not in (TOUCHPOINT, UNIT) or not value:
        raise Problem("Only a touchpoint or a unit can be hidden.", "kind", "Choose one of the list.")
    made = HiddenKind.objects.create(of=of, value=value, hidden=hidden, by=by, made_at=timezone.now())
    audit.record(by=by, verb="hid" if hidden else "showed", kind="hidden", thing=f"{of} {value}",
                 request_id=request_id)
    return made


def hidden_kinds() -> Hidden:
    """The touchpoints and units that are hidden now. One query."""
    latest = {(made.of, made.value): made.hidden for made in HiddenKind.objects.order_by("made_at", "id")}
    return {of: frozenset(value for (is_of, value), hidden in latest.items() if is_of == of and hidden)
            for of in (TOUCHPOINT, UNIT)}
