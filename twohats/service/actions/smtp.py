"""One connection to the server that takes our mail, and what its refusals mean."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import get_connection

from twohats.service.configuration import MailServer

ANSWER_SECONDS = 10


@contextmanager
def connection_to(server: MailServer) -> Iterator[Any]:
    """One connection for a round, opened with its first mail."""
    line = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=server.host, port=server.port, username=server.user,
        password=server.password, use_tls=server.security == "starttls", use_ssl=server.security == "tls",
        timeout=ANSWER_SECONDS)
    try:
        yield line
    finally:
        with suppress(OSError):  # every SMTPException is one; what the server took, it took
            line.close()


def code_of(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> str:
    """The server's number only: its words may quote an address."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _words in refusal.recipients.values()}))
    return str(refusal.smtp_code)
