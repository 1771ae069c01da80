"""The build's SQL and the evaluator are one codebook: 10,000 drawn situations, the same answers."""

import random
from dataclasses import asdict

import duckdb
import pyarrow as pa
import pytest

from twohats.analysis.hats.codebook_sql import (
    DECISION_COLUMNS,
    SITUATION_COLUMNS,
    decision_columns,
    decisions,
    rule_case,
    rules_arrow,
    second_view_case,
    third_person_case,
)
from twohats.words.acts import acts
from twohats.words.codebook import Decision, decide, rule_of
from twohats.words.cues import Channel, Event, Evidence, Role, Speaker, Zone
from twohats.words.situation import Situation

STATUSES = ("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled")
CLASSES = ("EMER", "AMB", "IMP", "VR", "OBSENC", "HH")
TYPES = {"acuity": pa.int64(), "stakes": pa.int64()} | {
    name: pa.bool_()
    for name in ("clinical_talk", "severe", "distress", "red_flag", "abnormal", "money", "unserved")
}


def drawn(dice: random.Random) -> Situation:
    def perhaps(values, share=0.5):
        return dice.choice(list(values)) if dice.random() < share else None

    def rarely():
        return perhaps((True, False), 0.25)

    return Situation(
        act=perhaps((*(act.key for act in acts()), "wait", "treat", "stay", "an act nobody declared"), 0.8),
        event=perhaps(Event, 0.25), role=perhaps(Role), zone=perhaps(Zone), status=perhaps(STATUSES),
        channel=perhaps(Channel), class_code=perhaps(CLASSES), speaker=perhaps(Speaker, 0.3),
        clinical_talk=rarely(), acuity=perhaps(range(1, 6), 0.3), severe=rarely(), distress=rarely(),
        red_flag=rarely(), abnormal=rarely(), money=rarely(), unserved=rarely(),
        evidence=perhaps(Evidence, 0.9), stakes=dice.choice((0, 1, 250, 499, 500, 777, 899, 900, 999, 1000)),
    )


def table(situations: list[Situation]) -> pa.Table:
    rows = [{"row": number} | asdict(situation) for number, situation in enumerate(situations)]
    types = [("row", pa.int64())] + [(name, TYPES.get(name, pa.string())) for name in SITUATION_COLUMNS]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def as_a_row(decision: Decision) -> dict:
    told = {name: getattr(decision, name) for name in DECISION_COLUMNS if hasattr(decision, name)}
    return told | {
        "raised_stakes": decision.stakes,
        "never_wrong_hat": rule_of(decision.rule).never_wrong_hat,
        "never_burden": rule_of(decision.about_rule).never_burden,
    }


@pytest.fixture(scope="module")
def situations() -> list[Situation]:
    dice = random.Random(20261123)
    return [drawn(dice) for _ in range(10_000)]


def test_ten_thousand_situations_get_the_same_answer_from_sql_and_from_the_evaluator(situations):
    connection = duckdb.connect(config={"threads": 1})
    connection.register("situations", table(situations))
    answers = connection.sql(
        f"select {decision_columns('decided')} from ({decisions('situations')}) as decided order by row"
    ).to_arrow_table().to_pylist()
    assert answers == [as_a_row(decide(situation)) for situation in situations]


def test_the_drawn_situations_reach_every_rule(situations):
    decided = [decide(situation) for situation in situations]
    reached = {d.about_rule for d in decided} | {d.rule for d in decided} | {d.second_rule for d in decided}
    assert set(rules_arrow()["key"].to_pylist()) - reached == set()


def test_the_case_expressions_alone_lead_to_the_same_rules(situations):
    connection = duckdb.connect(config={"threads": 1})
    connection.register("situations", table(situations[:500]))
    connection.register("rules", rules_arrow())
    answers = connection.sql(
        f"""
        select about.key, about.hat, third.key, second.key
        from situations as s
        join rules as about on about.place = {rule_case("s")}
        left join rules as third on third.place = {third_person_case("s")} and about.hat <> 'none'
        left join rules as second on second.place = {second_view_case("s", "about.hat")} and third.key is null
        order by s.row
        """
    ).fetchall()
    assert answers == [
        (d.about_rule, d.about_hat, None if d.rule == d.about_rule else d.rule, d.second_rule)
        for d in map(decide, situations[:500])
    ]


def test_all_columns_of_the_relation_stay_as_they_were(situations):
    connection = duckdb.connect(config={"threads": 1})
    given = table(situations[:50])
    connection.register("situations", given)
    names = ", ".join(given.column_names)
    kept = connection.sql(f"select {names} from ({decisions('situations')}) order by row")
    assert kept.to_arrow_table().to_pylist() == given.to_pylist()
