"""To whom praise may go: the unit, the staff of the visit it is about, and colleagues found by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.records.models import User

UNIT, STAFF = "unit", "staff"
MOST_FOUND = 20


@dataclass(frozen=True)
class Receiver:
    """Somebody, or a unit, to whom praise may go."""

    kind: str
    reference: str
    name: str
    why: str

    @property
    def key(self) -> str:
        """How the form names it."""
        return f"{self.kind}:{self.reference}"


def receivers(reader: Any, clause: Mapping[str, Any], typed: str, names: Mapping[str, str]) -> list[Receiver]:
    """The unit first, then the staff of the visit (of what the clause is about first), then who was looked for."""
    found: dict[str, Receiver] = {}
    for one in (*_unit(clause, names), *_staff_of_the_visit(reader, clause), *_colleagues(typed)):
        found.setdefault(one.key, one)
    return list(found.values())


def _unit(clause: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Receiver]:
    if clause["unit"]:
        yield Receiver(UNIT, clause["unit"], names.get(clause["unit"], clause["unit"]), _("the unit as a whole"))


def _staff_of_the_visit(reader: Any, clause: Mapping[str, Any]) -> Iterator[Receiver]:
    """Who was there by the hospital's records, with what they did; a name where they log in here."""
    rows = reader.rows(
        "SELECT staff, touchpoint FROM interactions WHERE visit = ? AND staff IS NOT NULL AND staff <> '' "
        "GROUP BY staff, touchpoint ORDER BY max(touchpoint = ?) DESC, min(started_at), staff",
        (clause["visit"], clause["touchpoint"])) if clause["visit"] is not None else []
    did: dict[str, list[str]] = {}
    for row in rows:
        did.setdefault(row["staff"], []).append(wording.touchpoint(row["touchpoint"]))
    named = dict(User.objects.filter(staff__in=did).values_list("staff", "display_name")) if did else {}
    for staff, touchpoints in did.items():
        yield Receiver(STAFF, staff, named.get(staff, staff), ", ".join(touchpoints))


def _colleagues(typed: str) -> Iterator[Receiver]:
    """Who logs in here as a member of staff and is called so, or has exactly this reference."""
    if not typed:
        return
    users = User.objects.filter(is_active=True).exclude(staff="").filter(
        Q(display_name__icontains=typed) | Q(staff=typed)).order_by("display_name", "pk")[:MOST_FOUND]
    for user in users:
        yield Receiver(STAFF, user.staff, user.display_name, _("found by name"))
