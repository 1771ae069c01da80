"""Claim: any repetition, split and order of the same lines gives the same current state (intake, promise 1).

Draws people's stories (versions, deletions, revivals, conflicts, ties, lines again), shuffles fifty at a time into
the files of a home, and compares what each story left with what follows from its lines alone.

    python -m benchmarks.any_order [EXAMPLES] [--seed 1] [--processes 2]
"""

import argparse
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import starmap
from pathlib import Path
from random import Random

from tests.sources.any_order import STORIES_A_HOME, differing


def in_one_home(seed: str, examples: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return list(differing(Random(seed), Path(folder), examples))


def homes(seed: int, examples: int) -> Iterator[tuple[str, int]]:
    """The seed and the number of stories of each home."""
    for start in range(0, examples, STORIES_A_HOME):
        yield f"{seed}/{start}", min(STORIES_A_HOME, examples - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", nargs="?", type=int, default=10_000, metavar="EXAMPLES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    started = time.monotonic()
    jobs = list(homes(asked.seed, asked.examples))
    if asked.processes == 1:
        found = list(starmap(in_one_home, jobs))
    else:
        with ProcessPoolExecutor(asked.processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            found = list(pool.map(in_one_home, *zip(*jobs, strict=True)))
    wrong = [one for some in found for one in some]
    for one in wrong:
        print(one)
    print(f"{asked.examples} examples in {len(jobs)} homes: {len(wrong)} differing states, "
          f"{time.monotonic() - started:.0f} seconds")


if __name__ == "__main__":
    main()
