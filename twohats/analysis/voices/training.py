"""The model is trained: read segments, what the teacher thought of unread ones, corrections; always to the same
bytes."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from twohats.words.problems import Problem

from .clauses import clauses_of
from .encoding import Codes, Said
from .labels import EITHER_SIDE, HATS, PATIENT_SIDE, SPEAKERS, THEMES, TOUCHPOINTS
from .network import CLAUSE_HEADS, COMMENT_HEADS, Batch, Floats, Learner, Weights, heads_at, new_weights
from .reading import SETTINGS_FILE, fingerprint, shipped_folder
from .theme_words import learned
from .wording import english_of, is_spanish, words_of

ROUNDS = 13
NETWORKS = 2
WRITTEN = Path(str(files("twohats.analysis.voices") / "written"))
PHRASES = Path(str(files("twohats.analysis.voices") / "phrases.txt"))
MEASURED: dict[str, object] = {
    "heat": {"touchpoint": 0.9, "about": 1.4, "hat": 1.0, "sentiment": 0.9, "speaker": 0.9},
    "sure": 0.6,
    "theme_from": [
        *(0.5, 0.5, 0.4, 0.3, 0.2, 0.3, 0.25, 0.3, 0.25, 0.2, 0.15, 0.2),
        *(0.25, 0.15, 0.3, 0.15, 0.2, 0.1, 0.2, 0.15, 0.15, 0.25, 0.1, 0.15),
    ],
}
"""What the benchmark measured on comments that nobody trained on: how much to cool each head, from which share a hat is
sure, from which share a theme is told."""
WORDS_A_STEP = 2500
LONGEST_CLAUSE = 80
MOST_CLAUSES = 12
SEEN_AT_LEAST = 2
READ_WEIGHT, JUDGED_WEIGHT, PHRASE_WEIGHT = 2.0, 1.4, 1.0
"""A read segment counts double a segment that only the teacher labelled; one marked as a judgement call less."""
WRITTEN_COUNTS = 1.5
"""Written segments are few beside the public comments, and the only ones of their country or language."""
READ_SHARE = 0.5
"""How much the read label counts beside the teacher's opinion of the same segment."""


@dataclass(frozen=True)
class Lesson:
    """A comment to learn from: its clauses with what is known of each."""

    said: Said
    aims: Floats
    """One row per clause, columns as CLAUSE_HEADS; a row of zeros teaches nothing."""
    weights: Floats
    comment_aims: Floats
    comment_weight: float
    key: str
    """Which comment it is; the benchmark leaves comments out by it."""


@dataclass(frozen=True)
class Teacher:
    """What a larger model thought of the public comments: probabilities by text and place. No text is in it."""

    clauses: dict[int, list[tuple[int, int, Floats]]]
    comments: dict[int, Floats]

    @classmethod
    def load(cls, file: Path) -> "Teacher":
        with np.load(file, allow_pickle=False) as held:
            keys, places, told = held["clause_keys"], held["places"], held["clauses"]
            clauses: dict[int, list[tuple[int, int, Floats]]] = {}
            for key, (start, stop), row in zip(keys.tolist(), places.tolist(), told, strict=True):
                clauses.setdefault(key, []).append((start, stop, _probabilities(row)))
            return cls(clauses, dict(zip(held["comment_keys"].tolist(), held["comments"], strict=True)))

    def comment(self, key: int) -> Floats | None:
        row = self.comments.get(key)
        return None if row is None else (row.astype(np.float32) / 255) ** 2


def _probabilities(row: Floats) -> Floats:
    """Bytes of square roots back to probabilities that sum to 1 in every head."""
    told = (row.astype(np.float32) / 255) ** 2
    for at in heads_at(CLAUSE_HEADS).values():
        told[at] /= max(float(told[at].sum()), 1e-6)
    return told


def key_of(text: str, service: str, question: str) -> int:
    """The number under which the teacher knows a comment."""
    digest = hashlib.sha256("\x1f".join((text, service, question)).encode()).digest()
    return int.from_bytes(digest[:8], "little", signed=True)


def read_rows(file: Path) -> list[dict[str, str]]:
    """A CSV file's rows, as text."""
    with file.open(newline="", encoding="utf-8") as held:
        return list(csv.DictReader(held))


def label_row(hat: str, touchpoint: str, sentiment: str, speaker: str) -> Floats:
    """What a reader said, as one row of aims."""
    at = heads_at(CLAUSE_HEADS)
    row = np.zeros(sum(CLAUSE_HEADS.values()), np.float32)
    about = hat if speaker == "patient" else about_of(touchpoint)
    for head, number in (
        ("touchpoint", TOUCHPOINTS.index(touchpoint)),
        ("about", HATS.index(about)),
        ("hat", HATS.index(hat)),
        ("sentiment", int(sentiment) + 1),
        ("speaker", SPEAKERS.index(speaker)),
    ):
        row[at[head].start + number] = 1
    return row


def about_of(touchpoint: str) -> str:
    """The hat a touchpoint belongs to, whoever speaks."""
    if touchpoint in PATIENT_SIDE:
        return "patient"
    return "none" if touchpoint in EITHER_SIDE else "customer"


def lessons_of(
    data: Path,
    written: Path | None,
    phrases: Path | None,
    teacher: Teacher | None,
    corrections: Path | None = None,
    log: Callable[[str], None] = lambda line: None,
) -> list[Lesson]:
    """Everything there is to learn from, in a fixed order."""
    comments = {row["comment_id"]: row for row in read_rows(data / "nhs_comments" / "comments.csv")}
    read: dict[str, list[dict[str, str]]] = {}
    for file in segment_files(data, written):
        for row in read_rows(file):
            if row.get("part") != "test":
                read.setdefault(row["comment_id"], []).append(row)
    lessons = [_read_lesson(rows, comments.get(key), teacher) for key, rows in read.items()]
    lessons += _unread_lessons(comments, read, teacher)
    if phrases:
        lessons += _phrase_lessons(phrases)
    if corrections:
        lessons += _correction_lessons(corrections)
    log(f"{len(read)} read comments, {len(lessons)} lessons in all")
    return lessons


def segment_files(data: Path, written: Path | None) -> list[Path]:
    """The files of read segments, those of the shared data and those written for the project."""
    files = [
        data / "nhs_comments" / "hat_segments_train.csv",
        data / "nhs_comments" / "hat_segments.csv",
        data / "written_comments" / "us_segments.csv",
        data / "written_comments" / "es_segments.csv",
    ]
    return [*files, *(sorted(written.glob("*_segments.csv")) if written else [])]


def _read_lesson(rows: Sequence[dict[str, str]], comment: dict[str, str] | None, teacher: Teacher | None) -> Lesson:
    text = rows[0]["text"]
    service = comment["service"] if comment else rows[0]["service"]
    question = comment["question"] if comment else rows[0]["question"]
    key = key_of(text, service, question)
    opinions = {(start, stop): row for start, stop, row in (teacher.clauses.get(key, []) if teacher else [])}
    aims, weights = [], []
    here = 0
    for row in rows:
        start = max(text.find(row["segment_text"], here), 0)
        stop = here = start + len(row["segment_text"])
        told = label_row(row["hat"], row["touchpoint"], row["sentiment"], row["speaker"])
        opinion = opinions.get((start, stop))
        aims.append(told if opinion is None else READ_SHARE * told + (1 - READ_SHARE) * opinion)
        weight = READ_WEIGHT if row["certain"] != "0" else JUDGED_WEIGHT
        weights.append(weight * (WRITTEN_COUNTS if row["source"].startswith("written") else 1.0))
    comment_aims, counted = _comment_aims(comment, teacher, key)
    said = Said([row["segment_text"] for row in rows], service, question)
    return Lesson(said, np.array(aims), np.array(weights, np.float32), comment_aims, counted, rows[0]["comment_id"])


def _unread_lessons(
    comments: dict[str, dict[str, str]], read: dict[str, list[dict[str, str]]], teacher: Teacher | None
) -> list[Lesson]:
    lessons: list[Lesson] = []
    seen: set[int] = set()
    for row in comments.values():
        key = key_of(row["text"], row["service"], row["question"])
        if key in seen or not row["text"].strip():
            continue
        seen.add(key)
        parts = teacher.clauses.get(key, []) if teacher else []
        cuts = set(clauses_of(row["text"]))
        parts = [part for part in parts if (part[0], part[1]) in cuts]
        if not parts and not row["labels"]:
            continue
        said = Said(
            [row["text"][start:stop] for start, stop, _ in parts] or [row["text"]], row["service"], row["question"]
        )
        width = sum(CLAUSE_HEADS.values())
        aims = np.array([opinion for _, _, opinion in parts] or [np.zeros(width, np.float32)])
        comment_aims, weight = _comment_aims(row, teacher, key)
        lessons.append(
            Lesson(
                said,
                aims,
                np.full(len(aims), 1.0 if parts else 0.0, np.float32),
                comment_aims,
                weight,
                row["comment_id"],
            )
        )
    return lessons


def _comment_aims(row: dict[str, str] | None, teacher: Teacher | None, key: int) -> tuple[Floats, float]:
    """Themes and mood of the whole comment, by those who coded it and by the teacher."""
    width = sum(COMMENT_HEADS.values())
    opinion = teacher.comment(key) if teacher else None
    told = np.zeros(width, np.float32) if opinion is None else opinion.copy()
    known = opinion is not None
    themes = len(THEMES)
    if row and row["labels"]:
        named = set(row["labels"].split("|"))
        hard = np.array([theme in named for theme in THEMES], np.float32)
        told[:themes] = READ_SHARE * hard + (1 - READ_SHARE) * told[:themes] if known else hard
        if row["sentiment5"] in ("1", "2", "3", "4", "5"):
            mood = np.eye(5, dtype=np.float32)[int(row["sentiment5"]) - 1]
            told[themes:] = READ_SHARE * mood + (1 - READ_SHARE) * told[themes:] if known else mood
        known = True
    return told, 1.0 if known else 0.0


def _phrase_lessons(file: Path) -> list[Lesson]:
    """Ways to name a touchpoint, written by hand: `touchpoint: phrase | +glad phrase | -other phrase`, told by the
    patient."""
    at = heads_at(CLAUSE_HEADS)
    lessons = []
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        touchpoint, _, told = line.partition(": ")
        for phrase in told.split(" | "):
            tone = {"+": "1", "-": "-1"}.get(phrase[0], "0")
            aim = label_row(about_of(touchpoint), touchpoint, tone, "patient")
            if tone == "0":
                aim[at["sentiment"]] = 0
            lessons.append(_bare(Said([phrase.lstrip("+-")]), aim[None], PHRASE_WEIGHT, f"phrase {phrase}"))
    return lessons


def _correction_lessons(file: Path) -> list[Lesson]:
    """What reviewers corrected, one JSON object a line: words, clause, hat, touchpoint, sentiment, speaker."""
    lessons = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            aim = label_row(told["hat"], told["touchpoint"], str(told["sentiment"]), told.get("speaker") or "patient")
            said = Said(
                [str(told.get("clause") or told["words"])], told.get("service") or "", told.get("question") or ""
            )
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise Problem(
                "this correction cannot be read: " + type(wrong).__name__,
                f"{file} line {number}",
                "Each line is one JSON object with words, clause, hat, touchpoint, sentiment and speaker.",
            ) from None
        lessons.append(_bare(said, aim[None], READ_WEIGHT, f"correction {number}"))
    return lessons


def coded_comments(data: Path, left_out: Set[str] = frozenset()) -> tuple[list[Said], np.ndarray]:
    """The comments whose themes somebody coded, cut into clauses, and their themes: a row each, a column per theme."""
    rows = [row for row in read_rows(data / "nhs_comments" / "comments.csv")
            if row["labels"] and row["comment_id"] not in left_out]
    said = [whole_comment(row["text"], row["service"], row["question"]) for row in rows]
    return said, np.array([[theme in row["labels"].split("|") for theme in THEMES] for row in rows])


def whole_comment(text: str, service: str = "", question: str = "") -> Said:
    """A comment as it is read: cut into clauses."""
    return Said([text[start:stop] for start, stop in clauses_of(text)], service, question)


def _bare(said: Said, aims: Floats, weight: float, key: str) -> Lesson:
    return Lesson(
        said, aims, np.full(len(aims), weight, np.float32), np.zeros(sum(COMMENT_HEADS.values()), np.float32), 0.0, key
    )


def codes_of(lessons: Iterable[Lesson]) -> Codes:
    """The words seen in at least two lessons, most frequent first, and the services and kinds of question."""
    seen: Counter[str] = Counter()
    services: Counter[str] = Counter()
    for lesson in lessons:
        words = [word for clause in lesson.said.clauses for word in words_of(clause)]
        seen.update({english_of(word) for word in words} if is_spanish(words) else set(words))
        services[lesson.said.service.strip().lower()] += 1
    words = [word for word, times in sorted(seen.items(), key=lambda one: (-one[1], one[0])) if times >= SEEN_AT_LEAST]
    named = sorted(name for name, times in services.items() if name and times >= 5)
    kinds = ["improve", "good", "why", *sorted(f"trust {trust} - q{number}" for trust in "abc" for number in (1, 2))]
    return Codes(
        {word: number for number, word in enumerate(words, 2)},
        {name: number for number, name in enumerate(named, 1)},
        {name: number for number, name in enumerate(kinds, 1)},
    )


def vectors_of(codes: Codes, file: Path) -> Floats:
    """The given vector of each word; nothing for a word that has none."""
    with np.load(file, allow_pickle=False) as held:
        known = bytes(held["words"]).decode().split("\n")
        given = held["vectors"].astype(np.float32)
    vectors = np.zeros((len(codes.words) + 2, given.shape[1]), np.float32)
    for place, word in enumerate(known):
        number = codes.words.get(word)
        if number is not None:
            vectors[number] = given[place]
    return vectors


def train(
    data: Path,
    out: Path,
    corrections: Path | None = None,
    networks: int = NETWORKS,
    rounds: int = ROUNDS,
    log: Callable[[str], None] = lambda line: None,
) -> dict[str, object]:
    """Trains the model and writes it to the folder `out`; the same input gives the same bytes. Tells what it learned
    from."""
    given = shipped_folder()
    teacher = Teacher.load(given / "teacher.npz")
    lessons = lessons_of(data, WRITTEN, PHRASES, teacher, corrections, log)
    codes = codes_of(lessons)
    vectors = vectors_of(codes, given / "vectors.npz")
    out.mkdir(parents=True, exist_ok=True)
    for seed in range(networks):
        log(f"network {seed + 1} of {networks}")
        weights = trained(lessons, codes, vectors, seed, rounds, log)
        np.savez_compressed(
            out / f"network_{seed}.npz", **{name: told.astype(np.float16) for name, told in weights.items()}
        )
    log("themes by their words")
    learned(*coded_comments(data)).save(out)
    settings = {
        "networks": networks,
        "words": list(codes.words),
        "services": list(codes.services),
        "kinds": list(codes.kinds),
        **MEASURED,
    }
    (out / SETTINGS_FILE).write_text(json.dumps(settings, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return {"lessons": len(lessons), "words": len(codes.words), "networks": networks, "fingerprint": fingerprint(out)}


@dataclass(frozen=True)
class Step:
    """What one step of learning looks at."""

    batch: Batch
    aims: Floats
    weights: Floats
    comment_aims: Floats
    comment_weights: Floats


def trained(
    lessons: Sequence[Lesson],
    codes: Codes,
    vectors: Floats,
    seed: int = 0,
    rounds: int = ROUNDS,
    log: Callable[[str], None] = lambda line: None,
) -> Weights:
    """The weights of one network; the word vectors are folded into `words`."""
    random = np.random.default_rng(seed)
    lessons = [_short(lesson) for lesson in lessons]
    sizes = np.array([sum(len(clause) for clause in lesson.said.clauses) for lesson in lessons])
    steps = [_step(codes, [lessons[number] for number in numbers]) for numbers in _groups(sizes)]
    weights = new_weights(len(codes.words) + 2, vectors.shape[1], len(codes.services) + 1, len(codes.kinds) + 1, seed)
    learner = Learner(weights, vectors, rounds * len(steps), seed)
    for number in range(rounds):
        if number:
            order = random.permutation(len(lessons))
            steps = [_step(codes, [lessons[order[one]] for one in numbers]) for numbers in _groups(sizes[order])]
        for place in random.permutation(len(steps)):
            step = steps[place]
            learner.learn(step.batch, step.aims, step.weights, step.comment_aims, step.comment_weights)
        log(f"round {number + 1} of {rounds}")
    return folded(learner.weights, vectors)


def folded(weights: Weights, vectors: Floats) -> Weights:
    """The weights for reading: each word's own vector and its given one are one; the blank is nothing."""
    words = weights["words"] + vectors @ weights["vectors"]
    words[0] = 0
    return {**{name: value for name, value in weights.items() if name != "vectors"}, "words": words}


def _short(lesson: Lesson) -> Lesson:
    """The lesson without the far end of a very long comment."""
    if len(lesson.said.clauses) <= MOST_CLAUSES:
        return lesson
    said = replace(lesson.said, clauses=lesson.said.clauses[:MOST_CLAUSES])
    return replace(lesson, said=said, aims=lesson.aims[:MOST_CLAUSES], weights=lesson.weights[:MOST_CLAUSES])


def _groups(sizes: np.ndarray) -> list[list[int]]:
    """Lessons dealt into steps of about equally many words (five letters are a word)."""
    groups: list[list[int]] = [[]]
    full = 0
    for number, size in enumerate(sizes):
        if full > WORDS_A_STEP * 5:
            groups.append([])
            full = 0
        groups[-1].append(number)
        full += int(size) + 5
    return groups


def _step(codes: Codes, lessons: Sequence[Lesson]) -> Step:
    return Step(
        codes.batch_of((lesson.said for lesson in lessons), LONGEST_CLAUSE),
        np.concatenate([lesson.aims for lesson in lessons]),
        np.concatenate([lesson.weights for lesson in lessons]),
        np.stack([lesson.comment_aims for lesson in lessons]),
        np.array([lesson.comment_weight for lesson in lessons], np.float32),
    )
