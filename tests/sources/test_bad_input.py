"""Hostile files: everything that was kept for this by others, and the kinds it stands for."""

import gzip
import json
import time
import zipfile
from pathlib import Path

import pytest

from tests.sources.drawing import NOW, counts, patient, quarantine, rows
from twohats.sources.commands.intake import take_in
from twohats.sources.reasons import Refused
from twohats.store import strict
from twohats.store.home import Home


def verdict(line: bytes) -> str:
    try:
        strict.parse(line)
    except Refused as refused:
        return refused.code
    return "accepted"


def test_the_hostile_ndjson_files_end_as_expected(shared_data: Path, tmp_path: Path):
    folder = shared_data / "badinput" / "fhir_ndjson"
    expected = json.loads((folder / "expected.json").read_text())
    found = {}
    for name in expected:
        report = take_in(Home(tmp_path / name), [folder / name], now=NOW)
        kept = report["accepted"] + report["superseded"]
        found[name] = (kept, report["unchanged"], report["quarantined"])
    assert found == {name: (one["kept"], one["unchanged"], one["quarantined"]) for name, one in expected.items()}


def test_no_file_that_must_be_rejected_yields_a_row(shared_data: Path, tmp_path: Path):
    yielded = []
    for path in sorted((shared_data / "badinput" / "json").iterdir()):
        report = take_in(Home(tmp_path / path.stem), [path], now=NOW)
        if report["accepted"] or (path.name[0] == "n" and not report["quarantined"] + len(report["refused"])):
            yielded.append(path.name)
    assert yielded == []


def test_the_line_parser_takes_what_must_be_accepted_and_refuses_what_must_not(shared_data: Path):
    wrong = {}
    for path in sorted((shared_data / "badinput" / "json").iterdir()):
        found = verdict(path.read_bytes())
        if path.name[0] == "y" and found != ("duplicate_key" if "duplicated_key" in path.name else "accepted"):
            wrong[path.name] = found
        if path.name[0] == "n" and found == "accepted":
            wrong[path.name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"a":1}', "accepted"),
        (b' {"a" : 1.50, "b":[ ] } ', "accepted"),
        (b'["\\u0000"]', "accepted"),
        (b'["\\ud834\\udd1e"]', "accepted"),
        (b"[123e65]", "accepted"),
        (b"[" * 64 + b"]" * 64, "accepted"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":1,"a":1}', "duplicate_key"),
        (b'{"a":{"b":1,"b":2}}', "duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_key"),
        # one key is lost, another number grows: the same length is no proof
        (b'{"id":"a","x":1,"x":100000.0,"y":1e5}', "duplicate_key"),
        (b"[NaN]", "not_a_number"),
        (b"[-Infinity]", "not_a_number"),
        (b"[1e400]", "not_a_number"),
        (b"[18446744073709551615]", "big_integer"),
        (b"[-9223372036854775809]", "big_integer"),
        (b"[9223372036854775807]", "accepted"),
        (b'["\\ud800"]', "lone_surrogate"),
        (b'["\xed\xa0\x80"]', "not_utf8"),
        (b'["\xc0\xaf"]', "not_utf8"),
        (b"[1,]", "not_json"),
        (b"[1]x", "not_json"),
        (b'{"a":1}{"a":2}', "not_json"),
        (b"['a']", "not_json"),
        (b'["\t"]', "not_json"),
        (b"// x\n[]", "not_json"),
        (b"123\x00", "not_json"),
        (b"", "not_json"),
        (b"\xef\xbb\xbf{}", "not_json"),
    ],
)
def test_the_line_parser_is_strict(line: bytes, expected: str):
    assert verdict(line) == expected


@pytest.mark.parametrize("spaced", [False, True])
def test_many_lines_at_once_are_judged_as_one_by_one(spaced: bool):
    good = [json.dumps({"n": n, "t": "a, b: c"}, separators=(", ", ": ") if spaced else (",", ":")) for n in range(40)]
    lines = [line.encode() for line in good]
    lines[17] = b'{"a":1,"a":1}'
    lines[23] = b'{"a":"\\u0000"}'
    lines[31] = b"{"
    found = [value for value, _ in strict.values_of(lines)]
    assert {n: value.code for n, value in enumerate(found) if isinstance(value, Refused)} == {
        17: "duplicate_key", 23: "null_character", 31: "not_json",
    }
    assert [value for value in found if not isinstance(value, Refused)] == [
        json.loads(line) for n, line in enumerate(good) if n not in (17, 23, 31)
    ]


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("backwards", {"period": {"start": "2026-02-01T10:00:00Z", "end": "2026-02-01T09:00:00Z"}}, "period_backwards"),
        ("the same day", {"period": {"start": "2026-02-01T10:00:00Z", "end": "2026-02-01"}}, None),
        ("no zone", {"period": {"start": "2026-02-01T10:00:00"}}, "instant_without_zone"),
        ("no such day", {"period": {"start": "2026-02-30"}}, "bad_instant"),
        ("from the future", {"meta": {"lastUpdated": "2026-03-03T00:00:00Z"}}, "from_the_future"),
        ("a day ahead at most", {"meta": {"lastUpdated": "2026-03-02T12:00:00Z"}}, None),
        ("an update needs a moment", {"meta": {"lastUpdated": "2026-02-01"}}, "bad_instant"),
        ("no id", {"id": ""}, "no_id"),
        ("no type", {"resourceType": 7}, "no_resource_type"),
    ],
)
def test_what_values_forbid_is_quarantined(tmp_path: Path, name: str, line: dict[str, object], code: str | None):
    home = Home(tmp_path / "home")
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps({"resourceType": "Encounter", "id": "e1"} | line))
    report = take_in(home, [file], now=NOW)
    assert report["files"][0]["reasons"] == ({code: 1} if code else {})
    assert report["accepted"] == (0 if code else 1)


def packed(path: Path, data: bytes) -> Path:
    path.write_bytes(gzip.compress(data))
    return path


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_bomb_is_refused_at_once_and_nothing_of_it_stays(tmp_path: Path, kind: str):
    blanks = b" " * (300 * 1024 * 1024)
    bomb = packed(tmp_path / "b.gz", blanks) if kind == "gz" else zipped(tmp_path / "b.zip", b=blanks)
    del blanks
    began = time.process_time()
    home = Home(tmp_path / "home")
    assert "more than 200 times its size" in take_in(home, [bomb])["refused"][0]["what"]
    assert time.process_time() - began < 5
    assert [path.name for path in home.landings.iterdir()] == [".lock"]


def test_packed_files_land_like_plain_ones_and_broken_ones_are_told(tmp_path: Path):
    home = Home(tmp_path / "home")
    archive = zipped(tmp_path / "a.zip", one=patient("ana"), two=gzip.compress(patient("ben")))
    report = take_in(home, [archive, packed(tmp_path / "c", patient("eve"))], now=NOW)
    assert (counts(report), rows(home, columns="id")) == ((3, 0, 0, 0, 0), [("ana",), ("ben",), ("eve",)])
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(patient("gus") * 100)[:-20])
    assert [one["what"] for one in take_in(home, [cut])["refused"]] == ["the packed file is broken or cut off"]


DOCUMENT = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "ana"}},
        {
            "fullUrl": "urn:uuid:2",
            "resource": {"resourceType": "Encounter", "id": "e1", "subject": {"reference": "urn:uuid:1"}},
        },
        {"resource": {"resourceType": "Patient", "id": 7}},
    ],
}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_bundle_lands_entry_by_entry_with_its_references_resolved(tmp_path: Path, indent: int | None):
    home = Home(tmp_path / "home")
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(DOCUMENT, indent=indent))
    assert counts(take_in(home, [file], now=NOW)) == (2, 0, 0, 1, 0)
    assert rows(home, "encounters", "id, person") == [("e1", "Patient/ana")]
    assert [row[2:4] for row in quarantine(home)] == [("no_id", "id")]


def test_the_log_and_the_manifest_of_an_export_are_known_and_hold_no_rows(tmp_path: Path):
    home = Home(tmp_path / "home")
    log = tmp_path / "log.ndjson"
    log.write_text('{"exportId": "x", "timestamp": "2026-02-01T00:00:00Z", "eventId": "kickoff", "eventDetail": {}}\n')
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"transactionTime": "2026-02-01T00:00:00Z", "output": [], "deleted": []}, indent=1))
    assert counts(take_in(home, [log, manifest], now=NOW)) == (0, 0, 0, 0, 2)


def test_messages_and_reports_hold_nothing_of_the_person(tmp_path: Path):
    home = Home(tmp_path / "home")
    secret = b'{"resourceType":"Patient","id":"CANARY-1","name":[{"family":7}],"birthDate":"CANARY-2"}'
    file = tmp_path / "a.ndjson"
    file.write_bytes(secret + b"\nCANARY-3\n")
    said: list[str] = []
    take_in(home, [file], now=NOW, say=said.append)
    told = "\n".join(said) + next(home.landings.glob("*/report.json")).read_text()
    assert "CANARY" not in told
