"""Who speaks is told by the form where it asks, else by the words of the whole comment, in both languages."""

import pyarrow as pa
import pytest

from twohats.analysis.voices.labelling import label_comments


def labelled(text: str, respondent: str | None = None) -> list[dict[str, object]]:
    table = pa.table({"comment_id": ["c"], "words": [text], "respondent": [respondent]})
    return label_comments(table).to_pylist()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("My mum was in pain and the nurse came at once to help her.", "family"),
        ("My daughter was scared and the doctor talked to her gently.", "family"),
        ("A mi mamá la trataron muy bien las enfermeras.", "family"),
        ("Mi hijo estaba asustado y la doctora lo tranquilizó.", "family"),
        ("The doctor listened to me and explained my scan.", "patient"),
        ("La enfermera me explicó cómo tomar mis pastillas.", "patient"),
    ],
)
def test_the_words_tell_who_speaks(text: str, speaker: str) -> None:
    assert {clause["speaker"] for clause in labelled(text)} == {speaker}


def test_what_the_family_says_is_the_customers_view_and_keeps_what_it_is_about() -> None:
    (clause,) = labelled("The nurses were so kind and gentle with my mum")
    assert (clause["hat"], clause["about_hat"], clause["speaker"]) == ("customer", "patient", "family")


def test_the_form_decides_over_the_words() -> None:
    text = "The nurse was very kind and gentle"
    told = {who: labelled(text, who)[0] for who in ("self", "proxy", "family", "other")}
    assert {who: (one["speaker"], one["hat"], one["about_hat"]) for who, one in told.items()} == {
        "self": ("patient", "patient", "patient"),
        "proxy": ("patient", "patient", "patient"),
        "family": ("family", "customer", "patient"),
        "other": ("other", "customer", "patient"),
    }
