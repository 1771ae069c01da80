"""Opens what was delivered: plain files, .gz, .zip and folders, by content, as streams that bombs cannot swell."""

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from twohats.words.problems import Problem

MOST_PACKED = 200
"""A packed file may grow to this many times its size; past SMALL bytes more is taken for a bomb."""
SMALL = 64 * 1024 * 1024
MOST_MEMBERS = 10_000
_SKIPPED_NAMES = ("__MACOSX", ".")


@dataclass(frozen=True)
class Delivered:
    """One file to land: its name as delivered, the hash of what was delivered, and how to read its bytes."""

    name: str
    content_hash: str
    size: int
    open: Callable[[], IO[bytes]]


def delivered(paths: list[Path]) -> Iterator[Delivered]:
    """Every file under the paths, folders and archives opened, in the order of their names."""
    for path in paths:
        if not path.exists():
            raise Problem("there is no such file or folder", str(path), "Check the path and run the command again.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not file.name.startswith("."):
                yield from _opened(file, str(file.relative_to(path)) if path.is_dir() else file.name)


def _opened(file: Path, name: str) -> Iterator[Delivered]:
    size = file.stat().st_size
    with file.open("rb") as stream:
        magic = stream.read(4)
        stream.seek(0)
        content_hash = hashlib.file_digest(stream, "sha256").hexdigest()
    if magic.startswith(b"\x1f\x8b"):
        yield Delivered(name, content_hash, size, lambda: _unpacked(file.open("rb"), size, name))
    elif magic == b"PK\x03\x04" or magic == b"PK\x05\x06":
        yield from _members(file, name, content_hash, size)
    else:
        yield Delivered(name, content_hash, size, lambda: file.open("rb"))


def _members(file: Path, name: str, content_hash: str, size: int) -> Iterator[Delivered]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Problem("the archive is broken", name, "Make it again and deliver it whole.") from None
    total = sum(one.file_size for one in members)
    if len(members) > MOST_MEMBERS or (total > SMALL and total > MOST_PACKED * size):
        raise _bomb(name)
    for one in members:
        if any(part.startswith(_SKIPPED_NAMES) for part in Path(one.filename).parts):
            continue
        inside = hashlib.sha256(f"{content_hash}/{one.filename}".encode()).hexdigest()
        yield Delivered(f"{name}/{one.filename}", inside, one.file_size, _member(file, one, name, size))


def _member(file: Path, one: zipfile.ZipInfo, name: str, size: int) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        if one.flag_bits & 1:
            raise Problem("the archive is locked by a password", name, "Deliver it without a password.")
        archive = zipfile.ZipFile(file)
        stream = archive.open(one)
        packed_again = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        if packed_again:
            return _unpacked(stream, size, f"{name}/{one.filename}")
        return io.BufferedReader(_Watched(stream, size, name), 1 << 20)

    return opened


def _unpacked(stream: IO[bytes], size: int, name: str) -> IO[bytes]:
    return io.BufferedReader(_Watched(cast(IO[bytes], gzip.GzipFile(fileobj=stream)), size, name), 1 << 20)


def _bomb(name: str) -> Problem:
    return Problem(
        f"it unpacks to more than {MOST_PACKED} times its size, which no export does",
        name,
        "Nothing of it was taken. Unpack it yourself if you trust it, and take in the unpacked file.",
    )


class _Watched(io.RawIOBase):
    """A stream that refuses to grow past what an honest file grows to."""

    def __init__(self, stream: IO[bytes], packed: int, name: str) -> None:
        self._stream, self._packed, self._name, self._seen = stream, packed, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (EOFError, OSError, zipfile.BadZipFile, ValueError) as broken:
            raise Problem("the packed file is broken or cut off", self._name, "Deliver it again, whole.") from broken
        except Exception as broken:  # zlib.error has no public base
            raise Problem("the packed file is broken", self._name, "Deliver it again, whole.") from broken
        self._seen += len(data)
        if self._seen > SMALL and self._seen > MOST_PACKED * self._packed:
            raise _bomb(self._name)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()
