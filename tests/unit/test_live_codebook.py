"""What the service decides of a live event is what the build decides of the same interaction: 10,000 drawn ones."""

import json
import random
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import duckdb
import pyarrow as pa
import pytest

from tests.unit.test_codebook_sql import as_a_row, drawn
from twohats.analysis.hats.codebook_sql import decision_columns, decisions
from twohats.service.actions.live_events import moment_key
from twohats.service.api.reading import event_of
from twohats.store.engine import connect
from twohats.words.acts import acts
from twohats.words.live import decided
from twohats.words.touchpoints import touchpoints

BEGAN = datetime(2026, 11, 23, 13, 0, 0, 250, tzinfo=UTC)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DECLARED = {act.key for act in acts()}
IN_PERSON, AFAR = (None, "in_person", "video"), ("phone", "sms", "email", "mail", "portal", "none")
OF_A_CONTACT = ("act", "channel", "role", "speaker", "distress", "red_flag", "abnormal", "evidence")


def interaction(number: int, dice: random.Random) -> dict:
    """One drawn interaction, a segment of a visit or a contact, of which no more is told than such a one can hold."""
    told = {name: value if isinstance(value, int | None) else str(value)
            for name, value in asdict(drawn(dice)).items() if name not in ("stakes", "clinical_talk")}
    if told["act"] not in DECLARED:
        told["act"] = None
    if number % 2:
        told = {name: value for name, value in told.items() if name in OF_A_CONTACT} | {"channel": dice.choice(AFAR)}
    else:
        told |= {"channel": dice.choice(IN_PERSON), "red_flag": None, "abnormal": None,
                 "speaker": dice.choice((None, None, "representative"))}  # no other speaker is told of a segment
    return told | {"number": number, "started_at": BEGAN + timedelta(seconds=number)}


def as_sent(told: dict) -> bytes:
    """The interaction as a system would send it."""
    began = told["started_at"].isoformat()
    sent = {name: value for name, value in told.items() if name not in ("number", "started_at") and value is not None}
    return json.dumps(sent | {"id": str(told["number"]), "person": {"system": "patient", "value": "1"},
                              "resource": resource(told), "started_at": began, "sent_at": began}).encode()


def resource(told: dict) -> str:
    return f"{'contacts' if told['number'] % 2 else 'Encounter'}/{told['number']}"


@pytest.fixture(scope="module")
def interactions() -> list[dict]:
    dice = random.Random(20261124)
    return [interaction(number, dice) for number in range(10_000)]


def the_build(interactions: list[dict]) -> duckdb.DuckDBPyConnection:
    """The build's tables of segments and dealings, holding these interactions, and its statement of situations run."""
    connection = connect()
    connection.register("acts", pa.table({
        "act": [act.key for act in acts()], "touchpoint": [act.touchpoint for act in acts()]}))
    connection.register("touchpoints", pa.table({
        "touchpoint": [p.key for p in touchpoints()], "usual_hat": [p.usual_hat.value for p in touchpoints()],
        "stakes": pa.array([p.stakes for p in touchpoints()], pa.int64())}))
    flags = {name: pa.bool_() for name in ("severe", "distress", "red_flag", "abnormal", "money", "unserved")}
    types = {"number": pa.int64(), "acuity": pa.int64(), "started_at": pa.timestamp("us", "UTC"), **flags}
    names = [*dict.fromkeys(name for told in interactions[:2] for name in told)]
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    connection.register("told", pa.Table.from_pylist(interactions, schema=schema))
    for table, odd in (("segments", 0), ("dealings", 1)):
        connection.execute(
            f"create temp table {table} as select *, 1 as person, null as visit, number::varchar as encounter,"
            " 'contacts/' || number as resource, null as ended_at, number as segment, number as source_order,"
            " null as unit, null as staff, null as reason_text, null as security, 0 as staff_met, 0 as places_been,"
            " 1 as steps, 0 as repeats, null as talk_minutes, null as direction"
            f" from told where number % 2 = {odd}")
    statement = files("twohats.analysis.hats").joinpath("50_situations.sql").read_text()
    connection.execute(f"create temp table situations as {statement}")
    return connection


def test_ten_thousand_live_events_get_the_hat_that_the_build_gives_the_same_interaction(interactions):
    connection = the_build(interactions)
    built = connection.sql(
        f"select interaction, resource, {decision_columns('decided')} from ({decisions('situations')}) as decided "
        "order by started_at").to_arrow_table().to_pylist()
    live = []
    for told in interactions:
        event = event_of(as_sent(told), "registration", NOW)
        live.append({"interaction": moment_key(event.told), "resource": resource(told)}
                    | as_a_row(decided(event.told)))
    assert live == built
    assert len({row["rule"] for row in live}) > 60
