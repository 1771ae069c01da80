"""POST /api/reports: what a provider or a call centre tells of one message, signed; taken once, obeyed at once."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from twohats.care.contact.messages import ANSWERED, OPTED_OUT
from twohats.service.actions import live_events, reports, senders
from twohats.service.api.answering import told, unread
from twohats.service.api.fields import REPORT_FIELDS
from twohats.service.api.reading import fields_of, object_of
from twohats.service.doors import open_to_all
from twohats.service.records.live import REPORTS
from twohats.words.problems import Problem

UNKNOWN_SENDER = Problem(
    "We do not know who sends this: the signature is missing, wrong, too old or taken back; nothing was kept.",
    "sender", "Send X-Twohats-Sender, X-Twohats-Instant (now, in seconds) and X-Twohats-Signature: sha256=...")
STATUSES: tuple[tuple[type[Problem], int], ...] = ((live_events.AnotherBody, 409), (reports.UnknownMessage, 404))


@open_to_all("Providers send what became of messages by a signature of their own, never by a log-in.")
@csrf_exempt
def take(request: HttpRequest) -> HttpResponseBase:
    """Takes one report: 202 when it is kept, for good; another status says what to mend, and nothing was kept."""
    refused = unread(request, "Reports")
    if refused is not None:
        return refused
    now = timezone.now()
    sender = senders.sender_by_signature(
        request.headers.get("X-Twohats-Sender", ""), request.headers.get("X-Twohats-Instant", ""),
        request.headers.get("X-Twohats-Signature", ""), request.body, now, sends=REPORTS)
    if sender is None:
        return told(UNKNOWN_SENDER, 401)
    try:
        given = object_of(request.body)
        kept = reports.take(report=_report(given, now), sender=sender, now=now)
    except Problem as problem:
        status = next((number for kind, number in STATUSES if isinstance(problem, kind)), None)
        return told(problem, status or (400 if problem.where == "body" else 422))
    return JsonResponse({"id": kept.report_id, "says": kept.says, "received_at": kept.received_at.isoformat()},
                        status=202)


def _report(given: dict[str, Any], now: Any) -> reports.Report:
    sent = fields_of(given, REPORT_FIELDS)
    live_events.not_ahead(sent, ("told_at",), now)
    by_address = "message" not in sent
    if by_address and sent["says"] not in (OPTED_OUT, ANSWERED):
        raise Problem("This field is needed.", "message", f"Send {REPORT_FIELDS['message'].says}.")
    for name in ("channel", "address") if by_address else ():
        if name not in sent:
            raise Problem("Without message, channel and address are needed.", name, f"Send {REPORT_FIELDS[name].says}.")
    if "text" in sent and sent["says"] != ANSWERED:
        raise Problem("Only a reply has words.", "text", "Leave it out, or send says: answered.")
    return reports.Report(sent["id"], sent["says"], sent.get("message", ""), sent.get("channel", ""),
                          sent.get("address", ""), sent.get("text", ""), sent["told_at"], given)
