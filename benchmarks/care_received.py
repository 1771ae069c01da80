"""Claim: what over-engaging somebody at the desk does to what they understand is found within persons, as planted.

    python -m benchmarks.care_received [--seeds 200] [--people 2000] [--processes 2]

Draws a demo hospital with every seed. What was taught is said back rightly or not (the demo's own Observations); who
was over-engaged at the desk before understands less, and so do unhappy people, who are over-engaged more often. Prints
the planted change in points of a hundred, the mean of the estimates within persons and how often the 95 % interval
holds the planted number; what a plain comparison of visits says; and the placebo: the next visit's desk, which changes
nothing.
"""

import argparse
import csv
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from twohats.analysis.findings.panel import Method, Question, panel
from twohats.demo.hospital import Hospital
from twohats.demo.paper import FILES, HEADERS
from twohats.demo.plan import Plan
from twohats.demo.story import tell
from twohats.store.estimates import wilson

PLAN = Plan(as_of=date(2026, 11, 20), over_engaged_rate=0.2)
"""More are over-engaged than by default, so that a few thousand people tell as much as many would."""
QUESTION = Question("rightly", ("over_engaged",))
PLACEBO = Question("rightly", ("next_over_engaged", "over_engaged"))


def visits(plan: Plan) -> pa.Table:
    """One row per visit with a teach-back: whose, over-engaged there and next time or not, said back rightly or not."""
    hospital, served = Hospital(plan), HEADERS["truth/served"].split(",")
    rows = []
    for index in range(plan.people):
        lines: dict[str, list[str]] = {name: [] for name in FILES}
        tell(hospital, index, lines)
        over: dict[str, bool] = {}
        for part in csv.DictReader(lines["truth/served"], served):
            if part["encounter"]:
                over[part["encounter"]] = over.get(part["encounter"], False) or part["served_wrong"] == "over_engaged"
        said = {}
        for line in lines["fhir/Observation"]:
            if '"Teach-back"' in line:
                told = json.loads(line)
                encounter = told["encounter"]["reference"].split("/")[1]
                said[encounter] = 100.0 * (told["interpretation"][0]["coding"][0]["code"] == "POS")
        order = list(over)
        for at, encounter in enumerate(order):
            if encounter in said:
                later = float(over[order[at + 1]]) if at + 1 < len(order) else None
                rows.append((index, float(over[encounter]), later, said[encounter]))
    person, here, later, rightly = zip(*rows, strict=True)
    return pa.table({"person": person, "over_engaged": here, "next_over_engaged": pa.array(later, pa.float64()),
                     "rightly": rightly})


def of_one_seed(plan: Plan, seed: int) -> list[tuple[float, float, float]]:
    table = visits(replace(plan, seed=seed))
    asked = (QUESTION, replace(QUESTION, method=Method.POOLED), PLACEBO)
    answers = [panel(table, question).terms[0] for question in asked]
    return [(one.estimate, one.lower, one.upper) for one in answers]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    plan, fresh = replace(PLAN, people=args.people), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.processes, mp_context=fresh) as pool:
        found = np.array(list(pool.map(partial(of_one_seed, plan), range(1, args.seeds + 1))))
    planted = 100 * plan.over_engaged_understanding
    for at, (way, truth) in enumerate((("within persons", planted), ("visits compared", planted), ("placebo", 0.0))):
        estimate, lower, upper = found[:, at].T
        covers = int(((lower <= truth) & (truth <= upper)).sum())
        low, high = wilson(covers, len(found))
        wobble = estimate.std(ddof=1) / len(found) ** 0.5
        print(f"{way:15} planted {truth:6.2f}, mean {estimate.mean():6.2f} (se {wobble:.2f}), "
              f"95 % interval covers {covers / len(found):.1%} ({low:.1%} to {high:.1%}), n {len(found)}")


if __name__ == "__main__":
    main()
