"""A change that units begin at different times: drawn before, told by those not yet begun, honest about the rest."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from twohats.__main__ import main
from twohats.analysis.commands.draw_experiment import drawn
from twohats.analysis.findings.experiment import Unit, answer_of
from twohats.analysis.findings.panel import Question, panel
from twohats.words.problems import Problem

PERIODS, FIRST, GROWS = 10, 3.0, 1.0
STARTS = (3, 5, 7, None)


def units_of(seed, starts=STARTS, each=6, effect=FIRST, grows=GROWS, drift=0.0):
    """Units with levels, shared shocks and a memory of their own; a planted effect that grows from the start on."""
    dice = np.random.default_rng(seed)
    shocks, units = dice.normal(0, 1.5, PERIODS), []
    for start in starts:
        for number in range(each):
            level, kept, values = dice.normal(50, 5), 0.0, {}
            for period in range(PERIODS):
                kept = 0.5 * kept + dice.normal(0, 2)
                planted = effect + grows * (period - start) if start is not None and period >= start else 0.0
                values[period] = level + shocks[period] + kept + planted + (drift * period if start else 0.0)
            units.append(Unit(f"{start} {number}", start, values, dict.fromkeys(values, 30.0)))
    return units


def truth(starts=STARTS):
    """The planted effect, each treated unit and period weighing alike, where somebody has not begun yet."""
    last = PERIODS if None in starts else max(starts)
    return float(np.mean([FIRST + GROWS * (period - start) for start in starts if start is not None
                          for period in range(start, last)]))


def two_way(units):
    """Two-way fixed effects, as everybody writes them first."""
    rows = [(unit.name, period, value, float(unit.begun(period))) for unit in units
            for period, value in unit.values.items()]
    columns = dict(zip(("unit", "period", "outcome", "begun"), map(list, zip(*rows, strict=True)), strict=True))
    return panel(pa.table(columns), Question("outcome", ("begun",), ("period",), person="unit")).terms[0].estimate


# ---- the estimate ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("starts", "each"), [(STARTS, 6), ((3, 5, 7), 8), ((5, None), 12)])
def test_the_interval_covers_a_planted_effect_in_the_share_of_seeds_that_it_says(starts, each):
    answers = [answer_of(units_of(seed, starts, each)) for seed in range(200)]
    planted = truth(starts)
    covers = np.mean([one.overall.estimate.lower <= planted <= one.overall.estimate.upper for one in answers])
    assert 0.905 <= covers <= 0.985
    assert abs(np.mean([one.overall.estimate.estimate for one in answers]) - planted) < 0.05 * planted
    alarms = np.mean([not one.before.estimate.lower <= 0 <= one.before.estimate.upper for one in answers])
    assert alarms <= 0.09


def test_without_an_effect_few_seeds_claim_one():
    claims = [not one.lower <= 0 <= one.upper for one in (
        answer_of(units_of(seed, effect=0, grows=0)).overall.estimate for seed in range(200))]
    assert np.mean(claims) <= 0.09


def test_where_effects_grow_two_way_fixed_effects_are_wrong_and_those_not_yet_begun_are_not():
    every = [units_of(seed) for seed in range(30)]
    assert np.mean([two_way(units) for units in every]) < 0.8 * truth()
    assert np.mean([answer_of(units).overall.estimate.estimate for units in every]) == pytest.approx(truth(), rel=0.06)


def test_with_one_start_and_whole_lines_it_is_the_two_by_two_and_the_panel_says_the_same():
    units = units_of(7, (5, None), 4)
    answer = answer_of(units)
    before, after, others_before, others_after = answer.means
    assert answer.overall.estimate.estimate == pytest.approx(after - before - (others_after - others_before), abs=1e-9)
    assert answer.overall.estimate.estimate == pytest.approx(two_way(units), abs=1e-9)
    assert (answer.units, answer.began, answer.others, answer.overall.cells) == (8, 4, 4, 5)


def test_each_starting_group_is_met_by_those_not_yet_begun_and_nobody_else():
    """By hand: without noise each group's own effect comes back whole, though earlier groups go on growing."""
    flat = [Unit(f"{start} {number}", start, {
        period: 10.0 * number + period + (2.0 + (period - start) * 5 if start is not None and period >= start else 0)
        for period in range(6)}, {}) for start in (2, 4, None) for number in range(3)]
    noise = np.random.default_rng(1)
    units = [Unit(one.name, one.begins, {at: value + noise.normal(0, 1e-6) for at, value in one.values.items()}, {})
             for one in flat]
    answer = answer_of(units)
    assert {start: round(told.estimate.estimate, 3) for start, told in answer.by_start.items()} == {2: 9.5, 4: 4.5}
    assert {later: round(told.estimate.estimate, 3) for later, told in answer.since_start.items()} == {
        0: 2.0, 1: 7.0, 2: 12.0, 3: 17.0}
    assert {later: told.began for later, told in answer.since_start.items()} == {0: 6, 1: 6, 2: 3, 3: 3}


def test_beginners_who_moved_away_before_are_seen():
    answer = answer_of(units_of(3, (6, None), 20, drift=1.0))
    assert answer.before.estimate.lower > 0


def test_when_everybody_has_begun_nothing_more_is_told_of_those_periods():
    answer = answer_of(units_of(1, (3, 5, 7), 8))
    assert answer.cells_left_out == 3 + 3 + 3
    assert (answer.began, answer.others) == (16, 16)


@pytest.mark.parametrize(("units", "said"), [
    (units_of(1, (5,), 6), "no unit that began can be compared"),
    (units_of(1, (0, None), 6), "no unit that began can be compared"),
    (units_of(1, (5, None), 2), "2 units that began can be compared with 2 that had not"),
    (units_of(1, (None,), 6), "no unit that began can be compared")])
def test_what_cannot_be_compared_is_said(units, said):
    with pytest.raises(Problem, match=said):
        answer_of(units)


# ---- the verb ------------------------------------------------------------------------------------------------------
def month(number):
    return f"2026-{number + 1:02}"


def data(tmp_path: Path, units, lines=None, changed=()) -> Path:
    file = tmp_path / "data.csv"
    rows = lines if lines is not None else [
        f"{unit.name},{month(at)},{month(unit.begins) if unit.begins is not None else ''},{float(value)!r},30"
        for unit in units for at, value in unit.values.items()]
    rows = [*rows]
    for at, row in changed:
        rows[at] = row
    file.write_text("unit,period,treated_from,outcome,n\n" + "\n".join(rows) + "\n")
    return file


def test_the_verb_tells_the_number_what_it_rests_on_and_what_it_cannot_say(tmp_path, capsys):
    assert main(["experiment", str(data(tmp_path, units_of(7)))]) == 0
    said = capsys.readouterr().out
    answer = answer_of(units_of(7))
    one = answer.overall.estimate
    assert said.splitlines()[:3] == [
        f"Beginning goes together with {one.estimate:+.2f} ({one.lower:+.2f} to {one.upper:+.2f}) in the outcome (95 % "
        "interval), each unit weighing alike.",
        "It rests on 18 units that began and 18 that had not yet, 10 periods, n = 7,200.",
        "Each starting group against those not yet begun, and nobody else:"]
    assert "both sides moved alike as far as can be seen" in said
    assert said.splitlines()[-1] == (
        "Who begins when was not drawn by chance, as far as this file tells: the answer is consistent with an effect "
        "of the change, not proof of one.")
    assert "cause" not in said


def test_two_by_two_is_printed_as_its_four_means(tmp_path, capsys):
    main(["experiment", str(data(tmp_path, units_of(7, (5, None), 6))), "--json"])
    told = json.loads(capsys.readouterr().out)
    means = told["means"]
    assert told["overall"]["estimate"] == pytest.approx(
        means["began_after"] - means["began_before"] - means["others_after"] + means["others_before"])
    assert set(told["by_start"]) == {"2026-06"}


GOOD = ["a,2026-01,,1,9", "a,2026-02,,2,9"]


@pytest.mark.parametrize(("lines", "said"), [
    ([], "it needs one line for each unit and period"),
    (["a,January,,1,9"], "line 2: 'january' in 'period' is no period"),
    ([*GOOD, "b,7,,1,9"], "line 4: '7' is a number, and '2026-01' is a month"),
    (["a,2026-01,2026-02-01,1,9"], "line 2: '2026-02-01' is a day, and '2026-01' is a month"),
    ([*GOOD, "a,2026-02,,3,9"], "line 4: there is a line for 'a' in 2026-02 already"),
    ([*GOOD, "a,2026-03,2026-03,3,9"], "line 4: 'a' began at never on an earlier line and at 2026-03 here"),
    (["a,2026-01,,many,9"], "line 2: 'many' in 'outcome' is not a number"),
    (["a,2026-01,,1,"], "line 2: '' in 'n' is no count"), (["a,2026-01,,1,-1"], "line 2: '-1' in 'n' is no count"),
    ([",2026-01,,1,9"], "line 2: 'unit' is empty"), (["a,2026-01,,1"], "line 2: 4 cells where the first line has 5"),
    (GOOD, "no unit that began can be compared with one that had not")])
def test_bad_input_is_told_with_its_line_and_what_to_try(tmp_path, capsys, lines, said):
    assert main(["experiment", str(data(tmp_path, [], lines))]) == 2
    told = capsys.readouterr().err.lower()
    assert said in told
    assert len(told.strip().splitlines()) == 2


def test_a_file_without_a_column_or_that_is_not_there_is_told(tmp_path, capsys):
    file = tmp_path / "short.csv"
    file.write_text("unit,period\na,1\n")
    assert main(["experiment", str(file)]) == 2
    assert "there is no column 'treated_from'" in capsys.readouterr().err
    assert main(["experiment", str(tmp_path / "none.csv")]) == 2
    assert "this file cannot be read" in capsys.readouterr().err


# ---- the plan ------------------------------------------------------------------------------------------------------
def plan(tmp_path: Path, *more, count=24, starts="2026-04,2026-06,2026-08,never", on="2026-01-02", seed="7"):
    file, written = tmp_path / "units.csv", tmp_path / "plan.json"
    file.write_text("unit,size\n" + "".join(f"unit {number},{number * 10}\n" for number in range(count)))
    ended = main(["draw-experiment", str(file), str(written), "--starts", starts, "--outcome", "answers top box",
                  "--better", "higher", "--seed", seed, "--on", on, *more])
    return ended, written


def test_a_plan_is_drawn_evenly_balanced_and_the_same_by_the_same_seed(tmp_path, capsys):
    ended, written = plan(tmp_path, "--balance", "size", "--json")
    told, file = json.loads(capsys.readouterr().out), json.loads(written.read_text())
    assert (ended, told["groups"]) == (0, {"2026-04": 6, "2026-06": 6, "2026-08": 6, "never": 6})
    assert max(told["balance"].values()) - min(told["balance"].values()) <= 30
    assert written.with_suffix(".csv").read_text().splitlines()[:2] == [
        "unit,treated_from", f"unit 0,{file['assigned']['unit 0']}"]
    assert (file["made_on"], file["outcome"], file["better"], file["seed"]) == (
        "2026-01-02", "answers top box", "higher", 7)
    written.unlink()
    written.with_suffix(".csv").unlink()
    plan(tmp_path, "--balance", "size")
    assert json.loads(written.read_text()) == file


def test_every_unit_has_the_same_chance_of_every_start():
    counts = np.zeros((5, 2))
    for seed in range(400):
        for unit, group in drawn([f"u{at}" for at in range(5)], 2, seed).items():
            counts[int(unit[1:]), group] += 1
    assert np.abs(counts / 400 - 0.5).max() < 0.1


@pytest.mark.parametrize(("more", "said"), [
    ({"starts": "2026-04"}, "fewer than two starts"), ({"starts": "2026-04,2026-04"}, "or one twice"),
    ({"starts": "soon,never"}, "'soon' is no period"), ({"starts": "2026-04,7"}, "periods of two kinds"),
    ({"on": "2026-04-01"}, "the first start, 2026-04, is not after the day of the plan"),
    ({"count": 11}, "11 units are too few for 4 groups")])
def test_a_plan_that_cannot_be_is_refused_with_what_to_try(tmp_path, capsys, more, said):
    ended, written = plan(tmp_path, **more)
    assert (ended, said in capsys.readouterr().err, written.exists()) == (2, True, False)


def test_a_plan_is_never_drawn_a_second_time(tmp_path, capsys):
    plan(tmp_path)
    assert plan(tmp_path, seed="8")[0] == 2
    assert "Drawing again until one likes the groups is no drawing" in capsys.readouterr().err


def kept(tmp_path, told, off=()):
    """Data of units that began as drawn, but for those named."""
    dice = np.random.default_rng(5)
    rows = []
    for unit, start in told["assigned"].items():
        began = "2026-09" if unit in off else "" if start == "never" else start
        outcomes = [50 + dice.normal() + (4 if start != "never" and month(at) >= start else 0) for at in range(PERIODS)]
        rows += [f"{unit},{month(at)},{began},{outcome},30" for at, outcome in enumerate(outcomes)]
    return data(tmp_path, [], rows)


def test_units_are_told_as_drawn_and_who_began_otherwise_is_counted(tmp_path, capsys):
    _, written = plan(tmp_path)
    told = json.loads(written.read_text())
    off = next(unit for unit, start in told["assigned"].items() if start == "2026-04")
    capsys.readouterr()
    assert main(["experiment", str(kept(tmp_path, told, [off])), "--plan", str(written)]) == 0
    said = capsys.readouterr().out
    assert "1 units began otherwise than drawn; they are told as drawn." in said
    assert "Who begins when was drawn by chance (seed 7, plan of 2026-01-02)" in said
    main(["experiment", str(kept(tmp_path, told)), "--plan", str(written), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["off_plan"], answer["drawn"]) == ([], True)
    assert answer["overall"]["lower"] < 4 < answer["overall"]["upper"]


def test_a_plan_that_was_changed_or_that_the_data_do_not_follow_is_refused(tmp_path, capsys):
    _, written = plan(tmp_path)
    told = json.loads(written.read_text())
    file = kept(tmp_path, told)
    short = data(tmp_path, [], file.read_text().splitlines()[1:-PERIODS])
    assert main(["experiment", str(short), "--plan", str(written)]) == 2
    assert "'unit 23' was drawn and has no line" in capsys.readouterr().err
    more = data(tmp_path, [], ["stranger,2026-01,,1,9"])
    assert main(["experiment", str(more), "--plan", str(written)]) == 2
    assert "line 2: 'stranger' was not drawn" in capsys.readouterr().err
    numbered = data(tmp_path, [], ["unit 1,1,,1,9"])
    assert main(["experiment", str(numbered), "--plan", str(written)]) == 2
    assert "the periods here are numbers, those of the plan are not" in capsys.readouterr().err
    written.write_text(written.read_text().replace("2026-04", "2026-05"))
    assert main(["experiment", str(file), "--plan", str(written)]) == 2
    assert "this plan was changed after it was written" in capsys.readouterr().err
    written.write_text("{}")
    assert main(["experiment", str(file), "--plan", str(written)]) == 2
    assert "this is no plan" in capsys.readouterr().err
