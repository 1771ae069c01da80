"""The drawn cases of the codebook: each boundary rule, cases that differ only in what the rule is about."""

import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.spec.drawing import ANA
from twohats.analysis.build import build_lines
from twohats.words.codebook import decide, rule_of
from twohats.words.hats import Hat
from twohats.words.rules import codebook
from twohats.words.situation import Situation

CASES = tomllib.loads(Path(__file__).with_name("hats.toml").read_text("utf-8"))
SETS = CASES["set"]
EACH = [pytest.param(s, case, id=f"{s['title']}: {case['says']}") for s in SETS for case in s["case"]]
SAID = [pytest.param(v, case, id=f"{v['title']}: {case['says']}") for v in CASES["voice"] for case in v["case"]]
STEPS = [pytest.param(step, id=f"{v['title']}: {step['says']}") for v in CASES["visit"] for step in v["step"]]


def told(situation: Situation) -> dict[str, object]:
    decision = decide(situation)
    about = rule_of(decision.about_rule)
    return {
        "rule": decision.rule, "hat": decision.hat, "view": decision.view, "about": decision.about_hat,
        "second": decision.second_hat, "vulnerable": decision.vulnerable, "urgent": decision.urgent,
        "never_wrong": rule_of(decision.rule).never_wrong_hat, "never_a_burden": about.never_burden,
    }


def whole(expected: dict[str, object]) -> dict[str, object]:
    plain = {"view": "self", "about": expected["hat"], "second": None}
    return {**plain, **dict.fromkeys(("vulnerable", "urgent", "never_wrong", "never_a_burden"), False), **expected}


@pytest.mark.parametrize(("drawn", "case"), EACH)
def test_a_drawn_case_gets_the_hat_we_drew(drawn, case):
    assert told(Situation(**drawn["given"], **case["with"])) == whole(case["is"])


@pytest.mark.parametrize("step", STEPS)
def test_each_step_of_a_drawn_visit_gets_the_hat_we_drew(step):
    assert told(Situation(**step["given"])) == whole(step["is"])


@pytest.mark.parametrize(("drawn", "case"), SAID)
def test_what_somebody_said_has_the_hat_and_the_view_we_drew(drawn, case):
    line = {**drawn["given"], **case["with"]}
    own = line.pop("own_map", None)
    said = [{"kind": "item", "item": f"{line['survey']}:{line['item']}", "hat": own}] if own else []
    feed = {"comments": [line | {"comment_id": "c"}]} if "words" in line else {"surveys": [line | {"answer_id": "a"}]}
    made = build_lines([ANA], feed, said=said, as_of=datetime(2026, 3, 2, tzinfo=UTC))
    (voice,) = made["voices"].to_pylist()
    found = {name: voice[name] for name in ("hat", "view", "moved_from")} | {
        "about": voice["about_hat"], "urgent": not set(made["clauses"]["urgent"].to_pylist()) <= {"no"}}
    assert found == {"hat": None, "about": None, "moved_from": None, "urgent": False, **case["is"]}


@pytest.mark.parametrize("drawn", CASES["voice"], ids=lambda v: v["title"])
def test_what_was_said_differs_in_one_thing_only(drawn):
    assert set(drawn["given"]) & set(drawn["differs"]) == set()
    assert {field for case in drawn["case"] for field in case["with"]} == set(drawn["differs"])
    assert len(drawn["case"]) >= 2


@pytest.mark.parametrize("drawn", SETS, ids=lambda s: s["title"])
def test_the_cases_of_a_set_differ_in_what_the_rule_is_about_and_in_nothing_else(drawn):
    assert set(drawn["given"]) & set(drawn["differs"]) == set()
    assert {field for case in drawn["case"] for field in case["with"]} == set(drawn["differs"])
    situations = [Situation(**drawn["given"], **case["with"]) for case in drawn["case"]]
    assert len(set(situations)) == len(situations) >= 2


@pytest.mark.parametrize("number", ["p", "confidence"])
@pytest.mark.parametrize("drawn", SETS, ids=lambda s: s["title"])
def test_lower_is_lower_and_higher_is_higher(drawn, number):
    found: dict[str, list[int]] = {"lower": [], "higher": []}
    for case in drawn["case"]:
        if number in case:
            found[case[number]].append(getattr(decide(Situation(**drawn["given"], **case["with"])), number))
    assert all(low < high for low in found["lower"] for high in found["higher"])
    assert bool(found["lower"]) == bool(found["higher"])


def test_every_boundary_rule_has_at_least_two_drawn_cases():
    drawn = Counter({boundary.key: 0 for boundary in codebook().boundaries if not boundary.kept_by})
    drawn.update(s["boundary"] for s in (*SETS, *CASES["voice"]) for _case in s["case"])
    assert {boundary: cases for boundary, cases in drawn.items() if cases < 2} == {}
    assert set(drawn) - {""} <= {boundary.key for boundary in codebook().boundaries}


def test_every_rule_is_drawn():
    decided = [decide(Situation(**s["given"], **case["with"])) for s in SETS for case in s["case"]]
    decided += [decide(Situation(**step["given"])) for v in CASES["visit"] for step in v["step"]]
    drawn = {key for decision in decided for key in (decision.rule, decision.about_rule, decision.second_rule)}
    assert [rule.key for rule in codebook().every_rule if rule.key not in drawn] == []


def test_every_hat_is_drawn():
    assert {case["is"]["hat"] for s in SETS for case in s["case"]} == set(Hat)
