"""Archives and folders as they arrive: broken, locked, lying, swollen, nested. What is good beside them lands."""

import gzip
import os
import random
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.sources.drawing import NOW, counts, patient, rows
from tests.sources.test_bad_input import zipped
from twohats.sources.commands.intake import take_in
from twohats.sources.opening import MOST_MEMBERS, MOST_PACKED, SMALL, delivered
from twohats.store.home import Home
from twohats.words.problems import Problem

BROKEN = "the packed file is broken or cut off"


def packed(data: bytes) -> bytes:
    """gzip, the same bytes at any hour."""
    return gzip.compress(data, mtime=0)


def take(tmp_path: Path, *paths: Path) -> dict[str, Any]:
    return take_in(Home(tmp_path / "home"), list(paths), now=NOW)


def refused(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["file"], one["what"]) for one in result["refused"]]


def people(tmp_path: Path) -> list[str]:
    return [name for (name,) in rows(Home(tmp_path / "home"), columns="id")]


def stored(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def changed(path: Path, *edits: tuple[int, bytes]) -> Path:
    data = bytearray(path.read_bytes())
    for place, new in edits:
        data[place : place + len(new)] = new
    path.write_bytes(data)
    return path


def directory(path: Path, member: int = 0) -> int:
    """Where a member's entry in the central directory of an archive begins."""
    return [place for place in range(path.stat().st_size) if path.read_bytes()[place:].startswith(b"PK\1\2")][member]


# ---- broken members -----------------------------------------------------------------------------------------

def spoilt(path: Path, how: str) -> Path:
    """An archive of `a`, which is spoilt, and `b`, which is good."""
    if how == "deflated data":
        zipped(path, a=patient("ana"), b=patient("ben"))
    else:
        stored(path, a=patient("ana"), b=patient("ben"))
    data, entry = path.read_bytes(), directory(path)
    return changed(path, *{
        "one byte": [(data.find(b"ana"), b"eve")],
        "deflated data": [(32, b"\xff\xff\xff")],
        "a size too small": [(entry + 24, struct.pack("<L", 5))],
        "a size too large": [(entry + 20, struct.pack("<LL", 2**31, 2**31))],
        "method 9": [(entry + 10, b"\x09"), (8, b"\x09")],
        "method 12": [(entry + 10, b"\x0c"), (8, b"\x0c")],
        "method 14": [(entry + 10, b"\x0e"), (8, b"\x0e")],
        "method 99": [(entry + 10, b"\x63"), (8, b"\x63")],
        "another name inside": [(30, b"z")],
        "no local header": [(0, b"PK\x03\x04" + b"\xff" * 26)],
        "an offset far away": [(entry + 42, struct.pack("<L", 2**31))],
        "locked": [(entry + 8, b"\x01"), (6, b"\x01")],
    }[how])


@pytest.mark.parametrize(
    ("how", "what"),
    [
        ("one byte", BROKEN),
        ("deflated data", BROKEN),
        ("a size too small", BROKEN),
        ("method 9", "it is packed in a way that is not opened here (zip method 9)"),
        ("method 12", "it is packed in a way that is not opened here (zip method 12)"),
        ("method 14", "it is packed in a way that is not opened here (zip method 14)"),
        ("method 99", "it is packed in a way that is not opened here (zip method 99)"),
        ("another name inside", BROKEN),
        ("no local header", BROKEN),
        ("an offset far away", BROKEN),
        ("locked", "the archive is locked by a password"),
    ],
)
def test_a_broken_member_is_told_and_what_is_good_beside_it_lands(tmp_path: Path, how: str, what: str):
    folder = tmp_path / "in"
    folder.mkdir()
    spoilt(folder / "a.zip", how)
    (folder / "c.ndjson").write_bytes(patient("eve"))
    result = take(tmp_path, folder)
    assert (refused(result), people(tmp_path)) == ([("a.zip/a", what)], ["ben", "eve"])


def test_a_size_that_is_too_large_by_far_is_a_bomb(tmp_path: Path):
    result = take(tmp_path, spoilt(tmp_path / "a.zip", "a size too large"))
    assert refused(result) == [("a.zip", f"it unpacks to more than {MOST_PACKED} times its size, which no export does")]


@pytest.mark.parametrize("kept", [3, 10, 40, 100, 150])
def test_an_archive_cut_off_is_told_and_the_other_files_land(tmp_path: Path, kept: int):
    folder = tmp_path / "in"
    folder.mkdir()
    archive = stored(folder / "a.zip", a=patient("ana"), b=patient("ben"))
    archive.write_bytes(archive.read_bytes()[:kept])
    (folder / "c.ndjson").write_bytes(patient("eve"))
    result = take(tmp_path, folder)
    told = refused(result) or [(one["file"], one["what"]) for one in result["skipped"]]
    assert (told, people(tmp_path)) == (
        [("a.zip", "the archive is broken or cut off" if kept > 3 else "this is neither FHIR nor a feed we know")],
        ["eve"],
    )


@pytest.mark.parametrize("seed", range(60))
def test_no_spoilt_archive_ends_in_anything_but_words(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    folder = tmp_path / "in"
    folder.mkdir()
    archive = (stored if seed % 2 else zipped)(folder / "a.zip", a=patient("ana"), b=packed(patient("ben")))
    size = archive.stat().st_size
    changed(archive, *[(dice.randrange(4, size), bytes([dice.randrange(256)])) for _ in range(dice.randrange(1, 6))])
    (folder / "c.ndjson").write_bytes(patient("eve"))
    result = take(tmp_path, folder)
    assert "eve" in people(tmp_path)
    assert result["read"] == sum(counts(result))
    assert all(file.startswith("a.zip") for file, _ in refused(result))


# ---- gzip ---------------------------------------------------------------------------------------------------

def test_a_gzip_file_of_several_members_is_read_to_its_end(tmp_path: Path):
    file = tmp_path / "a.gz"
    file.write_bytes(packed(patient("ana") + b"\n") + packed(b"") + packed(patient("ben")))
    assert (counts(take(tmp_path, file)), people(tmp_path)) == ((2, 0, 0, 0, 0), ["ana", "ben"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut in the header", packed(patient("ana"))[:8]),
        ("cut in the data", packed(patient("ana"))[:-20]),
        ("cut in the sum", packed(patient("ana"))[:-3]),
        ("a wrong sum", packed(patient("ana"))[:-8] + b"\0" * 8),
        ("rubbish after it", packed(patient("ana")) + b"rubbish"),
        ("the second member cut", packed(patient("ana")) + packed(patient("ben"))[:-9]),
        ("wrong data", packed(b"")[:10] + b"\xff" * 40),
        ("a raw stream", b"\x1f\x8b" + zlib.compress(patient("ana"))),
    ],
)
def test_a_broken_gzip_file_is_told_and_nothing_of_it_lands(tmp_path: Path, name: str, data: bytes):
    file = tmp_path / "a.gz"
    file.write_bytes(data)
    assert (refused(take(tmp_path, file)), people(tmp_path)) == ([("a.gz", BROKEN)], [])


# ---- bombs --------------------------------------------------------------------------------------------------

def bomb(path: Path, kind: str) -> Path:
    lines = b"\n" * (20 * 1024 * 1024)
    once = packed(lines)
    if kind == "gz":
        path.write_bytes(once)
        return path
    return zipped(path, **{
        "zip": {"a": lines},
        "gz in zip": {"a": once},
        # each member alone would be small enough
        "many gz in zip": {f"m{number}": packed(b" " * (SMALL - 1)) for number in range(200)},
    }[kind])


@pytest.mark.parametrize("kind", ["gz", "zip", "gz in zip", "many gz in zip"])
def test_a_bomb_is_refused_within_5_seconds_and_the_other_files_land(tmp_path: Path, kind: str):
    folder = tmp_path / "in"
    folder.mkdir()
    bomb(folder / "b", kind)
    (folder / "c.ndjson").write_bytes(patient("eve"))
    began = time.process_time()
    result = take(tmp_path, folder)
    assert time.process_time() - began < 5
    whats = {what for _, what in refused(result)}
    assert (whats, people(tmp_path)) == (
        {f"it unpacks to more than {MOST_PACKED} times its size, which no export does"}, ["eve"],
    )


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path):
    """As in "A better zip bomb" (Fifield 2019): many entries of the directory point to one member."""
    file = zipped(tmp_path / "a.zip", a=b"\n" * (SMALL - 1))
    data = file.read_bytes()
    entry, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    many = 2000
    file.write_bytes(
        data[:end] + data[entry:end] * (many - 1)
        + data[end : end + 8] + struct.pack("<HHL", many, many, (end - entry) * many) + data[end + 16 :]
    )
    assert refused(take(tmp_path, file)) == [
        ("a.zip", f"it unpacks to more than {MOST_PACKED} times its size, which no export does")
    ]


def test_what_is_small_may_be_packed_as_tightly_as_it_likes(tmp_path: Path):
    lines = (patient("ana") + b"\n") * 20_000
    file = tmp_path / "a.gz"
    file.write_bytes(packed(lines))
    assert (len(lines) > MOST_PACKED * file.stat().st_size, len(lines) < SMALL) == (True, True)
    assert counts(take(tmp_path, file)) == (1, 0, 19_999, 0, 0)


def test_an_archive_of_many_files_is_opened_in_the_time_its_length_takes(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(MOST_MEMBERS):
            archive.writestr(f"{number}", b"x")
    began = time.process_time()
    found = 0
    for file in delivered([tmp_path / "a.zip"]):
        with file.open() as stream:
            found += len(stream.read())
    assert (found, time.process_time() - began < 20) == (MOST_MEMBERS, True)


def test_an_archive_of_too_many_files_is_told_as_such(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(f"{number}", b"")
    assert refused(take(tmp_path, tmp_path / "a.zip")) == [("a.zip", "it holds more than 10,000 files")]


# ---- what is not opened, and what is left aside ---------------------------------------------------------------

@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("zip", "it is packed in a way that is not opened here (an archive inside another)"),
        ("gzip", "it is packed in a way that is not opened here (gzip inside gzip)"),
    ],
)
def test_what_is_packed_twice_is_told(tmp_path: Path, kind: str, what: str):
    inner = stored(tmp_path / "in.zip", a=patient("ana")).read_bytes()
    file = zipped(tmp_path / "a", x=inner if kind == "zip" else packed(packed(patient("ana"))))
    assert refused(take(tmp_path, file)) == [("a/x", what)]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"BZh91AY&SY", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"(\xb5/\xfd", "zstd"),
        (b"Rar!\x1a\x07\x01\0", "rar"), (b"a.ndjson".ljust(257, b"\0") + b"ustar\0" + b"\0" * 249, "tar"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a spreadsheet or another document"),
    ],
)
@pytest.mark.parametrize("inside", ["folder", "gzip"])
def test_a_file_packed_in_another_way_is_told_even_among_others(tmp_path: Path, data: bytes, told: str, inside: str):
    folder = tmp_path / "in"
    folder.mkdir()
    rest = data + b"\n" + patient("ana")
    (folder / "a.ndjson").write_bytes(packed(rest) if inside == "gzip" else rest)
    assert refused(take(tmp_path, folder)) == [
        ("a.ndjson", f"it is packed in a way that is not opened here ({told})")
    ]


def test_a_spreadsheet_is_told_as_such(tmp_path: Path):
    file = zipped(tmp_path / "a.xlsx", **{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
    assert refused(take(tmp_path, file)) == [
        ("a.xlsx", "it is packed in a way that is not opened here (a spreadsheet or another document)")
    ]


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "C:/x", "..\\x", "\\x"])
def test_a_member_whose_name_leads_out_of_the_archive_is_told_and_not_taken(tmp_path: Path, name: str):
    file = stored(tmp_path / "a.zip", **{name: patient("ana"), "b": patient("ben")})
    result = take(tmp_path, file)
    assert (refused(result), people(tmp_path)) == (
        [(f"a.zip/{name}", "its name leads out of the archive, which no export does")], ["ben"],
    )


def test_hidden_files_are_left_aside_and_named(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    stored(folder / "a.zip", **{".x": b"x", "__MACOSX/._b": b"x", ".git/config": b"x", "b": patient("ben")})
    (folder / ".DS_Store").write_bytes(b"x")
    result = take(tmp_path, folder)
    assert ([one["file"] for one in result["skipped"]], result["refused"], people(tmp_path)) == (
        [".DS_Store", "a.zip/.x", "a.zip/__MACOSX/._b", "a.zip/.git/config"], [], ["ben"],
    )


def test_a_hidden_file_that_a_person_names_is_taken(tmp_path: Path):
    file = tmp_path / ".export.ndjson"
    file.write_bytes(patient("ana"))
    assert counts(take(tmp_path, file)) == (1, 0, 0, 0, 0)


def test_what_holds_nothing_is_told(tmp_path: Path):
    empty, hidden = tmp_path / "empty", tmp_path / "hidden"
    (empty / "deeper").mkdir(parents=True)
    hidden.mkdir()
    (hidden / ".x").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    result = take(tmp_path, empty, hidden, tmp_path / "a.zip")
    assert refused(result) == [
        ("empty", "the folder holds no file"), ("hidden", "the folder holds no file"),
        ("a.zip", "the archive holds no file"),
    ]


def test_a_pipe_is_told_and_never_waited_for(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "gone").symlink_to(folder / "nowhere")
    (folder / "c.ndjson").write_bytes(patient("eve"))
    neither = "this is neither a file nor a folder"
    assert refused(take(tmp_path, folder / "pipe")) == [("pipe", neither)]
    result = take(tmp_path, folder)
    assert ([(one["file"], one["what"]) for one in result["skipped"]], people(tmp_path)) == (
        [("gone", neither), ("pipe", neither)], ["eve"],
    )


def test_nothing_is_taken_while_one_of_the_paths_is_not_there(tmp_path: Path):
    (tmp_path / "a.ndjson").write_bytes(patient("ana"))
    with pytest.raises(Problem, match="there is no such file or folder"):
        take(tmp_path, tmp_path / "a.ndjson", tmp_path / "b.ndjson")
    assert people(tmp_path) == []


def test_two_members_of_one_name_both_land(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x", patient("ana"))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x", patient("ben"))
    assert (counts(take(tmp_path, tmp_path / "a.zip")), people(tmp_path)) == ((2, 0, 0, 0, 0), ["ana", "ben"])


@pytest.mark.parametrize(
    ("name", "told"), [(b"a\xe9.ndjson", "a\\udce9.ndjson"), (b"a\nb\x1b[31m", "a\\nb\\x1b[31m")]
)
def test_a_name_that_cannot_be_printed_is_told_all_the_same(tmp_path: Path, name: bytes, told: str):
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(patient("ana"))
    result = take(tmp_path, folder)
    assert ([one["file"] for one in result["files"]], people(tmp_path)) == ([told], ["ana"])


# ---- lone carriage returns ------------------------------------------------------------------------------------

@pytest.mark.parametrize("way", ["plain", "gz", "zip"])
def test_lines_that_end_in_a_carriage_return_alone_are_lines(tmp_path: Path, way: str):
    data = b'comment_id,words,service\rc1,fine,ED\rc2,"a\rb",ED\r'
    file = tmp_path / "a.csv"
    file.write_bytes(packed(data) if way == "gz" else data)
    if way == "zip":
        zipped(file, x=data)
    result = take(tmp_path, file)
    assert (counts(result), rows(Home(tmp_path / "home"), "comments", "id, words, line")) == (
        (2, 0, 0, 0, 0), [("c1", "fine", 2), ("c2", "a\nb", 3)],
    )
