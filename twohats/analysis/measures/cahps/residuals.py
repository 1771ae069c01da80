"""What is left of each respondent's answers once their unit and their adjusters are taken away."""

from dataclasses import dataclass

import numpy as np

from .adjusting import Fit, ItemSums
from .layout import Layout, View
from .moments import Batch


@dataclass(frozen=True)
class Residuals:
    """What a second reading needs to tell what is left of each respondent's answers after adjustment."""

    layout: Layout
    units: tuple[str, ...]
    views: tuple[View, ...]
    weights: np.ndarray
    sums: tuple[ItemSums, ...]
    fits: tuple[tuple[Fit, ...], ...]
    """By item and kind of unit."""
    kind: np.ndarray
    """-1 for a unit that is not analysed."""
    origin: np.ndarray
    imputed: np.ndarray

    def of(self, batch: Batch) -> np.ndarray:
        """Per respondent, the sum over items of weight x residual / answers (the program's YRESID); NaN where the
        respondent is not analysed."""
        place = {unit: at for at, unit in enumerate(self.units)}
        unit = np.array([place.get(name, -1) for name in batch.units])[batch.unit]
        there = (unit >= 0) & (self.kind[unit] >= 0)
        shifted = batch.adjusters - self.origin
        known = ~np.isnan(shifted)
        there &= known.all(axis=1) | self.layout.impute
        adjusters = np.where(known, shifted, self.imputed[unit])
        if self.layout.child:
            child = np.zeros(len(unit)) if batch.child is None else batch.child
            there &= ~np.isnan(child)
            is_child = np.nan_to_num(child)[:, None]
            adjusters = np.hstack([adjusters, adjusters * is_child, is_child])
        total, answers = np.zeros(len(unit)), np.zeros(len(unit))
        for at, (view, one) in enumerate(zip(self.views, self.sums, strict=True)):
            answered = there & ~np.isnan(batch.answers[:, view.item])
            slopes = np.array([model.coefficients for model in self.fits[at]])[self.kind[unit]]
            level = np.array([model.intercept for model in self.fits[at]])[self.kind[unit]] if slopes.size else 0.0
            left = (view.of(np.nan_to_num(batch.answers[:, view.item])) - one.mean[unit] - level
                    - ((adjusters - one.adjusters[unit]) * slopes).sum(axis=1))
            total += np.where(answered, left * self.weights[unit, at] / np.maximum(one.count[unit], 1), 0.0)
            answers += answered
        return np.where(answers > 0, total, np.nan)
