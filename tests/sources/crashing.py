"""Breaks an intake at its n-th write, fsync or rename, runs it again, and tells the state it ends in."""

import subprocess
import sys
from pathlib import Path

from tests.sources.drawing import NOW, current, deletion, patient, rows
from twohats.sources.commands.intake import take_in
from twohats.store import faults
from twohats.store.home import Home
from twohats.store.landings import landings

FIRST = [patient("ana", "1", "2026-02-01T00:00:00Z"), patient("ben", "1", "2026-02-01T00:00:00Z"), b"x"]
SECOND = [
    patient("ana", "2", "2026-02-03T00:00:00Z", active=True),
    patient("ben", "1", "2026-02-01T00:00:00Z"),
    patient("ben", "1", "2026-02-01T00:00:00Z", active=False),
    deletion("ben", "2026-02-05T00:00:00Z"),
    b'{"resourceType":"Encounter","id":"e1","status":"finished"}',
]
State = tuple[object, ...]

KILLING = """
import sys
from pathlib import Path
from tests.sources.crashing import files_in
from tests.sources.drawing import NOW
from twohats.sources.commands.intake import take_in
from twohats.store import faults
from twohats.store.home import Home
faults.break_at(int(sys.argv[2]), kill=True)
take_in(Home(Path(sys.argv[1]) / "home"), files_in(Path(sys.argv[1])), now=NOW)
"""


def files_in(folder: Path) -> list[Path]:
    """The two deliveries, written where they are not yet."""
    source = folder / "in"
    source.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, lines in (("1.ndjson", FIRST), ("2.ndjson", SECOND)):
        path = source / name
        if not path.exists():
            path.write_bytes(b"".join(line + b"\n" for line in lines))
        paths.append(path)
    return paths


def state(home: Home) -> State:
    """All that readers can see, arrival and times of day aside."""
    reports = [
        {key: value for key, value in landing.report.items() if key not in ("started", "ended", "intake", "ordinal")}
        for landing in landings(home)
    ]
    kept = rows(home, columns="id, version_id, updated_at, deleted, content_hash, line, is_current")
    return kept, rows(home, "encounters"), current(home), reports


def undisturbed(folder: Path) -> tuple[State, int, list[str]]:
    """The state without any fault, how many calls it took, and what they were."""
    log: list[str] = []
    faults.break_at(0, log=log)
    take_in(Home(folder / "home"), files_in(folder), now=NOW)
    count = faults.calls()
    faults.break_at(0)
    return state(Home(folder / "home")), count, log


def after_failing(folder: Path, call: int) -> State:
    """The state after an intake failed at that call and was run again."""
    home, paths = Home(folder / "home"), files_in(folder)
    faults.break_at(call)
    try:
        take_in(home, paths, now=NOW)
        raise AssertionError(f"call {call} did not fail")
    except OSError:
        pass
    finally:
        faults.break_at(0)
    return run_again(home, paths)


def after_killing(folder: Path, call: int) -> State:
    """The state after an intake was killed at that call and was run again."""
    done = subprocess.run([sys.executable, "-c", KILLING, str(folder), str(call)], capture_output=True, check=False)
    if done.returncode != faults.KILLED:
        raise AssertionError(f"call {call}: exit code {done.returncode}: {done.stderr.decode()[-500:]}")
    return run_again(Home(folder / "home"), files_in(folder))


def run_again(home: Home, paths: list[Path]) -> State:
    """What is visible now is whole landings only; then the same command once more."""
    for landing in landings(home):
        parts = ("accepted", "superseded", "unchanged", "quarantined", "blank")
        if landing.report["read"] != sum(landing.report[part] for part in parts):
            raise AssertionError("half a landing is visible")
    take_in(home, paths, now=NOW)
    return state(home)
