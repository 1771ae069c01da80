"""Bars from zero, each under its own words, in the colour and shape of one hat."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import svg
from .svg import CUSTOMER, CUSTOMER_FILL, MUTED, PATIENT

LINE, BAR = 18.0, 28.0


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its size, and how the size is written."""

    label: str
    size: float
    written: str


def bars(key: str, hat: str, rows: Sequence[Bar], width: float, said: svg.Said) -> str:
    """The picture. The longest bar takes the width that is left beside its number."""
    longest = max((bar.size for bar in rows), default=0.0) or 1.0
    room = width - max((len(bar.written) for bar in rows), default=0) * svg.CHARACTER - 12
    parts, y = [], 0.0
    for bar in rows:
        for line in _lines(bar.label, width):
            y += LINE
            parts.append(svg.words(0, y - 4, line))
        long = max(bar.size / longest * room, 2.0)
        parts.append(_bar(hat, y + 1, long))
        parts.append(svg.words(long + 8, y + 13.5, bar.written, font_weight=700))
        y += BAR
    if not rows:
        parts.append(svg.words(0, 15, said.title, fill=MUTED))
    return svg.drawing(key, width, max(y, BAR), said, parts)


def _lines(label: str, width: float) -> list[str]:
    """A label on one line, or on two where it is too long: broken before its arrow."""
    if svg.fits(label, width) or " → " not in label:
        return [label]
    before, after = label.split(" → ", 1)
    return [before, f"→ {after}"]


def _bar(hat: str, y: float, width: float) -> str:
    if hat == "patient":
        return svg.tag("rect", x=0, y=y, width=width, height=16, rx=8 if width > 16 else 0, fill=PATIENT)
    return svg.tag(
        "rect", x=0.75, y=y, width=width, height=16, fill=CUSTOMER_FILL, stroke=CUSTOMER, stroke_width=1.5
    )
