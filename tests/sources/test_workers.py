"""Several processes sharing a file leave what one leaves; one that fails or dies leaves nothing."""

import gzip
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.sources.drawing import current, patient, quarantine
from twohats.sources import landing, lines
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.landings import landings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Good lines, versions, a conflict, broken and blank ones, over many blocks."""
    drawn = []
    for number in range(400):
        drawn.append(patient(f"p{number % 150}", str(number // 150), f"2026-02-{1 + number // 150:02d}T08:00:00Z",
                             text={"status": "generated", "div": "x" * 200}))
        if number % 40 == 7:
            drawn += [b"{", b"", patient(f"p{number % 150}", str(number // 150), "2026-02-27T08:00:00Z", active=True),
                      patient(f"n{number}", newField=1)]
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join(drawn))
    return path


def left(home: Home) -> tuple[Any, ...]:
    report = {**landings(home)[0].report}
    for part in ("started", "ended"):
        del report[part]
    return report, current(home), sorted(quarantine(home))


def test_two_workers_leave_what_one_leaves(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "BLOCK", 4096)
    alone, shared = Home(tmp_path / "alone"), Home(tmp_path / "shared")
    take_in(alone, [file], now=NOW)
    monkeypatch.setattr(landing, "WORTH_SHARING", 0)
    take_in(shared, [file], now=NOW, workers=2)
    assert left(shared) == left(alone)


def test_a_packed_file_is_shared_as_a_plain_one_is(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "BLOCK", 4096)
    packed = tmp_path / "a.ndjson.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    plain, shared = Home(tmp_path / "plain"), Home(tmp_path / "shared")
    take_in(plain, [file], now=NOW)
    monkeypatch.setattr(landing, "WORTH_SHARING", 0)
    take_in(shared, [packed], now=NOW, workers=2)
    assert (current(shared), sorted(quarantine(shared))) == (current(plain), sorted(quarantine(plain)))


def test_a_file_cut_off_while_a_worker_reads_it_ends_the_intake_and_leaves_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(landing, "WORTH_SHARING", 0)
    monkeypatch.setattr(landing, "blocks_of", beyond)
    home = Home(tmp_path / "home")
    with pytest.raises(OSError, match="the file was cut off at byte"):
        take_in(home, [file], now=NOW, workers=2)
    assert (landings(home), [path.name for path in home.landings.iterdir()]) == ([], [".lock"])


def beyond(stream: Any, keep_whole: Any) -> Any:
    """Blocks that lie beyond the end of the file."""
    for number in range(1, 10**9):
        yield lines.Block(number, 10**6 + number, patient(f"p{number}"))


def test_a_worker_that_dies_ends_the_intake_and_leaves_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(landing, "WORTH_SHARING", 0)
    monkeypatch.setattr(landing, "blocks_of", endless)
    home = Home(tmp_path / "home")
    with pytest.raises(ChildProcessError, match="Run the same command again"):
        take_in(home, [file], now=NOW, workers=2)
    assert (landings(home), [path.name for path in home.landings.iterdir()]) == ([], [".lock"])


def endless(stream: Any, keep_whole: Any) -> Any:
    """Blocks without end; after some of them a worker is killed as a machine short of memory does."""
    import multiprocessing

    for number in range(1, 10**9):
        yield lines.Block(number, number, patient(f"p{number}"))
        if number == 20:
            os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
