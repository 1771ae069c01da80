"""Opening what is hidden, for an hour, with a reason; and somebody else's word on it afterwards."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service.actions import audit
from twohats.service.records.models import BreakGlass, User
from twohats.words.problems import Problem

LASTS = timedelta(hours=1)
PERSON, LINES = "person", "lines"
JUSTIFIED, NOT_JUSTIFIED = "justified", "not_justified"
SHORTEST, LONGEST = 15, 500


@transaction.atomic
def break_glass(*, kind: str, thing: str, reason: str, by: User, request_id: str = "") -> BreakGlass:
    """Opens a person's hidden segments, or the set-aside lines of a landing, to `by` for an hour."""
    said = reason.strip()
    if kind not in (PERSON, LINES):
        raise Problem("Only a person or the lines of a landing can be opened.", "kind", "Go back to the page.")
    if not SHORTEST <= len(said) <= LONGEST:
        raise Problem(gettext_noop("A reason of 15 to 500 characters is needed."), "reason",
                      "Say why you need to see it now; somebody else will read it.")
    now = timezone.now()
    opened = BreakGlass.objects.create(user=by, kind=kind, thing=thing, reason=said, opened_at=now, until=now + LASTS)
    audit.record(by=by, verb="broke the glass", kind=kind, thing=thing, request_id=request_id)
    return opened


def is_open(*, kind: str, thing: object, to: User) -> bool:
    """True while this person has this thing open."""
    return BreakGlass.objects.filter(user=to, kind=kind, thing=str(thing), until__gt=timezone.now(),
                                     reviewed_at=None).exists()


@transaction.atomic
def close_review(*, glass: BreakGlass, verdict: str, by: User, request_id: str = "") -> BreakGlass:
    """Somebody else's word on an opening; what was still open is shut with it."""
    held = BreakGlass.objects.select_for_update().get(pk=glass.pk)
    if held.user_id == by.pk:
        raise Problem("Nobody reviews their own opening.", "review", "Ask another administrator.")
    if verdict not in (JUSTIFIED, NOT_JUSTIFIED):
        raise Problem("The review says justified or not justified.", "verdict", "Choose one.")
    if held.reviewed_at:
        raise Problem("This opening was reviewed already.", "review", "Nothing is left to do.")
    held.reviewed_by, held.reviewed_at, held.verdict = by, timezone.now(), verdict
    held.save(update_fields=["reviewed_by", "reviewed_at", "verdict"])
    audit.record(by=by, verb=f"reviewed: {verdict}", kind="glass", thing=held.pk, request_id=request_id)
    return held
