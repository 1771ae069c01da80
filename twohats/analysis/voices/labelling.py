"""Labels for comments: hat, touchpoint, tone and speaker of every clause, with the words that decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .clauses import clauses_of
from .encoding import UNKNOWN, Said
from .labels import HATS, SPEAKERS, THEMES, TOUCHPOINTS
from .network import Batch, Floats
from .reading import Model, hats_of, shipped_model
from .speakers import is_told, speakers_of
from .wording import said_words

CLAUSES = pa.schema(
    [
        ("comment_id", pa.string()),
        ("clause_no", pa.int32()),
        ("start", pa.int32()),
        ("stop", pa.int32()),
        ("text", pa.string()),
        ("hat", pa.string()),
        ("p_patient", pa.float32()),
        ("p_customer", pa.float32()),
        ("p_none", pa.float32()),
        ("certain", pa.bool_()),
        ("touchpoint", pa.string()),
        ("touchpoint_2", pa.string()),
        ("touchpoint_3", pa.string()),
        ("p_touchpoint", pa.float32()),
        ("sentiment", pa.int8()),
        ("speaker", pa.string()),
        ("about_hat", pa.string()),
        ("evidence", pa.list_(pa.string())),
    ]
)
"""One row per clause, in order. `hat` is the view (family and others: customer); `about_hat` what it is about."""
COMMENTS = pa.schema([("comment_id", pa.string()), ("labels", pa.list_(pa.string())), ("sentiment", pa.int8())])
"""One row per comment: the themes of the public framework, and the tone of the whole."""
LETTERS_AT_A_TIME = 20_000
EVIDENCE_WORDS = 4
SPEAKS_FROM = 0.4
"""A word is evidence if alone it raises the log of the touchpoint's share by this much."""
_HATS, _POINTS, _SPEAKERS = (np.array(names, dtype=object) for names in (HATS, TOUCHPOINTS, SPEAKERS))


@dataclass(frozen=True)
class _Comment:
    """A comment on its way: where its clauses are, and what is known of it."""

    id: str
    text: str
    spans: Sequence[tuple[int, int]]
    said: Said
    respondent: str


def label_comments(comments: pa.Table, model: Model | None = None) -> pa.Table:
    """One row per clause of every comment (see CLAUSES); a comment without words gives one clause without a hat.

    In: comment_id and words (strings), and where known service, question and respondent (self, family, proxy, other).
    Texts repeat ("Nothing", "Friendly staff"): each is read once.
    """
    columns = [_column(comments, name) for name in ("words", "service", "question", "respondent")]
    numbers: dict[tuple[str, ...], int] = {}
    read_as = [numbers.setdefault(told, len(numbers)) for told in zip(*columns, strict=True)]
    cut = [_cut(*told) for told in numbers]
    labelled = _all_labelled(cut, model or shipped_model())
    counts = np.array([len(one.spans) for one in cut], np.int64)
    return _each_its_own(labelled, _column(comments, "comment_id"), np.array(read_as, np.int64), counts)


def _each_its_own(labelled: pa.Table, ids: Sequence[str], read_as: np.ndarray, counts: np.ndarray) -> pa.Table:
    """The rows of every comment under its own id; `read_as` is the text it shares with others."""
    starts = np.cumsum(counts) - counts
    mine = counts[read_as]
    rows = np.repeat(starts[read_as] - (np.cumsum(mine) - mine), mine) + np.arange(mine.sum())
    repeated = pa.array(ids, pa.string()).take(pa.array(np.repeat(np.arange(len(ids)), mine)))
    told = labelled if len(rows) == labelled.num_rows and len(counts) == len(ids) else labelled.take(pa.array(rows))
    return told.set_column(0, CLAUSES.field(0), repeated).combine_chunks()


def _all_labelled(comments: Sequence["_Comment"], model: Model) -> pa.Table:
    portions = [_labelled(some, model) for some in _in_portions(iter(comments))]
    return pa.concat_tables([CLAUSES.empty_table(), *portions])


def label_clauses(clauses: pa.Table, model: Model | None = None) -> pa.Table:
    """The labels of clauses that are cut already: comment_id, text, service, question, respondent; rows in order.

    Rows that follow one another with the same comment_id are one comment; start and stop count from its first clause.
    """
    return _all_labelled(list(_given(clauses)), model or shipped_model()).combine_chunks()


def comment_labels(comments: pa.Table, model: Model | None = None) -> pa.Table:
    """The themes and the tone of whole comments (see COMMENTS); the same columns in as for `label_comments`."""
    model = model or shipped_model()
    columns = (_column(comments, name) for name in ("words", "service", "question", "respondent"))
    labels: list[list[str]] = []
    tones: list[int] = []
    for some in _in_portions(_cut(*told) for told in zip(*columns, strict=True)):
        themes, mood = model.whole([one.said for one in some])
        labels += [themes_of(shares, model.theme_from) for shares in themes]
        tones += tones_of(mood).tolist()
    return pa.table(
        {"comment_id": _column(comments, "comment_id"), "labels": labels, "sentiment": tones}, schema=COMMENTS
    )


def themes_of(shares: Floats, from_share: Floats) -> list[str]:
    """The themes whose share reaches their threshold; the likeliest where none does."""
    told = [theme for theme, share, least in zip(THEMES, shares, from_share, strict=True) if share >= least]
    return told or [THEMES[int(shares.argmax())]]


def tones_of(mood: Floats) -> Floats:
    """1, 0 or -1 from the five moods (very good first)."""
    three = np.stack([mood[:, 3] + mood[:, 4], mood[:, 2], mood[:, 0] + mood[:, 1]], axis=1)
    return three.argmax(axis=1) - 1


def _column(table: pa.Table, name: str) -> list[str]:
    """The column as texts, empty where there is none."""
    if name not in table.column_names:
        return [""] * table.num_rows
    return ["" if value is None else str(value) for value in table.column(name).to_pylist()]


def _cut(text: str, service: str, question: str, respondent: str) -> _Comment:
    spans = clauses_of(text) or [(0, 0)]
    return _Comment("", text, spans, Said([text[start:stop] for start, stop in spans], service, question), respondent)


def _given(clauses: pa.Table) -> Iterator[_Comment]:
    columns = [_column(clauses, name) for name in ("comment_id", "text", "service", "question", "respondent")]
    held: list[tuple[str, ...]] = []
    for row in zip(*columns, strict=True):
        if held and held[-1][0] != row[0]:
            yield _of_given(held)
            held = []
        held.append(row)
    if held:
        yield _of_given(held)


def _of_given(rows: Sequence[tuple[str, ...]]) -> _Comment:
    texts = [row[1] for row in rows]
    stops = np.cumsum([len(text) for text in texts]).tolist()
    spans = list(zip([0, *stops[:-1]], stops, strict=True))
    return _Comment(rows[0][0], "".join(texts), spans, Said(texts, rows[0][2], rows[0][3]), rows[0][4])


def _in_portions(comments: Iterator[_Comment]) -> Iterator[list[_Comment]]:
    """Comments in portions of about equally many words, so that memory is bounded."""
    some: list[_Comment] = []
    full = 0
    for one in comments:
        some.append(one)
        full += len(one.text) + 10
        if full > LETTERS_AT_A_TIME:
            yield some
            some, full = [], 0
    if some:
        yield some


def _labelled(comments: Sequence[_Comment], model: Model) -> pa.Table:
    batch = model.codes.batch_of(one.said for one in comments)
    opinion = model.opinion(batch)
    of = batch.comment_of
    speaker = speakers_of([one.respondent for one in comments], batch, opinion.speaker)
    view, about = hats_of(opinion, speaker[of])
    told = np.array([is_told(one.respondent) for one in comments])
    view = np.where(told[of][:, None], view, (view + opinion.hat) / 2)
    readable = np.add.reduceat(batch.words > UNKNOWN, batch.clause_at) > 0
    view[~readable] = about[~readable] = (0, 0, 1)
    first = view.argmax(axis=1)
    points = np.argsort(-opinion.touchpoint, axis=1, kind="stable")[:, :3]
    points[~readable, 0] = TOUCHPOINTS.index("none_other")
    sentiment = np.where(readable, opinion.sentiment.argmax(axis=1) - 1, 0)
    sure = readable & (view.max(axis=1) >= model.sure)
    spans = np.array([span for one in comments for span in one.spans], np.int32).reshape(-1, 2)
    texts = [text for one in comments for text in one.said.clauses]
    return pa.table(
        [
            pa.array([comments[number].id for number in of], pa.string()),
            pa.array(np.arange(len(of)) - batch.comment_at[of] + 1, pa.int32()),
            pa.array(spans[:, 0]),
            pa.array(spans[:, 1]),
            pa.array(texts, pa.string()),
            pa.array(_HATS[first], pa.string()),
            pa.array(view[:, 0]),
            pa.array(view[:, 1]),
            pa.array(view[:, 2]),
            pa.array(sure),
            *(pa.array(_POINTS[points[:, place]], pa.string()) for place in range(3)),
            pa.array(np.take_along_axis(opinion.touchpoint, points[:, :1], axis=1)[:, 0]),
            pa.array(sentiment, pa.int8()),
            pa.array(_SPEAKERS[speaker.argmax(axis=1)[of]], pa.string()),
            pa.array(_HATS[about.argmax(axis=1)], pa.string()),
            pa.array(_evidence(texts, batch, points[:, 0], model), pa.list_(pa.string())),
        ],
        schema=CLAUSES,
    )


def _evidence(texts: Sequence[str], batch: Batch, points: np.ndarray, model: Model) -> list[list[str]]:
    """Per clause the words that by themselves speak most for its touchpoint, heaviest first."""
    clause_of = np.repeat(np.arange(len(points)), batch.clause_words_with_blanks)
    weight = model.speaks_for[batch.words, points[clause_of]]
    heavy = np.flatnonzero(weight >= SPEAKS_FROM)
    heavy = heavy[np.lexsort((-weight[heavy], clause_of[heavy]))]
    told: list[list[str]] = [[] for _ in texts]
    words: list[str] = []
    last = -1
    for place in heavy.tolist():
        clause = int(clause_of[place])
        held = told[clause]
        if len(held) >= EVIDENCE_WORDS:
            continue
        if clause != last:
            words, last = said_words(texts[clause]), clause
        word = words[place - int(batch.clause_at[clause])]
        if word not in held:
            held.append(word)
    return told
