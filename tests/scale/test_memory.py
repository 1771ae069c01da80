"""Memory stays bounded however much comes: files far larger than what a line or a run of lines needs.

The issue's gigabyte holds for any file; files of some hundred megabytes, read as objects, would not fit into it.
"""

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from benchmarks.intake_against_orjson import encounter
from tests.scale.measuring import GIGABYTE, work
from tests.scale.works import NOW
from tests.unit.release_files import built
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home

LINES = 36_000
LONG = 15 * 1024 * 1024


def encounters() -> Iterator[bytes]:
    """Lines as hospitals export them, 2.8 kB each, no two the same."""
    dice = random.Random(1)
    drawn = [orjson.dumps(encounter(dice, number)) for number in range(500)]
    for number in range(LINES):
        line = drawn[number % len(drawn)]
        yield line.replace(b'"id":"', b'"id":"%x-' % number, 1) + b"\n"


def plain(path: Path) -> list[int]:
    with path.open("wb") as file:
        file.writelines(encounters())
    return [LINES, LINES, 0, 0, 0, 0]


def packed(path: Path) -> list[int]:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.writelines(encounters())
    return [LINES, LINES, 0, 0, 0, 0]


def broken(path: Path) -> list[int]:
    """Every line is cut off, so every one is kept in quarantine."""
    with path.open("wb") as file:
        file.writelines(line[:-3] + b"\n" for line in encounters())
    return [LINES, 0, 0, 0, LINES, 0]


def long_lines(path: Path) -> list[int]:
    """Lines just short of the longest that is taken."""
    with path.open("wb") as file:
        for number in range(12):
            file.write(b'{"resourceType":"Patient","id":"p%d","gender":"%s"}\n' % (number, b"x" * LONG))
    return [12, 12, 0, 0, 0, 0]


def one_line(path: Path) -> list[int]:
    """300 MB without an end of line."""
    with path.open("wb") as file:
        file.write(b'{"resourceType":"Patient","id":"p","gender":"')
        for _ in range(300):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n')
    return [1, 0, 0, 0, 1, 0]


def calls(path: Path) -> list[int]:
    """A feed of 140 MB."""
    lines, words = 150_000, "She asked about a bill and was told to wait. " * 20
    with path.open("w") as file:
        file.write("contact_id,person_mrn,direction,channel,topic,started_at,words\n")
        file.writelines(f"c{number},m{number},in,phone,Bill,2026-02-01T09:00:00Z,{words}\n" for number in range(lines))
    return [lines, lines, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.ndjson", plain), ("a.ndjson.gz", packed), ("a.ndjson", broken), ("a.ndjson", long_lines),
     ("a.ndjson", one_line), ("contacts.csv", calls)],
    ids=["plain", "packed", "broken", "long lines", "one line", "a feed"],
)
def test_an_intake_of_any_file_takes_less_than_a_gigabyte(
    tmp_path: Path, name: str, write: Callable[[Path], list[int]]
):
    file = tmp_path / name
    expected = write(file)
    told = work("intake", str(tmp_path / "home"), str(file))
    file.unlink()
    assert told["counts"] == expected
    assert told["peak"] < GIGABYTE


def test_settling_a_file_with_what_landed_before_takes_less_than_a_gigabyte(tmp_path: Path):
    """The same lines again, in the opposite order: each is compared with the one that was kept."""
    file = tmp_path / "a.ndjson"
    plain(file)
    assert work("intake", str(tmp_path / "home"), str(file))["counts"][0] == LINES
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(reversed(lines)))
    told = work("intake", str(tmp_path / "home"), str(file))
    assert told["counts"] == [LINES, 0, 0, LINES, 0, 0]
    assert told["peak"] < GIGABYTE


def test_a_build_with_a_quarter_of_the_memory_gives_the_same_release(tmp_path: Path):
    """Small buckets one after the other; the whole process, libraries and all, stays far below a gigabyte."""
    files = tmp_path / "demo"
    work("demo", str(files), "30")
    for name in ("roomy", "tight"):
        take_in(Home(tmp_path / name), [files], now=NOW)
    roomy = built(Home(tmp_path / "roomy")).manifest
    told = work("build", str(tmp_path / "tight"), "40", "256MB")
    assert (roomy["buckets"], told["hashes"]) == (1, roomy["hashes"])
    assert told["buckets"] > 1
    assert told["peak"] < GIGABYTE / 2


def test_the_demo_hospital_is_written_without_growing(tmp_path: Path):
    """Five times the people, the same memory: nobody is held longer than their own lines."""
    few, many = (work("demo", str(tmp_path / people), people)["peak"] for people in ("200", "1000"))
    assert many - few < 20 * 1024 * 1024
