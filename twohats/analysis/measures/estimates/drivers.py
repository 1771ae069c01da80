"""What goes together with an overall score, and how much: shares of R² (LMG, Shapley values), as association."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from twohats.words.hats import Hat
from twohats.words.languages import Text
from twohats.words.measures import ASSOCIATION
from twohats.words.problems import Problem

from .adjusters import check_varies

MOST = 12
"""Drivers whose every subset is fitted."""
AT_ONCE = 100
"""Draws whose subsets are fitted together."""
SMALLEST = 1e-10
"""An eigenvalue, or what is left of a driver, below which drivers repeat each other."""


@dataclass(frozen=True)
class Driver:
    """One driver: its part of R² with a 95 % bootstrap interval, and two other views of it."""

    name: str
    share: float
    """Of R²: the mean gain from adding it, over all orders (LMG, Shapley)."""
    lower: float
    upper: float
    relative_weight: float
    """Johnson's relative weight."""
    std_beta: float


@dataclass(frozen=True)
class HatShare:
    """All drivers of one hat together."""

    hat: Hat
    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Drivers:
    """All drivers. Their shares add up to R²."""

    drivers: tuple[Driver, ...]
    hats: tuple[HatShare, ...]
    r2: float
    n: int
    left_out: int
    """Answers with anything missing."""
    resamples: int
    seed: int
    words: Text = ASSOCIATION


def drivers_of(overall: Sequence[float] | np.ndarray, drivers: Mapping[str, Sequence[float] | np.ndarray], *,
               parts_of_overall: Iterable[str] = (), hats: Mapping[str, Hat] | None = None, resamples: int = 1_000,
               seed: int = 1) -> Drivers:
    """The shares of R² of up to 12 drivers, each answer one row; rows with anything missing are left out.

    `parts_of_overall` names the items that the overall score is made of: they are refused as its drivers.
    """
    names = list(drivers)
    _check_names(names, set(parts_of_overall))
    table = np.column_stack([np.asarray(overall, dtype=float),
                             *(np.asarray(values, dtype=float) for values in drivers.values())])
    rows = table[np.isfinite(table).all(axis=1)]
    if len(rows) < len(names) + 2:
        raise Problem(f"{len(rows)} complete answers are too few for {len(names)} drivers", "",
                      "Bring more answers or fewer drivers.")
    for name, column in zip(["the overall score", *names], rows.T, strict=True):
        check_varies(column, name)
    together = np.corrcoef(rows, rowvar=False)
    shares = shares_of_r2(together)
    resampled = _resampled(rows, resamples, seed)
    low, high = interval_of(resampled)
    weights, betas = _relative_weights(together), _betas(together)
    return Drivers(
        tuple(Driver(*told) for told in zip(names, shares.tolist(), low.tolist(), high.tolist(), weights.tolist(),
                                            betas.tolist(), strict=True)),
        _by_hat(names, hats or {}, shares, resampled), float(shares.sum()), len(rows), len(table) - len(rows),
        resamples, seed,
    )


def _check_names(names: list[str], own: set[str]) -> None:
    if not 1 <= len(names) <= MOST:
        raise Problem(f"{len(names)} drivers", "", f"Name 1 to {MOST}: every subset of them is fitted.")
    inside = [name for name in names if name in own]
    if inside:
        raise Problem(f"{', '.join(inside)}: part of the overall score", "",
                      "A score goes together with its own parts by construction. Leave them out.")


def shares_of_r2(together: np.ndarray) -> np.ndarray:
    """The Shapley value of each driver, from the correlations of the overall score (first) and the drivers.

    Of many matrices at once, along the axes before the last two.
    """
    count = together.shape[-1] - 1
    explained = _r2_of_every_subset(together)
    subsets = np.arange(1 << count)
    sizes = np.array([int(subset).bit_count() for subset in subsets])
    weights = np.array([1 / (count * comb(count - 1, size)) if size < count else 0.0 for size in range(count + 1)])
    shares = np.empty((*together.shape[:-2], count))
    for driver in range(count):
        without = subsets[(subsets >> driver) & 1 == 0]
        gains = explained[..., without | 1 << driver] - explained[..., without]
        shares[..., driver] = gains @ weights[sizes[without]]
    return shares


def _r2_of_every_subset(together: np.ndarray) -> np.ndarray:
    """R² by subset, a subset being the sum of 2 to the power of its drivers.

    Driver by driver each subset is split in two: what is left without it, and what is left once it is swept out (the
    Schur complement). A driver that the subset already tells has nothing left to be swept out.
    """
    left = np.roll(together, -1, axis=(-2, -1))[..., None, :, :]
    while left.shape[-1] > 1:
        pivot, column, rest = left[..., 0, 0], left[..., 0, 1:], left[..., 1:, 1:]
        scale = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > SMALLEST)
        swept = rest - scale[..., None, None] * column[..., :, None] * column[..., None, :]
        left = np.concatenate([rest, swept], axis=-3)
    return 1.0 - left[..., 0, 0]


def _betas(together: np.ndarray) -> np.ndarray:
    """Standardised coefficients; the least of all solutions where a driver repeats others."""
    among, with_overall = together[1:, 1:], together[0, 1:]
    if np.linalg.eigvalsh(among)[0] > SMALLEST:
        return np.linalg.solve(among, with_overall)
    return np.linalg.pinv(among, rcond=SMALLEST, hermitian=True) @ with_overall


def _relative_weights(together: np.ndarray) -> np.ndarray:
    """Through the orthogonal variables that lie closest to the drivers (Johnson 2000)."""
    values, vectors = np.linalg.eigh(together[1:, 1:])
    roots = np.sqrt(np.clip(values, 0, None))
    inverse = np.where(values > SMALLEST, 1 / np.where(values > SMALLEST, roots, 1), 0)
    closest = (vectors * roots) @ vectors.T
    onto = (vectors * inverse) @ vectors.T @ together[0, 1:]
    return closest ** 2 @ onto ** 2


def _resampled(rows: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    drawn = [_correlations(rows[chance.integers(len(rows), size=len(rows))]) for _ in range(resamples)]
    return shares_of_draws(np.array(drawn))


def shares_of_draws(together: np.ndarray) -> np.ndarray:
    """`shares_of_r2` of many draws, some at a time: the subsets of many drivers need room."""
    return np.concatenate([shares_of_r2(some) for some in np.array_split(together, max(1, len(together) // AT_ONCE))])


def _correlations(rows: np.ndarray) -> np.ndarray:
    """Correlations of a resample; with what happens not to vary in it, none."""
    apart = rows - rows.mean(axis=0)
    length = np.sqrt((apart ** 2).sum(axis=0))
    scaled = np.divide(apart, length, out=np.zeros_like(apart), where=length > 0)
    together = scaled.T @ scaled
    np.fill_diagonal(together, 1.0)
    return together


def interval_of(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle 95 % of resamples, column by column."""
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return low, high


def _by_hat(names: list[str], hats: Mapping[str, Hat], shares: np.ndarray,
            resampled: np.ndarray) -> tuple[HatShare, ...]:
    told = []
    for hat in Hat:
        own = [place for place, name in enumerate(names) if hats.get(name) is hat]
        if own:
            low, high = interval_of(resampled[:, own].sum(axis=1))
            told.append(HatShare(hat, float(shares[own].sum()), float(low), float(high)))
    return tuple(told)
