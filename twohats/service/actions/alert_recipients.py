"""Who is told by mail that an urgent comment waits: at once, or next when nobody took it on in time."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop

from twohats.service import policy, releases
from twohats.service.actions import audit
from twohats.service.policy import WHOLE, Permission, Scope
from twohats.service.records.models import FIRST, NEXT, AlertRecipient, User
from twohats.words.problems import Problem

SEES = (Permission.SEE_ALERTS, Permission.ANSWER_ALERT)


@transaction.atomic
def choose_recipient(*, user: User, unit: str, address: str, turn: int, by: User | None,
                     request_id: str = "") -> AlertRecipient:
    """Says that somebody gets a mail about urgent comments of a unit and all below it, at once or next."""
    try:
        validate_email(address)
    except ValidationError:
        raise Problem(gettext_noop("Not an e-mail address."), "address", "Such as carla@hospital.example") from None
    if turn not in (FIRST, NEXT):
        raise Problem("There are two turns.", "turn", "Choose at once or next.")
    if not _sees(user, [unit]):
        raise Problem(gettext_noop("This person may not see urgent comments there, so a mail would lead nowhere."),
                      "user", "Give them a role first.")
    kept, _new = AlertRecipient.objects.update_or_create(
        user=user, unit=unit, defaults={"address": address, "turn": turn})
    audit.record(by=by, verb="chose to be told", kind="user", thing=user.pk, request_id=request_id)
    return kept


@transaction.atomic
def drop_recipient(*, recipient: AlertRecipient, by: User | None, request_id: str = "") -> None:
    """Says that somebody gets no more of these mails."""
    audit.record(by=by, verb="chose not to be told", kind="user", thing=recipient.user_id, request_id=request_id)
    recipient.delete()


def units_nobody_is_told_of(units: Iterable[str]) -> set[str]:
    """Those of these units ('' for none) of whose urgent comments no mail would tell anybody."""
    scopes = [scope for one in recipients() if (scope := hears_of(one))]
    return {unit for unit in units if not any(unit in scope for scope in scopes)}


def hears_of(recipient: AlertRecipient) -> Scope:
    """The units of whose urgent comments somebody is told: those chosen, as far as their roles open them now."""
    if not recipient.user.is_active:
        return policy.NOTHING
    parents = releases.parents()
    seen = policy.scope(_held(recipient.user), parents, *SEES)
    if recipient.unit == WHOLE:
        return seen
    return Scope(frozenset(unit for unit in policy.below([recipient.unit], parents) if unit in seen))


def sees_some_of(user: User, scope: Scope) -> bool:
    """True when somebody may see urgent comments of any unit of the scope."""
    seen = policy.scope(_held(user), releases.parents(), *SEES)
    return bool(seen) and (seen.everything or scope.everything or bool(seen.units & scope.units))


def _sees(user: User, units: Iterable[str]) -> bool:
    seen = policy.scope(_held(user), releases.parents(), *SEES)
    return user.is_active and all(seen.everything if unit == WHOLE else unit in seen for unit in units)


def _held(user: User) -> list[tuple[str, str]]:
    return [(held.role, held.unit) for held in user.assignments.all()]


def recipients() -> list[AlertRecipient]:
    """Everybody chosen to be told, those told at once first, with their roles. Two queries."""
    return list(AlertRecipient.objects.select_related("user").prefetch_related("user__assignments").order_by(
        "turn", "user__display_name", "pk"))
