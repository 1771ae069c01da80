"""The glossary holds every word we build on, once, in both languages."""

from collections import Counter

from tests.conftest import REPOSITORY
from twohats.words.hats import Hat
from twohats.words.perspectives import perspectives

VOCABULARY = (
    "person", "hat", "interaction", "journey", "visit", "segment", "touchpoint", "reason", "instrument", "item",
    "answer", "comment", "clause", "voice", "measure", "score", "cohort", "effort", "wait", "burden", "need",
    "resource, service", "referral", "access plan", "discharge plan", "contact rule, gate", "investment",
    "coaching note", "finding", "case", "release", "prospect", "zone", "role", "act", "stakes", "acuity", "override",
    "landing", "bucket", "stage", "grain", "quarantine",
)


def rows() -> list[list[str]]:
    lines = (REPOSITORY / "GLOSSARY.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if row[0] not in ("English", "---")]


def test_every_word_of_ours_is_in_the_glossary():
    words = {row[0].split(" (")[0] for row in rows()}
    ours = {*VOCABULARY, *map(str, Hat), *(perspective.key for perspective in perspectives())}
    assert ours - words == set()


def test_no_word_is_explained_twice_and_no_cell_is_empty():
    assert [word for word, times in Counter(row[0] for row in rows()).items() if times > 1] == []
    assert [row[0] for row in rows() if not all(row)] == []
    assert {len(row) for row in rows()} == {3, 4}
