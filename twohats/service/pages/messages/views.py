"""The ledger of messages, what waits in somebody's hands, and one person: what they chose, what ends, what to write."""

from typing import Any, NoReturn

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.care.contact import letters
from twohats.care.contact.messages import Silence
from twohats.care.contact.strategies import engage
from twohats.service import releases
from twohats.service.actions import audit, contact, sending, standing
from twohats.service.actions.worn import worn_last
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.pages.messages import reads
from twohats.service.pages.person import reads as people
from twohats.service.policy import Permission
from twohats.service.records.asking import SurveyRequest
from twohats.service.records.contact import LIFTED, STATES, PersonMessage
from twohats.words.problems import Problem

SEES, WRITES, RULES = Permission.SEE_MESSAGES, Permission.WRITE_TO_PEOPLE, Permission.CHANGE_RULES
SILENCES = {Silence.DEATH: gettext_lazy("The person has died"),
            Silence.HOSPICE: gettext_lazy("They are in hospice care"),
            Silence.FAMILY: gettext_lazy("The family asks for it")}


class Writing(PageForm):
    """What to write to somebody, and by which way."""

    letter = forms.ChoiceField(label=gettext_lazy("What"), choices=lambda: [
        (key, reads.letter(key)) for key, letter in letters.letters().items() if not letter.link])
    channel = forms.ChoiceField(label=gettext_lazy("How"))
    wish = forms.BooleanField(label=gettext_lazy("They asked to be reached this way"), required=False)

    def __init__(self, channels: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]


@needs(SEES)
def ledger(request: HttpRequest) -> HttpResponse:
    """Which messages wait, went, or did not go, and why; none of what they say, none of whom they are for."""
    scope, state = scope_of(request.user, SEES), request.GET.get("state", "")
    page = reads.page_of(scope, state, request.GET.get("page"))
    rules = contact.rules_in_force()
    return render(request, "messages/ledger.html", {
        "lines": reads.lines(page.object_list, rules), "page": page, "counts": reads.counts(scope),
        "state": state if state in (*STATES, reads.CAME_BACK) else "", "rules": rules,
        "may_change": may(request.user, RULES),
        "trail": [(_("Messages"), None)]})


@needs(SEES)
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message: each answer of the gate, and for what is in somebody's hands the words and the press."""
    held = _one(request, number)
    audit.noted(request, "looked at", "message", held.pk)
    rules = contact.rules_in_force()
    line = reads.lines([held], rules)[0]
    writes = held.unit in scope_of(request.user, WRITES)
    return render(request, "messages/message.html", {
        "line": line, "letter": reads.letter(held.letter), "answers": reads.answers(held, rules),
        "by_hand": sending.words_by_hand(held, timezone.now()) if writes and line.is_by_hand else None,
        "about": _about(request, held.person),
        "asked": SurveyRequest.objects.filter(message=held).values_list("pk", flat=True).first()
        if may(request.user, Permission.ASK_PEOPLE) else None,
        "trail": [(_("Messages"), reverse("messages:ledger")), (_("Message %(n)s") % {"n": held.pk}, None)]})


@needs(WRITES)
@require_POST
def done(request: HttpRequest, number: int) -> HttpResponse:
    """One press: the letter is posted, the call is made. The gate is asked once more."""
    held = _one(request, number, WRITES)
    try:
        sending.mark_done(message=held, by=request.user, now=timezone.now(), request_id=request.request_id)
        messages.success(request, _("Kept. Thank you."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("messages:message", number=number)


@needs(WRITES)
def person(request: HttpRequest, key: int) -> HttpResponse:
    """What one person chose, which way fits them now, and what went to them."""
    return _person(request, key, None)


@needs(WRITES)
@require_POST
def write(request: HttpRequest, key: int) -> HttpResponse:
    """Puts one message down. Whether it goes, waits or never goes the gate says, and the page tells."""
    found = _reached(request, key)
    form = Writing(_channels(found), request.POST)
    if not form.is_valid():
        return _person(request, key, form)
    now = timezone.now()
    if form.cleaned_data["wish"]:
        contact.choose(person=key, of="channel", value=form.cleaned_data["channel"], yes=True, said_on="staff",
                       by=request.user, request_id=request.request_id)
    put = contact.put(person=key, letter=form.cleaned_data["letter"], channel=form.cleaned_data["channel"],
                      about=f"written {request.request_id}", now=now, hat=worn_last(key, now).followed.value,
                      unit=_unit_of(key), by=request.user, request_id=request.request_id)
    return redirect("messages:message", number=put.pk)


@needs(WRITES)
@require_POST
def end_all(request: HttpRequest, key: int) -> HttpResponse:
    """Ends every message to a person at once, or says that this was a mistake."""
    _reached(request, key)
    try:
        contact.end_all(person=key, says=request.POST.get("says", ""), by=request.user, request_id=request.request_id)
        messages.success(request, _("Kept. It counts from this moment, for what is queued, held and printed too."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("messages:person", key=key)


def _person(request: HttpRequest, key: int, form: Writing | None) -> HttpResponse:
    found = _reached(request, key)
    audit.noted(request, "looked at", "messages to", key)
    rules, stand = contact.rules_in_force(), found.standing
    worn = worn_last(key, timezone.now())
    way = engage(worn.hat, about_hat=worn.about_hat, relative=worn.relative, worst_day=worn.hard_day,
                 preferred=stand.preferred, reachable=stand.reachable, strategies=contact.strategies_in_force())
    sent = PersonMessage.objects.filter(person=key).order_by("-made_at", "-pk")[:reads.A_PAGE]
    return render(request, "messages/person.html", {
        "about": _about(request, key), "key": key, "hat": worn.hat.value, "silence": stand.silence,
        "silences": SILENCES.items(), "silenced_as": SILENCES.get(stand.silence) if stand.silence else None,
        "lifted": LIFTED, "way": way.strategy.text.read_in(wording.language()),
        "form": form or Writing(_channels(found), initial={"channel": way.channel}),
        "refused": [reads.kind(one, rules) for one in sorted(stand.stopped)]
        + [reads.channel(one, rules) for one in sorted(stand.not_this_way)],
        "lines": reads.lines(sent, rules),
        "trail": [(_("Messages"), reverse("messages:ledger")), (_("To one person"), None)]},
        status=400 if form is not None else 200)


def _one(request: HttpRequest, number: int, *asked: Permission) -> PersonMessage:
    found = reads.in_scope(scope_of(request.user, *(asked or (SEES,)))).filter(pk=number).first()
    if found is None:
        not_yours(request, "message", number)
    return found


def _reached(request: HttpRequest, key: int) -> standing.Reached:
    """Where a person of the reader's units stands; somebody else's is a page that is not there."""
    reader = releases.current()
    scope = scope_of(request.user, WRITES)
    row = people.person(reader, key, scope) if reader and scope and key < 2**63 else None
    found = standing.reached(key, contact.rules_in_force()) if row is not None else None
    return found if found is not None else _nobody(request, key)


def _nobody(request: HttpRequest, key: int) -> NoReturn:
    not_yours(request, "person", key)


def _channels(found: standing.Reached) -> list[tuple[str, str]]:
    rules = contact.rules_in_force()
    return [(key, reads.channel(key, rules)) for key in rules.channels
            if key in found.standing.addresses and key != "automated_call"]


def _unit_of(key: int) -> str:
    reader = releases.current()
    row = reader.row("SELECT unit FROM visits WHERE person = ? AND unit <> '' ORDER BY started_at DESC LIMIT 1",
                     (key,)) if reader else None
    return row["unit"] if row else ""


def _about(request: HttpRequest, key: int) -> dict[str, str] | None:
    """The person's name and journey, for a reader who may see both."""
    reader, scope = releases.current(), scope_of(request.user, Permission.SEE_JOURNEY)
    row = people.person(reader, key, scope) if reader and scope else None
    if row is None:
        return None
    return {"name": " ".join(filter(None, (row["given"], row["family"]))) or _("No name recorded"),
            "address": reverse("person:journey", kwargs={"key": key})}
