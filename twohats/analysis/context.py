"""What is the same for everybody: places, roles, units, the words data, what staff corrected, and the clock.

A bucket is built from its people's rows and this; nothing else is read.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from twohats.analysis.hats.codebook_sql import rules_arrow
from twohats.analysis.measures.answer_codes import answer_codes
from twohats.analysis.measures.cahps.standing import standing
from twohats.analysis.measures.estimates.drivers import MOST
from twohats.analysis.measures.told_drivers import OVERALL
from twohats.store.engine import arrow, as_json, keep
from twohats.words.acts import acts
from twohats.words.codebook import voice_of
from twohats.words.cues import Speaker
from twohats.words.hand_offs import hand_offs
from twohats.words.hats import Hat
from twohats.words.instruments import instruments
from twohats.words.leaving import leaving
from twohats.words.payers import payers
from twohats.words.said_so import said_so
from twohats.words.seeds import role_of, zone_of
from twohats.words.touchpoints import survey_items, touchpoints
from twohats.words.wrong_hat import wrong_hat

TEXT = pa.string()
PLACES = pa.schema([("place", TEXT), ("name", TEXT), ("zone", TEXT), ("zone_from", TEXT), ("unit", TEXT)])
ROLES = pa.schema([("staff", TEXT), ("role", TEXT), ("unit", TEXT)])
OVERRIDES = pa.schema([("interaction", pa.int64()), ("hat", TEXT), ("made_at", pa.timestamp("us", "UTC"))])
TOPIC_ACTS = pa.schema([("topic", TEXT), ("act", TEXT)])
SURVEY_ITEMS = pa.schema([(name, TEXT) for name in ("survey", "item", "touchpoint", "hat", "moved_from")])
CRITERIA = pa.schema([
    *((name, TEXT) for name in ("criterion", "hat", "field", "act")),
    *((name, pa.int64()) for name in ("place", "at_least", "under", "time_from", "time_to", "indicators")),
])
SAID_SO_ANSWERS = pa.schema([*((name, TEXT) for name in ("hat", "survey", "item", "value")), ("said", pa.bool_())])
SAYINGS = pa.schema([("saying", TEXT), ("hat", TEXT), ("place", pa.int64()), ("pattern", TEXT), ("unless", TEXT)])
LEAVING_SIGNS = pa.schema([("sign", TEXT), ("topics", TEXT), ("days", pa.int64()), ("quiet_days", pa.int64())])
DRIVER_ITEMS = pa.schema([("instrument", TEXT), ("item", TEXT), ("hat", TEXT), ("items", pa.int64())])
RATED_ITEMS = pa.schema([("instrument", TEXT), ("item", TEXT), ("place", pa.int64())])
PAYER_CODES = pa.schema([("code", TEXT), ("kind", TEXT)])
RESPONDENTS = pa.schema([(name, TEXT) for name in ("respondent", "about_hat", "view", "hat")])
CLAUSE_LABELS = pa.schema([("clause", pa.int64()), ("hat", TEXT), ("about_hat", TEXT), ("touchpoint", TEXT),
                           ("sentiment", pa.int64()), ("speaker", TEXT)])
NAMED_BY_HOSPITAL = ("zone", "role", "topic", "item")
LABELS = ("hat", "about_hat", "touchpoint", "sentiment", "speaker")
"""What a reader says of a clause."""
OF_ONE_THING = ("override", "clause", "served")
"""Kinds of corrections whose every line is about one interaction, clause, or side of a visit or call."""
THINGS = ("interaction", "place", "staff", "topic", "item", "clause", "served")
"""What a correction can be about, by the name of the field."""


@dataclass(frozen=True)
class Context:
    """The tables that every bucket sees, by name, and the instant up to which the hospital told us things."""

    tables: Mapping[str, pa.Table]
    as_of: datetime

    def fingerprint(self) -> str:
        """The same for the same places, roles, units and words. Overrides, labels of clauses and the clock are looked
        at one by one."""
        told = {name: _content(table) for name, table in self.tables.items()
                if name not in ("overrides", "clause_labels")}
        return hashlib.sha256(as_json(told).encode()).hexdigest()


@dataclass(frozen=True)
class Corrections:
    """What our people wrote for the next release, the latest word on each thing."""

    overrides: tuple[Mapping[str, Any], ...] = ()
    zones: Mapping[str, str] | None = None
    roles: Mapping[str, str] | None = None
    topics: Mapping[str, str] | None = None
    items: Mapping[str, str] | None = None
    clause_labels: tuple[Mapping[str, Any], ...] = ()
    looked_at: tuple[Mapping[str, Any], ...] = ()
    """How sides of visits and calls were served, by people who looked: thing, side, hat, wrong."""


def corrections(lines: list[Mapping[str, Any]]) -> Corrections:
    """The latest line of each thing: overrides by interaction, zones by place, roles by staff or role, topics,
    survey items ("HCAHPS:CLEAN") by the hat they speak for, clauses of comments by their labels, sides of visits and
    calls ("123/patient") by how they were served (no hat: what was said of it is taken back)."""
    latest: dict[tuple[str, Any], Mapping[str, Any]] = {}
    for _, line in sorted(enumerate(lines), key=lambda numbered: (numbered[1].get("at", ""), numbered[0])):
        thing = next((line[name] for name in THINGS if line.get(name)), None)
        latest[line["kind"], thing] = line
    of_kind = {kind: [line for (is_kind, _), line in latest.items() if is_kind == kind] for kind in
               (*OF_ONE_THING, *NAMED_BY_HOSPITAL)}
    return Corrections(
        overrides=tuple(sorted(of_kind["override"], key=lambda line: int(line["interaction"]))),
        zones={line["place"]: line["zone"] for line in of_kind["zone"]},
        roles={line["staff"]: line["role"] for line in of_kind["role"]},
        topics={line["topic"].lower(): line["act"] for line in of_kind["topic"]},
        items={line["item"]: str(Hat(line["hat"])) for line in of_kind["item"]},
        clause_labels=tuple(sorted(of_kind["clause"], key=lambda line: int(line["clause"]))),
        looked_at=tuple(sorted((line for line in of_kind["served"] if line["hat"]), key=lambda line: line["served"])),
    )


def context_of(connection: duckdb.DuckDBPyConnection, said: Corrections, as_of: datetime | None) -> Context:
    """The context from landed tables: locations, practitioners, practitioner_roles, staff, units, organizations.

    `as_of` is the high-water mark: the latest instant at which a source told us something.
    """
    now = as_of or datetime(1970, 1, 1, tzinfo=UTC)
    keep(connection, "clock", pa.table({"as_of": pa.array([now], pa.timestamp("us", "UTC"))}))
    units = _units(connection)
    tables = {
        "units": units,
        "site_zones": units.select(["unit", "time_zone"]),
        "above": above(units),
        "places": _places(connection, said),
        "roles": _roles(connection, said),
        "acts": pa.table({
            "act": [act.key for act in acts()],
            "touchpoint": [act.touchpoint for act in acts()],
            "event": pa.array([act.event.value if act.event else None for act in acts()], TEXT),
        }),
        "touchpoints": pa.table({
            "touchpoint": [point.key for point in touchpoints()],
            "usual_hat": [point.usual_hat.value for point in touchpoints()],
            "stakes": pa.array([point.stakes for point in touchpoints()], pa.int64()),
        }),
        "survey_items": _survey_items(said),
        "answer_codes": answer_codes(),
        "driver_items": _driver_items(connection, said),
        "rated_items": _rated_items(),
        "payer_codes": _payer_codes(),
        "standing": standing(connection),
        "criteria": _criteria(),
        "leaving_signs": _leaving_signs(),
        "said_so_answers": _said_so_answers(),
        "sayings": _sayings(),
        "hand_off_kinds": pa.table({
            "kind": [kind.key for kind in hand_offs().told],
            "hat": [kind.hat.value for kind in hand_offs().told],
            "days": pa.array([kind.days for kind in hand_offs().told], pa.int64()),
        }),
        "bookings_told": arrow(connection, "FROM bookings_told"),
        "respondents": _respondents(),
        "rules": rules_arrow(),
        "named_topics": pa.Table.from_pylist(
            [{"topic": topic, "act": act} for topic, act in sorted((said.topics or {}).items())], TOPIC_ACTS),
        "named_places": pa.Table.from_pylist(
            [{"place": place, "zone": zone} for place, zone in sorted((said.zones or {}).items())],
            pa.schema([("place", TEXT), ("zone", TEXT)])),
        "overrides": _overrides(said),
        "clause_labels": pa.Table.from_pylist(
            [line | {"clause": int(line["clause"])} for line in said.clause_labels], CLAUSE_LABELS),
        "staff_names": _staff_names(connection),
    }
    return Context(tables, now)


def _criteria() -> pa.Table:
    """One row per criterion of the wrong hat and act it is about ('' any), in their order."""
    book = wrong_hat()
    return pa.Table.from_pylist([
        {"criterion": one.key, "place": place, "hat": one.hat.value, "field": one.field, "act": act,
         "at_least": one.at_least, "under": one.under, "time_from": book.time_from, "time_to": book.time_to,
         "indicators": book.indicators}
        for place, one in enumerate(book.criteria) for act in one.acts or ("",)
    ], CRITERIA)


def _said_so_answers() -> pa.Table:
    """One row per hat and answer that says whether it was missed."""
    return pa.Table.from_pylist([
        {"hat": one.hat.value, "survey": one.survey, "item": one.item, "value": value, "said": said}
        for one in said_so().answers for said, values in ((True, one.yes), (False, one.no)) for value in values
    ], SAID_SO_ANSWERS)


def _sayings() -> pa.Table:
    """One row per way to say in one's own words that a hat was missed: its patterns as one."""
    return pa.Table.from_pylist([
        {"saying": one.key, "hat": one.hat.value, "place": place, "pattern": "|".join(one.patterns),
         "unless": one.unless} for place, one in enumerate(said_so().sayings)], SAYINGS)


def _leaving_signs() -> pa.Table:
    """One row per sign that somebody has left, with the pattern of its topics and the days that hold for all."""
    book = leaving()
    return pa.Table.from_pylist([{"sign": one.key, "topics": one.topics, "days": book.days,
                                  "quiet_days": book.quiet_days} for one in book.signs], LEAVING_SIGNS)


def _survey_items(said: Corrections) -> pa.Table:
    """One row per survey item: the hat in force, and ours where the organisation's own map moved it."""
    own = said.items or {}
    rows = []
    for item in survey_items():
        hat = own.get(f"{item.survey}:{item.key}", item.hat.value)
        moved_from = item.hat.value if hat != item.hat.value else None
        rows.append({"survey": item.survey, "item": item.key, "touchpoint": item.touchpoint, "hat": hat,
                     "moved_from": moved_from})
    return pa.Table.from_pylist(rows, SURVEY_ITEMS)


def _driver_items(connection: duckdb.DuckDBPyConnection, said: Corrections) -> pa.Table:
    """One row per instrument and item of its model of drivers, with its hat in force and how many items there are.

    Beside the rating of the whole (hat OVERALL): the items answered at least half as often, at most 12 of them.
    """
    hats = {(row["survey"], row["item"]): row["hat"] for row in _survey_items(said).to_pylist()}
    counted = connection.execute("SELECT survey, item, day, answers FROM asked_items").fetchall()
    rows = []
    for asked in instruments():
        overall, times = asked.overall(), Counter()
        for survey, item, day, answers in counted:
            if survey == asked.survey and day is not None and asked.in_use_on(date.fromisoformat(day)):
                times[item] += answers
        if overall is None or not times[overall]:
            continue
        often = [item for item in asked.reports() if 2 * times[item] >= times[overall]]
        drivers = sorted(often, key=lambda item: (-times[item], item))[:MOST]
        rows += [{"instrument": asked.key, "item": item, "hat": hats[asked.survey, item], "items": len(drivers) + 1}
                 for item in sorted(drivers)]
        rows.append({"instrument": asked.key, "item": overall, "hat": OVERALL, "items": len(drivers) + 1})
    return pa.Table.from_pylist(rows, DRIVER_ITEMS)


def _rated_items() -> pa.Table:
    """One row per instrument that asks for a rating of the whole, our own first: its item and its place."""
    asked = sorted((one for one in instruments() if one.satisfaction()), key=lambda one: not one.ours)
    return pa.Table.from_pylist([{"instrument": one.key, "item": one.satisfaction(), "place": place}
                                 for place, one in enumerate(asked)], RATED_ITEMS)


def _payer_codes() -> pa.Table:
    """One row per code by which a coverage says who pays: its kind of payer."""
    codes = [{"code": code, "kind": one.kind} for one in payers() for code in one.codes]
    return pa.Table.from_pylist(codes, PAYER_CODES)


def _respondents() -> pa.Table:
    """One row per respondent and hat of what they speak about (null: not known), with their view and its hat."""
    rows = []
    for speaker in Speaker:
        for about in (*Hat, None):
            hat, view = voice_of(about or Hat.UNKNOWN, speaker)
            rows.append({"respondent": speaker.value, "about_hat": about and about.value, "view": view.value,
                         "hat": about and hat.value})
    rows += [row | {"respondent": "patient"} for row in rows if row["respondent"] == Speaker.SELF]
    return pa.Table.from_pylist(rows, RESPONDENTS)


def _overrides(said: Corrections) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "interaction": int(line["interaction"]),
                "hat": line["hat"],
                "made_at": datetime.fromisoformat(line["at"]) if line.get("at") else None,
            }
            for line in said.overrides
        ],
        OVERRIDES,
    )


def _places(connection: duckdb.DuckDBPyConnection, said: Corrections) -> pa.Table:
    """One row per location; the hospital's own word on its zone wins over what its name tells."""
    rows = connection.execute(
        "SELECT 'Location/' || id, name, regexp_extract(organization, '[^/:]+$') FROM locations"
        " WHERE is_current AND NOT deleted ORDER BY id"
    ).fetchall()
    named = said.zones or {}
    return pa.Table.from_pylist([place_row(place, name, unit or None, named) for place, name, unit in rows], PLACES)


def place_row(place: str, name: str | None, unit: str | None, named: Mapping[str, str]) -> dict[str, str | None]:
    """A place with its zone and where the zone is from: the hospital, the name, or unknown."""
    own = named.get(place) or named.get(place.split("/")[-1]) or (named.get(name) if name else None)
    zone = own or zone_of(name)
    zone_from = "hospital" if own else "name" if zone else "unknown"
    return {"place": place, "name": name, "zone": str(zone) if zone else None, "zone_from": zone_from, "unit": unit}


def _roles(connection: duckdb.DuckDBPyConnection, said: Corrections) -> pa.Table:
    """One row per reference to staff: their kind of work by the hospital's word, else by the name of the role."""
    rows = connection.execute("""
        WITH told AS (
            SELECT 'PractitionerRole/' || id AS staff, coalesce(code_text, display, code) AS role,
                regexp_extract(organization, '[^/:]+$') AS unit, 1 AS place, started_at::DATE AS since, id
            FROM practitioner_roles WHERE is_current AND NOT deleted
            UNION ALL
            SELECT 'Practitioner/' || staff_id, role, unit_id, 1, valid_from, staff_id
            FROM staff, clock WHERE NOT deleted AND coalesce(valid_from, DATE '1900-01-01') <= clock.as_of::DATE
            UNION ALL
            SELECT practitioner, coalesce(code_text, display, code), regexp_extract(organization, '[^/:]+$'),
                2, started_at::DATE, id
            FROM practitioner_roles WHERE is_current AND NOT deleted AND practitioner IS NOT NULL
            UNION ALL
            SELECT 'Practitioner/' || id, qualification, NULL, 3, NULL, id
            FROM practitioners WHERE is_current AND NOT deleted
        )
        SELECT staff, role, nullif(unit, '') FROM told
        QUALIFY row_number() OVER (PARTITION BY staff ORDER BY role IS NULL, place, since DESC NULLS LAST, id, role) = 1
        ORDER BY staff
    """).fetchall()
    named = said.roles or {}
    kinds = [(staff, named.get(staff) or named.get(role) or role_of(role), unit) for staff, role, unit in rows]
    return pa.Table.from_pylist(
        [{"staff": staff, "role": str(kind) if kind else None, "unit": unit} for staff, kind, unit in kinds], ROLES
    )


def _staff_names(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row per word of a name that somebody of our staff goes by, in lower case."""
    return arrow(connection, """
        SELECT DISTINCT unnest(regexp_extract_all(lower(name), '\\p{L}{2,}')) AS name FROM (
            SELECT name FROM staff WHERE NOT deleted
            UNION ALL SELECT unnest([given, family]) FROM practitioners WHERE is_current AND NOT deleted
        ) WHERE name IS NOT NULL ORDER BY name""")


def above(units: pa.Table) -> pa.Table:
    """One row per unit and unit above it, itself included: where what happened in a unit counts too.

    A unit that was merged lies below the one that took it over; a circle is walked once.
    """
    up = {row["unit"]: row["merged_into"] or row["parent"]
          for row in units.select(["unit", "merged_into", "parent"]).to_pylist()}
    pairs = []
    for unit in up:
        path: list[str] = []
        at: str | None = unit
        while at is not None and at not in path:
            path.append(at)
            at = up.get(at)
        pairs += [(unit, one) for one in path]
    return pa.table({"unit": pa.array([unit for unit, _ in pairs], TEXT),
                     "above_it": pa.array([one for _, one in pairs], TEXT)})


def _units(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row per unit as it stands at the clock's day; time zone from its site; names before."""
    return arrow(connection, """
        WITH RECURSIVE declared AS (
            SELECT * FROM units WHERE NOT deleted
            QUALIFY row_number() OVER (PARTITION BY unit_id, valid_from ORDER BY arrival DESC) = 1
        ),
        standing AS (
            SELECT declared.* FROM declared, clock
            QUALIFY row_number() OVER (PARTITION BY unit_id ORDER BY
                coalesce(valid_from, DATE '1900-01-01') <= clock.as_of::DATE DESC, valid_from DESC NULLS LAST) = 1
        ),
        former AS (
            SELECT declared.unit_id,
                to_json(list({name: declared.name, until: declared.valid_to::VARCHAR}
                    ORDER BY declared.valid_from))::VARCHAR AS names
            FROM declared JOIN standing USING (unit_id)
            WHERE declared.valid_from < standing.valid_from AND declared.name <> standing.name
            GROUP BY declared.unit_id
        ),
        organised AS (
            SELECT id AS unit, name, 'unit' AS kind, nullif(regexp_extract(part_of, '[^/:]+$'), '') AS parent,
                NULL::VARCHAR AS time_zone, NULL::VARCHAR AS merged_into, NULL::VARCHAR AS facility_id
            FROM organizations WHERE is_current AND NOT deleted AND id NOT IN (SELECT unit_id FROM standing)
        ),
        known AS (
            SELECT unit_id AS unit, name, kind, parent_id AS parent, time_zone, merged_into,
                nullif(facility_id, '') AS facility_id FROM standing
            UNION ALL SELECT * FROM organised
        ),
        climbed AS (
            SELECT unit, parent AS above, time_zone AS zone, coalesce(name, unit) AS path, 1 AS depth FROM known
            UNION ALL
            SELECT climbed.unit, known.parent, coalesce(climbed.zone, known.time_zone),
                coalesce(known.name, known.unit) || ' / ' || climbed.path, depth + 1
            FROM climbed JOIN known ON known.unit = climbed.above
            WHERE depth < 20
        ),
        topmost AS (
            SELECT * FROM climbed QUALIFY row_number() OVER (PARTITION BY unit ORDER BY depth DESC) = 1
        )
        SELECT known.unit, known.name, known.kind, known.parent, coalesce(topmost.zone, 'UTC') AS time_zone,
            coalesce(former.names, '[]') AS former_names, known.merged_into, topmost.path,
            known.facility_id
        FROM known JOIN topmost USING (unit) LEFT JOIN former ON former.unit_id = known.unit
        ORDER BY known.unit
    """)


def _content(table: pa.Table) -> str:
    return hashlib.sha256(as_json(table.to_pylist()).encode()).hexdigest()
