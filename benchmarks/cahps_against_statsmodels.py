"""Case-mix adjustment of 20 items in 60 units from sums, against statsmodels on unit-demeaned data, in one run.

    python -m benchmarks.cahps_against_statsmodels --peer /path/to/venv/bin/python [--answers 10000000] [--repeats 3]

Both sides start from one Parquet file, one row for each respondent: unit, three adjusters, 20 items from 1 to 4, a
tenth of them not answered. Each side reads it, fits one regression per item within units and tells coefficients,
R-squared, and the adjusted mean of every unit with its variance; ours also tells tests, marks and box shares. A fresh
process each, turn and turn about, measured by CPU seconds from start to end. statsmodels is a peer and never a
dependency: it lives in an environment of its own (requirements-peers.txt).
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

GOAL, EQUAL, MEMORY = 5.0, 1e-8, 500
UNITS, ITEMS = 60, 20
ADJUSTERS = ("HEALTH", "AGE", "SCHOOL")
KEYS = tuple(f"Q{at:02}" for at in range(ITEMS))

OURS = """
import json, resource, sys
import numpy as np
import pyarrow.parquet as pq
from benchmarks.cahps_against_statsmodels import ADJUSTERS, KEYS, UNITS
from twohats.analysis.measures.cahps.design import Coded, Design, Measure
from twohats.analysis.measures.cahps.layout import layout_of
from twohats.analysis.measures.cahps.moments import Batch, moments_of
from twohats.analysis.measures.cahps.scales import ScaleType, scale_of
from twohats.analysis.measures.cahps.scoring import scored
scale = scale_of(ScaleType.OFTEN)
design = Design("unit", {key: Coded(key, key, scale=scale) for key in KEYS},
                tuple(Measure(key, (key,)) for key in KEYS), tuple(Coded(key, key) for key in ADJUSTERS))
layout, total = layout_of(design), None
names = tuple("unit %02d" % at for at in range(UNITS))
for block in pq.ParquetFile(sys.argv[1]).iter_batches(batch_size=32768):
    def columns(keys):
        return np.column_stack([block.column(key).to_numpy(zero_copy_only=False) for key in keys])
    own = moments_of(Batch(names, block.column("unit").to_numpy(), columns(KEYS), columns(ADJUSTERS)), layout)
    total = own if total is None else total + own
told = {}
for measure in design.measures:
    score = scored(total, design, measure)
    told[measure.key] = {"coefficients": score.fits[0][3].coefficients.tolist(),
        "r_squared": score.fits[0][3].r_squared, "adjusted": score.groups[0].comparison.adjusted.tolist(),
        "variances": score.groups[0].variance.tolist()}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024, "told": told}))
"""

PEER = """
import json, resource, sys
import pandas
import statsmodels.api as sm
adjusters, keys = sys.argv[2].split(","), sys.argv[3].split(",")
answers = pandas.read_parquet(sys.argv[1])
told = {}
for key in keys:
    own = answers[["unit", key, *adjusters]].dropna()
    means = own.groupby("unit").mean()
    demeaned = own[[key, *adjusters]] - means.loc[own["unit"]].to_numpy()
    fit = sm.OLS(demeaned[key], demeaned[adjusters]).fit()
    adjusted = means[key] + (means[adjusters].mean() - means[adjusters]) @ fit.params
    adjusted += means[key].mean() - adjusted.mean()
    left = (fit.resid ** 2).groupby(own["unit"])
    told[key] = {"coefficients": fit.params.tolist(), "r_squared": fit.rsquared, "adjusted": adjusted.tolist(),
        "variances": (left.sum() / left.size() ** 2).tolist()}
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024, "told": told}))
"""


def answers(path: Path, count: int) -> None:
    """So many answers of count / 20 respondents, in Parquet; items hang on the unit and on the adjusters."""
    dice = np.random.default_rng(7)
    respondents = count // ITEMS
    unit = dice.integers(0, UNITS, respondents, dtype=np.int64)
    adjusters = np.column_stack([dice.integers(1, 6, respondents), dice.integers(1, 8, respondents),
                                 dice.integers(1, 7, respondents)]).astype(float)
    mood = dice.normal(size=respondents) + 0.004 * unit
    table = {"unit": unit, **dict(zip(ADJUSTERS, adjusters.T, strict=True))}
    for at, key in enumerate(KEYS):
        level = (2.8 + mood + 0.02 * at - 0.15 * adjusters[:, 0] + 0.1 * adjusters[:, 1]
                 + dice.normal(size=respondents))
        value = np.clip(np.round(level), 1, 4)
        value[dice.random(respondents) < 0.1] = np.nan
        table[key] = value
    pq.write_table(pa.table(table), path, row_group_size=131_072)


def run(python: str, script: str, *words: str) -> dict:
    """One whole job in a process of its own."""
    done = subprocess.run([python, "-c", script, *words], capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)})
    return json.loads(done.stdout.strip().splitlines()[-1])


def differ(ours: dict, peer: dict) -> float:
    """The largest difference of any number told by both."""
    def numbers(told: dict) -> np.ndarray:
        return np.array([number for key in KEYS for number in (*told[key]["coefficients"], told[key]["r_squared"],
                                                               *told[key]["adjusted"], *told[key]["variances"])])

    return float(np.abs(numbers(ours["told"]) - numbers(peer["told"])).max())


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
        pairs = [(run(sys.executable, OURS, str(path)),
                  run(args.peer, PEER, str(path), ",".join(ADJUSTERS), ",".join(KEYS)))
                 for _ in range(args.repeats)]
    ratios = sorted(peer["cpu"] / ours["cpu"] for ours, peer in pairs)
    worst = max(differ(ours, peer) for ours, peer in pairs)
    memory = max(ours["mib"] for ours, _ in pairs)
    ours_cpu, peer_cpu = (statistics.median(pair[side]["cpu"] for pair in pairs) for side in (0, 1))
    print(f"{args.answers:,} answers to {ITEMS} items in {UNITS} units, {args.repeats} runs each, turn and turn about")
    print("CPU seconds of the whole job, median:")
    print(f"ours {ours_cpu:.2f} s, {memory:.0f} MiB (goal under {MEMORY}); "
          f"statsmodels {peer_cpu:.2f} s, {max(peer['mib'] for _, peer in pairs):.0f} MiB")
    print(f"ratio {statistics.median(ratios):.1f} x (from {ratios[0]:.1f} to {ratios[-1]:.1f}); goal {GOAL:g} x")
    print(f"largest difference of {ITEMS * (len(ADJUSTERS) + 1 + 2 * UNITS):,} numbers: {worst:.1e}; goal {EQUAL:.0e}")
    return 0 if statistics.median(ratios) >= GOAL and worst <= EQUAL and memory < MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
