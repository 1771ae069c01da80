"""What readers corrected leaves in a file that the training of the next model reads: words masked, no reader named."""

import json
import subprocess
import sys

import numpy as np

from tests.unit.release_files import built, deliver
from tests.unit.tiny_hospital import everybody, land
from twohats.analysis.voices.training import _correction_lessons, label_row
from twohats.store.home import Home
from twohats.store.reading import current
from twohats.store.tables.landed import COMMENTS

WORDS = "Call me at 555-010-7788. The nurse explained every pill to me."
HEADER = [column.path for column in COMMENTS.columns]


def twohats(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "twohats", *arguments], capture_output=True, text=True, check=False)


def corrected(clause: int, **more: object) -> dict:
    return {"kind": "clause", "clause": clause, "comment": "c1", "start": 0, "hat": "patient", "about_hat": "patient",
            "touchpoint": "information_education", "sentiment": 1, "speaker": "patient", "release": "r",
            "at": "2026-02-05T10:00:00Z", "by": "user/7", **more}


def a_home(folder) -> tuple[Home, list]:
    home = Home(folder / "home")
    land(home, folder, "first", *everybody())
    row = {"comment_id": "c1", "person_mrn": "mrn-p1", "words": WORDS, "created_at": "2026-01-06T12:00:00Z"}
    cells = [str(row.get(name, "")) for name in HEADER]
    lines = (",".join(HEADER), ",".join(f'"{cell}"' for cell in cells))
    deliver(home, folder, "second", {"comments.csv": [f"{line}\n".encode() for line in lines]})
    built(home)
    reader = current(home)
    assert reader is not None
    return home, reader.rows("SELECT clause, words, masked FROM clauses ORDER BY clause_no")


def test_a_correction_leaves_with_masked_words_and_is_read_by_the_training(tmp_path):
    home, rows = a_home(tmp_path)
    pill = next(row for row in rows if "pill" in row["words"])
    phone = next(row for row in rows if "555" in row["words"])
    (home.records_export / "clauses.ndjson").write_text("".join(json.dumps(line) + "\n" for line in (
        corrected(phone["clause"], hat="none", touchpoint="none_other", sentiment=0),
        corrected(pill["clause"], sentiment=0), corrected(pill["clause"], at="2026-02-06T10:00:00Z"),
        corrected(12345))))
    out = tmp_path / "corrections.ndjson"
    told = twohats("corrections", str(out), "--home", str(home.path), "--json")
    assert told.returncode == 0, told.stderr
    assert {name: json.loads(told.stdout)[name] for name in ("corrections", "without_clause")} == {
        "corrections": 2, "without_clause": 1}
    assert (out.stat().st_mode & 0o777, "555" in out.read_text(), "user/" in out.read_text()) == (0o600, False, False)
    lines = sorted((json.loads(line) for line in out.read_text().splitlines()), key=lambda line: line["hat"])
    assert lines == [
        {"clause": phone["masked"], "service": None, "hat": "none", "about_hat": "patient",
         "touchpoint": "none_other", "sentiment": 0, "speaker": "patient"},
        {"clause": pill["masked"], "service": None, "hat": "patient", "about_hat": "patient",
         "touchpoint": "information_education", "sentiment": 1, "speaker": "patient"}]
    lessons = _correction_lessons(out)
    aims = {lesson.said.clauses[0]: lesson.aims[0] for lesson in lessons}
    assert np.array_equal(aims[pill["masked"]], label_row("patient", "information_education", "1", "patient"))


def test_without_a_release_it_says_what_to_do(tmp_path):
    told = twohats("corrections", str(tmp_path / "out.ndjson"), "--home", str(tmp_path))
    assert (told.returncode, "twohats intake" in told.stderr, (tmp_path / "out.ndjson").exists()) == (2, True, False)
