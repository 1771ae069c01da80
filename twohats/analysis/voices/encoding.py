"""Comments as numbers: which word, which clause, which comment; the form that the network reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .network import Batch
from .wording import english_of, is_spanish, words_of

BLANK, UNKNOWN = 0, 1
SHORTEST_MENDED = 5
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = ("", "improve", "good", "why")
KIND_SIGNS = (
    ("improve", re.compile(r"improve|better|differently|mejor(?:ar|amos)", re.IGNORECASE)),
    ("why", re.compile(r"why|dissatisf|por qu[eé]", re.IGNORECASE)),
    ("good", re.compile(r"good|\bwell\b|(?:did you|you) like[d ]? *(?:most|best|\?)|hicimos bien", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Said:
    """A comment that is cut: its clauses' texts in order, and the service and question where known."""

    clauses: Sequence[str]
    service: str = ""
    question: str = ""


def kind_of(question: str) -> str:
    """What a question asks for: improve, good, why; else the question itself, in lower case."""
    return next((kind for kind, sign in KIND_SIGNS if sign.search(question)), question.strip().lower())


@dataclass
class Codes:
    """The numbers of words, services and kinds of question that a network knows."""

    words: Mapping[str, int]
    services: Mapping[str, int]
    kinds: Mapping[str, int]
    _read_as: dict[str, int] = field(default_factory=dict)
    MOST_KEPT = 200_000

    def number_of(self, word: str) -> int:
        """The number of the word, or of the known word it is a slip of, or UNKNOWN."""
        found = self.words.get(word)
        if found is None:
            found = self._read_as.get(word)
        if found is None:
            found = self._mended(word)
            if len(self._read_as) < self.MOST_KEPT:
                self._read_as[word] = found
        return found

    def _mended(self, word: str) -> int:
        """The most frequent known word one slip away; words are numbered by frequency."""
        if not SHORTEST_MENDED <= len(word) <= 20 or not word.isalpha():
            return UNKNOWN
        halves = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
        near = [a + b[1:] for a, b in halves if b]
        near += [a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1]
        near += [a + letter + b[1:] for a, b in halves if b for letter in LETTERS]
        near += [a + letter + b for a, b in halves for letter in LETTERS]
        return min((self.words[one] for one in near if one in self.words), default=UNKNOWN)

    def batch_of(self, comments: Iterable[Said], longest: int | None = None) -> Batch:
        """The comments as one batch; a clause without words is one UNKNOWN word. `longest` cuts long comments
        (training)."""
        words: list[int] = []
        clause_at: list[int] = []
        clause_words: list[int] = []
        comment_at: list[int] = []
        settings: list[tuple[int, int]] = []
        for said in comments:
            comment_at.append(len(clause_at))
            settings.append(
                (self.services.get(said.service.strip().lower(), 0), self.kinds.get(kind_of(said.question), 0))
            )
            for told in self._numbers(said.clauses):
                clause_at.append(len(words))
                told = told[:longest] or [UNKNOWN]
                clause_words.append(len(told))
                words += told
            words.append(BLANK)
        return Batch(
            np.array(words, np.int64),
            np.array(clause_at, np.int64),
            np.array(clause_words, np.int64),
            np.array(comment_at, np.int64),
            np.array(settings, np.int64).reshape(-1, 2),
        )

    def _numbers(self, clauses: Sequence[str]) -> list[list[int]]:
        spoken = [words_of(clause) for clause in clauses]
        if is_spanish([word for clause in spoken for word in clause]):
            spoken = [[english_of(word) for word in clause] for clause in spoken]
        known, number_of = self.words, self.number_of
        return [[known.get(word) or number_of(word) for word in clause] for clause in spoken]
