"""Instruments, hat sub-scores beside official composites, and shares with intervals."""

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from twohats.__main__ import main
from twohats.analysis.measures.cahps.scales import Box, ScaleType, linear, scale_of
from twohats.analysis.measures.cahps.shares import shares_of, wilson
from twohats.store import estimates
from twohats.words.hats import Hat
from twohats.words.instruments import comparable, instrument, instruments


def test_every_item_of_an_instrument_has_a_hat_and_a_reason():
    told = [(one.key, key, one.item(key).reason.en) for one in instruments() for key in one.scales]
    assert len(told) == 19 + 22 + 13 + 1 + 1 + 1 + 1 + 2
    assert [row for row in told if not row[2]] == []
    assert {hat for one in instruments() for hat in one.hats().values()} == {Hat.PATIENT, Hat.CUSTOMER, Hat.MIXED}


def test_every_item_is_in_one_composite_of_its_instrument():
    for one in instruments():
        assert sorted(key for composite in one.composites for key in composite.items) == sorted(one.scales)


def test_a_rating_of_the_whole_is_in_no_sub_score():
    before = instrument("hcahps_2015")
    assert before is not None
    assert set(before.scales) - set(before.reports()) == {"HSP_RATING", "RECMND"}


def test_the_series_breaks_with_the_discharges_of_2025():
    before, after = instrument("hcahps_2015"), instrument("hcahps_2025")
    assert before is not None and after is not None
    assert [one.key for one in instruments() if one.survey == "HCAHPS" and one.in_use_on(date(2024, 12, 31))] == [
        "hcahps_2015"]
    assert [one.key for one in instruments() if one.survey == "HCAHPS" and one.in_use_on(date(2025, 1, 1))] == [
        "hcahps_2025"]
    assert not comparable(before, after, "H_COMP_1")
    assert comparable(after, after, "H_COMP_1")


DESIGN = """
instrument = "cg_cahps_3_1"
[answers]
unit = "clinic"
answered_by = "who"
"""
ITEMS = ["ACC_URGENT", "ACC_ROUTINE", "ACC_ANSWER", "COM_EXPLAIN", "COM_LISTEN", "COM_RESPECT", "COM_TIME",
         "COO_HISTORY", "COO_RESULTS", "COO_MEDS", "STAFF_HELPFUL", "STAFF_RESPECT", "RATING"]
# Patients praise the clinicians and blame the desk; the family thinks the other way round.
PATIENT = [2, 2, 3, 4, 4, 4, 4, 4, 2, 4, 1, 2, 9]
FAMILY = [4, 4, 3, 1, 1, 1, 1, 1, 4, 1, 4, 4, 3]


def scored(tmp_path: Path, design: str) -> Path:
    rows = [["clinic", "who", *ITEMS]]
    for clinic in ("A", "B"):
        rows += [[clinic, "patient", *PATIENT], [clinic, "patient", *[max(1, value - 1) for value in PATIENT]]] * 3
        rows += [[clinic, "family", *FAMILY]] * 2
        rows += [[clinic, "proxy", *PATIENT]] * 2
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    (tmp_path / "d.toml").write_text(design)
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out"), "--json"]) == 0
    return tmp_path / "out"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def hat_scores(out: Path, unit: str = "(all units)") -> dict[tuple[str, str, str], tuple[int, float]]:
    return {(row["answered_by"], row["hat"], row["map"]): (int(row["respondents"]), round(float(row["points"]), 3))
            for row in table(out / "hat_scores.csv") if row["unit"] == unit}


def test_hats_are_scored_beside_official_composites_and_family_apart(tmp_path: Path):
    out = scored(tmp_path, DESIGN)
    assert hat_scores(out) == {
        # patient: COM x 4, HISTORY, MEDS all 4 or 3; customer: 2 2 2 1 2 or 1; mixed: ACC_ANSWER 3 or 2
        ("patient", "patient", "declared"): (12, round(250 / 3, 3)),
        ("patient", "customer", "declared"): (12, round((4 * 1 / 3 + 0) * 100 / 5 / 2, 3)),
        ("patient", "mixed", "declared"): (12, 50.0),
        ("proxy", "patient", "declared"): (4, 100.0),
        ("proxy", "customer", "declared"): (4, round(4 / 3 * 20, 3)),
        ("proxy", "mixed", "declared"): (4, round(200 / 3, 3)),
        ("family", "patient", "declared"): (4, 0.0),
        ("family", "customer", "declared"): (4, 100.0),
        ("family", "mixed", "declared"): (4, round(200 / 3, 3)),
    }
    assert {row["score"] for row in table(out / "hat_scores.csv")} == {
        "twohats patient-hat score", "twohats customer-hat score", "twohats items of both hats"}
    official = {row["measure"]: (row["analysed"], round(float(row["unadjusted_mean"]), 3))
                for row in table(out / "units.csv") if row["unit"] == "A"}
    # Official composites: patients and proxies, no family; all items under their official name, whatever their hat.
    assert official["COORDINATION"] == ("8", round(((5 * 100 + 3 * 200 / 3) / 8 * 2 + 5 * 100 / 3 / 8) / 3, 3))
    assert set(official) == {"ACCESS", "COMMUNICATION", "COORDINATION", "STAFF", "RATING"}


def test_an_override_tells_the_sub_score_before_and_after_and_moves_no_official_one(tmp_path: Path):
    before = scored(tmp_path, DESIGN)
    official = (before / "units.csv").read_text()
    declared = hat_scores(before)
    out = scored(tmp_path, DESIGN + '[hats]\nCOO_RESULTS = "patient"\n')
    after = hat_scores(out)
    assert {key: value for key, value in after.items() if key[2] == "declared"} == declared
    assert after["patient", "patient", "own"] == (12, round((6 * 250 / 3 + 100 / 6) / 7, 3))
    assert (out / "units.csv").read_text() == official
    assert json.loads((out / "report.json").read_text())["hats_overridden"] == {
        "COO_RESULTS": {"declared": "customer", "own": "patient"}}


def test_items_of_different_scales_are_put_together_as_points(tmp_path: Path):
    rows = ["clinic,Q1,Q2", *["A,4,1", "A,1,0", "B,4,1", "B,3,1"] * 3]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    design = '[answers]\nunit = "clinic"\n[items.Q1]\nscale = "often"\n[items.Q2]\nscale = "yes_no"\n' \
             '[measures.both]\nitems = ["Q1", "Q2"]\n'
    (tmp_path / "d.toml").write_text(design)
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out"), "--json"]) == 2
    (tmp_path / "d.toml").write_text(design + 'reading = "points"\n')
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out"), "--json"]) == 0
    assert [float(row["adjusted_mean"]) for row in table(tmp_path / "out" / "units.csv")] == pytest.approx(
        [50.0, (250 / 3 + 100) / 2])


def test_linear_means_are_those_of_the_public_files():
    often, rating = scale_of(ScaleType.OFTEN), scale_of(ScaleType.RATING)
    assert [linear((often.low, often.high), value) for value in (1, 2, 3, 4)] == pytest.approx(
        [0, 100 / 3, 200 / 3, 100])
    assert linear((rating.low, rating.high), 7) == 70


def test_shares_of_each_box_with_the_unsure_in_the_denominator():
    answers = duckdb.connect().sql(
        "SELECT * FROM (VALUES ('A', 'FFT', 5.0), ('A', 'FFT', 4.0), ('A', 'FFT', 1.0), ('A', 'FFT', 0.0), "
        "('A', 'NPS', 10.0), ('A', 'NPS', 9.0), ('A', 'NPS', 6.0), ('B', 'NPS', 8.0), ('A', 'OTHER', 1.0), "
        "('A', 'NPS', 77.0), ('A', 'NPS', NULL)) AS told(unit, item, value)")
    scales = {"FFT": scale_of(ScaleType.OTHER, 1, 5, (Box("poor", 1, 2), Box("neither", 3, 3), Box("good", 4, 5))),
              "NPS": scale_of(ScaleType.RATING)}
    told = shares_of(answers, scales, {"FFT": frozenset({0.0})})
    assert list(zip(told.unit, told.item, told.asked, told.answers, told.top, told.middle, told.bottom, told.net,
                    strict=True)) == [
        ("A", "FFT", 4, 3, 0.5, 0.0, 0.25, 0.25),
        ("A", "NPS", 3, 3, pytest.approx(2 / 3), pytest.approx(0), pytest.approx(1 / 3), pytest.approx(1 / 3)),
        ("B", "NPS", 1, 1, 0.0, 1.0, 0.0, 0.0)]
    assert told.points.tolist() == pytest.approx([(100 + 75 + 0) / 3, 250 / 3, 80])
    assert told.net_error[1] == pytest.approx(np.sqrt((2 / 3 + 1 / 3 - 1 / 9) / 3))
    assert (told.top_low[2], told.bottom_high[2]) == (0.0, pytest.approx(0.7934506856227626))


def test_wilson_is_that_of_the_textbook():
    low, high = wilson(np.array([0, 5, 10, 81]), np.array([10, 10, 10, 263]))
    assert low.tolist() == pytest.approx([0, 0.236593, 0.722467, 0.255289], abs=2e-6)
    assert high.tolist() == pytest.approx([0.277533, 0.763407, 1, 0.366175], abs=2e-4)
    assert [float(end[0]) for end in wilson(np.array([0]), np.array([0]))] == [0.0, 1.0]


def test_wilson_of_many_shares_is_that_of_each():
    of = np.arange(60)
    low, high = wilson(of // 3, of)
    assert np.column_stack((low, high)) == pytest.approx(
        np.array([estimates.wilson(int(n) // 3, int(n)) for n in of]), abs=1e-7)


@pytest.mark.parametrize(("instrument_key", "item", "written", "told"), [
    # very good, good, neither, poor, don't know: two of five are positive.
    ("nhs_fft", "FFT_OVERALL", ["1", "2", "3", "4", "6"], 0.4),
    ("nps", "LIKELY", ["10", "9", "8", "6", "0"], 0.0),
    ("nps", "LIKELY", ["10", "9", "9", "6", "7"], 40.0),
    ("ces_2", "EASY", ["5", "7", "4", "1", "6"], 0.6),
    ("csat", "SATISFIED", ["5", "4", "3", "2", "1"], 0.4),
])
def test_headlines_of_the_short_instruments(tmp_path: Path, instrument_key: str, item: str, written, told: float):
    (tmp_path / "a.csv").write_text(f"unit,{item}\n" + "".join(f"A,{code}\nB,{code}\n" for code in written))
    (tmp_path / "d.toml").write_text(f'instrument = "{instrument_key}"\n[answers]\nunit = "unit"\n')
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out"), "--json"]) == 0
    assert [float(row["adjusted_mean"]) for row in table(tmp_path / "out" / "units.csv")] == [pytest.approx(told)] * 2


def test_dont_know_has_no_points(tmp_path: Path, capsys):
    (tmp_path / "a.csv").write_text("unit,FFT_OVERALL\nA,1\nA,6\n")
    (tmp_path / "d.toml").write_text('instrument = "nhs_fft"\n[answers]\nunit = "unit"\n[measures.fft]\n'
                                     'items = ["FFT_OVERALL"]\nreading = "points"\n')
    assert main(["cahps", str(tmp_path / "a.csv"), str(tmp_path / "d.toml"), str(tmp_path / "out")]) == 2
    assert '"don\'t know" of FFT_OVERALL is on no scale' in capsys.readouterr().err
