"""Cuts a stream of bytes into numbered lines, in blocks and runs of bounded size."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO, Any

from twohats.store.strict import LONGEST

BLOCK = 1024 * 1024
"""Bytes read at a time: what is cut, parsed and hashed while it is still in the processor's cache."""
MOST_LINES = 10_000
"""Lines in one run; a line of two bytes costs as much memory as one of two thousand."""
BOM = b"\xef\xbb\xbf"

Line = tuple[int, int, bytes]
"""Number from 1, byte offset in the (unpacked) file, bytes without the line end."""

KeepWhole = Callable[[int], AbstractContextManager[Any]]
"""Opens, by the line's number, something to write an overlong line to."""


@dataclass(frozen=True)
class Block:
    """Lines without their ends, and where the first of them stands."""

    number: int
    offset: int
    lines: list[bytes]


def blocks_of(stream: IO[bytes], keep_whole: KeepWhole | None = None) -> Iterator[Block]:
    """Blocks of whole lines. Of a line longer than what is allowed only so much is held that it is known to be too
    long; the whole of it goes to `keep_whole`."""
    number, offset, rest = 1, 0, b""
    start = stream.read(3)
    if start == BOM:
        offset, start = 3, b""
    while block := start + stream.read(BLOCK - len(start)):
        start = b""
        lines = block.split(b"\n")
        lines[0] = rest + lines[0]
        rest = lines.pop()
        if lines:
            yield Block(number, offset, lines)
            number += len(lines)
            offset += sum(map(len, lines)) + len(lines)
        if len(rest) > LONGEST:
            with keep_whole(number) if keep_whole else nullcontext() as whole:
                length, ended = _to_its_end(stream, rest, whole)
            yield Block(number, offset, [rest])
            number, offset, rest = number + ended, offset + length, b""
    if rest:
        yield Block(number, offset, [rest])


def _to_its_end(stream: IO[bytes], begun: bytes, whole: Any) -> tuple[int, bool]:
    """Reads an overlong line to its end and writes it away; its length with the line end, and whether it has one."""
    length = len(begun)
    if whole:
        whole.write(begun)
    while part := stream.readline(BLOCK):
        length += len(part)
        if whole:
            whole.write(part.removesuffix(b"\n"))
        if part.endswith(b"\n"):
            return length, True
    return length, False


def lines_of(block: Block) -> Iterator[list[Line]]:
    """The lines of a block with their places, in runs."""
    offsets = itertools.accumulate(map(len, block.lines), lambda at, length: at + length + 1, initial=block.offset)
    numbered = zip(itertools.count(block.number), offsets, block.lines, strict=False)
    while run := list(itertools.islice(numbered, MOST_LINES)):
        yield run


def runs_of_lines(stream: IO[bytes], keep_whole: KeepWhole | None = None) -> Iterator[list[Line]]:
    """The lines of a stream, in runs."""
    for block in blocks_of(stream, keep_whole):
        yield from lines_of(block)
