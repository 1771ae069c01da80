"""Cuts a stream of bytes into numbered lines, in blocks and runs of bounded size."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from twohats.store.strict import LONGEST

BLOCK = 8 * 1024 * 1024
"""Bytes read at a time: enough lines of each form to be worth taking together, and still near the processor."""
MOST_LINES = 10_000
"""Lines in one run; a line of two bytes costs as much memory as one of two thousand."""
BOM = b"\xef\xbb\xbf"
(_LINE_END,) = b"\n"

Line = tuple[int, int, bytes]
"""Number from 1, byte offset in the (unpacked) file, bytes without the line end."""

KeepWhole = Callable[[int], AbstractContextManager[Any]]
"""Opens, by the line's number, something to write an overlong line to."""


@dataclass(frozen=True)
class Block:
    """Whole lines, the end of the last one left out, and where the first of them stands."""

    number: int
    offset: int
    text: bytes

    def runs(self) -> Iterator[list[Line]]:
        """All its lines with their places, so many at a time as are judged together."""
        lines = self.text.split(b"\n")
        offsets = itertools.accumulate(map(len, lines), lambda at, length: at + length + 1, initial=self.offset)
        return in_runs(zip(itertools.count(self.number), offsets, lines, strict=False))


def blocks_of(stream: IO[bytes], keep_whole: KeepWhole | None = None) -> Iterator[Block]:
    """Blocks of whole lines. Of a line longer than what is allowed only so much is held that it is known to be too
    long; the whole of it goes to `keep_whole`."""
    number, offset, rest = 1, 0, b""
    ahead = stream.read(len(BOM))
    if ahead == BOM:
        offset, ahead = len(BOM), b""
    while block := ahead + stream.read(BLOCK - len(ahead)):
        ahead = b""
        first, last = block.find(b"\n"), block.rfind(b"\n")
        if len(rest) + (len(block) if first < 0 else first) > LONGEST:
            begun, ahead = rest + block[: first + 1 or None], block[first + 1 :] if first >= 0 else b""
            with keep_whole(number) if keep_whole else nullcontext() as whole:
                length, ended = _to_its_end(stream, begun, whole)
            yield Block(number, offset, begun.removesuffix(b"\n"))
            number, offset, rest = number + ended, offset + length, b""
        elif last < 0:
            rest += block
        else:
            text = b"".join((rest, memoryview(block)[:last]))
            yield Block(number, offset, text)
            number += int(np.count_nonzero(np.frombuffer(text, np.uint8) == _LINE_END)) + 1
            offset, rest = offset + len(text) + 1, block[last + 1 :]
    if rest:
        yield Block(number, offset, rest)


def _to_its_end(stream: IO[bytes], begun: bytes, whole: Any) -> tuple[int, bool]:
    """Reads an overlong line to its end and writes it away; its length with the line end, and whether it has one."""
    length, part = len(begun), begun
    while part:
        if whole:
            whole.write(part.removesuffix(b"\n"))
        if part.endswith(b"\n"):
            return length, True
        part = stream.readline(BLOCK)
        length += len(part)
    return length, False


def in_runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines, so many at a time as are judged together."""
    rest = iter(lines)
    while run := list(itertools.islice(rest, MOST_LINES)):
        yield run


def runs_of_lines(stream: IO[bytes], keep_whole: KeepWhole | None = None) -> Iterator[list[Line]]:
    """The lines of a stream, in runs."""
    for block in blocks_of(stream, keep_whole):
        yield from block.runs()
