"""Passing praise on to the person or the unit it is about; a record, with its masked words as they are now."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service.actions import audit
from twohats.service.records.models import PraisePassedOn, User
from twohats.words.problems import Problem


@dataclass(frozen=True)
class Praise:
    """A clause of praise as the release holds it; `words` are the masked ones."""

    clause: int
    words: str
    hat: str
    sentiment: int
    unit: str
    month: str
    release: str


@transaction.atomic
def pass_on(*, praise: Praise, by: User, to_staff: str = "", to_unit: str = "",
            request_id: str = "") -> PraisePassedOn:
    """Passes praise on to a member of staff (their reference) or to a unit as a whole; to each only once.

    Whether `by` may see the clause was asked before, by the page.
    """
    if praise.sentiment != 1 or not praise.words.strip():
        raise Problem(gettext_noop("Only praise is passed on."), "clause", "Go back to the comments.")
    if bool(to_staff) == bool(to_unit):
        raise Problem(gettext_noop("Praise goes to one person or to one unit."), "to", "Choose one of the list.")
    made, new = PraisePassedOn.objects.get_or_create(
        clause=praise.clause, to_staff=to_staff, to_unit=to_unit,
        defaults={"words": praise.words.strip(), "hat": praise.hat, "unit": praise.unit, "month": praise.month,
                  "release": praise.release, "by": by, "made_at": timezone.now()})
    if not new:
        raise Problem(gettext_noop("This praise reached them already."), "to", "Nothing is left to do.")
    audit.record(by=by, verb="passed praise on", kind="clause", thing=praise.clause, request_id=request_id)
    return made


def passed_on(clauses: list[int]) -> set[int]:
    """Which of these clauses were passed on to somebody. One query."""
    return set(PraisePassedOn.objects.filter(clause__in=clauses).values_list("clause", flat=True))
