"""How a message leaves, channel by channel. Only sending.py calls these, after the gate let the message pass.

Mail goes by SMTP. Text messages and automated calls go to the hospital's own gateway as a signed request. A message in
the portal is a FHIR CommunicationRequest in the home's outgoing folder. Letters and calls go into somebody's hands.
"""

import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from twohats.service.actions import outbox
from twohats.service.actions.smtp import ANSWER_SECONDS, code_of, connection_to
from twohats.service.configuration import LOOPBACK

SIGNATURE = "X-Twohats-Signature"
"""sha256= and the HMAC-SHA256, in hex, of the instant, a full stop and the body, by the key both sides hold."""


class Left(Enum):
    """How a try ended."""

    SENT = "sent"
    HANDED = "handed"
    """In the hands of who prints or calls."""
    FAILED = "failed"
    """It did not leave; it may be tried again."""
    UNSURE = "unsure"
    """It may have left: the other side was silent after it had everything."""


@dataclass(frozen=True)
class Leaving:
    """A message about to leave: a key that is the same at every try, where to, its words."""

    key: str
    patient: str
    channel: str
    address: str
    language: str
    subject: str
    text: str


def leave(leaving: Leaving, now: datetime) -> tuple[Left, str]:
    """Hands a message over; how that ended, and for what failed a word that names nobody."""
    if leaving.channel in ("letter", "call"):
        return Left.HANDED, ""
    if leaving.channel == "portal":
        outbox.put(file=f"{outbox.OUTGOING}/communication_requests", line=communication_request(leaving, now))
        return Left.SENT, ""
    return _by_mail(leaving) if leaving.channel == "email" else _by_gateway(leaving, now)


def can_leave(channel: str) -> bool:
    """False where the channel's server or gateway is not set up: messages wait, and are shown as waiting for it."""
    if channel == "email":
        return settings.CONFIGURATION.mail is not None
    return channel in ("letter", "call", "portal") or settings.CONFIGURATION.gateway is not None


def _by_mail(leaving: Leaving) -> tuple[Left, str]:
    server = settings.CONFIGURATION.mail
    given = False
    with connection_to(server) as line:
        try:
            line.open()
            given = True
            line.send_messages([EmailMessage(
                leaving.subject, leaving.text, server.sender, [leaving.address], connection=line,
                headers={"Message-ID": f"<{leaving.key[:32]}@{server.sender.rpartition('@')[2].rstrip('>')}>",
                         "Auto-Submitted": "auto-generated"})])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
            return Left.FAILED, f"refused {code_of(refusal)}"
        except smtplib.SMTPResponseException as refusal:  # it said no before it had the words
            return Left.FAILED, f"refused {refusal.smtp_code}"
        except OSError as silence:
            return (Left.UNSURE if given else Left.FAILED), f"server: {type(silence).__name__}"
        except ValueError:
            return Left.FAILED, "not an address that mail can be sent to"
    return Left.SENT, ""


def _by_gateway(leaving: Leaving, now: datetime) -> tuple[Left, str]:
    gateway = settings.CONFIGURATION.gateway
    body = json.dumps({"to": leaving.address, "channel": leaving.channel, "language": leaving.language,
                       "text": leaving.text, "key": leaving.key}, ensure_ascii=False, sort_keys=True).encode()
    try:
        status = _posted(gateway.url, body, signed(body, gateway.secret, now) | {"Idempotency-Key": leaving.key})
    except (OSError, http.client.HTTPException) as silence:  # the key lets the gateway know it again: safe to repeat
        return Left.FAILED, f"gateway: {type(silence).__name__}"
    return (Left.SENT, "") if 200 <= status < 300 else (Left.FAILED, f"gateway: {status}")


def signed(body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers by which the other side knows that it is us, and that it is fresh."""
    instant = str(int(now.timestamp()))
    made = hmac.new(secret.encode(), instant.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Twohats-Instant": instant, SIGNATURE: f"sha256={made}"}


def _posted(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status that a POST gets. Redirects are not followed: the words go where the hospital said, nowhere else."""
    where = urlsplit(url)
    if where.scheme != "https" and where.hostname not in LOOPBACK:
        raise ConnectionRefusedError("the gateway must speak TLS")
    line = http.client.HTTPSConnection(where.netloc, timeout=ANSWER_SECONDS, context=ssl.create_default_context()) \
        if where.scheme == "https" else http.client.HTTPConnection(where.netloc, timeout=ANSWER_SECONDS)
    try:
        line.request("POST", where.path or "/", body, {"Content-Type": "application/json", **headers})
        return line.getresponse().status
    finally:
        line.close()


def communication_request(leaving: Leaving, now: datetime) -> dict[str, object]:
    """The message as a FHIR R4 CommunicationRequest for the portal of the hospital."""
    return {
        "resourceType": "CommunicationRequest",
        "identifier": [{"system": "urn:twohats:message", "value": leaving.key}],
        "status": "active",
        "medium": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode",
                                "code": "ELECTRONIC"}], "text": "portal"}],
        "subject": {"reference": leaving.patient},
        "recipient": [{"reference": leaving.patient}],
        "authoredOn": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "payload": [{"contentString": f"{leaving.subject}\n\n{leaving.text}"}],
    }
