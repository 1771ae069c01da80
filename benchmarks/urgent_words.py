"""How many of the comments that need a human are told, and how many that do not are told with them.

    python -m benchmarks.urgent_words [--data ../shared/data] [--shipped]

Written urgent texts (330, English and Spanish) are told apart from four folds of models that did not learn from them,
each from the other texts and all else there is to learn from. Tempting texts and written comments marked `test` and
three quarters of the public comments are learned from by none. What was told as `now` among the public comments was
read: benchmarks/written/ordinary_now_read.csv holds ids and verdicts, no words. --shipped skips the folds and takes
the shipped model (which has learned from the urgent texts). Exit code 1 where recall is below .98 or more than 3 in
1,000 ordinary comments are falsely told as `now`.
"""

import argparse
import csv
import hashlib
import math
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np

from twohats.analysis.voices import urgent
from twohats.analysis.voices.training import WRITTEN
from twohats.analysis.voices.urgent import UrgentModel, clock_of, shipped_urgent_model
from twohats.analysis.voices.urgent_training import features_of, is_learned_from, lessons_of, taught
from twohats.store.estimates import wilson

READ = Path(__file__).parent / "written" / "ordinary_now_read.csv"
FOLDS = 4
GOAL, MOST_FALSE = 0.98, 0.003


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(newline="", encoding="utf-8") as held:
        return list(csv.DictReader(held))


def told(hits: int, n: int) -> str:
    """A share with its 95 % interval (Wilson) and n."""
    low, high = wilson(hits, n)
    return f"{hits / n if n else math.nan:.4f} [{low:.4f}, {high:.4f}] n {n}"


def fold_of(text: str) -> int:
    """Which fold a written urgent text is in, by its words alone."""
    return hashlib.sha256(text.encode()).digest()[1] % FOLDS


def models(data: Path) -> list[UrgentModel]:
    """One model per fold, learned without its texts."""
    lessons = lessons_of(data, WRITTEN)
    features = features_of([lesson.text for lesson in lessons])
    made = []
    for fold in range(FOLDS):
        kept = [number for number, lesson in enumerate(lessons)
                if lesson.source != "urgent" or fold_of(lesson.text) != fold]
        model = taught(features[np.array(kept)], [lessons[number] for number in kept])
        made.append(UrgentModel(model.sparse.T.astype(np.float32), model.dense.T.astype(np.float32),
                                model.start.astype(np.float32)))
    return made


def clocks(texts: Iterable[str], model: UrgentModel) -> list[str]:
    """The clock of each text by this model."""
    clock_of.cache_clear()
    with patch.object(urgent, "shipped_urgent_model", lambda: model):
        return [str(clock_of(text)) for text in texts]


def print_recall(urgent_texts: Sequence[dict[str, str]], found: Sequence[str]) -> float:
    """Recall by clock, language and kind; returns it over all."""
    groups = {"all": lambda row: True, "now": lambda row: row["urgent"] == "now",
              "day": lambda row: row["urgent"] == "day", "English": lambda row: row["language"] == "en",
              "Spanish": lambda row: row["language"] == "es"}
    groups |= {f"kind {kind}": lambda row, kind=kind: row["kind"] == kind
               for kind in sorted({row["kind"] for row in urgent_texts})}
    for name, belongs in groups.items():
        here = [clock for row, clock in zip(urgent_texts, found, strict=True) if belongs(row)]
        print(f"recall (now or day), {name:26} {told(sum(clock != 'no' for clock in here), len(here))}")
    now = [clock for row, clock in zip(urgent_texts, found, strict=True) if row["urgent"] == "now"]
    print(f"of those for now, told as now            {told(sum(clock == 'now' for clock in now), len(now))}")
    return sum(clock != "no" for clock in found) / len(found)


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--shipped", action="store_true")
    args = parser.parse_args()
    urgent_texts = rows_of(args.data / "written_comments" / "urgent_texts.csv")
    tried = [shipped_urgent_model()] * FOLDS if args.shipped else models(args.data)
    found = ["no"] * len(urgent_texts)
    for fold, model in enumerate(tried):
        numbers = [number for number, row in enumerate(urgent_texts) if fold_of(row["text"]) == fold]
        for number, clock in zip(numbers, clocks((urgent_texts[n]["text"] for n in numbers), model), strict=True):
            found[number] = clock
    recall = print_recall(urgent_texts, found)
    for name in ("tempting_en", "tempting_es", "us_billing_segments", "es_more_segments"):
        rows = [row for row in rows_of(WRITTEN / f"{name}.csv") if row["part"] == "test"]
        here = clocks(dict.fromkeys(row["text"] for row in rows), tried[0])
        print(f"{name} (test part): now {told(here.count('now'), len(here))}; day {here.count('day') / len(here):.3f}")
    false = print_ordinary(args.data, shipped_urgent_model())
    return 0 if recall >= GOAL and false <= MOST_FALSE else 1


def print_ordinary(data: Path, model: UrgentModel) -> float:
    """What the shipped model tells of public comments it did not learn from; returns the share falsely told as now."""
    verdicts = {row["comment_id"]: row["verdict"] for row in rows_of(READ)} if READ.exists() else {}
    rows = [row for row in rows_of(data / "nhs_comments" / "comments.csv") if not is_learned_from(row["text"])]
    clock_of.cache_clear()
    began = time.process_time()
    here = clocks((row["text"] for row in rows), model)
    spent = time.process_time() - began
    now = [row["comment_id"] for row, clock in zip(rows, here, strict=True) if clock == "now"]
    false = sum(verdicts.get(one, "not_read") != "true_alarm" for one in now)
    print(f"ordinary comments: now {told(len(now), len(rows))}; falsely so {told(false, len(rows))}"
          f" ({sum(one not in verdicts for one in now)} not read)")
    print(f"ordinary comments: day {told(here.count('day'), len(rows))}")
    print(f"{spent / len(rows) * 1e6:.0f} microseconds of CPU per comment")
    return false / len(rows)


if __name__ == "__main__":
    sys.exit(main())
