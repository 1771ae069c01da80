"""How many comments are labelled in one CPU-second, whole pipeline, one process; beside TF-IDF and logistic regression.

    python -m benchmarks.comments_speed [--data ../shared/data]

From texts to the finished table (cuts, speaker, words, network, evidence), on comments.csv as it is (texts repeat)
and with
each text once. The peer (word and character TF-IDF, one logistic regression of the hat) is timed in the same run where
scikit-learn is at hand; it cuts nothing and tells the hat of the whole comment only. Danger words and masking come on
top.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import pyarrow as pa  # noqa: E402

from twohats.analysis.voices.labelling import label_comments  # noqa: E402
from twohats.analysis.voices.training import read_rows  # noqa: E402

RUNS = 5


def table_of(rows: list[dict[str, str]]) -> pa.Table:
    """The comments as the product gets them."""
    return pa.table(
        {
            "comment_id": [row["comment_id"] for row in rows],
            "words": [row["text"] for row in rows],
            "service": [row["service"] for row in rows],
            "question": [row["question"] for row in rows],
            "respondent": pa.nulls(len(rows), pa.string()),
        }
    )


def per_second(work: Callable[[], object], count: int) -> tuple[float, float, float]:
    """The median, slowest and fastest of some runs, in comments per second of this process's CPU time."""
    told = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        told.append(count / (time.process_time() - began))
    told.sort()
    return told[len(told) // 2], told[0], told[-1]


def peer(data: Path, texts: list[str]) -> None:
    """TF-IDF and logistic regression of the hat, trained on the read segments."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        print("the peer: scikit-learn is not at hand, not timed")
        return
    rows = read_rows(data / "nhs_comments" / "hat_segments_train.csv")
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True),
        ),
        LogisticRegression(C=5, max_iter=300),
    )
    model.fit([row["segment_text"] for row in rows], [row["hat"] for row in rows])
    middle, low, high = per_second(lambda: model.predict(texts), len(texts))
    print(
        f"peer, hat of the whole comment only: {middle:,.0f} a CPU-second [{low:,.0f} .. {high:,.0f}], n {len(texts)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    args = parser.parse_args()
    rows = read_rows(args.data / "nhs_comments" / "comments.csv")
    once = list({row["text"]: row for row in rows}.values())
    label_comments(table_of(rows[:100]))
    for name, some in (("as it is", rows), ("each text once", once)):
        table = table_of(some)
        middle, low, high = per_second(lambda table=table: label_comments(table), len(some))  # type: ignore[misc]
        print(
            f"comments.csv {name}: {middle:,.0f} comments a CPU-second [{low:,.0f} .. {high:,.0f}], n {len(some)}, "
            f"{RUNS} runs"
        )
    peer(args.data, [row["text"] for row in rows])


if __name__ == "__main__":
    main()
