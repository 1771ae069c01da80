"""What our mails say: nothing of anybody, only that something waits, how old it is, and where to see it.

Each kind is made when it leaves, so that an age is right after an hour without mail; it stands in both languages, the
recipient's first. None: what it was about is over, and nobody need be told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service import policy
from twohats.service.actions.alert_recipients import hears_of
from twohats.service.records.models import AlertRecipient, Mail, UrgentAlert

ALERT, ALERT_LATE, ALERT_UNENDED, ALERTS = "alert", "alert_late", "alert_unended", "alerts"
NURSE = "nurse"
DAYS_FROM_HOURS = 48


@dataclass(frozen=True)
class Letter:
    """The subject and the text of a mail."""

    subject: str
    text: str


def letter_of(mail: Mail, now: datetime) -> Letter | None:
    """What this mail says if it leaves now; None when it need not leave any more."""
    return KINDS[mail.kind](mail, now)


def age(said_at: datetime | None, now: datetime) -> str:
    """How old words are, in whole hours or days, in the language in force."""
    if said_at is None:
        return _("Nobody knows when it was written.")
    hours = int((now - said_at).total_seconds() // 3600)
    if hours < 1:
        return _("Written less than an hour ago.")
    if hours < DAYS_FROM_HOURS:
        return ngettext("Written %(n)s hour ago.", "Written %(n)s hours ago.", hours) % {"n": hours}
    return ngettext("Written %(n)s day ago.", "Written %(n)s days ago.", hours // 24) % {"n": hours // 24}


def _about_one(mail: Mail, now: datetime) -> Letter | None:
    alert = UrgentAlert.objects.filter(pk=int(mail.about), closed_at=None).first()
    if alert is None:
        return None

    def said() -> Letter:
        if alert.asked_by_id:
            return Letter(_("A nurse is asked for"), _text(
                _("A front desk asks for a nurse."), reverse("alerts:alert", args=[alert.pk]),
                _("For their safety this mail says nothing of anybody. Log in to see where, and press “I am on it” so "
                  "that others know.")))
        subject, told = {
            ALERT: (_("An urgent comment waits"), _("An urgent comment waits for a human.")),
            ALERT_LATE: (_("An urgent comment still waits"),
                         _("An urgent comment waits and its time has passed: nobody has said yet that they are on "
                           "it.")),
            ALERT_UNENDED: (_("An urgent comment has not ended"),
                            _("Somebody took on an urgent comment and has not said yet how it ended.")),
        }[mail.kind]
        return Letter(subject, _text(f"{told} {age(alert.said_at, now)}", reverse("alerts:alert", args=[alert.pk])))

    return _in_both_languages(mail.language, said)


def _about_many(mail: Mail, now: datetime) -> Letter | None:
    told = AlertRecipient.objects.select_related("user").filter(pk=int(mail.about)).first()
    scope = hears_of(told) if told else policy.NOTHING
    comments = UrgentAlert.objects.filter(acknowledged_at=None, asked_by=None)
    waiting = [alert for alert in comments if alert.unit in scope]
    if not waiting:
        return None
    newest = max((alert.said_at for alert in waiting if alert.said_at), default=None)
    late = sum(alert.due_at <= now for alert in waiting)

    def said() -> Letter:
        many = ngettext("%(n)s urgent comment waits for a human.", "%(n)s urgent comments wait for a human.",
                        len(waiting)) % {"n": len(waiting)}
        passed = ngettext("The time of %(n)s of them has passed.", "The time of %(n)s of them has passed.",
                          late) % {"n": late} if late else ""
        first = " ".join(filter(None, (many, passed, _("The newest of them:"), age(newest, now))))
        return Letter(_("Urgent comments wait"), _text(first, reverse("alerts:list")))

    return _in_both_languages(mail.language, said)


def _text(first: str, address: str, why: str = "") -> str:
    said = why or _("For their safety this mail says nothing of anybody. Log in to read the comment, and press “I am "
                    "on it” so that others know.")
    return f"{first}\n\n{settings.CONFIGURATION.site}{address}\n\n{said}\n"


def _in_both_languages(first: str, said: Callable[[], Letter]) -> Letter:
    letters = []
    for language in (first, *(code for code, _name in settings.LANGUAGES if code != first)):
        with translation.override(language):
            letters.append(said())
    return Letter(" / ".join(one.subject for one in letters), "\n---\n\n".join(one.text for one in letters))


KINDS: dict[str, Callable[[Mail, datetime], Letter | None]] = {
    ALERT: _about_one, NURSE: _about_one, ALERT_LATE: _about_one, ALERT_UNENDED: _about_one, ALERTS: _about_many,
}
"""Every kind of mail; a new one declares its letter here and uses the same way out."""
