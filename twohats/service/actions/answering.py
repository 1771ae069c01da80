"""Answers of people we serve: each is kept the moment it is given, urgent words are heard then, and a bad one opens a
case. By link, or written down by staff from a call or from paper; the same door for both.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from twohats.care import urgent_words
from twohats.care.asking import worth
from twohats.care.asking.forms import CALL_BACK, Form, Question, audiences, forms, respondents
from twohats.service.actions import alerts, audit, cases, links
from twohats.service.records.asking import LONGEST_WORDS, MODES, SurveyAnswer, SurveyRequest
from twohats.service.records.cases import BAD_ANSWER, URGENT, WISH
from twohats.service.records.models import UrgentAlert, User
from twohats.store.keys import key
from twohats.words.problems import Problem

TOO_MANY = "too many"
"""Where a Problem says so, the page asks for a pause instead of another try."""
PAUSE = timedelta(minutes=10)


def asked_by(token: str, now: datetime) -> SurveyRequest | None:
    """The request that a link is about; None for one that is guessed, expired or for something else."""
    link = links.opened(token, "survey", now)
    return SurveyRequest.objects.filter(pk=int(link.about.split()[0]), person=link.person).first() if link else None


def is_open(request: SurveyRequest, now: datetime) -> bool:
    """True while it takes answers: not sent yet, and not too late."""
    return request.finished_at is None and now < request.answer_by


def form_of(request: SurveyRequest) -> Form:
    """The form that was asked."""
    return forms()[request.form]


def given(request: SurveyRequest) -> dict[str, SurveyAnswer]:
    """The answers that hold, by their question."""
    return {answer.question: answer for answer in request.answers.filter(holds=True)}


def questions_of(request: SurveyRequest) -> tuple[Question, ...]:
    """The questions this person gets, in order; some only after a bad answer."""
    form = form_of(request)
    return form.to_ask(form.is_bad({name: answer.value for name, answer in given(request).items()}))


@transaction.atomic
def say_who(*, request: SurveyRequest, respondent: str, now: datetime, by: User | None = None) -> None:
    """Keeps who answers: the person, for the person, or family for themselves."""
    held = _locked(request, now)
    if respondent not in respondents():
        raise Problem(gettext_noop("Please choose one of the answers."), "answer", "You can also skip this.")
    held.respondent = respondent
    held.save(update_fields=["respondent"])


@transaction.atomic
def keep(*, request: SurveyRequest, question: str, value: str = "", words: str = "", quote: str = "", mode: str = "web",
         language: str, now: datetime, by: User | None = None, request_id: str = "") -> SurveyAnswer | None:
    """Keeps one answer at once; the same again keeps nothing new; words taken back are kept no longer (None).

    Problem for what the form does not offer, and once it is sent, too late, or answered too often.
    """
    held = _locked(request, now)
    asked, said = form_of(held).question(question), words.strip()
    _must_fit(asked, value, said, quote, mode)
    before = given(held).get(question)
    if before and (before.value, before.words, before.quote) == (value, said, quote):
        return before
    if before:
        SurveyAnswer.objects.filter(pk=before.pk).update(holds=False)
    if not value and not said:
        return None
    heard = urgent_words.heard(said)
    kept = SurveyAnswer.objects.create(
        request=held, question=question, value=value, words=said, quote=quote, clock=heard.clock.value,
        mode=mode, language=language, by=by, made_at=now)
    if by:
        audit.record(by=by, verb="wrote down an answer", kind="survey", thing=held.pk, request_id=request_id)
    _set_in_motion(held, kept, now)
    return kept


@transaction.atomic
def finish(*, request: SurveyRequest, now: datetime) -> None:
    """The form is sent: it takes no more answers, and its link from now on shows what became of them."""
    held = _locked(request, now)
    held.finished_at = now
    held.save(update_fields=["finished_at"])


def comment_id(request: SurveyRequest, question: str) -> str:
    """The id under which words reach the hospital's own files; the same at every writing."""
    return f"ours-{request.pk}-{question}"


def _must_fit(asked: Question | None, value: str, words: str, quote: str, mode: str) -> None:
    fits = asked is not None and (asked.choice(value) is not None if asked.choices else not value)
    if not fits or (words and asked is not None and asked.choices) or quote not in ("", *audiences()):
        raise Problem(gettext_noop("Please choose one of the answers."), "answer", "You can also skip this.")
    if len(words) > LONGEST_WORDS:
        raise Problem(gettext_noop("At most 4,000 letters fit here. What you wrote is still below: please shorten it."),
                      "words", "Or call us.")
    if mode not in MODES:
        raise Problem(gettext_noop("Say how the answer came."), "mode", "Choose one of those shown.")


def _locked(request: SurveyRequest, now: datetime) -> SurveyRequest:
    audit.one_writer()
    held = SurveyRequest.objects.select_for_update().get(pk=request.pk)
    if not is_open(held, now):
        raise Problem(gettext_noop("This form takes no more answers."), "closed", "Please call us.")
    rules = worth.shipped()
    # Only what this very link did is counted: counting by sender would let one guest network shut out another guest.
    kept = SurveyAnswer.objects.filter(request=held)
    if (kept.filter(made_at__gt=now - PAUSE).count() >= rules.answers_in_10_minutes
            or kept.count() >= rules.answers_in_all):
        raise Problem(gettext_noop("That was a lot at once. Please wait ten minutes, or call us."), TOO_MANY,
                      "What you answered before is kept.")
    return held


def _set_in_motion(held: SurveyRequest, kept: SurveyAnswer, now: datetime) -> None:
    """Urgent words call a human at once; they and a bad answer open a case; a rule may propose a grievance."""
    urgent = kept.clock != "no"
    if kept.words:
        kept.voice = _voice(held, kept)
        kept.save(update_fields=["voice"])
    if urgent:
        alerts.open_written(voice=kept.voice, clock=kept.clock, unit=held.unit, now=now)
    asked = form_of(held).question(kept.question)
    choice = asked.choice(kept.value) if asked else None
    if urgent or (choice is not None and choice.bad):
        why = URGENT if urgent else WISH if kept.question == CALL_BACK else BAD_ANSWER
        cases.open_for(request=held, why=why, hat=form_of(held).hat, now=now)
    cases.propose_grievance(request=held, now=now)


def _voice(held: SurveyRequest, kept: SurveyAnswer) -> int:
    """The key that the comment will have in a release, so that its alert is not opened twice; another one for words
    that were changed after an alert was opened on the former: somebody must look at these too."""
    first = key(f"comments|{comment_id(held, kept.question)}")
    return key(f"comments|{comment_id(held, kept.question)}|{kept.pk}") \
        if UrgentAlert.objects.filter(voice=first).exists() else first
