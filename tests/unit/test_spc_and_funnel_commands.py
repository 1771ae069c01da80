"""twohats spc and twohats funnel: plain CSV in, exact numbers out, and what they say to bad input."""

import csv
import json
from pathlib import Path

import pytest

from twohats.__main__ import main
from twohats.analysis.commands.cells import cell, moment_in, number_in

MONTHS = [f"2026-{month:02}-01" for month in range(1, 13)]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def written(tmp_path: Path, text: str, *arguments: str, verb: str = "spc") -> list[dict[str, str]]:
    (tmp_path / "in.csv").write_text(text, "utf-8")
    assert main([verb, str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), *arguments]) == 0
    assert "nan" not in (tmp_path / "out.csv").read_text("utf-8").lower()
    return table(tmp_path / "out.csv")


def refused(capsys, tmp_path: Path, text: str, *arguments: str, verb: str = "spc") -> str:
    (tmp_path / "in.csv").write_text(text, "utf-8")
    assert main([verb, str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), *arguments]) == 2
    assert not (tmp_path / "out.csv").exists()
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2  # what and where, then what to try
    return said.replace(str(tmp_path / "in.csv"), "in.csv").splitlines()[0]


@pytest.mark.parametrize("case, arguments", {
    "A_breaches_decrease": ["--value", "breaches", "--direction", "decrease"],
    "B_breaches_decrease_noscreen": ["--value", "breaches", "--direction", "decrease", "--no-screening"],
    "C_breaches_decrease_rebase": ["--value", "breaches", "--direction", "decrease", "--rebase",
                                   "2018-04-01:counted anew: type 1 only:C. Ortiz"],
    "D_perf_increase_target95": ["--value", "perf", "--direction", "increase", "--target", ".95"],
    "E_attendances_neutral_fix12": ["--value", "attendances", "--fix-after", "12"],
}.items())
def test_the_file_of_xmr_charts_is_that_of_the_nhs(shared_data: Path, tmp_path: Path, case: str, arguments: list[str]):
    out = tmp_path / "out.csv"
    assert main(["spc", str(shared_data / "spc" / "xmr_input_ae.csv"), str(out), "--date", "period",
                 "--unit", "org_code", *arguments]) == 0
    found, expected = table(out), table(shared_data / "spc" / f"xmr_expected_{case}.csv")
    same = ("f", "x", "rebase_group", "short_group_warning", "outside_limits", "relative_to_mean", "close_to_limits",
            "special_cause_type", "special_cause_flag", "point_type", "assurance_type")
    told = sorted(expected, key=lambda row: (row["f"], row["x"]))
    assert [[row[name] for name in same] for row in found] == [
        [row[name].replace("NA", "") for name in same] for row in told]
    for name in ("y", "fix_y", "mean_col", "lpl", "upl", "target"):
        assert [row[name] == "" for row in found] == [row[name] == "NA" for row in told]
        assert [float(row[name] or 0) for row in found] == pytest.approx(
            [float(row[name].replace("NA", "0")) for row in told], rel=1e-9)


@pytest.mark.parametrize("chart", ["p", "u", "pp", "i", "run"])
def test_the_file_of_shewhart_charts_is_that_of_qicharts(shared_data: Path, tmp_path: Path, chart: str):
    out = tmp_path / "out.csv"
    columns = ["--value", "breaches"] if chart in ("i", "run") else [
        "--numerator", "breaches", "--denominator", "attendances"]
    assert main(["spc", str(shared_data / "spc" / "xmr_input_ae.csv"), str(out), "--date", "period",
                 "--unit", "org_code", "--chart", chart, *columns]) == 0
    told = sorted((row for row in table(shared_data / "spc" / "shewhart_expected.csv") if row["chart"] == chart),
                  key=lambda row: (row["org_code"], row["period"]))
    found = table(out)
    same = ("n_obs", "n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min", "runs_signal")
    assert [[row["f"], row["x"], *(row[name] for name in same)] for row in found] == [
        [row["org_code"], row["period"], *(row[name] for name in same)] for row in told]
    for name in ("y", "cl", "lcl", "ucl"):
        assert [float(row[name] or 0) for row in found] == pytest.approx(
            [float(row[name].replace("NA", "0")) for row in told], rel=1e-9)


@pytest.mark.parametrize("kind, case", [("pr", "PR"), ("rc", "RC")])
def test_the_file_of_a_funnel_is_that_of_funnelplotr(shared_data: Path, tmp_path: Path, kind: str, case: str):
    out, lines = tmp_path / "out.csv", tmp_path / "lines.csv"
    rows = [row for row in table(shared_data / "spc" / "funnel_input_2018_12.csv")
            if kind == "pr" or row["admissions"] != "0"]
    with (tmp_path / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows([list(rows[0]), *(row.values() for row in rows)])
    assert main(["funnel", str(tmp_path / "in.csv"), str(out), "--unit", "org_code", "--numerator", "breaches",
                 "--denominator", "attendances" if kind == "pr" else "admissions", "--type", kind,
                 "--lines", str(lines)]) == 0
    expected = table(shared_data / "spc" / f"funnel_expected_2018_12_{case}.csv")
    found = table(out)
    same = ("group", "winsorised", "outside_95", "outside_998", "outside_od95", "outside_od998")
    assert [[row[name] for name in same] for row in found] == [[row[name] for name in same] for row in expected]
    for name in ("rr", "Y", "s", "Uzscore", "Wuzscore", "odll95", "odul95", "odll998", "odul998", "ll95", "ul998"):
        assert [float(row[name]) for row in found] == pytest.approx([float(row[name]) for row in expected], rel=1e-9)
    assert [row["outlier"] for row in found] == [row["outside_od998"] for row in found]
    drawn = {row["denominator"]: row for row in table(lines)}
    assert all(drawn[row["denominator"]]["odul95"] == row["odul95"] for row in found)


def series(values: list[object], moments: list[object] = MONTHS) -> str:
    return "date,value\n" + "".join(f"{moment},{value}\n" for moment, value in zip(moments, values, strict=False))


def test_a_series_in_words_with_its_rebase(tmp_path: Path):
    rows = written(tmp_path, series([10, 12, 11, 13, 60, 30, "", 34]), "--direction", "decrease", "--target", "50",
                   "--rebase", "2026-05-01:new phones: second line:Ben")
    assert [(row["f"], row["rebase_group"], row["rebase_reason"], row["rebase_author"], row["y"], row["colour"],
             row["words"], row["relative_to_mean"]) for row in (rows[3], rows[4], rows[6])] == [
        ("no facet", "0", "", "", "13", "grey", "within what this process does by itself", "1"),
        ("no facet", "1", "new phones: second line", "Ben", "60", "grey", "within what this process does by itself",
         "1"),
        ("no facet", "1", "new phones: second line", "Ben", "", "", "", ""),
    ]


def test_the_report_sets_flags_beside_what_chance_would_show(tmp_path: Path, capsys):
    written(tmp_path, series([10, 11] * 6), "--json")
    told = json.loads(capsys.readouterr().out)
    unit = told["units"][0]
    assert (told["chart"], told["points"], unit["flags"], unit["simulated_series"]) == ("xmr", 12, 0, 1500)
    assert 0.1 < unit["expected_false_flags"] < 0.4
    assert 0.04 < unit["share_of_stable_charts_with_a_flag"] < 0.12
    assert unit["warnings"] == ["Fewer than 13 points: these are trial limits, which move with each new point."]


def test_lines_out_of_order_are_put_in_order_and_told(tmp_path: Path, capsys):
    rows = written(tmp_path, series([2, 1, 3], [2, 1, 3]))
    assert [row["x"] for row in rows] == ["1", "2", "3"]
    said = capsys.readouterr().out
    assert "not in order of time" in said
    assert "Exact values, small numbers not hidden" in said


def test_each_unit_has_its_own_chart_and_target(tmp_path: Path):
    text = "when,desk,calls,aim\n1,North,4,9\n1,South,9,\n2,North,6,9\n2,South,7,\n3,North,5,9\n"
    rows = written(tmp_path, text, "--date", "when", "--unit", "desk", "--value", "calls", "--target", "aim",
                   "--direction", "increase")
    assert [(row["f"], row["x"], row["mean_col"], row["target"], row["assurance_type"]) for row in rows] == [
        ("North", "1", "5", "9", "consistent_fail"), ("North", "2", "5", "9", "consistent_fail"),
        ("North", "3", "5", "9", "consistent_fail"), ("South", "1", "8", "", ""), ("South", "2", "8", "", ""),
    ]


def test_instants_and_ratios_of_single_values(tmp_path: Path, capsys):
    text = "date,numerator,denominator\n2026-01-01T08:00,1,4\n2026-01-01T09:00,3,4\n2026-01-02T08:00,1,0\n"
    assert refused(capsys, tmp_path, text, "--denominator", "denominator") == (
        "in.csv line 4: there are events where the denominator is 0")
    rows = written(tmp_path, text.replace("1,0", "0,0"), "--denominator", "denominator",
                   "--rebase", "2026-01-02:new:Eve")
    assert [(row["x"], row["y"], row["mean_col"], row["rebase_group"]) for row in rows] == [
        ("2026-01-01T08:00:00", "0.25", "0.5", "0"), ("2026-01-01T09:00:00", "0.75", "0.5", "0"),
        ("2026-01-02T08:00:00", "", "", "1"),
    ]


@pytest.mark.parametrize("chart", ["p", "pp", "u", "i", "run", "g", "xmr"])
def test_no_chart_of_nothing_happening_has_an_empty_number(tmp_path: Path, chart: str):
    text = "date,value,numerator,denominator\n" + "".join(f"{one},0,0,{one % 3}\n" for one in range(1, 16))
    columns = ["--numerator", "numerator"] if chart in ("p", "pp", "u") else []
    rows = written(tmp_path, text, "--chart", chart, *columns)
    centre = "mean_col" if chart == "xmr" else "cl"
    assert {row[centre] for row in rows} == {"0"}


BAD_SERIES = {
    "date,value\n": "in.csv: there is no line with values here",
    "": "in.csv: this file is empty",
    "day,value\n1,2\n": "in.csv line 1: there is no column 'date'",
    "date,value,value\n1,2,3\n": "in.csv line 1: there are two columns 'value'",
    "date,value\n1,2,3\n": "in.csv line 2: 3 cells where the first line has 2",
    "date,value\n1,2\n\n2,7%\n": "in.csv line 4: '7%' in 'value' is not a number",
    "date,value\n1,2\n2,nan\n": "in.csv line 3: 'nan' in 'value' is not a number",
    "date,value\n1,1e999\n": "in.csv line 2: '1e999' in 'value' is not a number",
    "date,value\n,2\n": "in.csv line 2: 'date' is empty",
    "date,value\n03/01/2026,2\n": "in.csv line 2: '03/01/2026' in 'date' is no date",
    "date,value\n0206-01-01,2\n": "in.csv line 2: the date 0206-01-01 lies outside 1900 to 2100",
    "date,value\n2026-01-01,2\n2,2\n": "in.csv line 3: 2 is not of the kind of 2026-01-01",
    "date,value\n2026-01-01T10:00,2\n2026-01-02T10:00Z,2\n":
        "in.csv line 3: 2026-01-02 10:00:00+00:00 is not of the kind of 2026-01-01 10:00:00",
    "date,value\n1,2\n3,4\n1,6\n": "in.csv line 4: there is a line for 1 already",
    "date,value\n1,\"2\n": "in.csv: this is not CSV: unexpected end of data",
    "date,value\n1,2\xff\n": "in.csv line 2: '2ÿ' in 'value' is not a number",
}


@pytest.mark.parametrize("text", BAD_SERIES)
def test_bad_series_are_refused_with_their_line(capsys, tmp_path: Path, text: str):
    assert refused(capsys, tmp_path, text) == BAD_SERIES[text]


@pytest.mark.parametrize("row, arguments, says", [
    ("1,-1,4", ["--chart", "p"], "a count is negative"), ("1,1,-4", ["--chart", "u"], "a count is negative"),
    ("1,5,4", ["--chart", "pp"], "the numerator is above the denominator"),
    ("1,1,0", ["--chart", "u"], "there are events where the denominator is 0"),
    ("1,-1,0", ["--chart", "g", "--value", "numerator"], "fewer than no cases between two events"),
])
def test_impossible_counts_are_refused_with_their_line(
    capsys, tmp_path: Path, row: str, arguments: list[str], says: str,
):
    text = f"date,numerator,denominator\n0,1,4\n{row}\n"
    assert refused(capsys, tmp_path, text, *arguments) == f"in.csv line 3: {says}"


@pytest.mark.parametrize("arguments, says", [
    (["--rebase", "2:new desk"], "the rebase at 2 says no reason or no author"),
    (["--rebase", "2::Eve"], "the rebase at 2 says no reason or no author"),
    (["--rebase", "soon:new desk:Eve"], "--rebase soon:new desk:Eve: 'soon' is no date"),
    (["--rebase", "9:new desk:Eve"], "in.csv: --rebase 9 lies outside the dates here, 1 to 2"),
    (["--rebase", "2026-01-01:new desk:Eve"], "in.csv: --rebase 2026-01-01 is not of the kind of 1"),
    (["--fix-after", "11"], "lines fixed after 11 points rest on too few"),
    (["--chart", "i", "--target", "3"], "--target belongs to --chart xmr"),
    (["--chart", "p", "--value", "value"], "a p chart is of a numerator and a denominator"),
    (["--value", "value", "--denominator", "value"], "a value, and a numerator or denominator, are both named"),
    (["--target", "aim"], "in.csv line 1: there is no column 'aim'"),
])
def test_what_was_asked_wrongly_is_refused(capsys, tmp_path: Path, arguments: list[str], says: str):
    assert refused(capsys, tmp_path, "date,value\n1,2\n2,3\n", *arguments) == says


def test_one_chart_has_one_target(capsys, tmp_path: Path):
    assert refused(capsys, tmp_path, "date,value,aim\n1,2,5\n2,2,6\n", "--target", "aim") == (
        "in.csv line 3: no facet has two targets")


@pytest.mark.parametrize("rows, says", [
    ("A,1,2\n", "in.csv: a funnel compares units, and here is only one"), ("", "in.csv: there is no unit here"),
    ("A,1,2\nB,-1,2\n", "in.csv line 3: a count is negative"),
    ("A,1,2\nB,3,2\n", "in.csv line 3: the numerator is above the denominator"),
    ("A,1,2\nB,3,0\n", "in.csv line 3: there are events where the denominator is 0"),
    ("A,1,2\n,3,0\n", "in.csv line 3: 'unit' is empty"),
    ("A,1,2\nB,x,4\n", "in.csv line 3: 'x' in 'numerator' is not a number"),
])
def test_bad_funnels_are_refused_with_their_line(capsys, tmp_path: Path, rows: str, says: str):
    assert refused(capsys, tmp_path, f"unit,numerator,denominator\n{rows}", verb="funnel") == says


def test_a_funnel_says_who_is_left_out_and_no_spreadsheet_runs_a_name(tmp_path: Path, capsys):
    text = "unit,numerator,denominator\n=cmd(),1,10\nB,2,10\nC,,10\nD,0,0\n"
    rows = written(tmp_path, text, "--json", verb="funnel")
    told = json.loads(capsys.readouterr().out)
    assert [row["group"] for row in rows] == ["'=cmd()", "B"]
    assert (told["units"], told["lines_with_a_gap"], told["units_without_denominator"]) == (2, 1, ["D"])


@pytest.mark.parametrize("kind", ["pr", "sr-shmi", "sr-cqc", "rc"])
def test_units_that_are_alike_lie_inside(tmp_path: Path, kind: str):
    rows = written(tmp_path, "unit,numerator,denominator\nA,5,5\nB,5,5\nC,5,5\n", "--type", kind, verb="funnel")
    assert [(row["place"], row["limits_in_force"], row["outlier"]) for row in rows] == [("inside", "998", "FALSE")] * 3


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path, capsys):
    assert main(["spc", str(tmp_path / "none.csv"), str(tmp_path / "out.csv")]) == 2
    (tmp_path / "latin.csv").write_bytes(b"date,value\n1,\xff\n")
    assert main(["spc", str(tmp_path / "latin.csv"), str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err
    assert "cannot be read" in said
    assert "not UTF-8" in said


def test_cells_hold_every_digit_and_no_empty_number():
    assert [cell(value) for value in (0.1 + 0.2, 3.0, 1e300, -0.0, float("nan"), float("inf"), None, True, "=1")] == [
        "0.30000000000000004", "3", "1e+300", "0", "", "", "", "TRUE", "'=1"]


def test_numbers_and_moments_are_read_strictly():
    assert [number_in(text) for text in ("1", "-.5", "1e3", "1_000", "1,000", " 1", "inf", "0x1", "٣")] == [
        1.0, -0.5, 1000.0, None, None, None, None, None, None]
    assert [str(moment_in(text)) for text in ("7", "20260301", "2026-03-01", "2026-03-01T09:30", "2026-03", "x")] == [
        "7", "2026-03-01", "2026-03-01", "2026-03-01 09:30:00", "None", "None"]
