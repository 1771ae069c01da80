"""A person's own word, asked before, against the hat that the evidence tells: 10,000 drawn interactions."""

import random
from importlib.resources import files

import duckdb
import pyarrow as pa
import pytest

from tests.unit.test_codebook_sql import drawn, table
from twohats.analysis.hats.codebook_sql import decisions
from twohats.analysis.hats.wish_sql import wishes
from twohats.words.codebook import decide, rule_of
from twohats.words.perspectives import wish_numbers

FINAL = files("twohats.analysis").joinpath("hats/57_interactions.sql").read_text("utf-8")
HOW_MANY = 10_000
NOT_LOOKED_AT = """
    select row as interaction, 1 as person, row as visit, 'segment' as kind, 'Encounter/1' as resource,
        '1' as encounter, timestamptz '2026-03-02 08:00:00+00' as started_at, null::timestamptz as ended_at,
        row as source_order, 'doctor_communication' as touchpoint, null::varchar as unit, null::varchar as staff,
        null::varchar as reason_text, if(row % 7 = 0, 'customer', 'patient') as usual_hat, * exclude (row)
    from drawn
"""


@pytest.fixture(scope="module")
def final():
    """The interactions as released, and the situations they were drawn from."""
    dice = random.Random(20261124)
    situations = [drawn(dice) for _ in range(HOW_MANY)]
    connection = duckdb.connect(config={"threads": 1})
    connection.register("drawn", table(situations))
    words = {"visit": list(range(HOW_MANY)), "own_word": dice.choices(("quick", "time", None), k=HOW_MANY)}
    connection.register("own_words", pa.table(words))
    connection.execute("create table bookings (visit bigint, booking varchar)")
    connection.execute("create table overrides as select 11::bigint as interaction, 'patient' as hat")
    connection.execute(
        "create table given as select null::bigint as interaction, 0.0 as clinician_minutes, false as same_clinician,"
        " 0 as contacts_given, 0 as steps, 0 as repeats where false"
    )
    connection.execute("create table sensitivities as select null::bigint as interaction, '' as sensitive where false")
    connection.execute(f"create table situations as {NOT_LOOKED_AT}")
    connection.execute(f"create table decided as {decisions('situations')}")
    connection.execute(f"create table wishes as {wishes()}")
    rows = connection.sql(f"select * from ({FINAL}) order by interaction").to_arrow_table().to_pylist()
    return list(zip(rows, situations, strict=True))


def contradicts(row: dict, hat: str) -> bool:
    """True when the person's own word plainly wished for the other experience than this hat."""
    low, high = 0.4, 0.6
    return row["wanted_from"] == "own_word" and (
        (hat == "patient" and row["time_wanted"] <= low) or (hat == "customer" and row["time_wanted"] >= high)
    )


def test_no_final_hat_of_their_own_plainly_contradicts_the_persons_own_word(final):
    left = [
        row["rule"]
        for row, _ in final
        if contradicts(row, row["hat"]) and row["view"] in ("self", "representative") and not row["overruled"]
    ]
    assert set(left) == {"unserved_visit"}


def test_where_it_did_the_answer_is_both_even_odds_and_the_reason_says_so(final):
    spoken_against = [
        (row, decide(situation))
        for row, situation in final
        if contradicts(row, decide(situation).hat)
        and row["view"] in ("self", "representative")
        and decide(situation).rule != "unserved_visit"
    ]
    assert len(spoken_against) > 500
    assert [
        (row["hat"], row["about_hat"], row["p_patient"], row["confidence"], row["rule"]) for row, _ in spoken_against
    ] == [
        ("mixed", "mixed", 0.5, min(600, before.confidence) / 1000, "own_word_contradicts")
        for _, before in spoken_against
    ]


def test_nowhere_else_is_anything_changed(final):
    for row, situation in final:
        before = decide(situation)
        if row["rule"] != "own_word_contradicts" and not row["overruled"]:
            assert (row["hat"], row["rule"], row["p_patient"], row["confidence"]) == (
                before.hat, before.rule, before.p / 1000, before.confidence / 1000,
            )


def test_the_reason_is_told_in_both_languages_and_its_numbers_are_those_of_the_build():
    rule = rule_of("own_word_contradicts")
    assert (rule.part, rule.hat, rule.p, rule.confidence, rule.boundary) == ("after", "mixed", 500, 600, "")
    assert rule.reason.en != rule.reason.es
    assert all(word and word[-1] == "." for word in (rule.reason.en, rule.reason.es))


def test_a_word_said_is_plain_on_either_side():
    assert wish_numbers().own_word_quick <= 400 < 600 <= wish_numbers().own_word_time
