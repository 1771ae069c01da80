"""What a written word can be: a name, an ordinary word, a title, a role, a month; from the lists that ship with us."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*+(?:['’‘-][^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*+)*+")
_ASCII_WORD = re.compile("[A-Za-z]+(?:['-][A-Za-z]+)*")
LONGEST = 30
"""Letters of the longest word that is looked at: no name is longer."""


class Is:
    """What a word can be."""

    NAME = 1
    AMBIGUOUS = 2
    EVERYDAY = 4
    ORDINARY = 8
    TITLE = 16
    ROLE = 32
    CLOSED = 64
    PROPER = 128
    PARTICLE = 256
    NOBODY = 512
    """Never taken for a name without a capital, though some people are named so."""
    DEED = 1024
    """Tells that somebody stands before it: was, helped, explicó."""
    PLACE = 2048
    GIVEN = 4096
    """An ambiguous or everyday word that is a given name."""
    MONTH = 1 << 13
    WEEKDAY = 1 << 19
    FEAST = 1 << 20
    DAY_IN_WORDS = 1 << 21
    COUNTED = 1 << 14
    """A digit in words."""
    DWELLED = 1 << 15
    """Lives, address, vivo: a street may follow."""
    STREET = 1 << 16
    """May be part of an address beside a number."""
    COMMON = 1 << 18
    """One of the most frequent words of the two languages."""
    MISSPELT_MONTH = 1 << 22
    SPELT = 1 << 17
    """Dot, punto, arroba: an address of mail may be spelt out."""


class Case:
    """How a word is written."""

    LOWER = 0
    CAPITAL = 1
    ALL_CAPITALS = 2
    LETTER = 4


class Word(NamedTuple):
    """One spelling: its plain form, what it can be, how it is written, how many signs of it are the name."""

    plain: str
    can_be: int
    case: int
    length: int
    may: bool
    """False where no context makes it a name."""


@cache
def _cues() -> dict[str, str]:
    return tomllib.loads(files("twohats.store").joinpath("cues.toml").read_text("utf-8"))


def cues(kind: str) -> frozenset[str]:
    """The words of one kind in cues.toml."""
    return frozenset(_cues()[kind].split())


def paired_cues(kind: str) -> frozenset[tuple[str, str]]:
    """Pairs of words of one kind; the second is empty where one word is enough."""
    pairs = (pair.split() for pair in _cues()[kind].split(","))
    return frozenset((pair[0], pair[1] if len(pair) > 1 else "") for pair in pairs)


TITLES = cues("titles")
ALWAYS_PEOPLE = cues("always_people")
KIN = cues("kin")
CLOSED = cues("closed")
SURNAMES_AFTER_TITLE = cues("surnames_after_title")
PARTICLES = cues("particles")
EPONYMS = cues("eponyms")
OF_EPONYMS = cues("of_eponyms")
SURE_DEEDS = cues("sure_deeds")
_MEANT = {
    "closed": Is.CLOSED,
    "titles": Is.TITLE,
    "roles": Is.ROLE,
    "proper": Is.PROPER,
    "particles": Is.PARTICLE,
    "nobody": Is.NOBODY,
    "deeds": Is.DEED,
    "places": Is.PLACE,
    "months": Is.MONTH,
    "weekdays": Is.WEEKDAY,
    "feasts": Is.FEAST,
    "days_in_words": Is.DAY_IN_WORDS,
    "counted": Is.COUNTED,
    "dwelled": Is.DWELLED,
    "street": Is.STREET,
    "spelt": Is.SPELT,
}
"""Kinds of cues → what their words can be."""


@cache
def _said() -> dict[str, int]:
    said: dict[str, int] = {}
    for kind, can_be in _MEANT.items():
        for one in cues(kind):
            said[one] = said.get(one, 0) | can_be
    return said


ENDINGS = tuple(sorted(cues("endings")))
STEM_ENDINGS = tuple(sorted(cues("stem_endings")))


_UNMARKED = str.maketrans(
    {"’": "'", "‘": "'", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "œ": "oe", "þ": "th"}
)


def plain(word: str) -> str:
    """A word in lower case, without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower().translate(_UNMARKED))
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


@cache
def _lists() -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {}
    for file in ("names.txt", "ordinary.txt"):
        section = ""
        for line in files("twohats.store").joinpath(file).read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif not line.startswith("#"):
                held.setdefault(section, set()).update(line.split())
    return {
        "names": frozenset(held["given"] | held["family"]),
        "ambiguous": frozenset(held["ambiguous"]),
        "everyday": frozenset(held["everyday"]),
        "called": frozenset(held["called"]),
        "common": frozenset(held["common"]),
        "ordinary": frozenset(held["common"] | held["english"] | held["spanish"] | held["talk"]),
    }


def pattern_of(text: str) -> re.Pattern[str]:
    """What finds the words of a text; plain ASCII has a quicker one."""
    return _ASCII_WORD if text.isascii() else WORD


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    return list(map(word, pattern_of(text).findall(text)))


@lru_cache(maxsize=1 << 16)
def word(written: str) -> Word:
    """What one spelling can be."""
    if len(written) > LONGEST:
        return Word("", Is.ORDINARY, Case.LOWER, len(written), False)
    key, length = plain(written), len(written)
    if key.endswith("'s"):
        key, length = key[:-2], length - 2
    held = _lists()
    if (
        key not in held["names"]
        and key.endswith("s")
        and key[:-1] in held["names"]
        and len(key) > 4
        and key not in held["ordinary"]
    ):
        key = key[:-1]
    can_be = _can_be(key)
    case = _case(written[:length])
    if "-" in key and _BOTH_CAPITAL.fullmatch(written) and key.split("-")[0] not in _PREFIXES:
        parts = key.split("-")
        if any(part in held["names"] for part in parts):
            can_be |= Is.NAME
        elif any(part not in held["ordinary"] or len(part) < 3 for part in parts):
            can_be &= ~Is.ORDINARY
    if case == Case.LOWER and len(key) > 3 and not can_be & Is.NAME and _ENDS_AS_VERB.search(written):
        can_be |= Is.ORDINARY
    may = not (can_be & Is.CLOSED and key not in SURNAMES_AFTER_TITLE) and (
        case != Case.LOWER
        or bool(can_be & (Is.NAME | Is.AMBIGUOUS | Is.EVERYDAY))
        or not can_be & Is.ORDINARY
        or key in PARTICLES
    )
    if written.lower() in _SAID_WITH_ACCENT:
        can_be, may = can_be & ~(Is.NAME | Is.GIVEN | Is.AMBIGUOUS) | Is.ORDINARY, False
    if len(key) == 1 and key.isascii() and key not in LETTER_WORDS:
        may, case = True, case or Case.LETTER
    if case & Case.LETTER:
        may = True
    if key in PARTICLES and case == Case.LOWER:
        may = False
    return Word(key, can_be, case, length, may)


_BOTH_CAPITAL = re.compile(r"[^\W\d_a-z][a-zà-ÿ]+(?:-[^\W\d_a-z][a-zà-ÿ]+)+(?:'s)?")
_ENDS_AS_VERB = re.compile("(?:[óéíá]|ía[ns]?|íamos|[áéí]s|ón|ción)$")
_SAID_WITH_ACCENT = cues("said_with_accent")
LETTER_WORDS = cues("letter_words")


def _case(written: str) -> int:
    if not written[:1].isupper():
        return Case.LOWER
    if len(written) == 1:
        return Case.LETTER | Case.CAPITAL
    return Case.CAPITAL | Case.ALL_CAPITALS if written.isupper() else Case.CAPITAL


def _can_be(key: str) -> int:
    held = _lists()
    can_be = _said().get(key, 0)
    if "-" in key:
        for part in key.split("-"):
            can_be |= _said().get(part, 0) & (Is.DAY_IN_WORDS | Is.COUNTED | Is.MONTH)
    if key in held["names"] or _is_double_name(key):
        can_be |= Is.NAME
    for section, meant in (
        ("ambiguous", Is.AMBIGUOUS),
        ("everyday", Is.EVERYDAY),
        ("called", Is.GIVEN),
        ("common", Is.COMMON),
    ):
        if key in held[section]:
            can_be |= meant
    if can_be & (Is.CLOSED | Is.TITLE | Is.ROLE) or _is_ordinary(key):
        can_be |= Is.ORDINARY
    if can_be & Is.PROPER and not can_be & Is.AMBIGUOUS:
        can_be &= ~Is.NAME
    if not can_be and _is_misspelt_month(key):
        can_be |= Is.MISSPELT_MONTH
    return can_be


def _is_misspelt_month(key: str) -> bool:
    """True for a word one slip away from a month; two from a long one."""
    return 4 <= len(key) <= 10 and any(
        key[0] == month[0] and abs(len(key) - len(month)) < 3 and _slips(key, month) <= (2 if len(month) > 6 else 1)
        for month in cues("months")
        if len(month) > 4
    )


def _slips(one: str, other: str) -> int:
    """How many letters were left out, put in, swapped or taken for another."""
    rows = [list(range(len(other) + 1))]
    for down, letter in enumerate(one, 1):
        row = [down]
        for across, wanted in enumerate(other, 1):
            cost = min(rows[-1][across] + 1, row[-1] + 1, rows[-1][across - 1] + (letter != wanted))
            if down > 1 and across > 1 and letter == other[across - 2] and one[down - 2] == wanted:
                cost = min(cost, rows[-2][across - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _is_double_name(key: str) -> bool:
    held = _lists()
    if re.search(r"(.)\1\1", key):
        return re.sub(r"(.)\1{2,}", r"\1", key) in held["names"]
    parts = re.split(r"['-]", key)
    if len(parts) < 2:
        return False
    if key.replace("'", "") in held["names"]:
        return True
    if parts[0] in {"o", "d", "al", "el"} and "'" + parts[0] not in key and len(parts) == 2 and len(parts[1]) > 3:
        return parts[1] in held["names"] or parts[1] in held["ambiguous"] or parts[1] not in held["ordinary"]
    named = [part in held["names"] or part in held["ambiguous"] or part in held["everyday"] for part in parts]
    return all(named) or (
        any(part in held["names"] for part in parts)
        and all(name or part not in held["ordinary"] for name, part in zip(named, parts, strict=True))
    )


def _is_ordinary(key: str) -> bool:
    ordinary = _lists()["ordinary"]
    if key in ordinary or key.replace("'", "") in ordinary:
        return True
    if not key.isascii() or len(key) < 2:
        return True  # scripts without capitals: only known names are found in them
    if key.endswith("n't") and key[:-3] + "n" != key:
        return key[:-3] in ordinary or key[:-3] in CLOSED or key[:-2] in ordinary
    if "'" in key:
        base, _, end = key.rpartition("'")
        return end in {"s", "t", "ll", "ve", "re", "d", "m", "n", "em", "all"} and _is_ordinary(base)
    if "-" in key:
        parts = [part for part in key.split("-") if part]
        return not parts or parts[0] in ordinary or parts[0] in _PREFIXES or all(part in ordinary for part in parts)
    if (len(key) > 4 and key.endswith("s") and key[:-1] in ordinary) or (len(key) > 5 and key.endswith(ENDINGS)):
        return True
    if (
        len(key) > 4
        and re.search(r"[aeiín]r(?:me|te|se|nos|l[eoa]s?|(?:me|te|se)l[oa]s?)$", key)
        and re.split(r"(?<=r)(?=[mtsnl])", key)[0] in ordinary
    ):
        return True
    return len(key) > 5 and any(
        key.endswith(end) and _is_stem(key[: -len(end)]) for end in STEM_ENDINGS if len(key) - len(end) > 2
    )


def _is_stem(stem: str) -> bool:
    ordinary = _lists()["ordinary"]
    return (
        any(one in ordinary for one in (stem, stem + "e", stem + "o", stem + "a", stem + "y"))
        or (stem[-1] == stem[-2] and stem[:-1] in ordinary)
        or (stem.endswith("i") and stem[:-1] + "y" in ordinary)
    )


_PREFIXES = cues("prefixes")


@lru_cache(maxsize=1 << 12)
def misspelt(key: str) -> bool:
    """True for a word one slip away from an ordinary one, or written with letters drawn out."""
    ordinary, names = _lists()["ordinary"], _lists()["names"]
    if re.search(r"(.)\1\1", key):
        return True
    if len(key) > 5 and any(
        key[:place] + letter + key[place + 1 :] in names for place in range(1, len(key)) for letter in "aeiouyszchkn"
    ):
        return False
    if len(key) < 6:
        return any(
            (key[place] == key[place - 1] and key[:place] + key[place + 1 :] in ordinary)
            or key[: place - 1] + key[place] + key[place - 1] + key[place + 1 :] in ordinary
            for place in range(1, len(key))
        )
    cuts = [(key[:place], key[place:]) for place in range(len(key) + 1)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    return (
        any(left + right[1:] in ordinary for left, right in cuts if right)
        or any(left + right[1] + right[0] + right[2:] in ordinary for left, right in cuts if len(right) > 1)
        or (
            len(key) > 5
            and any(left + letter + right[1:] in ordinary for left, right in cuts if right for letter in letters)
        )
        or (len(key) > 4 and any(left + letter + right in ordinary for left, right in cuts for letter in letters))
        or any(
            ((left in CLOSED and right in ordinary) or (right in CLOSED and left in ordinary))
            and min(len(left), len(right)) > 1
            for left, right in cuts
        )
    )
