"""How much memory a piece of work takes at most: done in a process of its own, which tells its own peak."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import REPOSITORY

GIGABYTE = 1_000_000_000


def work(name: str, *said: str) -> dict[str, Any]:
    """Runs a function of tests.scale.works with these texts; what it tells, and `peak`, its memory in bytes."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.scale.works", name, *said],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def peak() -> int:
    """The most memory this process ever held, its own code included, in bytes.

    Not getrusage: what it tells of a process includes the parent that started it.
    """
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found, "this system does not tell the peak of a process"
    return int(found[1]) * 1024
