"""What the audit pages read: events with the names of who did them, openings, the last seal."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twohats.service.pages import words
from twohats.service.policy import Role, Scope
from twohats.service.records.models import AuditEvent, AuditSeal, BreakGlass, User

A_PAGE = 50
VERBS: dict[str, Promise] = {
    "looked at": _("looked at"), "refused": _("was refused"), "logged in": _("logged in"),
    "logged out": _("logged out"), "let in": _("was let in"), "shut out": _("was shut out"),
    "overruled the hat": _("overruled the hat"), "corrected the zone": _("corrected the zone"),
    "broke the glass": _("opened what is hidden"), "reviewed: justified": _("reviewed: justified"),
    "reviewed: not_justified": _("reviewed: not justified"), "searched in vain": _("searched in vain"),
    "hid": _("hid"), "showed": _("showed"), "opened": _("was found"), "took on": _("is on"),
    "escalated": _("was passed up, late"), "closed: reached": _("ended: spoke with the person"),
    "closed: already_known": _("ended: known already"), "closed: false_alarm": _("ended: false alarm"),
    "closed: passed_on": _("ended: passed on"), "chose to be told": _("is told of urgent comments"),
    "chose not to be told": _("is no longer told of urgent comments"),
    "read": _("read and labelled"), "read again": _("labelled once more"),
    "settled": _("settled what readers differ in"), "took csv": _("took it away as CSV"),
    "took xlsx": _("took it away as XLSX"), "took pdf": _("took it away as PDF"),
    "said a new process": _("said that the process is another one"), "withdrew": _("withdrew"), "wrote": _("wrote"),
    "removed": _("removed"), "set a goal": _("set a goal"), "ended a goal": _("ended a goal"),
}
KINDS: dict[str, Promise] = {
    "person": _("person"), "journey": _("journey"), "card": _("card"), "session": _("session"), "user": _("user"),
    "interaction": _("interaction"), "place": _("place"), "lines": _("lines set aside"), "glass": _("opening"),
    "table": _("table"), "page": _("page"), "unit": _("unit"), "hidden": _("hidden kind"),
    "alert": _("urgent comment"),
    "clause": _("clause of a comment"), "corrections": _("corrections of clauses"),
    "rebase": _("new limits on a chart"), "note": _("note on a chart"), "goal": _("goal on a chart"),
    "measures": _("measures"),
}
FORMS: dict[str, Promise] = {
    "masked": _("without names"), "panel": _("own units, with names"), "totals": _("totals, small counts hidden"),
}
KINDS_OF_FILE = {"csv": "CSV", "parquet": "Parquet"}
VERDICTS: dict[str, Promise] = {"justified": _("justified"), "not_justified": _("not justified")}


def events(kind: str, thing: str, user: str, before: str) -> tuple[list[dict[str, Any]], bool]:
    """A page of events, the newest first, and whether there are older ones. Two queries, however many events."""
    found = AuditEvent.objects.order_by("-pk")
    if kind:
        found = found.filter(kind=kind)
    if thing:
        found = found.filter(thing=thing[:200])
    if user:
        found = found.filter(user_number__in=User.objects.filter(username=user).values("pk"))
    if before.isdigit():
        found = found.filter(pk__lt=min(int(before), 2**62))
    page = list(found[:A_PAGE + 1])
    names = dict(User.objects.filter(pk__in={event.user_number for event in page}).values_list("pk", "display_name"))
    return [{
        "number": event.pk, "at": event.happened_at, "who": names.get(event.user_number, ""),
        "roles": ", ".join(str(words.role(role)) for role in event.roles.split(",") if role),
        "verb": verb(event.verb), "kind": KINDS.get(event.kind, event.kind),
        "thing": event.thing, "request": event.request_id,
    } for event in page[:A_PAGE]], len(page) > A_PAGE


def verb(said: str) -> Promise | str:
    """What was done, in the reader's words; a verb may carry a role or the form of an extract."""
    first, _space, rest = said.partition(" ")
    if first in ("gave", "took") and rest in set(Role):
        told = _("was given the role: %(role)s") if first == "gave" else _("lost the role: %(role)s")
        return told % {"role": words.role(rest)}
    form, _space, kind = rest.partition(" ")
    if first == "took" and form in FORMS:
        return _("took it away as %(kind)s, %(form)s") % {"kind": KINDS_OF_FILE.get(kind, kind), "form": FORMS[form]}
    return VERBS.get(said, said)


def kinds() -> list[tuple[str, Promise]]:
    """The kinds of things one may ask for."""
    return list(KINDS.items())


def last_seal() -> AuditSeal | None:
    """The newest block that was sealed."""
    return AuditSeal.objects.defer("events").order_by("-pk").first()


def openings(reviewer: User) -> list[dict[str, Any]]:
    """Openings, those not reviewed first, then the newest; whether this reviewer may say a word on each. One query."""
    found = BreakGlass.objects.select_related("user", "reviewed_by").order_by("-opened_at", "-pk")
    shown = [{
        "number": glass.pk, "who": glass.user.display_name, "kind": KINDS.get(glass.kind, glass.kind),
        "thing": glass.thing, "reason": glass.reason, "at": glass.opened_at, "until": glass.until,
        "verdict": VERDICTS.get(glass.verdict, ""), "by": glass.reviewed_by.display_name if glass.reviewed_by else "",
        "reviewed_at": glass.reviewed_at, "mine": glass.user_id == reviewer.pk,
    } for glass in found[:200]]
    return sorted(shown, key=lambda one: one["reviewed_at"] is not None)


def person_in(reader: Any, person: int, scope: Scope) -> bool:
    """True when something of this person happened in the scope."""
    if reader is None or not scope or person >= 2**63:
        return False
    condition, parameters = scope.clause("unit")
    return bool(reader.rows(f"SELECT 1 FROM interactions WHERE person = ? AND {condition} LIMIT 1",
                            [person, *parameters]))
