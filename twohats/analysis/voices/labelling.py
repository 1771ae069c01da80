"""Labels for comments: hat, touchpoint, tone and speaker of every clause, with the words that decided."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .clauses import clauses_of
from .speakers import speaker_of
from .wording import words_of

HATS = ("patient", "customer", "none")
CLAUSES = pa.schema(
    [
        ("comment_id", pa.string()), ("clause_no", pa.int32()), ("start", pa.int32()), ("stop", pa.int32()),
        ("text", pa.string()), ("hat", pa.string()), ("p_patient", pa.float32()), ("p_customer", pa.float32()),
        ("p_none", pa.float32()), ("certain", pa.bool_()), ("touchpoint", pa.string()), ("touchpoint_2", pa.string()),
        ("touchpoint_3", pa.string()), ("p_touchpoint", pa.float32()), ("sentiment", pa.int8()),
        ("speaker", pa.string()), ("about_hat", pa.string()), ("evidence", pa.list_(pa.string())),
    ]
)
"""One row per clause, in order. `hat` is the view (family and others: customer); `about_hat` what it is about."""
SURE = 0.6
EVIDENCE_WORDS = 4
PATIENT_SIDE = frozenset(
    "treatment_competence clinician_communication staff_manner_clinical medication_pain emotional_support_safety "
    "information_education continuity_followup staffing_responsiveness".split()
)
EITHER_SIDE = frozenset(("general_praise", "general_dissatisfaction", "none_other"))


@dataclass(frozen=True)
class Clause:
    """A clause with what is known around it."""

    text: str
    comment: str
    service: str = ""
    question: str = ""
    speaker: str = "patient"


@dataclass(frozen=True)
class Model:
    """The first linear model: words and pairs of words to heads."""

    features: dict[str, int]
    weights: np.ndarray
    intercepts: np.ndarray
    heads: dict[str, tuple[int, int]]
    touchpoints: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path) -> "Model":
        with np.load(folder / "linear.npz", allow_pickle=False) as held:
            told = json.loads((folder / "linear.json").read_text("utf-8"))
            return cls(
                {name: number for number, name in enumerate(told["features"])},
                held["weights"].astype(np.float32), held["intercepts"].astype(np.float32),
                {head: tuple(span) for head, span in told["heads"].items()}, tuple(told["touchpoints"]),
            )


@cache
def shipped_model() -> Model:
    """The model that comes with the package."""
    return Model.load(Path(str(files("twohats.analysis.voices") / "trained")))


def features_of(clause: Clause) -> list[str]:
    """What the linear model weighs in a clause."""
    words = words_of(clause.text)[:400]
    own = set(words)
    told = [f"w {word}" for word in dict.fromkeys(words)]
    told += [f"b {one} {two}" for one, two in dict.fromkeys(zip(["^", *words], [*words, "$"], strict=True))]
    told += [f"c {word}" for word in dict.fromkeys(words_of(clause.comment)[:400]) if word not in own]
    service = words_of(clause.service)
    told += [f"s {word}" for word in service]
    told += [f"q {word}" for word in words_of(clause.question)]
    if service:
        told += [f"x {service[0]} {word}" for word in dict.fromkeys(words)]
    return [*told, f"k {clause.speaker}"]


def label_comments(comments: pa.Table) -> pa.Table:
    """One row per clause of every comment (see CLAUSES).

    In: comment_id and words (strings), and where known service, question and respondent (self, family, proxy, other).
    """
    rows = comments.to_pylist()
    clauses: list[Clause] = []
    places: list[tuple[Any, int, int, int]] = []
    for row in rows:
        text = row["words"] or ""
        speaker = speaker_of(text, row.get("respondent"))
        for number, (start, stop) in enumerate(clauses_of(text) or [(0, 0)], 1):
            places.append((row["comment_id"], number, start, stop))
            clauses.append(Clause(text[start:stop], text, row.get("service") or "", row.get("question") or "", speaker))
    return _table(places, clauses, shipped_model())


def label_clauses(clauses: Sequence[Clause]) -> pa.Table:
    """The labels of clauses that are already cut, one row each, in order."""
    return _table([("", 1, 0, len(clause.text)) for clause in clauses], clauses, shipped_model())


def _table(places: Sequence[tuple[Any, int, int, int]], clauses: Sequence[Clause], model: Model) -> pa.Table:
    rows = [
        {"comment_id": comment, "clause_no": number, "start": start, "stop": stop, "text": clause.text, **labels}
        for (comment, number, start, stop), clause, labels in zip(places, clauses, _labels(clauses, model), strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=CLAUSES)


def _labels(clauses: Sequence[Clause], model: Model) -> Iterable[dict[str, Any]]:
    for clause in clauses:
        names = features_of(clause)
        numbers = [model.features[name] for name in names if name in model.features]
        scores = model.weights[numbers].sum(axis=0) + model.intercepts
        parts = {head: _shares(scores[first:last]) for head, (first, last) in model.heads.items()}
        yield _label(clause, names, parts, model)


def _label(clause: Clause, names: Sequence[str], parts: dict[str, np.ndarray], model: Model) -> dict[str, Any]:
    about, point, tone = parts["about"], parts["touchpoint"], parts["sentiment"]
    order = np.argsort(-point, kind="stable")
    view = about if clause.speaker == "patient" else np.array([0.0, about[0] + about[1], about[2]])
    blank = not words_of(clause.text)
    view = np.array([0.0, 0.0, 1.0]) if blank else view
    first = int(view.argmax())
    return {
        "hat": HATS[first], "p_patient": view[0], "p_customer": view[1], "p_none": view[2],
        "certain": bool(view[first] >= SURE) and not blank,
        "touchpoint": "none_other" if blank else model.touchpoints[order[0]],
        "touchpoint_2": model.touchpoints[order[1]], "touchpoint_3": model.touchpoints[order[2]],
        "p_touchpoint": point[order[0]], "sentiment": 0 if blank else int(tone.argmax()) - 1,
        "speaker": clause.speaker, "about_hat": "none" if blank else HATS[int(about.argmax())],
        "evidence": _evidence(names, model, int(about.argmax())),
    }


def _evidence(names: Sequence[str], model: Model, hat: int) -> list[str]:
    """The words of the clause that weighed most for what it is about, heaviest first."""
    first = model.heads["about"][0]
    weighed = [
        (float(model.weights[model.features[name], first + hat]), name[2:])
        for name in names if name.startswith("w ") and name in model.features
    ]
    return [word for weight, word in sorted(weighed, key=lambda one: -one[0])[:EVIDENCE_WORDS] if weight > 0]


def _shares(scores: np.ndarray) -> np.ndarray:
    risen = np.exp(scores - scores.max())
    return risen / risen.sum()
