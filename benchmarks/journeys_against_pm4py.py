"""What follows what, how long between, and variants: our measures' SQL against pm4py, whole jobs, in one run.

    python -m benchmarks.journeys_against_pm4py --peer /path/to/venv/bin/python [--events 5000000] [--repeats 3]

pm4py is a peer and never a dependency (AGPL): it lives in an environment of its own (requirements-peers.txt). Both
sides start from one Parquet file with the same columns, those of our table `interactions` (whole numbers for people,
words for touchpoints; --text-ids writes people as words too), in a fresh process each, turn and turn about, and are
measured by their own CPU seconds from start to end. The counts must be equal; ties in time are broken for both.
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

GOAL = 5.0
TOUCHPOINTS = 40

MEASURE = Path(__file__).resolve().parent.parent / "twohats" / "analysis" / "measures" / "51_follows_parts.sql"
"""The very file that the build runs, histogram of the gaps and all."""

OURS = """
import duckdb, json, resource, sys
connection = duckdb.connect(config={"threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute(
    "CREATE VIEW interactions AS SELECT *, source_order AS interaction FROM read_parquet('%s')" % sys.argv[1])
follows = connection.execute(
    "SELECT before, after, sum(times)::bigint, sum(gap_seconds)::bigint FROM ("
    + open(sys.argv[2]).read() + ") GROUP BY 1, 2").fetchall()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024,
    "follows": {"%s > %s" % (a, b): n for a, b, n, _ in follows},
    "seconds": sum(gap for _, _, _, gap in follows)}))
"""

PEER = """
import json, resource, sys, warnings
warnings.simplefilter("ignore")
import pandas, pm4py
log = pandas.read_parquet(sys.argv[1]).sort_values(["person", "started_at", "source_order"], kind="stable")
log = pm4py.format_dataframe(log, case_id="person", activity_key="touchpoint", timestamp_key="started_at")
follows, _, _ = pm4py.discover_performance_dfg(log)
used = resource.getrusage(resource.RUSAGE_SELF)
counts, _, _ = pm4py.discover_dfg(log)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024,
    "follows": {"%s > %s" % pair: int(n) for pair, n in counts.items()},
    "seconds": sum(follows[pair]["mean"] * counts[pair] for pair in follows)}))
"""


def events(path: Path, count: int, text_ids: bool = False) -> None:
    """So many events of count/20 people, in Parquet, ties in time among them."""
    number = f"(hash(n) % {max(1, count // 20)})"
    person = f"'person-' || {number}::VARCHAR" if text_ids else f"(hash({number}) >> 2)::BIGINT"
    duckdb.connect().execute(f"""
        COPY (
            SELECT {person} AS person,
                'touchpoint-' || (hash(n * 7 + 1) % {TOUCHPOINTS})::VARCHAR AS touchpoint,
                TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_minutes((hash(n * 13 + 5) % 525600)::BIGINT) AS started_at,
                n AS source_order
            FROM range({count}) AS numbers(n)
        ) TO '{path}' (FORMAT parquet)
    """)


def run(python: str, script: str, path: Path) -> dict:
    """One whole job in a process of its own."""
    done = subprocess.run(
        [python, "-c", script, str(path), str(MEASURE)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": "UTC"},
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> int:
    """Prints both sides, the ratio with its spread, and whether the counts are equal; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the python of an environment with pm4py")
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--text-ids", action="store_true", help="people as words in the file, not as numbers")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "events.parquet"
        events(path, args.events, args.text_ids)
        pairs = [(run(sys.executable, OURS, path), run(args.peer, PEER, path)) for _ in range(args.repeats)]
    ratios = sorted(peer["cpu"] / ours["cpu"] for ours, peer in pairs)
    equal = all(ours["follows"] == peer["follows"] for ours, peer in pairs)
    close = all(abs(ours["seconds"] - peer["seconds"]) <= 1e-6 * abs(ours["seconds"]) for ours, peer in pairs)
    ours_cpu, peer_cpu = (statistics.median(pair[side]["cpu"] for pair in pairs) for side in (0, 1))
    ids = "words" if args.text_ids else "numbers"
    print(f"{args.events:,} events, people as {ids}, {args.repeats} runs each, turn and turn about")
    print("CPU seconds of the whole job, median:")
    print(
        f"ours {ours_cpu:.2f} s, {max(pair[0]['mib'] for pair in pairs):.0f} MiB; "
        f"pm4py {peer_cpu:.2f} s, {max(pair[1]['mib'] for pair in pairs):.0f} MiB"
    )
    print(f"ratio {statistics.median(ratios):.1f} x (from {ratios[0]:.1f} to {ratios[-1]:.1f}); goal {GOAL:g} x")
    print(f"counts of {len(pairs[0][0]['follows']):,} pairs equal: {equal}; sums of time equal to 1e-6: {close}")
    return 0 if equal and close and statistics.median(ratios) >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
