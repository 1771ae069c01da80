"""A comment is cut where it begins to speak of something else; nothing is lost on the way."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.analysis.voices.clauses import clauses_of


def cut(text: str) -> list[str]:
    return [text[start:stop] for start, stop in clauses_of(text)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Kind nurse. Cold food.", ["Kind nurse. ", "Cold food."]),
        ("The nurse was kind but the food was cold", ["The nurse was kind ", "but the food was cold"]),
        ("nice staff, food lovely", ["nice staff, ", "food lovely"]),
        ("The doctor was great and the parking was a mess", ["The doctor was great ", "and the parking was a mess"]),
        ("The nurse and the doctor were kind", ["The nurse and the doctor were kind"]),
        ("They were kind.Parking was full", ["They were kind.", "Parking was full"]),
        ("Esperé tres horas, pero la doctora fue amable", ["Esperé tres horas, ", "pero la doctora fue amable"]),
        ("Thank you!!! :)", ["Thank you!!! :)"]),
        ("...", ["..."]),
        ("", []),
        ("one\ntwo", ["one\n", "two"]),
    ],
)
def test_a_cut_stands_where_the_subject_changes(text: str, clauses: list[str]) -> None:
    assert cut(text) == clauses


@given(st.text(alphabet=st.characters(), max_size=200))
def test_the_cuts_of_any_text_join_back_to_it(text: str) -> None:
    spans = clauses_of(text)
    assert "".join(text[start:stop] for start, stop in spans) == text
    assert all(start < stop for start, stop in spans)


@given(
    st.lists(
        st.sampled_from(["Nurse ", "food, ", "but ", "and ", ". ", "!", "esperé ", "\n", "… ", "parking "]), max_size=40
    )
)
def test_the_cuts_of_what_looks_like_a_comment_join_back_to_it(words: list[str]) -> None:
    assert "".join(cut("".join(words))) == "".join(words)


@pytest.mark.parametrize("piece", [".", "a. ", "but ", ", and ", "nurse and food ", "x", "\n", "apart   "])
def test_a_hundred_thousand_characters_are_cut_in_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        clauses_of(text)
        return time.process_time() - began

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.005)
