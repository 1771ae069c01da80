"""Personal data in free text, found and masked: people's names, dates, phones, e-mail addresses, ids, addresses,"
" links.

English and Spanish. It leans to masking too much: a name shown to somebody without a right to it is worse than a word
too few. Not looked for: what somebody could be recognised by without being named (a rare illness, a post, a town).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from .personal_names import names_in
from .personal_numbers import BLANK, shaped_in
from .personal_words import words_of

MARK = "[…]"
"""Stands where something was masked. It holds no word: a text in Spanish stays Spanish, and neither search nor the"
" labels
of a clause hear a word ("phone", "date") that nobody wrote. A page that tells the kind takes it from `found_in` and
translates it."""

ROUNDS = 6
"""A mask can bring a cue beside a word that stood further away; two rounds are usual, and no text that we saw took"
" four."""


@dataclass(frozen=True)
class Found:
    """Personal data in a text, from `start` up to `end`; the kind is name, date, phone, e-mail, number, address or"
    " link."""

    start: int
    end: int
    kind: str


def found_in(words: str, known: Collection[str] = ()) -> tuple[Found, ...]:
    """Everything personal in a text, from left to right, nothing over anything else.

    `known` are names that the hospital's own records know (a frozenset is quickest where many texts share them). They
    are found in any case, accents or none; one that is also a common word only with a capital inside a sentence or
    beside a title or another name.
    """
    return _masked_and_found(words, known)[1]


def masked(words: str, known: Collection[str] = ()) -> str:
    """The text with a mark in the place of everything personal; masking it again changes nothing."""
    return _masked_and_found(words, known)[0]


def _masked_and_found(words: str, known: Collection[str]) -> tuple[str, tuple[Found, ...]]:
    found: list[Found] = []
    text = words
    for _ in range(ROUNDS):
        more = _found_once(text, known)
        if not more:
            break
        found = _joined(found, more)
        text = _with_marks(words, found)
    return text, tuple(found)


def _found_once(text: str, known: Collection[str]) -> list[Found]:
    """What one reading finds: first what has a shape, then names in what is left."""
    words = words_of(text)
    hints = 0
    for one in words:
        hints |= one.can_be
    shaped = [Found(*span) for span in shaped_in(text, hints)]
    if shaped:
        shaped.sort(key=_place)
        text = _replaced(text, shaped, lambda one: BLANK * (one.end - one.start))
        words = words_of(text)
    names = [Found(start, end, "name") for start, end in names_in(text, words, known)]
    return sorted([*shaped, *names], key=_place) if shaped else names


def _place(one: Found) -> tuple[int, int]:
    return one.start, one.end


def _joined(before: list[Found], more: list[Found]) -> list[Found]:
    """What was found before, and what was found in the text with marks, at its place in the text as written."""
    joined: list[Found] = []
    for one in sorted([*before, *_as_written(before, more)], key=_place):
        if joined and one.start < joined[-1].end:
            joined[-1] = Found(joined[-1].start, max(joined[-1].end, one.end), joined[-1].kind)
        else:
            joined.append(one)
    return joined


def _as_written(marked: list[Found], more: list[Found]) -> Iterator[Found]:
    """Spans of a text with marks, at their places in the text as written."""
    passed = longer = 0
    for one in more:
        ends = []
        for place in (one.start, one.end):
            while passed < len(marked) and marked[passed].start - longer < place:
                longer += marked[passed].end - marked[passed].start - len(MARK)
                passed += 1
            ends.append(place + longer)
        yield Found(ends[0], ends[1], one.kind)


def _with_marks(words: str, found: list[Found]) -> str:
    return _replaced(words, found, lambda one: MARK)


def _replaced(text: str, found: list[Found], by: Callable[[Found], str]) -> str:
    pieces, last = [], 0
    for one in found:
        pieces += [text[last : one.start], by(one)]
        last = one.end
    return "".join([*pieces, text[last:]])
