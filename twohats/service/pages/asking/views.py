"""Whom we asked, asking one person, and writing down what somebody answered on paper or by phone."""

from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.care.asking import worth
from twohats.care.asking.forms import Question, audiences, respondents
from twohats.care.asking.forms import forms as every_form
from twohats.service import releases
from twohats.service.actions import answering, audit, contact, standing
from twohats.service.actions import asking as actions
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.alerts.reads import unit_names
from twohats.service.pages.asking import reads
from twohats.service.pages.forms import PageForm
from twohats.service.pages.messages import reads as message_reads
from twohats.service.pages.person import reads as people
from twohats.service.policy import Permission
from twohats.service.records.asking import LONGEST_WORDS, SurveyRequest
from twohats.words.problems import Problem

ASKS, RULES = Permission.ASK_PEOPLE, Permission.CHANGE_RULES
PAPER = "paper"
"""In place of a channel: somebody handed the form in on paper."""
MODES = {"phone": gettext_lazy("by phone"), "mail": gettext_lazy("on paper, by mail"),
         "desk": gettext_lazy("at the desk")}


class WrittenDown(PageForm):
    """A whole form as somebody wrote it down; what was not answered stays empty."""

    def __init__(self, asked: SurveyRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = wording.language()
        nothing = [("", _("not answered"))]
        self.fields["mode"] = fields.ChoiceField(label=_("How it came"), choices=list(MODES.items()))
        self.fields["respondent"] = fields.ChoiceField(label=_("Who answered"), choices=[
            (key, words.read_in(language)) for key, words in respondents().items()])
        for question in answering.form_of(asked).questions:
            self.fields[question.key] = _field(question, language, nothing)
            if question.kind == "words":
                self.fields["quote"] = fields.ChoiceField(
                    label=_("May we show your words, without your name?"), required=False,
                    choices=[*nothing, *((key, words.read_in(language)) for key, words in audiences().items())])


def _field(question: Question, language: str, nothing: list[tuple[str, str]]) -> fields.Field:
    label = question.text.read_in(language)
    if question.kind == "words":
        return fields.CharField(label=label, required=False, max_length=LONGEST_WORDS, widget=fields.Textarea(
            attrs={"rows": 6}), help_text=_("Word for word, as they said it. Urgent words call a human at once."))
    return fields.ChoiceField(label=label, required=False, choices=[
        *nothing, *((one.value, one.text.read_in(language)) for one in question.choices)])


@needs(ASKS, RULES)
def requests(request: HttpRequest) -> HttpResponse:
    """Whom we asked lately and how far the answers are; no name, no answer."""
    scope, now = scope_of(request.user, ASKS, RULES), timezone.now()
    page = reads.page_of(scope, request.GET.get("page"))
    return render(request, "asking/requests.html", {
        "lines": reads.lines(page.object_list, unit_names(), now), "page": page,
        "asks": may(request.user, ASKS), "changes_rules": may(request.user, RULES),
        "rules": worth.shipped(), "trail": [(_("Questions to people"), None)]})


@needs(ASKS)
def person(request: HttpRequest, key: int) -> HttpResponse:
    """What one person could be asked about, and why not."""
    return _person(request, key)


@needs(ASKS)
@require_POST
def ask(request: HttpRequest, key: int) -> HttpResponse:
    """Asks, through the gate; or begins to write down a form that was handed in."""
    _reached(request, key)
    told = {"person": key, "form": request.POST.get("form", ""), "matter": request.POST.get("matter", ""),
            "by": request.user, "now": timezone.now(), "request_id": request.request_id}
    channel = request.POST.get("channel", "")
    if channel != PAPER and channel not in contact.rules_in_force().channels:
        return _person(request, key, _("Choose a way."))
    try:
        if channel == PAPER:
            return redirect("asking:write_down", number=actions.begin_on_paper(**told).pk)
        made = actions.ask(channel=channel, solved="solved" in request.POST, **told)
    except Problem as problem:
        return _person(request, key, reads.reason(problem.where) if problem.where in worth.shipped().reasons
                       else _(problem.what))
    return redirect("messages:message", number=made.message.pk)


@needs(ASKS)
def write_down(request: HttpRequest, number: int) -> HttpResponse:
    """A whole form from paper or a call, kept answer by answer; the same rules as by link."""
    asked = reads.in_scope(scope_of(request.user, ASKS)).filter(pk=number).first()
    if asked is None:
        not_yours(request, "survey", number)
    audit.noted(request, "looked at", "survey", number)
    is_open = answering.is_open(asked, timezone.now())
    form = WrittenDown(asked, request.POST or None, initial={"respondent": asked.respondent or "self"})
    if request.method == "POST" and is_open and form.is_valid():
        try:
            _keep(request, asked, form.cleaned_data)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("Kept. Thank you."))
            return redirect("asking:requests")
    form_ = answering.form_of(asked)
    return render(request, "asking/write_down.html", {
        "form": form, "name": form_.name.read_in(wording.language()), "hat": form_.hat.value, "is_open": is_open,
        "trail": [(_("Questions to people"), reverse("asking:requests")), (_("Write down"), None)],
    }, status=400 if form.errors else 200)


def _keep(request: HttpRequest, asked: SurveyRequest, told: dict[str, str]) -> None:
    now, by = timezone.now(), request.user
    answering.say_who(request=asked, respondent=told["respondent"], now=now, by=by)
    for question in answering.form_of(asked).questions:
        said = told.get(question.key, "")
        if said:
            words = {"words": said, "quote": told.get("quote", "")} if question.kind == "words" else {"value": said}
            answering.keep(request=asked, question=question.key, mode=told["mode"], language=asked.language, now=now,
                           by=by, request_id=request.request_id, **words)
    answering.finish(request=asked, now=now)


def _person(request: HttpRequest, key: int, problem: str = "") -> HttpResponse:
    found = _reached(request, key)
    audit.noted(request, "looked at", "questions to", key)
    rules = contact.rules_in_force()
    return render(request, "asking/person.html", {
        "key": key, "name": _name(request, key), "problem": problem,
        "silence": found.standing.silence, "stopped": "survey" in found.standing.stopped,
        "matters": reads.matters(key, timezone.now(), unit_names()),
        "channels": [(way, message_reads.channel(way, rules)) for way in rules.channels
                     if way in found.standing.addresses and way != "automated_call"],
        "every_form": [(form.key, form.name.read_in(wording.language())) for form in every_form().values()],
        "paper": PAPER,
        "trail": [(_("Questions to people"), reverse("asking:requests")), (_("To one person"), None)],
    }, status=400 if problem else 200)


def _reached(request: HttpRequest, key: int) -> standing.Reached:
    """Where a person of the reader's units stands; somebody else's is a page that is not there."""
    reader, scope = releases.current(), scope_of(request.user, ASKS)
    row = people.person(reader, key, scope) if reader and scope and key < 2**63 else None
    found = standing.reached(key, contact.rules_in_force()) if row is not None else None
    return found if found is not None else not_yours(request, "person", key)


def _name(request: HttpRequest, key: int) -> str:
    reader, scope = releases.current(), scope_of(request.user, Permission.SEE_JOURNEY)
    row = people.person(reader, key, scope) if reader and scope else None
    return (" ".join(filter(None, (row["given"], row["family"]))) or _("No name recorded")) if row else ""
