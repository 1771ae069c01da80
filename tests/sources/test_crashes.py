"""A fault at any write, fsync or rename, then the same command again: the state of an undisturbed run.

Every call fails once here; some are killed (benchmarks/crash_every_call.py kills at each).
"""

from pathlib import Path

import pytest

from tests.sources.crashing import after_failing, after_killing, undisturbed
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.landings_aside import only_intake
from twohats.words.problems import Problem


def test_a_fault_at_any_call_and_a_second_run_give_the_undisturbed_state(tmp_path: Path):
    expected, calls, _ = undisturbed(tmp_path / "undisturbed")
    assert calls > 20
    wrong = [call for call in range(1, calls + 1) if after_failing(tmp_path / str(call), call) != expected]
    assert wrong == []


@pytest.mark.parametrize("what", ["write report.json", "fsync", "rename"])
def test_a_kill_at_any_call_and_a_second_run_give_the_undisturbed_state(tmp_path: Path, what: str):
    expected, _, log = undisturbed(tmp_path / "undisturbed")
    call = 1 + next(n for n, done in enumerate(log) if done.startswith(what))
    assert after_killing(tmp_path / "killed", call) == expected


def test_a_second_intake_is_told_that_one_is_running(tmp_path: Path):
    home = Home(tmp_path / "home")
    with only_intake(home), pytest.raises(Problem) as told:
        take_in(home, [])
    assert "another intake is running here (process " in told.value.what
    assert told.value.try_this == "Wait until it is done, then run the same command again; nothing was changed."
