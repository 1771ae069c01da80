"""What does a day's delivery cost that touches 1 % of the people, against building everybody?

    python -m benchmarks.incremental [--people 20000] [--share 0.01]

Makes a demo hospital, holds back every second line of 1 % of its people, builds; then delivers them and builds again,
once for changed people and once, in a home that holds the same landings and nothing else, in full. One process, so
its CPU-seconds are all there are. Prints both and the ratio, and whether the releases are the same. Exit code 1 when
they are not, or when the ratio is 0.25 or more.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.unit.release_files import built, deliver, hospital, lines_of, split
from twohats.store.home import Home


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--share", type=float, default=0.01)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lines = lines_of(hospital(root / "hospital", args.people))
        touched = {f"p{n}" for n in range(5, args.people, round(1 / args.share))}
        first, second = split(lines, lambda name, resource: late(name, resource, touched))
        home = Home(root / "home")
        deliver(home, root, "first", first)
        built(home)
        deliver(home, root, "second", second)
        fresh = Home(root / "fresh")
        shutil.copytree(home.landings, fresh.landings)
        part, part_cost = timed(home)
        whole, whole_cost = timed(fresh)
    ratio = part_cost / whole_cost
    print(f"people {args.people}, touched {len(touched)}, late lines {sum(map(len, second.values()))}")
    print(f"{part.way}: {part_cost:.2f} CPU s; full: {whole_cost:.2f} CPU s; ratio {ratio:.3f} (limit 0.25)")
    same = content_same(part, whole)
    print("same release" if same else "NOT the same release")
    return 0 if same and ratio < 0.25 else 1


def late(name: str, resource: dict, touched: set[str]) -> bool:
    """Every second line that is about a touched person; their Patient record stays."""
    if name == "Patient.ndjson" or sum(resource["id"].encode()) % 2:
        return False
    text = json.dumps(resource)
    return any(f'"Patient/{person}"' in text for person in touched)


def timed(home: Home) -> tuple:
    started = time.process_time()
    made = built(home)
    return made, time.process_time() - started


def content_same(part, whole) -> bool:
    return all(part.manifest[name] == whole.manifest[name] for name in ("id", "rows", "hashes", "as_of"))


if __name__ == "__main__":
    sys.exit(main())
