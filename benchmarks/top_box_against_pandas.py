"""Top boxes with intervals over 10 million answers, against pandas with statsmodels, in one run.

    python -m benchmarks.top_box_against_pandas --peer /path/to/venv/bin/python [--answers 10000000] [--repeats 3]

Both sides start from one Parquet file, one row for each answer: unit (number), item (word), value from 1 to 4. Each
tells, for every unit and item, n, the share of top and bottom boxes with Wilson's interval, and the linear mean. A
fresh process each, turn and turn about, measured by CPU seconds from start to end.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np

GOAL, EQUAL = 5.0, 1e-9
UNITS, ITEMS = 60, 20
NUMBERS = ("n", "top", "top_low", "top_high", "bottom", "bottom_low", "bottom_high", "points")

OURS = """
import json, resource, sys
import duckdb
from twohats.analysis.measures.cahps.scales import ScaleType, scale_of
from twohats.analysis.measures.cahps.shares import shares_of
connection = duckdb.connect(config={"threads": 2})
connection.execute("SET enable_progress_bar = false")
scale = scale_of(ScaleType.OFTEN)
shares = shares_of(connection.read_parquet(sys.argv[1]), {"Q%02d" % at: scale for at in range(20)})
told = {"n": shares.answers.tolist(), **{name: getattr(shares, name).tolist() for name in (
    "top", "top_low", "top_high", "bottom", "bottom_low", "bottom_high", "points")}}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024, "told": told}))
"""

PEER = """
import json, resource, sys
import pandas
from statsmodels.stats.proportion import proportion_confint
answers = pandas.read_parquet(sys.argv[1])
answers["is_top"], answers["is_bottom"] = answers["value"] == 4, answers["value"] <= 2
grouped = answers.groupby(["unit", "item"])
summed = grouped.agg(n=("value", "size"), top=("is_top", "sum"), bottom=("is_bottom", "sum"), mean=("value", "mean"))
told = {"n": summed["n"].tolist(), "points": ((summed["mean"] - 1) / 3 * 100).tolist()}
for name in ("top", "bottom"):
    low, high = proportion_confint(summed[name], summed["n"], method="wilson")
    told |= {name: (summed[name] / summed["n"]).tolist(), name + "_low": low.tolist(), name + "_high": high.tolist()}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024, "told": told}))
"""


def answers(path: Path, count: int) -> None:
    """So many answers, in Parquet."""
    duckdb.connect().execute(f"""
        COPY (
            SELECT (hash(n) % {UNITS})::BIGINT AS unit, printf('Q%02d', (hash(n * 7 + 1) % {ITEMS})::INT) AS item,
                (1 + greatest(0, least(3, (hash(n * 13 + 5) % 6)::INT - 1)))::TINYINT AS value
            FROM range({count}) AS numbers(n)
        ) TO '{path}' (FORMAT parquet)
    """)


def run(python: str, script: str, path: Path) -> dict:
    """One whole job in a process of its own."""
    done = subprocess.run([python, "-c", script, str(path)], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)})
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> int:
    """Prints both sides, the ratio with its spread, the largest difference; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the python of an environment with statsmodels and pandas")
    parser.add_argument("--answers", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "answers.parquet"
        answers(path, args.answers)
        pairs = [(run(sys.executable, OURS, path), run(args.peer, PEER, path)) for _ in range(args.repeats)]
    ratios = sorted(peer["cpu"] / ours["cpu"] for ours, peer in pairs)
    worst = max(float(np.abs(np.array(ours["told"][name]) - np.array(peer["told"][name])).max())
                for ours, peer in pairs for name in NUMBERS)
    ours_cpu, peer_cpu = (statistics.median(pair[side]["cpu"] for pair in pairs) for side in (0, 1))
    print(f"{args.answers:,} answers, {UNITS} units x {ITEMS} items, {args.repeats} runs each, turn and turn about")
    print("CPU seconds of the whole job, median:")
    print(f"ours {ours_cpu:.2f} s, {max(ours['mib'] for ours, _ in pairs):.0f} MiB; "
          f"pandas + statsmodels {peer_cpu:.2f} s, {max(peer['mib'] for _, peer in pairs):.0f} MiB")
    print(f"ratio {statistics.median(ratios):.1f} x (from {ratios[0]:.1f} to {ratios[-1]:.1f}); goal {GOAL:g} x")
    print(f"largest difference of {UNITS * ITEMS * len(NUMBERS):,} numbers: {worst:.1e}; goal {EQUAL:.0e}")
    return 0 if statistics.median(ratios) >= GOAL and worst <= EQUAL else 1


if __name__ == "__main__":
    sys.exit(main())
