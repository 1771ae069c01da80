"""Effects within persons, from sums of buckets: the numbers of pyfixest, whatever the buckets; and what cannot be told.

The expected numbers were printed by pyfixest 0.60.0 (`feols`, CRV1, fixef_tol 1e-13) on the rows of `rows`.
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twohats.analysis.findings.panel import Method, Panel, Question, panel, priced
from twohats.words.problems import Problem

QUESTION = Question("outcome", ("over", "hurried"))
PEER = {
    ((), None): ((-3.607947583257239, -6.734966088334232), (0.9293456278757968, 1.1995912065966172)),
    ((), "site"): ((-3.607947583257239, -6.734966088334232), (0.7420032264116632, 1.0979422169992987)),
    (("month",), None): ((-3.1215899092225032, -6.860195762512409), (0.8084619704329503, 0.900336170297141)),
    (("month",), "site"): ((-3.1215899092225032, -6.860195762512409), (0.4158740105431917, 0.19470933374960053)),
    (("month", "site"), None): ((-3.1215899092225037, -6.86019576251241), (0.8229430374285328, 0.9164628761626467)),
    (("month", "site"), "site"): ((-3.1215899092225037, -6.86019576251241), (0.4158740105431917, 0.19470933374959998)),
}


def rows() -> pa.Table:
    """96 answers of 21 people, one of whom answered once."""
    at = np.arange(96)
    person, month = at * 7 % 20 + at // 60, at * 5 % 7
    over, hurried = (at * 11 % 13 < 3) * 1.0, (at * 17 % 11 < 2) * 1.0
    outcome = 60.0 + 3 * (person % 5) - 4 * over - 6 * hurried + at * at * 31 % 23 / 2 + month
    return pa.table({"person": person, "month": month, "site": person % 4, "over": over, "hurried": hurried,
                     "outcome": outcome})


def in_buckets(table: pa.Table, dealt: list[int]) -> list[pa.Table]:
    """Every person's rows lie in one bucket."""
    of_row = np.array([dealt[person] for person in table["person"].to_pylist()])
    return [table.filter(pa.array(of_row == bucket)) for bucket in range(4)]


def numbers(answer: Panel) -> np.ndarray:
    return np.array([(one.estimate, one.se, one.lower, one.upper, one.p) for one in answer.terms])


@pytest.mark.parametrize(("effects", "also_by"), list(PEER))
def test_coefficients_and_errors_are_the_peers(effects: tuple[str, ...], also_by: str | None) -> None:
    answer = panel(rows(), replace(QUESTION, effects=effects, also_by=also_by))
    coefficients, errors = PEER[effects, also_by]
    assert [one.name for one in answer.terms] == ["over", "hurried"]
    assert [one.estimate for one in answer.terms] == pytest.approx(coefficients, rel=1e-11)
    assert [one.se for one in answer.terms] == pytest.approx(errors, rel=1e-9)
    assert (answer.n, answer.people, answer.single, answer.left_out) == (95, 20, 1, 0)
    assert answer.free == (3 if also_by else 19)


@given(dealt=st.lists(st.integers(0, 3), min_size=21, max_size=21))
def test_buckets_of_any_cut_give_the_same(dealt: list[int]) -> None:
    asked = replace(QUESTION, effects=("month",), also_by="site")
    whole, merged = panel(rows(), asked), panel(lambda: in_buckets(rows(), dealt), asked)
    assert numbers(merged) == pytest.approx(numbers(whole), rel=1e-9, abs=1e-12)
    assert replace(merged, terms=(), covariance=0, sd_left=0) == replace(whole, terms=(), covariance=0, sd_left=0)


def test_the_order_of_rows_is_of_no_matter() -> None:
    turned = rows().take(pa.array(np.arange(96)[::-1]))
    assert numbers(panel(turned, QUESTION)) == pytest.approx(numbers(panel(rows(), QUESTION)), rel=1e-10)


def test_a_row_without_an_answer_is_left_out_though_its_person_comes_last() -> None:
    more = rows()
    added = pa.table({name: [value] for name, value in
                      {"person": 99, "month": 1, "site": 1, "over": 0.0, "hurried": 1.0, "outcome": None}.items()},
                     schema=more.schema)
    answer = panel(pa.concat_tables([more, added]), QUESTION)
    assert numbers(answer) == pytest.approx(numbers(panel(more, QUESTION)), rel=1e-12)
    assert (answer.n, answer.left_out, answer.single) == (95, 1, 1)


def test_who_identifies_is_counted() -> None:
    answer = panel(rows(), QUESTION)
    table = rows().to_pydict()
    varying = []
    for name in ("over", "hurried"):
        seen: dict[int, set[float]] = {}
        for person, value in zip(table["person"], table[name], strict=True):
            seen.setdefault(person, set()).add(value)
        varying.append({person for person, values in seen.items() if len(values) == 2})
    assert answer.varying == tuple(len(people) for people in varying)
    assert answer.identifying == len(varying[0] | varying[1])


def test_permuted_within_persons_the_effect_is_gone_on_average() -> None:
    random, found = np.random.default_rng(3), []
    table = rows()
    person = table["person"].to_numpy()
    for _ in range(200):
        order = np.lexsort((random.random(96), person))
        back = np.argsort(person, kind="stable")
        shuffled = {name: np.empty(96) for name in ("over", "hurried")}
        for name, into in shuffled.items():
            into[back] = table[name].to_numpy()[order]
        drawn = pa.table({"person": person, "outcome": table["outcome"], **shuffled})
        found.append([one.estimate for one in panel(drawn, QUESTION).terms])
    mean, wobble = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(mean) < 3.5 * wobble).all()


def test_few_people_are_priced_by_their_means() -> None:
    answer = priced(rows(), replace(QUESTION, effects=("month",)))
    assert answer.method is Method.MEANS
    assert answer.n == 96
    assert [one.name for one in answer.means] == ["over", "hurried"]


def test_without_other_effects_person_means_give_what_person_effects_give() -> None:
    """In a balanced panel the two estimators are the same."""
    person = np.repeat(np.arange(10), 4)
    over = (np.arange(40) * 3 % 7 < 2) * 1.0
    table = pa.table({"person": person, "over": over, "outcome": 5.0 * person - 2 * over + np.arange(40) * 17 % 11})
    asked = Question("outcome", ("over",))
    within, means = panel(table, asked), panel(table, replace(asked, method=Method.MEANS))
    assert means.terms[0].estimate == pytest.approx(within.terms[0].estimate, rel=1e-10)


def test_pooled_is_least_squares() -> None:
    table = rows()
    design = np.column_stack([np.ones(96), table["over"].to_numpy(), table["hurried"].to_numpy()])
    expected = np.linalg.lstsq(design, table["outcome"].to_numpy(), rcond=None)[0]
    answer = panel(table, replace(QUESTION, method=Method.POOLED))
    assert [one.estimate for one in answer.terms] == pytest.approx(expected[1:], rel=1e-10)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"over": np.zeros(96)}, "over varies within no person"),
        ({"outcome": np.full(96, 7.0)}, "outcome does not vary"),
        ({"hurried": None}, "hurried cannot be told from the other columns"),
        ({"outcome": np.full(96, np.nan)}, "no row has the outcome, the person and every other column"),
        ({"over": ["yes"] * 96}, "the column over does not hold numbers"),
        ({"person": np.arange(96)}, "0 persons have answers that can be compared"),
    ],
)
def test_what_cannot_be_told_is_said(changed: dict, problem: str) -> None:
    columns = rows().to_pydict() | changed
    if columns["hurried"] is None:
        columns["hurried"] = columns["over"]
    with pytest.raises(Problem, match=problem):
        panel(pa.table(columns), QUESTION)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(Problem, match="there is no column wish"):
        panel(rows(), Question("outcome", ("wish",)))
