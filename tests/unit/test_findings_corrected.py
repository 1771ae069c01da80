"""Effects where contacts are at times told to be what they are not: corrected, they are the truth's on average."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twohats.analysis.findings.correcting import Classes, Labelled, effects, effects_by_sample, known
from twohats.analysis.findings.panel import Method, panel
from twohats.words.problems import Problem

CLASSES = Classes(("over", "hurried"), ("over", "hurried"), np.array([[0, 0], [1, 0], [0, 1.0]]))
RATES = np.array([[0.86, 0.07, 0.07], [0.25, 0.75, 0.0], [0.15, 0.0, 0.85]])
TRUTH = (-4.0, -6.0)


def drawn(seed: int, rates: np.ndarray) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """1,500 people, six answers each; unhappy people are served wrongly more often. Table, true and told classes."""
    random = np.random.default_rng(seed)
    unhappy = random.random(1500) < 0.35
    person = np.repeat(np.arange(1500), 6)
    mood = np.where(unhappy, -15, 0) + random.normal(size=1500) * 6
    wrong = random.random(9000) < np.where(unhappy, 0.3, 0.1)[person]
    true = np.where(wrong, 1 + (random.random(9000) < 0.5), 0)
    told = (random.random(9000)[:, None] > rates.cumsum(axis=1)[true]).sum(axis=1)
    outcome = 75 + mood[person] + np.array([0, *TRUTH])[true] + random.normal(size=9000) * 4
    return table_of(person, told, outcome), true, told


def table_of(person: np.ndarray, told: np.ndarray, outcome: np.ndarray) -> pa.Table:
    return pa.table({"person": person, "over": (told == 1) * 1.0, "hurried": (told == 2) * 1.0, "outcome": outcome})


def sample(true: np.ndarray, told: np.ndarray, each: int) -> Labelled:
    counts = np.zeros((3, 3))
    for number in range(3):
        counts[number] = np.bincount(true[told == number][:each], minlength=3)
    return Labelled(counts, np.bincount(told, minlength=3).astype(float))


def test_where_all_is_told_rightly_it_is_the_panel() -> None:
    table, _, _ = drawn(1, known(CLASSES))
    asked = CLASSES.question("outcome")
    plain = panel(table, replace(asked, only_counted=()))
    assert [(one.name, one.estimate, one.se) for one in effects(lambda: [table], asked, CLASSES)] == [
        (one.name, pytest.approx(one.estimate, rel=1e-9), pytest.approx(one.se, rel=1e-9)) for one in plain.terms
    ]


def test_corrected_estimates_are_the_truth_on_average_and_their_intervals_hold_it() -> None:
    plain, corrected, by_sample, covered = [], [], [], []
    for seed in range(16):
        table, true, told = drawn(seed, RATES)
        asked = CLASSES.question("outcome")
        plain.append([one.estimate for one in effects(lambda t=table: [t], asked, CLASSES)])
        right = effects(lambda t=table: [t], asked, CLASSES, RATES)
        corrected.append([one.estimate for one in right])
        covered += [one.lower <= truth <= one.upper for one, truth in zip(right, TRUTH, strict=True)]
        smaller = effects_by_sample(lambda t=table: [t], asked, CLASSES, sample(true, told, 300))
        by_sample.append([one.estimate for one in smaller])
        assert all(wide.se > narrow.se * 0.7 for wide, narrow in zip(smaller, right, strict=True))
    assert np.mean(corrected, axis=0) == pytest.approx(TRUTH, rel=0.08)
    assert np.mean(by_sample, axis=0) == pytest.approx(TRUTH, rel=0.12)
    assert (np.abs(np.mean(plain, axis=0)) < np.abs(TRUTH) * np.array([0.75, 0.85])).all()
    assert sum(covered) >= 27, covered


def test_buckets_merged_give_the_same_answer() -> None:
    table, true, told = drawn(4, RATES)
    person = table["person"].to_numpy()
    buckets = [table.filter(pa.array(person % 3 == number)) for number in range(3)]
    asked, labelled = CLASSES.question("outcome"), sample(true, told, 100)
    whole = effects_by_sample(lambda: [table], asked, CLASSES, labelled)
    merged = effects_by_sample(lambda: buckets, asked, CLASSES, labelled)
    assert [(one.estimate, one.se) for one in merged] == [
        pytest.approx((one.estimate, one.se), rel=1e-9) for one in whole
    ]


def test_rows_about_several_contacts_are_corrected_contact_by_contact() -> None:
    classes = Classes(CLASSES.columns, CLASSES.treatments, CLASSES.values, contacts="contacts", controls=("month",))
    found = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        person = np.repeat(np.arange(1500), 5)
        many = 1 + (random.random(7500) < 0.5)
        row = np.repeat(np.arange(7500), many)
        true = np.where(random.random(len(row)) < 0.25, 1 + (random.random(len(row)) < 0.5), 0)
        told = (random.random(len(row))[:, None] > RATES.cumsum(axis=1)[true]).sum(axis=1)
        month = random.random(7500)
        outcome = (70 + person % 20 + 3 * month + np.bincount(row, np.array([0, *TRUTH])[true], 7500)
                   + random.normal(size=7500) * 8)
        table = pa.table({
            "person": person, "contacts": many.astype(float), "month": month, "outcome": outcome,
            "over": np.bincount(row, told == 1, 7500), "hurried": np.bincount(row, told == 2, 7500)})
        asked = classes.question("outcome")
        found.append([one.estimate for one in effects(lambda t=table: [t], asked, classes, RATES)])
    assert np.mean(found, axis=0) == pytest.approx(TRUTH, rel=0.08)


def test_pooled_outcomes_that_happen_once_are_corrected_too() -> None:
    found = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        true = np.where(random.random(6000) < 0.2, 1 + (random.random(6000) < 0.5), 0)
        told = (random.random(6000)[:, None] > RATES.cumsum(axis=1)[true]).sum(axis=1)
        left = (random.random(6000) < np.array([0.02, 0.12, 0.22])[true]) * 1.0
        table = table_of(np.repeat(np.arange(2000), 3), told, left)
        asked = CLASSES.question("outcome", method=Method.POOLED)
        found.append([one.estimate for one in effects(lambda t=table: [t], asked, CLASSES, RATES)])
    assert np.mean(found, axis=0) == pytest.approx((0.1, 0.2), rel=0.1)


def test_rates_stand_for_all_that_was_told_not_for_the_sample_alone() -> None:
    labelled = Labelled(np.array([[90, 10], [20, 80]]), np.array([900.0, 100.0]))
    assert labelled.rates() == pytest.approx(np.array([[810 / 830, 20 / 830], [90 / 170, 80 / 170]]))


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ([[0, 0], [20, 80]], "of some class told not one was looked at"),
        ([[90, 0], [20, 0]], "no row of some class was found in the sample"),
    ],
)
def test_a_sample_that_cannot_tell_is_refused(counts: list[list[int]], problem: str) -> None:
    with pytest.raises(Problem, match=problem):
        Labelled(np.array(counts), np.array([900.0, 100.0])).rates()


def test_a_teller_that_says_nothing_is_refused() -> None:
    table, _, _ = drawn(1, RATES)
    with pytest.raises(Problem, match="too little of what is true"):
        effects(lambda: [table], CLASSES.question("outcome"), CLASSES, np.full((3, 3), 1 / 3))
