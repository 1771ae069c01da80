"""How soon a human must look at a comment: what is told for now, for the day, and left alone."""

import csv
from pathlib import Path

import numpy as np
import pytest

from twohats.analysis.voices.training import WRITTEN
from twohats.analysis.voices.urgent import UrgentModel, clock_of, shipped_urgent_model
from twohats.analysis.voices.urgent_features import families_of, sparse_of, words_read
from twohats.analysis.voices.urgent_training import Lesson, features_of, save, taught
from twohats.care.urgent_words import Clock


@pytest.mark.parametrize(("words", "clock"), [
    ("I want to kill myself tonight.", Clock.NOW),
    ("I took all my pills and I want to die", Clock.NOW),
    ("Me quiero morir, ya no puedo mas", Clock.NOW),
    ("my baby cant breathe and nobody answers the phone", Clock.NOW),
    ("gave me the wrong medicine and I had a reaction", Clock.DAY),
    ("My mother was left in a wet bed all night and nobody came", Clock.DAY),
    ("The wait was far too long.", Clock.NO),
    ("The front desk was quick but nobody sat with me.", Clock.NO),
    ("Thanks to the suicide prevention nurse, she was lovely", Clock.NO),
    ("They treated me like a number", Clock.NO),
    ("", Clock.NO), ("  ", Clock.NO), ("\U0001f642" * 50, Clock.NO),
])
def test_the_clock_of_some_words(words: str, clock: Clock):
    assert clock_of(words) is clock


def test_written_texts_that_were_learned_from_are_mostly_told():
    with (WRITTEN / "urgent_pairs_es.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [clock_of(row["text"]) is not Clock.NO for row in rows if row["urgent"] != "no"]
    spared = [clock_of(row["text"]) is Clock.NO for row in rows if row["urgent"] == "no"]
    assert (sum(found) / len(found) > 0.9, sum(spared) / len(spared) > 0.3) == (True, True)


def test_words_of_a_family_count_alike_in_both_languages():
    assert families_of("suicidal") == families_of("suicidio") == ("suicide",)


def test_a_hundred_thousand_letters_are_read_in_bounded_time():
    assert len(sparse_of(*words_read("pain " * 100_000))) < 50


def test_learning_gives_the_same_bytes_and_tells_apart_what_it_saw(tmp_path: Path):
    lessons = [Lesson(text, clock, 1.0, "drawn") for text, clock in (
        ("I will end it tonight", 2), ("the nurse hit my father", 1), ("lovely soup", 0), ("parking was full", 0)) * 5]
    features = features_of([lesson.text for lesson in lessons])
    for name in ("one.npz", "two.npz"):
        save(taught(features, lessons), tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as held:
        model = UrgentModel(*(held[name].astype(np.float32) for name in ("sparse", "dense", "start")))
    at_all = [model.scores(lesson.text)[0] > 0 for lesson in lessons[:4]]
    now = [model.scores(lesson.text)[1] > 0 for lesson in lessons[:4]]
    assert (at_all, now) == ([True, True, False, False], [True, False, False, False])


def test_the_shipped_model_is_what_it_says():
    model = shipped_urgent_model()
    assert (model.sparse.shape, model.dense.shape, model.start.shape) == ((131_072, 2), (512, 2), (2,))
