"""Claims: medians from counts in bins of 50 million things take under 2 GB, and lie within 5 % of the exact ones.

    python -m benchmarks.medians_at_scale [--rows 50000000] [--exact 5000000]

Things are measured bucket by bucket, as a build does it: each bucket goes through the build's own stage
(79_spreads_parts.sql), its counts are merged with the others by the build's own sums. Four ways in which times are
spread: as waits are, with a heavy tail, with many at nothing, and clicked at full five minutes. The share of things
whose median is exact is taken from the first buckets, which are kept aside.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict

import numpy as np
import pyarrow as pa

from twohats.analysis.context import above
from twohats.analysis.parts import PARTS, sum_sql
from twohats.analysis.stages import run_stage, sql_stage
from twohats.store.engine import arrow, connect, keep
from twohats.store.estimates import came_about, when

BUCKET = 1_000_000
TREE = ("unit", "parent", "merged_into", "time_zone")
GOAL_BYTES, GOAL_ERROR = 2_000_000_000, 0.05
UNITS = 60
SITES = 4
"""Units lie below sites, sites below one system."""
FIRST_DAY, DAYS = 1_735_689_600, 365
"""1 January 2025, in seconds from 1970."""


def spread(random: np.random.Generator, measure: str, n: int) -> np.ndarray:
    """Whole seconds of n things."""
    if measure == "as waits are":
        return np.exp(random.normal(7.2, 0.9, n)).astype(np.int64)
    if measure == "with a heavy tail":
        return (300 * (1 + random.pareto(1.1, n))).clip(max=8_640_000).astype(np.int64)
    if measure == "many at nothing":
        return np.where(random.random(n) < 0.3, 0, random.gamma(2.0, 900.0, n)).astype(np.int64)
    return (300 * np.maximum(1, np.rint(np.exp(random.normal(1.5, 0.7, n))))).astype(np.int64)


MEASURES = ("as waits are", "with a heavy tail", "many at nothing", "clicked at five minutes")


def bucket(number: int) -> pa.Table:
    """One bucket of things measured."""
    random = np.random.default_rng([number, 20261127])
    kinds = random.integers(0, len(MEASURES), BUCKET)
    amounts = np.zeros(BUCKET, np.int64)
    for kind, measure in enumerate(MEASURES):
        here = kinds == kind
        amounts[here] = spread(random, measure, int(here.sum()))
    seconds = FIRST_DAY + random.integers(0, DAYS * 86_400, BUCKET)
    units = pa.array([f"unit-{one:02}" for one in range(UNITS)])
    return pa.table({
        "measure": pa.array(MEASURES).take(pa.array(kinds)),
        "unit": units.take(pa.array(random.integers(0, UNITS, BUCKET))),
        "person": pa.array(random.integers(0, 20_000, BUCKET) + number * 20_000),
        "happened_at": pa.array(seconds * 1_000_000, pa.timestamp("us", "UTC")),
        "amount": pa.array(amounts),
        "ended": pa.array(["done"] * 1).take(pa.array(np.zeros(BUCKET, np.int64))),
    })


def tree() -> pa.Table:
    """Units below sites below a system."""
    rows = [{"unit": "system", "parent": None}]
    rows += [{"unit": f"site-{one}", "parent": "system"} for one in range(SITES)]
    rows += [{"unit": f"unit-{one:02}", "parent": f"site-{one % SITES}"} for one in range(UNITS)]
    return pa.Table.from_pylist([row | {"merged_into": None, "time_zone": "America/Chicago"} for row in rows],
                                pa.schema([(name, pa.string()) for name in TREE]))


def counted(rows: int, exact: int) -> dict[str, object]:
    """Counts of all rows, and how far their quantiles lie from the exact ones of the first rows."""
    connection = connect()
    units, stage, part = tree(), sql_stage("measures/79_spreads_parts.sql"), PARTS["spreads_parts"]
    keep(connection, "above", above(units))
    keep(connection, "site_zones", units.select(["unit", "time_zone"]))
    sums: pa.Table | None = None
    errors: list[float] = []
    aside: dict[tuple[str, str], list[np.ndarray]] = defaultdict(list)
    began = time.process_time()
    for number in range(rows // BUCKET):
        made = bucket(number)
        if number < exact // BUCKET:
            _put_aside(aside, made)
        keep(connection, "measured", made)
        run_stage(connection, stage)
        held = arrow(connection, "FROM spreads_parts")
        keep(connection, "plus", held if sums is None else pa.concat_tables([sums, held.cast(sums.schema)]))
        keep(connection, "minus", held.slice(0, 0))
        sums = arrow(connection, sum_sql(part))
        if number + 1 == exact // BUCKET:
            errors = _errors(sums, aside)
            aside.clear()
    return {
        "cpu": time.process_time() - began, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "cells": 0 if sums is None else sums.num_rows, "errors": errors,
    }


def _put_aside(aside: dict[tuple[str, str], list[np.ndarray]], made: pa.Table) -> None:
    measures, units = (np.array(made[name].to_pylist(), object) for name in ("measure", "unit"))
    amounts = made["amount"].to_numpy()
    for measure in MEASURES:
        for unit in (*(f"unit-{one:02}" for one in range(0, UNITS, 10)), "*"):
            here = (measures == measure) & ((units == unit) | (unit == "*"))
            aside[measure, unit].append(amounts[here])


def _errors(sums: pa.Table, aside: dict[tuple[str, str], list[np.ndarray]]) -> list[float]:
    """Relative errors of medians and ninth deciles of the year, of every kind and unit put aside."""
    bins: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in sums.to_pylist():
        if row["period"] == "2025" and (row["measure"], row["unit"]) in aside:
            bins[row["measure"], row["unit"]][row["bin"]] = row["times"]
    errors = []
    for key, amounts in aside.items():
        points = came_about(bins[key], {}, {})
        for share in (0.5, 0.9):
            truth = float(np.quantile(np.concatenate(amounts), share, method="inverted_cdf"))
            errors.append(abs((when(points, share) or 0.0) - truth) / truth)
    return errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--exact", type=int, default=5_000_000)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(counted(args.rows, args.exact)))
        return
    # In a process of its own, whose peak is its own.
    command = [sys.executable, "-m", "benchmarks.medians_at_scale", "--child", "--rows", str(args.rows),
               "--exact", str(args.exact)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    errors = sorted(told["errors"])
    print(f"{args.rows:,} things in {args.rows // BUCKET} buckets: {told['cpu']:.0f} CPU-seconds,"
          f" {told['cells']:,} counts, peak {told['peak'] / 1e6:.0f} MB; goal under {GOAL_BYTES / 1e6:.0f} MB")
    print(f"beside exact quantiles of {args.exact:,}: {len(errors)} medians and ninth deciles, largest error"
          f" {errors[-1]:.2%}, middle {errors[len(errors) // 2]:.2%}; goal at most {GOAL_ERROR:.0%}")


if __name__ == "__main__":
    main()
