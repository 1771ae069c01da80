"""Claim: a fault or a kill at any write, fsync, rename or commit, and the same command again, lose nothing.

Breaks an intake, builds and a roll-back at every call in turn, first by an error and then by ending the process.
What readers see at that moment must be whole; the state after the second run is compared with that of an
undisturbed one: for a release every row of every table, its files, and which releases are kept.

    python -m benchmarks.crash_every_call [--only intake|build] [--processes 2]
"""

import argparse
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.sources import crashing as intakes
from tests.unit import crashing_builds as builds

WAYS = ("failed", "killed")


def intake_differs(folder: Path, expected: intakes.State, way: str, call: int) -> bool:
    after = intakes.after_failing if way == "failed" else intakes.after_killing
    return after(folder / f"{way}-{call}", call) != expected


def build_differs(folder: Path, breaks: builds.Breaking, way: str, call: int) -> bool:
    after = builds.after_failing if way == "failed" else builds.after_killing
    return after(breaks, call, folder / f"{way}-{call}") != breaks.after


def tell(pool: ProcessPoolExecutor, name: str, calls: int, differs: partial) -> None:
    for way in WAYS:
        numbers = range(1, calls + 1)
        found = pool.map(partial(differs, way), numbers)
        wrong = [call for call, differing in zip(numbers, found, strict=True) if differing]
        print(f"{name}, {way} at each of {calls} calls: {len(wrong)} states differ {wrong or ''}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["intake", "build"])
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as made, ProcessPoolExecutor(asked.processes, mp_context=fresh) as pool:
        here = Path(made)
        if asked.only != "build":
            expected, calls, _ = intakes.undisturbed(here / "undisturbed")
            tell(pool, "intake", calls, partial(intake_differs, here, expected))
        for number, deed in enumerate(builds.DEEDS if asked.only != "intake" else ()):
            breaks = builds.breaking(deed, here / str(number))
            tell(pool, deed, len(breaks.calls), partial(build_differs, here / str(number), breaks))


if __name__ == "__main__":
    main()
