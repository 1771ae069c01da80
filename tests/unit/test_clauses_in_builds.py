"""Comments in a build: cut, labelled, masked, tied to a visit's moment, and corrected by those who read them."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.spec.drawing import ANA, encounter, moment, roles
from tests.unit.release_files import built, content, deliver
from tests.unit.tiny_hospital import everybody, land
from twohats.analysis.build import build_lines
from twohats.analysis.voices.read_comments import clocks_of, masked_part
from twohats.care.urgent_words import Clock
from twohats.store.home import Home
from twohats.store.keys import key
from twohats.store.masking import found_in
from twohats.store.tables.landed import COMMENTS

ANA_ALVAREZ = ANA | {"name": [{"family": "Alvarez", "given": ["Ana"]}],
                     "identifier": [{"system": "urn:mrn", "value": "mrn-ana"}]}
WORDS = "Ana Alvarez here. We waited two hours in the waiting room, but Dr. Osei listened to every word."
VISIT = encounter(
    "v", "09:00", "10:00", places=[("Waiting Room", "09:00", "09:40"), ("Exam Room 1", "09:40", "10:00")],
    people=[("diaz", "09:40", "10:00")])
HEADER = [column.path for column in COMMENTS.columns]


def comment(identity: str, words: str, **more: Any) -> dict[str, Any]:
    return {"comment_id": identity, "person_mrn": "mrn-ana", "words": words, "created_at": moment("12:00"),
            "unit_id": "ed", **more}


def clauses(*comments: dict[str, Any], said: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    made = build_lines([*roles(), ANA_ALVAREZ, VISIT], {"comments": list(comments)}, said=said)
    return sorted(made["clauses"].to_pylist(), key=lambda row: (row["voice"], row["clause_no"]))


def test_the_clauses_of_a_comment_join_back_and_hold_no_name_where_they_are_masked() -> None:
    rows = clauses(comment("c1", WORDS))
    assert "".join(row["words"] for row in rows) == WORDS
    masked = "".join(row["masked"] for row in rows)
    assert [name for name in ("Ana", "Alvarez", "Osei") if name in masked] == []
    assert "We waited two hours in the waiting room" in masked
    assert {(row["service"], row["unit"], row["speaker"], row["corrected"]) for row in rows} == {
        ("ed", "ed", "patient", False)}
    assert [row["clause_no"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(abs(row["p_patient"] + row["p_customer"] + row["p_none"] - 1) < 2e-4 for row in rows)


def test_a_clause_is_tied_to_the_one_moment_of_the_visit_that_it_speaks_of() -> None:
    (row,) = clauses(comment("c1", "The wait was far too long.", encounter_id="v"))
    assert (row["touchpoint"], row["visit"]) == ("wait_timeliness", key("visit|Encounter/v"))
    lived = build_lines([*roles(), ANA_ALVAREZ, VISIT])["interactions"].to_pylist()
    waited = [one for one in lived if one["act"] == "wait"]
    assert [one["interaction"] for one in waited] == [row["interaction"]]
    (elsewhere,) = clauses(comment("c1", "The wait was far too long."))
    assert (elsewhere["visit"], elsewhere["interaction"]) == (None, None)


def test_a_readers_label_wins_and_what_the_model_said_is_kept() -> None:
    (before,) = clauses(comment("c1", "The wait was far too long."))
    label = {"kind": "clause", "clause": before["clause"], "hat": "none", "about_hat": "none",
             "touchpoint": "general_dissatisfaction", "sentiment": 0, "speaker": "other", "at": "2026-03-03T08:00:00Z"}
    (after,) = clauses(comment("c1", "The wait was far too long."), said=[label])
    changed = {name: after[name] for name in before if before[name] != after[name]}
    assert changed == {
        "hat": "none", "about_hat": "none", "p_patient": 0.0, "p_customer": 0.0, "p_none": 1.0,
        "touchpoint": "general_dissatisfaction", "touchpoint_2": "wait_timeliness", "p_touchpoint": 1.0,
        "touchpoint_3": after["touchpoint_3"], "sentiment": 0, "speaker": "other", "corrected": True,
    }
    assert after["touchpoint_3"] == before["touchpoint_2"]
    assert (before["model_hat"], after["model_hat"]) == ("customer", "customer")


def test_what_nobody_wrote_has_no_clause() -> None:
    assert clauses(comment("c1", "   "), comment("c2", "")) == []


def test_each_clause_has_its_clock_and_all_have_it_where_only_the_whole_tells() -> None:
    calm, danger = "The soup was cold. ", "I want to kill myself tonight."
    assert clocks_of(calm + danger, [calm, danger]) == [Clock.NO, Clock.NOW]
    assert clocks_of(calm, [calm]) == [Clock.NO]
    assert clocks_of(danger, ["I want to kill ", "myself tonight."]) == [Clock.NOW, Clock.NOW]


def test_a_mask_over_a_cut_stands_in_the_part_where_it_begins() -> None:
    words = "Thanks to Kwame Osei for all"
    personal = found_in(words, frozenset({"Kwame", "Osei"}))
    cut = words.index(" Osei")
    parts = [masked_part(words, personal, *part) for part in ((0, cut), (cut, len(words)))]
    assert "".join(parts) == "Thanks to […] for all"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    land(made, tmp_path, "first", *everybody())
    lines = [f"c{n},,mrn-p{n},,,,,The wait was far too long.,en,,2026-01-06T09:00:00Z,,,," for n in range(3)]
    deliver(made, tmp_path, "comments", {"comments.csv": [(",".join(HEADER) + "\n").encode(),
                                                          *(f"{line}\n".encode() for line in lines)]})
    return made


def told(home: Home, made: Any) -> dict[str, tuple[str, bool]]:
    folder = home.releases / made.manifest["id"] / "tables"
    voices = {row["voice"]: row["source_id"] for row in pq.read_table(folder / "voices").to_pylist()}
    clauses = pq.read_table(folder / "clauses").to_pylist()
    return {voices[row["voice"]]: (row["hat"], row["corrected"]) for row in clauses}


def test_a_label_reaches_the_next_release_by_building_its_person_only(home: Home) -> None:
    built(home)
    at = home.records_export
    at.mkdir(parents=True, exist_ok=True)
    voice = key("comments|c1")
    line = {"kind": "clause", "clause": key(f"clause|{voice}|0"), "hat": "none", "about_hat": "none",
            "touchpoint": "none_other", "sentiment": 0, "speaker": "patient", "at": "2026-02-03T08:00:00Z", "key": "k1"}
    gone = line | {"clause": 5, "key": "k2"}
    (at / "clauses.ndjson").write_text(json.dumps(line) + "\n" + json.dumps(gone) + "\n")
    changed = built(home)
    assert (changed.way, told(home, changed)) == (
        "changed people", {"c0": ("customer", False), "c1": ("none", True), "c2": ("customer", False)})
    assert changed.manifest["orphaned_clause_labels"] == [{"clause": 5, "hat": "none", "at": "2026-02-03T08:00:00Z"}]
    full = built(home, full=True)
    assert content(home, changed) == content(home, full)
