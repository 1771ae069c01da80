"""Funnels: four types with over-dispersion, equal to the reference and to what one works out by hand."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from twohats.store.charts.funnel import Funnel, Place, drawn_limits, funnel_plot, group_of
from twohats.words.problems import Problem

CASES = {"PR": Funnel.SHARES, "SR_SHMI": Funnel.SHMI, "SR_CQC": Funnel.CQC, "RC": Funnel.RATIOS}
AS_ONE = 1e-9


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def column(rows: list[dict[str, str]], name: str) -> list[float]:
    return [math.nan if row[name] == "NA" else float(row[name]) for row in rows]


def counts_of(rows: list[dict[str, str]], case: str) -> tuple[list[float], list[float]]:
    breaches, attendances, admissions = (column(rows, name) for name in ("breaches", "attendances", "admissions"))
    ratio = sum(admissions) / sum(attendances)
    return {"PR": (breaches, attendances), "RC": (breaches, admissions)}.get(
        case, (admissions, [ratio * one for one in attendances]))


@pytest.mark.parametrize("case", CASES)
def test_funnels_are_those_of_funnelplotr(shared_data: Path, case: str):
    rows = table(shared_data / "spc" / "funnel_input_2018_12.csv")
    expected = table(shared_data / "spc" / f"funnel_expected_2018_12_{case}.csv")
    summary = next(row for row in table(shared_data / "spc" / "funnel_expected_2018_12_summary.csv")
                   if row["case"] == case)
    plot = funnel_plot(CASES[case], [row["org_code"] for row in rows], *counts_of(rows, case))
    assert list(plot.units) == [row["group"] for row in expected]
    assert [plot.target, plot.phi, plot.tau2] == pytest.approx(
        [float(summary[name]) for name in ("target", "phi", "tau2")], rel=AS_ONE)
    assert int(np.isfinite(plot.z_trimmed).sum()) == int(summary["n_used"])
    lines = {
        "denominator": plot.denominators, "numerator": plot.numerators, "rr": plot.ratios, "Y": plot.transformed,
        "s": plot.sigma, "Uzscore": plot.z, "Wuzscore": plot.z_trimmed,
        **{f"{prefix}{side}{level}": getattr(limits, f"{name}_{level}")
           for prefix, limits in (("", plot.limits), ("od", plot.overdispersed))
           for side, name in (("ll", "lower"), ("ul", "upper")) for level in ("95", "998")},
    }
    for name, line in lines.items():
        assert line.tolist() == pytest.approx(column(expected, name), rel=AS_ONE, abs=1e-14, nan_ok=True), name
    assert [place is not Place.INSIDE for place in plot.places] == [row["outside_od998"] == "TRUE" for row in expected]
    trimmed = "truncated" if case == "SR_SHMI" else "winsorised"
    assert plot.trimmed.tolist() == [row[trimmed] == "1" for row in expected]
    if case == "SR_SHMI":
        assert plot.rank.tolist() == column(expected, "rk")
        assert group_of(plot.rank).tolist() == column(expected, "sp")
    alone = funnel_plot(CASES[case], [row["org_code"] for row in rows], *counts_of(rows, case), overdispersion=False)
    assert [place is not Place.INSIDE for place in alone.places] == [row["outside_998"] == "TRUE" for row in expected]


def test_a_share_by_hand():
    plot = funnel_plot(Funnel.SHARES, ["A", "B"], [10, 30], [100, 100])
    angle, width = math.asin(math.sqrt(0.2)), 1.959964 / 20
    assert plot.target == 0.2
    assert plot.limits.lower_95.tolist() == pytest.approx([math.sin(angle - width) ** 2] * 2)
    assert plot.limits.upper_95.tolist() == pytest.approx([math.sin(angle + width) ** 2] * 2)
    away = [(math.asin(math.sqrt(share)) - angle) * 20 for share in (0.1, 0.3)]
    drawn_in = [away[0] + 0.1 * (away[1] - away[0]), away[1] - 0.1 * (away[1] - away[0])]
    assert plot.phi == pytest.approx((drawn_in[0] ** 2 + drawn_in[1] ** 2) / 2)
    assert plot.tau2 == pytest.approx((2 * plot.phi - 1) / (800 - 400))


def test_exact_limits_of_observed_and_expected_hold_their_share_of_chance():
    plot = funnel_plot(Funnel.CQC, ["A", "B"], [9, 12], [10.0, 11.0])
    for expected, lower, upper in zip(plot.denominators, plot.limits.lower_95, plot.limits.upper_95, strict=True):
        inside = poisson.cdf(math.floor(upper * expected), expected) - poisson.cdf(
            math.ceil(lower * expected) - 1, expected)
        assert inside >= 0.95


def test_past_nought_and_one_a_limit_of_a_share_turns_no_more():
    plot = funnel_plot(Funnel.SHARES, ["A", "B", "C", "D"], [0, 1, 0, 9], [3, 2, 40, 900])
    assert plot.limits.lower_998.tolist()[:3] == [0.0, 0.0, 0.0]
    assert (plot.limits.upper_998 <= 1).all()
    assert (plot.overdispersed.lower_998 <= plot.limits.lower_998).all()


def test_over_dispersion_is_on_by_default_and_can_be_declined():
    chance = np.random.default_rng(11)
    shares = chance.beta(20, 80, 60)
    counts = chance.integers(500, 3_000, 60)
    events = chance.binomial(counts, shares)
    units = [f"U{place:02}" for place in range(60)]
    wide, narrow = (funnel_plot(Funnel.SHARES, units, events, counts, overdispersion=on) for on in (True, False))
    outside = [sum(place is not Place.INSIDE for place in plot.places) for plot in (wide, narrow)]
    assert (wide.adjusted, narrow.adjusted, wide.phi > 5, outside[0] < 3 < 20 < outside[1]) == (True, False, True, True)


def test_units_that_differ_by_chance_alone_have_the_limits_of_chance():
    plot = funnel_plot(Funnel.SHARES, ["A", "B", "C"], [20, 21, 19], [100, 100, 100])
    assert (plot.phi < 1, plot.tau2, plot.adjusted, set(plot.places)) == (True, 0.0, False, {Place.INSIDE})


def test_rows_of_a_unit_are_added_and_units_without_a_denominator_left_out():
    plot = funnel_plot(Funnel.SHARES, ["B", "A", "B", "C"], [1, 2, 3, 0], [10, 20, 30, 0])
    assert (plot.units, plot.numerators.tolist(), plot.denominators.tolist(), plot.left_out) == (
        ("A", "B"), [2.0, 4.0], [20.0, 40.0], ("C",))


def test_one_count_without_the_other_is_left_out_of_ratios():
    plot = funnel_plot(Funnel.RATIOS, ["A", "B", "C"], [7, 2, 3], [0, 20, 30])
    assert (plot.units, plot.target, plot.left_out) == (("B", "C"), 0.1, ("A",))


def test_a_unit_without_events_is_drawn_and_has_no_say_in_the_spread_of_logarithms():
    plot = funnel_plot(Funnel.SHMI, ["A", "B", "C"], [0, 9, 12], [10, 10, 10])
    others = funnel_plot(Funnel.SHMI, ["B", "C"], [9, 12], [10, 10])
    assert (plot.phi, plot.ratios[0], plot.places[0]) == (pytest.approx(others.phi), 0.0, Place.LOW)


@pytest.mark.parametrize("funnel, units, events, exposure, says", [
    (Funnel.SHARES, ["A"], [1], [2], "only one"), (Funnel.SHARES, [], [], [], "no unit"),
    (Funnel.SHARES, ["A", "B"], [3, 1], [2, 2], "above its denominator"),
    (Funnel.RATIOS, ["A", "B"], [-3, 1], [2, 2], "negative"), (Funnel.CQC, ["A", "B"], [3, 1], [0, 2], "is 0"),
    (Funnel.RATIOS, ["A", "B"], [0, 0], [1, 2], "no unit has any event"),
    (Funnel.RATIOS, ["A", "B"], [math.nan, 0], [1, 2], "needs a numerator"),
])
def test_what_cannot_be_compared_is_refused(funnel: Funnel, units, events, exposure, says: str):
    with pytest.raises(Problem, match=says):
        funnel_plot(funnel, units, events, exposure)


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 500)), min_size=2, max_size=30)


@given(counts, st.sampled_from(list(Funnel)))
def test_nothing_on_a_funnel_is_no_number(rows: list[tuple[int, int]], funnel: Funnel):
    if funnel is Funnel.RATIOS and not any(events for events, _ in rows):
        return
    plot = funnel_plot(funnel, [f"U{place:03}" for place in range(len(rows))], *zip(*rows, strict=True))
    told = np.concatenate([plot.ratios, plot.sigma, *vars(plot.limits).values(), *vars(plot.overdispersed).values()])
    assert np.isfinite([*told, plot.phi, plot.tau2, plot.target]).all()
    wider = plot.overdispersed.upper_998 - plot.overdispersed.lower_998
    assert (wider >= plot.overdispersed.upper_95 - plot.overdispersed.lower_95).all()


@given(counts)
def test_the_other_answer_turns_the_funnel_of_shares_over(rows: list[tuple[int, int]]):
    units = [f"U{place:03}" for place in range(len(rows))]
    events, exposure = np.array(rows).T
    plot, turned = (funnel_plot(Funnel.SHARES, units, one, exposure) for one in (events, exposure - events))
    assert turned.phi == pytest.approx(plot.phi, abs=1e-9)
    assert turned.limits.lower_998.tolist() == pytest.approx((1 - plot.limits.upper_998).tolist(), abs=1e-9)


def test_lines_are_drawn_through_every_units_own_limits():
    plot = funnel_plot(Funnel.RATIOS, ["A", "B", "C"], [10, 30, 25], [100, 90, 20])
    grid, plain, wider = drawn_limits(plot)
    where = [int(np.flatnonzero(grid == one)[0]) for one in plot.denominators]
    assert len(grid) >= 1_000
    assert plain.lower_95[where].tolist() == plot.limits.lower_95.tolist()
    assert wider.upper_998[where].tolist() == plot.overdispersed.upper_998.tolist()
