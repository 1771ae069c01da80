"""The tables of OUT_DIR: each column once, in plain words, with the program's own name for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .hat_scores import NAMES, HatScore
from .results import Group, Scored
from .scales import linear
from .scoring import FEW


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, the program's name ("" where it has none), what it holds."""

    name: str
    macro: str
    means: str


_WHICH = (Column("measure", "", "key of the measure in DESIGN.toml"),
          Column("subset", "SUBCODE", "GLOBAL, or the subset"))
COLUMNS: dict[str, tuple[Column, ...]] = {
    "units.csv": (
        *_WHICH,
        Column("unit", "PLANNAME", "the unit, in the order of names"),
        Column("respondents", "ALLN", "everybody of the unit"),
        Column("analysed", "USEN", "with an answer to the measure and with adjusters"),
        Column("unweighted_mean", "UWT_MEAN", "unadjusted mean without mean weights"),
        Column("unadjusted_mean", "UNA_MEAN", "unadjusted mean"),
        Column("adjusted_mean", "ADJ_MEAN", "adjusted for case mix, on the level of the unadjusted means"),
        Column("linear_mean", "", "the adjusted mean as points of 0 to 100"),
        Column("difference", "DELTA", "adjusted mean less the mean of the units"),
        Column("standard_error", "SE", "of the difference"),
        Column("margin_95", "CL95", "1.96 standard errors"),
        Column("variance", "VP", "of the adjusted mean, given the coefficients"),
        Column("mark", "MEANING", "1 below the mean of the units, 2 not clearly different, 3 above"),
        Column("unit_weight", "PLAN_WGT", "how much the unit counts in means over units"),
        Column("t", "", "difference by standard error"),
        Column("df", "", "degrees of freedom of t"),
        Column("p", "", "two-sided"),
        Column("reliability", "", "share of the variance between units in that of this unit's mean"),
        Column("note", "", "why to be careful"),
    ),
    "strata.csv": (),
    "overall.csv": (
        *_WHICH,
        Column("level", "", "units, or strata before they are put together"),
        Column("units", "", "how many"),
        Column("analysed", "NTOT", "respondents analysed"),
        Column("overall_mean", "OV_MEAN", "mean of the unadjusted means of units"),
        Column("grand_mean", "GM", "mean of the adjusted means by precision"),
        Column("df_between", "DFR", "degrees of freedom between units"),
        Column("df_within", "DFE", "degrees of freedom within"),
        Column("f", "OVERALLF", "are all units alike?"),
        Column("p", "OVERALLP", "its probability, at least .0001"),
        Column("reliability", "", "1 - 1/F, at least 0"),
        Column("answers_for_70", "", "answers a unit needs for a reliability of .70"),
    ),
    "coefficients.csv": (
        *_WHICH,
        Column("kind", "SPLIT", "kind of unit, where each has its own model"),
        Column("item", "", "the item"),
        Column("adjuster", "_NAME_", "the adjuster"),
        Column("coefficient", "", "points of the item for one step of the adjuster, within units"),
    ),
    "r_squared.csv": (
        *_WHICH,
        Column("kind", "SPLIT", "kind of unit, where each has its own model"),
        Column("item", "_DEPVAR_", "the item"),
        Column("answers", "", "answers in the model"),
        Column("r_squared", "_RSQ_", "share of the variance within units that adjusters explain"),
        Column("adjusted_r_squared", "_ADJRSQ_", "the same, less what chance explains"),
    ),
    "response_pct.csv": (
        *_WHICH,
        Column("unit", "PLANNAME", "the unit"),
        Column("box_number", "1, 2, 3", "as the program numbers boxes"),
        Column("box", "", "its name"),
        Column("share", "PTRES1-3", "share of answers"),
        Column("unadjusted_share", "WGT_1-3", "with mean weights, as a mean of 0 and 1"),
        Column("adjusted_share", "ADJ_1-3", "adjusted for case mix; may leave 0 to 1 in a tiny unit"),
    ),
    "pct_missing.csv": (
        *_WHICH,
        Column("unit", "PLANNAME", "the unit"),
        Column("column", "", "item or adjuster"),
        Column("missing_share", "", "share of all respondents of the unit without it"),
    ),
}
COLUMNS["strata.csv"] = COLUMNS["units.csv"]
HAT_SCORES = (
    Column("score", "", "our name of it; never an official measure"),
    Column("hat", "", "patient, customer, or mixed: items of both"),
    Column("map", "", "declared, or own: with this organisation's overrides"),
    Column("answered_by", "", "patient, proxy (for the patient), family (for themselves)"),
    Column("unit", "", "the unit, or all of them"),
    Column("items", "", "its items"),
    Column("respondents", "", "who answered one of them at least"),
    Column("points", "", "mean of items, 0 to 100, not adjusted"),
    Column("points_low", "", "95 % interval"),
    Column("points_high", "", "95 % interval"),
    Column("top_box", "", "mean of items' shares of best answers"),
    Column("top_box_low", "", "95 % interval"),
    Column("top_box_high", "", "95 % interval"),
)
"""Of hat_scores.csv, which is written where items have a hat."""


def hat_rows(scores: Iterable[HatScore]) -> Iterator[list[Any]]:
    """The rows of hat_scores.csv."""
    for score in scores:
        yield [NAMES[score.hat], str(score.hat), score.map, score.answered_by, score.unit, " ".join(score.items),
               score.analysed, score.points, score.points_low, score.points_high, score.top, score.top_low,
               score.top_high]


RESIDUALS = (
    Column("measure", "", "key of the measure"),
    Column("unit", "PLAN", "the unit"),
    Column("respondent", "_ID_RESP", "as named in the answers"),
    Column("line", "_ID", "line of the answers file"),
    Column("residual", "YRESID", "sum over items of item weight x residual / answers of the unit"),
)
"""Of residuals.csv, which is written where asked for."""


def rows_of(file: str, scores: Iterable[Scored]) -> Iterator[list[Any]]:
    """The rows of one file, in the order of its columns; None where nothing can be said."""
    for scored in scores:
        for row in _ROWS[file](scored):
            yield [scored.measure.key, *row]


def _units(scored: Scored) -> Iterator[list[Any]]:
    for group in scored.groups:
        yield from _group(scored, group)


def _strata(scored: Scored) -> Iterator[list[Any]]:
    for group in scored.strata:
        yield from _group(scored, group)


def _group(scored: Scored, group: Group) -> Iterator[list[Any]]:
    tests = group.comparison
    for at, unit in enumerate(group.units):
        note = f"fewer than {FEW} respondents" if group.analysed[at] < FEW else ""
        yield [
            group.subset, unit, round(group.everybody[at]), round(group.analysed[at]), float(group.unweighted[at]),
            float(group.unadjusted[at]), float(tests.adjusted[at]),
            None if scored.to_points is None else linear(scored.to_points, float(tests.adjusted[at])),
            float(tests.difference[at]), float(tests.error[at]), 1.96 * float(tests.error[at]),
            float(group.variance[at]), int(tests.mark[at]), float(group.weight[at]), float(tests.t[at]),
            float(tests.t_within[at]), float(tests.t_p[at]),
            None if tests.unit_reliability is None else float(tests.unit_reliability[at]), note,
        ]


def _overall(scored: Scored) -> Iterator[list[Any]]:
    for overall in scored.overall:
        tests = overall.comparison
        yield [overall.subset, overall.level, len(tests.adjusted), overall.analysed, tests.overall_mean,
               tests.grand_mean, tests.between, tests.within, tests.f, tests.p, tests.reliability,
               tests.answers_for_target]


def _coefficients(scored: Scored) -> Iterator[list[Any]]:
    for subset, kind, item, model in scored.fits:
        for name, coefficient in zip(scored.adjusters, model.coefficients, strict=True):
            yield [subset, kind, item, name, float(coefficient)]


def _r_squared(scored: Scored) -> Iterator[list[Any]]:
    for subset, kind, item, model in scored.fits:
        yield [subset, kind, item, model.answers, model.r_squared, model.adjusted_r_squared]


def _response_pct(scored: Scored) -> Iterator[list[Any]]:
    for boxes in scored.boxes:
        for at, name in enumerate(scored.box_names):
            yield [boxes.subset, boxes.unit, at + 1, name, boxes.shares[at],
                   None if boxes.weighted is None else boxes.weighted[at],
                   None if boxes.adjusted is None else boxes.adjusted[at]]


def _pct_missing(scored: Scored) -> Iterator[list[Any]]:
    for missing in scored.missing:
        yield [missing.subset, missing.unit, missing.column, missing.share]


_ROWS = {
    "units.csv": _units,
    "strata.csv": _strata,
    "overall.csv": _overall,
    "coefficients.csv": _coefficients,
    "r_squared.csv": _r_squared,
    "response_pct.csv": _response_pct,
    "pct_missing.csv": _pct_missing,
}
