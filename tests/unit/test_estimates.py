"""Small units, drivers and effects: equal to the references, to what one works out by hand, and to laws."""

import csv
import math
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twohats.analysis.measures.estimates.drivers import drivers_of
from twohats.analysis.measures.estimates.effects import (
    difference_in_differences,
    hats_apart,
    interrupted_series,
)
from twohats.analysis.measures.estimates.shrinkage import Shrinkage, shrunken
from twohats.store.shrinkage import shrunken_by_sums
from twohats.words.hats import Hat
from twohats.words.problems import Problem

AS_ONE = 1e-9


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def column(rows: list[dict[str, str]], name: str) -> list[float]:
    return [float(row[name]) for row in rows]


def test_small_units_are_those_of_lme4(shared_data: Path):
    rows = table(shared_data / "spc" / "shrinkage_input.csv")
    found = shrunken([row["clinician"] for row in rows], column(rows, "score"), {
        "age": column(rows, "age"), "ghr": column(rows, "ghr"), "mode": [row["mode"] for row in rows]})
    variance = table(shared_data / "spc" / "shrinkage_expected_lme4_variance.csv")[0]
    told = {"var_clinician": found.variance_between, "var_residual": found.variance_within,
            "icc": found.share_between, "n_for_070": found.n_for_reliability, "loglik_reml": found.log_likelihood}
    assert told == pytest.approx({name: float(variance[name]) for name in told}, rel=1e-5)
    expected = table(shared_data / "spc" / "shrinkage_expected_lme4_units.csv")
    assert [(unit.unit, unit.n) for unit in found.units] == [(row["clinician"], int(row["n"])) for row in expected]
    for name, ours in (("blup", "apart"), ("blup_sd", "sd"), ("reliability", "reliability")):
        assert [getattr(unit, ours) for unit in found.units] == pytest.approx(column(expected, name), abs=1e-5)
    fixed = table(shared_data / "spc" / "shrinkage_expected_lme4_fixed.csv")
    assert list(found.coefficients) == ["constant", "age", "ghr", "mode: phone", "mode: web"]
    assert list(found.coefficients.values()) == pytest.approx(column(fixed, "estimate"), rel=1e-6)
    assert list(found.standard_errors.values()) == pytest.approx(column(fixed, "se"), rel=1e-6)


def test_equal_units_have_the_variances_of_the_analysis_of_variance():
    scores = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    found = shrunken(list("AABBCC"), scores)
    between, within = 2 * np.var([2, 6, 10], ddof=1), 2.0
    assert (found.variance_within, found.variance_between) == pytest.approx((within, (between - within) / 2), rel=1e-6)
    share = found.variance_between / (found.variance_between + within / 2)
    assert [unit.apart for unit in found.units] == pytest.approx([-4 * share, 0, 4 * share], abs=1e-6)
    assert [unit.shrunken for unit in found.units] == pytest.approx([6 - 4 * share, 6, 6 + 4 * share], abs=1e-6)
    assert [unit.reliability for unit in found.units] == pytest.approx([share] * 3, rel=1e-6)
    assert found.n_for_reliability == pytest.approx(0.7 / 0.3 * within / found.variance_between, rel=1e-6)
    sd = math.sqrt(found.variance_between * (1 - share))
    assert [unit.upper - unit.lower for unit in found.units] == pytest.approx([2 * 1.959963984540054 * sd] * 3)


def test_units_that_do_not_differ_are_all_drawn_to_the_overall_score():
    found = shrunken(list("AABB"), [1.0, 3.0, 1.0, 3.0])
    assert (found.variance_between, found.n_for_reliability, found.share_between) == (0.0, None, 0.0)
    assert [(unit.shrunken, unit.reliability, unit.sd) for unit in found.units] == [(2.0, 0.0, 0.0)] * 2


def some_scores(seed: int) -> tuple[list[str], np.ndarray, dict[str, list]]:
    chance = np.random.default_rng(seed)
    where = chance.integers(0, 12, 200)
    age, mode = chance.integers(1, 6, 200), chance.choice(["mail", "web"], 200)
    scores = 70 + 3 * chance.standard_normal(12)[where] + 2 * age + (mode == "web") + 9 * chance.standard_normal(200)
    return [f"D{place:02}" for place in where], scores, {"age": age.tolist(), "mode": mode.tolist()}


@given(st.integers(0, 400))
@settings(max_examples=40)
def test_every_unit_is_drawn_toward_the_mean_the_more_the_fewer_answers(seed: int):
    units, scores, _ = some_scores(seed)
    found = shrunken(units, scores)
    for unit in found.units:
        low, high = sorted((found.overall, unit.raw + (found.overall - found.coefficients["constant"])))
        assert low - 1e-9 <= unit.shrunken <= high + 1e-9
    ordered = sorted(found.units, key=lambda unit: unit.n)
    assert [unit.reliability for unit in ordered] == sorted(unit.reliability for unit in ordered)


def test_the_likelihood_is_nowhere_higher():
    units, scores, adjusters = some_scores(5)
    found = shrunken(units, scores, adjusters)
    x = np.column_stack([np.ones(200), adjusters["age"], np.array(adjusters["mode"]) == "web"]).astype(float)
    together = (np.array(units)[:, None] == np.array(units)[None, :]).astype(float)

    def likelihood(between: float, within: float) -> float:
        v = within * np.eye(200) + between * together
        inverse = np.linalg.inv(v)
        middle = x.T @ inverse @ x
        left = scores - x @ np.linalg.solve(middle, x.T @ inverse @ scores)
        return -0.5 * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(middle)[1] + left @ inverse @ left
                       + (200 - 3) * math.log(2 * math.pi))

    best = found.variance_between, found.variance_within
    assert likelihood(*best) == pytest.approx(found.log_likelihood, rel=1e-10)
    for between, within in ((0.9, 1), (1.1, 1), (1, 0.97), (1, 1.03), (0.9, 1.03)):
        assert likelihood(best[0] * between, best[1] * within) < found.log_likelihood


def test_shifting_and_scaling_scores_shifts_and_scales_units():
    units, scores, adjusters = some_scores(9)
    plain, moved = shrunken(units, scores, adjusters), shrunken(units, 1_000_000 + 4 * scores, adjusters)
    assert [unit.shrunken for unit in moved.units] == pytest.approx(
        [1_000_000 + 4 * unit.shrunken for unit in plain.units], rel=1e-9)
    assert moved.variance_between == pytest.approx(16 * plain.variance_between, rel=1e-5)


def test_answers_with_anything_missing_are_left_out_and_what_repeats_another_adjuster_too():
    units, scores, adjusters = some_scores(9)
    plain = shrunken(units, scores, adjusters)
    more = {**adjusters, "months": [12 * age for age in adjusters["age"]], "same": ["x"] * 200}
    wider = {name: [*values, None] for name, values in more.items()}
    found = shrunken([*units, "D01", "D01", ""], [*scores, math.nan, 70.0, 70.0],
                     {name: [*values, values[0]] for name, values in wider.items()} | {
                         "age": [*adjusters["age"], 3, None, 3], "mode": [*adjusters["mode"], "web", "web", "web"],
                         "months": [*more["months"], 36, 36, 36], "same": ["x"] * 203})
    assert (found.n, found.left_out, found.adjusters_left_out) == (200, 3, ("months",))
    assert found.coefficients == pytest.approx(plain.coefficients)


@pytest.mark.parametrize("units, scores, says", [
    (["A", "A", "A"], [1.0, 2.0, 3.0], "with itself"), (["A", "B", "C"], [1.0, 2.0, 3.0], "too few"),
    (["A", "A", "B"], [2.0, 2.0, 2.0], "does not vary"), (["A", "B"], [math.nan, math.nan], "nothing is left"),
])
def test_units_that_cannot_be_told_from_chance_are_refused(units: list[str], scores: list[float], says: str):
    with pytest.raises(Problem, match=says):
        shrunken(units, scores)


def test_units_without_noise_have_no_empty_number():
    found = shrunken(list("AABB"), [1.0, 1.0, 3.0, 3.0])
    assert isinstance(found, Shrinkage)
    assert [unit.shrunken for unit in found.units] == pytest.approx([1.0, 3.0], abs=1e-4)
    assert all(math.isfinite(number) for unit in found.units for number in (unit.sd, unit.lower, unit.reliability))


def test_drivers_are_those_of_the_reference(shared_data: Path):
    rows = table(shared_data / "spc" / "drivers_input.csv")
    names = [name for name in rows[0] if name != "overall"]
    found = drivers_of(column(rows, "overall"), {name: column(rows, name) for name in names}, resamples=50)
    expected = table(shared_data / "spc" / "drivers_expected.csv")
    assert [driver.name for driver in found.drivers] == [row["driver"] for row in expected]
    for name, ours in (("lmg_shapley", "share"), ("johnson_relative_weight", "relative_weight"),
                       ("std_beta", "std_beta")):
        assert [getattr(driver, ours) for driver in found.drivers] == pytest.approx(column(expected, name), rel=AS_ONE)
    assert found.r2 == pytest.approx(float(expected[0]["r2"]), rel=AS_ONE)


def some_drivers(seed: int, count: int = 4, n: int = 120) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    chance = np.random.default_rng(seed)
    common = chance.standard_normal(n)
    drivers = {f"d{place}": chance.standard_normal(n) + 0.7 * common for place in range(count)}
    overall = sum((place + 1) * values for place, values in enumerate(drivers.values())) + 4 * chance.standard_normal(n)
    return overall, drivers


@given(st.integers(0, 1_000), st.integers(1, 6))
@settings(max_examples=30)
def test_shares_add_up_to_r2_and_each_is_the_mean_gain(seed: int, count: int):
    overall, drivers = some_drivers(seed, count)
    found = drivers_of(overall, drivers, resamples=2)
    x = np.column_stack([np.ones(len(overall)), *drivers.values()])
    left = overall - x @ np.linalg.lstsq(x, overall, rcond=None)[0]
    r2 = 1 - left @ left / ((overall - overall.mean()) @ (overall - overall.mean()))
    assert sum(driver.share for driver in found.drivers) == pytest.approx(r2)
    assert sum(driver.relative_weight for driver in found.drivers) == pytest.approx(r2)
    assert min(driver.share for driver in found.drivers) > -1e-12


def test_independent_drivers_have_their_squared_correlations():
    first = np.array([1.0, 1, -1, -1] * 5)
    second = np.array([1.0, -1, 1, -1] * 5)
    overall = 2 * first + second + np.array([0.5, -0.5, -0.5, 0.5] * 5)
    found = drivers_of(overall, {"first": first, "second": second}, resamples=2)
    assert [driver.share for driver in found.drivers] == pytest.approx([4 / 5.25, 1 / 5.25])
    assert [driver.std_beta for driver in found.drivers] == pytest.approx([2 / 5.25 ** 0.5, 1 / 5.25 ** 0.5])


def test_drivers_that_repeat_each_other_share_what_they_explain():
    overall, drivers = some_drivers(4, count=1)
    found = drivers_of(overall, {"d0": drivers["d0"], "again": 3 * drivers["d0"] + 1}, resamples=2)
    alone = drivers_of(overall, drivers, resamples=2).r2
    assert [driver.share for driver in found.drivers] == pytest.approx([alone / 2] * 2)
    assert [driver.relative_weight for driver in found.drivers] == pytest.approx([alone / 2] * 2)


def test_the_bootstrap_is_that_of_its_seed_and_holds_the_share():
    overall, drivers = some_drivers(8)
    found, again, other = (drivers_of(overall, drivers, resamples=200, seed=seed) for seed in (1, 1, 2))
    assert found == again
    assert found != other
    assert all(driver.lower < driver.share < driver.upper for driver in found.drivers)


def test_hats_have_the_shares_of_their_drivers_and_words_say_association():
    overall, drivers = some_drivers(8)
    hats = {"d0": Hat.PATIENT, "d1": Hat.CUSTOMER, "d2": Hat.PATIENT, "d3": Hat.CUSTOMER}
    found = drivers_of(overall, drivers, hats=hats, resamples=50)
    shares = [driver.share for driver in found.drivers]
    assert {told.hat: told.share for told in found.hats} == {
        Hat.PATIENT: pytest.approx(shares[0] + shares[2]), Hat.CUSTOMER: pytest.approx(shares[1] + shares[3])}
    assert found.words.en.startswith("Association:")
    assert found.words.es.startswith("Asociación:")


def test_a_part_of_the_overall_score_is_refused_as_its_driver():
    overall, drivers = some_drivers(8)
    with pytest.raises(Problem, match="d1, d3: part of the overall score"):
        drivers_of(overall, drivers, parts_of_overall=["d3", "d1", "other"])


def test_drivers_that_cannot_be_judged_are_refused():
    overall, drivers = some_drivers(8)
    for wrong, says in (
        ({}, "0 drivers"), ({f"d{place}": overall for place in range(13)}, "13 drivers"),
        ({"d0": np.ones(120)}, "d0 does not vary"), ({"d0": [*[math.nan] * 118, 1, 2]}, "too few"),
    ):
        with pytest.raises(Problem, match=says):
            drivers_of(overall, wrong)
    with pytest.raises(Problem, match="overall score does not vary"):
        drivers_of(np.ones(120), drivers)


def test_answers_with_a_missing_driver_are_left_out():
    overall, drivers = some_drivers(8)
    gappy = {name: np.append(values, math.nan) for name, values in drivers.items()}
    found = drivers_of(np.append(overall, 1.0), gappy, resamples=2)
    assert (found.n, found.left_out, found.r2) == (120, 1, drivers_of(overall, drivers, resamples=2).r2)


def test_difference_in_differences_is_that_of_r(shared_data: Path):
    rows = table(shared_data / "spc" / "did_input.csv")
    expected = table(shared_data / "spc" / "did_expected.csv")[0]
    found = difference_in_differences(
        [row["site"] for row in rows], [int(row["month"]) for row in rows],
        [row["treated"] == "TRUE" and row["post"] == "TRUE" for row in rows], column(rows, "score"))
    names = ("estimate", "se_cluster_site_HC1", "se_cluster_site_HC0_no_adjust", "se_iid")
    assert [found.estimate, found.se, found.se_unadjusted, found.se_independent] == pytest.approx(
        [float(expected[name]) for name in names], rel=AS_ONE)
    assert (found.n, found.clusters, found.warnings) == (int(expected["n"]), int(expected["clusters"]), ())


def test_two_units_and_two_times_by_hand():
    units, times = list("AABBCC"), [1, 2] * 3
    found = difference_in_differences(units, times, [False, True, False, False, False, False], [1, 9, 2, 4, 3, 7])
    assert found.estimate == pytest.approx((9 - 1) - ((4 - 2) + (7 - 3)) / 2)
    assert len(found.warnings) == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_panel_with_gaps_equals_the_regression_with_every_dummy(seed: int):
    chance = np.random.default_rng(seed)
    unit, time = np.repeat(np.arange(9), 8), np.tile(np.arange(8), 9)
    kept = chance.random(72) > 0.2
    unit, time = unit[kept], time[kept]
    treated = (unit < 4) & (time >= 3 + unit % 2)
    y = chance.standard_normal(9)[unit] + time + 2.0 * treated + chance.standard_normal(len(unit))
    dummies = [*(unit == one for one in range(9)), *(time == one for one in range(1, 8))]
    x = np.column_stack([treated, *dummies]).astype(float)
    inverse, n, k = np.linalg.inv(x.T @ x), len(y), x.shape[1]
    left = y - x @ (inverse @ x.T @ y)
    of_unit = np.array([x[unit == one].T @ left[unit == one] for one in range(9)])
    middle = inverse @ of_unit.T @ of_unit @ inverse
    found = difference_in_differences([f"S{one}" for one in unit], time.tolist(), treated.tolist(), y)
    assert [found.estimate, found.se, found.se_unadjusted, found.se_independent] == pytest.approx([
        (inverse @ x.T @ y)[0], math.sqrt(middle[0, 0] * 9 / 8 * (n - 1) / (n - k)), math.sqrt(middle[0, 0]),
        math.sqrt(left @ left / (n - k) * inverse[0, 0])], rel=AS_ONE)


@pytest.mark.parametrize("units, treated, scores, says", [
    (list("AAAA"), [0, 0, 1, 1], [1, 2, 3, 5], "only one unit"),
    (list("AABB"), [0, 1, 0, 1], [1, 2, 3, 5], "cannot be told"),
    (list("AABB"), [0, 0, 0, 0], [1, 2, 3, 5], "cannot be told"),
    (list("AABB"), [0, 1, 0, 0], [5, 5, 5, 5], "does not vary"),
    (list("AABB"), [0, 1, 0, 0], [1, 2, 3, 5], "no more rows"),
])
def test_effects_that_cannot_be_told_are_refused(units: list[str], treated: list[int], scores: list[float], says: str):
    with pytest.raises(Problem, match=says):
        difference_in_differences(units, [1, 2, 1, 2] if "B" in units else [1, 2, 3, 4], treated, scores)


def test_an_interrupted_series_is_that_of_r(shared_data: Path):
    rows = table(shared_data / "spc" / "its_input.csv")
    expected = table(shared_data / "spc" / "its_expected.csv")
    found = interrupted_series(column(rows, "score"), 12)
    terms = (found.start, found.slope, found.step, found.slope_after)
    for name, ours in (("estimate", "estimate"), ("se_newey_west_lag3", "se"), ("se_ols", "se_independent")):
        assert [getattr(term, ours) for term in terms] == pytest.approx(column(expected, name), rel=AS_ONE)
    assert (found.n, found.lag, found.left_out) == (24, 3, 0)


def test_a_step_and_a_bend_without_noise_are_found():
    series = [2.0 * time for time in range(1, 7)] + [2.0 * time + 5 + 3 * (time - 6) for time in range(7, 13)]
    series[2] = math.nan
    found = interrupted_series(series, 6)
    assert [term.estimate for term in (found.start, found.slope, found.step, found.slope_after)] == pytest.approx(
        [0, 2, 5, 3], abs=1e-9)
    assert (found.n, found.left_out) == (11, 1)


@pytest.mark.parametrize("series, before", [([1.0, 2, 3, 5, 4], 0), ([1.0, 2, 3, 5, 4], 1), ([1.0, 2, 3, 5], 2)])
def test_a_series_too_short_for_a_step_and_a_bend_is_refused(series: list[float], before: int):
    with pytest.raises(Problem, match="too few times"):
        interrupted_series(series, before)


def test_two_hats_apart_by_hand():
    found = hats_apart([80, 70, 90, math.nan], [70, 66, 74, 50])
    assert (found.difference, found.pairs, found.left_out) == (10.0, 3, 1)
    assert found.se == pytest.approx(6 / math.sqrt(3))
    assert (found.lower, found.upper) == pytest.approx((10 - 4.302652729749 * found.se, 10 + 4.302652729749 * found.se))
    t = 10 / found.se
    assert found.p == pytest.approx(1 - t / math.sqrt(2 + t * t))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=30))
def test_swapping_the_hats_turns_the_difference_over_and_nothing_else(scores: list[tuple[int, int]]):
    patient, customer = zip(*scores, strict=True)
    found, swapped = hats_apart(patient, customer), hats_apart(customer, patient)
    assert (swapped.difference, swapped.lower, swapped.upper, swapped.se, swapped.p) == pytest.approx(
        (-found.difference, -found.upper, -found.lower, found.se, found.p))
    assert all(math.isfinite(one) for one in (found.se, found.lower, found.upper, found.p))


def test_hats_that_lie_apart_by_the_same_in_all_have_no_noise():
    found = hats_apart([4.1, 5.1, 9.1], [3.1, 4.1, 8.1])
    assert (found.difference, found.se, found.p) == (pytest.approx(1.0), 0.0, 0.0)
    with pytest.raises(Problem, match="fewer than two"):
        hats_apart([1.0, math.nan], [2.0, 1.0])


@pytest.mark.parametrize("shares", [False, True])
def test_sums_by_unit_are_enough_where_there_are_no_adjusters(shares: bool):
    chance = np.random.default_rng(3)
    units = [f"u{place}" for place, n in enumerate((12, 30, 200, 7)) for _ in range(n)]
    scores = np.array([chance.normal(50 + 8 * int(unit[1:]), 10) for unit in units])
    scores = (scores > 60).astype(float) if shares else scores
    names = sorted(set(units))
    of_unit = [scores[np.array(units) == name] for name in names]
    found = shrunken_by_sums(names, [len(one) for one in of_unit], [one.sum() for one in of_unit],
                             [(one ** 2).sum() for one in of_unit])
    for one, expected in zip(found, shrunken(units, scores).units, strict=True):
        assert one.unit == expected.unit
        assert astuple(one)[1:] == pytest.approx(astuple(expected)[1:], rel=1e-6)


@pytest.mark.parametrize(("counts", "totals", "says"), [
    ([30], [12], "itself"), ([30, 40], [0, 0], "does not vary"), ([30, 40], [30, 40], "does not vary"),
    ([0, 0], [0, 0], "nothing is left"), ([1, 1], [0, 1], "too few"),
])
def test_sums_of_which_nothing_can_be_told_are_refused(counts: list[int], totals: list[int], says: str):
    with pytest.raises(Problem, match=says):
        shrunken_by_sums(["a", "b"][:len(counts)], counts, totals, totals)
