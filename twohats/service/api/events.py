"""POST /api/events: one interaction from a system of the hospital, taken before it is answered, or refused kindly."""

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from twohats.service.actions import live_events, senders
from twohats.service.api.answering import told, unread
from twohats.service.api.reading import event_of
from twohats.service.doors import open_to_all
from twohats.service.records.live import NO_RELEASE, NOBODY, TWO_PEOPLE, EventSender, LiveEvent
from twohats.words.problems import Problem

NOTES = {
    NOBODY: "Nobody of the current release has this identifier: the event is kept, tied to nobody, and tied when a "
            "release knows it.",
    TWO_PEOPLE: "Two people have this identifier: the event is kept and tied to neither.",
    NO_RELEASE: "Nothing is published yet that knows identifiers: the event is kept and tied later.",
}
UNKNOWN_SENDER = Problem(
    "We do not know who sends this: the token or the signature is missing, wrong, too old or taken back; nothing was "
    "kept.", "sender",
    "Send Authorization: Bearer TOKEN, or X-Twohats-Sender, X-Twohats-Instant (now, in seconds) and "
    "X-Twohats-Signature: sha256=...")


@open_to_all("Systems of the hospital send events by a token or a signature of their own, never by a log-in.")
@csrf_exempt
def events(request: HttpRequest) -> HttpResponseBase:
    """Takes one event: 202 when it is kept, for good; another status says what to mend, and nothing was kept."""
    refused = unread(request, "Events")
    if refused is not None:
        return refused
    now = timezone.now()
    sender = _sender(request, now)
    if sender is None:
        answer = told(UNKNOWN_SENDER, 401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    try:
        return _taken(live_events.take(event=event_of(request.body, sender.name, now), sender=sender, now=now))
    except live_events.AnotherBody as problem:
        return told(problem, 409)
    except Problem as problem:
        return told(problem, 400 if problem.where == "body" else 422)


def _sender(request: HttpRequest, now: datetime) -> EventSender | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return senders.sender_by_token(token.strip())
    return senders.sender_by_signature(
        request.headers.get("X-Twohats-Sender", ""), request.headers.get("X-Twohats-Instant", ""),
        request.headers.get("X-Twohats-Signature", ""), request.body, now)


def _taken(kept: LiveEvent) -> JsonResponse:
    answer = {"id": kept.event_id, "received_at": kept.received_at.isoformat(), "hat": kept.hat, "rule": kept.rule}
    if kept.found in NOTES:
        answer["note"] = NOTES[kept.found]
    return JsonResponse(answer, status=202)
