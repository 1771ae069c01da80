"""Scores of a measure from sums: composite means, case-mix adjustment, variances, box shares, comparison."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .adjusting import Fit, ItemSums, fit, item_sums, maps_of, names_of
from .comparing import Levels, Rule, compared
from .design import Convention, Design, ItemWeights, Measure, Subsets, UnitDetail
from .layout import View, box_views_of, have_boxes, scales_of, views_of
from .moments import Moments, full
from .residuals import Residuals
from .results import BoxShares, Dropped, Group, Missing, NothingToScore, Overall, Scored

FEW = 100
"""Under this many respondents the program warns."""
NO_VARIANCE = 1e-12
"""A variance that is this small a share of what it was made of is rounding: the answers were all alike."""


@dataclass(frozen=True)
class _Items:
    """One run of the model over some units: a composite of these views."""

    unadjusted: np.ndarray
    unweighted: np.ndarray
    adjustment: np.ndarray
    variance: np.ndarray
    unit_weight: np.ndarray
    weights: np.ndarray
    sums: tuple[ItemSums, ...]
    fits: tuple[tuple[Fit, ...], ...]


@dataclass
class _Run:
    """One measure over the sums of the units of one analysis."""

    moments: Moments
    design: Design
    measure: Measure
    kinds: dict[str, str]
    analysed: np.ndarray
    usable: np.ndarray
    """Units with every adjuster known at least once."""
    kept: np.ndarray
    maps: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.maps = maps_of(self.moments)

    def subset_of(self) -> np.ndarray:
        """The subset of each unit, one for all unless means are centred within subsets."""
        if self.design.subsets is not Subsets.CENTRED:
            return np.array([""] * len(self.moments.units))
        return np.array([_detail(self.design, unit).subset for unit in self.moments.units])

    def kind_names(self) -> tuple[str, ...]:
        """The kinds of unit with a case-mix model of their own."""
        return tuple(sorted({self.kinds.get(unit, "") for unit in self._kept_units()}))

    def kind(self) -> np.ndarray:
        """Where each unit's kind stands among the kinds; units that are not kept: nowhere."""
        names = self.kind_names()
        kinds = [self.kinds.get(unit, "") for unit in self.moments.units]
        return np.array([names.index(kind) if kind in names else -1 for kind in kinds])

    def _kept_units(self) -> list[str]:
        return [unit for unit, kept in zip(self.moments.units, self.kept, strict=True) if kept]

    def items(self, views: Sequence[View], counted: np.ndarray, variances: bool = True) -> _Items:
        """The model over these views; `counted` units make the item weights, kept ones everything else."""
        sums = tuple(item_sums(self.moments, view, self.maps) for view in views)
        weights = self._item_weights(sums, counted)
        kind = self.kind()
        fits = tuple(tuple(fit(one, self.kept & (kind == at)) for at in range(len(self.kind_names()))) for one in sums)
        unit_weight = (np.sum([one.mean_weight for one in sums], axis=0) if self._by_weight()
                       else np.full(len(self.kept), float(len(views))))
        adjustment = np.zeros(len(self.kept))
        if names_of(self.moments.layout):
            for one, own, weight in zip(sums, fits, weights.T, strict=True):
                centre = self._centre(one, unit_weight, kind)
                for at, model in enumerate(own):
                    here = self.kept & (kind == at) & (one.count > 0)
                    yhat = model.intercept + (centre - one.adjusters) @ model.coefficients
                    adjustment[here] += (weight * yhat)[here]
        return _Items(
            unadjusted=self._composite(views, sums, weights, "weighted_mean"),
            unweighted=self._composite(views, sums, weights, "mean"),
            adjustment=adjustment,
            variance=self._variance(views, sums, fits, weights, kind) if variances else np.zeros(len(self.kept)),
            unit_weight=unit_weight,
            weights=weights,
            sums=sums,
            fits=fits,
        )

    def _by_weight(self) -> bool:
        return self.design.units_by_weight and self.design.mean_weight_column is not None

    def _item_weights(self, sums: Sequence[ItemSums], counted: np.ndarray) -> np.ndarray:
        """Per unit and item, summing to 1 over the items."""
        if len(sums) == 1:
            return np.ones((len(self.kept), 1))
        counts = np.stack([one.count for one in sums], axis=1)
        if self.measure.item_weights is ItemWeights.EVEN:
            counts = np.minimum(counts, self.measure.least_answers)
            return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
        if self.measure.item_weights is ItemWeights.WEIGHTS:
            counts = np.stack([one.weight for one in sums], axis=1)
        total = counts[counted].sum(axis=0)
        return np.broadcast_to(total / total.sum(), counts.shape)

    def _composite(self, views: Sequence[View], sums: Sequence[ItemSums], weights: np.ndarray,
                   which: str) -> np.ndarray:
        """Means of units. Of a composite with even weights, each item around the mean of its unit means, so that
        a unit that lacks an item is not moved by that item's level."""
        means = np.stack([getattr(one, which) + view.middle for view, one in zip(views, sums, strict=True)], axis=1)
        answered = np.stack([one.count > 0 for one in sums], axis=1)
        if len(views) == 1 or self.measure.item_weights is not ItemWeights.EVEN:
            return np.where(answered, means * weights, 0.0).sum(axis=1)
        there = answered & self.kept[:, None]
        any_unit = there.any(axis=0)
        level = np.where(there, means, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        return np.where(answered, (means - level) * weights, 0.0).sum(axis=1) + level[any_unit].mean()

    def _centre(self, one: ItemSums, unit_weight: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """The mean of unit means of the adjusters: within the unit's subset; the middle of the kinds of unit."""
        subset = self.subset_of()
        centre = np.zeros_like(one.adjusters)
        for name in np.unique(subset):
            of_kinds = []
            for at in range(len(self.kind_names())):
                here = self.kept & (subset == name) & (kind == at) & (one.count > 0) & (unit_weight > 0)
                if here.any():
                    of_kinds.append(np.average(one.adjusters[here], axis=0, weights=unit_weight[here]))
            if of_kinds:
                centre[subset == name] = np.mean(of_kinds, axis=0)
        return centre

    def _variance(self, views: Sequence[View], sums: Sequence[ItemSums], fits: Sequence[Sequence[Fit]],
                  weights: np.ndarray, kind: np.ndarray) -> np.ndarray:
        """Per unit, the sum over respondents of (sum over items of weight x residual / answers) squared."""
        layout = self.moments.layout
        forms = [self._residual_form(one, own, kind) for one, own in zip(sums, fits, strict=True)]
        total, made_of = np.zeros(len(self.kept)), np.zeros(len(self.kept))
        for one, view in enumerate(views):
            for other in range(one, len(views)):
                if one == other:
                    at = layout.at(view)
                    products = self.moments.products2[:, view.item]
                    first = second = self.moments.cross2[:, at]
                    square = self.moments.squares2[:, at]
                else:
                    at = layout.pair_at[(layout.at(view), layout.at(views[other]))]
                    products = self.moments.pair_products[:, at]
                    first, second = self.moments.pair_cross[:, at, 0], self.moments.pair_cross[:, at, 1]
                    square = self.moments.pair_squares[:, at]
                matrix = full(products, layout.triangle, layout.width)
                parts = (square, (forms[other] * first).sum(1), (forms[one] * second).sum(1),
                         np.einsum("pz,pzy,py->p", forms[one], matrix, forms[other]))
                scale = np.divide(weights[:, one] * weights[:, other] * (1 if one == other else 2),
                                  sums[one].weight * sums[other].weight, out=np.zeros(len(self.kept)),
                                  where=(sums[one].weight * sums[other].weight) > 0)
                total += scale * np.sum(parts, axis=0)
                made_of += scale * np.abs(parts).sum(axis=0)
        return np.where(total > NO_VARIANCE * made_of, total, 0.0)

    def _residual_form(self, one: ItemSums, own: Sequence[Fit], kind: np.ndarray) -> np.ndarray:
        """Per unit, how a respondent's residual hangs on the summed columns, apart from the answer itself.

        The residual is taken around its own weighted mean in the unit, as version 4.1c does.
        """
        slopes = np.zeros_like(one.adjusters)
        for at, model in enumerate(own):
            slopes[kind == at] = model.coefficients
        weight = np.maximum(one.weight, 1e-300)
        centred = one.cross[:, 0] / weight - (slopes * one.scatter[:, 0, 1:]).sum(axis=1) / weight
        constant = -one.mean - centred + (slopes * one.adjusters).sum(axis=1)
        return np.einsum("pr,prz->pz", np.column_stack([constant, -slopes]), self.maps)


def scored(moments: Moments, design: Design, measure: Measure, kinds: dict[str, str] | None = None) -> Scored:
    """The scores of one measure. `kinds` says of each unit which kind it is, where case-mix models are split."""
    moments = _by_name(moments)
    if design.subsets is not Subsets.APART:
        return _scored(moments, design, measure, kinds or {}, "GLOBAL")
    subsets = sorted({_detail(design, unit).subset for unit in moments.units})
    return _together([
        _scored(_only(moments, [_detail(design, unit).subset == subset for unit in moments.units]), design, measure,
                kinds or {}, subset)
        for subset in subsets
    ])


def _scored(moments: Moments, design: Design, measure: Measure, kinds: dict[str, str], subset: str) -> Scored:
    at = design.measures.index(measure)
    usable = (moments.adjuster_known > 0).all(axis=1)
    analysed = np.where(usable, moments.analysed[:, at], 0.0)
    kept = analysed > 1
    if not kept.any():
        raise NothingToScore(measure.key, subset)
    run = _Run(moments, design, measure, kinds, analysed, usable, kept)
    views = views_of(design, measure)
    items = run.items(views, usable)
    variance = _smoothed(_in_convention(items.variance, analysed, design), analysed, kept, measure, design)
    levels = _Level(run, items, variance)
    groups, overall, strata = levels.groups(subset)
    boxes = _boxes(run, views, items.weights, subset) if have_boxes(scales_of(design, measure)) else ()
    return Scored(
        measure=measure,
        groups=groups,
        overall=overall,
        strata=() if strata is None else (strata,),
        to_points=_to_points(views[0]),
        adjusters=names_of(moments.layout),
        fits=tuple(
            (subset, kind, measure.items[item], _in_own_units(model, moments, design))
            for at_kind, kind in enumerate(run.kind_names()) for item, own in enumerate(items.fits)
            for model in [own[at_kind]]
        ) if names_of(moments.layout) else (),
        boxes=boxes,
        box_names=tuple(box.name for box in views[0].scale.boxes),
        missing=_missing(run, views, subset),
        dropped=tuple(
            Dropped(unit, round(moments.everybody[place]), round(analysed[place]))
            for place, unit in enumerate(moments.units) if not kept[place] and moments.everybody[place] > 0
        ),
        warnings=_warnings(run, items, variance, groups),
        residuals=(Residuals(
            moments.layout, moments.units, views, items.weights, items.sums, items.fits,
            np.where(kept, run.kind(), -1), moments.origin,
            moments.adjuster_sum / np.maximum(moments.adjuster_known, 1)),),
    )


@dataclass
class _Level:
    """From a run's items to compared groups."""

    run: _Run
    items: _Items
    variance: np.ndarray

    def groups(self, subset: str) -> tuple[tuple[Group, ...], tuple[Overall, ...], Group | None]:
        """Those reported, the overall tests, and the strata where some are put together."""
        run, design = self.run, self.run.design
        everyone = self._group(np.flatnonzero(run.kept), subset)
        if design.strata:
            whole = self._whole(subset)
            return (whole,), (_overall(whole), _overall(everyone, "strata")), everyone
        if design.subsets is not Subsets.CENTRED:
            return (everyone,), (_overall(everyone),), None
        of_unit = run.subset_of()
        groups = tuple(self._group(np.flatnonzero(run.kept & (of_unit == name)), str(name))
                       for name in np.unique(of_unit[run.kept]))
        return groups, (_overall(everyone), *(_overall(group) for group in groups)), None

    def _rule(self) -> Rule:
        run, measure = self.run, self.run.measure
        low, high = views_of(run.design, measure)[0].ends
        return Rule(len(names_of(run.moments.layout)), low, high, measure.p_value, measure.change,
                    measure.least_difference, run.design.convention)

    def _group(self, at: np.ndarray, subset: str) -> Group:
        run, items = self.run, self.items
        levels = Levels(items.unadjusted[at], (items.unadjusted + items.adjustment)[at], self.variance[at],
                        items.unit_weight[at], run.analysed[at])
        return Group(subset, tuple(run.moments.units[place] for place in at), run.moments.everybody[at],
                     run.analysed[at], levels.unadjusted, items.unweighted[at], levels.variance, levels.weight,
                     compared(levels, self._rule()))

    def _whole(self, subset: str) -> Group:
        """Strata put together by their weights: means by weight, variances by weight squared."""
        run, items = self.run, self.items
        at = np.flatnonzero(run.kept)
        details = [_detail(run.design, run.moments.units[place]) for place in at]
        wholes = sorted({detail.reported_as for detail in details})
        belongs = np.array([[detail.reported_as == whole for detail in details] for whole in wholes], float)
        share = belongs * np.array([detail.weight for detail in details])
        share = share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
        levels = Levels(share @ items.unadjusted[at], share @ (items.unadjusted + items.adjustment)[at],
                        share**2 @ self.variance[at], belongs @ items.unit_weight[at], belongs @ run.analysed[at])
        return Group(subset, tuple(wholes), belongs @ run.moments.everybody[at], levels.analysed, levels.unadjusted,
                     share @ items.unweighted[at], levels.variance, levels.weight, compared(levels, self._rule()))


def _overall(group: Group, level: str = "units") -> Overall:
    return Overall(group.subset, level, group.comparison, round(float(group.analysed.sum())))


def _in_convention(variance: np.ndarray, analysed: np.ndarray, design: Design) -> np.ndarray:
    if design.convention is Convention.MACRO_41C:
        return variance
    return variance * np.divide(analysed, analysed - 1, out=np.ones(len(analysed)), where=analysed > 1)


def _smoothed(variance: np.ndarray, analysed: np.ndarray, kept: np.ndarray, measure: Measure,
              design: Design) -> np.ndarray:
    """Variances of small units leant on the pooled one.

    4.1c pools the variances of unit *means*; the instructions pool those of single answers and divide by the unit's
    own n, which is what their derivation asks for. Each convention does as its source does.
    """
    if measure.smoothing == 0:
        return variance
    strength, free = measure.smoothing, np.where(kept, analysed - 1, 0.0)
    if design.convention is Convention.MACRO_41C:
        pooled = (free * variance).sum() / free.sum()
        toward = np.full(len(variance), pooled)
    else:
        pooled = (free * analysed * variance).sum() / free.sum()
        toward = pooled / np.maximum(analysed, 1)
    return np.where(kept, (strength * toward + free * variance) / (strength + free), variance)


def _boxes(run: _Run, views: Sequence[View], weights: np.ndarray, subset: str) -> tuple[BoxShares, ...]:
    """Shares of the boxes: as answered, and, where asked for, as means of 0 and 1 through the same model."""
    moments = run.moments
    scale = views[0].scale
    plain = _box_shares(run, views, weights)
    weighted = adjusted = None
    if run.measure.adjusted_boxes:
        weighted, adjusted = _modelled_boxes(run, len(scale.boxes), scale.remainder)
    names = [unit for unit, kept in zip(moments.units, run.kept, strict=True) if kept]
    if run.design.strata:
        names, share = _stratum_shares(run, names)
        plain = share @ plain
    return tuple(
        BoxShares(subset, unit, tuple(None if np.isnan(value) else float(value) for value in plain[at]),
                  None if weighted is None else tuple(map(float, weighted[at])),
                  None if adjusted is None else tuple(map(float, adjusted[at])))
        for at, unit in enumerate(names)
    )


def _stratum_shares(run: _Run, names: list[str]) -> tuple[list[str], np.ndarray]:
    details = [_detail(run.design, name) for name in names]
    wholes = sorted({detail.reported_as for detail in details})
    share = np.array([[detail.weight * (detail.reported_as == whole) for detail in details] for whole in wholes])
    return wholes, share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300)


def _box_shares(run: _Run, views: Sequence[View], weights: np.ndarray) -> np.ndarray:
    """Per kept unit and box: each item's share of its answers, by the item weights; unweighted respondents."""
    total = np.zeros((int(run.kept.sum()), len(views[0].scale.boxes)))
    for at, view in enumerate(views):
        counts = run.moments.boxes[run.kept, run.moments.layout.table_at(view.item, view.scale)][:, : total.shape[1]]
        answers = counts.sum(axis=1, keepdims=True)
        share = np.divide(counts, answers, out=np.zeros(counts.shape), where=answers > 0)
        total += share * weights[run.kept, at][:, None]
    return total


def _modelled_boxes(run: _Run, boxes: int, remainder: int) -> tuple[np.ndarray, np.ndarray]:
    """Each box but one as a measure of its own, the remaining one what they leave; the program's second round."""
    weighted: dict[int, np.ndarray] = {}
    adjusted: dict[int, np.ndarray] = {}
    for box in range(boxes):
        if box == remainder:
            continue
        items = run.items(box_views_of(run.design, run.measure, box), run.kept, variances=False)
        groups, _, _ = _Level(run, items, np.zeros(len(run.kept))).groups("")
        names = [unit for group in groups for unit in group.units]
        order = np.argsort(names)
        weighted[box] = np.concatenate([group.unadjusted for group in groups])[order]
        adjusted[box] = np.concatenate([group.comparison.adjusted for group in groups])[order]
    for shares in (weighted, adjusted):
        shares[remainder] = 1 - np.sum(list(shares.values()), axis=0)
    return (np.column_stack([weighted[box] for box in range(boxes)]),
            np.column_stack([adjusted[box] for box in range(boxes)]))


def _missing(run: _Run, views: Sequence[View], subset: str) -> tuple[Missing, ...]:
    """How much of each item and adjuster is missing among all respondents of the kept units."""
    moments, layout = run.moments, run.moments.layout
    columns = [(layout.items[view.item], moments.unanswered[:, view.item]) for view in views]
    columns += [(name, moments.everybody - moments.adjuster_known[:, at]) for at, name in enumerate(layout.adjusters)]
    if layout.child:
        columns.append(("child", moments.child_unknown))
    names = [unit for unit, kept in zip(moments.units, run.kept, strict=True) if kept]
    share = np.eye(len(names))
    if run.design.strata:
        names, share = _stratum_shares(run, names)
    values = {name: share @ (missing / np.maximum(moments.everybody, 1))[run.kept] for name, missing in columns}
    return tuple(Missing(subset, unit, name, float(values[name][at]))
                 for at, unit in enumerate(names) for name, _ in columns)


def _warnings(run: _Run, items: _Items, variance: np.ndarray, groups: Sequence[Group]) -> tuple[str, ...]:
    said = []
    for at, unit in enumerate(run.moments.units):
        if not run.kept[at]:
            if run.moments.everybody[at] > 0:
                why = "" if run.usable[at] else "; an adjuster is unknown for all its respondents"
                said.append(f"unit {unit}: {round(run.analysed[at])} usable respondents, not analysed{why}")
            continue
        if run.analysed[at] < FEW:
            said.append(f"unit {unit}: {round(run.analysed[at])} respondents, fewer than {FEW}")
        said += [f"unit {unit}: nobody answered {key}" for key, one in zip(run.measure.items, items.sums, strict=True)
                 if one.count[at] == 0]
        if variance[at] == 0:
            said.append(f"unit {unit}: the answers are all alike, so its variance is 0; smoothing would help")
    for own, key in zip(items.fits, run.measure.items, strict=True):
        for model in own:
            said += [f"item {key}: {names_of(run.moments.layout)[at]} does not vary on its own within units; "
                     "its coefficient is 0" for at in model.left_out]
    if any(len(group.units) == 1 for group in groups):
        said.append("one unit only: there is nothing to compare it with, so no overall test")
    return tuple(said)


def _in_own_units(model: Fit, moments: Moments, design: Design) -> Fit:
    """The same model with the coefficient of child as it is for adjusters that are not moved to their middle."""
    if not moments.layout.child:
        return model
    count = len(moments.layout.adjusters)
    coefficients = model.coefficients.copy()
    if 2 * count not in model.left_out:
        coefficients[-1] -= model.coefficients[count:2 * count] @ moments.origin
    return Fit(coefficients, model.intercept, model.r_squared, model.adjusted_r_squared, model.answers, model.left_out)


def _to_points(view: View) -> tuple[float, float] | None:
    """The ends between which a mean is read as points of 0 to 100; None for box numbers and net scores."""
    return None if view.numbered or view.net else view.ends


def _detail(design: Design, unit: str) -> UnitDetail:
    return design.details.get(unit, UnitDetail(unit))


def _by_name(moments: Moments) -> Moments:
    """Units in the order of their names, as the program numbers them."""
    return moments.of_units(sorted(range(len(moments.units)), key=lambda at: moments.units[at]))


def _only(moments: Moments, which: Sequence[bool]) -> Moments:
    return moments.of_units([at for at, wanted in enumerate(which) if wanted])


def _together(parts: Sequence[Scored]) -> Scored:
    """Analyses of subsets, side by side."""
    def all_of(name: str) -> tuple:
        return tuple(row for part in parts for row in getattr(part, name))

    first = parts[0]
    return Scored(
        first.measure, all_of("groups"), all_of("overall"), all_of("strata"), first.to_points, first.adjusters,
        all_of("fits"), all_of("boxes"), first.box_names, all_of("missing"), all_of("dropped"), all_of("warnings"),
        all_of("residuals"))
