"""Control charts: the rules of the NHS, lines that start anew only with a reason, and what chance alone would flag."""

import csv
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.analysis.measures.charts.runs import Runs, runs_around_median, runs_of
from twohats.analysis.measures.charts.shewhart import Chart, ratios_chart, values_chart
from twohats.store.charts.averages import mean_of
from twohats.store.charts.false_flags import RUNS, FalseFlags, expected_false_flags
from twohats.store.charts.parts import Rebase, counted, parts_of
from twohats.store.charts.special_causes import Cause, causes_of, close_to_limits, outside_limits
from twohats.store.charts.xmr import Assurance, Direction, Variation, XmR, variation_of, xmr
from twohats.words.problems import Problem

NOTHING = math.nan
AS_ONE = 1e-9
CASES = {
    "A_breaches_decrease": {"direction": Direction.DECREASE},
    "B_breaches_decrease_noscreen": {"direction": Direction.DECREASE, "screen": False},
    "C_breaches_decrease_rebase": {
        "direction": Direction.DECREASE, "rebases": [Rebase(date(2018, 4, 1), "new counting", "C. Ortiz")]},
    "D_perf_increase_target95": {"direction": Direction.INCREASE, "target": 0.95},
    "E_attendances_neutral_fix12": {"fix_after": 12},
}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return NOTHING if text == "NA" else float(text)


def column(rows: list[dict[str, str]], name: str) -> list[float]:
    return [number(row[name]) for row in rows]


def chart_of(values: list[float], **told):
    return xmr(range(1, len(values) + 1), values, **told)


@pytest.mark.parametrize("case", CASES)
def test_xmr_charts_are_those_of_the_nhs(shared_data: Path, case: str):
    expected = table(shared_data / "spc" / f"xmr_expected_{case}.csv")
    for unit in {row["f"] for row in expected}:
        own = [row for row in expected if row["f"] == unit]
        chart = xmr([date.fromisoformat(row["x"]) for row in own], column(own, "y"), **CASES[case])
        assert chart.mean.tolist() == pytest.approx(column(own, "mean_col"), rel=AS_ONE)
        assert chart.lower.tolist() == pytest.approx(column(own, "lpl"), rel=AS_ONE)
        assert chart.upper.tolist() == pytest.approx(column(own, "upl"), rel=AS_ONE)
        told = [(str(cause), str(variation), str(chart.assurance or "NA"), str(int(side)), str(part),
                 str(short).upper(), str(outside).upper(), str(close).upper())
                for cause, variation, side, part, short, outside, close in zip(
                    chart.causes, chart.variations, chart.side, chart.parts, chart.short.tolist(),
                    chart.outside.tolist(), chart.close.tolist(), strict=True)]
        names = ("special_cause_type", "point_type", "assurance_type", "relative_to_mean", "rebase_group",
                 "short_group_warning", "outside_limits", "close_to_limits")
        assert told == [tuple(row[name] for name in names) for row in own]


@pytest.mark.parametrize("chart", ["p", "u", "pp", "i", "run"])
def test_shewhart_charts_are_those_of_qicharts(shared_data: Path, chart: str):
    expected = table(shared_data / "spc" / "shewhart_expected.csv")
    told = table(shared_data / "spc" / "xmr_input_ae.csv")
    for unit in {row["org_code"] for row in expected}:
        own = [row for row in expected if row["org_code"] == unit and row["chart"] == chart]
        rows = sorted((row for row in told if row["org_code"] == unit), key=lambda row: row["period"])
        moments = [date.fromisoformat(row["period"]) for row in rows]
        breaches, attendances = column(rows, "breaches"), column(rows, "attendances")
        kind = Chart(chart)
        drawn = (ratios_chart(kind, moments, breaches, attendances) if kind.of_ratios
                 else values_chart(kind, moments, breaches))
        for name, line in (("y", drawn.values), ("cl", drawn.centre), ("lcl", drawn.lower), ("ucl", drawn.upper)):
            assert line.tolist() == pytest.approx(column(own, name), rel=AS_ONE, nan_ok=True)
        assert [drawn.runs_at(place) for place in range(len(own))] == [runs_told(row, "runs_signal") for row in own]


def test_runs_are_those_of_qicharts(shared_data: Path):
    told = table(shared_data / "spc" / "runs_input.csv")
    for row in table(shared_data / "spc" / "runs_expected_anhoej.csv"):
        values = np.array(column([point for point in told if point["series"] == row["series"]], "y"))
        median, runs = runs_around_median(values)
        assert (median, runs) == (pytest.approx(float(row["median"]), rel=AS_ONE), runs_told(row, "signal"))


def runs_told(row: dict[str, str], signal: str) -> Runs:
    names = ("n_obs", "n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
    return Runs(*(int(row[name]) for name in names), signal=row[signal] == "TRUE")


def test_limits_by_hand():
    chart = chart_of([10.0, 12.0, 11.0, 13.0])
    average = (2 + 1 + 2) / 3
    assert [chart.mean[0], chart.lower[0], chart.upper[0], chart.lower_two_sigma[0], chart.upper_two_sigma[0]] == (
        pytest.approx([11.5, 11.5 - 2.66 * average, 11.5 + 2.66 * average, 11.5 - 2.66 * 2 / 3 * average,
                       11.5 + 2.66 * 2 / 3 * average], rel=1e-15))


def test_an_outlying_moving_range_is_left_out_of_the_limits_unless_told_not_to():
    values = [10.0, 11.0] * 6 + [40.0]
    assert chart_of(values).upper[0] == pytest.approx(mean_of(np.array(values)) + 2.66)
    assert chart_of(values, screen=False).upper[0] == pytest.approx(mean_of(np.array(values)) + 2.66 * (11 + 29) / 12)


C, UP, DOWN = Cause.COMMON, Cause.RISING, Cause.FALLING
DRAWN = {
    "seven that rise are a trend, all of them": (
        [1, -1.2, -0.8, -0.4, 0.1, 0.4, 0.8, 1.2, 0], [C, *[UP] * 7, C]),
    "seven that fall are a trend": ([1.2, 0.8, 0.4, 0.1, -0.4, -0.8, -1.2, 0], [*[DOWN] * 7, C]),
    "six that rise are none": ([1, -1.2, -0.8, -0.4, 0.1, 0.4, 0.8, 0], [C] * 8),
    "an equal neighbour ends a trend": ([-1.2, -0.8, -0.4, -0.4, 0.1, 0.4, 0.8, 1.2], [C] * 8),
    "where two trends meet the later one counts": (
        [-1.2, -0.8, -0.4, 0.1, 0.4, 0.8, 1.2, 0.8, 0.4, 0.1, -0.4, -0.8, -1.2], [UP] * 6 + [DOWN] * 7),
    "a gap ends a trend": ([-1.2, -0.8, -0.4, NOTHING, 0.1, 0.4, 0.8, 1.2], [C] * 8),
    "seven above the mean are a run, and so are seven below": (
        [0.5, 0.1, 0.5, 0.1, 0.5, 0.1, 0.5, -0.1, -0.5, -0.1, -0.5, -0.1, -0.5, -0.1],
        [Cause.RUN_ABOVE] * 7 + [Cause.RUN_BELOW] * 7),
    "six above the mean are none": ([0.5, 0.1, 0.5, 0.1, 0.5, 0.1, -0.1], [C] * 7),
    "a point on the mean ends a run": ([0.5, 0.1, 0.5, 0, 0.5, 0.1, 0.5, 0.1], [C] * 8),
    "a gap ends a run": ([0.5, 0.1, 0.5, NOTHING, 0.5, 0.1, 0.5, 0.1], [C] * 8),
    "two of three near a limit, on one side, are marked and the third is not": (
        [0, 2.5, 0.4, 2.5, 0, -2.5, -2.5, -0.1],
        [C, Cause.NEAR_UPPER, C, Cause.NEAR_UPPER, C, Cause.NEAR_LOWER, Cause.NEAR_LOWER, C]),
    "a third on the other side is no company": ([0, 2.5, -0.4, 2.5, 0], [C] * 5),
    "two points are not three": ([2.5, 2.5], [C] * 2),
    "a point outside is not near a limit": ([0, 2.5, 0.4, 3.5, 0], [C, C, C, Cause.ABOVE_LIMIT, C]),
    "a point outside comes before any other rule": (
        [-3.5, -0.8, -0.4, 0.1, 0.4, 0.8, 1.2, 3.5], [Cause.BELOW_LIMIT, *[UP] * 6, Cause.ABOVE_LIMIT]),
    "a trend comes before two of three": ([0.1, 0.4, 0.8, 1.2, 1.6, 2.2, 2.6, 0], [*[UP] * 7, C]),
    "two of three come before a run": (
        [0.5, 2.5, 0.5, 2.5, 0.5, 0.1, 0.5], [Cause.RUN_ABOVE, Cause.NEAR_UPPER, Cause.RUN_ABOVE, Cause.NEAR_UPPER,
                                              *[Cause.RUN_ABOVE] * 3]),
    "a point on a limit is within it and near it": ([3, 0.5, 3], [Cause.NEAR_UPPER, C, Cause.NEAR_UPPER]),
}
"""Values in sigma: the mean is 0, the limits are 3 and -3."""


@pytest.mark.parametrize("says", DRAWN)
def test_the_four_rules(says: str):
    told, causes = DRAWN[says]
    values = np.array(told, dtype=float)
    lower, upper, low, high = (np.full(len(values), line) for line in (-3.0, 3.0, -2.0, 2.0))
    outside, close = outside_limits(values, lower, upper), close_to_limits(values, lower, upper, low, high)
    assert causes_of(values, np.sign(values), outside, close) == causes


@pytest.mark.parametrize("direction, high, low", [
    (Direction.INCREASE, Variation.IMPROVEMENT, Variation.CONCERN),
    (Direction.DECREASE, Variation.CONCERN, Variation.IMPROVEMENT),
    (Direction.NEUTRAL, Variation.HIGH, Variation.LOW),
])
def test_what_stands_out_is_good_or_bad_by_the_direction(direction: Direction, high: Variation, low: Variation):
    highs = {Cause.ABOVE_LIMIT, Cause.RISING, Cause.NEAR_UPPER, Cause.RUN_ABOVE}
    assert {cause: variation_of(cause, direction) for cause in Cause} == {
        cause: Variation.COMMON if cause is Cause.COMMON else high if cause in highs else low for cause in Cause}


def test_colours_in_words_are_those_of_nhs_charts():
    assert {str(one): (one.colour.en, one.colour.es) for one in Variation} == {
        "common_cause": ("grey", "gris"), "special_cause_improvement": ("blue", "azul"),
        "special_cause_concern": ("orange", "naranja"), "special_cause_neutral_high": ("purple", "morado"),
        "special_cause_neutral_low": ("purple", "morado"),
    }


@pytest.mark.parametrize("direction, target, assurance", [
    (Direction.INCREASE, 16.0, Assurance.FAIL), (Direction.INCREASE, 7.0, Assurance.PASS),
    (Direction.DECREASE, 16.0, Assurance.PASS), (Direction.DECREASE, 7.0, Assurance.FAIL),
    (Direction.INCREASE, 11.5, Assurance.INCONSISTENT), (Direction.NEUTRAL, 16.0, None),
    (Direction.INCREASE, None, None),
])
def test_a_target_is_kept_missed_or_left_to_chance(direction: Direction, target: float | None, assurance):
    assert chart_of([10.0, 12.0, 11.0, 13.0], direction=direction, target=target).assurance is assurance


def test_a_target_on_a_limit_is_left_to_chance():
    limit = float(chart_of([10.0, 12.0, 11.0, 13.0]).upper[0])
    for direction in (Direction.INCREASE, Direction.DECREASE):
        assert chart_of([10.0, 12.0, 11.0, 13.0], direction=direction, target=limit).assurance is Assurance.INCONSISTENT


def test_a_rebase_without_reason_or_author_is_refused():
    for reason, author in (("", "C. Ortiz"), ("new desk", " ")):
        with pytest.raises(Problem):
            Rebase(date(2026, 3, 1), reason, author)


def test_a_part_too_short_to_judge_has_no_lines_and_no_flags():
    moments, values = range(19), [5, 6, 5, 7, 6, 5, 6, 7, 5, 6, 7, 6, 1, 2, 3, 4, 5, 6, 7]
    told = {"direction": Direction.INCREASE, "rebases": [Rebase(12, "new desk", "C. Ortiz")]}
    judged, all_of_it = xmr(moments, values, fewest=8, **told), xmr(moments, values, **told)
    assert all_of_it.flags == 7
    assert (judged.flags, judged.judged.tolist()) == (0, [True] * 12 + [False] * 7)
    assert judged.mean[:12].tolist() == all_of_it.mean[:12].tolist()
    assert np.isnan(judged.mean[12:]).all()
    assert judged.by_chance == expected_false_flags((12,))
    assert xmr(range(3), [1, NOTHING, 2], fewest=3).judged.tolist() == [False] * 3


def test_every_rebase_starts_new_lines_at_the_next_point():
    moments = [1, 2, 3, 5, 6, 7]
    rebases = [Rebase(start, "new desk", "C. Ortiz") for start in (-4, 3, 4, 9)]
    assert parts_of(moments, rebases).tolist() == [0, 0, 1, 2, 2, 2]
    chart = xmr(moments, [1, 3, 10, 20, 22, 24], rebases=rebases)
    assert chart.mean.tolist() == [2, 2, 10, 22, 22, 22]
    assert chart.upper.tolist() == pytest.approx([2 + 2.66 * 2] * 2 + [NOTHING] + [22 + 2.66 * 2] * 3, nan_ok=True)


def test_rules_start_anew_with_each_part():
    above = [5.0, 1.0, 5.0, 1.0, 5.0, 1.0, 5.0, 1.0, -5.0, -1.0, -5.0, -1.0, -5.0, -1.0, -5.0, -1.0]
    assert chart_of(above).causes == (Cause.RUN_ABOVE,) * 8 + (Cause.RUN_BELOW,) * 8
    assert chart_of(above, rebases=[Rebase(9, "new desk", "C. Ortiz")]).causes == (C,) * 16


def test_fixed_lines_rest_on_the_first_points_of_each_part():
    values = [10.0, 12.0] * 6 + [30.0] * 6
    chart = chart_of(values, fix_after=12)
    assert (chart.mean[-1], chart.upper[-1]) == (11.0, 11.0 + 2.66 * 2)
    assert [str(cause) for cause in chart.causes[-6:]] == ["Above UCL"] * 6
    with pytest.raises(Problem, match="11 points"):
        counted(np.zeros(20, dtype=int), 11)


def test_moments_that_do_not_rise_are_refused():
    for moments in ([2, 1, 3], [1, 1, 2]):
        with pytest.raises(Problem, match="does not come after"):
            xmr(moments, [1.0, 2.0, 3.0])


def warnings_of(chart: XmR) -> list[str]:
    return [warning.en for warning in chart.warnings]


def test_equal_values_have_no_limits_and_nothing_stands_out():
    chart = chart_of([0.1] * 15, target=0.2, direction=Direction.INCREASE)
    assert (set(chart.mean), set(chart.causes), chart.assurance) == ({0.1}, {C}, None)
    assert np.isnan([chart.lower, chart.upper]).all()
    assert warnings_of(chart) == ["There are no limits where no two neighbouring values differ."]


def test_equal_values_that_are_not_screened_have_limits_on_their_mean():
    chart = chart_of([0.1] * 15, screen=False)
    assert (set(chart.lower), set(chart.upper), set(chart.causes)) == ({0.1}, {0.1}, {C})
    assert warnings_of(chart) == ["Neighbouring values never differ: the limits lie on the mean."]


def test_one_point_has_a_mean_and_no_limits():
    chart = chart_of([4.0], target=3.0, direction=Direction.INCREASE)
    assert (chart.mean[0], math.isnan(chart.lower[0]), chart.causes, chart.assurance) == (4.0, True, (C,), None)


def test_no_point_is_an_empty_chart():
    assert (chart_of([]).causes, chart_of([]).flags) == ((), 0)


def test_fewer_than_thirteen_points_are_trial_limits():
    assert [chart_of([1.0, 2.0] * n).short.any() for n in (6, 7)] == [True, False]


values_strategy = st.lists(st.integers(-50, 50), min_size=2, max_size=40)


@given(values_strategy, st.integers(-100, 100))
def test_adding_a_constant_shifts_lines_and_changes_no_label(values: list[int], more: int):
    chart, moved = chart_of(values), chart_of([value + more for value in values])
    assert moved.causes == chart.causes
    assert moved.upper.tolist() == pytest.approx((chart.upper + more).tolist(), abs=1e-9, nan_ok=True)


@given(values_strategy, st.integers(1, 6))
def test_scaling_scales_lines_and_changes_no_label(values: list[int], power: int):
    chart, scaled = chart_of(values), chart_of([value * 2.0 ** power for value in values])
    assert scaled.causes == chart.causes
    assert scaled.lower.tolist() == pytest.approx((chart.lower * 2.0 ** power).tolist(), nan_ok=True)


MIRROR = {
    Cause.COMMON: Cause.COMMON, Cause.ABOVE_LIMIT: Cause.BELOW_LIMIT, Cause.BELOW_LIMIT: Cause.ABOVE_LIMIT,
    Cause.RISING: Cause.FALLING, Cause.FALLING: Cause.RISING, Cause.NEAR_UPPER: Cause.NEAR_LOWER,
    Cause.NEAR_LOWER: Cause.NEAR_UPPER, Cause.RUN_ABOVE: Cause.RUN_BELOW, Cause.RUN_BELOW: Cause.RUN_ABOVE,
}


@given(values_strategy)
def test_turning_the_values_over_turns_the_causes_and_the_other_direction_keeps_their_meaning(values: list[int]):
    chart = chart_of(values, direction=Direction.INCREASE)
    turned = chart_of([-value for value in values], direction=Direction.DECREASE)
    assert turned.causes == tuple(MIRROR[cause] for cause in chart.causes)
    assert turned.variations == chart.variations


@given(values_strategy)
def test_the_other_direction_calls_better_worse(values: list[int]):
    swapped = {Variation.IMPROVEMENT: Variation.CONCERN, Variation.CONCERN: Variation.IMPROVEMENT,
               Variation.COMMON: Variation.COMMON}
    more, less = chart_of(values, direction=Direction.INCREASE), chart_of(values, direction=Direction.DECREASE)
    assert less.variations == tuple(swapped[variation] for variation in more.variations)


STUDY = {
    (12, 0.0): 0.08, (24, 0.0): 0.19, (36, 0.0): 0.26, (52, 0.0): 0.42,
    (12, 0.3): 0.17, (24, 0.3): 0.47, (36, 0.3): 0.66, (52, 0.3): 0.81,
}
"""Share of stable charts with a flag: 1,500 other simulated series each."""


def test_stable_series_are_flagged_as_often_as_in_another_simulation():
    for (n, memory), share in STUDY.items():
        expected = expected_false_flags((n,), memory)
        assert (expected.n, expected.autocorrelation, expected.runs) == (n, memory, RUNS)
        assert expected.charts == pytest.approx(share, abs=4 * math.sqrt(2 * share * (1 - share) / RUNS))


def test_what_chance_shows_is_what_the_chart_itself_finds_in_stable_series():
    series = np.random.default_rng(7).standard_normal((400, 36))
    flags = [chart_of(values.tolist()).flags for values in series]
    spread = 4 * np.std(flags) / math.sqrt(len(flags))
    assert np.mean(flags) == pytest.approx(expected_false_flags((36,)).points, abs=spread)


def test_series_that_remember_are_flagged_more_and_warned_of():
    memory = np.zeros(60)
    for place, step in enumerate(np.random.default_rng(3).standard_normal(60)):
        memory[place] = step + (0.8 * memory[place - 1] if place else 0)
    chart = chart_of(memory.tolist())
    apart = memory - memory.mean()
    assert chart.autocorrelation == pytest.approx(float(apart[1:] @ apart[:-1] / (apart @ apart)))
    assert chart.by_chance_remembering.points > 2 * chart.by_chance.points
    assert any("resembles" in warning.en for warning in chart.warnings)


def test_no_point_shows_no_false_flag():
    assert expected_false_flags(()) == FalseFlags(0.0, 0.0, 0, 0.0, 0)


def test_a_share_by_hand():
    chart = ratios_chart(Chart.P, [1, 2], [1, 3], [10, 30])
    assert (chart.centre.tolist(), chart.lower.tolist()) == ([0.1, 0.1], [0.0, 0.0])
    assert chart.upper.tolist() == pytest.approx([0.1 + 3 * math.sqrt(0.09 / 10), 0.1 + 3 * math.sqrt(0.09 / 30)])


def test_events_per_exposure_by_hand():
    chart = ratios_chart(Chart.U, [1, 2], [4, 12], [1, 3])
    assert (chart.centre.tolist(), chart.lower.tolist()) == ([4.0, 4.0], pytest.approx([0, 4 - 3 * math.sqrt(4 / 3)]))
    assert chart.upper.tolist() == pytest.approx([10.0, 4 + 3 * math.sqrt(4 / 3)])


def test_laney_limits_widen_by_what_periods_differ():
    chart = ratios_chart(Chart.LANEY, [1, 2, 3], [35, 45, 40], [100, 100, 100])
    sigma = math.sqrt(0.4 * 0.6 / 100)
    between = (0.1 / sigma + 0.05 / sigma) / 2 / 1.128
    assert chart.upper.tolist() == pytest.approx([0.4 + 3 * sigma * between] * 3)


def test_cases_between_rare_events_by_hand():
    chart = values_chart(Chart.G, [1, 2, 3], [3, 0, 9])
    assert (chart.centre.tolist(), chart.lower.tolist()) == ([3.0] * 3, [0.0] * 3)
    assert chart.upper.tolist() == pytest.approx([4 + 3 * math.sqrt(4 * 5)] * 3)


def test_a_period_with_nobody_in_it_is_a_gap():
    chart = ratios_chart(Chart.P, [1, 2, 3, 4], [1, 0, 3, NOTHING], [10, 0, 30, 10])
    assert chart.values.tolist() == pytest.approx([0.1, NOTHING, 0.1, NOTHING], nan_ok=True)
    assert (chart.centre.tolist(), chart.beyond.tolist()) == ([0.1] * 4, [False] * 4)


@pytest.mark.parametrize("kind, events, exposure, says", [
    (Chart.P, [2], [1], "above its denominator"), (Chart.U, [-1], [1], "negative"), (Chart.U, [1], [-1], "negative"),
    (Chart.U, [1], [0], "denominator is 0"),
])
def test_impossible_counts_are_refused(kind: Chart, events: list[float], exposure: list[float], says: str):
    with pytest.raises(Problem, match=says):
        ratios_chart(kind, [1], events, exposure)


def test_fixed_lines_and_parts_hold_for_every_chart():
    moments = list(range(1, 31))
    values = [10.0, 12.0] * 6 + [30.0] * 6 + [1.0, 3.0] * 6
    for kind, centre in ((Chart.I, [11.0] * 18 + [2.0] * 12), (Chart.RUN, [11.0] * 18 + [2.0] * 12)):
        chart = values_chart(kind, moments, values, rebases=[Rebase(19, "new desk", "C. Ortiz")], fix_after=12)
        assert (chart.centre.tolist(), len(chart.runs)) == (centre, 2)
    chart = ratios_chart(Chart.P, moments, values, [100.0] * 30, fix_after=12)
    assert chart.centre.tolist() == [0.11] * 30


def test_runs_by_hand():
    assert runs_of(np.array([1, 1, 1, NOTHING, 0, -1, 1, -1]), 0.0) == Runs(8, 6, 3, 6, 3, 1, signal=False)
    assert runs_of(np.array([1.0] * 9 + [-1.0] * 9), 0.0) == Runs(18, 18, 9, 7, 1, 5, signal=True)
    assert runs_of(np.zeros(4), 0.0) == Runs(4, 0, None, None, None, None, signal=False)


def test_the_fewest_crossings_are_the_binomial_five_percent_point():
    for useful in range(1, 200):
        values = np.array([1.0, -1.0] * useful)[:useful]
        told = runs_of(values, 0.0).n_crossings_min
        below = [sum(math.comb(useful - 1, k) for k in range(upto + 1)) / 2 ** (useful - 1)
                 for upto in (told - 1, told)]
        assert below[0] < 0.05 <= below[1]


def test_a_chart_of_days_keeps_its_days():
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(3)]
    assert xmr(days, [1.0, 2.0, 3.0]).moments == tuple(days)
