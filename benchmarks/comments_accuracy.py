"""How well comments are labelled, on comments that nobody trained on: every figure with its n and its interval.

    python -m benchmarks.comments_accuracy [--data ../shared/data] [--keep DIR] [--rounds N] [--networks N]

Five folds by respondent, copies and near copies together, and a sixth part: hat_segments.csv and the written segments
marked
`test`, which none of the six models saw. For every fold the vocabulary, the network and the teacher's opinions were
made
without it (benchmarks/comments_teacher/fold_N.npz: the opinions of a teacher that did not see the fold, which
comments the
fold tests, and which - they and their near copies - are left out of training). Heat and thresholds are fitted on the
other
folds. Takes about two minutes of CPU per fold and network; with --keep the scores are kept and read again.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from twohats.analysis.voices.encoding import Said
from twohats.analysis.voices.labelling import tones_of
from twohats.analysis.voices.labels import HATS, SPEAKERS, THEMES, TOUCHPOINTS
from twohats.analysis.voices.network import CLAUSE_HEADS, COMMENT_HEADS, Reader, heads_at, shares
from twohats.analysis.voices.reading import Opinion, hats_of, shipped_folder
from twohats.analysis.voices.theme_words import both, learned
from twohats.analysis.voices.training import (
    PHRASES,
    ROUNDS,
    WRITTEN,
    Teacher,
    coded_comments,
    codes_of,
    lessons_of,
    read_rows,
    segment_files,
    trained,
    vectors_of,
    whole_comment,
)
from twohats.store.estimates import wilson

FOLDS = Path(__file__).parent / "comments_teacher"
AT, COMMENT_AT = heads_at(CLAUSE_HEADS), heads_at(COMMENT_HEADS)
DRAWS = 400
SEED = 3


@dataclass
class Read:
    """Every read segment with its scores by a model that did not see it."""

    rows: list[dict[str, str]]
    comment: np.ndarray
    tested_by: np.ndarray
    scores: list[np.ndarray]
    """Per network: one row per segment, columns as CLAUSE_HEADS."""


def segments(data: Path) -> list[dict[str, str]]:
    """All read segments, those of one comment together, in the order of the files."""
    told: list[dict[str, str]] = []
    for file in segment_files(data, WRITTEN):
        grouped: dict[str, list[dict[str, str]]] = {}
        for row in read_rows(file):
            grouped.setdefault(row["comment_id"], []).append(row)
        told += [row for rows in grouped.values() for row in rows]
    return told


def ids_of(file: Path, name: str) -> set[str]:
    """The comment ids that the fold's file lists under that name."""
    with np.load(file, allow_pickle=False) as held:
        return set(bytes(held[name]).decode().split("\n"))


def scored(fold: int, network: int, data: Path, rounds: int, keep: Path | None) -> dict[str, np.ndarray]:
    """Scores of all read segments, of the coded comments of the fold and of the billing complaints, by the fold's
    model."""
    kept = keep / f"fold_{fold}_{network}.npz" if keep else None
    if kept and kept.exists():
        with np.load(kept, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    file = FOLDS / f"fold_{fold}.npz"
    left_out = ids_of(file, "left_out")
    lessons = [one for one in lessons_of(data, WRITTEN, PHRASES, Teacher.load(file)) if one.key not in left_out]
    codes = codes_of(lessons)
    vectors = vectors_of(codes, shipped_folder() / "vectors.npz")
    reader = Reader(trained(lessons, codes, vectors, network, rounds, print))
    comments = {row["comment_id"]: row for row in read_rows(data / "nhs_comments" / "comments.csv")}
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in segments(data):
        grouped.setdefault(row["comment_id"], []).append(row)

    def said_of(rows: Sequence[dict[str, str]]) -> Said:
        known = comments.get(rows[0]["comment_id"], rows[0])
        return Said([row["segment_text"] for row in rows], known["service"], known["question"])

    coded = [
        number
        for number, row in enumerate(comments.values())
        if row["labels"] and row["comment_id"] in ids_of(file, "tested")
    ]
    listed = list(comments.values())
    bills = [row["text"] for row in read_rows(data / "nhs_comments" / "us_billing_complaints.csv")]
    bill_batch = codes.batch_of(whole_comment(text) for text in bills)
    told = {
        "S": in_portions(
            [said_of(rows) for rows in grouped.values()], lambda some: reader.scores(codes.batch_of(some))[0]
        ),
        "vm": np.array(coded, np.int64),
        "M": in_portions(
            [whole_comment(listed[one]["text"], listed[one]["service"], listed[one]["question"]) for one in coded],
            lambda some: reader.scores(codes.batch_of(some))[1],
        ),
        "B": reader.scores(bill_batch)[0],
        "bof": bill_batch.comment_of,
    }
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **told)
    return told


def in_portions(said: Sequence[Said], scores: Callable[[Sequence[Said]], np.ndarray]) -> np.ndarray:
    """The scores, some hundred comments at a time."""
    if not said:
        return np.zeros((0, sum(COMMENT_HEADS.values())), np.float32)
    return np.concatenate([scores(said[first : first + 500]) for first in range(0, len(said), 500)])


def read_by_others(data: Path, told: dict[int, list[dict[str, np.ndarray]]]) -> Read:
    """Each segment with the scores of the fold that tests it."""
    rows = segments(data)
    tested_by = np.full(len(rows), -1)
    for fold in told:
        ids = ids_of(FOLDS / f"fold_{fold}.npz", "tested")
        tested_by[[row["comment_id"] in ids for row in rows]] = fold
    networks = len(next(iter(told.values())))
    scores = [np.zeros((len(rows), sum(CLAUSE_HEADS.values())), np.float32) for _ in range(networks)]
    for fold, held in told.items():
        here = tested_by == fold
        for network, one in enumerate(held):
            scores[network][here] = one["S"][here]
    numbers: dict[str, int] = {}
    comment = np.array([numbers.setdefault(row["comment_id"], len(numbers)) for row in rows])
    return Read(rows, comment, tested_by, scores)


def opinion_of(scores: Sequence[np.ndarray], heat: dict[str, float]) -> Opinion:
    """The mean opinion of the networks at that heat."""
    return Opinion(
        **{
            name: np.mean([shares(one[:, at] / np.float32(heat.get(name, 1.0))) for one in scores], axis=0)
            for name, at in AT.items()
        }
    )


def view_of(opinion: Opinion, comment: np.ndarray) -> np.ndarray:
    """The hat as the product tells it: the speaker of the whole comment, the view and the head of the hat."""
    speaker = np.zeros_like(opinion.speaker)
    for column in range(len(SPEAKERS)):
        speaker[:, column] = np.bincount(comment, opinion.speaker[:, column])[comment] / np.bincount(comment)[comment]
    view, _ = hats_of(opinion, speaker)
    return (view + opinion.hat) / 2


def fitted_heat(read: Read, among: np.ndarray, truth: dict[str, np.ndarray]) -> dict[str, float]:
    """Per head the heat under which the read labels are least surprising."""
    heats = np.arange(0.6, 1.81, 0.1)
    best: dict[str, float] = {}
    for name in CLAUSE_HEADS:

        def surprise(heat: float, name: str = name) -> float:
            told = np.mean([shares(one[among][:, AT[name]] / np.float32(heat)) for one in read.scores], axis=0)
            return float(-np.log(told[np.arange(len(told)), truth[name][among]] + 1e-9).mean())

        best[name] = round(float(min(heats, key=surprise)), 2)
    return best


def interval(groups: np.ndarray, figure: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """95 % by drawing comments again."""
    random = np.random.default_rng(SEED)
    order = np.argsort(groups, kind="stable")
    names, firsts = np.unique(groups[order], return_index=True)
    parts = np.split(order, firsts[1:])
    drawn = [
        figure(np.concatenate([parts[one] for one in random.integers(0, len(names), len(names))])) for _ in range(DRAWS)
    ]
    return float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


class Told:
    """What was measured, printed as it comes and kept for the model's card."""

    def __init__(self) -> None:
        self.part = ""
        self.figures: list[dict[str, object]] = []
        self.tables: dict[str, dict[str, object]] = {}

    def heading(self, part: str) -> None:
        """What the next figures are about."""
        self.part = part
        print(f"\n{part}")

    def share(self, name: str, right: Sequence[bool]) -> None:
        """A share with its Wilson interval."""
        self._keep(name, float(np.mean(right)), *wilson(sum(right), len(right)), len(right))

    def line(self, name: str, among: np.ndarray, groups: np.ndarray, figure: Callable[[np.ndarray], float]) -> None:
        """One figure with its n and interval (comments drawn again)."""
        places = np.flatnonzero(among)
        if len(places):
            low, high = interval(groups[places], lambda drawn: figure(places[drawn]))
            self._keep(name, float(figure(places)), low, high, len(places))

    def _keep(self, name: str, value: float, low: float, high: float, n: int) -> None:
        print(f"  {name:56} {value:.3f}  [{low:.3f}, {high:.3f}]  n {n}")
        self.figures.append(
            {
                "part": self.part,
                "what": name,
                "value": round(value, 3),
                "low": round(low, 3),
                "high": round(high, 3),
                "n": n,
            }
        )


TOLD = Told()


def macro_f1(guess: np.ndarray, truth: np.ndarray, classes: int) -> float:
    """The mean F1 of the classes that occur."""
    told = []
    for one in range(classes):
        there = int((truth == one).sum()) + int((guess == one).sum())
        if (truth == one).any():
            told.append(2 * int(((guess == one) & (truth == one)).sum()) / there)
    return float(np.mean(told))


def expected_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error, ten equally wide bins."""
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(
        sum(
            abs(sure[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean()
            for one in range(10)
            if (bins == one).any()
        )
    )


def segment_figures(read: Read, fixed_heat: dict[str, float] | None) -> None:
    """Every line about clauses."""
    truth = {
        "hat": np.array([HATS.index(row["hat"]) for row in read.rows]),
        "touchpoint": np.array([TOUCHPOINTS.index(row["touchpoint"]) for row in read.rows]),
        "sentiment": np.array([int(row["sentiment"]) + 1 for row in read.rows]),
        "speaker": np.array([SPEAKERS.index(row["speaker"]) for row in read.rows]),
    }
    truth["about"] = truth["hat"]
    tested = read.tested_by >= 0
    view = np.zeros((len(read.rows), 3), np.float32)
    point = np.zeros((len(read.rows), len(TOUCHPOINTS)), np.float32)
    tone = np.zeros((len(read.rows), 3), np.float32)
    speaker = np.zeros((len(read.rows), 3), np.float32)
    heats = {}
    for fold in sorted(set(read.tested_by[tested].tolist())):
        others = tested & (read.tested_by != fold)
        heats[fold] = fixed_heat or fitted_heat(read, others if others.any() else tested, truth)
        opinion = opinion_of(read.scores, heats[fold])
        here = read.tested_by == fold
        view[here] = view_of(opinion, read.comment)[here]
        point[here], tone[here], speaker[here] = (
            opinion.touchpoint[here],
            opinion.sentiment[here],
            opinion.speaker[here],
        )
    print("heat per fold:", heats)
    guess, best = view.argmax(axis=1), np.argsort(-point, axis=1)
    source = np.array([row["source"] for row in read.rows])
    held = read.tested_by == 5
    parts = {
        "NHS, five folds": np.char.startswith(source, "nhs") & tested & ~held,
        "NHS, held-out file": np.char.startswith(source, "nhs") & held,
        "NHS service comments (v6), five folds": (source == "nhs_v6") & tested & ~held,
        "NHS trusts (phase1), five folds": (source == "nhs_phase1") & tested & ~held,
        "US-style written, five folds": (source == "written_us") & tested & ~held,
        "US-style, test part and invented": np.isin(source, ["written_us", "authored_us"]) & held,
        "Spanish written, five folds": (source == "written_es") & tested & ~held,
        "Spanish written, test part": (source == "written_es") & held,
    }
    named = truth["hat"] < 2
    sure = view.max(axis=1)
    for part, among in parts.items():
        TOLD.heading(part)
        TOLD.line("hat, accuracy", among, read.comment, lambda at: (guess[at] == truth["hat"][at]).mean())
        TOLD.line("hat, macro F1", among, read.comment, lambda at: macro_f1(guess[at], truth["hat"][at], 3))
        TOLD.line(
            "hat where patient or customer, accuracy",
            among & named,
            read.comment,
            lambda at: (view[at][:, :2].argmax(axis=1) == truth["hat"][at]).mean(),
        )
        TOLD.line("touchpoint, first", among, read.comment, lambda at: (best[at, 0] == truth["touchpoint"][at]).mean())
        TOLD.line(
            "touchpoint, top three",
            among,
            read.comment,
            lambda at: (best[at, :3] == truth["touchpoint"][at][:, None]).any(axis=1).mean(),
        )
        TOLD.line(
            "sentiment, accuracy",
            among,
            read.comment,
            lambda at: (tone[at].argmax(axis=1) == truth["sentiment"][at]).mean(),
        )
        TOLD.line(
            "speaker, accuracy",
            among,
            read.comment,
            lambda at: (speaker[at].argmax(axis=1) == truth["speaker"][at]).mean(),
        )
        TOLD.line(
            "hat, expected calibration error",
            among,
            read.comment,
            lambda at: expected_error(sure[at], guess[at] == truth["hat"][at]),
        )
        for least in (0.5, 0.6, 0.7):
            kept = among & (sure >= least)
            print(
                f"    sure from {least}: {kept.sum() / among.sum():.3f} of clauses, right in "
                f"{(guess[kept] == truth['hat'][kept]).mean():.3f}"
            )
    nhs = parts["NHS, five folds"]
    print("\nConfusion of the hat, NHS, five folds (rows read, columns told)")
    print("            " + " ".join(f"{name:>9}" for name in HATS))
    for one, name in enumerate(HATS):
        row = [int((nhs & (truth["hat"] == one) & (guess == two)).sum()) for two in range(len(HATS))]
        TOLD.tables.setdefault("confusion", {})[name] = row
        print(f"  {name:9} " + " ".join(f"{count:9}" for count in row))
    print("\nTouchpoints, NHS five folds | all written five folds: F1 (n read)")
    every = parts["US-style written, five folds"] | parts["Spanish written, five folds"]
    for one, name in enumerate(TOUCHPOINTS):
        told = []
        for among in (nhs, every):
            there = int((truth["touchpoint"][among] == one).sum())
            hit = int(((truth["touchpoint"] == one) & (best[:, 0] == one) & among).sum())
            said = int(((best[:, 0] == one) & among).sum())
            told.append(f"{2 * hit / (there + said) if there + said else 0:.2f} ({there})")
        TOLD.tables.setdefault("touchpoints", {})[name] = told
        print(f"  {name:28} {told[0]:>12} | {told[1]:>12}")


def bill_figures(data: Path, told: dict[int, list[dict[str, np.ndarray]]]) -> None:
    """Consumer complaints on medical bills: unread, nearly all the customer's; each by the fold that left it out."""
    rows = read_rows(data / "nhs_comments" / "us_billing_complaints.csv")
    right, clauses = [], []
    for fold, held in told.items():
        ids = ids_of(FOLDS / f"fold_{fold}.npz", "tested")
        views = [shares(one["B"][:, AT["hat"]]) for one in held]
        view, of = np.mean(views, axis=0), held[0]["bof"]
        for number, row in enumerate(rows):
            if row["comment_id"] in ids:
                mine = view[of == number]
                right.append(int(mine.sum(axis=0).argmax()) == 1)
                named = mine[:, :2].argmax(axis=1)[mine.argmax(axis=1) < 2]
                clauses += (named == 1).tolist()
    TOLD.heading("US billing complaints (unread; taken as customer)")
    if right:
        TOLD.share("hat of the whole complaint: the customer's", right)
        TOLD.share("hat of its clauses, where they have one: the customer's", clauses)


def comment_figures(data: Path, told: dict[int, list[dict[str, np.ndarray]]]) -> list[float]:
    """Themes and tone of whole comments; thresholds from the other folds. Gives the thresholds from all folds."""
    rows = read_rows(data / "nhs_comments" / "comments.csv")
    number = np.concatenate([held[0]["vm"] for fold, held in told.items() if fold < 5])
    fold_of = np.concatenate([np.full(len(held[0]["vm"]), fold) for fold, held in told.items() if fold < 5])
    scores = np.concatenate(
        [
            np.mean(
                [
                    np.concatenate(
                        [1 / (1 + np.exp(-one["M"][:, COMMENT_AT["themes"]])), shares(one["M"][:, COMMENT_AT["mood"]])],
                        axis=1,
                    )
                    for one in held
                ],
                axis=0,
            )
            for fold, held in told.items()
            if fold < 5
        ]
    )
    by_words = [
        learned(*coded_comments(data, ids_of(FOLDS / f"fold_{fold}.npz", "left_out"))).shares(
            whole_comment(rows[one]["text"], rows[one]["service"], rows[one]["question"]) for one in held[0]["vm"]
        )
        for fold, held in told.items()
        if fold < 5
    ]
    themes = both(scores[:, : len(THEMES)], np.concatenate(by_words))
    truth = np.array([[theme in rows[one]["labels"].split("|") for theme in THEMES] for one in number])
    guess = np.zeros_like(truth)
    for fold in set(fold_of.tolist()):
        least = thresholds(themes[fold_of != fold], truth[fold_of != fold]) if (fold_of != fold).any() else [0.4] * 24
        here = fold_of == fold
        guess[here] = themes[here] >= np.array(least)
        bare = here & ~guess.any(axis=1)
        guess[bare, themes[bare].argmax(axis=1)] = True
    texts = [" ".join(rows[one]["text"].lower().split()) for one in number]
    unseen = np.ones(len(number), bool)
    for fold in set(fold_of.tolist()):
        ids = ids_of(FOLDS / f"fold_{fold}.npz", "left_out")
        seen = {" ".join(row["text"].lower().split()) for row in rows if row["comment_id"] not in ids}
        for place in np.flatnonzero(fold_of == fold):
            unseen[place] = texts[place] not in seen
    groups = np.unique([rows[one]["respondent_id"] for one in number], return_inverse=True)[1]
    TOLD.heading("NHS whole comments (v6), 24 themes, five folds by respondent")
    for name, among in (("all texts", np.ones(len(number), bool)), ("unseen texts", unseen)):
        TOLD.line(
            f"micro F1, {name}",
            among,
            groups,
            lambda at: 2 * (guess[at] & truth[at]).sum() / (guess[at].sum() + truth[at].sum()),
        )
        TOLD.line(
            f"macro F1, {name}",
            among,
            groups,
            lambda at: float(
                np.mean(
                    [
                        2
                        * (guess[at, one] & truth[at, one]).sum()
                        / max(1, guess[at, one].sum() + truth[at, one].sum())
                        for one in range(len(THEMES))
                    ]
                )
            ),
        )
    tone = np.array([int(rows[one]["sentiment3"] or 9) for one in number])
    said = tones_of(scores[:, len(THEMES) :])
    for name, among in (("all texts", tone < 9), ("unseen texts", unseen & (tone < 9))):
        TOLD.line(f"sentiment (3), accuracy, {name}", among, groups, lambda at: (said[at] == tone[at]).mean())
        TOLD.line(f"sentiment (3), macro F1, {name}", among, groups, lambda at: macro_f1(said[at] + 1, tone[at] + 1, 3))
    return thresholds(themes, truth)


def thresholds(themes: np.ndarray, truth: np.ndarray) -> list[float]:
    """Per theme the share from which telling it gives the best F1."""
    told = []
    for one in range(themes.shape[1]):
        tries = np.arange(0.1, 0.66, 0.05)
        f1 = [
            2
            * ((themes[:, one] >= least) & truth[:, one]).sum()
            / max(1, (themes[:, one] >= least).sum() + truth[:, one].sum())
            for least in tries
        ]
        told.append(round(float(tries[int(np.argmax(f1))]), 2))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--keep", type=Path, help="folder where scores are kept, and read again if there")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--networks", type=int, default=1)
    parser.add_argument("--folds", default="0,1,2,3,4,5")
    parser.add_argument("--write", type=Path, help="keep the figures as JSON, for the model's card")
    args = parser.parse_args()
    told = {
        fold: [scored(fold, network, args.data, args.rounds, args.keep) for network in range(args.networks)]
        for fold in map(int, args.folds.split(","))
    }
    segment_figures(read_by_others(args.data, told), None)
    bill_figures(args.data, told)
    print("\nthresholds from all folds:", comment_figures(args.data, told))
    if args.write:
        text = json.dumps({"figures": TOLD.figures, **TOLD.tables}, indent=1)
        args.write.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
