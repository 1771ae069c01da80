"""What stands in a column of a page: words, pictures, tables. A block knows how tall it is at a width, and draws."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from twohats.service.pages.charts import svg
from twohats.service.pages.paper import strokes
from twohats.service.pages.paper.letters import BOLD, LEADING, REGULAR, width_of, wrapped
from twohats.service.pages.paper.tagged import HEIGHT, Tagged

CELL = 7.5
"""Size of the words in a table."""
AROUND = 8.0
"""Room beside the words of a cell."""
CellIn = Callable[[int], AbstractContextManager[Any]]


class Block(Protocol):
    """Something that stands in a column."""

    def height(self, width: float) -> float:
        """How tall it is at a width."""

    def draw(self, paper: Tagged, x: float, y: float, width: float) -> None:
        """Draws it with its upper left corner at a place."""


@dataclass(frozen=True)
class Words:
    """A paragraph or a heading."""

    text: str
    kind: str = "P"
    size: float = 8.5
    bold: bool = False
    colour: str = svg.INK
    after: float = 3.0
    hat: str = ""
    """Puts the mark of a hat before it."""

    @property
    def _font(self) -> str:
        return BOLD if self.bold else REGULAR

    @property
    def _indent(self) -> float:
        return 1.9 * self.size if self.hat else 0.0

    def _lines(self, width: float) -> tuple[str, ...]:
        return wrapped(self.text, self._font, self.size, width - self._indent)

    def height(self, width: float) -> float:
        return len(self._lines(width)) * self.size * LEADING + self.after

    def draw(self, paper: Tagged, x: float, y: float, width: float) -> None:
        if self.hat:
            mark(paper, self.hat, x, y - 0.08 * self.size, 1.35 * self.size)
        with paper.content(self.kind):
            for number, line in enumerate(self._lines(width)):
                baseline = y + self.size * (1 + number * LEADING)
                paper.words(x + self._indent, baseline, line, self._font, self.size, self.colour)


@dataclass(frozen=True)
class Picture:
    """A drawing of the pages, as wide as its column."""

    drawing: str
    after: float = 6.0

    def _scale(self, width: float) -> float:
        return width / strokes.size_of(self.drawing)[0]

    def height(self, width: float) -> float:
        return strokes.size_of(self.drawing)[1] * self._scale(width) + self.after

    def draw(self, paper: Tagged, x: float, y: float, width: float) -> None:
        with paper.content("Figure", alt=strokes.said_in(self.drawing)):
            strokes.draw(paper, self.drawing, x, y, self._scale(width))


@dataclass(frozen=True)
class Stack:
    """Blocks one under the other that stay together."""

    blocks: Sequence[Block]
    after: float = 8.0

    def height(self, width: float) -> float:
        return sum(block.height(width) for block in self.blocks) + self.after

    def draw(self, paper: Tagged, x: float, y: float, width: float) -> None:
        for block in self.blocks:
            block.draw(paper, x, y, width)
            y += block.height(width)


@dataclass(frozen=True)
class Table:
    """A short table that stays together, as the pages have them: caption, columns, rows of cells."""

    table: dict[str, Any]
    after: float = 6.0

    @property
    def _caption(self) -> Words:
        return Words(self.table["caption"], "Caption", CELL, bold=True)

    def height(self, width: float) -> float:
        grid = Grid(self.table, width)
        return self._caption.height(width) + sum(grid.height(row) for row in grid.rows) + self.after

    def draw(self, paper: Tagged, x: float, y: float, width: float) -> None:
        grid = Grid(self.table, width)
        with paper.inside("Table"):
            self._caption.draw(paper, x, y, width)
            y += self._caption.height(width)
            for number, row in enumerate(grid.rows):
                with paper.inside("TR"):
                    y += grid.draw(paper, x, y, row, told_as(paper, number))


class Grid:
    """A table's cells at their widths; the head is the first row."""

    def __init__(self, table: dict[str, Any], room: float) -> None:
        heads = [str(column["name"]) for column in table["columns"]]
        self.rows = [heads, *([_text(cell) for cell in row] for row in table["rows"])]
        self.numbers = [bool(column.get("is_number")) for column in table["columns"]]
        self.room = room
        self.widths = self._widths()

    def _font(self, row: Sequence[str]) -> str:
        return BOLD if row is self.rows[0] else REGULAR

    def _lines(self, row: Sequence[str]) -> list[tuple[str, ...]]:
        return [wrapped(text, self._font(row), CELL, width - AROUND)
                for text, width in zip(row, self.widths, strict=True)]

    def height(self, row: Sequence[str]) -> float:
        """How tall a row is."""
        return max(map(len, self._lines(row))) * CELL * LEADING + 5

    def draw(self, paper: Tagged, x: float, y: float, row: Sequence[str], cell: CellIn) -> float:
        """Draws a row and tells how tall it was."""
        font, height, left = self._font(row), self.height(row), x
        for column, (lines, width) in enumerate(zip(self._lines(row), self.widths, strict=True)):
            with cell(column):
                for number, line in enumerate(lines):
                    at = x + width - AROUND - width_of(line, font, CELL) if self.numbers[column] else x
                    paper.words(at, y + 2 + CELL * (1 + number * LEADING), line, font, CELL, svg.INK)
            x += width
        with paper.ornament():
            paper.rule(left, y + height, self.room, svg.INK if row is self.rows[0] else svg.LINE)
        return height

    def _widths(self) -> list[float]:
        """As wide as the longest cell; where that is too wide the widest columns give way, down to the same width."""
        wanted = [max(width_of(row[column], self._font(row), CELL) for row in self.rows) + AROUND
                  for column in range(len(self.numbers))]
        widest = _cap(wanted, self.room)
        found = [min(width, widest) for width in wanted]
        found[0] += self.room - sum(found)
        return found


def _cap(wanted: Sequence[float], room: float) -> float:
    """The width that no column may pass so that all fit."""
    left = room
    for place, width in enumerate(sorted(wanted)):
        share = left / (len(wanted) - place)
        if width > share:
            return share
        left -= width
    return max(wanted)


def _text(cell: dict[str, Any]) -> str:
    said = str(cell.get("instead") or cell.get("text", ""))
    return f"{said} ({cell['note']})" if cell.get("note") else said


def told_as(paper: Tagged, row: int) -> CellIn:
    """What a screen reader is told of the cells of a row: heads of columns, the head of the row, the others."""
    def cell(column: int) -> AbstractContextManager[Any]:
        if row and column:
            return paper.content("TD")
        return paper.content("TH", scope="Row" if row else "Column")
    return cell


def told_before(paper: Tagged) -> CellIn:
    """The cells of a head that is repeated: nothing is told anew."""
    return lambda _column: paper.ornament()


def mark(paper: Tagged, hat: str, x: float, y: float, size: float) -> None:
    """The mark of a hat: a circle with its letter, or a square; nothing for what wears neither."""
    shapes = {"patient": ("P", svg.PATIENT, svg.CARD), "customer": ("C", svg.CUSTOMER_FILL, svg.INK)}
    if hat not in shapes:
        return
    letter, fill, ink = shapes[hat]
    with paper.ornament():
        paper.canvas.setFillColor(fill)
        paper.canvas.setStrokeColor(svg.CUSTOMER)
        paper.canvas.setLineWidth(1)
        paper.canvas.setDash()
        if hat == "patient":
            paper.canvas.circle(x + size / 2, HEIGHT - y - size / 2, size / 2, stroke=0, fill=1)
        else:
            paper.canvas.rect(x, HEIGHT - y - size, size, size, stroke=1, fill=1)
        at = x + (size - width_of(letter, BOLD, 0.65 * size)) / 2
        paper.words(at, y + 0.74 * size, letter, BOLD, 0.65 * size, ink)
