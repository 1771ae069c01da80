"""What the wrong hat went together with: signs of leaving, how visits and calls were served, and the prices of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twohats.analysis.context import _criteria, _leaving_signs, _rated_items
from twohats.analysis.findings.pricing import TRULY, prices_of
from twohats.analysis.stages import run_stage, sql_stage
from twohats.store.drawn import arrow_schema
from twohats.store.engine import arrow, connect, keep
from twohats.store.tables.release import SERVED
from twohats.words.instruments import instruments

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
AT = pa.timestamp("us", "UTC")
T, N, F, B = pa.string(), pa.int64(), pa.float64(), pa.bool_()
KINDS: dict[str, dict[str, pa.DataType]] = {
    "contacts": {"person": N, "direction": T, "topic": T, "started_at": AT},
    "communications": {"person": N, "sender": T, "topic": T, "sent_at": AT},
    "document_references": {"person": N, "type_text": T, "type_display": T, "dated_at": AT},
    "scheduling": {"person": N, "act": T, "started_at": AT},
    "service_requests": {"person": N, "category": T, "status": T, "occurs_at": AT, "authored_at": AT},
    "visits": {"person": N, "visit": N, "class_code": T, "started_at": AT, "ended_at": AT},
    "situations": {"interaction": N, "direction": T},
    "interactions": {"interaction": N, "person": N, "visit": N, "kind": T, "act": T, "channel": T, "started_at": AT},
    "people": {"person": N, "deceased_at": AT},
    "wrong_hat": {"interaction": N, "person": N, "unit": T, "happened_at": AT, "act": T, "hat": T, "time_wanted": F,
                  "flagged": B},
    "form_answers": {"visit": N, "interaction": N, "instrument": T, "item": T, "points": N, "is_family": B,
                     "said_at": AT, "form": T},
}


def staged(told: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The tables leavers and served, from drawn rows."""
    connection = connect()
    try:
        for name, kinds in KINDS.items():
            keep(connection, name, pa.Table.from_pylist(told.get(name, []), pa.schema(list(kinds.items()))))
        for name, table in (("leaving_signs", _leaving_signs()), ("criteria", _criteria()),
                            ("rated_items", _rated_items())):
            keep(connection, name, table)
        for name in ("leavers", "served"):
            run_stage(connection, sql_stage(f"measures/76_{name}.sql"))
        return {name: arrow(connection, f"FROM {name} ORDER BY ALL").to_pylist() for name in ("leavers", "served")}
    finally:
        connection.close()


def after(days: float) -> datetime:
    return DAY + timedelta(days=days)


VISIT = {"person": 1, "visit": 7, "class_code": "AMB", "started_at": DAY, "ended_at": after(0.1)}
RECORDS = {"person": 1, "direction": "in", "topic": "Records transfer request", "started_at": after(9)}
DUE = {"person": 1, "category": "Follow-up", "status": "active", "authored_at": DAY, "occurs_at": after(30)}


@pytest.mark.parametrize(("told", "signs"), [
    ({"visits": [VISIT], "contacts": [RECORDS]}, [("records_sent_away", after(9))]),
    ({"visits": [VISIT], "contacts": [RECORDS | {"topic": "Request for records"}]}, []),
    ({"visits": [VISIT], "contacts": [RECORDS | {"direction": "out"}]}, []),
    ({"visits": [VISIT], "document_references": [
        {"person": 1, "type_text": "Release of information", "dated_at": after(5)}]},
     [("records_sent_away", after(5))]),
    ({"visits": [VISIT, VISIT | {"visit": 8, "started_at": after(20)}], "contacts": [RECORDS]}, []),
    ({"visits": [VISIT], "scheduling": [{"person": 1, "act": "cancel", "started_at": after(3)}]},
     [("called_off", after(3))]),
    ({"visits": [VISIT], "scheduling": [{"person": 1, "act": "miss", "started_at": after(3)}]}, []),
    ({"visits": [VISIT], "scheduling": [{"person": 1, "act": "cancel", "started_at": after(3)},
                                        {"person": 1, "act": "book", "started_at": after(4)}]}, []),
    ({"visits": [VISIT], "service_requests": [DUE]}, [("nothing_where_due", after(30))]),
    ({"visits": [VISIT], "service_requests": [DUE], "situations": [{"interaction": 5, "direction": "in"}],
      "interactions": [{"interaction": 5, "person": 1, "kind": "contact", "act": "bill", "started_at": after(12)}]},
     []),
    ({"visits": [VISIT], "service_requests": [DUE], "situations": [{"interaction": 5, "direction": "out"}],
      "interactions": [{"interaction": 5, "person": 1, "kind": "contact", "act": "remind", "started_at": after(12)}]},
     [("nothing_where_due", after(30))]),
])
def test_who_has_left(told: dict[str, list[dict[str, Any]]], signs: list[tuple]) -> None:
    assert [(row["sign"], row["seen_at"]) for row in staged(told)["leavers"]] == signs


def contact(number: int, visit: int | None, hat: str, flagged: bool | None, days: float = 0, **more: Any
            ) -> tuple[dict, dict]:
    person = more.pop("person", 1)
    return ({"interaction": number, "person": person, "visit": visit, "kind": "segment", "started_at": after(days),
             "channel": more.pop("channel", "in_person")},
            {"interaction": number, "person": person, "unit": "er", "happened_at": after(days), "act": "x", "hat": hat,
             "time_wanted": 0.7 if hat == "patient" else 0.3, "flagged": flagged})


def served(*contacts: tuple[dict, dict], **told: list[dict[str, Any]]) -> list[tuple]:
    rows = {"interactions": [one for one, _ in contacts], "wrong_hat": [one for _, one in contacts],
            "people": [{"person": 1, "deceased_at": None}], "visits": [VISIT], **told}
    return [tuple(row[name] for name in ("thing", "kind", "customer", "patient", "time_wanted", "points", "left_at",
                                         "died_soon")) for row in staged(rows)["served"]]


def test_of_several_contacts_in_one_hat_one_sign_is_enough_and_both_hats_stand_apart() -> None:
    assert served(contact(1, 7, "customer", False), contact(2, 7, "customer", True), contact(3, 7, "customer", None),
                  contact(4, 7, "patient", None), contact(5, None, "customer", False, 1, channel="phone"),
                  contact(6, None, "customer", True, 2, channel="sms")) == [
        (5, "call", "as_wished", None, False, None, None, False),
        (7, "AMB", "over_engaged", "open", True, None, None, False),
    ]


def test_our_own_rating_counts_before_an_official_one_and_the_familys_does_not() -> None:
    said = {"visit": 7, "interaction": None, "is_family": False, "said_at": after(3), "form": "f"}
    ratings = [said | {"instrument": "cg_cahps_3_1", "item": "RATING", "points": 90_000},
               said | {"instrument": "pulse", "item": "satisfaction", "points": 71_000},
               said | {"instrument": "pulse", "item": "effort", "points": 10_000},
               said | {"instrument": "pulse", "item": "satisfaction", "points": 5_000, "is_family": True}]
    assert served(contact(1, 7, "patient", True), form_answers=ratings) == [
        (7, "AMB", None, "hurried", True, 71_000, None, False)]
    assert served(contact(1, 7, "patient", True), form_answers=ratings[:1])[0][5] == 90_000


def test_leaving_stands_at_the_last_visit_or_call_before_the_sign() -> None:
    both = (contact(1, 7, "patient", False), contact(2, None, "customer", False, 4, channel="phone"))
    assert [(row[0], row[6]) for row in served(*both, contacts=[RECORDS])] == [(2, after(9)), (7, None)]
    assert [row[7] for row in served(*both, people=[{"person": 1, "deceased_at": after(90)}])] == [True, True]


def test_every_instrument_that_rates_the_whole_can_be_priced() -> None:
    rated = {one.key: one.satisfaction() for one in instruments() if one.satisfaction()}
    assert rated["pulse"] == "satisfaction"
    assert rated["cg_cahps_3_1"] == "RATING"
    assert {"hcahps_2015", "hcahps_2025"} <= set(rated)


# ---- prices ----------------------------------------------------------------------------------------------------------
RATES = {"as_wished": 0.94, "wrong": 0.8}
"""How often a side is told as it truly was."""


def hospital(folder: Path, people: int, points: float, buckets: int, seed: int = 5) -> list[dict[str, Any]]:
    """Calls and visits of so many people in buckets; gives what somebody who looks would say of every side. Unhappy
    people are served in the wrong hat more often."""
    random = np.random.default_rng(seed)
    rows, lines = [], []
    for person in range(people):
        mood, thing = random.normal(0, 6), person * 100
        for number in range(5):
            thing += 1
            side = "customer" if random.random() < 0.5 else "patient"
            wrong = random.random() < (0.4 if mood < 0 else 0.2)
            told = wrong if random.random() < RATES["wrong" if wrong else "as_wished"] else not wrong
            name = {"customer": "over_engaged", "patient": "hurried"}[side] if told else "as_wished"
            said = round(1000 * float(70 + mood + points * wrong + random.normal(0, 5)))
            left = random.random() < 0.02 + 0.1 * wrong
            at = DAY + timedelta(days=5 * number)
            rows.append({"thing": thing, "visit": thing, "person": person, "unit": "u", "kind": "AMB",
                         "happened_at": at, "over_at": at, "customer": None, "patient": None, side: name,
                         "time_wanted": False, "instrument": "pulse", "points": said, "died_soon": False,
                         "left_at": at + timedelta(days=9) if left else None})
            lines.append({"thing": str(thing), "side": side, "hat": side, "wrong": wrong})
    folder.mkdir()
    schema = arrow_schema(SERVED.columns)
    for bucket in range(buckets):
        held = [row for row in rows if row["person"] % buckets == bucket]
        pq.write_table(pa.Table.from_pylist(held, schema), folder / f"{bucket:04d}.parquet")
    return lines


def by_key(prices: pa.Table) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["outcome"], row["wrong"]): row for row in prices.to_pylist()}


def test_planted_prices_are_found_once_people_have_looked(tmp_path: Path) -> None:
    lines = hospital(tmp_path / "served", 900, -8.0, 2)
    found = by_key(prices_of(tmp_path / "served", lines[:400], AS_OF))
    for wrong in ("over_engaged", "hurried"):
        told = found["satisfaction", wrong]
        assert (told["way"], told["instrument"], told["labelled"]) == ("within", "pulse", 400)
        assert told["low"] < -8 < told["high"] < -4
        assert -8 < told["as_told"] < -4
        assert told["as_told_high"] - told["as_told_low"] < told["high"] - told["low"]
        assert told["placebo_low"] < 0 < told["placebo_high"]
        gone = found["leaving", wrong]
        assert (gone["way"], gone["placebo"]) == ("between", None)
        assert gone["low"] < 10 < gone["high"]
        assert gone["low"] > 0


def test_any_dealing_of_people_into_buckets_gives_the_same(tmp_path: Path) -> None:
    lines = hospital(tmp_path / "one", 300, -8.0, 1)
    hospital(tmp_path / "many", 300, -8.0, 5)
    one, many = (prices_of(tmp_path / name, lines[:300], AS_OF).to_pylist() for name in ("one", "many"))
    assert [{name: pytest.approx(value, abs=1e-5) if isinstance(value, float) else value
             for name, value in row.items()} for row in one] == many


def test_without_people_who_looked_or_too_few_who_tell_nothing_is_shown(tmp_path: Path) -> None:
    lines = hospital(tmp_path / "many", 300, -8.0, 1)
    few = hospital(tmp_path / "few", 40, -8.0, 1)
    assert {row["way"] for row in prices_of(tmp_path / "many", lines[:99], AS_OF).to_pylist()} == {"not_looked_at"}
    assert {row["way"] for row in prices_of(tmp_path / "few", few, AS_OF).to_pylist()} == {"few_people"}
    for row in prices_of(tmp_path / "many", [], AS_OF).to_pylist():
        shown = {"points", "low", "high", "as_told", "as_told_low", "as_told_high", "robustness", "placebo",
                 "placebo_low", "placebo_high"}
        assert {row[name] for name in shown} == {None}


def test_what_is_young_is_not_asked_for_leaving_and_what_is_open_is_not_compared(tmp_path: Path) -> None:
    lines = hospital(tmp_path / "served", 300, -8.0, 1)
    early = by_key(prices_of(tmp_path / "served", lines, DAY + timedelta(days=121)))
    assert early["leaving", "hurried"]["rows"] == 300
    assert early["satisfaction", "hurried"]["rows"] == 1500
    path = tmp_path / "served" / "0000.parquet"
    rows = pq.read_table(path).to_pylist()
    for row in rows[:500]:
        row["patient"] = "open"
    pq.write_table(pa.Table.from_pylist(rows, arrow_schema(SERVED.columns)), path)
    assert by_key(prices_of(tmp_path / "served", lines, AS_OF))["satisfaction", "hurried"]["rows"] == 1000


def test_a_release_without_visits_or_an_empty_hospital_says_so(tmp_path: Path) -> None:
    hospital(tmp_path / "served", 0, -8.0, 1)
    assert [row["way"] for row in prices_of(tmp_path / "served", [], AS_OF).to_pylist()] == ["not_told_apart"] * 4
    assert len(TRULY) == 4
