"""The places of a reader: at most six, those their roles open, always in the same order."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twohats.service import doors
from twohats.service.policy import Permission


@dataclass(frozen=True)
class Place:
    """An entry of the head: its name, its route, and who has it."""

    name: Promise
    route: str
    permissions: tuple[Permission, ...]
    for_staff: bool = False
    """Also for who is a member of staff by the hospital's own files, whatever they may see."""


PLACES: tuple[Place, ...] = (
    Place(_("Both experiences"), "leader:overview", (Permission.SEE_OVERVIEW,)),
    Place(_("Front desk"), "front_desk:today", (Permission.SEE_CARD,)),
    Place(_("People"), "person:find", (Permission.SEE_JOURNEY, Permission.SEE_JOURNEY_MASKED, Permission.BREAK_GLASS)),
    Place(_("Urgent"), "alerts:list", (Permission.SEE_ALERTS, Permission.ANSWER_ALERT, Permission.ANSWER_NURSE_CALL)),
    Place(_("What people say"), "comments:search",
          (Permission.SEE_COMMENTS, Permission.READ_COMMENTS, Permission.SEE_COMMENTS_MASKED)),
    Place(_("Thanks"), "thanks:mine", (Permission.PASS_ON_PRAISE,), for_staff=True),
    Place(_("Readings"), "review:queues", (Permission.READ_CLAUSES,)),
    Place(_("Data quality"), "quality:reports", (Permission.SEE_QUALITY,)),
    Place(_("Tables"), "analyst:shelf",
          (Permission.EXPORT_TOTALS, Permission.EXPORT_MASKED, Permission.EXPORT_PANEL)),
    Place(_("Places"), "places:zones", (Permission.SEE_PLACES,)),
    Place(_("Users"), "users:everybody", (Permission.MANAGE_USERS,)),
    Place(_("Audit"), "audit:events", (Permission.SEE_AUDIT,)),
)


def places_of(request: HttpRequest) -> list[dict]:
    """Name, address and whether the reader stands there, for each place of theirs."""
    found = []
    for place in PLACES:
        if not doors.may(request.user, *place.permissions) and not (place.for_staff and request.user.staff):
            continue
        try:
            address = reverse(place.route)
        except NoReverseMatch:  # a page that this version does not have
            continue
        found.append({"name": place.name, "address": address, "here": request.path.startswith(address)})
    return found[:6]
