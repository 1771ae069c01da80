"""A small mail server of this machine: takes mail, can be down, can refuse an address, can break off at the end."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Taken:
    """What the server took and what it was told to do."""

    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    breaks_off: bool = False
    tls: ssl.SSLContext | None = None
    before_taking: Callable[[], None] = lambda: None
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address, in the order taken."""
        return [mail for whom, mail in self.mails if whom == address]


class _Talk(socketserver.StreamRequestHandler):
    taken: Taken
    timeout = 10

    def handle(self) -> None:
        self._say("220 ready")
        whom = ""
        while line := self.rfile.readline().decode().strip():
            verb, _space, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    offers = [] if self.taken.tls is None else (
                        ["AUTH PLAIN"] if isinstance(self.connection, ssl.SSLSocket) else ["STARTTLS"])
                    self._say(*(f"250-{offer}" for offer in ["hello", *offers]), "250 8BITMIME")
                case "STARTTLS":
                    self._say("220 go on")
                    self._turn_to_tls()
                case "AUTH":
                    self.taken.logins.append(base64.b64decode(rest.partition(" ")[2]).decode())
                    self._say("235 welcome")
                case "RCPT":
                    whom = rest.partition("<")[2].rstrip(">")
                    self._say("550 nobody here" if whom in self.taken.refuses else "250 known")
                case "DATA":
                    self._say("354 go on")
                    self._take(whom)
                    if self.taken.breaks_off:
                        return
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 so be it")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _turn_to_tls(self) -> None:
        assert self.taken.tls is not None
        self.connection = self.request = self.taken.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def _take(self, whom: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.taken.before_taking()
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.mails.append((whom, mail))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: a client that breaks off is part of the tests."""


@contextmanager
def mail_server(taken: Taken) -> Iterator[Taken]:
    """Up for as long as the block lasts; the next block with the same `taken` is the same server, up again."""
    talk = type("Talk", (_Talk,), {"taken": taken})
    with _Server(("127.0.0.1", taken.port), talk) as server:
        taken.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield taken
        finally:
            server.shutdown()
            thread.join()
