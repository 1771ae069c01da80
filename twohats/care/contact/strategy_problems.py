"""What can be wrong with strategies that somebody wrote, each told where it is and what to try."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from twohats.care.contact.rules import shipped
from twohats.words.hats import Hat
from twohats.words.languages import Text

BY_MACHINE = frozenset({"email", "sms", "automated_call"})
"""Channels that reach somebody without a hand of ours; a message in the portal waits until it is opened."""
BY = ("same_clinician", "person", "system")
ROOM = ("time", "quick")
MOST_TOUCHES = 5
LONGEST_TEXT = 300
FLAGS = ("automated", "link", "asks_again")
WORDS = ("name_en", "name_es", "en", "es")
FIELDS = ("key", "hat", "worst_day", "by", "channels", "touches", "room", *FLAGS, *WORDS)

UNKNOWN_FIELD = Text("“{name}” says “{value}”, which no rule knows. Try {known}.",
                     "“{name}” dice “{value}”, que ninguna regla conoce. Pruebe {known}.")
MISSING_FIELD = Text("“{name}” does not say “{value}”.", "“{name}” no dice “{value}”.")
UNKNOWN_VALUE = Text("“{value}” in “{name}” is nothing we know. Try {known}.",
                     "“{value}” en “{name}” no es nada conocido. Pruebe {known}.")
NO_CHANNEL = Text("No way is left in “{name}”: choose at least one.",
                  "No queda ninguna vía en “{name}”: elija al menos una.")
TWICE = Text("“{name}” names the way “{value}” twice: leave it once.",
             "“{name}” nombra dos veces la vía “{value}”: déjela una vez.")
ONLY_MACHINES = Text("“{name}” wants nothing automated, but each of its ways is a machine's: add a call, a letter or "
                     "the portal.",
                     "“{name}” no quiere nada automático, pero todas sus vías son de máquinas: añada una llamada, una "
                     "carta o el portal.")
SYSTEM_BY_HAND = Text("“{name}” is done by the system and yet wants nothing automated: choose one of the two.",
                      "“{name}” lo hace el sistema y aun así no quiere nada automático: elija una de las dos cosas.")
TOUCHES = Text("“{name}” may touch {value} times about one thing: say a whole number from 1 to 5.",
               "“{name}” puede contactar {value} veces por un mismo asunto: diga un número entero del 1 al 5.")
OVERLAP = Text("“{name}” and “{other}” both hold for {hat} on {day}: leave the hat in one of them.",
               "“{name}” y “{other}” valen ambas para {hat} en {day}: deje el sombrero en una de ellas.")
LEFT_OUT = Text("No rule holds for {hat} on {day}: add the hat to one that does.",
                "Ninguna regla vale para {hat} en {day}: añada el sombrero a alguna.")
NO_WORDS = Text("“{name}” needs a sentence for our people, in both languages, of at most 300 signs.",
                "“{name}” necesita una frase para nuestro personal, en ambos idiomas, de 300 signos como máximo.")
SAME_KEY = Text("Two rules are called “{name}”: name each otherwise.",
                "Dos reglas se llaman “{name}”: nómbrelas de otro modo.")
NO_VERSION = Text("The strategies have no version: name one, so that each line of the ledger can say which decided.",
                  "Las estrategias no tienen versión: nombre una, para que cada línea del registro diga cuál decidió.")
UNKNOWN_CLASS = Text("“{value}” is no class of message. Try {known}.",
                     "“{value}” no es ninguna clase de mensaje. Pruebe {known}.")
UNKNOWN_PART = Text("Strategies have no part “{value}”. Try {known}.",
                    "Las estrategias no tienen ninguna parte “{value}”. Pruebe {known}.")
PARTS = ("version", "own_way", "strategy")
NO_RULES = Text("There is no rule at all.", "No hay ninguna regla.")

HATS = {
    Hat.PATIENT: Text("the patient's hat", "el sombrero de paciente"),
    Hat.CUSTOMER: Text("the customer's hat", "el sombrero de cliente"),
    Hat.MIXED: Text("both hats at once", "ambos sombreros a la vez"),
    Hat.UNKNOWN: Text("an unknown hat", "un sombrero desconocido"),
    Hat.NONE: Text("no hat", "ningún sombrero"),
}
DAYS = {None: Text("any day", "cualquier día"), True: Text("hard days", "días difíciles"),
        False: Text("other days", "los demás días")}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in which rule and field ("" for the whole), and what to say of it."""

    rule: str
    field: str
    text: Text
    values: tuple[tuple[str, Text], ...] = ()

    def read_in(self, language: str | None) -> str:
        """The sentence, whole."""
        return self.text.read_in(language).format(
            **{name: value.read_in(language) for name, value in self.values})


class BadStrategies(ValueError):
    """These strategies cannot hold; `faults` tells each thing that is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        """All that is wrong; the first is the message."""
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.read_in("en") for fault in faults))


def faults_of(book: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that is wrong with strategies as data; nothing where they can hold."""
    if not isinstance(book.get("version"), str) or not book["version"].strip():
        yield Fault("", "version", NO_VERSION)
    for part in book:
        if part not in PARTS:
            yield Fault("", "", UNKNOWN_PART, _said(value=part, known=_like(part, PARTS)))
    own_way = book.get("own_way")
    for kind in own_way if isinstance(own_way, list) else [own_way]:
        if kind not in shipped().classes:
            yield Fault("", "own_way", UNKNOWN_CLASS, _said(value=str(kind), known=_like(str(kind), shipped().classes)))
    rows = book.get("strategy")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        yield Fault("", "", NO_RULES)
        return
    shapeless = [fault for row in rows for fault in _shape(row)]
    yield from shapeless
    if shapeless:  # what follows reads the fields
        return
    keys = [row["key"] for row in rows]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault(key, "key", SAME_KEY, _said(name=key))
    for row in rows:
        yield from _of_one(row)
    yield from _together(rows)


def _shape(row: Mapping[str, Any]) -> Iterator[Fault]:
    """Fields that are not known or not there, and values that are none of the list."""
    name, key = _name(row), str(row.get("key", ""))
    for field in row:
        if field not in FIELDS:
            yield Fault(key, "", UNKNOWN_FIELD, _said(name=name, value=str(field), known=_like(str(field), FIELDS)))
    for field in FIELDS:
        if field not in row and field != "worst_day":
            yield Fault(key, field, MISSING_FIELD, _said(name=name, value=field))
    known = {"hat": tuple(Hat), "channels": tuple(shipped().channels), "by": BY, "room": ROOM}
    for field, values in known.items():
        given = row.get(field, [])
        for value in given if isinstance(given, list) else [given]:
            if value not in values:
                said = _said(name=name, value=str(value), known=_like(str(value), values))
                yield Fault(key, field, UNKNOWN_VALUE, said)
    for field in (*FLAGS, "worst_day"):
        if not isinstance(row.get(field, False), bool):
            yield Fault(key, field, UNKNOWN_VALUE, _said(name=name, value=str(row[field]), known="true, false"))
    if any(not isinstance(row.get(field, []), list) for field in ("hat", "channels")):
        yield Fault(key, "", UNKNOWN_VALUE, _said(name=name, value="hat, channels", known="[...]"))


def _of_one(row: Mapping[str, Any]) -> Iterator[Fault]:
    """What a rule says against itself."""
    name, key, channels = _name(row), row["key"], row["channels"]
    if not channels:
        yield Fault(key, "channels", NO_CHANNEL, _said(name=name))
    for channel in sorted({one for one in channels if channels.count(one) > 1}):
        yield Fault(key, "channels", TWICE, (*_said(name=name), ("value", shipped().channels[channel].text)))
    if channels and not row["automated"] and set(channels) <= BY_MACHINE:
        yield Fault(key, "channels", ONLY_MACHINES, _said(name=name))
    if row["by"] == "system" and not row["automated"]:
        yield Fault(key, "by", SYSTEM_BY_HAND, _said(name=name))
    touches = row["touches"]
    if isinstance(touches, bool) or not isinstance(touches, int) or not 1 <= touches <= MOST_TOUCHES:
        yield Fault(key, "touches", TOUCHES, _said(name=name, value=str(touches)))
    for field in WORDS:
        if not isinstance(row[field], str) or not 0 < len(row[field].strip()) <= LONGEST_TEXT:
            yield Fault(key, field, NO_WORDS, _said(name=name))


def _together(rows: list[Mapping[str, Any]]) -> Iterator[Fault]:
    """Rules that hold for the same hat on the same days, and days on which none does."""
    for hat in Hat:
        held: dict[bool | None, list[Mapping[str, Any]]] = {None: [], True: [], False: []}
        for row in rows:
            if hat in row["hat"]:
                held[row.get("worst_day")].append(row)
        for day, those in held.items():
            for other in those[1:]:
                yield Fault(other["key"], "hat", OVERLAP, (
                    *_said(name=_name(those[0]), other=_name(other)), ("hat", HATS[hat]), ("day", DAYS[day])))
        if not held[None]:
            missing = [day for day in (True, False) if not held[day]]
            if missing:
                yield Fault("", "", LEFT_OUT, (
                    ("hat", HATS[hat]), ("day", DAYS[None if len(missing) == 2 else missing[0]])))


def _name(row: Mapping[str, Any]) -> Text:
    key = str(row.get("key", "?"))
    return Text(str(row.get("name_en") or key), str(row.get("name_es") or key))


def _said(**values: Text | str) -> tuple[tuple[str, Text], ...]:
    return tuple((name, value if isinstance(value, Text) else Text(value, value)) for name, value in values.items())


def _like(value: str, known: Any) -> str:
    names = [str(one) for one in known]
    return ", ".join(get_close_matches(value, names, 1) or names)
