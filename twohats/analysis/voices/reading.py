"""The model that ships: networks, what they know, and how sure to be; read from numbers and JSON, never from code."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np

from .encoding import BLANK, UNKNOWN, Codes, Said
from .labels import EITHER_SIDE, PATIENT_SIDE, TOUCHPOINTS
from .network import CLAUSE_HEADS, COMMENT_HEADS, Batch, Floats, Reader, Weights, heads_at, shares
from .theme_words import FILE as THEMES_FILE
from .theme_words import ThemeWords, both

SETTINGS_FILE = "model.json"
CLAUSE_AT, COMMENT_AT = heads_at(CLAUSE_HEADS), heads_at(COMMENT_HEADS)
SIDES = np.array(
    [[key in PATIENT_SIDE, key not in PATIENT_SIDE | EITHER_SIDE, key in EITHER_SIDE] for key in TOUCHPOINTS],
    np.float32,
)
"""Which hat each touchpoint belongs to (patient, customer, none)."""
_SMALL = (
    "the and was to of is my in for with i it they them he she his her him were very had has have not but that at this "
    "on all be as so me you your are a an we us our there their then from by or if when who which what do did been am"
)
SMALL_WORDS = frozenset(_SMALL.split())
"""Words that are in every clause: they weigh, but are no evidence to show."""
NONE_BY_OTHERS = np.float32(0.75)
"""Words without an object stay without a hat three times in four also when somebody else than the patient says them."""


@dataclass(frozen=True)
class Opinion:
    """What the model thinks of every clause of a batch: probabilities, one row per clause."""

    touchpoint: Floats
    about: Floats
    hat: Floats
    sentiment: Floats
    speaker: Floats


class Model:
    """The networks together: the mean of their opinions."""

    def __init__(self, networks: list[Weights], settings: dict[str, object], folder: Path) -> None:
        self.folder = folder
        self.readers = [Reader(weights) for weights in networks]
        self.settings = settings
        self.heat: dict[str, float] = dict(settings["heat"])  # type: ignore[call-overload]
        self.sure = float(settings["sure"])  # type: ignore[arg-type]
        self.theme_from = np.array(settings["theme_from"], np.float32)
        self.codes = Codes(
            {word: number for number, word in enumerate(settings["words"], UNKNOWN + 1)},  # type: ignore[arg-type,var-annotated]
            {name: number for number, name in enumerate(settings["services"], 1)},  # type: ignore[arg-type,var-annotated]
            {name: number for number, name in enumerate(settings["kinds"], 1)},  # type: ignore[arg-type,var-annotated]
        )
        self.speaks_for = self._speaks_for()

    @classmethod
    def load(cls, folder: Path) -> "Model":
        """The model in that folder."""
        settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        networks = []
        for number in range(settings["networks"]):
            with np.load(folder / f"network_{number}.npz", allow_pickle=False) as held:
                # Double precision: a comment is read alike to the last digit kept, whatever is read beside it.
                networks.append({name: held[name].astype(np.float64) for name in held.files})
        return cls(networks, settings, folder)

    def opinion(self, batch: Batch) -> Opinion:
        """The opinion of every clause: the mean of the networks'."""
        parts = {name: np.float32(0) for name in CLAUSE_HEADS}
        for reader in self.readers:
            scores = reader.clause_scores(batch)
            for name, at in CLAUSE_AT.items():
                heat = np.float32(self.heat.get(name, 1.0))
                parts[name] = parts[name] + shares(scores[:, at] / heat) / np.float32(len(self.readers))
        return Opinion(**parts)  # type: ignore[arg-type]

    @cached_property
    def wording(self) -> ThemeWords:
        """The reader of themes by their words, read when first asked for."""
        return ThemeWords.load(self.folder)

    def whole(self, comments: Sequence[Said]) -> tuple[Floats, Floats]:
        """Per comment the share of every theme, and of every mood (very good first)."""
        batch = self.codes.batch_of(comments)
        told = [reader.scores(batch)[1] for reader in self.readers]
        themes = [1 / (1 + np.exp(-scores[:, COMMENT_AT["themes"]])) for scores in told]
        moods = [shares(scores[:, COMMENT_AT["mood"]]) for scores in told]
        return both(np.mean(themes, axis=0), self.wording.shares(comments)), np.mean(moods, axis=0)

    def _speaks_for(self) -> Floats:
        """How much each word, said alone, speaks for each touchpoint: its share over that of an unknown word."""
        count = len(self.codes.words) + 2
        alone = np.stack([np.arange(count), np.zeros(count, np.int64)], axis=1).ravel()
        total = np.zeros((count, CLAUSE_HEADS["touchpoint"]), np.float32)
        for first in range(0, count, 2000):
            last = min(count, first + 2000)
            rows = last - first
            batch = Batch(
                alone[2 * first : 2 * last],
                np.arange(rows) * 2,
                np.ones(rows, np.int64),
                np.arange(rows),
                np.zeros((rows, 2), np.int64),
            )
            for reader in self.readers:
                total[first:last] += reader.clause_scores(batch)[:, CLAUSE_AT["touchpoint"]] / len(self.readers)
        told = np.log(shares(total) + 1e-4)
        told -= told[UNKNOWN]
        told[[BLANK, UNKNOWN]] = 0
        told[[self.codes.words[word] for word in SMALL_WORDS if word in self.codes.words]] = 0
        return told


def hats_of(opinion: Opinion, speaker: Floats) -> tuple[Floats, Floats]:
    """The hat of the view, and of what the clause is about.

    What it is about: the head of its own and the sides of the touchpoints, evenly. The view: who is not the patient
    speaks
    as a customer; half of it is the head that learned the view itself, where the speaker was told by words alone.
    """
    about = (opinion.about + opinion.touchpoint @ SIDES) / 2
    others = 1 - speaker[:, :1]
    without = about[:, 2:] * NONE_BY_OTHERS
    seen_by_others = np.concatenate([np.zeros_like(without), 1 - without, without], axis=1)
    view = (1 - others) * about + others * seen_by_others
    return view, about


@cache
def shipped_model() -> Model:
    """The model that comes with the package."""
    return Model.load(shipped_folder())


def shipped_folder() -> Path:
    """Where the package keeps its model."""
    return Path(str(files("twohats.analysis.voices") / "trained"))


def fingerprint(folder: Path) -> str:
    """The SHA-256 over the model's files, in order of their names."""
    told = hashlib.sha256()
    for file in [folder / SETTINGS_FILE, *sorted(folder.glob("network_*.npz")), folder / THEMES_FILE]:
        told.update(file.name.encode() + b"\0" + file.read_bytes())
    return told.hexdigest()
