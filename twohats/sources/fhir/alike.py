"""Lines that differ from one another in nothing but the words and numbers that are their values.

Systems write the same few forms of a resource millions of times. The form of a line is all its bytes but those of its
values in quotation marks and of its plain numbers. A line of a form that the strict parser and the judge would take,
without a backslash or a control character and in good UTF-8, is the same JSON but for those values: no key stands
twice, nothing has another type, is deeper or new. It need not be parsed; its values are cut out where they stand, many
lines at a time. What depends on them (ids, instants, periods, versions) is judged afterwards, as for every line.
Whatever is not alike goes to the judge: this decides how fast a line is taken, never whether.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from twohats.store import strict
from twohats.store.landings_aside import BY_NAME

from ..lines import Block, Line, in_runs
from ..reasons import Refused
from .arrays import NUMBERS, Arrays, stored_as
from .columns import references_along, searched, take_of, taken
from .elements import elements, fits
from .judge import IDENTITY, Judged, table_of

MOST_FORMS = 256
"""Forms remembered; one more, and all are forgotten, so that a hostile file cannot fill memory."""
MOST_OF_A_COUNT = 8
"""Forms remembered with the same number of quotation marks, the newest: every line with as many is held to each."""
LONGEST_FORM = 32 * 1024
"""Bytes of a line whose form is worth remembering."""
MOST_LINES = 100_000
"""Lines of a block that are looked at together; blocks of shorter lines are left to the judge."""
LEARNT_OF_A_BLOCK = 16
WORTH_LOOKING = (20_000, 0.2)
"""Of so many lines that share must have been alike, or the rest of a file is left to the judge."""
WORTH_LEARNING = 20
"""Lines that each new form must take, or no more are learnt of a block: so many cost the judge as much as learning."""
WHOLE, DECIMAL = r"(?:0|-?[1-9][0-9]{0,14})", r"-?(?:0|[1-9][0-9]{0,9})\.(?:[0-9]{0,3}[1-9]|0)"
"""Numbers that are written again as they stand."""
_ONE_NUMBER = re.compile(rf"([^-0-9]*)(?:({WHOLE})|({DECIMAL}))([^-+.0-9]*)".encode())
_QUOTE, _BACKSLASH, _LINE_END, _SPACE = b'"\\\n '

Places = np.ndarray[Any, np.dtype[np.int64]]
"""Byte offsets, or numbers of lines or marks, in a block."""
Edges = np.ndarray[Any, np.dtype[np.int32]]
"""Byte offsets as Arrow keeps them."""
Marked = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Cut:
    """A block's text and where its lines and their quotation marks stand."""

    text: bytes
    begins: Places
    ends: Places
    quotes: Places
    """Every quotation mark of the block."""
    first: Places
    """For each line the number of its first mark in `quotes`."""
    marks: Places
    """For each line how many marks it has; 0 for a line that only the judge can read."""

    @staticmethod
    def of(text: bytes) -> "Cut | None":
        """None for text that is no UTF-8 or has too many lines."""
        octets = np.frombuffer(text, np.uint8)
        line_ends = np.flatnonzero(octets == _LINE_END)
        if len(line_ends) > MOST_LINES or not _is_utf8(text):
            return None
        begins, ends = np.append(0, line_ends + 1), np.append(line_ends, len(text))
        quotes = np.flatnonzero(octets == _QUOTE)
        bounds = np.searchsorted(quotes, np.append(begins, len(text)))
        marks = np.diff(bounds)
        if b"\\" in text or np.count_nonzero(octets < _SPACE) > len(line_ends):
            strange = np.flatnonzero((octets == _BACKSLASH) | (octets < _SPACE) & (octets != _LINE_END))
            marks[np.searchsorted(begins, strange, side="right") - 1] = 0
        return Cut(text, begins, ends, quotes, bounds[:-1], marks)

    def column(self, lines: Places, begins: Edges, ends: Edges) -> pa.Array:
        """A column of these lines from where its texts begin and end; null where that is -1."""
        absent = begins < 0
        if absent.all():
            return pa.nulls(len(lines), pa.string())
        if not absent.any():
            return self.strings(begins, ends)
        nowhere = self.begins[lines]
        return self.strings(np.where(absent, nowhere, begins), np.where(absent, nowhere, ends), absent)

    def strings(self, begins: Places | Edges, ends: Places | Edges, absent: Marked | None = None) -> pa.Array:
        """The texts between these places, which never go back; null where absent."""
        edges = np.empty((len(begins), 2), np.int32)
        edges[:, 0], edges[:, 1] = begins, ends
        return self.texts_between(edges, absent)

    def texts_between(self, edges: Edges, absent: Marked | None = None) -> pa.Array:
        """The same where begins and ends stand by turns."""
        offsets = edges.reshape(-1)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(self.text)]
        texts_and_gaps = pa.Array.from_buffers(pa.string(), max(len(offsets) - 1, 0), buffers)
        return texts_and_gaps.take(pa.array(np.arange(0, len(offsets), 2), mask=absent))


def _is_utf8(text: bytes) -> bool:
    try:
        return text.isascii() or bool(text.decode())
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True)
class Span:
    """A free value of a line: a word between two quotation marks, or a number among what stands between two."""

    mark: int
    """The quotation mark before it, counted from 0 in its line."""
    after: int
    """Bytes between that mark and the value."""
    before: int
    """Bytes between the value and the next mark."""
    begin: int
    """Where the value begins in the line it was learnt from."""
    end: int
    kind: str = ""
    """The pattern that a number must keep to; empty for a word."""


@dataclass(frozen=True)
class Form:
    """What lines that are alike have in common, and which of their values the table takes."""

    table: str
    marks: Places
    after: Places
    before: Places
    """Of every free value what its Span tells."""
    lengths: Places
    """Bytes of the fixed text before each free value, and of that after the last."""
    fixed: bytes
    """All the fixed text of a line, end to end."""
    numbers: dict[str, Places]
    """Pattern of a number → the free values that must keep to it."""
    columns: Places
    """Which free value each of the table's `taken` columns has; -1 for none."""
    told: dict[int, Any]
    """Columns whose value stands in the form itself: what a resource is, a number, true, false."""
    patients: dict[int, tuple[int, ...]]
    """Columns that have the first of these words that refers to a patient."""
    moments: Places
    """Which free values are instants inside arrays."""

    def among(self, cut: Cut, lines: Places) -> "Alike":
        """Those of the lines (all with as many marks as this form) that are of this form."""
        marks = cut.first[lines][:, None] + self.marks
        edges = np.empty((len(lines), 2 * len(self.marks) + 2), np.int32)
        edges[:, 0], edges[:, -1] = cut.begins[lines], cut.ends[lines]
        np.add(cut.quotes[marks], self.after, out=edges[:, 1:-1:2], casting="unsafe")
        np.subtract(cut.quotes[marks + 1], self.before, out=edges[:, 2:-1:2], casting="unsafe")
        fit = (edges[:, 1::2] - edges[:, ::2] == self.lengths).all(axis=1)
        for numbers in self.numbers.values():
            fit &= (edges[:, 2 * numbers + 1] <= edges[:, 2 * numbers + 2]).all(axis=1)
        if not fit.all():
            lines, edges = lines[fit], edges[fit]
        found = cut.texts_between(edges).buffers()[2]
        octets = np.frombuffer(found or b"", np.uint8, len(lines) * len(self.fixed)).reshape(-1, len(self.fixed))
        same = (octets == np.frombuffer(self.fixed, np.uint8)).all(axis=1)
        if not same.all():
            lines, edges = lines[same], edges[same]
        alike = Alike(self, lines, edges[:, 1:-1:2], edges[:, 2:-1:2])
        for pattern, numbers in self.numbers.items():
            alike = alike.with_numbers(cut, numbers, pattern)
        return alike


@dataclass(frozen=True)
class Alike:
    """Lines of a block that are of one form, and where their free values begin and end (lines x values)."""

    form: Form
    lines: Places
    begins: Edges
    ends: Edges

    def with_numbers(self, cut: Cut, numbers: Places, pattern: str) -> "Alike":
        """The lines in which these values are numbers of this pattern."""
        texts = cut.strings(self.begins[:, numbers].reshape(-1), self.ends[:, numbers].reshape(-1))
        found = pc.match_substring_regex(texts, f"^{pattern}$").to_numpy(zero_copy_only=False)
        kept = found.reshape(-1, len(numbers)).all(axis=1)
        return self if kept.all() else Alike(self.form, self.lines[kept], self.begins[kept], self.ends[kept])

    def columns(self, cut: Cut) -> tuple[Edges, Edges]:
        """Where the table's columns begin and end (lines x columns); -1 where they are absent."""
        begins, ends = self.begins[:, self.form.columns], self.ends[:, self.form.columns]
        begins[:, self.form.columns < 0] = -1
        for number, words in self.form.patients.items():
            for word in reversed(words):
                text = cut.strings(self.begins[:, word], self.ends[:, word])
                named = pc.or_(pc.starts_with(text, "Patient/"), pc.match_substring(text, "/Patient/"))
                is_patient = named.to_numpy(zero_copy_only=False)
                begins[is_patient, number] = self.begins[is_patient, word]
                ends[is_patient, number] = self.ends[is_patient, word]
        return begins, ends

    def moments(self, cut: Cut) -> pa.Array:
        """The instants inside arrays, each once."""
        these = self.form.moments
        return pc.unique(cut.strings(self.begins[:, these].reshape(-1), self.ends[:, these].reshape(-1)))


def form_of(line: bytes) -> Form | None:
    """The form of a line; None where lines like it must be judged one by one."""
    (value, canonical), = strict.values_of([line])
    if canonical != line or type(value) is not dict or b"\\" in line:
        return None
    name = value.get("resourceType")
    expected = elements().get(name, {}) if type(name) is str else {}
    if not expected or type(value.get("id")) is not str:
        return None
    if not all(fits(key, expected, part) for key, part in value.items()):
        return None
    spans = _spans(line)
    del spans[int(_numbered(line, spans)["resourceType"]) - _FIRST]  # what a resource is belongs to its form
    numbered, table, moments = _numbered(line, spans), table_of(value["resourceType"]), list[str]()
    try:
        found = take_of(table)(numbered, moments.append)
    except Refused:
        return None
    shifted = take_of(table)(_numbered(line, spans, 2 * _FIRST), lambda moment: None)
    columns = [int(float(one)) - _FIRST if one != other else -1 for one, other in zip(found, shifted, strict=True)]
    begins, ends = [0, *(span.end for span in spans)], [*(span.begin for span in spans), len(line)]
    fixed = [line[begin:end] for begin, end in zip(begins, ends, strict=True)]
    kinds = {span.kind for span in spans if span.kind}
    return Form(
        table.name,
        marks=np.array([span.mark for span in spans]),
        after=np.array([span.after for span in spans]),
        before=np.array([span.before for span in spans]),
        lengths=np.array([len(text) for text in fixed]), fixed=b"".join(fixed),
        numbers={kind: np.array([at for at, span in enumerate(spans) if span.kind == kind]) for kind in kinds},
        columns=np.array(columns),
        told={at: one for at, one in enumerate(found) if columns[at] < 0 and one is not None},
        patients={
            at: tuple(int(reference) - _FIRST for reference in references_along(numbered, path))
            for at, column in enumerate(taken(table)) if (path := searched(column))
        },
        moments=np.array(sorted({int(moment) - _FIRST for moment in moments}), np.int64),
    )


_FIRST = 1_000_000


def _spans(line: bytes) -> list[Span]:
    """The free values of a canonical line without backslashes."""
    spans, offset, parts = [], 0, line.split(b'"')
    for at, part in enumerate(parts[:-1]):
        end = offset + len(part)
        if at % 2:
            if not parts[at + 1].startswith(b":"):
                spans.append(Span(at - 1, 1, 0, offset, end))
        elif at and (found := _ONE_NUMBER.fullmatch(part)):
            begin, stop = found.start(4) - len(found[2] or found[3]), found.start(4)
            spans.append(Span(at - 1, 1 + begin, len(part) - stop, offset + begin, offset + stop,
                              WHOLE if found[2] else DECIMAL))
        offset = end + 1
    return spans


def _numbered(line: bytes, spans: list[Span], first: int = _FIRST) -> dict[str, Any]:
    """The line's value with its free values replaced by their place among them and `first`: what is another with
    another `first` is free."""
    pieces, end = [], 0
    for at, span in enumerate(spans):
        pieces += [line[end : span.begin], f"{first + at}{'.5' if span.kind == DECIMAL else ''}".encode()]
        end = span.end
    value: dict[str, Any] = orjson.loads(b"".join([*pieces, line[end:]]))
    return value


class Forms:
    """The forms known so far, by the number of quotation marks of their lines."""

    def __init__(self) -> None:
        self._known: dict[int, list[Form]] = {}
        self._lines = self._alike = 0

    def take(self, block: Block, judged: Judged) -> Iterator[list[Line]]:
        """Takes from a block all lines of known forms into `judged`; returns those left for the judge, in runs.

        Forms are learnt from some of the lines that are of none.
        """
        cut = Cut.of(block.text) if self._is_worth_looking() else None
        if cut is None:
            return block.runs()
        found, left = self._sorted(cut, np.flatnonzero(cut.marks))
        while new := self._learn(cut, left):
            more, left = self._sorted(cut, left)
            found += more
            if sum(len(one.lines) for one in more) < WORTH_LEARNING * new:
                break
        taken_lines = [np.empty(0, np.int64)]
        for table in {one.form.table for one in found}:
            lines, arrays = _gathered(table, [one for one in found if one.form.table == table], cut, block)
            judged.add_alike(table, arrays)
            taken_lines.append(lines)
        is_left = np.ones(len(cut.begins), np.bool_)
        is_left[np.concatenate(taken_lines)] = False
        left = np.flatnonzero(is_left)
        self._lines += len(is_left)
        self._alike += len(is_left) - len(left)
        places = zip(left.tolist(), cut.begins[left].tolist(), cut.ends[left].tolist(), strict=True)
        return in_runs((block.number + at, block.offset + begin, cut.text[begin:end]) for at, begin, end in places)

    def _is_worth_looking(self) -> bool:
        lines, share = WORTH_LOOKING
        return self._lines < lines or self._alike > share * self._lines

    def _sorted(self, cut: Cut, lines: Places) -> tuple[list[Alike], Places]:
        """The lines by known form, and those that are of none."""
        found, left = [], [np.empty(0, np.int64)]
        marks_of = cut.marks[lines]
        for marks in np.unique(marks_of).tolist():
            these = lines[marks_of == marks]
            for form in self._known.get(marks, ()):
                alike = form.among(cut, these)
                if len(alike.lines):
                    found.append(alike)
                    these = np.setdiff1d(these, alike.lines, assume_unique=True)
                if not len(these):
                    break
            left.append(these)
        return found, np.concatenate(left)

    def _learn(self, cut: Cut, lines: Places) -> int:
        """Remembers the forms of some lines, of those with the commonest numbers of marks; how many."""
        learnt = 0
        for marks, _ in Counter(cut.marks[lines].tolist()).most_common(LEARNT_OF_A_BLOCK):
            line = lines[np.argmax(cut.marks[lines] == marks)]
            text = cut.text[cut.begins[line] : cut.ends[line]]
            form = form_of(text) if len(text) <= LONGEST_FORM else None
            if form:
                if sum(map(len, self._known.values())) >= MOST_FORMS:
                    self._known.clear()
                self._known[marks] = [form, *self._known.get(marks, ())][:MOST_OF_A_COUNT]
                learnt += 1
        return learnt


def _gathered(name: str, found: list[Alike], cut: Cut, block: Block) -> tuple[Places, Arrays]:
    """The lines of one table whose ids are ids: which of the block they are, and what lands of them."""
    table = BY_NAME[name]
    lines = np.concatenate([one.lines for one in found])
    order = np.argsort(lines)
    lines = lines[order]
    begins, ends = (np.concatenate(places)[order] for places in zip(*(one.columns(cut) for one in found), strict=True))
    identity = next(number for number, column in enumerate(taken(table)) if column.name == "id")
    named = pc.match_substring_regex(cut.strings(begins[:, identity], ends[:, identity]), f"^{IDENTITY}$")
    if not pc.all(named).as_py():
        kept = named.to_numpy(zero_copy_only=False)
        lines, order, begins, ends = lines[kept], order[kept], begins[kept], ends[kept]
    values = []
    for number, column in enumerate(taken(table)):
        texts = cut.column(lines, begins[:, number], ends[:, number])
        if column.kind in NUMBERS:
            texts = texts.cast(stored_as(column.kind))
        if any(number in one.form.told for one in found):
            told = [one.form.told.get(number) for one in found for _ in one.lines]
            texts = pc.coalesce(pa.array(told, stored_as(column.kind)).take(pa.array(order)), texts)
        values.append(texts)
    offsets = pa.array(block.offset + cut.begins[lines])
    return lines, Arrays(
        raw=pa.chunked_array([cut.strings(cut.begins[lines], cut.ends[lines])]),
        line=pa.array(block.number + lines),
        offset_bytes=offsets,
        order=offsets,
        content_hash=_hashes(cut, lines),
        deleted=pa.repeat(pa.scalar(False), len(lines)),
        values=tuple(values),
        moments=pa.concat_arrays([one.moments(cut) for one in found]),
    )


def _hashes(cut: Cut, lines: Places) -> pa.Array:
    """SHA-256 (hex) of every line."""
    begins, ends = cut.begins[lines].tolist(), cut.ends[lines].tolist()
    text = memoryview(cut.text)
    digests = [hashlib.sha256(text[begin:end]).digest() for begin, end in zip(begins, ends, strict=True)]
    written = b"".join(digests).hex().encode()
    offsets = np.arange(len(lines) + 1, dtype=np.int32) * 64
    return pa.Array.from_buffers(pa.string(), len(lines), [None, pa.py_buffer(offsets), pa.py_buffer(written)])
