"""Dots with their intervals on one line each, from zero, under their own words, in the shape of one hat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import svg
from .svg import CONTROL, INK, LINE, MUTED

TEXT_LINE, ROW, FOOT = 18.0, 30.0, 22.0
SIZE = 5.0


@dataclass(frozen=True)
class Dot:
    """One value: its words, its interval, and how it is written."""

    label: str
    value: float
    low: float
    high: float
    written: str


def dots(key: str, hat: str, rows: Sequence[Dot], most: float, width: float, said: svg.Said, zero: str) -> str:
    """The picture; `most` is the end of the scale, so that several pictures can share one."""
    room = width - max((len(row.written) for row in rows), default=0) * svg.CHARACTER - 14
    parts: list[str] = []
    y = 0.0
    for row in rows:
        for line in broken(row.label, width):
            y += TEXT_LINE
            parts.append(svg.words(0, y - 4, line))
        parts.extend(_row(hat, row, y + 11, room, most or 1.0))
        y += ROW
    parts.append(svg.words(0, y + 12, zero, fill=MUTED))
    return svg.drawing(key, width, y + FOOT, said, parts)


def _row(hat: str, row: Dot, y: float, room: float, most: float) -> Iterator[str]:
    def at(value: float) -> float:
        return SIZE + min(max(value / most, 0.0), 1.0) * (room - 2 * SIZE)

    yield svg.line(SIZE, y, room, y, stroke=LINE)
    yield svg.line(SIZE, y - 7, SIZE, y + 7, stroke=CONTROL)
    yield svg.line(at(row.low), y, at(row.high), y, stroke=INK, stroke_width=2)
    for end in (row.low, row.high):
        yield svg.line(at(end), y - 4, at(end), y + 4, stroke=INK, stroke_width=2)
    yield svg.point(hat, at(row.value), y, SIZE, False)
    yield svg.words(room + 8, y + 4.5, row.written, font_weight=700)


def broken(label: str, width: float) -> list[str]:
    """A label on as many lines as it needs, broken between words."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and not svg.fits(longer, width):
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
