"""Which items go together with the rating of the whole: from sums of products by lot of people, however they lie.

The shares of R² follow from the sums over all lots; their intervals from lots drawn with replacement, seed fixed: a
bootstrap of people by lots, since a person's every form lies in one lot and lots are dealt by a hash.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from .estimates.drivers import interval_of, shares_of_draws, shares_of_r2

OVERALL = "overall"
"""In place of a hat: the rating of the whole."""
ENOUGH = 100
"""Complete answers, and people, below which nothing is said."""
STEP = 25
"""Counts are told in steps of so many: what is left of them, beside other counts, is then never told as 1 to 10."""
LOTS, RESAMPLES, SEED = 128, 200, 1
SMALLEST = 1e-12
TOLD = pa.schema([
    *((name, pa.string()) for name in ("instrument", "year", "part", "driver", "hat")),
    *((name, pa.float64()) for name in ("share", "low", "high", "of_hat", "of_hat_low", "of_hat_high", "correlation")),
    ("answers", pa.int64()), ("people", pa.int64()),
])


@dataclass(frozen=True)
class _Model:
    """One instrument in one year: its drivers with their hats, sums of products by lot (the constant first, then the
    rating of the whole, then the drivers), and the people."""

    names: tuple[str, ...]
    hats: tuple[str, ...]
    moments: np.ndarray
    people: int


def told_drivers(sums: pa.Table) -> pa.Table:
    """Every model with enough answers: its drivers, its hats and the whole of it."""
    by_model: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in sums.to_pylist():
        by_model[row["instrument"], row["year"]].append(row)
    rows = [{"instrument": instrument, "year": year, **row}
            for (instrument, year), held in sorted(by_model.items()) for row in _told(_model(held))]
    return pa.Table.from_pylist(rows, TOLD)


def _model(rows: list[dict[str, Any]]) -> _Model:
    hats = {row["second"]: row["hat"] for row in rows if row["first"] == ""}
    order = sorted(hats, key=lambda item: (item != "", hats[item] != OVERALL, item))
    place = {item: at for at, item in enumerate(order)}
    moments = np.zeros((LOTS, len(order), len(order)))
    for row in rows:
        first, second = place[row["first"]], place[row["second"]]
        moments[row["lot"], first, second] = moments[row["lot"], second, first] = row["product"]
    people = sum(row["people"] for row in rows if row["second"] == "")
    return _Model(tuple(order[2:]), tuple(hats[item] for item in order[2:]), moments, people)


def _told(model: _Model) -> Iterator[Mapping[str, Any]]:
    """The rows of a model; none with too few answers, or where the rating of the whole does not vary."""
    whole = model.moments.sum(axis=0)
    together = correlations_from(whole)
    answers = int(whole[0, 0])
    if not model.names or min(answers, model.people) < ENOUGH or not together[0, 1:].any():
        return
    counts = {"answers": answers // STEP * STEP, "people": model.people // STEP * STEP}
    shares, resampled = shares_of_r2(together), _resampled(model.moments)
    of_hat, of_hat_resampled = _of_hats(model.hats, shares), _of_hats(model.hats, resampled)
    low, high = interval_of(resampled)
    hat_low, hat_high = interval_of(of_hat_resampled)
    for at, name in enumerate(model.names):
        yield counts | {
            "part": "item", "driver": name, "hat": model.hats[at], "share": shares[at], "low": low[at],
            "high": high[at], "of_hat": of_hat[at], "of_hat_low": hat_low[at], "of_hat_high": hat_high[at],
            "correlation": together[0, at + 1],
        }
    for hat in sorted(set(model.hats)):
        own = [at for at, one in enumerate(model.hats) if one == hat]
        yield counts | {"part": "hat", "driver": hat, "hat": hat, **_summed(shares[own], resampled[:, own])}
    yield counts | {"part": "all", "driver": "", "hat": "", **_summed(shares, resampled)}


def _summed(shares: np.ndarray, resampled: np.ndarray) -> dict[str, float]:
    low, high = interval_of(resampled.sum(axis=1))
    return {"share": float(shares.sum()), "low": float(low), "high": float(high)}


def _of_hats(hats: tuple[str, ...], shares: np.ndarray) -> np.ndarray:
    """Each share out of what its hat's drivers have together; 0 where they have nothing."""
    alike = np.array([[float(one == other) for other in hats] for one in hats])
    together = shares @ alike
    return np.divide(shares, together, out=np.zeros_like(shares), where=together > 0)


def _resampled(moments: np.ndarray) -> np.ndarray:
    chance = np.random.default_rng(SEED)
    drawn = chance.multinomial(LOTS, np.full(LOTS, 1 / LOTS), size=RESAMPLES).astype(float)
    summed = np.tensordot(drawn, moments, axes=1)
    return shares_of_draws(np.array([correlations_from(one) for one in summed]))


def correlations_from(moments: np.ndarray) -> np.ndarray:
    """Correlations from sums of products, the constant first; none with what does not vary."""
    n = max(moments[0, 0], 1.0)
    mean = moments[0, 1:] / n
    spread = moments[1:, 1:] / n - np.outer(mean, mean)
    squares = np.diag(moments[1:, 1:]) / n
    varies = np.diag(spread) > SMALLEST * np.maximum(squares, 1.0)
    length = np.sqrt(np.where(varies, np.diag(spread), 1.0))
    together = np.where(np.outer(varies, varies), spread / np.outer(length, length), 0.0)
    np.fill_diagonal(together, 1.0)
    return together
