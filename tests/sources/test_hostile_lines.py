"""One bad line costs itself and nothing else, whatever it is and wherever it stands."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.sources.drawing import counts, current, deletion, deliver, patient, quarantine, rows
from twohats.__main__ import main
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.landings import landings, stops_publication


def encounter(**more: Any) -> bytes:
    return json.dumps({"resourceType": "Encounter", "id": "e", **more}).encode()


@pytest.mark.parametrize("name", [["Patient"], {}, {"a": 1}, 7, None, "", "patient", "Pa tient"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_type_that_is_no_name_is_refused_and_the_rest_lands(tmp_path: Path, name: object, wrapped: bool):
    line: dict[str, Any] = {"resourceType": name, "id": "z"}
    if wrapped:
        line = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": line}]}
    home = Home(tmp_path / "home")
    report = deliver(home, tmp_path / "in", "a.ndjson", patient("ana"), json.dumps(line).encode(), patient("ben"))
    assert (counts(report), [row[2] for row in quarantine(home)]) == ((2, 0, 0, 1, 0), ["no_resource_type"])


@pytest.mark.parametrize(
    ("identity", "code"),
    [("a/b", "bad_id"), ("a b", "bad_id"), ("x" * 65, "bad_id"), ("=1+1", "bad_id"), ("é", "bad_id"), (" ", "no_id"),
     ("x" * 64, None), ("-2", None), ("A.9-z", None)],
)
def test_an_id_that_no_reference_could_reach_is_refused(tmp_path: Path, identity: str, code: str | None):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient(identity))
    assert [row[2] for row in quarantine(home)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"statusHistory": [{"status": 5}]}, ("wrong_type", "statusHistory.status")),
        ({"statusHistory": [{"status": "arrived", "period": "x"}]}, ("wrong_type", "statusHistory.period")),
        ({"statusHistory": ["x", None, 7]}, ("wrong_type", "statusHistory")),
        ({"location": [{"location": "Location/1"}]}, ("wrong_type", "location.location")),
        ({"participant": [[]]}, ("wrong_type", "participant")),
        ({"type": ["x"]}, ("wrong_type", "type[0]")),
        ({"type": [{"coding": {"code": "x"}}]}, ("wrong_type", "type[0].coding")),
        ({"class": {"code": ["AMB"]}}, ("wrong_type", "class.code")),
        ({"subject": "Patient/ana"}, ("wrong_type", "subject")),
        ({"statusHistory": [{"period": {"start": "2024-02-30T10:00:00Z"}}]}, ("bad_instant", "statusHistory.period")),
        ({"location": [{"period": {"end": "2024-01-01T10:00:00"}}]}, ("instant_without_zone", "location.period")),
        ({"location": [{"period": {"end": "\n"}}]}, ("bad_instant", "location.period")),
        ({"statusHistory": [{"status": "arrived", "period": {"start": "2024-01-01T10:00:00Z", "end": None}}]}, None),
        ({"type": [], "location": [], "participant": [{}]}, None),
        ({"meta": {"security": [{"code": "R"}]}, "identifier": [{"value": "1"}]}, None),
    ],
)
def test_what_journeys_are_made_of_is_held_to_its_type_at_any_depth(
    tmp_path: Path, more: dict[str, Any], verdict: tuple[str, str] | None
):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", encounter(**more))
    assert [row[2:4] for row in quarantine(home)] == ([verdict] if verdict else [])


@pytest.mark.parametrize(("born", "fits"), [("1990-02-28", True), ("1990-02", True), ("1990", True),
                                             ("1990-02-30", False), ("banana", False)])
def test_a_date_of_birth_is_a_date(tmp_path: Path, born: str, fits: bool):
    home = Home(tmp_path / "home")
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", birthDate=born))
    assert [row[2:4] for row in quarantine(home)] == ([] if fits else [("bad_date", "birthDate")])


LOG = b'{"exportId":"x","timestamp":"2026-02-01T00:00:00Z","eventId":"kickoff","eventDetail":{}}'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([LOG, patient("ana"), patient("ben")], (2, 0, 0, 0, 1)),
        ([b'{"exportId":"x', LOG, LOG], (0, 0, 0, 1, 2)),
        ([b'{"resourceType":"Patient","id":"a', b"garbage", patient("ana"), patient("ben")], (2, 0, 0, 2, 0)),
        ([b"{", patient("ana"), patient("ben")], (2, 0, 0, 1, 0)),
        ([b"[", patient("ana")], (1, 0, 0, 1, 0)),
        ([b'{"resourceType":"Patient","id":"a', b"[1]"], (0, 0, 0, 2, 0)),
        ([b"\xff\xfe" + patient("eve"), patient("ana")], (1, 0, 0, 1, 0)),
        ([patient("ana") + b"\r", b"\r", b"\xef\xbb\xbf" + patient("ben"), b" "], (1, 0, 0, 1, 2)),
    ],
)
def test_the_first_lines_do_not_decide_over_the_others(tmp_path: Path, lines: list[bytes], expected: tuple[int, ...]):
    assert counts(deliver(Home(tmp_path / "home"), tmp_path / "in", "a.ndjson", *lines)) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"request": {"method": "delete", "url": "Patient/ana"}}, (0, 0, 0, 1, 0)),
        ({"request": {"method": "PUT", "url": "Patient/ana"}}, (0, 0, 0, 1, 0)),
        ({"request": {"method": "GET", "url": "Patient/ana"}}, (0, 0, 0, 0, 1)),
        ({"response": {"status": "200"}}, (0, 0, 0, 0, 1)),
    ],
)
def test_an_entry_of_a_bundle_that_lacks_its_content_is_refused(
    tmp_path: Path, entry: dict[str, Any], expected: tuple[int, ...]
):
    bundle = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [entry]}).encode()
    assert counts(deliver(Home(tmp_path / "home"), tmp_path / "in", "a.ndjson", bundle)) == expected


def test_a_deletion_hides_the_version_of_its_own_instant(tmp_path: Path):
    home, at = Home(tmp_path / "home"), "2026-02-01T08:00:00Z"
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", "1", at), patient("ben", "1", at))
    deliver(home, tmp_path / "in", "b.ndjson", deletion("ana", at))
    assert [row[0] for row in current(home)] == ["ben"]


def test_a_version_that_is_no_whole_number_is_compared_as_words(tmp_path: Path):
    home, at = Home(tmp_path / "home"), "2026-02-01T08:00:00Z"
    deliver(home, tmp_path / "in", "a.ndjson", patient("ana", "2", at), patient("ana", "1.5", at, active=True))
    assert rows(home) == [("ana", "1.5", False, False), ("ana", "2", False, True)]


def test_a_file_of_the_same_name_answers_only_when_it_brings_the_lines_again(tmp_path: Path):
    home = Home(tmp_path / "home")
    for folder, lines in (("a", [b"x"] * 50), ("b", [patient(f"p{n}") for n in range(12)])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Patient.ndjson").write_bytes(b"\n".join(lines))
    assert take_in(home, [tmp_path / "a", tmp_path / "b"])["stops_publication"] is True
    assert stops_publication(home) is True
    # tomorrow's file has other people: it answers for nothing
    deliver(home, tmp_path / "in", "Patient.ndjson", *[patient(f"q{n}") for n in range(49)])
    assert stops_publication(home) is True
    deliver(home, tmp_path / "in", "Patient.ndjson", *[patient(f"r{n}") for n in range(50)])
    assert stops_publication(home) is False


def test_machines_hear_of_what_landed_beside_a_refused_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a.ndjson").write_bytes(patient("ana"))
    (tmp_path / "b.txt").write_bytes(b"hello")
    code = main(["intake", str(tmp_path / "a.ndjson"), str(tmp_path / "b.txt"), "--home", str(tmp_path / "home"),
                 "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, [one["file"] for one in told["files"]], told["accepted"]) == (2, ["a.ndjson"], 1)


def test_an_overlong_line_is_kept_whole_beside_the_quarantine(tmp_path: Path):
    home = Home(tmp_path / "home")
    long = patient("eve", text={"div": "x" * (17 * 1024 * 1024)})
    report = deliver(home, tmp_path / "in", "a.ndjson", patient("ana"), long, patient("ben"))
    kept = landings(home)[0].path / "line-2.bytes"
    assert (counts(report), kept.read_bytes() == long) == ((2, 0, 0, 1, 0), True)
    assert [(line, offset, code, raw == long[: 64 * 1024]) for line, offset, code, _, raw in quarantine(home)] == [
        (2, len(patient("ana")) + 1, "too_long", True)]


TAKE = """
import sys
from pathlib import Path
from tests.scale.measuring import peak
from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
result = take_in(Home(Path(sys.argv[1])), [Path(sys.argv[2])], workers=1)
print(result["read"], result["accepted"], result["quarantined"], result["blank"])
print(peak())
"""


def taken_apart(tmp_path: Path, file: Path) -> tuple[str, int]:
    """What an intake in a process of its own printed, and the most memory that process took, in bytes."""
    done = subprocess.run([sys.executable, "-c", TAKE, str(tmp_path / "home"), str(file)],
                          cwd=REPOSITORY, capture_output=True, text=True, check=True)
    told, most = done.stdout.splitlines()
    return told, int(most)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("empty.ndjson", b"{}\n" * 500_000, "500000 0 500000 0"),
        ("blank.ndjson", patient("ana") + b"\n" + b"\n" * 4_000_000, "4000001 1 0 4000000"),
        ("parts.json", b'{"resourceType":"Patient","id":"a",\n"contained":[{}' + b",{}" * 7_000_000 + b"]}",
         "1 0 1 0"),
    ],
)
def test_many_small_things_stay_within_a_gigabyte_too(tmp_path: Path, name: str, content: bytes, expected: str):
    (tmp_path / name).write_bytes(content)
    told, most = taken_apart(tmp_path, tmp_path / name)
    assert (told, most < 1 << 30) == (expected, True)
