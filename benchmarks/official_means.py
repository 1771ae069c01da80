"""Official composites attacked with their means too: can anybody count back to 1 to 10 people with one answer?

    python -m benchmarks.official_means --home HOME

Known to the attacker: all that pages tell (answers, boxes, means in whole points) and what adds up. An adjusted mean
is the plain one and something that nobody is told: it adds nothing to what is known. Two integer
programs for each answer, and for all but the best, of each cell of composites with four answers. Goal: none derived.
"""

import argparse
import os
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from twohats.store.margins import FEWEST
from twohats.words.instruments import instruments
from twohats.words.measures import official

POINTS = (0, 100 / 3, 200 / 3, 100)
ANSWERS = {"never": (0,), "sometimes": (1,), "usually": (2,), "always": (3,), "worst": (0, 1), "not best": (0, 1, 2)}
SECONDS = 3


def main() -> None:
    """Prints what could be derived."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    args = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "twohats.service.settings"
    os.environ["TWOHATS_HOME"] = str(args.home.resolve())
    import django  # late: settings come first

    django.setup()
    from twohats.service import releases
    from twohats.service.pages.measures.composites import composites_of

    composites = composites_of(releases.current())
    attacked = found = 0
    for asked in instruments():
        for one in asked.composites:
            if {asked.scales[item].type for item in one.items} == {"often"}:
                tried, derived = attack(composites, asked, one)
                attacked, found = attacked + tried, found + derived
    print(f"attacked {attacked} counts of one answer by integer programs, means known: {found} derived")


def attack(composites: Any, asked: Any, one: Any) -> tuple[int, int]:
    """How many counts of a composite were attacked, and how many derived."""
    key = official(asked, one)
    cells = sorted((unit, period) for composite, unit, period in composites.rows if composite == key)
    place = {one_answer: number for number, one_answer in enumerate(product(cells, range(4)))}
    known: list[tuple[dict[int, float], float, float]] = []
    for total, parts in composites.families:
        if total.composite == key and total.side == parts[0].side == "all":
            known += [({place[total[1:3], answer]: -1, **{place[part[1:3], answer]: 1 for part in parts}}, 0, 0)
                      for answer in range(4)]
    told = [cell for cell in cells if composites.told(asked, one, *cell).people]
    for cell in told:
        known += list(shown(composites, asked, one, cell, [place[cell, answer] for answer in range(4)]))
    if not known:
        return 0, 0
    matrix, low, high = np.zeros((len(known), len(place))), [], []
    for row, (terms, least, most) in enumerate(known):
        matrix[row, list(terms)] = list(terms.values())
        low.append(least)
        high.append(most)
    held = LinearConstraint(matrix, low, high)
    targets = [[place[cell, answer] for answer in answers] for cell in told for answers in ANSWERS.values()]
    return len(targets), sum(is_derived(held, target, len(place)) for target in targets)


def shown(composites: Any, asked: Any, one: Any, cell: tuple[str, str], places: Sequence[int]) -> Any:
    """What a page tells of a cell: its answers, boxes, and the mean as it is rounded."""
    told, row = composites.told(asked, one, *cell), composites.rows[official(asked, one), *cell]["*"]
    yield dict.fromkeys(places, 1), row["answers"], row["answers"]
    if told.top is not None:
        yield {places[3]: 1}, row["top"], row["top"]
    if told.bottom is not None:
        yield {places[2]: 1}, row["middle"], row["middle"]
    if told.mean is not None:
        points = [(round(told.mean.value) + half) * row["answers"] for half in (-0.5, 0.5)]
        yield dict(zip(places, POINTS, strict=True)), *points


def is_derived(held: LinearConstraint, target: Sequence[int], cells: int) -> bool:
    """Whether every table that fits puts the sum of the target between 1 and 10."""
    ends = []
    for sign in (1, -1):
        aim = np.zeros(cells)
        aim[list(target)] = sign
        found = milp(aim, constraints=held, bounds=Bounds(0, np.inf), integrality=np.ones(cells),
                     options={"time_limit": SECONDS})
        ends.append(None if found.fun is None else round(sign * found.fun))
    return None not in ends and ends[0] >= 1 and ends[1] < FEWEST


if __name__ == "__main__":
    main()
