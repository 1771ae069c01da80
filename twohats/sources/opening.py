"""Opens what was delivered: plain files, .gz, .zip and folders, by content, as streams that bombs cannot swell.

What cannot be opened is delivered too: opening it raises the Problem that says why, so that one broken archive costs
none of the files beside it and nothing is passed over without a word.
"""

import gzip
import hashlib
import io
import os
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, cast

from twohats.words.problems import Problem

MOST_PACKED = 200
"""A packed file may grow to this many times its size; past SMALL bytes more is taken for a bomb."""
SMALL = 1024 * 1024
MOST_MEMBERS = 10_000
_HEAD = 1 << 16
_HIDDEN = (".", "__MACOSX")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others are rare, and Python's readers of them hold whatever a block grows to."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, IndexError, OverflowError
)
"""What Python's readers raise over a broken archive."""
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NOT_OPENED = (
    (0, _GZIP, "gzip inside gzip"),
    *((0, magic, "an archive inside another") for magic in _ZIP),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"(\xb5/\xfd", "zstd"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet or another document"),
    (4, b"1AY&SY", "bzip2"),
    (257, b"ustar", "tar"),
)


@dataclass(frozen=True)
class Delivered:
    """One file to land: its name as delivered, the hash of what was delivered, and how to read its bytes.

    `open` raises Problem for what cannot be opened.
    """

    name: str
    content_hash: str
    size: int
    open: Callable[[], IO[bytes]]
    plain: Path | None = None
    """Where the same bytes lie on the disk, for what is not packed."""


def delivered(paths: list[Path]) -> Iterator[Delivered]:
    """Every file under the paths, folders and archives opened, in the order of their names."""
    for path in paths:
        if not path.exists():
            raise Problem("there is no such file or folder", str(path), "Check the path and run the command again.")
    for path in paths:
        yield from _files_under(path) if path.is_dir() else _opened(path, _printable(path.name))


def _files_under(folder: Path) -> Iterator[Delivered]:
    unread: list[OSError] = []
    found = sorted(
        Path(place) / name
        for place, folders, files in os.walk(folder, onerror=unread.append)
        for name in [*files, *(one for one in folders if (Path(place) / one).is_symlink())]
    )
    if all(file.name.startswith(".") for file in found):
        yield _unusable(_printable(folder.name or str(folder)), "the folder holds no file", "Name the one that does.")
    for error in unread:
        yield _unreadable(_printable(str(Path(error.filename).relative_to(folder))), error)
    for file in found:
        name = _printable(str(file.relative_to(folder)))
        yield from [_hidden(name)] if file.name.startswith(".") else _opened(file, name)


def _opened(file: Path, name: str) -> Iterator[Delivered]:
    if not file.is_file():
        yield _unusable(name, "this is neither a file nor a folder", "Write what it gives to a file and take that in.")
        return
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            magic = stream.read(4)
            stream.seek(0)
            content_hash = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        yield _unreadable(name, error)
        return
    if magic.startswith(_GZIP):
        grown = _Growth(size)
        yield Delivered(name, content_hash, size, lambda: _gunzipped(file.open("rb"), name, grown, 0))
    elif magic in _ZIP:
        yield from _members(file, name, content_hash, size)
    else:
        yield Delivered(name, content_hash, size, lambda: _readable(file.open("rb", _HEAD), name), file)


# ---- archives -----------------------------------------------------------------------------------------------

def _members(file: Path, name: str, content_hash: str, size: int) -> Iterator[Delivered]:
    try:
        archive = zipfile.ZipFile(file)  # read once: its members hold on to it, and it closes with the last of them
        members = [one for one in archive.infolist() if not one.is_dir() or one.file_size]
    except _BROKEN:
        yield _unusable(name, "the archive is broken or cut off", "Make it again and deliver it whole.")
        return
    total = sum(one.file_size for one in members)
    if total > SMALL and total > MOST_PACKED * size:
        yield _unusable(name, *_BOMB)
    elif len(members) > MOST_MEMBERS:
        yield _unusable(name, f"it holds more than {MOST_MEMBERS:,} files", "Pack them into several archives.")
    elif any(one.filename == "[Content_Types].xml" for one in members):
        yield _packed_otherwise(name, "a spreadsheet or another document")
    else:
        if all(_is_hidden(one) for one in members):
            yield _unusable(name, "the archive holds no file", "Make it again and deliver it whole.")
        grown = _Growth(size)
        again: Counter[str] = Counter()
        for number, one in enumerate(members):
            place = f"{content_hash}/{one.filename}" + (f"#{again[one.filename]}" if again[one.filename] else "")
            again[one.filename] += 1
            yield _member(archive, one, f"{name}/{_printable(one.filename)}", place, grown, number)


def _member(
    archive: zipfile.ZipFile, one: zipfile.ZipInfo, name: str, place: str, grown: "_Growth", number: int
) -> Delivered:
    if _leads_out(one.filename):
        return _unusable(
            name, "its name leads out of the archive, which no export does", "Ask the sender what this archive is."
        )
    if _is_hidden(one):
        return _hidden(name)
    if one.flag_bits & 1:
        return _unusable(name, "the archive is locked by a password", "Deliver it without a password.")
    if one.compress_type not in _METHODS:
        return _packed_otherwise(name, f"zip method {one.compress_type}")
    content = hashlib.sha256(place.encode()).hexdigest()
    return Delivered(name, content, one.file_size, lambda: _unzipped(archive, one, name, grown, number))


def _unzipped(
    archive: zipfile.ZipFile, one: zipfile.ZipInfo, name: str, grown: "_Growth", number: int
) -> IO[bytes]:
    grown.check(name)
    with _broken_is_told(name):
        packed = _buffered(_Watched(archive.open(one), name))
    if packed.peek(2)[:2] == _GZIP:
        return _gunzipped(packed, name, grown, number)
    return _readable(_buffered(_Watched(packed, name, lambda seen: grown.to(number, seen, name))), name)


def _gunzipped(packed: IO[bytes], name: str, grown: "_Growth", number: int) -> IO[bytes]:
    unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=packed))
    return _readable(
        _buffered(_Watched(unpacked, name, lambda seen: grown.to(number, seen, name), also=packed)), name
    )


def _leads_out(member: str) -> bool:
    """True for a member that a careless unpacker would write outside its folder."""
    path = PureWindowsPath(member)  # knows both kinds of slash
    return bool(path.anchor) or ".." in path.parts


def _is_hidden(one: zipfile.ZipInfo) -> bool:
    return any(part.startswith(_HIDDEN) for part in PurePosixPath(one.filename).parts)


# ---- what cannot be taken -----------------------------------------------------------------------------------

_BOMB = (
    f"it unpacks to more than {MOST_PACKED} times its size, which no export does",
    "Nothing of it was taken. Unpack it yourself if you trust it, and take in the unpacked file.",
)


def _unusable(name: str, what: str, try_this: str) -> Delivered:
    def told() -> IO[bytes]:
        raise Problem(what, name, try_this)

    return Delivered(name, hashlib.sha256(f"{name}: {what}".encode()).hexdigest(), 0, told)


def _hidden(name: str) -> Delivered:
    return _unusable(
        name, "this is neither FHIR nor a feed but a hidden file, left aside", "Rename it if it holds what you deliver."
    )


def _unreadable(name: str, error: OSError) -> Delivered:
    return _unusable(name, f"it cannot be read: {error.strerror}", "Give this user the right to read it.")


def _packed_otherwise(name: str, how: str) -> Delivered:
    return _unusable(name, *_not_opened(how))


def _not_opened(how: str) -> tuple[str, str]:
    return (
        f"it is packed in a way that is not opened here ({how})",
        "Save spreadsheets as CSV in UTF-8; unpack anything else, or pack it as .gz or .zip.",
    )


def _printable(name: str) -> str:
    """A name as it can be written in reports and to a terminal, whatever bytes it is made of."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in name)


@contextmanager
def _broken_is_told(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as broken:
        raise Problem("the packed file is broken or cut off", name, "Deliver it again, whole.") from broken


# ---- streams ------------------------------------------------------------------------------------------------

def _buffered(stream: "_Watched") -> io.BufferedReader:
    return io.BufferedReader(stream, 1 << 20)


def _readable(stream: IO[bytes], name: str) -> IO[bytes]:
    """The stream itself if it holds lines; Problem where it is packed once more.

    Where lines end in a carriage return alone, as old Macintosh programs write them, they end in a line feed here:
    every byte keeps its place.
    """
    head = cast(io.BufferedReader, stream).peek(_HEAD)[:_HEAD]
    for place, magic, how in _NOT_OPENED:
        if head.startswith(magic, place):
            stream.close()
            what, try_this = _not_opened(how)
            raise Problem(what, name, try_this)
    if b"\r" in head and b"\n" not in head:
        return io.BufferedReader(_LineFeeds(stream), 1 << 20)
    return stream


class _Growth:
    """How far what was delivered has grown, all its members together."""

    def __init__(self, packed: int) -> None:
        self._allowed = max(SMALL, MOST_PACKED * packed)
        self._seen: Counter[int] = Counter()
        self._total = 0

    def to(self, member: int, seen: int, name: str) -> None:
        """A member has given so many bytes; a second reading of the same bytes is no growth."""
        self._total += max(0, seen - self._seen[member])
        self._seen[member] = max(seen, self._seen[member])
        self.check(name)

    def check(self, name: str) -> None:
        """Raises Problem once too much has been given, without unpacking more."""
        if self._total > self._allowed:
            raise Problem(_BOMB[0], name, _BOMB[1])


class _Watched(io.RawIOBase):
    """A stream that tells what is broken in words, and how far it has grown. Closes what it was made from."""

    def __init__(
        self, stream: IO[bytes], name: str, grown: Callable[[int], None] = lambda seen: None,
        also: IO[bytes] | None = None,
    ) -> None:
        self._stream, self._name, self._grown, self._also, self._seen = stream, name, grown, also, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with _broken_is_told(self._name):
            data = self._stream.read(len(buffer))
        self._seen += len(data)
        self._grown(self._seen)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            if self._also is not None:
                self._also.close()
        super().close()


class _LineFeeds(io.RawIOBase):
    """A stream with a line feed for every carriage return."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
