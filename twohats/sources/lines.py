"""Cuts a stream of bytes into numbered lines, in runs of bounded size."""

import itertools
from collections.abc import Iterator
from typing import IO

from .strict import LONGEST

CHUNK = 16 * 1024 * 1024
BOM = b"\xef\xbb\xbf"

Line = tuple[int, int, bytes]
"""Number from 1, byte offset in the (unpacked) file, bytes without the line end."""


def runs_of_lines(stream: IO[bytes]) -> Iterator[list[Line]]:
    """Numbered lines (number, byte offset, bytes without line end) in runs of some CHUNK bytes.

    Of a line longer than what is allowed only so much is held that it is known to be too long.
    """
    number, offset, rest = 1, 0, b""
    start = stream.read(3)
    if start == BOM:
        offset, start = 3, b""
    while True:
        block = stream.read(CHUNK)
        if not block and not start:
            break
        data, start = rest + start + block, b""
        *lines, rest = data.split(b"\n")
        if len(rest) > LONGEST:
            rest, skipped = _skip_line(stream, rest)
            lines.append(rest)
            number, offset, run = _numbered(lines, number, offset)
            offset += skipped
            rest = b""
        else:
            number, offset, run = _numbered(lines, number, offset)
        if run:
            yield run
    if rest:
        yield [(number, offset, rest)]


def _numbered(lines: list[bytes], number: int, offset: int) -> tuple[int, int, list[Line]]:
    offsets = list(itertools.accumulate((len(line) + 1 for line in lines), initial=offset))
    return number + len(lines), offsets[-1], list(zip(itertools.count(number), offsets, lines, strict=False))


def _skip_line(stream: IO[bytes], line: bytes) -> tuple[bytes, int]:
    """Reads to the end of an overlong line; returns the part that is kept and how many bytes were passed over."""
    skipped = 0
    while block := stream.readline(CHUNK):
        skipped += len(block)
        if block.endswith(b"\n"):
            return line, skipped - 1
    return line, skipped
