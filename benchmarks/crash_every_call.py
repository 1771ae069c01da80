"""Claim: a fault or a kill at any write, fsync or rename of an intake, and the same command again, lose nothing.

Breaks at every call in turn, first by an error and then by ending the process, and compares the whole visible state
with that of an undisturbed run.

    python -m benchmarks.crash_every_call
"""

import tempfile
from pathlib import Path

from tests.sources.crashing import after_failing, after_killing, undisturbed


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        expected, calls, _ = undisturbed(here / "undisturbed")
        for name, after in (("failed", after_failing), ("killed", after_killing)):
            wrong = [call for call in range(1, calls + 1) if after(here / name / str(call), call) != expected]
            print(f"{name} at each of {calls} calls: {len(wrong)} states differ {wrong or ''}")


if __name__ == "__main__":
    main()
