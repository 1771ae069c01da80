"""Setting pages: block after block, two columns of equal width, long tables whose head is repeated, and the foot."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from twohats.service.pages.charts import svg
from twohats.service.pages.paper.blocks import CELL, Block, Grid, Words, told_as, told_before
from twohats.service.pages.paper.letters import REGULAR, shortened, width_of
from twohats.service.pages.paper.tagged import HEIGHT, WIDTH, About, Tagged

LEFT, TOP, FOOT = 54.0, 54.0, HEIGHT - 54.0
ROOM = WIDTH - 2 * LEFT
BETWEEN = 24.0
COLUMN = (ROOM - BETWEEN) / 2
SMALL = 7.0


class Sheet:
    """The pages as they fill up."""

    def __init__(self, about: About, foot: str, page_of: Callable[[int], str]) -> None:
        self.paper, self.foot, self.page_of, self.y = Tagged(about), foot, page_of, TOP

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self.paper.on_page)

    def put(self, *blocks: Block, keep: float = 0.0) -> None:
        """Blocks over the whole width; `keep` is room for what must not part from the last."""
        for block in blocks:
            height = block.height(ROOM)
            self.room_for(height + (keep if block is blocks[-1] else 0.0))
            block.draw(self.paper, LEFT, self.y, ROOM)
            self.y += height

    def pair(self, left: Sequence[Block], right: Sequence[Block]) -> None:
        """Two columns of equal width, row by row; a screen reader reads one whole column after the other.

        The first row heads the columns: it does not part from the second.
        """
        sides = [(LEFT, self.paper.element("Sect")), (LEFT + COLUMN + BETWEEN, self.paper.element("Sect"))]
        rows = list(zip_longest(left, right))
        heights = [max(block.height(COLUMN) for block in row if block) for row in rows]
        for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
            self.room_for(sum(heights[:2]) if place == 0 else height)
            for (x, section), block in zip(sides, row, strict=True):
                if block:
                    with self.paper.within(section):
                        block.draw(self.paper, x, self.y, COLUMN)
            self.y += height

    def table(self, table: dict[str, Any]) -> None:
        """A long table as the pages have them: it goes on over the page, its head repeated there."""
        grid, caption = Grid(table, ROOM), _caption(table)
        self.room_for(beginning(table))
        with self.paper.inside("Table"):
            self.put(caption)
            for number, row in enumerate(grid.rows):
                if self.y + grid.height(row) > FOOT:
                    self.turn()
                    self.y += grid.draw(self.paper, LEFT, self.y, grid.rows[0], told_before(self.paper))
                with self.paper.inside("TR"):
                    self.y += grid.draw(self.paper, LEFT, self.y, row, told_as(self.paper, number))
        self.y += 14

    def room_for(self, height: float) -> None:
        """Turns the page where what comes next does not fit on it."""
        if self.y > TOP and self.y + height > FOOT:
            self.turn()

    def turn(self) -> None:
        """The foot of this page, then the next page."""
        self._write_foot()
        self.paper.next_page()
        self.y = TOP

    def finished(self) -> bytes:
        """The document."""
        self._write_foot()
        return self.paper.finished()

    def _write_foot(self) -> None:
        number = self.page_of(self.pages)
        with self.paper.ornament():
            self.paper.rule(LEFT, FOOT + 12, ROOM, svg.LINE)
            foot = shortened(self.foot, REGULAR, SMALL, ROOM - 80)
            self.paper.words(LEFT, FOOT + 24, foot, REGULAR, SMALL, svg.MUTED)
            at = LEFT + ROOM - width_of(number, REGULAR, SMALL)
            self.paper.words(at, FOOT + 24, number, REGULAR, SMALL, svg.MUTED)


def beginning(table: dict[str, Any]) -> float:
    """How tall the part of a long table is that stays together: its caption, its head and two rows."""
    grid = Grid(table, ROOM)
    return _caption(table).height(ROOM) + sum(grid.height(row) for row in grid.rows[:3])


def _caption(table: dict[str, Any]) -> Words:
    return Words(table["caption"], "Caption", CELL + 0.5, bold=True)


def in_pages(lay: Callable[[Sheet], None], about: About, foot: str, page_of: Callable[[int, int], str]) -> bytes:
    """The document: laid once to count its pages, and once more with their number in the foot."""
    counted = Sheet(about, foot, lambda page: page_of(page, page))
    lay(counted)
    sheet = Sheet(about, foot, lambda page: page_of(page, counted.pages))
    lay(sheet)
    return sheet.finished()
