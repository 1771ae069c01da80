"""Measures and official composites of a home, attacked: what share of cells is hidden, and is a small one derived.

    python -m benchmarks.small_numbers --home HOME [--attacked 400]

Goal: at most 55 % of the cells hidden, no cell of 1 to 10 people derived. Every hidden small cell is squeezed between
its neighbours when the release is read; so many of them, drawn evenly, are attacked by an integer program too. Where
the home keeps the release before, both are attacked together: as they are alone, and as they are published.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from twohats.store.attack import Guarded, derived, derived_from_both, guarded_beside
from twohats.store.margins import FEWEST
from twohats.words.instruments import instruments
from twohats.words.measures import official

GOAL = 0.55
REST = "!"
"""At the end of a unit: without what lies below it."""


def main() -> None:
    """Prints the share hidden by kind of unit, and what the attacker found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--attacked", type=int, default=400)
    args = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "twohats.service.settings"
    os.environ["TWOHATS_HOME"] = str(args.home.resolve())
    import django  # late: settings come first

    django.setup()
    from twohats.service import releases
    from twohats.service.pages.leader.cube import Cube
    from twohats.service.pages.measures.answered_how import AnsweredHow
    from twohats.service.pages.measures.composites import Composites
    from twohats.service.pages.measures.numbers import Numbers

    reader = releases.current()
    began = time.process_time()
    numbers = Numbers(reader, Cube(reader))
    composites = Composites(reader, numbers)
    print(f"release {reader.id}: {len(numbers.counts)} + {len(composites.counts)} cells of measures and composites,"
          f" {len(numbers.families)} + {len(composites.families)} additions, read and secured in"
          f" {time.process_time() - began:.1f} CPU-seconds")
    told = hidden_of(numbers, numbers.sums, lambda *cell: numbers.told(*cell).why_not in ("few", "part"))
    by_key = {official(asked, one): (asked, one) for asked in instruments() for one in asked.composites}
    scores = {cell: composites.told(*by_key[cell[0]], *cell[1:]) for cell in composites.rows}
    told += hidden_of(numbers, scores, lambda *cell: scores[cell].top is None and scores[cell].mean is None)
    told += Counter(("groups", numbers.told(key, "*", year, group).why_not in ("few", "part"))
                    for key, year, group in numbers.of_groups)
    for kind in sorted({kind for kind, _ in told}):
        cells = told[kind, True] + told[kind, False]
        print(f"  {kind or 'unknown':12} {cells:6} cells, {told[kind, True] / cells:.1%} hidden")
    hidden = sum(count for (_, is_hidden), count in told.items() if is_hidden)
    units = told.total() - told["groups", False] - told["groups", True]
    print(f"hidden {hidden / told.total():.1%} of {told.total()} cells; goal at most {GOAL:.0%};"
          f" without the groups of people {(hidden - told['groups', True]) / units:.1%} of {units}")
    shown = [one for cell, one in scores.items() if not cell[1].endswith(REST) and not one.why_not]
    print(f"of {len(shown)} composites told, {sum(one.top is not None for one in shown)} with the best box,"
          f" {sum(one.bottom is not None for one in shown)} with all boxes,"
          f" {sum(one.mean is not None for one in shown)} with the mean")
    attack("measures", numbers, args.attacked)
    attack("composites", composites, args.attacked)
    how = AnsweredHow(reader, numbers)
    wholes = [cell for cell in how.people if cell.cut == "all" and not cell.unit.endswith(REST)]
    mixes = [how.mix(cell.score, cell.unit, cell.period) for cell in wholes]
    print(f"of {len(wholes)} surveys by unit and period, {sum(bool(mix and mix.mode) for mix in mixes)} tell modes,"
          f" {sum(bool(mix and mix.language) for mix in mixes)} languages,"
          f" {sum(bool(mix and 'proxy' in mix.respondent) for mix in mixes)} who answered for the person")
    attack("how forms were answered", how, args.attacked)
    other = releases.another(reader)
    if other is not None:
        cube, before = Cube(reader), Cube(other)
        numbers_before = Numbers(other, before)
        together("overview", cube, before)
        together("measures", numbers, numbers_before)
        together("composites", composites, Composites(other, numbers_before))
        together("how forms were answered", how, AnsweredHow(other, numbers_before))


def together(name: str, now: Any, before: Any) -> None:
    """What both releases tell together, before and after more is hidden for it."""
    tables = [Guarded(one.people, one.counts, one.families, one.hidden) for one in (now, before)]
    told, began = derived_from_both(*tables), time.process_time()
    held = guarded_beside(*tables)
    took = time.process_time() - began
    print(f"beside the release before, {name}: {len(told)} small cells derived from both; with"
          f" {len(held.hidden) - len(now.hidden)} of {len(now.counts)} cells more hidden"
          f" {len(derived_from_both(held, tables[1]))} ({took:.1f} CPU-seconds)", flush=True)


def hidden_of(numbers: Any, cells: Iterable[tuple[str, str, str]], is_hidden: Callable[..., bool]) -> Counter:
    """How many cells of each kind of unit are hidden, and how many are not."""
    return Counter((numbers.kinds.get(unit) or "", is_hidden(key, unit, period)) for key, unit, period in cells
                   if not unit.endswith(REST) and (
                       unit not in numbers.cube.units or numbers.cube.units[unit].stands))


def attack(name: str, held: Any, attacked: int) -> None:
    """So many small cells, drawn evenly, by integer programs over what adds up."""
    small = sorted(cell for cell in held.hidden if 0 < held.people[cell] < FEWEST and held.counts[cell])
    drawn = small[::max(1, len(small) // attacked)]
    found = derived(held.counts, held.hidden, held.families, drawn)
    print(f"attacked {len(drawn)} of {len(small)} small cells of {name} by integer programs: {len(found)} derived")


if __name__ == "__main__":
    main()
