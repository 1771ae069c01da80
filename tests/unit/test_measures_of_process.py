"""Process measures: what each counts on drawn days, the indices of continuity as laws, and that all are declared."""

import itertools
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.tiny_hospital import patient, visit
from twohats.analysis.build import build_lines
from twohats.analysis.context import above
from twohats.analysis.stages import run_stage, sql_stage
from twohats.store.engine import arrow, connect, keep
from twohats.words.hats import Hat
from twohats.words.measures import SPREAD, MeasureKind, measures

SQL = Path(__file__).resolve().parents[2] / "twohats" / "analysis" / "measures"
WRITTEN = "7[0-6]_*_measured.sql"


def test_every_measure_that_is_counted_is_declared_and_every_one_declared_is_counted():
    told = " ".join(path.read_text("utf-8") for path in SQL.glob(WRITTEN))
    counted = set(re.findall(r"'([a-z0-9_]+)'", told))
    declared = {one.key for one in measures() if not one.survey}
    assert declared <= counted
    selected = set(re.findall(r"select '([a-z0-9_]+)'", told)) | set(re.findall(r"'measure': '([a-z0-9_]+)'", told))
    assert selected <= {one.key for one in measures()}


def test_both_hats_are_measured_in_both_languages():
    by_hat = Counter((one.hat, bool(one.survey)) for one in measures())
    assert by_hat == {
        (Hat.CUSTOMER, False): 20, (Hat.PATIENT, False): 20,
        (Hat.CUSTOMER, True): 3 * 3 + 4, (Hat.PATIENT, True): 3 * 2 + 1 + 5, (Hat.MIXED, True): 2 * 2 + 2,
    }
    for one in measures():
        texts = (one.name, one.numerator, one.denominator, one.exclusions, one.source)
        assert all(text.en and text.es and text.en != text.es for text in texts), one.key
        assert one.better in ("lower", "higher"), one.key
        has_a_unit = one.kind in (*SPREAD, MeasureKind.POINTS) or one.key == "third_next_available"
        assert (one.shown_in != "") == has_a_unit, one.key
        assert one.least >= 11, one.key


def measured(lines: list[dict[str, Any]], feeds: dict[str, list[dict[str, Any]]] | None = None) -> list[tuple]:
    """(measure, thing, part, amount, ended) of each thing measured, in order."""
    rows = build_lines(lines, feeds)["measured"].to_pylist()
    return sorted((row["measure"], row["thing"], row["part"], row["amount"], row["ended"]) for row in rows)


def of(rows: list[tuple], *keys: str) -> list[tuple]:
    return [row for row in rows if row[0] in keys]


def contact(name: str, at: str, **more: Any) -> dict[str, Any]:
    return {
        "contact_id": name,
        "person_mrn": "mrn-ana",
        "direction": "in",
        "channel": "phone",
        "started_at": at,
        "ended_at": None,
        "topic": "Billing question",
        "outcome": "resolved",
        "queue_minutes": 2.0,
        **more,
    }


def test_calls_that_are_given_up_come_back_or_are_settled_later():
    rows = measured(
        [patient("ana")],
        {
            "contacts": [
                contact("first", "2026-03-02T15:00:00Z", outcome="unresolved", transfers=1),
                contact("again", "2026-03-04T15:00:00Z", in_reply_to="first", ended_at="2026-03-04T15:10:00Z"),
                contact(
                    "wrong number", "2026-03-05T15:00:00Z", outcome="abandoned", queue_minutes=0.05, topic="Reschedule"
                ),
                contact("gave up", "2026-03-06T15:00:00Z", outcome="abandoned", queue_minutes=9.0, topic="Reschedule"),
                contact("later", "2026-03-20T15:00:00Z", outcome="unresolved"),
            ]
        },
    )
    assert of(rows, "abandonment") == [
        ("abandonment", "contacts/again", False, None, None),
        ("abandonment", "contacts/first", False, None, None),
        ("abandonment", "contacts/gave up", True, None, None),
        ("abandonment", "contacts/later", False, None, None),
    ]
    assert of(rows, "hold") == [("hold", f"contacts/{name}", None, 120, "done") for name in ("again", "first", "later")]
    assert of(rows, "first_contact_resolution") == [
        ("first_contact_resolution", "contacts/first", False, None, None),
        ("first_contact_resolution", "contacts/later", True, None, None),
    ]
    assert of(rows, "time_to_resolution") == [
        ("time_to_resolution", "contacts/first", None, 2 * 86_400 + 600, "done"),
        ("time_to_resolution", "contacts/later", None, None, "open"),
    ]
    assert of(rows, "hand_offs") == [
        ("hand_offs", "contacts/first", None, 3000, None),
        ("hand_offs", "contacts/later", None, 1000, None),
    ]


def test_what_we_send_is_counted_by_month_hour_and_repetition():
    sent = {
        "direction": "out",
        "channel": "sms",
        "outcome": "delivered",
        "automated": True,
        "queue_minutes": None,
        "topic": "Flu shot reminder",
    }
    rows = measured(
        [patient("ana")],
        {
            "contacts": [
                contact("one", "2026-01-10T15:00:00Z", **sent),
                contact("two", "2026-01-12T15:00:00Z", **sent),
                contact("at night", "2026-03-20T22:30:00Z", **sent),
            ]
        },
    )
    assert of(rows, "same_message_twice") == [
        ("same_message_twice", "contacts/at night", False, None, None),
        ("same_message_twice", "contacts/one", False, None, None),
        ("same_message_twice", "contacts/two", True, None, None),
    ]
    assert of(rows, "quiet_hours") == [
        ("quiet_hours", "contacts/at night", True, None, None),
        ("quiet_hours", "contacts/one", False, None, None),
        ("quiet_hours", "contacts/two", False, None, None),
    ]
    burden = of(rows, "contact_burden")
    assert [(thing.partition("/")[2], amount) for _measure, thing, _part, amount, _ended in burden] == [
        ("2026-01", 60_000 // 31),
        ("2026-02", 0),
        ("2026-03", 30_000 // 31),
    ]


PLACES = [
    {"resourceType": "Location", "id": "hall", "name": "Blue Hall", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}},
    {"resourceType": "Location", "id": "exam", "name": "Exam Room 1", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}},
    {
        "resourceType": "PractitionerRole",
        "id": "diaz",
        "code": [{"text": "Physician"}],
        "meta": {"lastUpdated": "2026-01-01T00:00:00Z"},
    },
]


def appointment(name: str, status: str, start: str, end: str, created: str) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": name,
        "status": status,
        "start": start,
        "end": end,
        "created": created,
        "meta": {"versionId": "1", "lastUpdated": created},
        "participant": [{"actor": {"reference": "Patient/ana"}, "status": "accepted"}],
    }


def test_a_booked_visit_tells_how_far_ahead_the_wait_and_the_clinicians_minutes():
    came = visit("ana") | {"appointment": [{"reference": "Appointment/kept"}]}
    rows = measured(
        [
            *PLACES,
            patient("ana"),
            came,
            appointment("kept", "fulfilled", "2026-01-05T08:00:00Z", "2026-01-05T11:00:00Z", "2025-12-26T08:00:00Z"),
            appointment("missed", "noshow", "2026-01-09T08:00:00Z", "2026-01-09T09:00:00Z", "2026-01-06T08:00:00Z"),
            appointment("off", "cancelled", "2026-01-10T08:00:00Z", "2026-01-10T09:00:00Z", "2026-01-07T08:00:00Z"),
        ]
    )
    the_visit = of(rows, "clinician_minutes")[0][1]
    assert of(rows, "lead_time") == [
        ("lead_time", "Appointment/kept", None, 10 * 86_400, "done"),
        ("lead_time", "Appointment/missed", None, 3 * 86_400, "done"),
        ("lead_time", "Appointment/off", None, 3 * 86_400, "done"),
    ]
    assert of(rows, "no_show") == [
        ("no_show", "Appointment/kept", False, None, None),
        ("no_show", "Appointment/missed", True, None, None),
    ]
    assert of(rows, "wait_in_clinic", "clinician_minutes", "half_the_booked_time", "unserved_visit") == [
        ("clinician_minutes", the_visit, None, 3600, "done"),
        ("half_the_booked_time", the_visit, False, None, None),
        ("unserved_visit", the_visit, False, None, None),
        ("wait_in_clinic", the_visit, None, 3600, "done"),
    ]


def indices(clinicians: list[str], days: int = 7) -> dict[str, float]:
    """The indices of the last month of somebody seen by these clinicians, a visit each so many days."""
    starts = [datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=days * n) for n in range(len(clinicians))]
    numbers = list(range(1, len(clinicians) + 1))
    connection = connect()
    try:
        keep(
            connection,
            "visit_frames",
            pa.table(
                {
                    "visit": pa.array(numbers, pa.int64()),
                    "person": pa.array([1] * len(numbers), pa.int64()),
                    "unit": pa.array(["ed"] * len(numbers)),
                    "class_code": pa.array(["AMB"] * len(numbers)),
                    "started_at": pa.array(starts, pa.timestamp("us", "UTC")),
                }
            ),
        )
        keep(
            connection,
            "situations",
            pa.table(
                {
                    "interaction": pa.array(numbers, pa.int64()),
                    "visit": pa.array(numbers, pa.int64()),
                    "kind": pa.array(["segment"] * len(numbers)),
                    "role": pa.array(["clinical"] * len(numbers)),
                    "staff": pa.array(clinicians),
                }
            ),
        )
        keep(
            connection,
            "given",
            pa.table(
                {"interaction": pa.array(numbers, pa.int64()), "clinician_minutes": pa.array([10.0] * len(numbers))}
            ),
        )
        keep(connection, "site_zones", pa.table({"unit": ["ed"], "time_zone": ["UTC"]}))
        run_stage(connection, sql_stage("measures/74_continuity_measured.sql"))
        rows = arrow(connection, "SELECT measure, amount, happened_at FROM continuity_measured").to_pylist()
        last = max((row["happened_at"] for row in rows), default=None)
        return {row["measure"]: row["amount"] / 1000 for row in rows if row["happened_at"] == last}
    finally:
        connection.close()


def test_the_indices_of_continuity_by_hand():
    assert indices(["a", "a", "a", "b"]) == {
        "upc": 0.75,
        "coc": 0.5,
        "hhi": 0.625,
        "secon": pytest.approx(2 / 3, abs=0.0005),
        "mmci": pytest.approx((1 - 2 / 4.1) / (1 - 1 / 4.1), abs=0.0005),
    }
    assert indices(["a"] * 4) == {"upc": 1, "coc": 1, "hhi": 1, "secon": 1, "mmci": pytest.approx(1, abs=0.0005)}
    assert indices(["a", "b", "c", "d"]) == {
        "upc": 0.25,
        "coc": 0,
        "hhi": 0.25,
        "secon": 0,
        "mmci": pytest.approx((1 - 4 / 4.1) / (1 - 1 / 4.1), abs=0.0005),
    }
    assert indices(["a"]) == {}


# What is kept to the thousandth may lie exactly half of one away (7/16 is kept as .438), which binary fractions
# show as a hair more.
HALF_A_THOUSANDTH = 0.0005 + 1e-9


@settings(max_examples=40)
@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=12))
@example(["a", "a", "a", "a", "a", "b", "c", "d"])
def test_the_indices_are_what_their_authors_wrote(clinicians):
    n, counts = len(clinicians), Counter(clinicians)
    squares = sum(count * count for count in counts.values())
    pairs = sum(a == b for a, b in itertools.pairwise(clinicians))
    assert indices(clinicians) == {
        "upc": pytest.approx(max(counts.values()) / n, abs=HALF_A_THOUSANDTH),
        "coc": pytest.approx((squares - n) / (n * (n - 1)), abs=HALF_A_THOUSANDTH),
        "secon": pytest.approx(pairs / (n - 1), abs=HALF_A_THOUSANDTH),
        "hhi": pytest.approx(squares / n**2, abs=HALF_A_THOUSANDTH),
        "mmci": pytest.approx((1 - len(counts) / (n + 0.1)) / (1 - 1 / (n + 0.1)), abs=HALF_A_THOUSANDTH),
    }


def test_visits_of_more_than_a_year_ago_count_no_longer():
    assert indices(["a", "b", "b", "b"], days=200)["upc"] == 1.0


def test_a_unit_above_counts_what_happens_below_and_a_circle_is_walked_once():
    units = pa.table(
        {
            "unit": ["ward", "house", "old", "odd", "even"],
            "parent": ["house", None, "house", "even", "odd"],
            "merged_into": [None, None, "ward", None, None],
        }
    )
    pairs = sorted((row["unit"], row["above_it"]) for row in above(units).to_pylist())
    assert pairs == [
        ("even", "even"),
        ("even", "odd"),
        ("house", "house"),
        ("odd", "even"),
        ("odd", "odd"),
        ("old", "house"),
        ("old", "old"),
        ("old", "ward"),
        ("ward", "house"),
        ("ward", "ward"),
    ]


def test_sums_by_period_and_unit_hold_what_was_measured():
    made = build_lines(
        [patient("ana")],
        {
            "contacts": [
                contact("first", "2026-03-02T15:00:00Z", outcome="unresolved"),
                contact("gave up", "2026-04-06T15:00:00Z", outcome="abandoned", queue_minutes=9.0),
            ]
        },
    )
    rows = [row for row in made["measures"].to_pylist() if row["measure"] == "abandonment"]
    counted = {
        (row["unit"], row["period"]): (
            row["times"],
            row["people"],
            row["part"],
            row["people_with"],
            row["people_without"],
        )
        for row in rows
    }
    march, april, year = (1, 1, 0, 0, 1), (1, 1, 1, 1, 0), (2, 1, 1, 1, 1)
    expected = {"2026-03": march, "2026-Q1": march, "2026-04": april, "2026-Q2": april, "2026": year}
    assert counted == {(unit, period): sums for unit in ("*", "*!") for period, sums in expected.items()}
    spreads = [
        (row["period"], row["ended"], row["times"], row["histogram"])
        for row in made["spreads"].to_pylist()
        if row["measure"] == "time_to_resolution"
    ]
    began = datetime(2026, 3, 2, tzinfo=UTC).date().toordinal() - datetime(1970, 1, 1, tzinfo=UTC).date().toordinal()
    assert sorted(spreads) == [(period, "open", 1, f'{{"{began}":1}}') for period in ("2026", "2026-03", "2026-Q1")]


def test_each_kind_fills_its_own_columns():
    rows = build_lines([patient("ana")], {"contacts": [contact("first", "2026-03-02T15:00:00Z")]})["measured"]
    kinds = {one.key: one.kind for one in measures()}
    for row in rows.to_pylist():
        kind = kinds[row["measure"]]
        assert (row["part"] is not None) == (kind is MeasureKind.SHARE), row
        assert (row["ended"] is not None) == (kind in SPREAD), row
