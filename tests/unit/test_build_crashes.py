"""A fault or a kill while a release is made, then the same command again: the release of an undisturbed build.

Some calls of each kind are broken here; benchmarks/crash_every_call.py breaks every one.
"""

import sqlite3
from pathlib import Path

import pytest

from tests.unit.crashing_builds import DEEDS, Breaking, after_failing, after_killing, breaking
from twohats.store import faults
from twohats.store.home import Home
from twohats.store.register import current_id, make_current, registered

SAMPLE = {
    "first build": ["rename current.json", "make current"],
    "build of changed people": [
        "write owners.parquet", "write 0000.parquet", "commit pages.sqlite", "fsync tables", "rename .aside to",
        "make current",
    ],
    "full build that forgets the others": ["forget", "remove"],
    "way back": ["point back"],
}
KILLED = {"build of changed people": "write 0000.parquet", "full build that forgets the others": "remove",
          "way back": "point back"}


def last(breaks: Breaking, what: str) -> int:
    """The number of the last call of that kind."""
    return max(number for number, call in enumerate(breaks.calls, 1) if call.startswith(what))


@pytest.mark.parametrize("deed", DEEDS)
def test_a_fault_or_a_kill_and_the_same_command_again_give_the_undisturbed_release(tmp_path: Path, deed: str):
    breaks = breaking(deed, tmp_path)
    assert breaks.before != breaks.after
    for what in SAMPLE[deed]:
        assert after_failing(breaks, last(breaks, what), tmp_path / "broken") == breaks.after, what
    if deed in KILLED:
        assert after_killing(breaks, last(breaks, KILLED[deed]), tmp_path / "broken") == breaks.after


def test_every_file_of_a_release_and_of_a_deal_is_a_numbered_write_and_safe_before_it_is_seen(tmp_path: Path):
    breaks = breaking("first build", tmp_path)
    written = [call.split(" ")[1] for call in breaks.calls if call.split(" ")[0] in ("write", "commit")]
    lying = [Path(path).name for path in breaks.after["files"]]
    files = [name.replace("current.json", "current.json.aside") for name in lying if "." in name]
    assert sorted(written) == sorted(files)
    seen = last(breaks, "rename .aside to")
    synced = [call.removeprefix("fsync ") for call in breaks.calls[:seen] if call.startswith("fsync ")]
    assert set(written) - set(synced) == set()


def test_a_register_that_was_never_finished_reads_as_no_release(tmp_path: Path):
    home = Home(tmp_path).ensure()
    faults.break_at(1)
    with pytest.raises(OSError, match="make current"):
        make_current(home, "a", "2026-03-01T00:00:00Z")
    faults.break_at(0)
    assert home.register.exists()
    assert (current_id(home), registered(home)) == (None, [])
    make_current(home, "a", "2026-03-01T00:00:00Z")
    assert current_id(home) == "a"


def test_a_register_torn_by_a_power_cut_is_rolled_back_by_whoever_reads_first(tmp_path: Path):
    """Half of a transaction lies in the file, its journal beside it."""
    home, torn = Home(tmp_path / "home").ensure(), Home(tmp_path / "torn").ensure()
    make_current(home, "a", "2026-03-01T00:00:00Z")
    with sqlite3.connect(home.register, isolation_level=None) as writing:
        writing.execute("PRAGMA cache_size = 1")
        writing.execute("BEGIN")
        writing.execute("UPDATE current SET id = 'b'")
        many = ((str(number), "x" * 99) for number in range(999))
        writing.executemany("INSERT INTO releases (id, made_at) VALUES (?, ?)", many)
        for path in tmp_path.glob("home/register.sqlite*"):
            (torn.path / path.name).write_bytes(path.read_bytes())
        writing.execute("ROLLBACK")
    assert (torn.path / "register.sqlite-journal").stat().st_size > 0
    assert (current_id(torn), [kept.id for kept in registered(torn)]) == ("a", ["a"])
