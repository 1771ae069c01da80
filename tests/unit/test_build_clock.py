"""The release's clock: the latest instant a source told of, whoever told it; and what happens when none did."""

from pathlib import Path
from typing import Any

from tests.unit.release_files import built, deliver
from tests.unit.tiny_hospital import land
from twohats.store.home import Home
from twohats.store.landings import landings

ANA = {"resourceType": "Patient", "id": "ana"}
OF_ANA = {"status": "completed", "subject": {"reference": "Patient/ana"}}


def told_up_to(tmp_path: Path, *resources: dict[str, Any]) -> str:
    """The clock of a release of these resources."""
    home = Home(tmp_path / f"home-{len(list(tmp_path.iterdir()))}")
    land(home, tmp_path, f"files-{home.path.name}", *resources)
    return str(built(home).manifest["as_of"])


def test_records_without_a_lastupdated_tell_when_by_what_they_speak_of(tmp_path: Path):
    message = {"resourceType": "Communication", "id": "m", **OF_ANA, "sent": "2026-02-03T10:00:00Z"}
    login = {"resourceType": "AuditEvent", "id": "u", "recorded": "2026-02-04T10:00:00Z",
             "agent": [{"who": {"reference": "Patient/ana"}}]}
    booking = {"resourceType": "Appointment", "id": "b", "status": "booked", "created": "2026-02-05T10:00:00Z",
               "start": "2026-06-01T10:00:00Z", "participant": [{"actor": {"reference": "Patient/ana"}}]}
    assert [told_up_to(tmp_path, ANA, *told) for told in ((message,), (message, login), (message, login, booking))] == [
        "2026-02-03T10:00:00Z", "2026-02-04T10:00:00Z", "2026-02-05T10:00:00Z"]


def test_an_end_that_stands_for_no_end_does_not_move_the_clock(tmp_path: Path):
    visit = {"resourceType": "Encounter", "id": "v", **OF_ANA, "status": "finished", "class": {"code": "AMB"}}
    ended = {"start": "2026-02-03T10:00:00Z", "end": "2026-02-03T11:00:00Z"}
    endless = {"start": "2026-02-03T10:00:00Z", "end": "9999-12-31T00:00:00Z"}
    assert told_up_to(tmp_path, ANA, visit | {"period": ended}, visit | {"id": "w", "period": endless}) == (
        "2026-02-03T11:00:00Z")


def test_where_nothing_says_when_the_day_the_files_came_does(tmp_path: Path):
    only_ana, only_staff = Home(tmp_path / "ana"), Home(tmp_path / "staff")
    land(only_ana, tmp_path, "patients", ANA)
    deliver(only_staff, tmp_path, "people", {"staff.csv": [b"staff_id,name,role\n", b"eve,Eve,Registrar\n"]})
    for home, people in ((only_ana, 1), (only_staff, 0)):
        manifest = built(home).manifest
        came = landings(home)[-1].report["started"].replace("+00:00", "Z")
        assert (manifest["rows"]["people"], manifest["as_of"]) == (people, came)
        assert built(home).way == "nothing new"
