"""Where people stand with our messages: what the release tells and what was said since, put together.

What was said to us always wins over what a source told: a STOP, a silence and a channel refused count from the moment
they are written down.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from twohats.care.contact.messages import Address, Sent, Silence, Standing
from twohats.care.contact.rules import Rules
from twohats.service import releases
from twohats.service.records.contact import LIFTED, SENT, UNSURE, AddressMark, Choice, PersonMessage, SilenceWord

PROGRAMMES = {"surveys": "survey", "reminders": "reminder", "campaigns": "invitation"}
"""Programmes as sources name them, and our class of message; STOP to any other stands against every class."""
ON_RECORD, AT_ONCE = 500, 5_000
"""People asked for in one query of the records, and of the release."""
THEM = "person IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True)
class Reached:
    """A person as a message needs them: where they stand, their language, the address of each channel."""

    standing: Standing
    language: str
    addresses: Mapping[str, str]
    patient: str
    """Patient/<id>, as the hospital's systems know them."""


def reached(person: int, rules: Rules) -> Reached | None:
    """Where a person stands now; None for somebody whom the current release does not know."""
    return reached_of([person], rules).get(person)


def reached_of(people: Iterable[int], rules: Rules) -> dict[int, Reached]:
    """Where each of these people stands now; who is in no release is left out."""
    wanted = sorted(set(people))
    reader = releases.current()
    found: dict[int, Reached] = {}
    for at in range(0, len(wanted), AT_ONCE) if reader else ():
        found |= _reached_some(reader, wanted[at:at + AT_ONCE], rules)
    return found


def _reached_some(reader: Any, people: list[int], rules: Rules) -> dict[int, Reached]:
    them = (json.dumps(people),)
    rows = reader.rows(
        f"SELECT person, patient_id, language, deceased_at, hospice_at FROM people WHERE {THEM}", them)
    words, choices = _silence_words(people), _choices(people)
    addresses, zones, programmes = _addresses(reader, them), _zones(reader, them), _programmes(reader, them)
    return {row["person"]: Reached(
        standing=Standing(
            addresses={channel: address for channel, (_, address) in addresses[row["person"]].items()},
            time_zone=zones.get(row["person"]), silence=_silence(words.get(row["person"]), row),
            stopped=frozenset(_stopped(programmes[row["person"]], choices[row["person"]], rules)),
            yes=_said(choices[row["person"]], "class", yes=True),
            not_this_way=_said(choices[row["person"]], "channel", yes=False),
            preferred=_preferred(choices[row["person"]])),
        language="es" if (row["language"] or "").startswith("es") else "en",
        addresses={channel: place for channel, (place, _) in addresses[row["person"]].items()},
        patient="Patient/" + row["patient_id"].split("/")[-1]) for row in rows}


def went_to(people: Iterable[int]) -> dict[int, list[Sent]]:
    """What we sent to each of these people; what may have left counts too, what another message carried does not."""
    wanted = list(people)
    found: dict[int, list[Sent]] = {person: [] for person in wanted}
    for some in _pieces(wanted):
        rows = PersonMessage.objects.filter(person__in=some, state__in=[SENT, UNSURE], carried_by=None)
        for person, channel, ended_at, letter, about in rows.values_list(
                "person", "channel", "ended_at", "letter", "about"):
            found[person].append(Sent(channel, ended_at, thing(letter, about)))
    return found


def thing(letter: str, about: str) -> str:
    """What a message speaks of, the same for each way that it may go."""
    return f"{letter} {about}"


def digest_of(channel: str, address: str) -> str:
    """How an address is remembered: nobody without the site's key tells from it what the address was."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{channel} {address}".encode(), hashlib.sha256).hexdigest()


def silenced(people: Iterable[int]) -> set[int]:
    """Those of these people to whom nothing may go any more."""
    wanted = sorted(set(people))
    said = _silence_words(wanted)
    reader = releases.current()
    told = {row["person"] for row in reader.rows(
        f"SELECT person FROM people WHERE {THEM} AND (deceased_at IS NOT NULL OR hospice_at IS NOT NULL)",
        (json.dumps(wanted),))} if reader else set()
    return {person for person in wanted if (said[person] != LIFTED if person in said else person in told)}


def _pieces(many: list[Any]) -> Iterable[list[Any]]:
    return (many[at:at + ON_RECORD] for at in range(0, len(many), ON_RECORD))


def _silence_words(people: list[int]) -> dict[int, str]:
    """What somebody wrote down last of each."""
    return {person: says for some in _pieces(people) for person, says in SilenceWord.objects.filter(
        person__in=some).order_by("made_at", "pk").values_list("person", "says")}


def _silence(word: str | None, row: Any) -> Silence | None:
    """What somebody wrote down last, else what the sources tell: a death, or leaving for hospice care."""
    if word is not None:
        return None if word == LIFTED else Silence(word)
    if row["deceased_at"] is not None:
        return Silence.DEATH
    return Silence.HOSPICE if row["hospice_at"] is not None else None


def _choices(people: list[int]) -> dict[int, dict[tuple[str, str], bool]]:
    """The latest word of each on each class and channel."""
    said: dict[int, dict[tuple[str, str], bool]] = defaultdict(dict)
    for some in _pieces(people):
        rows = Choice.objects.filter(person__in=some).order_by("made_at", "pk")
        for person, of, value, yes in rows.values_list("person", "of", "value", "yes"):
            said[person].pop((of, value), None)  # so that what was said last stands last
            said[person][of, value] = yes
    return said


def _preferred(choices: Mapping[tuple[str, str], bool]) -> str | None:
    """The channel that the person said yes to last."""
    return next((value for of, value in reversed(list(choices)) if of == "channel" and choices[of, value]), None)


def _said(choices: Mapping[tuple[str, str], bool], of: str, *, yes: bool) -> frozenset[str]:
    return frozenset(value for (is_of, value), said in choices.items() if is_of == of and said == yes)


def _stopped(programmes: Iterable[str], choices: Mapping[tuple[str, str], bool], rules: Rules) -> Iterable[str]:
    """Classes refused: by a STOP that a source tells of, unless the person said yes to us since; or by a no to us."""
    for sender in programmes:
        kinds = [PROGRAMMES[sender]] if sender in PROGRAMMES else rules.classes
        yield from (kind for kind in kinds if not choices.get(("class", kind)))
    yield from _said(choices, "class", yes=False)


def _programmes(reader: Any, them: tuple[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in reader.rows(f"SELECT person, sender FROM stops WHERE {THEM}", them):
        found[row["person"]].append(row["sender"])
    return found


def _addresses(reader: Any, them: tuple[str]) -> dict[int, dict[str, tuple[str, Address]]]:
    """The best address of each channel: one that works, verified before others, of the fewest people."""
    rows = reader.rows(
        "SELECT person, channel, address, verified, works,"
        " (SELECT count(DISTINCT other.person) FROM addresses AS other"
        " WHERE other.channel = addresses.channel AND other.address = addresses.address) AS shared_by"
        f" FROM addresses WHERE {THEM} ORDER BY works, verified, shared_by DESC, address DESC", them)
    found: dict[int, dict[str, tuple[str, Address]]] = defaultdict(dict)
    bounced = _bounced((row["channel"], row["address"]) for row in rows)
    for row in rows:  # letters go to what the hospital's own system holds: a ZIP code is no address that people share
        shared_by = 1 if row["channel"] == "letter" else row["shared_by"]
        found[row["person"]][row["channel"]] = (
            row["address"], Address(bool(row["verified"]), shared_by,
                                    bool(row["works"]) and (row["channel"], row["address"]) not in bounced))
    return found


def _bounced(addresses: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these addresses that took nothing when a provider last told."""
    known = {digest_of(*each): each for each in addresses}
    said: dict[str, bool] = {}
    for some in _pieces(list(known)):
        said |= dict(AddressMark.objects.filter(digest__in=some).order_by("made_at", "pk").values_list(
            "digest", "works"))
    return {known[digest] for digest, works in said.items() if not works}


def people_at(channel: str, address: str) -> list[int]:
    """Everybody whom the current release knows to have this address, in order."""
    reader = releases.current()
    rows = reader.rows("SELECT DISTINCT person FROM addresses WHERE channel = ? AND address = ? ORDER BY person",
                       (channel, address)) if reader else ()
    return [row["person"] for row in rows]


def _zones(reader: Any, them: tuple[str]) -> dict[int, str]:
    """The clock of the site that served them last: the best we know of where somebody lives; never seen: left out."""
    return {row["person"]: row["time_zone"] for row in reader.rows(
        "SELECT person, time_zone, max(started_at) FROM visits JOIN units USING (unit)"
        f" WHERE {THEM} AND time_zone <> '' GROUP BY person", them)}
