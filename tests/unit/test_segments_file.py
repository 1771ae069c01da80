"""twohats segments: source ids that stay, every encounter of a visit named, nothing a spreadsheet would run."""

import argparse
import csv
from pathlib import Path
from typing import Any

import pytest

from tests.spec.drawing import encounter
from tests.unit.release_files import built
from tests.unit.tiny_hospital import land
from twohats.__main__ import main
from twohats.analysis.commands import segments
from twohats.store.home import Home

ANA = {"resourceType": "Patient", "id": "ana"}
SEARCH = {"resourceType": "AuditEvent", "id": "u", "subtype": [{"code": "search"}], "recorded": "2026-03-02T20:00:00Z",
          "agent": [{"altId": "web-session-of-bob"}], "entity": [{"name": "Find a doctor"}]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A visit of three encounters, one of which the others cover, one without length, a prospect's search, and two
    encounters with ids that a spreadsheet would take for formulas; in a folder with an apostrophe."""
    folder = tmp_path_factory.mktemp("o'brien's")
    made = Home(folder / "home")
    stay = encounter("stay", "08:00", "12:00", kind="IMP", places=[("Ward 3 Bed 2", "08:00", "12:00")])
    covered = encounter("emergency", "08:00", "09:00", kind="EMER", partOf={"reference": "Encounter/stay"})
    instant = encounter("x-ray", "10:00", "10:00", partOf={"reference": "Encounter/stay"})
    other = {"subject": {"reference": "Patient/-2"}, "serviceProvider": {"reference": "Organization/heart"}}
    land(made, folder, "files", ANA, {"resourceType": "Patient", "id": "-2"}, stay, covered, instant, SEARCH,
         encounter("-e1", "14:00", "14:00", **other))
    built(made)
    return made


def written(home: Home, out: Path) -> list[dict[str, Any]]:
    """The rows of the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    segments.add_arguments(parser)
    segments.run(parser.parse_args([str(out), "--home", str(home.path), "--json"]))
    with out.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_names_its_person_visit_and_encounters_by_ids_of_the_source(home: Home, tmp_path: Path):
    rows = written(home, tmp_path / "out.csv")
    named = sorted({(row["person"].split("/")[0], row["visit"], row["resource"], row["encounters"]) for row in rows})
    assert named == [
        ("'-2", "'-e1", "Encounter/-e1", "'-e1"),
        ("ana", "emergency", "Encounter/stay", "emergency stay x-ray"),
        ("prospect", "", "AuditEvent/u", ""),
    ]


def test_nothing_in_the_file_holds_what_a_prospect_was_called(home: Home, tmp_path: Path):
    written(home, tmp_path / "out.csv")
    assert "bob" not in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize("name", ["nowhere/out.csv", "folder"])
def test_a_file_that_cannot_be_written_is_said_with_exit_code_2(home: Home, tmp_path: Path, name: str, capsys):
    (tmp_path / "folder").mkdir()
    assert main(["segments", str(tmp_path / name), "--home", str(home.path)]) == 2
    assert str(tmp_path / name) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("verb", [["intake", "FILE"], ["build"], ["segments", "FILE"], ["rollback"]])
def test_a_home_that_cannot_be_is_said_with_exit_code_2(tmp_path: Path, verb: list[str], capsys):
    file = tmp_path / "a-file"
    file.write_text('{"resourceType":"Patient","id":"ana"}\n')
    for nowhere in (file, Path("/proc/nope")):
        assert main([*(str(file) if word == "FILE" else word for word in verb), "--home", str(nowhere)]) == 2
        assert capsys.readouterr().err.startswith(str(nowhere))
    assert file.read_text() == '{"resourceType":"Patient","id":"ana"}\n'


@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_a_build_keeps_at_least_the_release_it_makes(home: Home, number: str, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["build", "--home", str(home.path), "--keep", number])
    assert (stopped.value.code, f"a whole number from 1 on, not '{number}'" in capsys.readouterr().err) == (2, True)
