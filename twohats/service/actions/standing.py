"""Where a person stands with our messages: what the release tells and what was said since, put together.

What was said to us always wins over what a source told: a STOP, a silence and a channel refused count from the moment
they are written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from twohats.care.contact.messages import Address, Sent, Silence, Standing
from twohats.care.contact.rules import Rules
from twohats.service import releases
from twohats.service.records.contact import LIFTED, SENT, UNSURE, Choice, PersonMessage, SilenceWord

PROGRAMMES = {"surveys": "survey", "reminders": "reminder", "campaigns": "invitation"}
"""Programmes as sources name them, and our class of message; STOP to any other stands against every class."""


@dataclass(frozen=True)
class Reached:
    """A person as a message needs them: where they stand, their language, the address of each channel."""

    standing: Standing
    language: str
    addresses: dict[str, str]


def reached(person: int, rules: Rules) -> Reached | None:
    """Where a person stands now; None for somebody whom the current release does not know."""
    reader = releases.current()
    row = reader.row("SELECT language, deceased_at, hospice_at FROM people WHERE person = ?", (person,)) \
        if reader else None
    if reader is None or row is None:
        return None
    addresses = _addresses(reader, person)
    said = _choices(person)
    standing = Standing(
        addresses={channel: address for channel, (_, address) in addresses.items()},
        time_zone=_zone(reader, person), silence=_silence(person, row),
        stopped=frozenset(_stopped(reader, person, said, rules)),
        yes=frozenset(value for (of, value), yes in said.items() if of == "class" and yes),
        not_this_way=frozenset(value for (of, value), yes in said.items() if of == "channel" and not yes))
    return Reached(standing, "es" if (row["language"] or "").startswith("es") else "en",
                   {channel: place for channel, (place, _) in addresses.items()})


def went_to(people: Iterable[int]) -> dict[int, list[Sent]]:
    """What we sent to each of these people; what may have left counts too, what another message carried does not."""
    wanted = list(people)
    found: dict[int, list[Sent]] = {person: [] for person in wanted}
    rows = PersonMessage.objects.filter(person__in=wanted, state__in=[SENT, UNSURE], carried_by=None)
    for person, channel, ended_at in rows.values_list("person", "channel", "ended_at"):
        found[person].append(Sent(channel, ended_at))
    return found


def silenced(people: Iterable[int]) -> set[int]:
    """Those of these people to whom nothing may go any more."""
    wanted = sorted(set(people))
    said = {word.person: word.says != LIFTED
            for word in SilenceWord.objects.filter(person__in=wanted).order_by("made_at", "pk")}
    reader = releases.current()
    told: set[int] = set()
    for at in range(0, len(wanted), 500) if reader else ():
        some = wanted[at:at + 500]
        marks = ", ".join("?" * len(some))
        told.update(row["person"] for row in reader.rows(  # type: ignore[union-attr]
            f"SELECT person FROM people WHERE person IN ({marks})"
            " AND (deceased_at IS NOT NULL OR hospice_at IS NOT NULL)", some))
    return {person for person in wanted if said.get(person, person in told)}


def _silence(person: int, row: Any) -> Silence | None:
    """What somebody wrote down last, else what the sources tell: a death, or leaving for hospice care."""
    word = SilenceWord.objects.filter(person=person).order_by("made_at", "pk").last()
    if word is not None:
        return None if word.says == LIFTED else Silence(word.says)
    if row["deceased_at"] is not None:
        return Silence.DEATH
    return Silence.HOSPICE if row["hospice_at"] is not None else None


def _choices(person: int) -> dict[tuple[str, str], bool]:
    """The latest word on each class and channel."""
    rows = Choice.objects.filter(person=person).order_by("made_at", "pk")
    return {(of, value): yes for of, value, yes in rows.values_list("of", "value", "yes")}


def _stopped(reader: Any, person: int, said: dict[tuple[str, str], bool], rules: Rules) -> Iterable[str]:
    """Classes refused: by a STOP that a source tells of, unless the person said yes to us since; or by a no to us."""
    for row in reader.rows("SELECT sender FROM stops WHERE person = ?", (person,)):
        programme = PROGRAMMES.get(row["sender"])
        yield from (kind for kind in ([programme] if programme else rules.classes) if not said.get(("class", kind)))
    yield from (value for (of, value), yes in said.items() if of == "class" and not yes)


def _addresses(reader: Any, person: int) -> dict[str, tuple[str, Address]]:
    """The best address of each channel: one that works, verified before others, of the fewest people."""
    rows = reader.rows(
        "SELECT channel, address, verified, works, (SELECT count(DISTINCT other.person) FROM addresses AS other"
        " WHERE other.channel = addresses.channel AND other.address = addresses.address) AS shared_by"
        " FROM addresses WHERE person = ? ORDER BY works, verified, shared_by DESC, address DESC", (person,))
    # A ZIP code is not an address that people share: letters go to what the hospital's own system holds.
    return {row["channel"]: (row["address"], Address(
        bool(row["verified"]), 1 if row["channel"] == "letter" else row["shared_by"], bool(row["works"])))
        for row in rows}


def _zone(reader: Any, person: int) -> str | None:
    """The clock of the site that served them last: the best we know of where somebody lives; None: never seen."""
    row = reader.row(
        "SELECT unit FROM visits WHERE person = ? AND unit <> '' ORDER BY started_at DESC LIMIT 1", (person,))
    zone = reader.row("SELECT time_zone FROM units WHERE unit = ?", (row["unit"],)) if row else None
    return zone["time_zone"] if zone and zone["time_zone"] else None
