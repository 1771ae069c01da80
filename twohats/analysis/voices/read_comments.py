"""Comments read: every clause with its labels, its clock of urgency, and its words with personal data masked."""

import re
from collections.abc import Iterable

import pyarrow as pa

from twohats.analysis.voices.codebook_view import by_codebook
from twohats.analysis.voices.labelling import label_comments
from twohats.analysis.voices.urgent import clock_of
from twohats.care.urgent_words import Clock
from twohats.store.engine import as_json
from twohats.store.masking import MARK, Found, found_in

TEXT = pa.string()
READ = pa.schema([
    ("voice", pa.int64()), ("comment_id", TEXT), ("clause_no", pa.int64()), ("start", pa.int64()), ("words", TEXT),
    ("masked", TEXT), ("hat", TEXT), ("p_patient", pa.float64()), ("p_customer", pa.float64()),
    ("p_none", pa.float64()), ("certain", pa.bool_()), ("touchpoint", TEXT), ("touchpoint_2", TEXT),
    ("touchpoint_3", TEXT), ("p_touchpoint", pa.float64()), ("sentiment", pa.int64()), ("speaker", TEXT),
    ("about_hat", TEXT), ("urgent", TEXT), ("evidence", TEXT), ("service", TEXT),
])
PROBABILITIES = ("p_patient", "p_customer", "p_none", "p_touchpoint")
_WORD = re.compile(r"[^\W\d_]+")


def read_clauses(texts: pa.Table, staff_names: pa.Table) -> pa.Table:
    """One row per clause of `texts` (voice, comment_id, words, service, question, respondent, known names).

    `staff_names` holds, in lower case, the names that staff go by. A Python stage: Arrow in, Arrow out.
    """
    staff = frozenset(staff_names["name"].to_pylist())
    asked = {row["voice"]: row for row in texts.to_pylist()}
    keyed = texts.drop_columns(["comment_id", "voice", "known"]).append_column(
        "comment_id", texts["voice"].cast(TEXT))
    by_voice: dict[int, list[dict[str, object]]] = {}
    for row in by_codebook(label_comments(keyed)).to_pylist():
        by_voice.setdefault(int(row["comment_id"]), []).append(row)
    rows = [line for voice, clauses in by_voice.items() for line in _read(asked[voice], clauses, staff)]
    return pa.Table.from_pylist(rows, READ)


def _read(
    comment: dict[str, object], clauses: list[dict[str, object]], staff: frozenset[str]
) -> Iterable[dict[str, object]]:
    """The clauses of one comment, with what is read from the whole of it."""
    words = str(comment["words"])
    known = {*comment["known"], *(word for word in _WORD.findall(words) if word.lower() in staff)}  # type: ignore[misc]
    personal = found_in(words, frozenset(known))
    clocks = clocks_of(words, [str(clause["text"]) for clause in clauses])
    for clause, clock in zip(clauses, clocks, strict=True):
        start, stop = int(clause["start"]), int(clause["stop"])  # type: ignore[call-overload]
        yield clause | {
            "voice": comment["voice"], "comment_id": comment["comment_id"], "service": comment["service"],
            "words": words[start:stop], "masked": masked_part(words, personal, start, stop), "urgent": clock.value,
            "evidence": as_json(clause["evidence"]),
        } | {name: round(float(clause[name]), 4) for name in PROBABILITIES}  # type: ignore[arg-type]


def clocks_of(words: str, clauses: list[str]) -> list[Clock]:
    """The clock of each clause; where only the whole comment tells the danger, all of its clauses carry it."""
    order = list(Clock)
    whole = clock_of(words)
    if whole is Clock.NO:
        return [whole] * len(clauses)
    each = [min(clock_of(clause), whole, key=order.index) for clause in clauses]
    return each if whole in each else [whole] * len(clauses)


def masked_part(words: str, personal: Iterable[Found], start: int, stop: int) -> str:
    """words[start:stop] with what is personal masked; what begins in an earlier part leaves nothing here."""
    made, at = [], start
    for found in personal:
        if found.end <= start or found.start >= stop:
            continue
        made.append(words[at:max(at, found.start)])
        if found.start >= start:
            made.append(MARK)
        at = min(found.end, stop)
    return "".join([*made, words[at:stop]])
