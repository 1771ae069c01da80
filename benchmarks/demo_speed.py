"""How many people a second does the demo hospital write on one core, and does its memory grow?

    python -m benchmarks.demo_speed [--people 5000] [--at-least 300]

Prints people per CPU-second, truth and all, the bytes written, and the peak of resident memory after a tenth of the
people and after all of them. Exit code 1 when it is slower than asked or memory grew by more than 20 MiB.
"""

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--at-least", type=float, default=300.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(as_of=date(2026, 11, 20), people=max(1, args.people // 10))
        write_demo(plan, Path(folder) / "tenth")
        after_a_tenth = peak_mib()
        started = time.process_time()
        done = write_demo(Plan(as_of=plan.as_of, people=args.people), Path(folder) / "all")
        seconds = time.process_time() - started
        size = sum(path.stat().st_size for path in (Path(folder) / "all").rglob("*") if path.is_file())
    lines = done["lines"]
    resources = sum(count for name, count in lines.items() if name.startswith("fhir/"))
    speed, grown = args.people / seconds, peak_mib() - after_a_tenth
    print(f"{args.people} people, {resources} resources, {size / 1e6:.0f} MB in {seconds:.1f} CPU-seconds")
    print(f"{speed:.0f} people per CPU-second ({resources / args.people:.0f} resources a person)")
    print(f"peak memory {after_a_tenth:.0f} MiB after a tenth, {after_a_tenth + grown:.0f} MiB after all")
    return 0 if speed >= args.at_least and grown <= 20 else 1


if __name__ == "__main__":
    sys.exit(main())
