"""Strict reading of a plain CSV file by the names of its columns; what is wrong is said with its line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from twohats.words.problems import Problem

from .cells import MISSING, moment_in, number_in

YEARS = range(1900, 2101)
LONGEST_FIELD = 1 << 20


@dataclass(frozen=True)
class Row:
    """One line of the file: the cells of its columns, stripped."""

    path: Path
    line: int
    cells: dict[str, str]

    def problem(self, what: str, try_this: str) -> Problem:
        """What is wrong with this line."""
        return Problem(what, f"{self.path} line {self.line}", try_this)

    def name(self, column: str) -> str:
        """A name that must be there."""
        if self.cells[column] in MISSING:
            raise self.problem(f"'{column}' is empty", "Fill it in, or leave the line out.")
        return self.cells[column]

    def number(self, column: str) -> float | None:
        """A number, or None where the cell is empty or NA."""
        text = self.cells[column]
        if text in MISSING:
            return None
        number = number_in(text)
        if number is None:
            raise self.problem(f"'{text}' in '{column}' is not a number",
                               "Write 1234.5 without signs for thousands, percent or money; leave a missing one empty.")
        return number

    def moment(self, column: str) -> date | datetime | int:
        """A day, an instant or the number of a period."""
        text = self.name(column)
        told = moment_in(text)
        if told is None:
            raise self.problem(f"'{text}' in '{column}' is no date",
                               "Write days as 2026-03-01, instants as 2026-03-01T09:30, or number the periods.")
        if not isinstance(told, int) and told.year not in YEARS:
            raise self.problem(f"the date {text} lies outside {YEARS[0]} to {YEARS[-1]}", "Correct the date.")
        return told


def rows_of(path: Path, columns: list[str]) -> Iterator[Row]:
    """Every line that is not blank. Raises Problem where a column is not there once, or a line is uneven."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            yield from _rows(path, csv.reader(file, strict=True), columns)
    except UnicodeDecodeError as failed:
        raise Problem(f"this is not UTF-8 (byte {failed.start})", str(path), "Save it as CSV in UTF-8.") from None
    except csv.Error as failed:
        raise Problem(f"this is not CSV: {failed}", str(path), "Save it as CSV in UTF-8, with commas.") from None
    except OSError as failed:
        raise Problem(f"this file cannot be read: {failed.strerror}", str(path), "Name a CSV file.") from None


def _rows(path: Path, reader: "csv._reader", columns: list[str]) -> Iterator[Row]:
    heading = [name.strip() for name in next(reader, [])]
    if not heading:
        raise Problem("this file is empty", str(path), "It needs a first line with the names of its columns.")
    for column in columns:
        if heading.count(column) != 1:
            what = f"there is no column '{column}'" if column not in heading else f"there are two columns '{column}'"
            raise Problem(what, f"{path} line 1", f"It has: {', '.join(heading)}. Name columns with the options of "
                          "this verb (--help).")
    places = {column: heading.index(column) for column in columns}
    for cells in reader:
        if not any(text.strip() for text in cells):
            continue
        if len(cells) != len(heading):
            raise Problem(f"{len(cells)} cells where the first line has {len(heading)}",
                          f"{path} line {reader.line_num}", "A comma inside a cell needs quotes.")
        yield Row(path, reader.line_num, {column: cells[place].strip() for column, place in places.items()})
