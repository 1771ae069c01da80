"""Survey scores: against the program step by step, and laws that any analysis must keep."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cahps_by_hand import Call, program
from twohats.analysis.measures.cahps.design import (
    Coded,
    Convention,
    Design,
    ItemWeights,
    Measure,
    People,
    Subsets,
    UnitDetail,
)
from twohats.analysis.measures.cahps.layout import layout_of
from twohats.analysis.measures.cahps.moments import Batch, Moments, moments_of
from twohats.analysis.measures.cahps.results import NothingToScore, Scored
from twohats.analysis.measures.cahps.scales import Recode, ScaleType, scale_of
from twohats.analysis.measures.cahps.scoring import scored

UNITS = ("North", "South", "East", "West", "Annex", "Lonely")
SCALES = {
    "yes": scale_of(ScaleType.YES_NO),
    "rating": scale_of(ScaleType.RATING),
    "often": scale_of(ScaleType.OFTEN),
    "three": scale_of(ScaleType.THREE),
    "five": scale_of(ScaleType.OTHER, 1, 5),
}


def answers(seed: int, scale: str, items: int, respondents: int = 240) -> Batch:
    """Respondents of six units: Annex answers some items seldom, Lonely has one respondent."""
    dice = np.random.default_rng(seed)
    unit = np.sort(dice.integers(0, 5, respondents))
    unit[-1] = 5
    low, high = SCALES[scale].low, SCALES[scale].high
    adjusters = np.column_stack([dice.integers(1, 6, respondents), dice.integers(1, 8, respondents)]).astype(float)
    mood = dice.normal(size=respondents)
    raw = (high - 1.2 * (high - low) * dice.random((respondents, items)) + mood[:, None]
           + 0.2 * adjusters[:, :1] - 0.1 * adjusters[:, 1:] + 0.3 * (unit == 1)[:, None])
    given_answers = np.clip(np.round(raw), low, high)
    given_answers[dice.random((respondents, items)) < 0.25] = np.nan
    given_answers[(unit == 4)[:, None] & (dice.random((respondents, items)) < 0.9)] = np.nan
    if items > 1:
        given_answers[unit == 4, 0] = np.nan
    adjusters[dice.random((respondents, 2)) < 0.08] = np.nan
    child = (dice.random(respondents) < 0.4).astype(float)
    child[dice.random(respondents) < 0.05] = np.nan
    weight = np.round(dice.gamma(2.0, 1.0, respondents), 2)
    return Batch(UNITS, unit, given_answers, adjusters, child, weight, np.round(dice.gamma(3.0, 1.0, respondents), 2))


def design(scale: str, items: int, **changed) -> Design:
    """A composite of all items, adjusted by two adjusters."""
    options = {name: changed.pop(name) for name in list(changed) if name in Measure.__dataclass_fields__}
    keys = tuple(f"Q{at}" for at in range(items))
    changed.setdefault("adjusters", (Coded("HEALTH", "HEALTH"), Coded("AGE", "AGE")))
    return Design("UNIT", {key: Coded(key, key, scale=SCALES[scale]) for key in keys},
                  (Measure("all", keys, adjusted_boxes=True, **options),), **changed)


def seen(batch: Batch, asked: Design) -> Batch:
    """The respondents as reading hands them over: weights and child only where asked for."""
    keep = np.ones(len(batch.unit), bool)
    if asked.people is People.CHILDREN:
        keep = batch.child == 1
    if asked.people is People.ADULTS:
        keep = batch.child != 1
    return Batch(
        batch.units, batch.unit[keep], batch.answers[keep],
        batch.adjusters[keep] if asked.adjusters else np.empty((int(keep.sum()), 0)), batch.child[keep],
        batch.weight[keep] if asked.answer_weight_column else None,
        batch.mean_weight[keep] if asked.mean_weight_column else None)


def score(batch: Batch, asked: Design, kinds: dict[str, str] | None = None) -> Scored:
    return scored(moments_of(seen(batch, asked), layout_of(asked)), asked, asked.measures[0], kinds)


def by_hand(batch: Batch, asked: Design, scale: str, kinds: dict[str, str] | None = None) -> dict:
    measure = asked.measures[0]
    codes = {ItemWeights.ANSWERS: 0, ItemWeights.EVEN: 1, ItemWeights.WEIGHTS: 2}
    people = {People.ALL: 0, People.BOTH: 1, People.CHILDREN: 2, People.ADULTS: 3}
    one = SCALES[scale]
    return program(Call(
        plan=[batch.units[at] for at in batch.unit], items=batch.answers,
        adjusters=batch.adjusters if asked.adjusters else np.empty((len(batch.unit), 0)), low=one.low, high=one.high,
        boxes=[(box.low, box.high) for box in one.boxes], remainder=one.remainder, child=batch.child,
        wgtresp=batch.weight if asked.answer_weight_column else None,
        wgtmean=batch.mean_weight if asked.mean_weight_column else None, wgtplan=asked.units_by_weight,
        impute=asked.impute, even_wgt=codes[measure.item_weights], k=measure.least_answers,
        smoothing=measure.smoothing, adultkid=people[asked.people], split=kinds or {},
        newplan={unit: (detail.reported_as, detail.weight) for unit, detail in asked.details.items()}
        if asked.strata else {},
        subset={unit: detail.subset for unit, detail in asked.details.items()},
        centred_in_subsets=asked.subsets is Subsets.CENTRED))


DETAILS = {"North": UnitDetail("Town", 300, "cold"), "South": UnitDetail("Town", 100, "warm"),
           "East": UnitDetail("Hill", 50, "warm"), "West": UnitDetail("Hill", 20, "cold"),
           "Annex": UnitDetail("Annex", 10, "cold"), "Lonely": UnitDetail("Lonely", 1, "warm")}
KINDS = {"North": "0", "South": "1", "East": "0", "West": "1", "Annex": "0", "Lonely": "1"}
WAYS = {
    "plain": {},
    "no adjusters": {"adjusters": ()},
    "imputed": {"impute": True},
    "items weighted by answers": {"item_weights": ItemWeights.ANSWERS, "impute": True},
    "items weighted by weights": {"item_weights": ItemWeights.WEIGHTS, "answer_weight_column": "W"},
    "few answers weigh less": {"least_answers": 12, "impute": True},
    "weighted answers": {"answer_weight_column": "W"},
    "weighted answers, no adjusters": {"answer_weight_column": "W", "adjusters": ()},
    "weighted means": {"mean_weight_column": "M", "impute": True},
    "weighted units": {"mean_weight_column": "M", "answer_weight_column": "W", "units_by_weight": True, "impute": True},
    "smoothed": {"smoothing": 20.0},
    "children and adults": {"people": People.BOTH, "impute": True},
    "children and adults, complete": {"people": People.BOTH, "answer_weight_column": "W"},
    "children": {"people": People.CHILDREN},
    "adults": {"people": People.ADULTS, "impute": True},
    "strata": {"strata": True, "details": DETAILS, "impute": True, "smoothing": 15.0},
    "centred in subsets": {"subsets": Subsets.CENTRED, "details": DETAILS, "mean_weight_column": "M",
                           "units_by_weight": True},
    "split": {"split_column": "KIND", "impute": True},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("scale", "items"), [("yes", 1), ("rating", 1), ("often", 4), ("three", 3), ("five", 2)])
def test_sums_tell_what_the_program_tells_respondent_by_respondent(way: str, scale: str, items: int):
    batch, asked = answers(items, scale, items), design(scale, items, **WAYS[way])
    kinds = KINDS if asked.split_column else None
    ours, theirs = score(batch, asked, kinds), by_hand(batch, asked, scale, kinds)
    told = {unit: values for group in ours.groups for unit, values in _told(group).items()}
    assert told == {unit: pytest.approx(values, rel=1e-9, abs=1e-12) for unit, values in theirs["units"].items()}
    assert {shares.unit: shares.adjusted for shares in ours.boxes} == {
        unit: pytest.approx(shares, rel=1e-9, abs=1e-12) for unit, shares in theirs["adj_bars"].items()}
    assert [float(at) for _, _, _, model in _by_item(ours) for at in model.coefficients] == pytest.approx(
        [float(at) for model in theirs["coefficients"] for at in model], rel=1e-8, abs=1e-11)
    assert [model.r_squared for _, _, _, model in _by_item(ours)] == pytest.approx(theirs["rsq"], rel=1e-9)
    last = ours.overall[-1 if asked.subsets is Subsets.CENTRED else 0].comparison
    assert (last.grand_mean, last.f, last.within, last.overall_mean) == pytest.approx(
        (theirs["gm"], theirs["f"], theirs["dfe"], theirs["ov_mean"]), rel=1e-9)


def _by_item(ours: Scored) -> list:
    return sorted(ours.fits, key=lambda row: (row[2], row[1]))


def _told(group) -> dict[str, dict[str, float]]:
    tests = group.comparison
    columns = {"una": group.unadjusted, "uwt": group.unweighted, "adj": tests.adjusted, "vp": group.variance,
               "delta": tests.difference, "se": tests.error, "wgt": group.weight, "usen": group.analysed}
    return {unit: {name: column[at] for name, column in columns.items()} for at, unit in enumerate(group.units)}


@pytest.mark.parametrize("way", ["plain", "imputed", "weighted answers", "children and adults"])
def test_residuals_are_those_of_the_program(way: str):
    batch, asked = answers(3, "often", 3), design("often", 3, **WAYS[way])
    own = seen(batch, asked)
    ours = score(batch, asked).residuals[0].of(own)
    analysed = ~np.isnan(ours)
    told = {unit: ours[analysed & (own.unit == at)].tolist() for at, unit in enumerate(own.units)}
    theirs = by_hand(batch, asked, "often")["residuals"]
    assert told == {unit: pytest.approx(theirs.get(unit, np.array([])).tolist(), abs=1e-12) for unit in own.units}


def everything(ours: Scored) -> list[float]:
    """Every number that is told of a measure, in one list."""
    numbers: list[float] = []
    for group in ours.groups:
        tests = group.comparison
        for unit in _told(group).values():
            numbers += map(float, unit.values())
        numbers += [*map(float, tests.mark), *map(float, tests.t_p), tests.overall_mean, tests.grand_mean or 0.0,
                    tests.f or 0.0, tests.p or 0.0]
    numbers += [share for shares in ours.boxes for share in (*shares.shares, *(shares.adjusted or ()))]
    return numbers + [missing.share for missing in ours.missing]


seeds = st.integers(0, 2**31)
ways = st.sampled_from(sorted(set(WAYS) - {"split", "strata", "centred in subsets"}))


@settings(max_examples=25, deadline=None)
@given(seed=seeds, way=ways, shift=st.floats(-1e6, 1e6))
def test_moving_an_adjuster_by_a_constant_changes_no_score(seed: int, way: str, shift: float):
    batch, asked = answers(seed, "often", 3), design("often", 3, **WAYS[way])
    moved = replace(batch, adjusters=batch.adjusters + np.array([shift, 0.0]))
    assert everything(score(moved, asked)) == pytest.approx(everything(score(batch, asked)), rel=1e-6, abs=1e-8)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, way=ways, order=st.permutations(range(6)))
def test_other_names_of_units_change_no_score(seed: int, way: str, order: list[int]):
    batch, asked = answers(seed, "rating", 2), design("rating", 2, **WAYS[way])
    names = tuple(f"unit {at}" for at in order)
    renamed = score(replace(batch, units=names), asked).groups[0]
    plain = score(batch, asked).groups[0]
    new_name = dict(zip(batch.units, names, strict=True))
    assert {new_name[unit]: told for unit, told in _told(plain).items()} == {
        unit: pytest.approx(told, rel=1e-9, abs=1e-12) for unit, told in _told(renamed).items()}


@settings(max_examples=25, deadline=None)
@given(seed=seeds, way=ways, parts=st.integers(2, 9), dealt=seeds)
def test_sums_of_parts_in_any_split_and_order_are_those_of_the_whole(seed: int, way: str, parts: int, dealt: int):
    batch, asked = answers(seed, "often", 3), design("often", 3, **WAYS[way])
    own = seen(batch, asked)
    part = np.random.default_rng(dealt).integers(0, parts, len(own.unit))
    total: Moments | None = None
    for at in range(parts):
        here = part == at
        if here.any():
            summed = moments_of(_rows(own, here), layout_of(asked))
            total = summed if total is None else total + summed
    assert total is not None
    whole = scored(moments_of(own, layout_of(asked)), asked, asked.measures[0])
    assert everything(scored(total, asked, asked.measures[0])) == pytest.approx(everything(whole), rel=1e-9, abs=1e-11)


def _rows(batch: Batch, here: np.ndarray) -> Batch:
    """Some respondents; units that have none of them are not named."""
    there = np.unique(batch.unit[here])
    return Batch(tuple(batch.units[at] for at in there), np.searchsorted(there, batch.unit[here]), batch.answers[here],
                 batch.adjusters[here], batch.child[here], None if batch.weight is None else batch.weight[here],
                 None if batch.mean_weight is None else batch.mean_weight[here])


@settings(max_examples=25, deadline=None)
@given(seed=seeds, impute=st.booleans())
def test_weights_of_one_are_no_weights(seed: int, impute: bool):
    batch = replace(answers(seed, "often", 3), weight=np.ones(240), mean_weight=np.ones(240))
    none = score(batch, design("often", 3, impute=impute))
    ones = score(batch, design("often", 3, impute=impute, answer_weight_column="W", mean_weight_column="M"))
    assert everything(ones) == pytest.approx(everything(none), rel=1e-9, abs=1e-11)


def rows(units: str, values: list[float | None]) -> Batch:
    """A unit's letter for each respondent, and what they answered."""
    names = tuple(dict.fromkeys(units))
    column = np.array([[np.nan if value is None else value] for value in values])
    return Batch(names, np.array([names.index(unit) for unit in units]), column, np.empty((len(values), 0)),
                 np.zeros(len(values)))


def test_a_unit_whose_answers_are_all_alike_has_no_variance_and_no_say_in_the_overall_test():
    asked = design("often", 1, adjusters=())
    ours = score(rows("AAABBBBCCC", [4, 4, 4, 1, 2, 3, 4, 2, 3, 3]), asked)
    tests = ours.groups[0].comparison
    assert ours.groups[0].variance.tolist() == pytest.approx([0.0, 5 / 16, 2 / 3 / 9])
    assert ours.groups[0].variance[0] == 0
    assert np.isfinite(tests.t).all() and tests.f is not None
    assert "unit A: the answers are all alike, so its variance is 0; smoothing would help" in ours.warnings
    smoothed = score(rows("AAABBBBCCC", [4, 4, 4, 1, 2, 3, 4, 2, 3, 3]),
                     design("often", 1, adjusters=(), smoothing=15.0))
    assert (smoothed.groups[0].variance > 0).all()


def test_where_no_answer_varies_nothing_is_tested_and_nothing_is_marked():
    ours = score(rows("AAABBB", [4, 4, 4, 1, 1, 1]), design("often", 1, adjusters=()))
    tests = ours.groups[0].comparison
    assert (tests.f, tests.p, tests.grand_mean, tests.unit_reliability) == (None, None, None, None)
    assert (tests.mark.tolist(), tests.t.tolist()) == ([2, 2], [0, 0])


def test_one_unit_only_has_a_mean_and_no_test():
    ours = score(rows("AAAB", [4, 2, 3, 1]), design("often", 1, adjusters=()))
    tests = ours.groups[0].comparison
    assert (ours.groups[0].units, tests.overall_mean, tests.f, tests.mark.tolist()) == (("A",), 3.0, None, [2])
    assert [(gone.unit, gone.analysed) for gone in ours.dropped] == [("B", 1)]
    assert "one unit only: there is nothing to compare it with, so no overall test" in ours.warnings


def test_no_unit_with_two_respondents_is_nothing_to_score():
    with pytest.raises(NothingToScore):
        score(rows("AB", [4, 2]), design("often", 1, adjusters=()))


def test_an_adjuster_that_does_not_vary_gets_coefficient_0_and_says_so():
    batch = answers(5, "often", 1)
    flat = replace(batch, adjusters=np.column_stack([np.full(240, 3.0), batch.adjusters[:, 1]]))
    ours = score(flat, design("often", 1))
    assert ours.fits[0][3].coefficients[0] == 0
    assert "item Q0: HEALTH does not vary on its own within units; its coefficient is 0" in ours.warnings
    twice = replace(batch, adjusters=np.column_stack([batch.adjusters[:, 1]] * 2))
    assert score(twice, design("often", 1)).fits[0][3].coefficients[1] == 0


def test_a_unit_of_which_an_adjuster_is_never_known_is_left_out():
    batch = answers(6, "often", 1)
    unknown = np.where((batch.unit == 2)[:, None] & np.array([[True, False]]), np.nan, batch.adjusters)
    ours = score(replace(batch, adjusters=unknown), design("often", 1, impute=True))
    assert "East" not in ours.groups[0].units
    assert "unit East: 0 usable respondents, not analysed; an adjuster is unknown for all its respondents" in (
        ours.warnings)


def test_a_mark_needs_the_least_difference_too():
    dice = np.random.default_rng(1)
    values = [float(v) for v in np.concatenate([dice.integers(1, 4, 400), dice.integers(2, 5, 400)])]
    batch = rows("A" * 400 + "B" * 400, values)
    assert score(batch, design("often", 1, adjusters=())).groups[0].comparison.mark.tolist() == [1, 3]
    for asked in (design("often", 1, adjusters=(), least_difference=0.6),
                  design("often", 1, adjusters=(), change=0.4)):
        assert score(batch, asked).groups[0].comparison.mark.tolist() == [2, 2]


def test_tests_on_boxes_are_tests_on_1_2_3():
    batch = answers(7, "rating", 1)
    boxed = np.select([batch.answers <= 7, batch.answers <= 9], [1.0, 2.0], 3.0)
    boxed[np.isnan(batch.answers)] = np.nan
    ours = score(batch, design("rating", 1, recode=Recode.HIGH_BOXES))
    theirs = score(replace(batch, answers=boxed), design("three", 1))
    assert [unit.values() for unit in map(dict, _told(ours.groups[0]).values())] != []
    assert {unit: pytest.approx(told) for unit, told in _told(theirs.groups[0]).items()} == _told(ours.groups[0])
    assert [shares.shares for shares in ours.boxes] == [pytest.approx(shares.shares) for shares in theirs.boxes]


def test_the_instructions_convention_differs_by_n_over_n_minus_1_and_by_degrees_of_freedom():
    batch = answers(8, "often", 2)
    macro = score(batch, design("often", 2)).groups[0]
    said = score(batch, design("often", 2, convention=Convention.INSTRUCTIONS_2017)).groups[0]
    n = macro.analysed
    assert said.variance.tolist() == pytest.approx((macro.variance * n / (n - 1)).tolist())
    assert said.comparison.t_within.tolist() == (n - 1).tolist()
    assert said.comparison.within == pytest.approx(n.sum() / len(n))
    assert macro.comparison.within == n.sum() - len(n) - 2


def test_subsets_apart_are_analyses_of_their_own():
    batch = answers(9, "often", 2)
    together = score(batch, design("often", 2, subsets=Subsets.APART, details=DETAILS))
    assert [(overall.subset, len(overall.comparison.adjusted)) for overall in together.overall] == [
        ("cold", 3), ("warm", 2)]
    cold = np.isin(batch.unit, [0, 3, 4])
    alone = scored(moments_of(_rows(seen(batch, design("often", 2)), cold), layout_of(design("often", 2))),
                   design("often", 2), design("often", 2).measures[0])
    assert _told(together.groups[0]) == {unit: pytest.approx(told) for unit, told in _told(alone.groups[0]).items()}


def test_reliability_by_the_instructions():
    group = score(answers(10, "rating", 1), design("rating", 1)).groups[0]
    n, mean, error2 = group.analysed, group.comparison.adjusted, group.variance
    whole = (n * mean).sum() / n.sum()
    within = (n * n * error2).sum() / n.sum()
    between = sum(n[at] * (mean[at] - whole) ** 2 - within for at in range(len(n))) / (n.sum() * (1 - 1 / len(n)))
    between = max(between, 0)
    assert group.comparison.unit_reliability.tolist() == pytest.approx((between / (between + error2)).tolist())
    assert group.comparison.reliability == pytest.approx(max(0, 1 - 1 / group.comparison.f))
