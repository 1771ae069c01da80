"""Words of danger are heard in English and Spanish, misspelt too, and not where somebody says that there is none."""

import random
import tomllib
from pathlib import Path

import duckdb
import pytest

from twohats.analysis.journeys.urgent_words_sql import heard_in
from twohats.care.urgent_words import Clock, Heard, heard

DRAWN = tomllib.loads((Path(__file__).parent.parent / "spec" / "urgent_words.toml").read_text("utf-8"))
JUNK = ("’", "É", "ñ", "\n", "😀", "…", "ß", "İ", "—", "\t", "  ", "'", ".", "ﬁ", "٣", "Ａ")


@pytest.mark.parametrize("words", DRAWN["danger"])
def test_words_of_danger_are_heard(words):
    assert (heard(words).danger, heard(words).clock) == (True, Clock.NOW)


@pytest.mark.parametrize("words", DRAWN["distress"])
def test_distress_is_heard_and_is_not_danger(words):
    assert heard(words) == Heard(danger=False, distress=True)


@pytest.mark.parametrize("words", DRAWN["calm"])
def test_what_is_calm_or_denied_is_neither(words):
    assert heard(words) == Heard()


def test_no_words_say_nothing():
    assert heard(None) == Heard()


def test_the_build_hears_what_we_hear_in_one_text():
    dice = random.Random(20261125)
    drawn = [words for texts in DRAWN.values() for words in texts]
    texts = drawn + [words.upper() for words in drawn]
    for _ in range(500):
        words = list(dice.choice(drawn) + dice.choice((" ", ". ", ", ", " but ")) + dice.choice(drawn))
        for _ in range(2):
            words.insert(dice.randrange(len(words) + 1), dice.choice(JUNK))
        texts.append("".join(words))
    rows = [(str(number), words) for number, words in enumerate(texts)]
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("create table texts (resource varchar, words varchar)")
    connection.executemany("insert into texts values (?, ?)", rows)
    found = {int(key): tuple(told) for key, *told in connection.execute(heard_in("from texts")).fetchall()}
    told = ((said.danger, said.distress) for said in map(heard, texts))
    ours = {number: pair for number, pair in enumerate(told) if any(pair)}
    assert found == ours
