"""Themes by their words: a small reader learned from drawn comments, kept and read again."""

from pathlib import Path

import numpy as np

from twohats.analysis.voices.encoding import Said
from twohats.analysis.voices.reading import shipped_model
from twohats.analysis.voices.theme_words import ThemeWords, learned, terms_of

PARKING = ["the parking was full", "no parking near the door", "parking too dear"]
FOOD = ["the food was cold", "cold food again", "food came late"]
COMMENTS = [Said([text], "Clinic", "What could we improve?") for text in (*PARKING, *FOOD)]
TRUTH = np.array([[True, False]] * 3 + [[False, True]] * 3)


def test_words_pairs_within_a_clause_and_parts_of_words():
    terms, parts = terms_of(Said(["Cold food", "food!"]))
    assert terms == {"cold": 1, "food": 2, "cold food": 1, "!": 1, "food !": 1}
    assert parts["~<fo"] == 2 and parts["~food>"] == 2 and parts["~cold>"] == 1 and "~d f" not in parts


def test_it_tells_themes_of_comments_it_never_read():
    reader = learned(COMMENTS, TRUTH)
    told = reader.shares([Said(["where is the parking"]), Said(["awful food"]), Said(["cold meals"])])
    assert told.argmax(axis=1).tolist() == [0, 1, 1]
    assert ((told > 0) & (told < 1)).all()


def test_a_kept_reader_tells_the_same_and_nothing_said_is_nobodys_theme_more_than_another(tmp_path: Path):
    reader = learned(COMMENTS, TRUTH)
    reader.save(tmp_path)
    again = ThemeWords.load(tmp_path)
    nothing = [Said([]), Said([""]), Said(["xyzzy"])]
    told = again.shares([*COMMENTS, *nothing])
    assert np.abs(told - reader.shares([*COMMENTS, *nothing])).max() < 1e-3
    assert np.ptp(told[len(COMMENTS):], axis=0).max() == 0


def test_a_comment_is_told_alike_whatever_is_told_beside_it():
    reader = learned(COMMENTS, TRUTH)
    together = reader.shares(COMMENTS)
    assert [reader.shares([one])[0].tolist() for one in COMMENTS] == together.tolist()
    assert (learned(COMMENTS, TRUTH).weights == reader.weights).all()


def test_the_shipped_model_hears_both_the_networks_and_the_wording():
    model = shipped_model()
    said = [Said(["The staff were lovely", "parking was a nightmare"])]
    themes, mood = model.whole(said)
    assert themes.shape == (1, 24) and mood.shape == (1, 5)
    batch = model.codes.batch_of(said)
    by_networks = np.mean([1 / (1 + np.exp(-reader.scores(batch)[1][:, :24])) for reader in model.readers], axis=0)
    assert np.allclose(themes, 0.6 * by_networks + 0.4 * model.wording.shares(said))
