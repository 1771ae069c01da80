"""Words for pages: roles, and what a release says about itself."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twohats.service.policy import Permission, Role

ROLES: dict[str, Promise] = {
    Role.LEADER: _("leader"),
    Role.NAVIGATOR: _("navigator"),
    Role.FRONT_DESK: _("front desk"),
    Role.CLINICIAN: _("clinician"),
    Role.ANALYST: _("analyst"),
    Role.REVIEWER: _("reviewer of comments"),
    Role.PARTNER: _("community partner"),
    Role.ADMINISTRATOR: _("administrator"),
}


def role(name: str) -> Promise | str:
    """The word of a role on a page."""
    return ROLES.get(name, name)


def permission(held: Permission) -> str:
    """The sentence of a permission, in the reader's language (messages.py collects these sentences)."""
    return gettext(held.sentence)


@dataclass(frozen=True)
class ReleaseFacts:
    """What the foot of a page says about its release."""

    first_month: str
    last_month: str
    as_of: date | None
    read: int
    quarantined: int


@lru_cache(maxsize=4)
def _months(release_id: str, reader: Any) -> tuple[str, str]:
    row = reader.rows("SELECT min(month) AS first, max(month) AS last FROM totals", ())[0]
    return row["first"] or "", row["last"] or ""


def release_facts(reader: Any) -> ReleaseFacts:
    """Period, day and lines set aside, as the release itself tells."""
    told = reader.release
    first, last = _months(reader.id, reader)
    return ReleaseFacts(first, last, as_day(told.get("as_of")), _whole(told.get("lines_read")),
                        _whole(told.get("quarantined")))


def as_day(value: Any) -> date | None:
    """The day in what a release wrote: an ISO text or an instant; None when it wrote none."""
    if isinstance(value, datetime):
        return value.date()
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
