"""Written segments keep their form: whole comments, labels that go together, and no danger taught as ordinary."""

import csv
from pathlib import Path

import pytest

from tests.unit.test_voices_labelling import tiny_data
from twohats.analysis.voices.labels import EITHER_SIDE, HATS, PATIENT_SIDE, SPEAKERS, TOUCHPOINTS
from twohats.analysis.voices.training import WRITTEN, read_rows
from twohats.analysis.voices.urgent_training import lessons_of

FILES = sorted(WRITTEN.glob("*_segments.csv"))


def comments(file: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(file):
        found.setdefault(row["comment_id"], []).append(row)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_segments_of_a_comment_join_to_its_text_and_stand_in_one_part(file: Path) -> None:
    broken = [key for key, rows in comments(file).items()
              if {row["text"] for row in rows} != {" ".join(row["segment_text"] for row in rows)}
              or [row["segment_no"] for row in rows] != [str(number) for number in range(1, len(rows) + 1)]
              or {row["part"] for row in rows} not in ({"train"}, {"test"})]
    assert broken == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_label_is_one_of_ours(file: Path) -> None:
    wrong = [row["comment_id"] for row in read_rows(file)
             if row["hat"] not in HATS or row["touchpoint"] not in TOUCHPOINTS or row["speaker"] not in SPEAKERS
             or row["sentiment"] not in ("-1", "0", "1") or row["certain"] not in ("0", "1")]
    assert wrong == []


def test_segments_on_care_are_for_training_only_and_their_hat_follows_from_touchpoint_and_speaker() -> None:
    rows = read_rows(WRITTEN / "us_care_segments.csv")

    def hat(row: dict[str, str]) -> str:
        if row["touchpoint"] in EITHER_SIDE:
            return "none"
        return "patient" if row["touchpoint"] in PATIENT_SIDE and row["speaker"] == "patient" else "customer"

    assert {row["part"] for row in rows} == {"train"}
    assert [row["comment_id"] for row in rows if row["hat"] != hat(row)] == []


def test_what_was_not_read_for_danger_does_not_teach_what_is_ordinary(tmp_path: Path) -> None:
    data, written = tiny_data(tmp_path / "data"), tmp_path / "written"
    (data / "written_comments" / "urgent_texts.csv").write_text("text,urgent\nhe has a knife,now\n", "utf-8")
    written.mkdir()
    for name in ("us_care_segments.csv", "other_segments.csv"):
        rows = [["text", "segment_text", "part"], [f"words of {name}", f"part of {name}", "train"]]
        with (written / name).open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(rows)
    told = [(one.text, one.clock) for one in lessons_of(data, written) if one.source in ("written", "urgent")]
    assert told == [("he has a knife", 2), ("words of other_segments.csv", 0), ("part of other_segments.csv", 0)]
