"""Every setting of the service: its name, its default, what it does; and what we refuse to start with."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from twohats.words.problems import Problem

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Setting:
    """One setting, read from the environment."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("TWOHATS_HOME", "./home", "The folder that holds everything: landings, buckets, releases, records."),
    Setting("TWOHATS_DATABASE_URL", "",
            "Where records rest: postgresql://user:password@host:port/name. Empty: records.sqlite in the home."),
    Setting("TWOHATS_SECRET_KEY", "",
            "Key that signs log-ins and forms, at least 50 characters. Empty: the file secret_key in the home, "
            "made at the first start and readable by its owner only."),
    Setting("TWOHATS_HOSTS", "",
            "Names the site answers to, separated by commas, beside this machine's own. Needs TWOHATS_SECURE=1."),
    Setting("TWOHATS_SECURE", "0",
            "1 when a proxy speaks TLS in front and sets X-Forwarded-Proto: cookies are sent over TLS only, "
            "browsers are told to use TLS for a year, and plain requests are sent to the https address."),
    Setting("TWOHATS_LANGUAGE", "en", "Language of a page where the browser asks for none of ours: en or es."),
    Setting("TWOHATS_DEBUG", "0", "1 shows errors in full. For a demo home only; a real one refuses to start with it."),
    Setting("TWOHATS_WEB_PROCESSES", "2", "Web processes, 1 to 8; each has four threads."),
    Setting("TWOHATS_SITE", "",
            "Address of the site as links in mails say it, such as https://twohats.hospital.example. Empty: https and "
            "the first of TWOHATS_HOSTS, or http://127.0.0.1:8000."),
    Setting("TWOHATS_MAIL_HOST", "",
            "Server that takes our mail (SMTP). Empty: no mail leaves; what should leave waits, and twohats check "
            "says so."),
    Setting("TWOHATS_MAIL_PORT", "587", "Its port."),
    Setting("TWOHATS_MAIL_SECURITY", "starttls",
            "starttls, tls (from the first byte, often port 465) or none. The server's certificate is verified. None "
            "with a password is refused unless the server is this machine."),
    Setting("TWOHATS_MAIL_USER", "", "Name to log in with there. Empty: without a log-in."),
    Setting("TWOHATS_MAIL_PASSWORD", "", "Password to log in with there."),
    Setting("TWOHATS_MAIL_FROM", "", "Address our mail comes from. Needed with TWOHATS_MAIL_HOST."),
    Setting("TWOHATS_PHONE", "",
            "The number at which a human answers, as messages to people and their pages say it. Empty: the words "
            "say \"the number on your papers\"."),
    Setting("TWOHATS_PHONE_HOURS", "8-17",
            "From which to which hour of a working day that number is answered, as pages for people we serve say it."),
    Setting("TWOHATS_READ_WITHIN", "2",
            "Within how many working days a person reads what people write to us, 1 to 10; their pages say so above "
            "every box for words."),
    Setting("TWOHATS_GATEWAY_URL", "",
            "Address of the hospital's own gateway for text messages and automated calls (https). Empty: none leave; "
            "they wait, and the ledger says so."),
    Setting("TWOHATS_GATEWAY_SECRET", "",
            "Key by which requests to the gateway are signed, at least 32 characters. Needed with "
            "TWOHATS_GATEWAY_URL."),
)
SECURITIES = ("starttls", "tls", "none")


@dataclass(frozen=True)
class MailServer:
    """Who takes our mail."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str


@dataclass(frozen=True)
class Gateway:
    """The hospital's own gateway for text messages and automated calls, and the key by which we sign."""

    url: str
    secret: str


@dataclass(frozen=True)
class Configuration:
    """The settings as read, and whether the home is the demo hospital's."""

    home: Path
    is_demo: bool
    database_url: str
    secret_key: str
    hosts: tuple[str, ...]
    secure: bool
    language: str
    debug: bool
    web_processes: int
    site: str
    mail: MailServer | None
    phone: str = ""
    phone_hours: str = "8-17"
    read_within: int = 2
    gateway: Gateway | None = None


def read(environ: Mapping[str, str] = os.environ) -> Configuration:
    """The configuration of this process. Writes nothing: a home without a key file gets a key for this process only."""
    def value(name: str) -> str:
        return environ.get(name, "").strip() or next(s.default for s in SETTINGS if s.name == name)

    home = Path(value("TWOHATS_HOME")).resolve()
    hosts = tuple(name.strip() for name in value("TWOHATS_HOSTS").split(",") if name.strip())
    return Configuration(
        home=home,
        is_demo=(home / "demo.json").exists(),
        database_url=value("TWOHATS_DATABASE_URL"),
        secret_key=value("TWOHATS_SECRET_KEY") or key_in(home) or secrets.token_urlsafe(50),
        hosts=hosts,
        secure=value("TWOHATS_SECURE") == "1",
        language=value("TWOHATS_LANGUAGE"),
        debug=value("TWOHATS_DEBUG") == "1",
        web_processes=_whole_number(value("TWOHATS_WEB_PROCESSES")),
        site=value("TWOHATS_SITE").rstrip("/") or (f"https://{hosts[0]}" if hosts else "http://127.0.0.1:8000"),
        mail=MailServer(
            host=value("TWOHATS_MAIL_HOST"), port=_whole_number(value("TWOHATS_MAIL_PORT")),
            security=value("TWOHATS_MAIL_SECURITY"), user=value("TWOHATS_MAIL_USER"),
            password=value("TWOHATS_MAIL_PASSWORD"), sender=value("TWOHATS_MAIL_FROM"),
        ) if value("TWOHATS_MAIL_HOST") else None,
        phone=value("TWOHATS_PHONE"),
        phone_hours=value("TWOHATS_PHONE_HOURS"),
        read_within=_whole_number(value("TWOHATS_READ_WITHIN")),
        gateway=Gateway(value("TWOHATS_GATEWAY_URL"), value("TWOHATS_GATEWAY_SECRET"))
        if value("TWOHATS_GATEWAY_URL") else None,
    )


def _whole_number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def key_in(home: Path) -> str:
    """The key written into the home; empty where there is none yet."""
    file = home / "secret_key"
    return file.read_text().strip() if file.exists() else ""


def make_key(home: Path) -> None:
    """Writes a key into the home, readable by its owner only, unless there is one."""
    file = home / "secret_key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_urlsafe(64))


def refusals(configuration: Configuration) -> list[Problem]:
    """Why the site must not start with this configuration; empty when it may."""
    asked = configuration
    found = []
    if asked.debug and not asked.is_demo:
        found.append(Problem("Errors in full would show what a real hospital's records hold.", "TWOHATS_DEBUG",
                             "Start without TWOHATS_DEBUG, or with a demo home."))
    if len(asked.secret_key) < 50 or len(set(asked.secret_key)) < 10:
        found.append(Problem("The key is shorter than 50 characters or easily guessed.", "TWOHATS_SECRET_KEY",
                             "Leave it empty: a key is then made in the home."))
    if asked.hosts and not asked.secure:
        found.append(Problem("Other machines may reach the site only through TLS.", "TWOHATS_HOSTS",
                             "Put a proxy that speaks TLS in front and set TWOHATS_SECURE=1."))
    if asked.hosts and asked.is_demo:
        found.append(Problem("A demo home answers only on this machine.", "TWOHATS_HOSTS", "Leave it empty."))
    if asked.language not in ("en", "es"):
        found.append(Problem("The pages are written in en and es.", "TWOHATS_LANGUAGE", "Set one of them."))
    if not 1 <= asked.web_processes <= 8:
        found.append(Problem("Not a number from 1 to 8.", "TWOHATS_WEB_PROCESSES", "Leave it empty for 2."))
    if asked.database_url and not asked.database_url.startswith(("postgresql://", "postgres://")):
        found.append(Problem("Not a PostgreSQL address.", "TWOHATS_DATABASE_URL",
                             "postgresql://user:password@host:port/name, or leave it empty for SQLite."))
    if not asked.database_url.isascii():
        found.append(Problem("Holds letters beyond ASCII.", "TWOHATS_DATABASE_URL", "Write them percent-encoded."))
    if not asked.site.startswith(("https://", "http://")):
        found.append(Problem("Not an address of a site.", "TWOHATS_SITE", "Such as https://twohats.hospital.example"))
    if not re.fullmatch(r"([0-9]|1[0-9]|2[0-3])-([1-9]|1[0-9]|2[0-4])", asked.phone_hours):
        found.append(Problem("Not two hours of a day.", "TWOHATS_PHONE_HOURS", "Such as 8-17, or leave it empty."))
    if not 1 <= asked.read_within <= 10:
        found.append(Problem("Not a number from 1 to 10.", "TWOHATS_READ_WITHIN", "Leave it empty for 2."))
    return found + (_of_mail(asked.mail) if asked.mail else []) + (_of_gateway(asked.gateway) if asked.gateway else [])


def _of_mail(server: MailServer) -> list[Problem]:
    found = []
    if not 1 <= server.port <= 65535:
        found.append(Problem("Not a port.", "TWOHATS_MAIL_PORT", "Leave it empty for 587."))
    if server.security not in SECURITIES:
        found.append(Problem("Not a way to speak to a mail server.", "TWOHATS_MAIL_SECURITY",
                             "Set starttls, tls or none."))
    if server.security == "none" and server.user and server.host not in LOOPBACK:
        found.append(Problem("The password would cross the network in clear.", "TWOHATS_MAIL_SECURITY",
                             "Set starttls or tls."))
    if "@" not in server.sender:
        found.append(Problem("Mail needs an address it comes from.", "TWOHATS_MAIL_FROM",
                             "Such as twohats@hospital.example"))
    return found


def _of_gateway(gateway: Gateway) -> list[Problem]:
    found = []
    where = urlsplit(gateway.url)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
        found.append(Problem("Words to people would cross the network in clear.", "TWOHATS_GATEWAY_URL",
                             "Give an https address, or one of this machine."))
    if len(gateway.secret) < 32:
        found.append(Problem("The key is shorter than 32 characters.", "TWOHATS_GATEWAY_SECRET",
                             "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"))
    return found
