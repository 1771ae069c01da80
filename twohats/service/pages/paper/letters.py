"""How wide words are on paper, where their lines end, and which letters the fonts have."""

import unicodedata
from functools import cache, lru_cache

REGULAR, BOLD = "Vera", "VeraBd"
"""Bitstream Vera, which the library carries: every Spanish letter, and free to embed."""
LEADING = 1.35
NAMED = {"φ": "phi", "τ": "tau", "κ": "kappa", "→": ">"}
"""Signs of our own pages that the font lacks."""


@cache
def register_fonts() -> None:
    """Makes the fonts known to the library, once."""
    from reportlab.pdfbase.pdfmetrics import registerFont  # late: slow import
    from reportlab.pdfbase.ttfonts import TTFont  # late: slow import

    for font in (REGULAR, BOLD):
        registerFont(TTFont(font, f"{font}.ttf"))


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # late: slow import

    return float(stringWidth(text, font, size))


@lru_cache(maxsize=16_384)
def wrapped(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """The text in lines that fit; a word longer than a line is cut."""
    lines = [""]
    for word in drawable(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width_of(longer, font, size) <= width:
            lines[-1] = longer
            continue
        pieces = _cut(word, font, size, width)
        lines[-1:] = [*([lines[-1]] if lines[-1] else []), *pieces]
    return tuple(lines)


def _cut(word: str, font: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, font, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shortened(text: str, font: str, size: float, width: float) -> str:
    """The text on one line, cut with an ellipsis where it is too long."""
    text = drawable(text)
    if width_of(text, font, size) <= width:
        return text
    while text and width_of(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text}…"


def drawable(text: str) -> str:
    """The text in letters that the font has: others by their name or without their accent, else as a question mark."""
    return "".join(letter if ord(letter) in _letters() else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in NAMED:
        return NAMED[letter]
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in plain if ord(part) in _letters()) or ("" if unicodedata.combining(letter) else "?")


@cache
def _letters() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFont  # late: slow import

    return frozenset(TTFont(REGULAR, f"{REGULAR}.ttf").face.charToGlyph)
