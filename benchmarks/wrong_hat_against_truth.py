"""How often a flag of the wrong hat is right: the analysis against the demo hospital's own truth.

    python -m benchmarks.wrong_hat_against_truth [--people 1500] [--seed 11]

The truth is read here and nowhere else. Prints, for patients who were hurried and customers who were over-engaged, the
share of truly wrong contacts that are flagged and of the others that are not, with n and 95 % intervals, what cannot be
told, and the rate that is shown beside the true one. A second hospital in which everybody is served well must show
under 2 %, a third in which half of all are served in the wrong hat must show what it is.
"""

import argparse
import csv
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.hats_against_truth import built
from twohats.demo.plan import Plan
from twohats.demo.writing import write_demo
from twohats.store.estimates import wilson

POLES = {"patient": "hurried", "customer": "over_engaged"}
WELL_SERVED = 0.02


class Judged(NamedTuple):
    """A contact that is in the truth and was judged: what was flagged, what is true."""

    hat: str
    flagged: bool | None
    is_wrong: bool


def judged(plan: Plan) -> list[Judged]:
    """Every judged contact of a demo hospital that the truth knows."""
    with tempfile.TemporaryDirectory() as folder:
        write_demo(plan, Path(folder), 1)
        made = built(Path(folder), "full")
        with next(Path(folder).glob("**/truth/served.csv")).open() as file:
            wrong: dict[tuple[str, str], bool] = {}
            for row in csv.DictReader(file):
                if row["hat"] in POLES:
                    key = (row["hat"], row["resource"])
                    wrong[key] = wrong.get(key, False) or row["served_wrong"] == POLES[row["hat"]]
    connection = duckdb.connect()
    try:
        for name in ("wrong_hat", "interactions"):
            connection.register(name, made[name])
        rows = connection.execute("""
            SELECT wrong_hat.hat, flagged,
                CASE WHEN interactions.encounter IS NULL THEN resource ELSE 'Encounter/' || interactions.encounter END
            FROM wrong_hat JOIN interactions USING (interaction)""").fetchall()
    finally:
        connection.close()
    return [Judged(hat, flagged, wrong[hat, resource]) for hat, flagged, resource in rows if (hat, resource) in wrong]


def told(part: int, of: int) -> str:
    low, high = wilson(part, of)
    return f"{part / of:.3f} ({low:.3f} to {high:.3f}, n {of})" if of else "none"


def print_poles(found: list[Judged]) -> None:
    for hat, name in POLES.items():
        own = Counter((one.flagged, one.is_wrong) for one in found if one.hat == hat)
        known = {key: count for key, count in own.items() if key[0] is not None}
        wrong = sum(count for (_, is_wrong), count in known.items() if is_wrong)
        right = sum(known.values()) - wrong
        flagged = own[True, True] + own[True, False]
        print(f"{name} ({hat}'s hat)")
        print(f"  truly wrong and flagged      {told(own[True, True], wrong)}")
        print(f"  served well and not flagged  {told(own[False, False], right)}")
        print(f"  rate shown {told(flagged, wrong + right)}, true rate {wrong / max(1, wrong + right):.3f}")
        print(f"  cannot be told {told(sum(own.values()) - sum(known.values()), sum(own.values()))}")


def rates(found: list[Judged]) -> str:
    said = []
    for hat, name in POLES.items():
        known = [one.flagged for one in found if one.hat == hat and one.flagged is not None]
        said.append(f"{name} {told(sum(known), len(known))}")
    return "; ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    plan = Plan(as_of=date(2026, 11, 20), people=args.people, seed=args.seed)
    print_poles(judged(plan))
    well = replace(plan, over_engaged_rate=0.0, hurried_rate=0.0)
    print(f"everybody served well (goal under {WELL_SERVED:.0%}): {rates(judged(well))}")
    badly = replace(plan, over_engaged_rate=0.5, hurried_rate=0.5, unhappy_tilt=1.0)
    print(f"half of all served in the wrong hat: {rates(judged(badly))}")


if __name__ == "__main__":
    main()
