"""`twohats check FILE` says what intake would say, and keeps nothing."""

import argparse
from pathlib import Path

import pytest

from twohats import checking
from twohats.words.problems import Problem

GOOD = '{"resourceType":"Patient","id":"ana"}\n'
CUT = '{"resourceType":"Patient","id":"be\n'


def check(path: Path) -> dict:
    return checking.run(argparse.Namespace(path=path, home=path.parent / "home", heads=None, json=True))


def test_a_file_that_can_be_taken_in_is_told_so_and_leaves_nothing_behind(tmp_path: Path):
    file = tmp_path / "people.ndjson"
    file.write_text(GOOD)
    result = check(file)
    assert (result["read"], result["accepted"], result["quarantined"]) == (1, 1, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["people.ndjson"]


def test_a_line_that_would_be_set_aside_is_named_with_its_place_and_reason(tmp_path: Path):
    file = tmp_path / "people.ndjson"
    file.write_text(GOOD + CUT)
    with pytest.raises(Problem) as told:
        check(file)
    assert told.value.what == (
        "1 of 2 lines would be set aside:\n  people.ndjson line 2: the line is not one whole JSON value"
    )


def test_a_home_is_told_from_source_files(tmp_path: Path):
    home, export, empty = tmp_path / "home", tmp_path / "export", tmp_path / "empty"
    for folder in (home, export, empty):
        folder.mkdir()
    (home / "landings").mkdir()
    (export / "Patient.ndjson").write_text(GOOD)
    told = {folder.name: checking.is_home(folder) for folder in (home, export, empty)}
    assert told == {"home": True, "export": False, "empty": True}
