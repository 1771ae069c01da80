"""What is asked of the answers: units, items, adjusters, measures and the ways of the analysis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from twohats.words.hats import Hat

from .scales import Reading, Recode, Scale


class Convention(StrEnum):
    """The program's documentation and its code differ in three places; each is a convention with its own vectors."""

    MACRO_41C = "macro_41c"
    """As version 4.1c of the program computes: no n/(n-1); N - units - adjusters degrees of freedom in both tests."""
    INSTRUCTIONS_2017 = "instructions_2017"
    """As its instructions of 1 June 2017 say: variances times n/(n-1); n/P and n-1 degrees of freedom; smoothing
    toward the pooled variance of single answers."""


class ItemWeights(StrEnum):
    """How the items of a composite are weighted (EVEN_WGT)."""

    EVEN = "even"
    """Alike, per unit; an item with fewer than `least_answers` answers less, one with none not at all (1)."""
    ANSWERS = "answers"
    """By the number of answers over all units (0)."""
    WEIGHTS = "weights"
    """By the answer weights summed over all units (2)."""


class People(StrEnum):
    """Whose answers count, where adults and children are in one file (ADULTKID)."""

    ALL = "all"
    """Everybody alike (0)."""
    BOTH = "both"
    """Everybody; each adjuster may work otherwise for children (1)."""
    CHILDREN = "children"
    """Children only (2)."""
    ADULTS = "adults"
    """Everybody who is not said to be a child (3)."""


class Subsets(StrEnum):
    """What the subsets of the unit detail file are for (SUBSET)."""

    NONE = "none"
    """Nothing: one analysis (1)."""
    CENTRED = "centred"
    """One case-mix model; means centred and compared within each subset (2)."""
    APART = "apart"
    """An analysis for each subset (3)."""


class Users(StrEnum):
    """Whose answers count, by how often they were there (VISITS)."""

    ALL = "all"
    LOW = "low"
    """Fewer than three visits, or not said (2)."""
    HIGH = "high"
    """Three visits or more (3)."""


@dataclass(frozen=True)
class Coded:
    """A column of answers, and how what is written there becomes a number.

    `values` is applied first, by what is written; then `allowed` or `low` and `high`; then reversal. What `missing`
    names, and what is written but not allowed where `strict` is off, is no answer.
    """

    key: str
    column: str
    values: Mapping[str, float | None] = field(default_factory=dict, hash=False)
    missing: frozenset[str] = frozenset()
    allowed: frozenset[float] = frozenset()
    low: float | None = None
    high: float | None = None
    reverse: bool = False
    scale: Scale | None = None
    """Items have one; adjusters do not."""
    strict: bool = True
    unsure: bool = False
    """Whether the lowest value stands for "don't know": in the denominator of shares, and on no scale of points."""


@dataclass(frozen=True)
class Measure:
    """One item, or several as a composite: what the program does in one call."""

    key: str
    items: tuple[str, ...]
    name: str = ""
    recode: Recode = Recode.NONE
    item_weights: ItemWeights = ItemWeights.EVEN
    least_answers: int = 1
    """K: an item with fewer answers in a unit weighs less there."""
    smoothing: float = 0.0
    """A: how strongly the variance of small units leans on the pooled one; 25 for ratings, 20 composites, 15 items."""
    adjusted_boxes: bool = False
    """ADJ_BARS: box shares adjusted for case mix too."""
    p_value: float = 0.05
    change: float = 0.0
    """A difference counts from this share of the way to the nearer end of the scale."""
    least_difference: float = 0.0
    """MEANDIFF: a difference counts from here."""
    reading: Reading = Reading.ANSWERS


@dataclass(frozen=True)
class UnitDetail:
    """What the unit detail file says of a unit (the program's PLANDTAL)."""

    reported_as: str
    weight: float = 1.0
    """Its weight among the strata reported as one."""
    subset: str = "1"


@dataclass(frozen=True)
class Design:
    """The whole analysis."""

    unit_column: str
    items: Mapping[str, Coded] = field(hash=False)
    measures: tuple[Measure, ...]
    adjusters: tuple[Coded, ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What is written in the unit column, and the unit it stands for; empty: units are named as written."""
    others_dropped: bool = False
    """Units that neither `unit_names` nor `details` name are left out, else refused."""
    details: Mapping[str, UnitDetail] = field(default_factory=dict, hash=False)
    respondent_column: str | None = None
    child_column: str | None = None
    visits_column: str | None = None
    answer_weight_column: str | None = None
    """WGTRESP: the regression and the variances use it."""
    mean_weight_column: str | None = None
    """WGTMEAN: the unadjusted means use it."""
    dates: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict, hash=False)
    """Columns of dates, and between which days each must lie."""
    units_by_weight: bool = False
    """WGTPLAN: a unit counts by its mean weights in overall means."""
    impute: bool = False
    """A missing adjuster takes the mean of the unit's respondents; else the respondent is left out."""
    people: People = People.ALL
    users: Users = Users.ALL
    strata: bool = False
    """WGTDATA 2: units reported as one are put together by their weights."""
    subsets: Subsets = Subsets.NONE
    split_column: str | None = None
    """SPLITFLG: two kinds of unit, each with its own case-mix model, compared around the middle of both."""
    answered_by_column: str | None = None
    """Who answers: patient, proxy (for the patient) or family (for themselves). Family is never in official scores."""
    hats: Mapping[str, Hat] = field(default_factory=dict, hash=False)
    """The hat declared for an item."""
    other_hats: Mapping[str, Hat] = field(default_factory=dict, hash=False)
    """The hat this organisation says instead."""
    instrument: str | None = None
    residuals: bool = False
    """KP_RESID: what is left of each respondent's answers after adjustment."""
    convention: Convention = Convention.MACRO_41C
