"""Hand-offs: what starts each list, what closes it, its clock, the end of the records, and death.

The cases of one table share all that is not shown and differ only in what the rule is about.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from twohats.analysis.build import build_lines
from twohats.analysis.stages import IN_ORDER
from twohats.service.policy import Permission, Role, permissions_of
from twohats.store.keys import key
from twohats.words.hand_offs import hand_offs
from twohats.words.touchpoints import touchpoints

AS_OF = "2026-06-30"
ANA: dict[str, Any] = {"resourceType": "Patient", "id": "ana", "birthDate": "1980-05-05"}
HERS = {"reference": "Patient/ana"}
DIAZ = [{"resourceType": "PractitionerRole", "id": "r-diaz", "practitioner": {"reference": "Practitioner/diaz"},
         "code": [{"text": "Physician"}]},
        {"resourceType": "PractitionerRole", "id": "r-eve", "practitioner": {"reference": "Practitioner/eve"},
         "code": [{"text": "Registrar"}]}]


def at(day: str, clock: str = "10:00") -> str:
    return f"{day}T{clock}:00Z"


Told = list[tuple[str, str | None]]
"""State of each hand-off, and the day it was met."""
OWN = re.compile(r'"((?:Patient|Encounter|ServiceRequest|MedicationRequest|Observation|DiagnosticReport)/[^"]+)"')


def of_each(kind: str, cases: Iterable[list[dict[str, Any]]], *, calls: Iterable[list[dict[str, str]]] = (),
            as_of: str = AS_OF, ana: dict[str, Any] = ANA) -> list[Told]:
    """What is told of hand-offs of that kind in each case: every case is another person, all built at once."""
    drawn, rung = [], []
    for number, (lines, theirs) in enumerate(zip_longest(cases, calls, fillvalue=[])):
        people = [] if any(line["resourceType"] == "Patient" for line in lines) else [ana]
        for line in (*people, *lines):
            own = OWN.sub(rf'"\1-{number}"', json.dumps(line | {"id": f"{line['id']}-{number}"}))
            drawn.append(json.loads(own.replace("mrn-ana", f"mrn-ana-{number}")))
        rung += [one | {"contact_id": f"{one['contact_id']}-{number}", "person_mrn": f"mrn-ana-{number}"}
                 for one in theirs]
    made = build_lines([*DIAZ, *drawn], {"contacts": rung}, as_of=datetime.fromisoformat(at(as_of)).astimezone(UTC))
    found: dict[int, Told] = defaultdict(list)
    for row in made["hand_offs"].to_pylist():
        if row["kind"] == kind:
            found[row["person"]].append((row["state"], row["met_at"] and row["met_at"].strftime("%m-%d")))
    return [found[key(f"Patient/ana-{number}")] for number in range(len(list(cases)))]


def holds(kind: str, shared: list[dict[str, Any]], table: list[tuple[list[dict[str, Any]], Told]]) -> None:
    """Every case of the table, what they share drawn with each, is told as the table says."""
    assert of_each(kind, [[*shared, *lines] for lines, _ in table]) == [answer for _, answer in table]


def dead(day: str) -> dict[str, Any]:
    return ANA | {"deceasedDateTime": at(day)}


def asked_to_come_back(**more: Any) -> dict[str, Any]:
    return {"resourceType": "ServiceRequest", "id": "q", "status": "active", "intent": "order", "subject": HERS,
            "category": [{"text": "Follow-up"}], "code": {"text": "Come back"}, "authoredOn": at("2026-03-02"), **more}


def booking(day: str, *, status: str = "booked", names: str | None = "q", key: str = "a",
            starts: str = "2026-05-01") -> dict[str, Any]:
    named = {"basedOn": [{"reference": f"ServiceRequest/{names}"}]} if names else {}
    return {"resourceType": "Appointment", "id": key, "status": status, "created": at(day), "start": at(starts),
            "participant": [{"actor": HERS}], "meta": {"lastUpdated": at(day)}, **named}


ELSEWHERE = booking("2026-01-05", names="another", key="other")
"""A booking that names some other request: so bookings of this hospital name what they are for."""


def test_told_to_book():
    holds("told_to_book", [asked_to_come_back(), ELSEWHERE], [
        ([], [("lost", None)]),
        ([booking("2026-03-10")], [("met", "03-10")]),
        ([booking("2026-04-10")], [("met", "04-10")]),
        ([booking("2026-03-10", status="cancelled")], [("lost", None)]),
        ([booking("2026-03-10", status="noshow")], [("met", "03-10")]),
        ([booking("2026-03-10", names="another")], [("lost", None)]),
        ([booking("2026-03-10", names=None)], [("lost", None)]),
        ([booking("2026-07-02")], [("lost", None)]),
        ([dead("2026-03-09")], [("ended", None)]),
        ([dead("2026-05-09")], [("ended", None)]),
        ([dead("2026-05-09"), booking("2026-03-10")], [("met", "03-10")]),
        ([dead("2026-03-09"), booking("2026-03-10")], [("ended", None)]),
        ([ANA | {"deceasedBoolean": True}], [("ended", None)]),
        ([dead("2026-02-01")], []),
    ])


def test_where_no_booking_names_its_request_any_that_was_made_after_it_counts():
    holds("told_to_book", [asked_to_come_back()], [
        ([booking("2026-03-10", names=None)], [("met", "03-10")]),
        ([booking("2026-03-01", names=None)], [("lost", None)]),
        ([booking("2026-03-10", names=None, status="cancelled")], [("lost", None)]),
    ])


def test_what_is_a_request_to_book():
    holds("told_to_book", [ELSEWHERE], [
        ([asked_to_come_back()], [("lost", None)]),
        ([asked_to_come_back(status="completed", meta={"lastUpdated": at("2026-03-12")})], [("met", "03-12")]),
        ([asked_to_come_back(status="revoked")], []),
        ([asked_to_come_back(category=[{"text": "Laboratory"}])], []),
        ([asked_to_come_back(authoredOn=at("2026-07-01"))], []),
    ])


@pytest.mark.parametrize(("as_of", "state"), [("2026-03-15", "open"), ("2026-03-16", "lost")])
def test_whose_clock_still_runs_is_open_and_not_lost(as_of: str, state: str):
    assert of_each("told_to_book", [[asked_to_come_back(), ELSEWHERE]], as_of=as_of) == [[(state, None)]]


# ---- medicines ------------------------------------------------------------------------------------------------
def medicine(key: str = "m", day: str = "2026-03-02", **more: Any) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": key, "status": "active", "intent": "order", "subject": HERS,
            "authoredOn": at(day), "requester": {"reference": "Practitioner/diaz"}, **more}


def dispense(day: str | None, *, of: str = "m", status: str = "completed", key: str = "d") -> dict[str, Any]:
    handed = {"whenHandedOver": at(day)} if day else {}
    return {"resourceType": "MedicationDispense", "id": key, "status": status, "subject": HERS,
            "authorizingPrescription": [{"reference": f"MedicationRequest/{of}"}], **handed}


EARLIER = dispense("2026-01-05", of="long ago", key="long ago")
"""So pharmacies tell us of her."""


def test_medicine_to_fetch():
    holds("medicine_to_fetch", [medicine()], [
        ([EARLIER], [("lost", None)]),
        ([EARLIER, dispense("2026-03-05")], [("met", "03-05")]),
        ([EARLIER, dispense("2026-04-05")], [("met", "04-05")]),
        ([EARLIER, dispense(None, status="cancelled")], [("lost", None)]),
        ([EARLIER, dispense("2026-03-05", of="another")], [("lost", None)]),
        ([EARLIER, dead("2026-03-04")], [("ended", None)]),
        ([], []),
    ])


def test_only_medicines_for_home_are_fetched():
    holds("medicine_to_fetch", [EARLIER], [
        ([medicine()], [("lost", None)]),
        ([medicine(status="stopped")], []),
        ([medicine(intent="plan")], []),
        ([medicine(category=[{"coding": [{"code": "inpatient"}]}])], []),
        ([medicine(category=[{"coding": [{"code": "discharge"}]}])], [("lost", None)]),
    ])


# ---- results --------------------------------------------------------------------------------------------------
def visit(key: str, day: str, kind: str = "AMB", hours: tuple[str, str] = ("09:00", "10:00"), last: str = "",
          **more: Any) -> dict[str, Any]:
    return {"resourceType": "Encounter", "id": key, "status": "finished", "class": {"code": kind}, "subject": HERS,
            "period": {"start": at(day, hours[0]), "end": at(last or day, hours[1])}, **more}


def result(flag: str, issued: str = "2026-03-04") -> list[dict[str, Any]]:
    return [
        {"resourceType": "Observation", "id": "o", "status": "final", "subject": HERS, "code": {"text": "Potassium"},
         "interpretation": [{"coding": [{"code": flag}]}]},
        {"resourceType": "DiagnosticReport", "id": "g", "status": "final", "subject": HERS,
         "encounter": {"reference": "Encounter/v"}, "issued": at(issued, "09:30"),
         "result": [{"reference": "Observation/o"}]}]


def portal(day: str, entity: str | None = None, who: str = "Patient/ana", key: str = "u") -> dict[str, Any]:
    about = [{"what": {"reference": entity}}] if entity else []
    return {"resourceType": "AuditEvent", "id": key, "subtype": [{"code": "read" if entity else "login"}],
            "recorded": at(day), "agent": [{"who": {"reference": who}}], "entity": [*about, {"what": HERS}]}


def message(day: str, topic: str, sender: str = "Practitioner/diaz") -> dict[str, Any]:
    return {"resourceType": "Communication", "id": "c", "status": "completed", "subject": HERS, "sent": at(day),
            "topic": {"text": topic}, "sender": {"reference": sender}, "recipient": [HERS]}


OF_2_MARCH = visit("v", "2026-03-02")
LOGGED_IN = portal("2026-01-02", key="first")


LOST: Told = [("lost", None)]


@pytest.mark.parametrize(("kind", "flag", "other"), [("result_to_follow", "H", "N"), ("result_to_open", "N", "H")])
def test_a_result_that_came_back_after_they_had_left(kind: str, flag: str, other: str):
    opens = kind == "result_to_open"
    holds(kind, [OF_2_MARCH, LOGGED_IN], [
        (result(flag), LOST),
        (result(other), []),
        (result(flag, "2026-03-02"), []),  # she was there and was told
        ([*result(flag), portal("2026-03-06", "DiagnosticReport/g")], [("met", "03-06")] if opens else LOST),
        ([*result(flag), portal("2026-03-06", "Observation/o")], [("met", "03-06")] if opens else LOST),
        ([*result(flag), portal("2026-03-06", "DiagnosticReport/g", "Practitioner/diaz")], LOST),
        ([*result(flag), portal("2026-03-06", "DiagnosticReport/another")], LOST),
        ([*result(flag), message("2026-03-06", "Result explained")], [("met", "03-06")]),
        ([*result(flag), message("2026-03-06", "Bill")], LOST),
        ([*result(flag), message("2026-03-03", "Result explained")], LOST),
        ([*result(flag), visit("next", "2026-03-09")], [("met", "03-09")]),
        ([*result(flag), dead("2026-03-05")], [("ended", None)]),
    ])


def test_who_never_used_the_portal_is_not_asked_to_open_anything_there():
    holds("result_to_open", [OF_2_MARCH], [(result("N"), []), ([*result("N"), LOGGED_IN], LOST)])


# ---- discharge ------------------------------------------------------------------------------------------------
def stay(where_to: str | None = "home", kind: str = "IMP") -> dict[str, Any]:
    to = {"hospitalization": {"dischargeDisposition": {"coding": [{"code": where_to}]}}} if where_to else {}
    return visit("s", "2026-03-02", kind, ("09:00", "12:00"), "2026-03-05", **to)


def call(day: str, *, direction: str = "out", topic: str = "Follow-up call", staff: str = "diaz",
         outcome: str = "resolved", **more: str) -> dict[str, str]:
    return {"contact_id": f"k-{day}", "person_mrn": "mrn-ana", "direction": direction, "channel": "phone",
            "topic": topic, "started_at": at(day), "ended_at": at(day, "10:05"), "talk_minutes": "5",
            "staff_id": staff, "unit_id": "north", "outcome": outcome, "automated": "false", "speaker": "self", **more}


NUMBERED = ANA | {"identifier": [{"system": "urn:mrn", "value": "mrn-ana"}]}


def test_went_home_from_a_stay():
    table: list[tuple[list[dict[str, Any]], list[dict[str, str]], Told]] = [
        ([], [], LOST),
        ([visit("n", "2026-03-10")], [], [("met", "03-10")]),
        ([visit("n", "2026-03-28")], [], [("met", "03-28")]),
        ([], [call("2026-03-07")], [("met", "03-07")]),
        ([], [call("2026-03-07", direction="in")], LOST),
        ([], [call("2026-03-07", staff="eve", topic="Bill")], LOST),
        ([], [call("2026-03-04")], LOST),
        ([booking("2026-03-03", names=None, starts="2026-03-25")], [], [("met", "03-05")]),
        ([booking("2026-03-08", names=None, starts="2026-03-25")], [], [("met", "03-08")]),
        ([booking("2026-03-08", names=None, starts="2026-05-25")], [], LOST),
        ([booking("2026-03-08", names=None, starts="2026-03-25", status="noshow")], [], LOST),
        ([NUMBERED | {"deceasedDateTime": at("2026-03-08")}], [], [("ended", None)]),
    ]
    assert of_each("discharged", [[stay(), *lines] for lines, _, _ in table], calls=[calls for _, calls, _ in table],
                   ana=NUMBERED) == [answer for _, _, answer in table]


def test_who_goes_home_and_from_what():
    holds("discharged", [], [
        ([stay("home")], LOST), ([stay(None)], LOST), ([stay("aadvice")], LOST), ([stay("snf")], []),
        ([stay("exp")], []), ([stay("hosp")], []), ([stay("home", "EMER")], []), ([stay("home", "AMB")], []),
    ])


# ---- three calls ----------------------------------------------------------------------------------------------
def rang(*days: str, topic: str = "Bill", outcome: str = "unresolved") -> list[dict[str, str]]:
    return [call(f"2026-03-{day}", direction="in", topic=topic, outcome=outcome, staff="eve") for day in days]


def test_three_calls_about_one_thing():
    table: list[tuple[list[dict[str, str]], Told]] = [
        (rang("02", "04"), []),
        (rang("02", "04", "06"), LOST),
        (rang("02", "04", "06", "08"), LOST),
        (rang("02", "04") + rang("06", topic="Insurance"), []),
        (rang("02", "04", "18"), []),
        (rang("02", "04") + rang("06", outcome="resolved"), [("met", "03-06")]),
        (rang("02", "04", "06") + rang("08", outcome="resolved"), [("met", "03-08")]),
        ([*rang("02", "04", "06"), call("2026-03-07", topic="Bill", staff="eve")], [("met", "03-07")]),
        ([*rang("02", "04", "06"), call("2026-03-07", topic="Bill", staff="eve", automated="true")], LOST),
        ([*rang("02", "04", "06"), call("2026-03-07", topic="Bill", outcome="voicemail")], LOST),
        ([*rang("02", "04", "06"), call("2026-03-07", topic="Insurance", staff="eve")], LOST),
        ([*rang("02", "04", "06"), call("2026-03-05", topic="Bill", staff="eve")], LOST),
    ]
    assert of_each("called_three_times", [[] for _ in table], calls=[calls for calls, _ in table], ana=NUMBERED) == [
        answer for _, answer in table]


# ---- the declarations -------------------------------------------------------------------------------------------
def test_each_list_of_which_feeds_tell_has_a_stage_named_as_it_is_and_the_others_have_none():
    staged = {Path(path).stem.partition("_")[2] for path in IN_ORDER if path.startswith("findings/83_")}
    assert staged == {kind.key for kind in hand_offs().told}
    assert [kind.key for kind in hand_offs().kinds.values() if kind.waits_for] == ["screened", "referred"]


def test_each_list_says_its_clock_owner_and_what_hides_it():
    known = {point.key for point in touchpoints()}
    wrong = [kind.key for kind in hand_offs().kinds.values()
             if kind.days < 1 or kind.touchpoint not in known
             or Permission.FIND_AGAIN not in permissions_of(Role(kind.owner))]
    assert wrong == []


def test_both_hats_have_a_list_and_none_is_of_an_unknown_hat():
    assert {kind.hat.value for kind in hand_offs().told} == {"patient", "customer", "mixed"}


def test_a_label_of_the_source_stays_with_the_hand_off():
    request = asked_to_come_back(meta={"security": [{"code": "R"}, {"code": "PSY"}]})
    rows = build_lines([ANA, request, asked_to_come_back(id="plain", meta={"security": [{"code": "N"}]})])
    assert {row["resource"]: row["sensitive"] for row in rows["hand_offs"].to_pylist()} == {
        "ServiceRequest/q": "PSY", "ServiceRequest/plain": None}


def test_the_folder_of_findings_holds_no_list_that_is_not_declared():
    found = {path.stem for path in (REPOSITORY / "twohats" / "analysis" / "findings").glob("83_*.sql")}
    assert found == {f"83_{kind.key}" for kind in hand_offs().told}
