"""Comments in a pages file: found by words, never by operators; told in cells of 11 people; the same after a patch."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_fixture import UNITS, at, table_of
from twohats.store.comment_search import matches, terms
from twohats.store.disclosure import MANY, Cell, Said, about, shown_where
from twohats.store.pages_file import PagesFile
from twohats.store.tables import release

TREE = {"system": None, "north": "system", "ed": "north", "clinic": "north", "south": "system"}


# ---- round numbers ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("people", "told"), [
    (0, None), (1, None), (10, None), (11, 20), (30, 20), (31, 50), (70, 50), (71, 100), (150, 100), (151, 200),
    (300, 200), (301, 500), (700, 500), (701, 1000), (1500, 1000), (1501, MANY), (90_000, MANY)])
def test_a_count_that_a_search_found_is_told_in_wide_steps_and_nobody_like_few(people, told):
    assert about(people) == told


# ---- cells ------------------------------------------------------------------------------------------------
def said(first: int, people: int, unit: str | None, month: str) -> list[Said]:
    """One comment each of so many people, numbered from `first`."""
    return [Said(number, 1000 + number, unit, month) for number in range(first, first + people)]


@pytest.mark.parametrize(("name", "comments", "cells"), [
    ("eleven people are a cell of their unit and month", said(0, 11, "ed", "2026-10"),
     {Cell("ed", "2026-10", "2026-10"): 11}),
    ("ten are not, alone", said(0, 10, "ed", "2026-10"), {}),
    ("one person who wrote eleven times is one person", [Said(n, 7, "ed", "2026-10") for n in range(11)], {}),
    ("two months that are too small are told as their quarter", [*said(0, 6, "ed", "2026-10"),
                                                                 *said(20, 5, "ed", "2026-12")],
     {Cell("ed", "2026-10", "2026-12"): 11}),
    ("two quarters as their year", [*said(0, 6, "ed", "2026-01"), *said(20, 5, "ed", "2026-12")],
     {Cell("ed", "2026-01", "2026-12"): 11}),
    ("what a year does not fill goes to the unit above, month by month again",
     [*said(0, 6, "ed", "2026-10"), *said(20, 5, "clinic", "2026-10")], {Cell("north", "2026-10", "2026-10"): 11}),
    ("a big month leaves a small one without company", [*said(0, 11, "ed", "2026-10"), *said(20, 3, "ed", "2026-11")],
     {Cell("ed", "2026-10", "2026-10"): 11}),
    ("what no unit is known of belongs to the whole organisation",
     [*said(0, 6, None, "2026-10"), *said(20, 5, "nowhere", "2026-10")], {Cell("*", "2026-10", "2026-10"): 11}),
    ("what no date is known of stands apart", [*said(0, 6, "ed", ""), *said(20, 5, "ed", "2026-10")], {}),
    ("and is told without one", said(0, 11, "ed", ""), {Cell("ed", "", ""): 11})])
def test_comments_are_told_in_cells_of_eleven_people(name, comments, cells):
    found = shown_where(comments, TREE)
    assert {cell: list(found.values()).count(cell) for cell in found.values()} == cells, name


def test_a_tree_that_bites_its_tail_tells_nothing_too_much():
    assert set(shown_where(said(0, 12, "a", "2026-10"), {"a": "b", "b": "a"}).values()) == {
        Cell("a", "2026-10", "2026-10")}
    assert shown_where(said(0, 3, "a", "2026-10"), {"a": "b", "b": "a"}) == {}


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([*TREE, None]),
                          st.sampled_from(["", "2026-01", "2026-02", "2026-05", "2025-12"])), max_size=120))
def test_every_cell_holds_eleven_people_by_itself(drawn):
    comments = [Said(number, who, unit, month) for number, (who, unit, month) in enumerate(drawn)]
    found = shown_where(comments, TREE)
    people = {cell: {one.who for one in comments if found.get(one.comment) == cell} for cell in found.values()}
    assert [cell for cell, who in people.items() if len(who) < 11] == []


# ---- what a reader types ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed", "told"), [
    ("", []), ("   ", []), ('"', []), ("***", []), ("!?", []), ("wait", ['"wait"']),
    ("Wait  BILL", ['"Wait"', '"BILL"']),
    ("wait*", ['"wait"*']), ("w*", ['"w"']), ('"sat with me" bill', ['"sat with me"', '"bill"']),
    ('"sat wi*', ['"sat wi"*']), ("“sat with me”", ['"sat with me"']), ("«muy amable»", ['"muy amable"']),
    ("wait AND NOT bill", ['"wait"', '"AND"', '"NOT"', '"bill"']), ("NEAR(wait bill)", ['"NEAR(wait"', '"bill)"']),
    ("words:wait", ['"words:wait"']), ("-wait", ['"-wait"']), ("^wait", ['"^wait"']),
    ("{words} : x", ['"{words}"', '"x"']),
    ("wait\0ing", ['"wait"', '"ing"']), ("\ud800wait", ['"wait"']), ("wait wait", ['"wait"']),
    ("año", ['"año"']), ("'; DROP TABLE said; --", ['"DROP"', '"TABLE"', '"said;"'])])
def test_what_is_typed_becomes_words_and_phrases(typed, told):
    assert terms(typed) == told


def test_no_more_than_twelve_terms_are_looked_for():
    assert terms(" ".join(f"w{n}" for n in range(40))) == [f'"w{n}"' for n in range(12)]


@pytest.fixture(scope="module")
def an_index():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(words, content='', columnsize=0, "
                       "tokenize='unicode61 remove_diacritics 2')")
    connection.execute("INSERT INTO found (rowid, words) VALUES (1, 'nobody told me where to go')")
    yield connection
    connection.close()


@given(typed=st.one_of(st.text(max_size=60), st.text("\"'*():^-+{}\\ANDORNEAT \0\n,.;ab", max_size=60)))
def test_nothing_that_is_typed_is_an_error_of_syntax(an_index, typed):
    asked = matches(typed)
    for query in asked or ():
        an_index.execute("SELECT rowid FROM found WHERE found MATCH ?", [query]).fetchall()


def test_every_known_payload_is_only_words(an_index, shared_data):
    lines = [line for path in sorted((shared_data / "badinput").rglob("*.txt"))
             for line in path.read_text(errors="replace").splitlines()][:20_000]
    assert lines != []
    for line in lines:
        for query in matches(line) or ():
            an_index.execute("SELECT rowid FROM found WHERE found MATCH ?", [query]).fetchall()


# ---- the file -----------------------------------------------------------------------------------------------
def clause(voice: int, number: int, words: str, **more: object) -> dict:
    """One clause of a comment about the clinic."""
    return {"clause": voice * 100 + number, "voice": voice, "person": voice % 7, "clause_no": number, "words": words,
            "masked": words, "hat": "patient", "certain": True, "touchpoint": "treatment_competence", "sentiment": 1,
            "speaker": "patient", "unit": "north-clinic", "said_at": at("2026-10-05", f"{voice % 24:02}:00"), **more}


OLD = [clause(1, 1, "The nurse sat with me"), clause(2, 1, "Nobody called back"), clause(2, 2, "The bill was wrong"),
       clause(8, 1, "Sentí mucho miedo", person=None)]
NEW = [clause(1, 1, "The nurse sat with us"), clause(3, 1, "Parking took an hour", unit="south"),
       clause(8, 1, "Sentí mucha paz", person=None), clause(8, 2, "but the bill came twice", person=None)]
CHANGED = {1, 3}


def written(path: Path, *clauses: dict) -> PagesFile:
    pages = PagesFile(path)
    pages.add(release.UNITS, table_of(release.UNITS, UNITS))
    pages.add(release.CLAUSES, table_of(release.CLAUSES, list(clauses)))
    return pages


def answers(path: Path) -> dict:
    """All that the tables of the search tell: their rows, and what each word finds."""
    connection = sqlite3.connect(path)
    told = {"said": connection.execute("SELECT * FROM said ORDER BY number").fetchall()}
    for index in ("clause_words", "comment_words"):
        for word in ("nurse", "us", "me", "bill", "nobody", "parking", "miedo", "paz", "senti"):
            found = connection.execute(f"SELECT rowid FROM {index} WHERE {index} MATCH ?", [word]).fetchall()
            told[index, word] = [row[0] for row in found]
    connection.close()
    return told


def test_a_file_patched_for_changed_people_answers_like_one_built_whole(tmp_path):
    written(tmp_path / "old.sqlite", *OLD).finish({"id": "old"})
    before = answers(tmp_path / "old.sqlite")
    (tmp_path / "patched.sqlite").write_bytes((tmp_path / "old.sqlite").read_bytes())
    patched = PagesFile(tmp_path / "patched.sqlite")
    patched.remove(release.CLAUSES, "person", CHANGED)
    patched.remove(release.CLAUSES, "voice", {8})
    patched.add(release.CLAUSES, table_of(release.CLAUSES, NEW))
    patched.finish({"id": "new"})
    kept = [one for one in OLD if one["person"] not in CHANGED and one["voice"] != 8]
    written(tmp_path / "whole.sqlite", *kept, *NEW).finish({"id": "new"})
    now = answers(tmp_path / "patched.sqlite")
    assert now == answers(tmp_path / "whole.sqlite") != before
    assert now["clause_words", "miedo"] == []
    assert now["clause_words", "senti"] == [5]
    assert [row[:4] for row in now["said"]] == [
        (1, None, 1, 101), (2, None, 2, 201), (3, None, 2, 202), (4, None, 3, 301), (5, None, 4, 801),
        (6, None, 4, 802)]


def test_the_month_is_that_of_the_units_own_clock(tmp_path):
    written(tmp_path / "one.sqlite", clause(1, 1, "so", said_at=at("2026-11-01", "03:30")),
            clause(2, 1, "so", said_at=at("2026-11-01", "04:30")), clause(3, 1, "so", said_at=None),
            clause(4, 1, "so", said_at=at("2026-11-01", "00:30"), unit=None)).finish({"id": "one"})
    connection = sqlite3.connect(tmp_path / "one.sqlite")
    assert connection.execute("SELECT voice, month FROM said ORDER BY voice").fetchall() == [
        (1, "2026-10"), (2, "2026-11"), (3, ""), (4, "2026-11")]
    connection.close()


def test_the_order_of_what_is_disclosed_tells_no_more_of_the_time_than_its_cell(tmp_path):
    """Eleven people over a quarter: whoever sees the quarter must not read the months from the order."""
    told = [clause(voice, 1, "so", person=voice, said_at=at(f"2026-{10 + voice % 3}-05", "12:00"))
            for voice in range(1, 13)]
    written(tmp_path / "one.sqlite", *told).finish({"id": "one"})
    connection = sqlite3.connect(tmp_path / "one.sqlite")
    rows = connection.execute("SELECT voice, shown_unit, shown_first, shown_last FROM said ORDER BY shown").fetchall()
    assert rows == [(voice, "north-clinic", "2026-10", "2026-12") for voice in range(1, 13)]
    by_time = [row[0] for row in connection.execute("SELECT voice FROM said ORDER BY number").fetchall()]
    assert by_time == sorted(range(1, 13), key=lambda voice: (voice % 3, voice))
    connection.close()


def test_what_carries_a_label_is_disclosed_to_nobody_and_fills_no_cell(tmp_path):
    """Eleven people of one month, one of them at a labelled visit: ten are left, too few."""
    for name, label in (("open", None), ("labelled", "ETH")):
        pages = written(tmp_path / f"{name}.sqlite", *(
            clause(voice, 1, "so", person=voice, visit=77 if voice == 1 else None) for voice in range(1, 12)))
        pages.add(release.INTERACTIONS, table_of(release.INTERACTIONS, [
            {"interaction": 5, "visit": 77, "sensitive": label}]))
        pages.finish({"id": name})
    shown = []
    for name in ("open", "labelled"):
        connection = sqlite3.connect(tmp_path / f"{name}.sqlite")
        shown += connection.execute("SELECT count(shown) FROM said").fetchone()
        connection.close()
    assert shown == [11, 0]


def test_a_comment_of_a_labelled_visit_is_marked_whole(tmp_path):
    pages = written(tmp_path / "one.sqlite", clause(1, 1, "one", visit=77), clause(1, 2, "two", visit=77),
                    clause(2, 1, "three", interaction=88), clause(2, 2, "four"), clause(3, 1, "five", visit=78))
    pages.add(release.INTERACTIONS, table_of(release.INTERACTIONS, [
        {"interaction": 5, "visit": 77, "sensitive": "ETH"}, {"interaction": 88, "sensitive": "PSY"},
        {"interaction": 6, "visit": 78}]))
    pages.finish({"id": "one"})
    connection = sqlite3.connect(tmp_path / "one.sqlite")
    assert connection.execute("SELECT clause, labelled FROM said ORDER BY clause").fetchall() == [
        (101, 1), (102, 1), (201, 1), (202, 1), (301, 0)]
    connection.close()
