"""What people say themselves of the wrong hat: heard in both languages, held beside the sign, no input of it."""

import re
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from tests.spec.drawing import ANA, encounter, moment, roles
from twohats.analysis.build import build_lines
from twohats.analysis.context import _said_so_answers, _sayings
from twohats.analysis.stages import COMPILED, IN_ORDER, PYTHON, run_stage, sql_stage
from twohats.store.engine import arrow, connect, keep
from twohats.words.hats import Hat
from twohats.words.said_so import said_so
from twohats.words.touchpoints import survey_item

T, N, B, AT = pa.string(), pa.int64(), pa.bool_(), pa.timestamp("us", "UTC")
READ = {"voice": N, "start": N, "words": T, "hat": T, "touchpoint": T, "touchpoint_2": T, "touchpoint_3": T,
        "p_patient": pa.float64(), "p_customer": pa.float64(), "p_none": pa.float64(), "p_touchpoint": pa.float64(),
        "certain": B, "sentiment": N, "speaker": T, "about_hat": T}
LABELS = {"clause": N, "hat": T, "about_hat": T, "touchpoint": T, "sentiment": N, "speaker": T}
VOICES = {"voice": N, "person": N, "unit": T, "said_at": AT, "visit": N, "interaction": N, "survey": T, "item": T,
          "value": T, "view": T}
SERVED = {"thing": N, "person": N, "patient": T, "customer": T}
CLAUSES = {"visit": N, "person": N, "says_so": T, "about_hat": T, "speaker": T}
SAID_AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def table(rows: list[dict[str, Any]], kinds: dict[str, pa.DataType]) -> pa.Table:
    return pa.Table.from_pylist(rows, pa.schema(list(kinds.items())))


def heard(*said: tuple[str, int]) -> list[str | None]:
    """What the stage of clauses hears in words, each with its tone."""
    connection = connect()
    try:
        keep(connection, "read_clauses", table([
            {"voice": number, "start": 0, "words": words, "hat": "none", "sentiment": tone, "certain": True}
            for number, (words, tone) in enumerate(said)], READ))
        keep(connection, "clause_labels", table([], LABELS))
        keep(connection, "voices", table([{"voice": number} for number in range(len(said))], VOICES))
        keep(connection, "interactions", table([], {"visit": N, "touchpoint": T, "interaction": N}))
        keep(connection, "comments", table([], {"id": T, "shown_to": T}))
        keep(connection, "sayings", _sayings())
        run_stage(connection, sql_stage("voices/43_clauses.sql"))
        return [row["says_so"] for row in arrow(connection, "SELECT says_so FROM clauses ORDER BY voice").to_pylist()]
    finally:
        connection.close()


@pytest.mark.parametrize(("words", "tone", "says"), [
    ("I felt rushed the whole time", -1, "patient"), ("they rushed me out", -1, "patient"),
    ("She was in such a hurry.", -1, "patient"), ("Me sentí apurada", -1, "patient"),
    ("todo fue con prisa", -1, "patient"), ("Me atendieron a las carreras", 0, "patient"),
    ("I was treated like a number", -1, "patient"), ("just another number to them", -1, "patient"),
    ("me trataron como un número", -1, "patient"), ("He didn’t have time for me", -1, "patient"),
    ("No tuvo tiempo para explicarme", -1, "patient"),
    ("filled out the same form three times", -1, "customer"), ("They ask my address twice", 0, "customer"),
    ("llené la misma forma tres veces", -1, "customer"), ("me preguntaron lo mismo", -1, "customer"),
    ("It took more of my time than it should", -1, "customer"), ("I only came to pay", -1, "customer"),
    ("me quitó más de mi tiempo", -1, "customer"), ("demasiadas llamadas para un cambio", -1, "customer"),
    ("She never rushed me", 0, None), ("I did not feel rushed", 0, None), ("me atendió sin prisa", 0, None),
    ("no me preguntaron lo mismo", 0, None), ("never asked me twice", 0, None),
    ("they rushed me straight in, thank God", 1, None), ("check in took 3 minutes", -1, None),
    ("I asked for the blanket four times", -1, None), ("my number is on the form", 0, None),
    ("the doctor listened", 0, None),
])
def test_what_says_that_the_wrong_hat_was_served_and_what_does_not(words, tone, says):
    assert heard((words, tone)) == [says]


def test_what_is_heard_is_declared_in_both_languages_for_both_hats():
    book = said_so()
    assert {one.hat for one in book.answers} == {one.hat for one in book.sayings} == {Hat.PATIENT, Hat.CUSTOMER}
    for one in book.answers:
        assert survey_item(one.survey, one.item) is not None and not set(one.yes) & set(one.no)
    for one in book.sayings:
        assert one.text.en != one.text.es
        assert all(re.compile(pattern) for pattern in one.patterns), one.key
    assert [one.key for one in book.sayings] == ["hurried", "like_a_number", "no_time_for_me", "asked_again",
                                                 "took_my_time"]


def counted(served: list[tuple], answers: list[tuple] = (), words: list[tuple] = ()) -> set[tuple]:
    """The partial sums of visits (thing, person, patient, customer), answers (thing, person, value, view) and clauses
    (thing, person, says_so, about_hat, speaker)."""
    connection = connect()
    try:
        keep(connection, "served", table([dict(zip(SERVED, row, strict=True)) for row in served], SERVED))
        keep(connection, "voices", table([
            {"voice": number, "visit": thing, "person": person, "said_at": SAID_AT, "survey": "pulse",
             "item": "enough_time", "value": value, "view": view}
            for number, (thing, person, value, view) in enumerate(answers)], VOICES))
        keep(connection, "clauses", table([dict(zip(CLAUSES, row, strict=True)) for row in words], CLAUSES))
        keep(connection, "said_so_answers", _said_so_answers())
        run_stage(connection, sql_stage("measures/82_said_so_parts.sql"))
        return {tuple(row.values()) for row in arrow(connection, "FROM said_so_parts").to_pylist()}
    finally:
        connection.close()


def test_an_answer_speaks_of_both_sides_and_less_is_not_more():
    served = [(1, 1, "hurried", "as_wished"), (2, 1, "hurried", "over_engaged"), (3, 2, "as_wished", None)]
    answers = [(1, 1, "Less ", "self"), (2, 1, "más", "self"), (3, 2, "right", "representative")]
    assert counted(served, answers) == {
        ("patient", True, True, 1, 1), ("patient", True, False, 1, 1), ("patient", False, False, 1, 1),
        ("customer", False, False, 1, 1), ("customer", True, True, 1, 1)}


def test_own_words_say_so_too_and_who_wrote_of_a_side_without_saying_so_says_not():
    served = [(1, 1, "hurried", "over_engaged"), (2, 2, "as_wished", "as_wished"), (3, 3, "hurried", "as_wished")]
    words = [(1, 1, "patient", "patient", "patient"), (2, 2, None, "customer", "patient"),
             (3, 3, None, "none", "patient")]
    assert counted(served, words=words) == {("patient", True, True, 1, 1), ("customer", False, False, 1, 1)}


def test_words_that_say_so_outweigh_an_answer_that_says_not():
    assert counted([(1, 1, "hurried", None)], [(1, 1, "right", "self")],
                   [(1, 1, "patient", "patient", "patient")]) == {("patient", True, True, 1, 1)}


@pytest.mark.parametrize(("served", "answers", "words"), [
    ([(1, 1, "open", "open")], [(1, 1, "less", "self")], []),                      # too little is known for a sign
    ([(1, 1, "hurried", None)], [(1, 1, "less", "family")], []),                   # a relative's view is not their own
    ([(1, 1, "hurried", None)], [(1, 1, "perhaps", "self")], []),                  # no answer we know
    ([(1, 1, "hurried", None)], [(1, 2, "less", "self")], []),                     # somebody else's
    ([(1, 1, "hurried", None)], [], [(1, 1, "patient", "patient", "family")]),
    ([(1, 1, "hurried", None)], [], []),                                           # silence says nothing
])
def test_what_is_not_counted(served, answers, words):
    assert counted(served, answers, words) == set()


def test_no_stage_of_the_flag_can_read_what_people_say():
    place = IN_ORDER.index("measures/82_said_so_parts.sql")
    reading = [path for path in IN_ORDER if path not in COMPILED and path not in PYTHON
               and re.search(r"says_so|said_so|\bsayings\b", sql_stage(path).sql or "")]
    assert reading == ["voices/43_clauses.sql", "measures/82_said_so_parts.sql"]
    assert place > max(IN_ORDER.index(f"measures/76_{name}.sql") for name in ("wrong_hat", "wrong_hat_measured",
                                                                              "served"))
    for name in ("wrong_hat", "wrong_hat_measured"):
        assert not re.search(r"voices|clauses|surveys|comments", sql_stage(f"measures/76_{name}.sql").sql or "")


VISIT = encounter("v", "09:00", "10:00", places=[("Exam Room 1", "09:00", "10:00")],
                  people=[("diaz", "09:40", "09:45")])
MRN = ANA | {"identifier": [{"system": "urn:mrn", "value": "mrn-ana"}]}


def lived(enough: str, words: str, shown_to: str = "") -> dict[str, list[dict[str, Any]]]:
    """Ana's visit with what she answered and wrote."""
    answer = {"answer_id": "a", "response_id": "r", "person_mrn": "mrn-ana", "survey": "pulse", "item": "enough_time",
              "value": enough, "answered_at": moment("12:00"), "encounter_id": "v", "respondent": "self"}
    comment = {"comment_id": "c", "person_mrn": "mrn-ana", "words": words, "created_at": moment("12:00"),
               "encounter_id": "v", "shown_to": shown_to}
    made = build_lines([*roles(), MRN, VISIT], {"surveys": [answer], "comments": [comment]})
    return {name: made[name].to_pylist() for name in ("wrong_hat", "served", "clauses")}


def test_no_answer_and_no_word_moves_a_flag():
    angry, content = lived("less", "I felt rushed and nobody listened to me."), lived("right", "She took her time.")
    assert [row["says_so"] for row in angry["clauses"]] == ["patient"]
    assert angry["wrong_hat"] == content["wrong_hat"] and angry["served"] == content["served"]
    assert angry["served"] != []


@pytest.mark.parametrize(("told", "kept"), [
    ("staff", "staff"), (" Leaders", "leaders"), ("nobody", "nobody"), ("", None), ("yes", None)])
def test_a_clause_knows_to_whom_its_words_may_be_shown(told, kept):
    assert {row["shown_to"] for row in lived("right", "She took her time.", told)["clauses"]} == {kept}
