"""The measures that a home publishes, attacked: what share of the cells is hidden, and whether a small one is derived.

    python -m benchmarks.small_numbers --home HOME [--attacked 400]

Goal: at most 55 % of the cells hidden, no cell of 1 to 10 people derived. Every hidden small cell is squeezed between
its neighbours when the release is read; so many of them, drawn evenly, are attacked by an integer program too.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

GOAL = 0.55


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
    from twohats.service.pages.measures.numbers import REST, Numbers
    from twohats.store.attack import derived
    from twohats.store.margins import FEWEST

    reader = releases.current()
    began = time.process_time()
    numbers = Numbers(reader, Cube(reader))
    print(f"release {reader.id}: {len(numbers.counts)} cells, {len(numbers.families)} additions, read and secured in"
          f" {time.process_time() - began:.1f} CPU-seconds")
    told: Counter[tuple[str, bool]] = Counter()
    for key, unit, period in numbers.sums:
        if not unit.endswith(REST) and (unit not in numbers.cube.units or numbers.cube.units[unit].stands):
            is_hidden = numbers.told(key, unit, period).why_not in ("few", "part")
            told[numbers.kinds.get(unit) or "", is_hidden] += 1
    for kind in sorted({kind for kind, _ in told}):
        cells = told[kind, True] + told[kind, False]
        print(f"  {kind or 'unknown':12} {cells:6} cells, {told[kind, True] / cells:.1%} hidden")
    hidden = sum(count for (_, is_hidden), count in told.items() if is_hidden)
    print(f"hidden {hidden / told.total():.1%} of {told.total()} cells; goal at most {GOAL:.0%}")
    small = sorted(cell for cell in numbers.hidden if 0 < numbers.people[cell] < FEWEST and numbers.counts[cell])
    drawn = small[::max(1, len(small) // args.attacked)]
    found = derived(numbers.counts, numbers.hidden, numbers.families, drawn)
    print(f"attacked {len(drawn)} of {len(small)} small cells by integer programs: {len(found)} derived")


if __name__ == "__main__":
    main()
