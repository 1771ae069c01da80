"""Journey lanes: time from left to right, the patient's lane above, the customer's below, whole in greyscale.

Long gaps and long stays are folded, and the picture says how long they were. A journey that is wider than the
page goes on in the next row, as a line of text does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from . import svg
from .svg import CONTROL, CUSTOMER, CUSTOMER_FILL, CUSTOMER_TINT, INK, MUTED, PATIENT, PATIENT_TINT

FOLD_AFTER = 6 * 60  # minutes without any moment that are folded into one mark
SLOT = 30.0  # px for a moment without duration
SHORTEST, LONGEST = 26.0, 190.0  # px for a stretch of time between two changes
A_MINUTE = 1.6  # px
LABEL = 50.0  # px a date above its clock needs
FOLD = 58.0  # px
AXIS, LANE, BETWEEN, AIR = 40.0, 36.0, 24.0, 4.0
ROW = AXIS + 2 * LANE + BETWEEN + 2 * AIR + 24.0


@dataclass(frozen=True)
class Moment:
    """One interaction as the picture needs it, in minutes from any fixed instant; `end` may equal `start`."""

    number: int
    label: str
    hat: str  # patient, customer, mixed, unknown, none, hidden
    start: float
    end: float
    waiting: bool = False
    second_hat: str | None = None
    is_open: bool = False


@dataclass(frozen=True)
class Voice:
    """Something said at an instant: a speech bubble under the lanes with the number it has in the list."""

    number: int
    at: float


@dataclass(frozen=True)
class Language:
    """How the reader's language says the few words inside the picture."""

    patient: str
    customer: str
    now: str
    day: Callable[[float], str]
    clock: Callable[[float], str]
    year: Callable[[float], str]
    length: Callable[[float], str]


@dataclass(frozen=True)
class Cell:
    """A piece of the time axis: a stretch, an instant's slot, or a fold; `x` counts from its row's left."""

    kind: str  # stretch, slot, fold, air
    start: float
    end: float
    width: float
    owner: "Moment | Voice | None" = None  # whose slot it is
    row: int = 0
    x: float = 0.0
    folded: bool = False


def lanes(
    key: str, moments: Sequence[Moment], width: float, said: svg.Said, language: Language,
    voices: Sequence[Voice] = (),
) -> str:
    """The picture of a journey at one width in px. `key` keeps its ids apart from others on the page."""
    margin = 144.0 if width > 600 else 34.0
    cells = _rows(_axis(moments, voices), width - margin)
    rows = cells[-1].row + 1 if cells else 0
    parts = [svg.hatching(key)]
    for row in range(rows):
        own = [cell for cell in cells if cell.row == row]
        parts.append(_ground(row, width, margin, own, language))
        parts.extend(_ticks(row, margin, width, own, language))
        parts.extend(_bars(key, row, margin, own, moments))
    parts.extend(_turns(moments, cells, margin))
    parts.extend(_bubble(margin + cell.x + cell.width / 2, cell.row, cell.owner.number)
                 for cell in cells if isinstance(cell.owner, Voice))
    parts.extend(_now(moments, cells, margin, language))
    return svg.drawing(key, width, max(rows, 1) * ROW, said, parts)


def turns(moments: Sequence[Moment]) -> list[tuple[Moment, Moment]]:
    """Where the journey turns from one hat to the other: the moments before and after."""
    worn = [moment for moment in moments if moment.hat in ("patient", "customer")]
    return [(a, b) for a, b in pairwise(worn) if a.hat != b.hat]


# ---- the axis ---------------------------------------------------------------------------------------


def _axis(moments: Sequence[Moment], voices: Sequence[Voice]) -> list[Cell]:
    cells: list[Cell] = []
    times = sorted({time for moment in moments for time in (moment.start, moment.end)} | {one.at for one in voices})
    since = 0.0  # px since the last fold, so that a date has room above it
    for index, at in enumerate(times):
        instants = [moment for moment in moments if moment.start == moment.end == at]
        for owner in (*instants, *(voice for voice in voices if voice.at == at)):
            cells.append(Cell("slot", at, at, SLOT, owner))
            since += SLOT
        if index + 1 == len(times):
            break
        until = times[index + 1]
        if any(moment.start <= at and moment.end >= until for moment in moments):
            wish = (until - at) * A_MINUTE
            wide = min(max(wish, SHORTEST), LONGEST)
            cells.append(Cell("stretch", at, until, wide, folded=wish > LONGEST))
            since += wide
        elif until - at > FOLD_AFTER:
            if since < LABEL:
                cells.append(Cell("air", at, at, LABEL - since))
            cells.append(Cell("fold", at, until, FOLD))
            since = 0.0
        else:
            cells.append(Cell("air", at, until, min(max((until - at) * A_MINUTE, 8.0), LONGEST / 2)))
            since += cells[-1].width
    return cells


def _rows(cells: list[Cell], room: float) -> list[Cell]:
    placed: list[Cell] = []
    row, x, after_fold = 0, 0.0, False
    for cell in cells:
        # After a fold comes a date, which needs its room even where the moment under it is short.
        if x > 0 and x + max(cell.width, LABEL if after_fold else 0) > room:
            row, x = row + 1, 0.0
        after_fold = cell.kind == "fold"
        width = min(cell.width, room)
        placed.append(Cell(cell.kind, cell.start, cell.end, width, cell.owner, row, x, cell.folded))
        x += width
    return placed


# ---- one row ------------------------------------------------------------------------------------------


def _y(row: int, hat: str) -> tuple[float, float]:
    """Top and height of the track in which a hat is drawn."""
    top = row * ROW + AXIS
    if hat == "patient":
        return top, LANE
    if hat == "customer":
        return top + LANE + BETWEEN + 2 * AIR, LANE
    if hat == "mixed":
        return top, 2 * LANE + BETWEEN + 2 * AIR
    return top + LANE + AIR, BETWEEN


def _foot(row: int) -> float:
    """Where the words under the lanes stand."""
    return row * ROW + AXIS + 2 * LANE + BETWEEN + 2 * AIR + 16


def _ground(row: int, width: float, margin: float, cells: list[Cell], language: Language) -> str:
    parts = []
    for hat, tint, name in (
        ("patient", PATIENT_TINT, language.patient),
        ("customer", CUSTOMER_TINT, language.customer),
    ):
        top, height = _y(row, hat)
        parts.append(svg.tag("rect", x=margin, y=top, width=width - margin, height=height, fill=tint))
        parts.append(_mark(hat, 11.0, top + height / 2))
        if margin > 60:
            parts.append(svg.words(27, top + height / 2 + 4.5, name, font_weight=600))
    if cells:
        parts.append(svg.words(0, _foot(row), language.year(cells[0].start), fill=MUTED))
    return "".join(parts)


def _mark(hat: str, x: float, y: float) -> str:
    letter = {"text_anchor": "middle", "font_weight": 700, "font_size": 12}
    if hat == "patient":
        circle = svg.tag("circle", cx=x, cy=y, r=10, fill=PATIENT)
        return circle + svg.words(x, y + 4.3, "P", **{**letter, "fill": "#FFFFFF"})
    square = svg.tag(
        "rect",
        x=x - 9,
        y=y - 9,
        width=18,
        height=18,
        rx=2,
        fill=CUSTOMER_FILL,
        stroke=CUSTOMER,
        stroke_width=1.5,
    )
    return square + svg.words(x, y + 4.3, "C", **letter)


def _ticks(row: int, margin: float, right: float, cells: list[Cell], language: Language) -> list[str]:
    parts, free, day = [], -1.0, None
    for cell in cells:
        x = margin + cell.x
        if cell.kind == "fold":
            parts.append(_fold(row, x, cell, language))
            continue
        if cell.kind == "air" or x < free or x + LABEL > right:
            continue
        today = language.day(cell.start)
        if today != day:
            parts.append(svg.words(x, row * ROW + 14, today, font_weight=600))
            day = today
        parts.append(svg.words(x, row * ROW + 30, language.clock(cell.start), fill=MUTED))
        free = x + LABEL
    return parts


def _fold(row: int, x: float, cell: Cell, language: Language) -> str:
    middle, top = x + FOLD / 2, row * ROW + AXIS
    low = top + 2 * LANE + BETWEEN + 2 * AIR
    band = svg.tag("rect", x=middle - 5, y=top, width=10, height=low - top, fill="#FBFAF7")
    strokes = "".join(
        svg.line(middle - 5 + shift, low, middle - 5 + shift, top, stroke=CONTROL, stroke_dasharray="2 3")
        for shift in (0, 10)
    )
    text = svg.words(
        middle, _foot(row), language.length(cell.end - cell.start), text_anchor="middle", fill=MUTED
    )
    return band + strokes + text


def _span(moment: Moment, cells: list[Cell]) -> tuple[float, float] | None:
    """Left and right end of a moment in one row, or None where it is not in this row."""
    if moment.start == moment.end:
        own = [cell for cell in cells if cell.owner is moment]
    else:
        own = [
            cell
            for cell in cells
            if cell.kind == "stretch" and cell.start >= moment.start and cell.end <= moment.end
        ]
    if not own:
        return None
    return own[0].x, own[-1].x + own[-1].width


def _bars(key: str, row: int, margin: float, cells: list[Cell], moments: Sequence[Moment]) -> list[str]:
    drawn: list[tuple[str, float, float, Moment, bool]] = []
    for moment in moments:
        span = _span(moment, cells)
        if span is None:
            continue
        drawn.append((moment.hat, *span, moment, False))
        if moment.second_hat in ("patient", "customer") and moment.second_hat != moment.hat:
            drawn.append((moment.second_hat, *span, moment, True))
    parts = []
    for index, (hat, left, right, moment, is_second) in enumerate(drawn):
        level, levels = _level(index, drawn)
        top, height = _y(row, hat)
        share = height / levels
        box = (margin + left + 1, top + level * share, right - left - 2, share - (1 if levels > 1 else 0))
        parts.append(_second(hat, box) if is_second else _bar(key, hat, box, moment))
    for cell in cells:
        if cell.folded:
            parts.append(_long(row, margin + cell.x + cell.width / 2))
    return parts


def _level(index: int, drawn: list[tuple[str, float, float, Moment, bool]]) -> tuple[int, int]:
    """Which part of its track a bar gets when several lie in it at the same time."""
    hat, left, right, _, _ = drawn[index]
    together = [i for i, bar in enumerate(drawn) if bar[0] == hat and bar[1] < right and bar[2] > left]
    return together.index(index), len(together)


def _bar(key: str, hat: str, box: tuple[float, float, float, float], moment: Moment) -> str:
    x, y, width, height = box
    place = {"x": x, "y": y, "width": width, "height": height}
    if hat == "none":
        middle = y + height / 2
        ends = "".join(
            svg.line(at, y, at, y + height, stroke=MUTED, stroke_width=1.5) for at in (x, x + width)
        )
        dots = svg.line(x, middle, x + width, middle, stroke=MUTED, stroke_dasharray="1 5")
        return ends + dots + _told(box, moment, MUTED, "#FBFAF7")
    if hat in ("unknown", "hidden"):
        dashes = "4 3" if hat == "unknown" else None
        shape = svg.tag(
            "rect", **place, rx=3, fill="#FFFFFF", stroke=MUTED, stroke_width=1.5, stroke_dasharray=dashes
        )
        return shape + _told(box, moment, INK, None)
    if hat == "mixed":
        shape = svg.tag("rect", **place, rx=3, fill=f"url(#{key}-both)", stroke=INK, stroke_width=1.5)
        return shape + _told(box, moment, INK, "#FFFFFF")
    fill, edge, text = (PATIENT, PATIENT, "#FFFFFF") if hat == "patient" else (CUSTOMER_FILL, CUSTOMER, INK)
    corner = min(height / 2, 12) if hat == "patient" else 1
    shape = svg.tag("rect", **place, rx=corner, fill=fill, stroke=edge, stroke_width=1.5)
    if not moment.waiting:
        return shape + _told(box, moment, text, None)
    hatch = svg.tag("rect", **place, rx=corner, fill=f"url(#{key}-wait)", stroke=edge, stroke_width=1.5)
    return shape + hatch + _told(box, moment, INK, "#FFFFFF")


def _told(box: tuple[float, float, float, float], moment: Moment, colour: str, behind: str | None) -> str:
    """The number of a moment (it leads to the list) and, where there is room, its name."""
    x, y, width, height = box
    text = f"{moment.number} {moment.label}"
    if not svg.fits(text, width - 12):
        text = str(moment.number)
    if not svg.fits(text, width + 4):
        return ""
    middle = x + width / 2
    chip = ""
    if behind:
        wide = len(text) * svg.CHARACTER + 8
        chip = svg.tag(
            "rect", x=middle - wide / 2, y=y + height / 2 - 9, width=wide, height=18.0, rx=3, fill=behind
        )
    return chip + svg.words(
        middle, y + height / 2 + 4.5, text, text_anchor="middle", fill=colour, font_weight=600
    )


def _second(hat: str, box: tuple[float, float, float, float]) -> str:
    """A second view in the same minutes: a thin bar in the other lane."""
    x, y, width, height = box
    fill, edge = (PATIENT, PATIENT) if hat == "patient" else (CUSTOMER_FILL, CUSTOMER)
    return svg.tag(
        "rect", x=x, y=y + height / 2 - 4, width=width, height=8.0, fill=fill, stroke=edge, stroke_width=1.5
    )


def _long(row: int, x: float) -> str:
    """Two slanted strokes on the axis: this stretch is longer than it is drawn."""
    y = row * ROW + AXIS - 2
    return "".join(
        svg.line(x + shift, y + 4, x + shift + 5, y - 6, stroke=INK, stroke_width=1.5) for shift in (-4, 1)
    )


# ---- turns, what was said, and now ---------------------------------------------------------------------


def _turns(moments: Sequence[Moment], cells: list[Cell], margin: float) -> list[str]:
    parts = []
    for _, later in turns(moments):
        place = _starts(later, cells)
        if place is None:
            continue
        row, x = place
        top, _ = _y(row, "patient")
        low, height = _y(row, "customer")
        parts.append(
            svg.line(margin + x, top - 3, margin + x, low + height + 3, stroke=INK, stroke_width=1.5)
        )
    return parts


def _bubble(x: float, row: int, number: int) -> str:
    """A speech bubble in the line of words under the lanes."""
    y = _foot(row) - 13
    width = 12 + svg.CHARACTER * len(str(number))
    left, right, low = x - width / 2, x + width / 2, y + 16
    outline = (f"M{svg.number(left)} {svg.number(y)}H{svg.number(right)}V{svg.number(low)}H{svg.number(x + 1)}"
               f"L{svg.number(x - 4)} {svg.number(low + 4)}V{svg.number(low)}H{svg.number(left)}Z")
    shape = svg.tag("path", d=outline, fill=svg.CARD, stroke=INK, stroke_width=1.25, stroke_linejoin="round")
    return shape + svg.words(x, y + 12.5, str(number), text_anchor="middle", font_weight=600)


def _starts(moment: Moment, cells: list[Cell]) -> tuple[int, float] | None:
    for row in sorted({cell.row for cell in cells}):
        span = _span(moment, [cell for cell in cells if cell.row == row])
        if span:
            return row, span[0]
    return None


def _now(moments: Sequence[Moment], cells: list[Cell], margin: float, language: Language) -> list[str]:
    if not cells or not any(moment.is_open for moment in moments):
        return []
    last = cells[-1]
    x, top = margin + last.x + last.width, last.row * ROW + AXIS
    low = top + 2 * LANE + BETWEEN + 2 * AIR
    return [
        svg.line(x, top - 4, x, low + 4, stroke=INK, stroke_width=1.5, stroke_dasharray="5 3"),
        svg.words(x, _foot(last.row), language.now, text_anchor="end", font_weight=600),
    ]
