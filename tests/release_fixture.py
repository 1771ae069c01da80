"""A small drawn release for trying pages: Ana, Ben and Omar, three units, three months, no build needed.

`make_release(home)` writes it and makes it current. Ana is seen in the north's emergency department and clinic, Ben
in the clinic, Omar in the south only; Ana carries one labelled segment. `TODAY` is the day the release is known as of.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from twohats.store.home import Home
from twohats.store.keys import key
from twohats.store.pages_file import PagesFile
from twohats.store.register import make_current
from twohats.store.tables import Kind, Table
from twohats.store.tables.release import RELEASED

TODAY = "2026-11-23"
RELEASE = "2026-11-23-drawn"
ANA, BEN, OMAR = (key(f"Patient/{name}") for name in ("ana", "ben", "omar"))
ANAS_VISIT, OMARS_VISIT = key("visit|Encounter/e1"), key("visit|Encounter/e9")
PERSONAL_WORDS = (
    "Alvarez", "Ana", "Ben", "Haddad", "Omar", "1950-04-02", "2012-09-30", "1990-01-01", "02139", "03602",
    "Patient/ana", "Patient/ben", "Patient/omar", "nobody told me where to go", "my brother waited four hours",
    "Nurse Kimani sat with me", "I want to end it all", "+15550001", "ana@home.example", "+15550009",
)
"""Words that may stand only where names may be seen."""
ARROW = {Kind.TEXT: pa.string(), Kind.INT: pa.int64(), Kind.FLOAT: pa.float64(), Kind.BOOL: pa.bool_(),
         Kind.INSTANT: pa.timestamp("us", tz="UTC"), Kind.DATE: pa.date32(), Kind.JSON: pa.string()}


def at(day: str, clock: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC)


def table_of(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the table declares them; what is not given is not known."""
    schema = pa.schema([(column.name, ARROW[column.kind]) for column in table.columns])
    return pa.Table.from_pylist([{**dict.fromkeys(table.names), **row} for row in rows], schema=schema)


def person(key_: int, patient: str, given: str, family: str, born: str, **more: Any) -> dict[str, Any]:
    """One person."""
    return {"person": key_, "patient_id": f"Patient/{patient}", "given": given, "family": family, "birth_date": born,
            "age_band": "40-64", "gender": "unknown", "language": "en", "interpreter": False, "hearing": False,
            "wheelchair": False, "zip": "02139", "portal": False, "merged_from": "[]", "identifiers": "[]",
            "prospect": False, **more}


PEOPLE = [
    person(ANA, "ana", "Ana", "Alvarez", "1950-04-02", age_band="65-79", gender="female", language="es",
           interpreter=True, wheelchair=True, portal=True, merged_from='["Patient/ana-old"]',
           identifiers='["MRN-1", "MRN-2"]'),
    person(BEN, "ben", "Ben", "Alvarez", "2012-09-30", age_band="0-17", gender="male", hearing=True),
    person(OMAR, "omar", "Omar", "Haddad", "1990-01-01", age_band="18-39", gender="male", zip="03602"),
]
UNITS = [
    {"unit": "system", "name": "Riverside", "kind": "system", "path": "Riverside", "former_names": "[]"},
    {"unit": "north", "name": "North", "kind": "site", "parent": "system", "time_zone": "America/New_York",
     "path": "Riverside / North", "former_names": "[]"},
    {"unit": "north-ed", "name": "North emergency", "kind": "unit", "parent": "north", "time_zone": "America/New_York",
     "path": "Riverside / North / North emergency", "former_names": "[]"},
    {"unit": "north-clinic", "name": "North clinic", "kind": "unit", "parent": "north",
     "time_zone": "America/New_York", "path": "Riverside / North / North clinic", "former_names": "[]"},
    {"unit": "south", "name": "South", "kind": "site", "parent": "system", "time_zone": "America/Chicago",
     "path": "Riverside / South", "former_names": "[]"},
]
ADDRESSES = [
    {"person": person_, "channel": channel, "address": address, "verified": verified, "works": True}
    for person_, channel, address, verified in (
        (ANA, "sms", "+15550001", True), (ANA, "email", "ana@home.example", True), (ANA, "letter", "02139", True),
        (ANA, "portal", "ana.a", True), (BEN, "sms", "+15550001", False), (OMAR, "email", "omar@home.example", True),
        (OMAR, "sms", "+15550009", True), (OMAR, "call", "+15550009", True), (OMAR, "letter", "03602", True))
]
"""Ana and Ben, her son, share a phone."""
PLACES = [
    {"place": "Location/front", "name": "Front desk", "zone": "front_desk", "zone_from": "name", "unit": "north-ed",
     "segments": 1},
    {"place": "Location/p7", "name": "P7", "zone": None, "zone_from": "unknown", "unit": "north-ed", "segments": 4},
    {"place": "Location/south", "name": "South waiting room", "zone": "waiting", "zone_from": "name", "unit": "south",
     "segments": 2},
]
VISITS = [
    {"visit": ANAS_VISIT, "person": ANA, "encounters": '["e1"]', "class_code": "EMER",
     "started_at": at("2026-11-20", "12:00"), "ended_at": at("2026-11-20", "15:30"), "unit": "north-ed",
     "status": "finished", "evidence": "full", "seen_by_clinician": True},
    {"visit": OMARS_VISIT, "person": OMAR, "encounters": '["e9"]', "class_code": "AMB",
     "started_at": at("2026-10-02", "14:00"), "ended_at": at("2026-10-02", "14:40"), "unit": "south",
     "status": "finished", "evidence": "period_only", "seen_by_clinician": None},
]


def interaction(person_: int, day: str, clock: str, minutes: float | None, act: str, touchpoint: str, hat: str,
                rule: str, **more: Any) -> dict[str, Any]:
    """One interaction; a segment of a visit when it has one."""
    began = at(day, clock)
    ended = datetime.fromtimestamp(began.timestamp() + minutes * 60, UTC) if minutes is not None else None
    given = {
        "interaction": key(f"{person_}|{touchpoint}|{began.isoformat()}"), "person": person_,
        "kind": "segment" if more.get("visit") else "contact", "resource": f"contacts/{act}-{day}",
        "started_at": began, "ended_at": ended, "minutes": minutes, "source_order": 0, "act": act,
        "touchpoint": touchpoint, "channel": "in_person" if more.get("visit") else "portal", "hat": hat,
        "p_patient": {"patient": 0.95, "customer": 0.06, "mixed": 0.5}.get(hat, 0.5), "confidence": 0.9, "rule": rule,
        "overruled": False, "view": "self", "about_hat": hat, "vulnerable": False, "urgent": False, "stakes": 0.3,
        "evidence": "full",
    }
    return given | more


ED = {"visit": ANAS_VISIT, "encounter": "e1", "unit": "north-ed", "resource": "Encounter/e1", "status": "in-progress"}
INTERACTIONS = [
    interaction(ANA, "2026-09-14", "16:00", 4, "book", "scheduling_access", "customer", "booking", unit="north-clinic"),
    interaction(ANA, "2026-11-20", "12:00", 10, "register", "check_in", "customer", "registration", **ED,
                role="clerical", zone="front_desk"),
    interaction(ANA, "2026-11-20", "12:10", 50, "wait", "wait_timeliness", "mixed", "wait_at_high_acuity", **ED,
                zone="waiting", vulnerable=True, acuity=2, stakes=0.8),
    interaction(ANA, "2026-11-20", "13:00", 120, "treat", "treatment_competence", "patient", "clinical_event", **ED,
                zone="treatment", role="clinical", wanted="time", wanted_from="rule", time_wanted=0.9,
                clinician_minutes=35.0, same_clinician=False),
    interaction(ANA, "2026-11-20", "15:00", 30, "papers", "discharge", "customer", "discharge_papers", **ED,
                role="clerical", second_hat="patient", second_rule="teaching_event"),
    interaction(ANA, "2026-11-21", "09:00", None, "look_up_result", "portal_results", "customer", "result_looked_up",
                evidence="portal"),
    interaction(ANA, "2026-11-22", "10:00", 25, "treat", "treatment_competence", "patient", "clinical_event",
                unit="north-clinic", sensitive="ETH", role="clinical", channel="video"),
    interaction(BEN, "2026-11-23", "13:00", 15, "register", "check_in", "customer", "registration", unit="north-clinic",
                role="clerical", zone="front_desk"),
    interaction(OMAR, "2026-10-02", "14:00", 40, "stay", "treatment_competence", "unknown", "stay_not_told_apart",
                visit=OMARS_VISIT, encounter="e9", unit="south", evidence="period_only", resource="Encounter/e9"),
    interaction(OMAR, "2026-10-04", "11:00", 3, "bill", "billing_insurance", "customer", "bill", unit="south",
                channel="phone", evidence="contact"),
]
VOICES = [
    {"voice": key("answers/1"), "kind": "answer", "source_id": "answers/1", "person": ANA, "visit": ANAS_VISIT,
     "unit": "north-ed", "tied_to": "visit", "tied_by": "encounter", "said_at": at("2026-11-22", "08:00"),
     "survey": "ED-CAHPS", "item": "nurses_listened", "value": "4", "language": "es", "mode": "web",
     "respondent": "self", "hat": "patient"},
    {"voice": key("comments/1"), "kind": "comment", "source_id": "comments/1", "person": ANA, "unit": "north-ed",
     "tied_to": "visit", "tied_by": "encounter", "said_at": at("2026-11-22", "08:00"), "item": "anything_else",
     "words": "nobody told me where to go", "language": "en", "mode": "web", "respondent": "self"},
    {"voice": key("comments/2"), "kind": "comment", "source_id": "comments/2", "unit": "south", "tied_to": "unit",
     "tied_by": "unit_id", "said_at": at("2026-10-05", "08:00"), "item": "anything_else",
     "words": "my brother waited four hours", "language": "en", "mode": "mail", "respondent": "family"},
    {"voice": key("comments/3"), "kind": "comment", "source_id": "comments/3", "person": ANA, "visit": ANAS_VISIT,
     "unit": "north-ed", "tied_to": "visit", "tied_by": "encounter", "said_at": at("2026-11-23", "16:30"),
     "item": "anything_else", "words": "Nurse Kimani sat with me. But the bill was wrong and I want to end it all",
     "language": "en", "mode": "web", "respondent": "self"},
]


def clause(comment: int, number: int, start: int, words: str, hat: str, touchpoint: str, sentiment: int,
           **more: Any) -> dict[str, Any]:
    """One clause of a comment, as surely read as most."""
    voice = next(row for row in VOICES if row["source_id"] == f"comments/{comment}")
    sure = {name: 0.9 if name == hat else 0.05 for name in ("patient", "customer", "none")}
    return {"clause": key(f"clause|{voice['voice']}|{start}"), "voice": voice["voice"], "person": voice.get("person"),
            "clause_no": number, "start": start, "words": words, "masked": words, "hat": hat,
            **{f"p_{name}": p for name, p in sure.items()}, "certain": True, "touchpoint": touchpoint,
            "touchpoint_2": "general_praise", "touchpoint_3": "none_other", "p_touchpoint": 0.8,
            "sentiment": sentiment, "speaker": "patient", "about_hat": hat, "urgent": "no",
            "evidence": json.dumps(words.lower().split()[:2]), "corrected": False, "model_hat": hat,
            "service": "Emergency", "unit": voice["unit"], "said_at": voice["said_at"], "visit": voice.get("visit"),
            **more}


CLAUSES = [
    clause(1, 1, 0, "nobody told me where to go", "customer", "informed_updates", -1),
    clause(2, 1, 0, "my brother waited four hours", "customer", "wait_timeliness", -1, speaker="family",
           service="South clinic"),
    clause(3, 1, 0, "Nurse Kimani sat with me. ", "patient", "emotional_support_safety", 1,
           masked="Nurse […] sat with me. "),
    clause(3, 2, 26, "But the bill was wrong ", "customer", "billing_insurance", -1, certain=False, p_patient=0.3,
           p_customer=0.45, p_none=0.25),
    clause(3, 3, 49, "and I want to end it all", "patient", "emotional_support_safety", -1, urgent="now"),
]
HEARD = [{"unit": unit, "month": month, "hat": hat, "touchpoint": touchpoint, "people": people, "clauses": clauses,
          "praise": praise, "complaints": clauses - praise - 4, "unsure": 3}
         for unit in ("north-ed", "north", "system", "*") for month in ("2026-11", "*")
         for hat, touchpoint, people, clauses, praise in (
             ("*", "*", 60, 110, 50), ("patient", "*", 40, 55, 35), ("customer", "*", 45, 50, 14),
             ("patient", "emotional_support_safety", 30, 36, 28), ("customer", "billing_insurance", 33, 38, 9),
             ("customer", "wait_timeliness", 7, 9, 2))]
DRIFT = [{"service": "Emergency", "month": month, "people": 40, "clauses": 70, "unsure": unsure, "patient": 30,
          "customer": 35, "praise": 32, "complaints": 30, "corrected": 10, "overturned": 2, "confidence": confidence}
         for month, unsure, confidence in (("2026-10", 7, 60.0), ("2026-11", 21, 47.5))]


def total(unit: str, month: str, hat: str, interactions: int, people: int, **more: Any) -> dict[str, Any]:
    """One row of the totals."""
    return {"unit": unit, "month": month, "hat": hat, "kind": "segment", "interactions": interactions,
            "people": people, "minutes": interactions * 20.0, "timed": interactions,
            "minutes_squared": interactions * 425.0, "waits": 0, "wait_minutes": 0.0,
            "wait_minutes_squared": 0.0, "vulnerable": 0, "overruled": 0} | more


WAITED = {"waits": 80, "wait_minutes": 2400.0, "wait_minutes_squared": 90_000.0}
TOTALS = [
    *(total(unit, month, hat, count, people, **(WAITED if hat == "customer" else {}))
      for month in ("2026-09", "2026-10", "2026-11")
      for unit in ("north-ed", "north-clinic")
      for hat, count, people in (("patient", 140, 90), ("customer", 160, 95), ("mixed", 30, 25), ("unknown", 20, 18))),
    total("south", "2026-10", "patient", 120, 80), total("south", "2026-10", "customer", 90, 70, **WAITED),
    total("south", "2026-10", "unknown", 4, 3), total("", "2026-11", "customer", 40, 33),
]
TURNS = [
    {"unit": unit, "month": "2026-11", "from_hat": before, "to_hat": after, "from_touchpoint": first,
     "to_touchpoint": then, "times": times, "people": people}
    for unit, before, after, first, then, times, people in (
        ("north-ed", "customer", "patient", "wait_timeliness", "treatment_competence", 60, 55),
        ("north-ed", "patient", "customer", "treatment_competence", "discharge", 58, 54),
        ("south", "customer", "patient", "check_in", "treatment_competence", 5, 4))
]
DESK = [
    {"person": BEN, "given": "Ben", "language": "en", "interpreter": False, "hearing": True, "wheelchair": False,
     "companion": "mother", "unit": "north-clinic", "expected_at": at(TODAY, "13:00"),
     "arrived_at": at(TODAY, "13:00"), "interaction": INTERACTIONS[7]["interaction"], "hat": "customer",
     "about_hat": "customer", "rule": "registration", "vulnerable": False},
    {"person": OMAR, "given": "Omar", "language": "en", "interpreter": False, "hearing": False, "wheelchair": False,
     "unit": "south", "expected_at": at(TODAY, "15:00"), "vulnerable": True},
]
REACH = [{"unit": unit, "month": month, "hat": hat, "people": people}
         for unit, counts in (("north-ed", (120, 90, 95)), ("north-clinic", (118, 90, 95)), ("north", (200, 150, 160)),
                              ("south", (100, 80, 70)), ("system", (300, 230, 230)), ("*", (320, 230, 250)))
         for month in ("2026-10", "*") for hat, people in zip(("*", "patient", "customer"), counts, strict=True)]
SMALL = {
    "follows": [{"before": "check_in", "after": "wait_timeliness", "times": 80, "gap_minutes": 800.0,
                 "gap_histogram": json.dumps({"144": 80})}],
    "variants": [{"class_code": "EMER", "path": "check_in > wait_timeliness > treatment_competence", "visits": 70},
                 {"class_code": "EMER", "path": "check_in > treatment_competence", "visits": 3}],
    "ties": [{"feed": "comments", "tied_to": "visit", "tied_by": "encounter", "rows": 70},
             {"feed": "comments", "tied_to": "nobody", "tied_by": "none", "rows": 20},
             {"feed": "comments", "tied_to": "two_people", "tied_by": "phone", "rows": 10}],
    "coverage": [{"month": "2026-10", "evidence": "full", "interactions": 200, "unknown": 4},
                 {"month": "2026-10", "evidence": "period_only", "interactions": 100, "unknown": 40},
                 {"month": "2026-11", "evidence": "full", "interactions": 350, "unknown": 7}],
    "rules_used": [{"rule": "registration", "hat": "customer", "interactions": 300, "overruled": 12}],
    "agreement": [{"cut": "language", "value": "en", "interactions": 500, "unknown": 20, "confidence": 440.0},
                  {"cut": "language", "value": "es", "interactions": 150, "unknown": 18, "confidence": 120.0}],
}


def measure(key_: str, unit: str, period: str, times: int, people: int, **more: int) -> dict[str, Any]:
    """One row of the process measures."""
    return {"measure": key_, "unit": unit, "period": period, "times": times, "people": people, "part": 0,
            "people_with": 0, "people_without": 0, "amount": 0, "amount_squared": 0} | more


def missed(unit: str, period: str, times: int, part: int) -> dict[str, Any]:
    """Visits of as many people as visits, so many of them missed."""
    return measure("no_show", unit, period, times, times, part=part, people_with=part, people_without=times - part)


MEASURES = [
    missed("*", "2026-Q3", 400, 40), missed("system", "2026-Q3", 400, 40),
    missed("north", "2026-Q3", 300, 28), missed("south", "2026-Q3", 100, 12),
    *(missed(unit, f"2026-{month:02}", 130 + month, 13) for unit in ("*", "system") for month in (7, 8, 9, 10)),
    missed("*", "2026", 560, 60), missed("system", "2026", 560, 60), missed("north", "2026", 410, 44),
    missed("south", "2026", 150, 16), missed("north-ed", "2026", 250, 24), missed("north-clinic", "2026", 160, 20),
    *(measure("time_to_clinician", unit, "2026-Q3", 120, 110) for unit in ("*", "system", "north")),
    *(measure("coc", unit, "2026-Q3", 80, 40, amount=40_000, amount_squared=22_000_000)
      for unit in ("*", "system", "north")),
    measure("first_fill", "*", "2026-Q3", 60, 50, part=55, people_with=47, people_without=4),
    measure("hold", "*", "2026-Q3", 9, 8),
]
MEASURES += [
    measure("cg_cahps_3_1_patient", "*", "2026", 160, 150, amount=12_800_000, amount_squared=1_070_000_000_000),
    measure("cg_cahps_3_1_patient", "*", "2026-Q3", 60, 50, amount=4_800_000, amount_squared=400_000_000_000),
    measure("cg_cahps_3_1_family", "*", "2026-Q3", 12, 12, amount=600_000, amount_squared=40_000_000_000),
    measure("nps_nps", "*", "2026-Q3", 40, 40, amount=-1_000_000, amount_squared=300_000_000_000),
]


def of_group(cut: str, value: str, people: int, part: int) -> dict[str, Any]:
    """Visits of 2026 missed without notice by people of a group, one each."""
    return {"measure": "no_show", "year": "2026", "cut": cut, "value": value, "times": people, "people": people,
            "part": part, "people_with": part, "people_without": people - part, "amount": 0, "amount_squared": 0}


CUTS = [
    *(of_group("language", *row) for row in (("en", 400, 25), ("es", 110, 22), ("vi", 30, 8), ("unknown", 20, 5))),
    *(of_group("age", *row) for row in (("40-64", 250, 28), ("65-79", 310, 32))),
    *(of_group("payer", *row) for row in (("public", 300, 33), ("private", 252, 22), ("self", 8, 5))),
    *(of_group("area", *row) for row in (("021", 500, 48), ("036", 40, 6), ("059", 20, 6))),
]


def asked(cut: str, value: str, delivered: int, answered: int) -> dict[str, Any]:
    """Requests of 2026 to as many people, one each; ten more did not arrive."""
    return {"year": "2026", "cut": cut, "value": value, "asked": delivered + 10, "people": delivered + 10,
            "delivered": delivered, "people_reached": delivered, "answered": answered, "people_answered": answered,
            "people_silent": delivered - answered}


ASKED = [
    asked("all", "*", 400, 100),
    *(asked("language", *row) for row in (("en", 250, 70), ("es", 110, 17), ("vi", 30, 10), ("zh", 10, 3))),
    asked("age", "40-64", 250, 95), asked("age", "65-79", 150, 5),
    asked("channel", "sms", 400, 100), asked("sender", "surveys", 400, 100),
]


def composite(key_: str, unit: str, period: str, item: str, boxes: tuple[int, int, int],
              *points: int) -> dict[str, Any]:
    """The answers to an item in the worst box, in between and in the best, one a person; '*' stands for all items."""
    bottom, middle, top = boxes
    return {"composite": key_, "unit": unit, "period": period, "item": item, "forms": sum(boxes), "people": sum(boxes),
            "answers": sum(boxes), "top": top, "middle": middle, "bottom": bottom, "people_top": top,
            "people_middle": middle, "people_bottom": bottom, "people_not_top": bottom + middle,
            "points": points[0], "points_squared": points[1]}


COMPOSITES = [
    composite("cg_cahps_3_1_staff", "*", "2026-Q3", item, (30, 40, 50), 8_666_670, 711_112_222_230)
    for item in ("*", "STAFF_HELPFUL")
]
"""30 answered sometimes, 40 usually and 50 always."""


def answered(cut: str, value: str, forms: int, **more: Any) -> dict[str, Any]:
    """Forms of CG-CAHPS of 2026, one a person."""
    return {"score": "cg_cahps_3_1", "unit": "*", "period": "2026", "cut": cut, "value": value, "forms": forms,
            "people": forms} | more


ANSWERED_HOW = [
    answered(cut, value, forms, period=period) for period in ("2026-Q3", "2026") for cut, value, forms in (
        ("all", "*", 120), ("mode", "sms", 73), ("mode", "mail", 47), ("language", "en", 98), ("language", "es", 22),
        ("respondent", "self", 109), ("respondent", "proxy", 11))
]


def driver(part: str, name: str, hat: str, share: float, **more: float) -> dict[str, Any]:
    """A part of the model of drivers of 2026, with an interval of a fifth each way."""
    of_items = dict.fromkeys(("of_hat", "of_hat_low", "of_hat_high", "correlation"))
    return {"instrument": "cg_cahps_3_1", "year": "2026", "part": part, "driver": name, "hat": hat, "share": share,
            "low": 0.8 * share, "high": 1.2 * share, "answers": 150, "people": 125} | of_items | more


DRIVERS = [
    *(driver("item", name, hat, share, of_hat=of_hat, of_hat_low=0.9 * of_hat, of_hat_high=min(1.1 * of_hat, 1.0),
             correlation=correlation)
      for name, hat, share, of_hat, correlation in (
          ("COM_LISTEN", "patient", 0.2, 0.8, 0.61), ("COM_TIME", "patient", 0.05, 0.2, 0.4),
          ("STAFF_HELPFUL", "customer", 0.1, 1.0, 0.47))),
    driver("hat", "patient", "patient", 0.25), driver("hat", "customer", "customer", 0.1),
    driver("all", "", "", 0.35),
]
STANDING = [
    {"measure": name, "unit": "north", "first_day": "1/1/2025", "last_day": "12/31/2025", "value": value,
     "completes": 540, "response_rate": 23.0, "hospitals": 101, "below": below, "alike": 3, "lower_quarter": 61.0,
     "middle": 66.0, "upper_quarter": 72.0, "lowest": 40.0, "highest": 93.0}
    for name, value, below in (("h_comp_1_a_p", 80.0, 89), ("h_quiet_hsp_a_p", 55.0, 9))
]
TOGETHER = [
    {"received": "next_visit_kept", "met": "half_hours_waited", "way": "untold"},
    {"received": "understood", "met": "asked_too_much", "way": "within", "visits": 900, "people": 300, "telling": 120,
     "points": -12.4, "low": -20.1, "high": -4.7, "robustness": 0.12, "placebo": 1.2, "placebo_low": -6.0,
     "placebo_high": 8.4},
    {"received": "understood", "met": "half_hours_waited", "way": "means", "visits": 900, "people": 300, "telling": 40,
     "points": 0.4, "low": -2.0, "high": 2.8, "robustness": 0.01, "placebo": None, "placebo_low": None,
     "placebo_high": None},
]
SERVED = [
    {"thing": visit, "visit": visit, "person": person_, "unit": unit, "kind": kind, "happened_at": began,
     "over_at": began, "customer": "as_wished", "patient": patient_, "time_wanted": True, "instrument": "pulse",
     "points": 60_000, "left_at": None, "died_soon": False}
    for visit, person_, unit, kind, began, patient_ in (
        (ANAS_VISIT, ANA, "north-ed", "EMER", at("2026-11-20", "12:00"), "hurried"),
        (OMARS_VISIT, OMAR, "south", "AMB", at("2026-10-02", "14:00"), "as_wished"))
]
PRICE = {"rows": 4000, "people": 900, "labelled": 300, "told_rightly": 0.91, "as_told": -2.5, "as_told_low": -3.4,
         "as_told_high": -1.6, "robustness": 0.12}
PRICES = [
    PRICE | {"outcome": "satisfaction", "wrong": "hurried", "instrument": "pulse", "way": "within", "telling": 240,
             "points": -6.4, "low": -8.9, "high": -3.9, "placebo": 0.2, "placebo_low": -1.1, "placebo_high": 1.5},
    PRICE | {"outcome": "satisfaction", "wrong": "over_engaged", "instrument": "pulse", "way": "within",
             "telling": 310, "points": -3.8, "low": -5.1, "high": -2.5, "placebo": 1.9, "placebo_low": 0.4,
             "placebo_high": 3.4},
    PRICE | {"outcome": "leaving", "wrong": "hurried", "way": "between", "telling": 240, "points": 2.9, "low": 0.8,
             "high": 5.0},
    {"outcome": "leaving", "wrong": "over_engaged", "way": "few_people", "rows": 4000, "people": 900, "telling": 31,
     "labelled": 300, "told_rightly": 0.91},
]
SPREADS = [
    {"measure": "time_to_clinician", "unit": unit, "period": "2026-Q3", "ended": ended, "times": times,
     "histogram": json.dumps(bins)}
    for unit in ("*", "system", "north")
    for ended, times, bins in (("done", 110, {"160": 50, "176": 60}), ("other", 10, {"192": 10}))
]


def hand_off(name: str, person_: int, kind: str, hat: str, unit: str, started: str, due: str, state: str,
             **more: Any) -> dict[str, Any]:
    """One hand-off; begun and due at noon."""
    return {"hand_off": key(f"hand_off|{kind}|{name}"), "person": person_, "kind": kind, "hat": hat, "unit": unit,
            "resource": name, "started_at": at(started, "12:00"), "due_at": at(due, "12:00"), "met_at": None,
            "state": state, "sensitive": None} | more


HAND_OFFS = [
    hand_off("ServiceRequest/1", ANA, "told_to_book", "customer", "north-ed", "2026-11-03", "2026-11-17", "lost"),
    hand_off("ServiceRequest/2", BEN, "told_to_book", "customer", "north-clinic", "2026-10-20", "2026-11-03", "lost"),
    hand_off("ServiceRequest/3", BEN, "told_to_book", "customer", "north-clinic", "2026-11-16", "2026-11-30", "open"),
    hand_off("ServiceRequest/4", ANA, "told_to_book", "customer", "north-ed", "2026-10-01", "2026-10-15", "met",
             met_at=at("2026-10-09", "09:00")),
    hand_off("ServiceRequest/5", ANA, "told_to_book", "customer", "north-clinic", "2026-10-02", "2026-10-16", "lost",
             sensitive="ETH"),
    hand_off("ServiceRequest/6", BEN, "told_to_book", "customer", "north-clinic", "2026-07-02", "2026-07-16", "lost"),
    hand_off("ServiceRequest/9", OMAR, "told_to_book", "customer", "south", "2026-10-20", "2026-11-18", "lost"),
    hand_off("Encounter/e1", ANA, "discharged", "patient", "north-ed", "2026-11-06", "2026-11-20", "lost"),
    hand_off("DiagnosticReport/1", ANA, "result_to_follow", "mixed", "north-ed", "2026-10-06", "2026-10-20", "ended"),
]
"""Of Ana one lost since Monday the 16th for each hat, one labelled; of Ben one lost before, one running, one old."""
ROWS: dict[str, list[dict[str, Any]]] = {
    "people": PEOPLE, "visits": VISITS, "interactions": INTERACTIONS, "voices": VOICES, "clauses": CLAUSES,
    "heard": HEARD, "drift": DRIFT, "units": UNITS,
    "addresses": ADDRESSES, "places": PLACES, "desk": DESK, "reach": REACH, "totals": TOTALS, "turns": TURNS,
    "measures": MEASURES, "spreads": SPREADS, "cuts": CUTS, "asked": ASKED, "drivers": DRIVERS,
    "standing": STANDING, "together": TOGETHER, "served": SERVED, "prices": PRICES, "composites": COMPOSITES,
    "answered_how": ANSWERED_HOW, "hand_offs": HAND_OFFS, **SMALL,
}


def write_pages_file(path: Path, tables: Mapping[str, pa.Table], release: Mapping[str, object]) -> None:
    """Writes a whole pages file at once. Tables that are not given are there and empty."""
    pages = PagesFile(path)
    try:
        for table in RELEASED:
            if table.name in tables:
                pages.add(table, tables[table.name])
        pages.finish(release)
    finally:
        pages.close()


def make_release(home: Path, release: str = RELEASE, **changed: list[dict[str, Any]]) -> Home:
    """Writes the release into a home and makes it current; `people=[...]` and the like replace a table's rows."""
    place = Home(home).ensure()
    folder = place.releases / release
    folder.mkdir(parents=True)
    rows = ROWS | changed
    tables = {table.name: table_of(table, rows.get(table.name, [])) for table in RELEASED}
    write_pages_file(folder / "pages.sqlite", tables, {
        "id": release, "as_of": f"{TODAY}T18:00:00Z", "made_at": f"{TODAY}T19:00:00Z", "lines_read": 1200,
        "quarantined": 3,
        "rows": {name: table.num_rows for name, table in tables.items()}})
    make_current(place, release, f"{TODAY}T19:00:00Z")
    return place
