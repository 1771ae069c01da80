"""twohats reconcile: a vendor's figures beside ours of the same period, each difference with its reason."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.release_fixture import at, make_release
from twohats.__main__ import main
from twohats.words.instruments import instrument

ANSWERS = (
    # person, unit, discharged, answered, mode, respondent, NURSE_LISTEN, NURSE_EXPLAIN, HSP_RATING
    (1, "north-ed", "2024-04-02", "2024-04-10", "mail", "self", "always", "always", "10"),
    (2, "north-ed", "2024-05-02", "2024-05-10", "mail", "self", "usually", "4", "9"),
    (3, "north-clinic", "2024-05-02", "2024-05-10", "phone", "self", "siempre", "", "8"),
    (4, "north-ed", "2024-06-28", "2024-07-05", "phone", "proxy", "never", "always", "3"),
    (5, "north-ed", "2024-06-02", "2024-06-05", "phone", "family", "always", "always", "10"),
    (6, "north-ed", "2024-07-02", "2024-07-10", "mail", "self", "always", "does not apply", "11"),
    (7, "south", "2024-05-02", "2024-05-10", "mail", "self", "always", "always", "10"),
    (8, "north-ed", None, "2024-05-10", "mail", "self", "always", "always", "10"),
)
ITEMS = ("NURSE_LISTEN", "NURSE_EXPLAIN", "HSP_RATING")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Seven forms with the day of their visit's end, one without; in the second quarter of 2024 the north has four."""
    visits, voices = [], []
    for person, unit, discharged, answered, mode, respondent, *values in ANSWERS:
        if discharged:
            visits.append({"visit": person, "person": person, "unit": unit, "ended_at": at(discharged, "15:00")})
        voices += [
            {"voice": 10 * person + place, "kind": "answer", "person": person, "visit": person, "unit": unit,
             "said_at": at(answered, "15:00"), "survey": "HCAHPS", "item": item, "value": value, "mode": mode,
             "respondent": respondent}
            for place, (item, value) in enumerate(zip(ITEMS, values, strict=True))]
    return make_release(tmp_path / "home", visits=visits, voices=voices).path


def compare(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *more: str) -> dict[str, Any]:
    (tmp_path / "vendor.csv").write_text(text)
    assert main(["reconcile", str(tmp_path / "vendor.csv"), "--home", str(home), "--period", "2024-Q2", "--json",
                 *more]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def told(report: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["unit"], row["measure"], row["mode"], row["ours"] and round(row["ours"], 2), row["theirs"],
             row["n_ours"], row["n_theirs"], row["reason"]) for row in report["rows"]]


def test_each_line_agrees_or_has_the_reason_that_explains_it(home: Path, tmp_path: Path, capsys):
    report = compare(home, tmp_path, capsys, """unit,measure,n,top_box,mode
north,NURSE_LISTEN,4,50.0,
north,H_COMP_1,4,75,
north,NURSE_EXPLAIN,3,90,
North emergency,NURSE_LISTEN,4,75,
North emergency,HSP_RATING,2,100,
South,Communication with Nurses,30,88.5,
north,H_HSP_RATING,2,100,MAIL
north,NURSE_LISTEN,1,100,sms
north-clinic,DOCTOR_LISTEN,12,80,
""")
    assert told(report) == [
        ("north", "NURSE_LISTEN", "", 50.0, 50.0, 4, 4, ""),
        # The mean of two items: 50 and 100; n are forms with an answer to either.
        ("north", "H_COMP_1", "", 75.0, 75.0, 4, 4, ""),
        ("north", "NURSE_EXPLAIN", "", 100.0, 90.0, 3, 3, "other_share"),
        ("north-ed", "NURSE_LISTEN", "", 33.33, 75.0, 3, 4, "other_n"),
        ("north-ed", "HSP_RATING", "", 66.67, 100.0, 3, 2, "other_mode"),
        ("south", "H_COMP_1", "", 100.0, 88.5, 1, 30, "other_n"),
        ("north", "H_HSP_RATING", "mail", 100.0, 100.0, 2, 2, ""),
        ("north", "NURSE_LISTEN", "sms", None, 100.0, 0, 1, "none_with_us"),
        ("north-clinic", "DOCTOR_LISTEN", "", None, 80.0, 0, 12, "none_with_us"),
        ("south", "H_HSP_RATING", "", 100.0, None, 1, None, "none_with_them"),
        ("north-clinic", "H_COMP_1", "", 100.0, None, 1, None, "none_with_them"),
        ("north-clinic", "H_HSP_RATING", "", 0.0, None, 1, None, "none_with_them"),
    ]
    assert {name: report[name] for name in ("survey", "instrument", "period", "by", "lines", "agree")} == {
        "survey": "HCAHPS", "instrument": "hcahps_2015", "period": "2024-Q2", "by": "discharge", "lines": 9, "agree": 3}
    assert report["answers_left_out"] == {"no answer on the item's scale": 3, "no day of discharge known": 3}


@pytest.mark.parametrize(("line", "reason", "why"), [
    ("north,NURSE_LISTEN,4,75,", "other_period", "Theirs are those of the period by the day of the answer, ours"),
    ("north,NURSE_LISTEN,1,100,", "other_period", "Theirs are those of the time after."),
    ("north,NURSE_LISTEN,2,50,", "other_mode", "Theirs are the answers by mail alone."),
    ("north,NURSE_LISTEN,5,60,", "other_people", "Theirs count family members who answer for themselves."),
    ("north,NURSE_LISTEN,3,66.7,", "other_people", "Theirs leave out proxies."),
    ("north,NURSE_LISTEN,4,50,phone", "other_mode", "Theirs are the answers of all modes."),
    ("north,NURSE_LISTEN,9,50,", "other_n", "They count more people; the share is the same."),
    ("north,NURSE_LISTEN,4,49,", "other_share", "As many people, another share: adjusted, or another box."),
])
def test_a_figure_that_is_another_count_of_ours_is_told_as_such(
    home: Path, tmp_path: Path, capsys, line: str, reason: str, why: str
):
    row = compare(home, tmp_path, capsys, f"unit,measure,n,top_box,mode\n{line}\n")["rows"][0]
    assert (row["reason"], row["why"][: len(why)]) == (reason, why)


def test_a_share_agrees_as_far_as_it_was_written(home: Path, tmp_path: Path, capsys):
    lines = [("33", ""), ("33.3", ""), ("33.33", ""), ("33.30", "other_share"), ("34", "other_share")]
    for written, reason in lines:
        report = compare(home, tmp_path, capsys, f"unit,item,n,top_box\nnorth-ed,NURSE_LISTEN,3,{written}\n")
        assert report["rows"][0]["reason"] == reason, written


def test_columns_by_their_own_names_fractions_and_the_day_of_the_answer(home: Path, tmp_path: Path, capsys):
    report = compare(home, tmp_path, capsys, "Site,Question,Respondents,Top\nnorth,NURSE_LISTEN,4,0.75\n",
                     "--map", "Site=unit", "--map", "Question=item", "--map", "Respondents=n", "--map", "Top=top_box",
                     "--fractions", "--by", "answer")
    assert told(report)[0] == ("north", "NURSE_LISTEN", "", 75.0, 75.0, 4, 4, "")


def test_people_read_a_table_and_may_keep_it_as_a_file(home: Path, tmp_path: Path, capsys):
    (tmp_path / "vendor.csv").write_text("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,50\nnorth,HSP_RATING,4,49\n")
    assert main(["reconcile", str(tmp_path / "vendor.csv"), "--home", str(home), "--period", "2024-Q2", "--out",
                 str(tmp_path / "out.csv")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "unit   measure       mode  ours  theirs  difference  n ours  n theirs  reason",
        "north  NURSE_LISTEN        50.0  50.0    0.0         4       4         the same",
        "north  HSP_RATING          50.0  49.0    1.0         4       4         As many people, another share:"
        " adjusted, or another box.",
        "1 of 2 lines agree with release 2026-11-23-drawn (HCAHPS, 2024-Q2 by day of discharge; best answers in"
        " percent, not adjusted)",
        "  3 answers of ours left out: no answer on the item's scale",
        "  3 answers of ours left out: no day of discharge known",
    ]
    with (tmp_path / "out.csv").open(newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["north", "NURSE_LISTEN", "", "50", "50", "0", "4", "4", "", ""],
            ["north", "HSP_RATING", "", "50", "49", "1", "4", "4", "other_share",
             "As many people, another share: adjusted, or another box."]]


@pytest.mark.parametrize(("text", "said"), [
    ("unit,measure,n,top_box\nwest,NURSE_LISTEN,4,50\n", "line 2: there is no unit 'west' in this release"),
    ("unit,measure,n,top_box\nnorth,SMILES,4,50\n", "line 2: 'SMILES' is no measure or item of this survey"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,150\n", "line 2: 'top_box' does not lie between 0 and 100"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,\n", "line 2: 'top_box' does not lie between 0 and 100"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4.5,50\n", "line 2: 'n' is no count"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,-4,50\n", "line 2: 'n' is no count"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,many,50\n", "line 2: 'many' in 'n' is not a number"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,50\nNorth,NURSE_LISTEN,4,60\n",
     "line 3: this unit and measure stand in line 2 too"),
    ("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,0.5\n", "every top_box is at most 1: these look like fractions"),
    ("unit,measure,top_box\nnorth,NURSE_LISTEN,50\n", "line 1: there is no column 'n'"),
    ("unit,n,top_box\nnorth,4,50\n", "line 1: there is no column 'measure'"),
    ("unit,measure,n,top_box\n", "there is no line to compare"),
    ("", "this file is empty"),
])
def test_a_file_that_cannot_be_compared_is_told_where_and_why(home: Path, tmp_path: Path, capsys, text: str, said: str):
    (tmp_path / "vendor.csv").write_text(text)
    assert main(["reconcile", str(tmp_path / "vendor.csv"), "--home", str(home), "--period", "2024-Q2"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("asked", [("--period", "2024-Q5"), ("--period", "spring"), ("--map", "Site=place")])
def test_what_is_asked_wrongly_is_told(home: Path, tmp_path: Path, capsys, asked: tuple[str, str]):
    (tmp_path / "vendor.csv").write_text("unit,measure,n,top_box\nnorth,NURSE_LISTEN,4,50\n")
    assert main(["reconcile", str(tmp_path / "vendor.csv"), "--home", str(home), "--period", "2024-Q2", *asked]) == 2
    assert asked[0] in capsys.readouterr().err


def test_every_scale_says_as_many_answers_as_it_has_but_for_ratings():
    old = instrument("hcahps_2015")
    assert old is not None
    assert {scale.key: len(scale.words) for scale in old.scales.values()} == {
        "never_always": 8, "yes_no": 4, "agree": 8, "rating": 0, "recommend": 8}
