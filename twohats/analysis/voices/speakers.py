"""Who speaks in a comment: the patient, the family, or another; told once for the whole comment, before its clauses."""

from collections.abc import Sequence

import numpy as np

from .labels import SPEAKERS
from .network import Batch, Floats

BY_RESPONDENT = {"self": "patient", "proxy": "patient", "family": "family", "other": "other"}
"""Who answers for the patient stands in the patient's place; the family answers for itself."""


def is_told(respondent: str) -> bool:
    """Whether the form says who answers."""
    return respondent.strip().lower() in BY_RESPONDENT


def speakers_of(respondents: Sequence[str], batch: Batch, by_clause: Floats) -> Floats:
    """One row per comment, shares as SPEAKERS: who the form says answers, else what all its clauses say together.

    `by_clause` are the shares that the words of each clause (seen with the whole comment) speak for; long clauses
    count more.
    """
    words = batch.clause_words.astype(np.float32)[:, None]
    speaker = np.add.reduceat(by_clause * words, batch.comment_at) / np.add.reduceat(words, batch.comment_at)
    for number, respondent in enumerate(respondents):
        if respondent and is_told(respondent):
            known = BY_RESPONDENT[respondent.strip().lower()]
            speaker[number] = [known == name for name in SPEAKERS]
    return speaker
