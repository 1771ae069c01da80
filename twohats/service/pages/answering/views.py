"""A short form by link: one thing a page, each answer kept at once, and afterwards what became of it.

No log-in, no name; a page never says what it is about. Nothing here needs JavaScript or cookies: the token in the
address is the proof, so that no forged request of another site can know it, and forms go without one of our own.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from twohats.care.asking.forms import Question, audiences, respondents
from twohats.service.actions import answering, cases
from twohats.service.doors import open_to_all
from twohats.service.pages.answering import became
from twohats.service.pages.answering.human import human
from twohats.service.records.asking import LONGEST_WORDS, SurveyAnswer, SurveyRequest
from twohats.service.records.cases import RecoveryCase
from twohats.words.problems import Problem

WHY_OPEN = "Who holds the link is asked for nothing else; the page names nobody."
WHO = "who"


@dataclass(frozen=True)
class Shown:
    """A form as its link shows it now: its steps in order (WHO or questions) and what was given so far."""

    token: str
    request: SurveyRequest
    steps: tuple[Question | str, ...]
    given: dict[str, SurveyAnswer]

    def next_open(self) -> int:
        """The first step without an answer; the last where all have one."""
        return next((at for at, one in enumerate(self.steps, 1) if not self.is_answered(one)), len(self.steps))

    def is_answered(self, one: Question | str) -> bool:
        """Whether a step has its answer."""
        return bool(self.request.respondent) if isinstance(one, str) else one.key in self.given


@csrf_exempt
@open_to_all(WHY_OPEN)
@never_cache
def form(request: HttpRequest, token: str) -> HttpResponse:
    """Where the form stands: its next question; once it is sent, what became of it."""
    shown = _shown(request, token)
    if shown is None:
        return _closed(request)
    if shown.request.finished_at is not None:
        return _became(request, shown)
    return _page(request, shown, shown.next_open()) if answering.is_open(shown.request, timezone.now()) \
        else _closed(request)


@csrf_exempt
@open_to_all(WHY_OPEN)
@never_cache
def step(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """One question; a press keeps its answer and goes on. A link that is used up opens nothing here."""
    shown = _shown(request, token)
    if shown is None or not answering.is_open(shown.request, timezone.now()) or not 1 <= number <= len(shown.steps):
        return _closed(request)
    if request.method != "POST":
        return _page(request, shown, number)
    try:
        return _kept(request, shown, number)
    except Problem as problem:
        if problem.where == "closed":
            return _closed(request)
        return _page(request, shown, number, problem)


@csrf_exempt
@open_to_all(WHY_OPEN)
@never_cache
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """It is not solved: one press opens the case again."""
    shown = _shown(request, token)
    case = _case(shown) if shown else None
    if shown is None or case is None:
        return _closed(request)
    try:
        cases.open_again(case=case, now=timezone.now(), request_id=request.request_id)
    except Problem as problem:
        return _became(request, shown, _(problem.what))
    return redirect("answering:form", token=token)


def _kept(request: HttpRequest, shown: Shown, number: int) -> HttpResponse:
    """Keeps what was pressed, and shows what comes next."""
    now, asked, posted = timezone.now(), shown.steps[number - 1], request.POST
    if posted.get(WHO):
        answering.say_who(request=shown.request, respondent=posted[WHO], now=now)
        if asked != WHO:
            return redirect("answering:step", token=shown.token, number=number)
    elif isinstance(asked, Question) and "skip" not in posted:
        answering.keep(request=shown.request, question=asked.key, language=_language(), now=now,
                       request_id=request.request_id, **_typed(asked, posted, shown.given.get(asked.key)))
    steps = _steps(shown.request)
    if number < len(steps):
        return redirect("answering:step", token=shown.token, number=number + 1)
    answering.finish(request=shown.request, now=now)
    return redirect("answering:form", token=shown.token)


def _typed(asked: Question, posted: QueryDict, before: SurveyAnswer | None) -> dict[str, str]:
    """What was pressed or written. An empty box leaves what was written before, since it is never shown again."""
    if asked.choices:
        return {"value": posted.get("answer", "")}
    if "take_back" in posted:
        return {"words": ""}
    words = posted.get("words", "").strip() or (before.words if before else "")
    return {"words": words, "quote": posted.get("quote", "")}


def _shown(request: HttpRequest, token: str) -> Shown | None:
    """What a link opens; None for one that opens nothing. In the language they chose here, else in Spanish for whom
    the hospital knows to speak it (English may only be what nobody asked), else in their browser's.
    """
    found = answering.asked_by(token, timezone.now())
    if found is None:
        return None
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and found.language == "es":
        translation.activate(found.language)
        request.LANGUAGE_CODE = found.language
    return Shown(token, found, _steps(found), answering.given(found))


def _steps(found: SurveyRequest) -> tuple[Question | str, ...]:
    asks_who_first = answering.form_of(found).asks_who_first
    return (*((WHO,) if asks_who_first else ()), *answering.questions_of(found))


def _page(request: HttpRequest, shown: Shown, number: int, problem: Problem | None = None) -> HttpResponse:
    language, asked = _language(), shown.steps[number - 1]
    form_ = answering.form_of(shown.request)
    question = asked if isinstance(asked, Question) else None
    before = shown.given.get(question.key) if question else None
    taps = [one for one in shown.steps if isinstance(one, str) or not one.after_the_taps]
    return render(request, "answering/step.html", {
        "name": form_.name.read_in(language), "lead": form_.lead.read_in(language) if number == 1 else "",
        "progress": _("%(n)s of %(of)s") % {"n": number, "of": len(taps)} if number <= len(taps) > 1 else "",
        "thanks": question is not None and question.after_the_taps,
        "title": question.text.read_in(language) if question else _("Who are you?"),
        "choices": [(one.value, one.text.read_in(language)) for one in question.choices] if question else [],
        "respondents": [(key, words.read_in(language)) for key, words in respondents().items()],
        "asks_who": question is None, "who_aside": question is not None and not form_.asks_who_first and number == 1,
        "respondent": shown.request.respondent, "chosen": before.value if before else "",
        "audiences": [(key, words.read_in(language)) for key, words in audiences().items()],
        "words": request.POST.get("words", ""), "wrote_before": before is not None and bool(before.words),
        "quote": request.POST.get("quote", before.quote if before else ""), "longest": LONGEST_WORDS,
        "back": number - 1, "number": number, "token": shown.token, "is_last": number == len(shown.steps),
        "human": human(), "urgent": _is_urgent(shown), "case": _case(shown),
        "problem": _(problem.what) if problem else "",
    }, status=_status(problem))


def _status(problem: Problem | None) -> int:
    if problem is None:
        return 200
    return 429 if problem.where == answering.TOO_MANY else 400


def _became(request: HttpRequest, shown: Shown, problem: str = "") -> HttpResponse:
    case = _case(shown)
    return render(request, "answering/became.html", {
        "told": became.of(shown.request, case, _language()), "token": shown.token, "human": human(),
        "urgent": _is_urgent(shown), "problem": problem,
    }, status=400 if problem else 200)


def _closed(request: HttpRequest) -> HttpResponse:
    """One page for every link that is guessed, mistyped, used up or too old: nobody learns which links there are."""
    return render(request, "answering/closed.html", {"human": human()}, status=404)


def _is_urgent(shown: Shown) -> bool:
    return any(answer.clock != "no" for answer in shown.given.values())


def _case(shown: Shown) -> Any:
    return RecoveryCase.objects.filter(request=shown.request).first()


def _language() -> str:
    return "es" if (translation.get_language() or "").startswith("es") else "en"
