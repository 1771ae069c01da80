"""Claim: effects within persons equal pyfixest's, cost no more CPU, and are the same merged from buckets.

    python -m benchmarks.panel_against_pyfixest --peer /path/to/venv/bin/python [--rows 1000000] [--repeats 3]

One panel in Parquet: so many interactions of a fifth as many people, two directions of the wrong hat, effects of person
and of site and month, errors clustered by person. Each side is warmed by one run of the same question, then timed by
CPU seconds in its own process, turn and turn about; both read the file before. The peer runs with a fixed hash seed:
pyfixest 0.60.0 else confuses, in some processes, which of two effects lies within the clusters, and counts one too few.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

EQUAL = 1e-8
SITES, MONTHS, BUCKETS = 12, 24, 16

OURS = """
import json, resource, sys, time
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from twohats.analysis.findings.panel import Question, panel
table = pq.read_table(sys.argv[1])
asked = Question("outcome", ("over_engaged", "hurried"), ("site_month",))
buckets = table
if sys.argv[2] != "1":
    of_row = table["person"].to_numpy() % int(sys.argv[2])
    dealt = [table.filter(pa.array(of_row == number)) for number in range(int(sys.argv[2]))]
    buckets = lambda: dealt
panel(buckets, asked)
begun, wall = time.process_time(), time.perf_counter()
found = panel(buckets, asked)
print(json.dumps({"cpu": time.process_time() - begun, "wall": time.perf_counter() - wall,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "n": found.n,
    "told": [one.estimate for one in found.terms] + [one.se for one in found.terms]}))
"""

PEER = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import pandas, pyfixest
frame = pandas.read_parquet(sys.argv[1])
def asked():
    return pyfixest.feols("outcome ~ over_engaged + hurried | person + site_month", frame, vcov={"CRV1": "person"},
                          fixef_tol=1e-10)
asked()
begun, wall = time.process_time(), time.perf_counter()
found = asked()
told = found.coef().tolist() + found.se().tolist()
print(json.dumps({"cpu": time.process_time() - begun, "wall": time.perf_counter() - wall,
    "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "n": int(found._N), "told": told}))
"""


def panel_file(path: Path, rows: int) -> None:
    """People who are unhappy for good are served in the wrong hat more often."""
    random = np.random.default_rng(7)
    people = rows // 5
    person = np.sort(random.integers(0, people, rows))
    mood = random.normal(size=people) * 8
    own = random.integers(0, SITES, people)[person]
    site = np.where(random.random(rows) < 0.1, random.integers(0, SITES, rows), own)
    site_month = site * MONTHS + random.integers(0, MONTHS, rows)
    chance, roll = 1 / (1 + np.exp(2 + mood[person] / 8)), random.random(rows)
    over, hurried = (roll < chance) * 1.0, ((roll >= chance) & (roll < 2 * chance)) * 1.0
    outcome = 70 + mood[person] - 4 * over - 6 * hurried + site_month % 7 + random.normal(size=rows) * 10
    pq.write_table(pa.table({"person": person, "site_month": site_month, "over_engaged": over, "hurried": hurried,
                             "outcome": outcome}), path)


def run(python: str, script: str, path: Path, *more: str) -> dict:
    """One question in a process of its own."""
    ours = {"PYTHONPATH": str(Path(__file__).resolve().parent.parent), "PYTHONHASHSEED": "1"}
    done = subprocess.run([python, "-c", script, str(path), *more], capture_output=True, text=True, check=True,
                          env=os.environ | ours)
    return json.loads(done.stdout.strip().splitlines()[-1])


def apart(ours: list[float], theirs: list[float]) -> float:
    return max(abs(one / other - 1) for one, other in zip(ours, theirs, strict=True))


def main() -> int:
    """Prints both sides and the ratio; 1 when they differ or ours costs more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="the python of an environment with pyfixest 0.60.0")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.parquet"
        panel_file(path, args.rows)
        pairs = [(run(sys.executable, OURS, path, "1"), run(args.peer, PEER, path)) for _ in range(args.repeats)]
        merged = run(sys.executable, OURS, path, str(BUCKETS))
    ratios = sorted(theirs["cpu"] / ours["cpu"] for ours, theirs in pairs)
    for name, side in (("ours", [pair[0] for pair in pairs]), ("pyfixest", [pair[1] for pair in pairs])):
        print(f"{name:9} {statistics.median(one['cpu'] for one in side):.2f} CPU-s, "
              f"{statistics.median(one['wall'] for one in side):.2f} s by the clock, "
              f"{side[0]['mib']:.0f} MiB, n {side[0]['n']}")
    difference, of_buckets = apart(pairs[0][0]["told"], pairs[0][1]["told"]), apart(merged["told"], pairs[0][0]["told"])
    ratio = statistics.median(ratios)
    print(f"{ratio:.2f} x less CPU ({ratios[0]:.2f} to {ratios[-1]:.2f}); coefficients and errors differ by "
          f"{difference:.1e} at most; merged from {BUCKETS} buckets by {of_buckets:.1e}, {merged['cpu']:.2f} CPU-s")
    return int(difference > EQUAL or of_buckets > EQUAL or ratio < 1)


if __name__ == "__main__":
    sys.exit(main())
