"""People we lost track of: all lists, one list by name, one hand-off with what came of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import audit
from twohats.service.actions import hand_offs as actions
from twohats.service.doors import may, needs, not_yours
from twohats.service.pages import wording
from twohats.service.pages.alerts.reads import unit_names
from twohats.service.pages.forms import PageForm
from twohats.service.pages.lost_track import page, reads
from twohats.service.policy import Permission
from twohats.service.records.hand_offs import LONGEST
from twohats.words.hand_offs import HandOff, hand_offs
from twohats.words.problems import Problem

A_PAGE, RUNNING_SHOWN = 50, 10


class Came(PageForm):
    """What came of a hand-off."""

    says = forms.ChoiceField(label=gettext_lazy("What came of it?"), choices=lambda: [
        ("", _("Choose one")), *((word.key, word.text.read_in(wording.language()).capitalize())
                                 for word in hand_offs().words.values()
                                 if word.key not in (actions.TAKEN, actions.OPEN_AGAIN))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Say what came of it.")))
    note = forms.CharField(label=gettext_lazy("What to try next, or what helped"), required=False, max_length=LONGEST,
                           help_text=gettext_lazy("For us, in a few words, without names of people we serve."),
                           widget=forms.Textarea(attrs={"rows": 2}))


@needs(reads.COUNTS, reads.NAMES)
def lists(request: HttpRequest) -> HttpResponse:
    """All lists, both hats side by side: names of the own units are a step away for who may see them."""
    reader = releases.current()
    if reader is None or not reader.holds("hand_offs"):
        return redirect("first_steps:steps")
    sight = reads.sight_of(request.user)
    counts = reads.Listed(reader, sight).counts()
    return render(request, "lost_track/lists.html", {
        "lists": page.lists(counts), "waiting": page.waiting(), "lead": page.lead(counts), "named": sight.named,
        "labelled": sight.labelled, "day": page.day_known(reads.known_until(reader)),
        "days": hand_offs().days_listed, "trail": [(_("People we lost track of"), None)]})


@needs(reads.NAMES)
def one_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One list by name, the last lost first. Looking at it leaves a trace."""
    listed, reader, sight = _listed(request), releases.current(), reads.sight_of(request.user)
    of = hand_offs().kinds.get(kind)
    if listed is None or of is None or of.waits_for is not None:
        not_yours(request, "list", kind)
    audit.noted(request, "looked at", "list", kind)
    lost = Paginator(listed.rows(kind, reads.LOST), A_PAGE).get_page(request.GET.get("page"))
    running = listed.rows(kind, reads.OPEN)
    shown = [*lost.object_list, *running[:RUNNING_SHOWN]]
    told = {"names": reads.names_of(reader, {row["person"] for row in shown}), "units": unit_names(),
            "words": actions.words_in_force(row["hand_off"] for row in shown), "until": listed.until}
    return render(request, "lost_track/list.html", {
        "kind": of, "name": of.name.read_in(wording.language()), "hat": of.hat.value, "terms": page.terms(of),
        "lost": page.rows(list(lost.object_list), **told), "page": lost,
        "running": page.rows(running[:RUNNING_SHOWN], **told), "running_in_all": len(running),
        "labelled": sight.labelled, "days": hand_offs().days_listed,
        "day": page.day_known(reads.known_until(reader)),
        "trail": [(_("People we lost track of"), reverse("lost_track:lists")),
                  (of.name.read_in(wording.language()), None)]})


@needs(reads.NAMES)
def one(request: HttpRequest, hand_off: int) -> HttpResponse:
    """One hand-off: what was to happen, what was said of it, and a form to say what came of it."""
    found = _one(request, hand_off)
    form = Came(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _say(request, found, form.cleaned_data["says"], form.cleaned_data["note"])
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("Kept. Thank you."))
            return redirect("lost_track:list", kind=found["kind"])
    return _page(request, found, form)


@needs(reads.NAMES)
@require_POST
def word(request: HttpRequest, hand_off: int, says: str) -> HttpResponse:
    """One press: I take it on, or it is opened again."""
    found = _one(request, hand_off)
    if says not in (actions.TAKEN, actions.OPEN_AGAIN):
        not_yours(request, "word", says)
    try:
        _say(request, found, says, "")
        messages.success(request, _("Kept. Thank you."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("lost_track:one", hand_off=hand_off)


def _say(request: HttpRequest, found: Mapping[str, Any], says: str, note: str) -> None:
    told = actions.Told(found["hand_off"], found["kind"], found["unit"] or "", releases.current().id)
    actions.say(of=told, says=says, note=note, by=request.user, now=timezone.now(), request_id=request.request_id)


def _listed(request: HttpRequest) -> reads.Listed | None:
    reader = releases.current()
    held = reader is not None and reader.holds("hand_offs")
    return reads.Listed(reader, reads.sight_of(request.user)) if held else None


def _one(request: HttpRequest, hand_off: int) -> Mapping[str, Any]:
    listed = _listed(request)
    found = listed.one(hand_off) if listed else None
    return found if found is not None else not_yours(request, "hand_off", hand_off)


def _page(request: HttpRequest, found: Mapping[str, Any], form: Came) -> HttpResponse:
    audit.noted(request, "looked at", "hand_off", found["hand_off"])
    reader, of = releases.current(), _kind(found)
    said = actions.words_on(found["hand_off"])
    names = reads.names_of(reader, {found["person"]})
    (row,) = page.rows([found], names, unit_names(), {found["hand_off"]: said[-1]} if said else {},
                       reads.micros(reads.known_until(reader)))
    name = of.name.read_in(wording.language())
    return render(request, "lost_track/one.html", {
        "row": row, "name": name, "hat": of.hat.value, "terms": page.terms(of), "kind": of,
        "said": [(page.said(one), one.note) for one in said],
        "ended": bool(said) and hand_offs().words[said[-1].says].ends, "form": form,
        "writes": may(request.user, Permission.WRITE_TO_PEOPLE),
        "trail": [(_("People we lost track of"), reverse("lost_track:lists")),
                  (name, reverse("lost_track:list", kwargs={"kind": of.key})), (row.name, None)],
    }, status=400 if form.errors else 200)


def _kind(found: Mapping[str, Any]) -> HandOff:
    return hand_offs().kinds[found["kind"]]
