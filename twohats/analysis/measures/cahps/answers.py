"""Reading ANSWERS.csv, wide or long, block by block: strict codes with the line of the first wrong one."""

import functools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from twohats.words.problems import Problem

from .codes import NotAllowed, answer_of, number_in, written
from .design import Coded, Design, People, Users
from .design_file import NO_ANSWER, Layouts
from .moments import Batch

BLOCK = 4 << 20
"""Bytes read at a time."""
ANSWERED_BY = ("patient", "proxy", "family")
LINE = "line of the file"
"""The name of the column that carries line numbers; no column of a file may be called so."""


@dataclass
class AnswersFile:
    """The answers of one file. Reading fills the counts and says of each unit which kind it is."""

    path: Path
    design: Design
    layouts: Layouts
    read: int = 0
    """Respondents read."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Respondents that are not in the analysis, by reason."""
    kinds: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, dict[str, float]] = field(default_factory=dict)

    def batches(self) -> Iterator[tuple[Batch, np.ndarray]]:
        """Respondents, block by block, each with the line it stands on."""
        for batch, lines, _ in self.batches_with_respondents():
            yield batch, lines

    def batches_with_respondents(self) -> Iterator[tuple[Batch, np.ndarray, list[str]]]:
        """The same, with what names each respondent in the file ("" where the design names no such column)."""
        self.read = 0
        self.left_out.clear()
        blocks = self._pivoted() if self.layouts.long else self._wide()
        for block in blocks:
            batch = self._batch(block)
            if batch is not None:
                yield batch

    def _columns(self) -> list[str]:
        """The columns the design speaks of, each once."""
        design = self.design
        wanted = [design.unit_column, design.respondent_column, design.child_column, design.visits_column,
                  design.answer_weight_column, design.mean_weight_column, design.split_column,
                  design.answered_by_column, *design.dates,
                  *(item.column for item in design.items.values()), *(one.column for one in design.adjusters)]
        return list(dict.fromkeys(column for column in wanted if column is not None))

    def _wide(self) -> Iterator[pa.RecordBatch]:
        seen = _SeenTwice()
        for block in self._blocks(self._columns()):
            if self.design.respondent_column is not None:
                seen.add(block.column(self.design.respondent_column), block.column(LINE))
            yield block
        if (lines := seen.first()) is not None:
            raise Problem(f"the same respondent answers on line {lines[0]} and on line {lines[1]}",
                          f"{self.path} line {lines[1]}", "Leave one row for each respondent.")

    def _blocks(self, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """The file as it is written: text, with line numbers; blank lines are passed over."""
        self._check_heading(columns)
        uneven: list[pa_csv.InvalidRow] = []

        def note(row: pa_csv.InvalidRow) -> str:
            uneven.append(row)
            return "error"

        try:
            reader = pa_csv.open_csv(
                self.path,
                # One thread, so that a row knows its line.
                pa_csv.ReadOptions(block_size=BLOCK, use_threads=False),
                pa_csv.ParseOptions(invalid_row_handler=note, ignore_empty_lines=False),
                pa_csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), include_columns=columns,
                                      strings_can_be_null=False),
            )
            first = 2
            for block in reader:
                lines = pa.array(np.arange(first, first + block.num_rows))
                first += block.num_rows
                blank = functools.reduce(pc.and_, (pc.equal(column, "") for column in block.columns))
                yield block.append_column(LINE, lines).filter(pc.invert(blank))
        except pa.ArrowInvalid:
            if uneven:
                raise Problem(f"{uneven[0].actual_columns} cells where the first line has "
                              f"{uneven[0].expected_columns}", f"{self.path} line {uneven[0].number}",
                              "Each line needs as many cells as the first; a comma inside one needs quotes.") from None
            raise Problem("this is not a CSV file that can be read", str(self.path),
                          "Save it as CSV in UTF-8, with one line for each row.") from None

    def _check_heading(self, columns: list[str]) -> None:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                heading = file.readline()
        except OSError as failed:
            raise Problem(f"this file cannot be read: {failed.strerror}", str(self.path), "Name a CSV file.") from None
        except UnicodeDecodeError:
            raise Problem("this file is not UTF-8 text", str(self.path), "Save it as CSV in UTF-8.") from None
        names = [name.strip().strip('"') for name in heading.rstrip("\r\n").split(",")]
        twice = next((name for name, count in Counter(names).items() if count > 1), None)
        if twice is not None:
            raise Problem(f"there are two columns '{twice}'", f"{self.path} line 1", "Leave one of them.")
        for column in columns:
            if column not in names:
                raise Problem(f"there is no column '{column}'", f"{self.path} line 1",
                              f"Columns here: {', '.join(names)}. Correct the file or the design.")

    def _pivoted(self) -> Iterator[pa.RecordBatch]:
        """A long file as one row for each respondent."""
        long = self.layouts
        with self.path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            names = [name.strip().strip('"') for name in file.readline().rstrip("\r\n").split(",")]
        # What describes a respondent may stand in a column of its own or be an item like the others.
        beside = [column for column in self._columns() if column in names and column != long.respondent]
        as_items = [column for column in self._columns() if column not in beside and column != long.respondent]
        columns = [long.respondent, long.item, long.value, *beside]
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"CREATE TABLE told ({', '.join(f'{_quoted(name)} VARCHAR' for name in columns)}, "
                           f"{_quoted(LINE)} BIGINT)")
        for block in self._blocks(columns):
            connection.register("block", block)
            connection.execute("INSERT INTO told SELECT * FROM block")
            connection.unregister("block")
        self._check_long(connection, as_items, beside)
        line, respondent, item, value = map(_quoted, (LINE, long.respondent, long.item, long.value))
        picked = [f"coalesce(max({value}) FILTER ({item} = {_text(name)}), '') AS {_quoted(name)}" for name in as_items]
        picked += [f"any_value({_quoted(name)}) AS {_quoted(name)}" for name in beside]
        rows = connection.sql(f"SELECT min({line}) AS {line}, {respondent}, {', '.join(picked)} FROM told "
                              f"GROUP BY {respondent} ORDER BY 1")
        yield from rows.to_arrow_reader(65_536)

    def _check_long(self, connection: duckdb.DuckDBPyConnection, items: list[str], beside: list[str]) -> None:
        long = self.layouts
        line, respondent, item, value = map(_quoted, (LINE, long.respondent, long.item, long.value))

        def first(sql: str) -> tuple | None:
            return connection.execute(sql).fetchone()

        if (found := first(f"SELECT min({line}) FROM told WHERE trim({respondent}) = ''")) and found[0] is not None:
            raise Problem("nobody is named as the respondent", f"{self.path} line {found[0]}",
                          f"Fill in the column '{long.respondent}'.")
        known = ", ".join(map(_text, items)) or "''"
        if found := first(f"SELECT {item}, min({line}) FROM told WHERE {item} NOT IN ({known}) "
                          f"GROUP BY 1 ORDER BY 2 LIMIT 1"):
            raise Problem(f"item '{found[0]}' is not in the design", f"{self.path} line {found[1]}",
                          f"Declare it in DESIGN.toml, or leave it out. Known here: {', '.join(items)}")
        if found := first(f"SELECT min({line}), max({line}), {item} FROM told GROUP BY {respondent}, {item} "
                          f"HAVING count(*) > 1 ORDER BY 1 LIMIT 1"):
            raise Problem(f"the same respondent answers {found[2]} on line {found[0]} and on line {found[1]}",
                          f"{self.path} line {found[1]}", "Leave one answer for each respondent and item.")
        for column in beside:
            if found := first(f"SELECT max({line}) FROM told GROUP BY {respondent} "
                              f"HAVING count(DISTINCT {_quoted(column)}) > 1 ORDER BY 1 LIMIT 1"):
                raise Problem(f"one respondent has two values of '{column}'", f"{self.path} line {found[0]}",
                              "What describes a respondent must be the same on all their lines.")
        for coded in (*self.design.items.values(), *self.design.adjusters):
            if coded.column in items:
                told = connection.execute(f"SELECT {value}, min({line}) FROM told WHERE {item} = {_text(coded.column)} "
                                          f"GROUP BY 1 ORDER BY 2").fetchall()
                for code, at in told:
                    self._decoded(coded, code, lambda at=at: at)

    def _batch(self, block: pa.RecordBatch) -> tuple[Batch, np.ndarray, list[str]] | None:
        design = self.design
        lines = block.column(LINE).to_numpy(zero_copy_only=False)
        self.read += len(lines)
        names, unit = self._units(block, lines)
        for column, (start, end) in design.dates.items():
            self._check_dates(block, lines, column, start, end)
        keep = unit >= 0
        child = self._numbers(block, lines, design.child_column)
        if design.people is People.CHILDREN and child is not None:
            keep = self._keep(keep, child == 1, "not a child")
        if design.people is People.ADULTS and child is not None:
            keep = self._keep(keep, child != 1, "a child")
        visits = self._numbers(block, lines, design.visits_column)
        if visits is not None and design.users is not Users.ALL:
            # Visits that are not said count as few, as in the program.
            often = np.nan_to_num(visits, nan=-1.0) >= 3
            keep = self._keep(keep, often if design.users is Users.HIGH else ~often, "number of visits")
        weight = self._weights(block, lines, design.answer_weight_column)
        mean_weight = self._weights(block, lines, design.mean_weight_column)
        for one in (weight, mean_weight):
            if one is not None:
                keep = self._keep(keep, np.nan_to_num(one) > 0, "no weight")
        keep = self._with_kind(block, names, unit, keep, lines)
        if not keep.any():
            return None

        def of(column: np.ndarray | None) -> np.ndarray | None:
            return None if column is None else column[keep]

        columns = {coded.key: self._answers(block, lines, coded)
                   for coded in (*design.items.values(), *design.adjusters)}
        answers = np.column_stack([columns[key] for key in design.items])
        adjusters = np.column_stack([columns[one.key] for one in design.adjusters] or [np.empty((len(unit), 0))])
        batch = Batch(names, unit[keep], answers[keep], adjusters[keep], of(child), of(weight), of(mean_weight),
                      of(self._answered_by(block, lines)))
        named = design.respondent_column if design.residuals else None
        respondents = ([""] * int(keep.sum()) if named is None
                       else block.column(named).filter(pa.array(keep)).to_pylist())
        return batch, lines[keep], respondents

    def _keep(self, keep: np.ndarray, wanted: np.ndarray, why: str) -> np.ndarray:
        self.left_out[why] += int((keep & ~wanted).sum())
        return keep & wanted

    def _units(self, block: pa.RecordBatch, lines: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
        """The units of this block, and where each respondent's stands; -1 for those left out."""
        design = self.design
        codes, at = _distinct(block.column(design.unit_column))
        names: dict[str, int] = {}
        places = np.empty(len(codes), dtype=np.int64)
        for place, code in enumerate(codes):
            name = self._unit_of(code, lambda place=place: int(lines[np.flatnonzero(at == place)[0]]))
            places[place] = -1 if name is None else names.setdefault(name, len(names))
        unit = places[at] if len(codes) else np.empty(0, dtype=np.int64)
        self.left_out["no unit, or one not asked for"] += int((unit < 0).sum())
        return tuple(names), unit

    def _unit_of(self, code: str, line: Callable[[], int]) -> str | None:
        design = self.design
        code = code.strip()
        if code in NO_ANSWER:
            return None
        name = design.unit_names.get(written(code), design.unit_names.get(code))
        if name is None and not design.unit_names:
            name = code
        if name is not None and (not design.details or name in design.details):
            return name
        if design.others_dropped:
            return None
        raise Problem(f"unit '{code}' is not in the design", f"{self.path} line {line()}",
                      'Name it under [units] names or in the detail file, or write under [units]: others = "drop"')

    def _with_kind(self, block: pa.RecordBatch, names: tuple[str, ...], unit: np.ndarray, keep: np.ndarray,
                   lines: np.ndarray) -> np.ndarray:
        """Notes which kind each unit is; a respondent of no kind is left out, a unit of two kinds is refused."""
        if self.design.split_column is None:
            return keep
        codes, at = _distinct(block.column(self.design.split_column))
        told = np.array([code.strip() not in NO_ANSWER for code in codes] or [False])[at]
        keep = self._keep(keep, told, "kind of unit not said")
        for place in np.unique(unit[keep]):
            here = np.flatnonzero(keep & (unit == place))
            kind = self.kinds.setdefault(names[place], written(codes[at[here[0]]]))
            other = [row for row in here if written(codes[at[row]]) != kind]
            if other:
                raise Problem(f"unit '{names[place]}' is of two kinds", f"{self.path} line {lines[other[0]]}",
                              f"Each unit needs one value of '{self.design.split_column}'.")
        return keep

    def _check_dates(self, block: pa.RecordBatch, lines: np.ndarray, column: str, start: str | None,
                     end: str | None) -> None:
        codes, at = _distinct(block.column(column))
        for place, code in enumerate(codes):
            day = code.strip()[:10]
            if day in NO_ANSWER:
                continue
            line = int(lines[np.flatnonzero(at == place)[0]])
            try:
                date.fromisoformat(day)
            except ValueError:
                raise Problem(f"'{column}' does not hold a day", f"{self.path} line {line}",
                              "Write days as 2025-01-31.") from None
            if (start and day < start) or (end and day > end):
                raise Problem(f"'{column}' lies outside {start or '...'} to {end or '...'}", f"{self.path} line {line}",
                              "Leave the row out, or correct the days under [answers.dates].")

    def _answers(self, block: pa.RecordBatch, lines: np.ndarray, coded: Coded) -> np.ndarray:
        codes, at = _distinct(block.column(coded.column))
        values = np.array([self._decoded(coded, code, lambda place=place: int(lines[np.flatnonzero(at == place)[0]]))
                           for place, code in enumerate(codes)] or [math.nan])
        return values[at]

    def _decoded(self, coded: Coded, code: str, line: Callable[[], int]) -> float:
        known = self._codes.setdefault(coded.key, {})
        if code not in known:
            try:
                known[code] = answer_of(code, coded)
            except NotAllowed as wrong:
                raise Problem(
                    f"'{_shown(code)}' is no answer to {coded.key} (allowed: {wrong})", f"{self.path} line {line()}",
                    'Correct it; or, under its heading in DESIGN.toml, map it in values, list it in missing, or write '
                    'not_allowed = "missing" to take all such as not answered.') from None
        return known[code]

    def _answered_by(self, block: pa.RecordBatch, lines: np.ndarray) -> np.ndarray | None:
        column = self.design.answered_by_column
        if column is None:
            return None
        codes, at = _distinct(block.column(column))
        for place, code in enumerate(codes):
            if code.strip() not in ANSWERED_BY:
                raise Problem(f"'{column}' says neither {', '.join(ANSWERED_BY[:-1])} nor {ANSWERED_BY[-1]}",
                              f"{self.path} line {lines[np.flatnonzero(at == place)[0]]}",
                              "Say who answers: the patient, a proxy for the patient, or family for themselves.")
        return np.array([code.strip() for code in codes] or [""])[at]

    def _numbers(self, block: pa.RecordBatch, lines: np.ndarray, column: str | None) -> np.ndarray | None:
        if column is None:
            return None
        codes, at = _distinct(block.column(column))
        values = []
        for place, code in enumerate(codes):
            number = math.nan if code.strip() in NO_ANSWER else number_in(code.strip())
            if number is None:
                raise Problem(f"'{column}' does not hold a number", 
                              f"{self.path} line {lines[np.flatnonzero(at == place)[0]]}", "Write a number or nothing.")
            values.append(number)
        return np.array(values or [math.nan])[at]

    def _weights(self, block: pa.RecordBatch, lines: np.ndarray, column: str | None) -> np.ndarray | None:
        weights = self._numbers(block, lines, column)
        if weights is not None and (wrong := np.flatnonzero(weights < 0)).size:
            raise Problem(f"the weight in '{column}' is negative", f"{self.path} line {lines[wrong[0]]}",
                          "A weight is a number above 0; with 0 or nothing the respondent is left out.")
        return weights


@dataclass
class _SeenTwice:
    """Which respondent is there twice: told from the whole column, since the two may lie blocks apart."""

    ids: list[pa.Array] = field(default_factory=list)
    lines: list[pa.Array] = field(default_factory=list)

    def add(self, ids: pa.Array, lines: pa.Array) -> None:
        self.ids.append(ids)
        self.lines.append(lines)

    def first(self) -> tuple[int, int] | None:
        """The lines of the first respondent who is there twice; blank ids name nobody."""
        if not self.ids:
            return None
        table = pa.table({"id": pa.chunked_array(self.ids), "line": pa.chunked_array(self.lines)})
        table = table.filter(pc.not_equal(pc.utf8_trim_whitespace(table["id"]), ""))
        counted = table.group_by("id").aggregate([("line", "count"), ("line", "min"), ("line", "max")])
        twice = counted.filter(pc.greater(counted["line_count"], 1)).sort_by("line_min")
        return (twice["line_min"][0].as_py(), twice["line_max"][0].as_py()) if twice.num_rows else None


def _distinct(column: pa.Array) -> tuple[list[str], np.ndarray]:
    """The different texts of a column, and where each row's stands among them."""
    encoded = column.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _shown(code: str) -> str:
    """A code, short enough for a message: no free text is repeated."""
    return code if len(code) <= 12 else "a longer text"
