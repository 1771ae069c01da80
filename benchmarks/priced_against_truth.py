"""Claims: what the wrong hat did is found within persons, corrected for hats told wrongly, at the planted size.

    python -m benchmarks.priced_against_truth [--seeds 200] [--people 10000] [--processes 2]

Draws a demo hospital with every seed: what happened to people and what they answered afterwards are its own; unhappy
people are served in the wrong hat more often. The hat of 0, 10 and 20 % of the contacts is then told wrongly: a
hurried patient taken for a customer seems well served, a quick customer taken for a patient seems hurried. Prints, for
points of satisfaction and for leaving, the mean of the estimates within persons as they are and corrected (by the rates
of the whole, and by a sample of 300 contacts that people looked at), how often the 95 % interval holds the planted
number, and what the same regression without person effects says. Then, with nothing planted and a quarter of the
people, how often an effect is claimed.
"""

import argparse
import csv
import multiprocessing
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from twohats.analysis.findings.correcting import Labelled, effects, effects_by_sample
from twohats.analysis.findings.estimates import Estimate
from twohats.analysis.findings.panel import Method
from twohats.analysis.findings.pricing import SERVED, TRULY, WRONGS
from twohats.demo.hospital import Hospital
from twohats.demo.paper import FILES, HEADERS
from twohats.demo.plan import Plan
from twohats.demo.story import tell
from twohats.store.estimates import wilson
from twohats.words.problems import Problem

PLAN = Plan(as_of=date(2026, 11, 20), over_engaged_rate=0.2, hurried_rate=0.25)
"""More is done wrongly than by default, so that a few thousand people tell as much as many would."""
ERRORS = (0.0, 0.1, 0.2)
LEAST, MOST, NEAR, CLAIMS = 0.905, 0.985, 0.05, 0.09
LABELLED = 300


class Lived(NamedTuple):
    """What one demo hospital's people lived through, contact by contact, and said, row by row."""

    contacts: np.ndarray
    """Contacts x (row, true class, 1 where time was wanted); rows are visits and calls."""
    persons: np.ndarray
    kinds: np.ndarray
    """By row: 1 for a call."""
    satisfaction: np.ndarray
    """By row; not a number where nobody answered."""
    left: np.ndarray


def lived(plan: Plan) -> Lived:
    """One demo hospital, person by person."""
    hospital = Hospital(plan)
    served, answers = HEADERS["truth/served"].split(","), HEADERS["csv/surveys"].split(",")
    contacts, persons, kinds, satisfaction, left = [], [], [], [], []
    for index in range(plan.people):
        lines: dict[str, list[str]] = {name: [] for name in FILES}
        tell(hospital, index, lines)
        said = _said(lines["csv/surveys"], answers)
        rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in csv.DictReader(lines["truth/served"], served):
            rows[row["resource"]].append(row)
        for resource, parts in rows.items():
            for part in (part for part in parts if part["hat"] in ("customer", "patient")):
                true = TRULY.index((part["hat"], part["served_wrong"] != "none"))
                contacts.append((len(persons), true, part["wanted"] == "time"))
            persons.append(index)
            kinds.append(resource.startswith("contacts/"))
            satisfaction.append(said.get(resource.split("/")[1], np.nan))
            left.append(any(part["left"] == "true" for part in parts))
    return Lived(np.array(contacts), np.array(persons), np.array(kinds, dtype=int), np.array(satisfaction),
                 np.array(left, dtype=float))


def _said(lines: list[str], names: list[str]) -> dict[str, float]:
    """Points by the visit or call they are about."""
    rows = csv.DictReader(lines, names)
    return {row["encounter_id"] or row["contact_id"]: float(row["value"]) for row in rows
            if row["item"] == "satisfaction" and (row["encounter_id"] or row["contact_id"])}


def told_of(drawn: Lived, error: float, random: np.random.Generator) -> np.ndarray:
    """What each contact is told to be where the hat of so many is mistaken."""
    true = drawn.contacts[:, 1]
    taken_for = np.array([TRULY.index(("patient" if hat == "customer" else "customer", not is_wrong))
                          for hat, is_wrong in TRULY])
    return np.where(random.random(len(true)) < error, taken_for[true], true)


def rows_of(drawn: Lived, told: np.ndarray, outcome: np.ndarray) -> pa.Table:
    row, many = drawn.contacts[:, 0], len(drawn.persons)
    counted = {name: np.bincount(row[told == number], minlength=many).astype(float)
               for number, name in enumerate(SERVED.columns, 1)}
    return pa.table({"person": drawn.persons, "kind": drawn.kinds,
                     "sides": np.bincount(row, minlength=many).astype(float),
                     "time_wanted": np.bincount(row, drawn.contacts[:, 2], many), **counted, "outcome": outcome})


def looked_at(true: np.ndarray, told: np.ndarray, random: np.random.Generator) -> Labelled:
    """A sample of contacts, as many of each class told."""
    counts = np.zeros((len(TRULY),) * 2)
    for number in range(len(TRULY)):
        of_class = np.flatnonzero(told == number)
        chosen = random.choice(of_class, min(LABELLED // len(TRULY), len(of_class)), replace=False)
        counts[number] = np.bincount(true[chosen], minlength=len(TRULY))
    return Labelled(counts, np.bincount(told, minlength=len(TRULY)).astype(float))


def whole(true: np.ndarray, told: np.ndarray) -> np.ndarray:
    counts = np.zeros((len(TRULY),) * 2)
    np.add.at(counts, (true, told), 1)
    return counts / counts.sum(axis=1, keepdims=True)


Told = list[tuple[float, float, float]]


def of_one_seed(plan: Plan, seed: int) -> dict[tuple[str, float, str], Told]:
    """By outcome, error of hats and way: estimate, lower and upper of both directions."""
    drawn, random = lived(replace(plan, seed=seed)), np.random.default_rng(seed)
    found: dict[tuple[str, float, str], Told] = {}
    outcomes = (("satisfaction", drawn.satisfaction, Method.WITHIN), ("leaving", 100 * drawn.left, Method.POOLED))
    for error in ERRORS:
        told, true = told_of(drawn, error, random), drawn.contacts[:, 1]
        answered = np.isfinite(drawn.satisfaction)[drawn.contacts[:, 0]]
        for name, outcome, method in outcomes:
            table, asked = rows_of(drawn, told, outcome), SERVED.question("outcome", ("kind",), method)
            among = answered if name == "satisfaction" else np.ones(len(true), dtype=bool)
            ways = {
                "as told": partial(effects, lambda t=table: [t], asked, SERVED),
                "corrected": partial(effects, lambda t=table: [t], asked, SERVED, whole(true[among], told[among])),
                "by a sample": partial(effects_by_sample, lambda t=table: [t], asked, SERVED,
                                       looked_at(true[among], told[among], random)),
            }
            if method is Method.WITHIN and not error:
                ways["pooled"] = partial(effects, lambda t=table: [t], replace(asked, method=Method.POOLED), SERVED)
            for way, estimated in ways.items():
                found[name, error, way] = numbers(estimated)
    return found


def numbers(estimated: Callable[[], tuple[Estimate, ...]]) -> Told:
    """Not numbers where the analysis refuses to give one."""
    try:
        return [(one.estimate, one.lower, one.upper) for one in estimated()[: len(WRONGS)]]
    except Problem:
        return [(np.nan,) * 3] * len(WRONGS)


def summed(plan: Plan, found: list[dict[tuple[str, float, str], Told]]) -> None:
    planted = {"satisfaction": (plan.over_engaged_points, plan.hurried_points),
               "leaving": (100 * plan.over_engaged_leaving, 100 * plan.hurried_leaving)}
    for key in found[0]:
        outcome, error, way = key
        drawn = np.array([one[key] for one in found])
        each = drawn[np.isfinite(drawn).all(axis=(1, 2))]
        for at, direction in enumerate(WRONGS):
            truth, held = planted[outcome][at], each[:, at]
            covers = int(((held[:, 1] <= truth) & (truth <= held[:, 2])).sum())
            claims = int(((held[:, 1] > 0) | (held[:, 2] < 0)).sum())
            mean, wobble = held[:, 0].mean(), held[:, 0].std(ddof=1) / len(held) ** 0.5
            low, high = wilson(covers, len(held))
            off = f", {mean / truth - 1:+.1%} off" if truth else ""
            print(f"{outcome:12} hats mistaken {error:3.0%} {way:11} {direction:12} planted {truth:5.2f}, "
                  f"mean {mean:6.3f} (se {wobble:.3f}{off}), 95 % interval covers {covers / len(held):.1%} "
                  f"({low:.1%} to {high:.1%}), effect claimed in {claims / len(held):.1%}, n {len(held)}"
                  + (f", refused {len(drawn) - len(each)}" if len(drawn) > len(each) else ""), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    planted = replace(PLAN, people=args.people)
    nothing = replace(planted, people=args.people // 4, over_engaged_points=0.0, hurried_points=0.0,
                      over_engaged_leaving=0.0, hurried_leaving=0.0)
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.processes, mp_context=fresh) as pool:
        for says, plan in (("planted effects", planted), ("nothing planted", nothing)):
            print(says)
            summed(plan, list(pool.map(partial(of_one_seed, plan), range(1, args.seeds + 1))))


if __name__ == "__main__":
    main()
