"""How much of the personal data in comments is masked, how much else is masked with it, and how long that takes.

    python -m benchmarks.masking [--leaks] [--comments COMMENTS.csv]

Personal data planted in comments, in two files of benchmarks/written. On planted_names.csv the masks were developed,
all of it: half had been held out once, and was read since. planted_names_2.csv is held out: somebody else wrote it, and
nobody who develops reads it. A planted span is found when each of its letters and digits is masked.
--leaks lists what was missed in the development file. --comments measures ordinary comments (column text) too:
what is masked there is told as counts only. Exit code 1 when recall of people, dates, phones and ids on the held-out
file is below .98, or on the development file where there is no other.
"""

import argparse
import csv
import json
import math
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from twohats.store.estimates import wilson
from twohats.store.masking import Found, found_in

WRITTEN = Path(__file__).parent / "written"
PLANTED = WRITTEN / "planted_names.csv"
HELD_OUT = WRITTEN / "planted_names_2.csv"
GOAL = 0.98
PROMISED = ("person", "date", "phone", "id")
"""The kinds of which the goal speaks; mail and street addresses are masked and measured beside them."""


@dataclass(frozen=True)
class Text:
    """A comment with what was planted in it, and what was found."""

    text_id: str
    words: str
    language: str
    planted: tuple[Found, ...]
    known: frozenset[str]
    found: tuple[Found, ...]

    def is_found(self, span: Found) -> bool:
        """True when every letter and digit of the span is masked."""
        covered = {place for one in self.found for place in range(one.start, one.end)}
        return all(place in covered for place in range(span.start, span.end) if self.words[place].isalnum())

    def words_masked(self) -> tuple[int, int]:
        """Words that are nobody's, and how many of them are masked."""
        ordinary = masked = 0
        for start, end in _words(self.words):
            if any(start < one.end and one.start < end for one in self.planted):
                continue
            ordinary += 1
            masked += any(start < one.end and one.start < end for one in self.found)
        return ordinary, masked

    def false_masks(self) -> tuple[Found, ...]:
        """What was found where nothing was planted."""
        return tuple(
            one for one in self.found if not any(one.start < span.end and span.start < one.end for span in self.planted)
        )


def _words(words: str) -> Iterable[tuple[int, int]]:
    start = 0
    for piece in words.split():
        start = words.index(piece, start)
        yield start, start + len(piece)
        start += len(piece)


def planted_texts(path: Path = PLANTED) -> list[Text]:
    """Every text of a planted file, read and masked."""
    with path.open(encoding="utf-8", newline="") as rows:
        return [_text(row) for row in csv.DictReader(rows)]


def _text(row: dict[str, str]) -> Text:
    known = frozenset(json.loads(row["known"] or "[]"))
    planted = tuple(Found(*span) for span in json.loads(row["spans"] or "[]"))
    return Text(row["text_id"], row["text"], row["language"], planted, known, found_in(row["text"], known))


def told(hits: int, n: int) -> str:
    """A share with its count and interval."""
    low, high = wilson(hits, n)
    return f"{hits / n if n else math.nan:.3f}  n {n:5d}  [{low:.3f}, {high:.3f}]"


def recall(texts: Sequence[Text]) -> float:
    """The share of planted people, dates, phones and ids that are masked."""
    hits = [text.is_found(span) for text in texts for span in text.planted if span.kind in PROMISED]
    return sum(hits) / len(hits)


def print_file(name: str, texts: Sequence[Text]) -> None:
    """Recall by kind and language, and what is masked besides."""
    spans = [(text, span, text.is_found(span)) for text in texts for span in text.planted]
    print(f"\n{name}: {len(texts)} texts, {len(spans)} planted")
    groups = {"all": spans, "people, dates, phones, ids": [one for one in spans if one[1].kind in PROMISED]}
    groups |= {
        f"kind {kind}": [one for one in spans if one[1].kind == kind] for kind in sorted({s.kind for _, s, _ in spans})
    }
    groups |= {
        f"language {code}": [one for one in spans if one[0].language == code]
        for code in sorted({t.language for t in texts})
    }
    names = [one for one in spans if one[1].kind in {"name", "person"}]
    groups["names that records know"] = [one for one in names if _is_known(*one[:2])]
    groups["names that no record knows"] = [one for one in names if not _is_known(*one[:2])]
    for group, held in groups.items():
        print(f"  recall, {group:28} {told(sum(hit for *_, hit in held), len(held))}")
    counts = [text.words_masked() for text in texts]
    wrong = sum(len(text.false_masks()) for text in texts)
    found = sum(len(text.found) for text in texts)
    print(f"  masks that hold something planted   {told(found - wrong, found)}")
    print(f"  words of nobody's that are masked   {told(sum(m for _, m in counts), sum(n for n, _ in counts))}")
    print(f"  false masks per comment             {wrong / len(texts):.3f}  n {len(texts)}")


def _is_known(text: Text, span: Found) -> bool:
    held = {part for name in text.known for part in name.lower().split()}
    return text.words[span.start : span.end].lower() in {name.lower() for name in text.known} or all(
        part in held for part in text.words[span.start : span.end].lower().split()
    )


def microseconds(texts: Sequence[str]) -> tuple[float, float]:
    """CPU time per text, the best of three runs, and words per text."""
    best = math.inf
    for _ in range(3):
        began = time.process_time()
        for words in texts:
            found_in(words)
        best = min(best, time.process_time() - began)
    return best / len(texts) * 1e6, sum(len(words.split()) for words in texts) / len(texts)


def print_comments(path: Path) -> None:
    """What is masked in ordinary comments, as counts; nearly all of it is false where the publisher took names out."""
    with path.open(encoding="utf-8", newline="") as rows:
        texts = [row["text"] for row in csv.DictReader(rows)]
    found = [found_in(words) for words in texts]
    print(f"\nordinary comments: {len(texts)}")
    print(f"  masks per comment                   {sum(map(len, found)) / len(texts):.4f}")
    print(f"  comments with a mask                {told(sum(map(bool, found)), len(texts))}")
    print("  microseconds per comment            {:.0f} of {:.1f} words".format(*microseconds(texts)))


def main() -> None:
    """Prints the figures; fails below the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leaks", action="store_true")
    parser.add_argument("--comments", type=Path)
    args = parser.parse_args()
    developed = planted_texts()
    held_out = planted_texts(HELD_OUT) if HELD_OUT.exists() else []
    print_file("development file", developed)
    if held_out:
        print_file("held-out file", held_out)
    texts = [*developed, *held_out]
    print(
        "\nmicroseconds per planted text          {:.0f} of {:.1f} words".format(
            *microseconds([t.words for t in texts])
        )
    )
    if args.leaks:
        for text in developed:
            missed = [
                (span.kind, text.words[span.start : span.end]) for span in text.planted if not text.is_found(span)
            ]
            wrong = [(span.kind, text.words[span.start : span.end]) for span in text.false_masks()]
            if missed or wrong:
                print(f"{text.text_id} missed {missed} false {wrong}\n    {text.words}\n    known {sorted(text.known)}")
    if args.comments:
        print_comments(args.comments)
    sys.exit(recall(held_out or developed) < GOAL)


if __name__ == "__main__":
    main()
