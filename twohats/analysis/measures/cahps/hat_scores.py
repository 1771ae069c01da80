"""Sub-scores of the two hats, from the items of a survey: ours, beside the official composites, never among them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from twohats.words.hats import Hat

from .answers import ANSWERED_BY
from .design import Convention, Design, Measure
from .layout import layout_of
from .moments import Batch, Moments, moments_of
from .results import NothingToScore
from .scales import Reading
from .scoring import scored

NAMES = {Hat.PATIENT: "twohats patient-hat score", Hat.CUSTOMER: "twohats customer-hat score",
         Hat.MIXED: "twohats items of both hats"}
"""Never called by the name of a survey: they are not its measures."""
ALL_UNITS = "(all units)"


def official(batch: Batch) -> Batch:
    """Those whose answers make official scores: patients, and proxies who answer for them. Family does not."""
    if batch.answered_by is None or (batch.answered_by != "family").all():
        return batch
    return batch.of(batch.answered_by != "family")


@dataclass(frozen=True)
class HatScore:
    """One sub-score of one unit: points of 0 to 100, and the share of best answers, each with its interval."""

    answered_by: str
    unit: str
    hat: Hat
    map: str
    """"declared", or "own" where the organisation says otherwise of some items."""
    items: tuple[str, ...]
    analysed: int
    points: float
    points_low: float
    points_high: float
    top: float
    top_low: float
    top_high: float


@dataclass
class HatScores:
    """Sums for the sub-scores, apart by who answers: a family's view is never within the patient's."""

    design: Design
    sums: dict[str, Moments]

    @staticmethod
    def asked(design: Design) -> "HatScores | None":
        """None where no item has a hat."""
        return HatScores(_unadjusted(design), {}) if design.hats or design.other_hats else None

    def add(self, batch: Batch) -> None:
        """Takes these respondents in, whoever answers."""
        layout = layout_of(self.design)
        for who in ANSWERED_BY:
            here = (np.full(len(batch.unit), who == "patient") if batch.answered_by is None
                    else batch.answered_by == who)
            if not here.any():
                continue
            own = moments_of(replace(batch.of(here), adjusters=np.empty((int(here.sum()), 0))), layout)
            self.sums[who] = self.sums[who] + own if who in self.sums else own

    def scores(self) -> Iterator[HatScore]:
        """Every sub-score: by who answers, by hat, by map of hats, all units first."""
        for who, moments in self.sums.items():
            for key, (hat, which, items) in _kinds(self.design).items():
                for sums in (moments.as_one(ALL_UNITS), moments):
                    yield from self._of(sums, who, key, hat, which, items)

    def _of(self, sums: Moments, who: str, key: str, hat: Hat, which: str,
            items: tuple[str, ...]) -> Iterator[HatScore]:
        measures = {measure.key: measure for measure in self.design.measures}
        try:
            points, top = (scored(sums, self.design, measures[f"{key} {reading}"]).groups[0]
                           for reading in (Reading.POINTS, Reading.TOP_BOX))
        except NothingToScore:
            return
        for at, unit in enumerate(points.units):
            reach = float(stdtrit(points.analysed[at] - 1, 0.975))
            of_points, of_top = (reach * float(np.sqrt(group.variance[at])) for group in (points, top))
            mean, share = float(points.unadjusted[at]), float(top.unadjusted[at])
            yield HatScore(who, unit, hat, which, items, round(float(points.analysed[at])), mean,
                           max(mean - of_points, 0.0), min(mean + of_points, 100.0), share,
                           max(share - of_top, 0.0), min(share + of_top, 1.0))


def _kinds(design: Design) -> dict[str, tuple[Hat, str, tuple[str, ...]]]:
    """Each sub-score: its hat, by which map, its items. The organisation's own map only where it moves something."""
    maps: dict[str, Mapping[str, Hat]] = {"declared": design.hats}
    if any(design.hats.get(item) is not hat for item, hat in design.other_hats.items()):
        maps["own"] = {**design.hats, **design.other_hats}
    kinds = {}
    for which, of_item in maps.items():
        for hat in NAMES:
            items = tuple(item for item in design.items if of_item.get(item) is hat)
            if items:
                kinds[f"{hat} {which}"] = (hat, which, items)
    return kinds


def _unadjusted(design: Design) -> Design:
    """The sub-scores as measures: unadjusted, each mean with n/(n-1), since small units are looked at alone."""
    measures = tuple(
        Measure(f"{key} {reading}", items, reading=reading)
        for key, (_, _, items) in _kinds(design).items() for reading in (Reading.POINTS, Reading.TOP_BOX)
    )
    return Design(
        unit_column=design.unit_column, items=design.items, measures=measures, hats=design.hats,
        other_hats=design.other_hats, convention=Convention.INSTRUCTIONS_2017,
        answer_weight_column=design.answer_weight_column, mean_weight_column=design.mean_weight_column,
    )
