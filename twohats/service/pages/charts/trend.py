"""A trend: points by month, the middle and the limits of ordinary change (an XmR chart), drawn from zero."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import svg
from .svg import CARD, CONTROL, CUSTOMER, CUSTOMER_FILL, INK, MUTED, PATIENT

ENOUGH = 8
"""Months below which a change cannot be told from chance (a run of eight is the shortest sign)."""
MEAN_RANGE_TO_LIMIT = 2.66  # 3 / d2 for ranges of two (Shewhart; Wheeler 1992)
HEIGHT, TOP, BOTTOM = 190.0, 26.0, 28.0


@dataclass(frozen=True)
class Trend:
    """What the points say: middle, limits, and the month that stands out (None when none does)."""

    middle: float
    low: float
    high: float
    stands_out: int | None
    higher: bool
    is_run: bool = False
    """Eight months in a row on one side of the middle, none of them outside the limits."""


def trend_of(values: Sequence[float]) -> Trend | None:
    """Limits of ordinary change; None where the months are too few to tell."""
    if len(values) < ENOUGH:
        return None
    middle = sum(values) / len(values)
    moves = [abs(b - a) for a, b in pairwise(values)]
    reach = MEAN_RANGE_TO_LIMIT * sum(moves) / len(moves)
    low, high = max(middle - reach, 0.0), middle + reach
    outside = [index for index, value in enumerate(values) if value < middle - reach or value > high]
    out = outside[-1] if outside else _run(values, middle)
    return Trend(middle, low, high, out, out is not None and values[out] > middle, out is not None and not outside)


def _run(values: Sequence[float], middle: float) -> int | None:
    """Where eight months in a row lie on one side of the middle: the last of them."""
    length, side = 0, 0
    found = None
    for index, value in enumerate(values):
        now = (value > middle) - (value < middle)
        length = length + 1 if now == side and now else 1
        side = now
        if length >= ENOUGH:
            found = index
    return found


def trend_picture(
    key: str,
    hat: str,
    months: Sequence[str],
    values: Sequence[float],
    width: float,
    said: svg.Said,
    written: Callable[[float], str],
) -> str:
    """Points joined by a line in the hat's colour: circles for patients, squares for customers; in ink, with circles,
    for what wears no hat ('').
    """
    found = trend_of(values)
    top = max([*values, found.high if found else 0.0, 1.0])
    left, right = 4.0, width - 64.0
    step = (right - left) / max(len(values) - 1, 1)

    def x(index: int) -> float:
        return left + 6 + index * (step - 12 / max(len(values) - 1, 1))

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)

    parts = [
        svg.line(left, y(0), right, y(0), stroke=CONTROL),
        svg.words(right + 8, y(0) + 4, written(0), fill=MUTED),
    ]
    if found:
        band = {"x": left, "y": y(found.high), "width": right - left, "height": y(found.low) - y(found.high)}
        parts.insert(0, svg.tag("rect", **band, fill="#EFEDE6"))
        parts.append(
            svg.line(left, y(found.middle), right, y(found.middle), stroke=MUTED, stroke_dasharray="4 4")
        )
    colour = {"patient": PATIENT, "customer": CUSTOMER}.get(hat, INK)
    path = " ".join(f"{svg.number(x(i))},{svg.number(y(v))}" for i, v in enumerate(values))
    parts.append(svg.tag("polyline", points=path, fill="none", stroke=colour, stroke_width=2))
    parts.extend(
        _point(hat, x(i), y(v), found is not None and found.stands_out == i) for i, v in enumerate(values)
    )
    parts.extend(_labels(months, values, x, y, right, written, found))
    return svg.drawing(key, width, HEIGHT, said, parts)


def _point(hat: str, x: float, y: float, stands_out: bool) -> str:
    edge = {"stroke": INK if stands_out else CARD, "stroke_width": 2.5 if stands_out else 1.5}
    size = 6.5 if stands_out else 4.5
    if hat != "customer":
        return svg.tag("circle", cx=x, cy=y, r=size, fill=PATIENT if hat == "patient" else INK, **edge)
    if not stands_out:
        edge = {"stroke": CUSTOMER, "stroke_width": 1.5}
    return svg.tag(
        "rect", x=x - size, y=y - size, width=2 * size, height=2 * size, fill=CUSTOMER_FILL, **edge
    )


def _labels(
    months: Sequence[str],
    values: Sequence[float],
    x: Callable[[int], float],
    y: Callable[[float], float],
    right: float,
    written: Callable[[float], str],
    found: Trend | None,
) -> list[str]:
    if not values:
        return []
    last = len(values) - 1
    foot = HEIGHT - 8
    parts = [
        svg.words(x(0) - 6, foot, months[0], fill=MUTED),
        svg.words(right + 8, y(values[last]) + 4.5, written(values[last]), font_weight=700),
    ]
    if last:
        parts.append(svg.words(right, foot, months[last], text_anchor="end", fill=MUTED))
    out = found.stands_out if found else None
    if out is not None and out != last:
        at = min(max(x(out), 30), right - 30)
        above = y(values[out]) - 12 > 12
        parts.append(
            svg.words(
                at,
                y(values[out]) - 12 if above else y(values[out]) + 22,
                written(values[out]),
                text_anchor="middle",
                font_weight=700,
            )
        )
    return parts
