"""twohats cahps: the real output of the program, both layouts of answers, and what it says to bad input."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from twohats.__main__ import main
from twohats.analysis.measures.cahps import design_file
from twohats.analysis.measures.cahps.tables import COLUMNS, HAT_SCORES, RESIDUALS

PROGRAM = """
[answers]
unit = "PLANID"
respondent = "ID"
not_allowed = "missing"
[units]
names = { 1 = "HMO_A_URBAN", 2 = "HMO_B_URBAN", 7 = "HMO_C_URBAN", 4 = "HMO_B_RURAL", 5 = "HMO_C_RURAL" }
others = "drop"
[items.Q38]
scale = "rating"
[items.Q15]
scale = "often"
[items.Q17]
scale = "often"
[items.Q19]
scale = "often"
[items.Q24]
scale = "often"
reverse = true
[adjusters.GHR]
column = "Q39"
allowed = [1, 2, 3, 4, 5]
[adjusters.AGE]
column = "Q40"
allowed = [1, 2, 3, 4, 5, 6, 7]
[analysis]
impute = true
people = "adults"
[measures.q38]
items = ["Q38"]
adjusted_boxes = true
[measures.quick]
items = ["Q15", "Q17", "Q19", "Q24"]
"""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def scores(tmp_path: Path, answers: Path, design: str) -> Path:
    (tmp_path / "design.toml").write_text(design)
    out = tmp_path / "out"
    assert main(["cahps", str(answers), str(tmp_path / "design.toml"), str(out), "--json"]) == 0
    return out


@pytest.mark.parametrize("measure", ["q38", "quick"])
def test_the_real_output_of_the_program_is_reproduced(tmp_path: Path, shared_data: Path, measure: str):
    out = scores(tmp_path, shared_data / "cahps" / "macro41_test_input.csv", PROGRAM)

    def ours(name: str) -> list[dict[str, str]]:
        return [row for row in table(out / name) if row["measure"] == measure]

    def theirs(name: str) -> list[dict[str, str]]:
        return table(shared_data / "cahps" / f"macro41_expected_{measure}_{name}.csv")

    def same(mine: str, other: str) -> bool:
        return float(mine) == pytest.approx(float(other), rel=1e-9, abs=1e-9)

    named = {column.macro: column.name for column in COLUMNS["units.csv"]}
    expected = theirs("units")
    assert [row["unit"] for row in ours("units.csv")] == [row["PLANNAME"] for row in expected]
    wrong = [(row["unit"], macro) for row, want in zip(ours("units.csv"), expected, strict=True)
             for macro in want if macro not in ("SUBCODE", "PLANNAME") and not same(row[named[macro]], want[macro])]
    assert wrong == []
    named = {column.macro: column.name for column in COLUMNS["overall.csv"]}
    (overall,), (want,) = ours("overall.csv"), theirs("overall")
    assert [macro for macro in want if not (overall[named[macro]] == want[macro] if macro == "SUBCODE"
                                            else same(overall[named[macro]], want[macro]))] == []
    coefficients = {(row["item"], row["adjuster"]): row["coefficient"] for row in ours("coefficients.csv")}
    want = {(item, row["_NAME_"]): row[item] for row in theirs("coefficients") for item in row if item.startswith("Q")}
    assert coefficients.keys() == want.keys()
    assert [key for key in want if not same(coefficients[key], want[key])] == []
    assert [row["item"] for row, want in zip(ours("r_squared.csv"), theirs("r_squared"), strict=True)
            if row["item"] != want["_DEPVAR_"] or not same(row["r_squared"], want["_RSQ_"])
            or not same(row["adjusted_r_squared"], want["_ADJRSQ_"])] == []
    boxes = {(row["unit"], column, row["box_number"]): row[column] for row in ours("response_pct.csv")
             for column in ("share", "unadjusted_share", "adjusted_share")}
    want = {(row["PLANNAME"], column, number): row[macro + number] for row in theirs("response_pct")
            for column, macro in (("share", "PTRES"), ("unadjusted_share", "WGT_"), ("adjusted_share", "ADJ_"))
            for number in "123" if macro + number in row}
    assert [key for key in want if not same(boxes[key], want[key])] == []
    missing = {(row["unit"], row["column"]): row["missing_share"] for row in ours("pct_missing.csv")}
    want = {(row["PLANNAME"], column): row[column] for row in theirs("pct_missing")
            for column in row if column not in ("PLAN", "SUBCODE", "ALLN", "PLANNAME")}
    assert missing.keys() == want.keys()
    assert [key for key in want if not same(missing[key], want[key])] == []


SMALL = "plan,Q1,Q2,ADJ1,ADJ2\nA,2,4,1,1\nA,3,,2,2\nA,4,2,3,\nA,4,3,,\nA,3,3,2,3\n" \
        "B,3,3,2,3\nB,,,4,5\nB,2,2,5,4\nB,3,2,6,3\nB,7,3,3,3\n"
SMALL_DESIGN = """
[answers]
unit = "plan"
not_allowed = "missing"
[items.Q1]
scale = "often"
[items.Q2]
scale = "often"
[analysis]
convention = "instructions_2017"
residuals = true
[measures.both]
items = ["Q1", "Q2"]
"""


@pytest.mark.parametrize(("adjusters", "adjustment", "variance", "analysed"), [
    ("", [0.0, 0.0], [0.012, 0.064], [5, 4]),
    ("[adjusters.ADJ1]\n[adjusters.ADJ2]\n", [-0.25, 0.25], [0.017, 0.027], [3, 4]),
])
def test_the_ten_records_printed_in_the_instructions(tmp_path: Path, adjusters, adjustment, variance, analysed):
    answers = tmp_path / "answers.csv"
    answers.write_text(SMALL)
    units = table(scores(tmp_path, answers, SMALL_DESIGN + adjusters) / "units.csv")
    assert [int(row["analysed"]) for row in units] == analysed
    # The instructions print three digits of numbers they had rounded before: .0005 is the last digit printed.
    assert [float(row["variance"]) for row in units] == pytest.approx(variance, abs=0.0006)
    assert [float(row["adjusted_mean"]) - float(row["unadjusted_mean"]) for row in units] == pytest.approx(
        adjustment, abs=0.005)


def test_a_long_file_scores_as_the_wide_one(tmp_path: Path):
    wide, long = tmp_path / "wide.csv", tmp_path / "long.csv"
    wide.write_text(SMALL)
    lines = []
    for number, row in enumerate(table(wide)):
        lines += [f"r{number},{name},{row[name]}" for name in ("Q2", "plan", "Q1", "ADJ1", "ADJ2") if row[name]]
    long.write_text("respondent,item,value\n" + "\n".join(reversed(lines)) + "\n")
    design = SMALL_DESIGN + "[adjusters.ADJ1]\n[adjusters.ADJ2]\n"
    first = scores(tmp_path, wide, design)
    told = {name: (first / name).read_text() for name in COLUMNS}
    second = scores(tmp_path, long, design.replace("[answers]", '[answers]\nlayout = "long"'))
    assert {name: (second / name).read_text() for name in COLUMNS} == told
    residuals = table(second / "residuals.csv")
    assert sorted(row["respondent"] for row in residuals) == ["r0", "r1", "r4", "r5", "r7", "r8", "r9"]


def test_units_beside_the_answers_in_a_long_file_are_read_too(tmp_path: Path):
    long = tmp_path / "long.csv"
    long.write_text("respondent,plan,item,value\n" + "".join(
        f"r{number},{'AB'[number % 2]},Q1,{1 + number % 4}\nr{number},{'AB'[number % 2]},Q2,3\n"
        for number in range(8)))
    units = table(scores(tmp_path, long, SMALL_DESIGN.replace("[answers]", '[answers]\nlayout = "long"')) / "units.csv")
    assert [(row["unit"], row["analysed"]) for row in units] == [("A", "4"), ("B", "4")]


GOOD = """[answers]
unit = "unit"
respondent = "id"
mean_weight = "w"
[answers.dates]
day = { from = "2025-01-01", to = "2025-03-31" }
[items.Q1]
scale = "often"
missing = [98]
values = { Always = 4 }
[measures.one]
items = ["Q1"]
"""
ROWS = ["id,unit,Q1,w,day", "1,A,4,1,2025-01-31", "2,A,Always,1,2025-02-01", "3,A,98,2,2025-02-01", "4,B,1,1,",
        "5,B,2,1,2025-03-31", "", "6,B,,0,2025-03-31", "7,,2,1,2025-03-31"]


def refused(tmp_path: Path, capsys: pytest.CaptureFixture, rows: list[str], design: str = GOOD) -> str:
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "d.toml").write_text(design)
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
    return capsys.readouterr().err.replace(str(tmp_path) + "/", "")


def test_what_is_left_out_is_counted(tmp_path: Path):
    (tmp_path / "a.csv").write_text("\n".join(ROWS) + "\n")
    out = scores(tmp_path, tmp_path / "a.csv", GOOD)
    report = json.loads((out / "report.json").read_text())
    assert report["respondents_read"] == 7
    assert report["respondents_left_out"] == {"no unit, or one not asked for": 1, "no weight": 1}
    assert [(row["unit"], row["respondents"], row["analysed"], row["adjusted_mean"])
            for row in table(out / "units.csv")] == [("A", "3", "2", "4"), ("B", "2", "2", "1.5")]


@pytest.mark.parametrize(("line", "written", "said"), [
    (3, "2,A,Alway,1,2025-02-01", "a.csv line 3: 'Alway' is no answer to Q1 (allowed: 1 to 4)"),
    (8, "6,B,5,1,2025-03-31", "a.csv line 8: '5' is no answer to Q1 (allowed: 1 to 4)"),
    (8, "6,B,nan,1,2025-03-31", "a.csv line 8: 'nan' is no answer to Q1"),
    (8, "6,B,1.5,1,2025-03-31", "a.csv line 8: '1.5' is no answer to Q1"),
    (8, "2,B,3,1,2025-03-31", "a.csv line 8: the same respondent answers on line 3 and on line 8"),
    (8, "6,B,3,-1,2025-03-31", "a.csv line 8: the weight in 'w' is negative"),
    (8, "6,B,3,many,2025-03-31", "a.csv line 8: 'w' does not hold a number"),
    (8, "6,B,3,1,2025-04-01", "a.csv line 8: 'day' lies outside 2025-01-01 to 2025-03-31"),
    (8, "6,B,3,1,31.3.2025", "a.csv line 8: 'day' does not hold a day"),
    (8, "6,B,3,1", "a.csv line 8: 4 cells where the first line has 5"),
])
def test_a_wrong_answer_is_told_with_its_line(tmp_path: Path, capsys, line: int, written: str, said: str):
    rows = list(ROWS)
    rows[line - 1] = written
    assert refused(tmp_path, capsys, rows).startswith(said)


@pytest.mark.parametrize(("old", "new", "said"), [
    ('scale = "often"', 'scale = "oftn"', "d.toml line 7: [items.Q1] scale cannot be 'oftn'"),
    ('items = ["Q1"]', 'items = ["Q2"]', "d.toml line 11: [measures.one] item 'Q2' is not declared"),
    ("missing = [98]", "mising = [98]",
     "d.toml line 7: [items.Q1] 'mising' is not known here\nDid you mean 'missing'?"),
    ('unit = "unit"', "", "d.toml line 1: [answers] nothing says which column names the unit"),
    ('unit = "unit"', 'unit = "ward"', "a.csv line 1: there is no column 'ward'"),
    ("[measures.one]", "[measures.one]\nleast_answers = -1", "d.toml line 11: [measures.one] least_answers must be"),
    ("[measures.one]", "[measures.one]\nsmoothing = -1", "d.toml line 11: [measures.one] smoothing must not be"),
    ("[measures.one]", "[analysis]\nunits_by_weight = 2\n[measures.one]", "d.toml: units_by_weight must be true or"),
    ("[measures.one]", "[units]\nnames = { A = \"Ward A\" }\n[measures.one]", "a.csv line 5: unit 'B' is not in the"),
    ("[measures.one]", "[analysis]\nsubsets = 2\n[measures.one]", "d.toml: [units] strata and subsets need the unit"),
    ("[items.Q1]", "[items.Q1", "d.toml: this is not TOML"),
])
def test_a_wrong_design_is_told_with_its_line(tmp_path: Path, capsys, old: str, new: str, said: str):
    assert refused(tmp_path, capsys, ROWS, GOOD.replace(old, new, 1)).startswith(said)


@pytest.mark.parametrize(("lines", "said"), [
    (["1,Q1,4", "1,Q1,3"], "a.csv line 3: the same respondent answers Q1 on line 2 and on line 3"),
    (["1,Q1,4", "1,Q9,3"], "a.csv line 3: item 'Q9' is not in the design"),
    (["1,Q1,4", ",Q1,3"], "a.csv line 3: nobody is named as the respondent"),
    (["1,unit,A", "1,Q1,7"], "a.csv line 3: '7' is no answer to Q1"),
])
def test_a_wrong_line_of_a_long_file_is_told(tmp_path: Path, capsys, lines: list[str], said: str):
    design = '[answers]\nlayout = "long"\nunit = "unit"\n[items.Q1]\nscale = 3\n[measures.one]\nitems = ["Q1"]\n'
    assert refused(tmp_path, capsys, ["respondent,item,value", *lines], design).startswith(said)


def test_nobody_to_score_is_said(tmp_path: Path, capsys):
    assert "no unit has two respondents" in refused(tmp_path, capsys, ROWS[:2])
    assert "no answer of a unit that is asked for" in refused(tmp_path, capsys, ROWS[:1])


def test_all_missing_adjusters_are_said(tmp_path: Path, capsys):
    rows = ["unit,Q1,age", "A,4,", "A,3,", "B,2,", "B,1,"]
    design = '[answers]\nunit = "unit"\n[items.Q1]\nscale = 3\n[adjusters.age]\n[measures.one]\nitems = ["Q1"]\n'
    for way in ("", "[analysis]\nimpute = true\n"):
        assert "no unit has two respondents with an answer and all adjusters" in refused(
            tmp_path, capsys, rows, design + way)


def test_a_folder_that_holds_something_else_is_not_replaced(tmp_path: Path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("keep me")
    (tmp_path / "a.csv").write_text("\n".join(ROWS) + "\n")
    (tmp_path / "d.toml").write_text(GOOD)
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(out)]) == 2
    assert (out / "letter.txt").read_text() == "keep me"


def test_no_table_holds_a_number_that_is_none(tmp_path: Path):
    rows = ["unit,Q1,Q2", "A,4,4", "A,4,4", "B,1,", "B,1,", "C,,2"]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    design = '[answers]\nunit = "unit"\n[items.Q1]\nscale = 3\n[items.Q2]\nscale = 3\n' \
             '[measures.two]\nitems = ["Q1", "Q2"]\nadjusted_boxes = true\n[measures.one]\nitems = ["Q2"]\n'
    out = scores(tmp_path, tmp_path / "a.csv", design)
    for path in out.glob("*.csv"):
        assert "nan" not in path.read_text().lower()
        assert "inf" not in path.read_text().lower()
    assert [row["f"] for row in table(out / "overall.csv")] == ["", ""]


def test_every_column_and_every_word_of_the_design_is_told_in_the_docs():
    page = (REPOSITORY / "docs" / "facts" / "survey-scores.md").read_text()
    tables = COLUMNS | {"hat_scores.csv": HAT_SCORES, "residuals.csv": RESIDUALS}
    told = [f"| {name} | {column.name} | {column.macro} | {column.means} |" for name, columns in tables.items()
            for column in columns if column.name not in ("measure", "subset") and name != "strata.csv"]
    assert [row for row in told if row not in page] == []
    assert [key for keys in design_file.KEYS.values() for key in keys if key not in page] == []
