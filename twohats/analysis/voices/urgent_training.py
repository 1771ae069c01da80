"""The urgent model is trained: written texts that need a human, their neighbours that do not, and ordinary comments."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from .training import PHRASES
from .urgent import DENSE_WEIGHT, FEWEST_FEATURES, FILE
from .urgent_features import DENSE, SPARSE, dense_of, sparse_of, words_read

Floats = NDArray[np.float64]
CLOCKS = {"no": 0, "day": 1, "now": 2}
STRENGTH = 4.0
"""How much one text counts beside the pull of the weights towards 0."""
ORDINARY_SHARE = 0.25
"""Share of the public comments that are learned from as ordinary; the others measure."""
NOT_READ_FOR_DANGER = ("us_care_segments.csv",)
"""Written segments whose writer labelled hats only: some tell of harm, so none of them teaches what is ordinary."""
KEEP_ABOVE = 0.004
"""Weights below this are kept as 0."""


@dataclass(frozen=True)
class Lesson:
    """A text, its clock (0 no, 1 day, 2 now), how much it counts, and whence it is."""

    text: str
    clock: int
    weight: float
    source: str


@dataclass(frozen=True)
class Taught:
    """Weights for "somebody must look" and for "now": sparse places, dense places, and what all start from."""

    sparse: Floats
    dense: Floats
    start: Floats


def lessons_of(data: Path, written: Path) -> list[Lesson]:
    """All there is to learn from, in a fixed order; what is marked `test` is left out."""
    told = [Lesson(row["text"], CLOCKS[row["urgent"]], 2.0, "urgent")
            for row in _rows(data / "written_comments" / "urgent_texts.csv")]
    for file in sorted(written.glob("urgent_pairs_*.csv")):
        told += [Lesson(row["text"], CLOCKS[row["urgent"]], 1.5, "pairs") for row in _rows(file)]
    for file in sorted(written.glob("tempting_*.csv")):
        told += [Lesson(row["text"], 0, 1.0, "tempting") for row in _rows(file) if row["part"] == "train"]
    for file in (data / "written_comments" / "us_segments.csv", data / "written_comments" / "es_segments.csv",
                 *sorted(one for one in written.glob("*_segments.csv") if one.name not in NOT_READ_FOR_DANGER)):
        rows = [row for row in _rows(file) if row.get("part") != "test"]
        told += [Lesson(text, 0, 3.0, "written") for text in dict.fromkeys(row["text"] for row in rows)]
        told += [Lesson(text, 0, 1.5, "written") for text in dict.fromkeys(row["segment_text"] for row in rows)]
    told += [Lesson(phrase, 0, 1.5, "phrases") for phrase in _phrases()]
    ordinary = dict.fromkeys(row["text"] for row in _rows(data / "nhs_comments" / "comments.csv"))
    told += [Lesson(text, 0, 1.0, "ordinary") for text in ordinary if is_learned_from(text)]
    return told


def _phrases() -> list[str]:
    """The phrases written for the labels: ordinary praise and complaints about everything, none of them urgent."""
    lines = [line.partition(": ")[2] for line in PHRASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(dict.fromkeys(phrase.strip() for line in lines for phrase in line.split("|") if phrase.strip()))


def is_learned_from(text: str) -> bool:
    """Whether an ordinary comment is one of those that are learned from; by its words alone."""
    return hashlib.sha256(text.encode()).digest()[0] < 256 * ORDINARY_SHARE


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as held:
        return list(csv.DictReader(held))


def features_of(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """One row per text: the sparse features, each by the root of their number, then the dense ones."""
    starts, places, values, dense = [0], [], [], np.zeros((len(texts), DENSE), np.float32)
    for number, text in enumerate(texts):
        written, read = words_read(text)
        here = sparse_of(written, read)
        places += here
        values += [1 / np.sqrt(max(FEWEST_FEATURES, len(here)))] * len(here)
        starts.append(len(places))
        dense[number] = dense_of(read)
    sparse = scipy.sparse.csr_matrix((np.array(values), np.array(places, np.int64), np.array(starts)),
                                     (len(texts), SPARSE))
    return scipy.sparse.hstack([sparse, scipy.sparse.csr_matrix(dense * DENSE_WEIGHT)]).tocsr()


def taught(features: scipy.sparse.csr_matrix, lessons: Sequence[Lesson]) -> Taught:
    """Both heads, learned by logistic regression."""
    clock = np.array([lesson.clock for lesson in lessons])
    weight = np.array([lesson.weight for lesson in lessons])
    heads = [_head(features, clock >= least, weight) for least in (1, 2)]
    made = np.array([head[:-1] for head in heads])
    made[np.abs(made) < KEEP_ABOVE] = 0
    return Taught(made[:, :SPARSE], made[:, SPARSE:], np.array([head[-1] for head in heads]))


def _head(features: scipy.sparse.csr_matrix, is_so: NDArray[np.bool_], weight: Floats) -> Floats:
    signs = np.where(is_so, 1.0, -1.0)
    turned = features.T.tocsr()

    def loss(at: Floats) -> tuple[float, Floats]:
        margin = signs * (features @ at[:-1] + at[-1])
        slope = -weight * signs / (1 + np.exp(margin))
        value = STRENGTH * float(np.sum(weight * np.logaddexp(0, -margin))) + 0.5 * float(at[:-1] @ at[:-1])
        return value, np.append(STRENGTH * (turned @ slope) + at[:-1], STRENGTH * slope.sum())

    found = scipy.optimize.minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B",
                                    options={"maxiter": 200})
    return np.asarray(found.x)


def scores_of(model: Taught, features: scipy.sparse.csr_matrix) -> Floats:
    """Two columns: how much speaks for a human at all, and for now."""
    return np.asarray(features[:, :SPARSE] @ model.sparse.T + features[:, SPARSE:] @ model.dense.T + model.start)


def train_urgent(data: Path, written: Path, out: Path) -> int:
    """Learns from everything and writes the model, always to the same bytes; returns how many texts there were."""
    lessons = lessons_of(data, written)
    model = taught(features_of([lesson.text for lesson in lessons]), lessons)
    out.mkdir(parents=True, exist_ok=True)
    save(model, out / FILE)
    return len(lessons)


def save(model: Taught, file: Path) -> None:
    """Half-precision numbers without pickle."""
    np.savez_compressed(file, sparse=model.sparse.T.astype(np.float16), dense=model.dense.T.astype(np.float16),
                        start=model.start.astype(np.float32))
