"""Adjusted composites of a build: the CAHPS engine's own answer over the same forms, from sums of buckets."""

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.analysis.measures.cahps.layout import layout_of
from twohats.analysis.measures.cahps.moments import Batch, moments_of
from twohats.analysis.measures.cahps.scoring import scored
from twohats.analysis.measures.case_mix.columns import DESCRIBED, Described
from twohats.analysis.measures.case_mix.sums import design_of
from twohats.analysis.measures.case_mix.told import told_case_mix
from twohats.analysis.parts import PARTS, merged_parts
from twohats.words.instruments import instrument
from twohats.words.measures import official

HCAHPS = instrument("hcahps_2025")
NURSES, RATING = HCAHPS.composites[0], next(one for one in HCAHPS.composites if one.items == ("HSP_RATING",))
RATED = official(HCAHPS, RATING)
OFTEN = ("never", "sometimes", "usually", "always")
SITES = ("north", "south", "west")
UNITS = [
    {"unit_id": "system", "name": "System", "kind": "system", "time_zone": "UTC"},
    *({"unit_id": site, "name": site, "kind": "site", "parent_id": "system"} for site in SITES),
    *({"unit_id": f"{site}-{part}", "name": part, "kind": "department", "parent_id": site}
      for site in SITES for part in ("wards", "beds")),
]
AT = "2026-03-02T15:00:00Z"
Form = dict[str, Any]


def drawn(people: int = 45, sites: Sequence[str] = SITES, seed: int = 3) -> list[Form]:
    """Forms of so many people at each site, one or two each; the older, the well and those on the phone say better."""
    chance, forms = random.Random(seed), []
    for site_at, site in enumerate(sites):
        for number in range(people):
            years, health = chance.randint(20 + 10 * site_at, 90), chance.choice([1, 2, 3, 4, 5, None])
            born = None if chance.random() < 0.06 else f"{2026 - years}-01-15"
            for _again in range(chance.choice([1, 1, 2])):
                mode, proxy = chance.choice(["mail", "phone", "web", ""]), chance.random() < 0.1
                level = 1.2 + years / 60 - (health or 3) / 5 + 0.5 * (mode == "phone") + chance.random()
                answers = {item: OFTEN[max(0, min(3, int(level + chance.random())))] for item in NURSES.items
                           if chance.random() < 0.8}
                answers["HSP_RATING"] = str(max(0, min(10, round(3 * level))))
                if health:
                    answers["GHR"] = str(health)
                if chance.random() < 0.7:
                    answers["EDU"] = str(chance.randint(1, 6))
                forms.append({"person": f"{site}{number}", "born": born, "mode": mode, "proxy": proxy, "site": site,
                              "language": chance.choice(["en", "en", "es", ""]), "answers": answers,
                              "unit": f"{site}-{chance.choice(['wards', 'beds'])}"})
    return forms


def sums_of(forms: Sequence[Form], units: Sequence[Mapping[str, Any]] = UNITS) -> dict[str, pa.Table]:
    """What a bucket of these people's forms adds up to."""
    born = {form["person"]: form["born"] for form in forms}
    lines = [patient(name) | {"birthDate": on} if on else {
        key: value for key, value in patient(name).items() if key != "birthDate"} for name, on in born.items()]
    rows = [{"answer_id": f"w{number}-{item}", "response_id": f"w{number}-{form['person']}",
             "person_mrn": f"mrn-{form['person']}", "survey": form.get("survey", "HCAHPS"), "item": item,
             "value": value, "asked_at": AT, "answered_at": AT, "mode": form["mode"], "language": form["language"],
             "respondent": "proxy" if form["proxy"] else "self", "unit_id": form["unit"]}
            for number, form in enumerate(forms) for item, value in form["answers"].items()]
    made = build_lines(lines, {"surveys": rows, "units": [dict(one) for one in units]})
    return {name: made[name] for name in PARTS}


@cache
def whole() -> pa.Table:
    return sums_of(drawn())["case_mix_parts"]


def told(sums: pa.Table, composite: str, kind: str = "site") -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in told_case_mix(sums).to_pylist()
            if (row["composite"], row["kind"]) == (composite, kind)}


def numbers(form: Form) -> list[float]:
    """What describes a form, as plainly as can be; NaN where it is not known."""
    none, answers = float("nan"), form["answers"]
    years = 2026 - int(form["born"][:4]) if form["born"] else None
    ends = (17, 24, 34, 44, 54, 64, 74, 200)
    step = none if years is None else next(at for at, end in enumerate(ends) if years <= end)
    mode = form["mode"]
    return [step, float(answers.get("GHR", none)), float(answers.get("EDU", none)), float(form["proxy"]),
            float(form["language"] != "en") if form["language"] else none,
            float(mode == "phone") if mode else none, float(mode == "mail") if mode else none]


def by_the_engine(forms: Sequence[Form], one: Any, described: Sequence[Described] = DESCRIBED,
                  level: str = "site") -> Any:
    """The engine's answer over the rows themselves."""
    design = design_of(HCAHPS, one, described)
    units = tuple(sorted({form[level] for form in forms}))

    def answer(form: Form, item: str) -> float:
        said = form["answers"].get(item)
        return float("nan") if said is None else float(said) if said.isdigit() else OFTEN.index(said) + 1.0

    batch = Batch(units, np.array([units.index(form[level]) for form in forms]),
                  np.array([[answer(form, item) for item in one.items] for form in forms]),
                  np.array([numbers(form) for form in forms])[:, [DESCRIBED.index(column) for column in described]])
    return scored(moments_of(batch, layout_of(design)), design, design.measures[0]).groups[0]


@pytest.mark.parametrize(("one", "kind", "level"), [(NURSES, "site", "site"), (RATING, "site", "site"),
                                                    (NURSES, "department", "unit")])
def test_the_sums_of_a_build_adjust_to_what_the_engine_makes_of_the_forms(one, kind, level):
    group = by_the_engine(drawn(), one, level=level)
    ours = told(whole(), official(HCAHPS, one), kind)
    assert list(ours) == list(group.units)
    for at, unit in enumerate(group.units):
        row = ours[unit]
        assert (row["unadjusted"], row["adjusted"], row["forms"]) == pytest.approx(
            (group.unadjusted[at], group.comparison.adjusted[at], group.analysed[at]), rel=1e-9)
        half = (row["high"] - row["low"]) / 2
        assert (half / stdt(row["people"])) ** 2 * row["people"] / row["forms"] == pytest.approx(
            group.variance[at], rel=1e-9)
        assert (row["adjusters"], row["not_known"], row["why_not"], row["units"]) == (
            "age own_health schooling proxy language mode", "", "", len(group.units))
    assert max(abs(row["adjusted"] - row["unadjusted"]) for row in ours.values()) > 1


def stdt(people: int) -> float:
    from scipy import stats  # late: slow import

    return float(stats.t.ppf(0.975, people - 1))


def test_two_buckets_add_up_to_the_same_and_can_be_taken_away_again():
    forms = drawn()
    names = sorted({form["person"] for form in forms})
    parts = [sums_of([form for form in forms if (names.index(form["person"]) % 2 == 0) is even])
             for even in (True, False)]
    both = merged_parts(parts)
    everybody = merged_parts([parts[0] | {"case_mix_parts": whole()}])
    assert both["case_mix_parts"].equals(everybody["case_mix_parts"])
    assert merged_parts([both], [parts[1]])["case_mix_parts"].equals(merged_parts([parts[0]])["case_mix_parts"])


def test_a_system_of_one_has_nothing_to_be_adjusted_against():
    (row,) = told(whole(), "hcahps_2025_h_comp_1", "system").values()
    assert {name: row[name] for name in ("units", "unadjusted", "adjusted", "low", "high", "why_not")} == {
        "units": 0, "unadjusted": None, "adjusted": None, "low": None, "high": None, "why_not": "one_unit"}


def test_units_of_few_people_take_no_part_and_are_told_of_as_few():
    forms = [*drawn(30, ("north", "south")), *drawn(10, ("west",))]
    ours = told(sums_of(forms)["case_mix_parts"], RATED)
    assert {unit: (row["why_not"], row["units"], row["adjusted"] is None) for unit, row in ours.items()} == {
        "north": ("", 2, False), "south": ("", 2, False), "west": ("few", 2, True)}
    group = by_the_engine([form for form in forms if form["site"] != "west"], RATING)
    assert [ours[unit]["adjusted"] for unit in group.units] == pytest.approx(list(group.comparison.adjusted), rel=1e-9)


def test_what_nobody_tells_of_themselves_is_not_adjusted_for_and_named():
    forms = [form | {"born": None, "language": "", "answers": {
        key: value for key, value in form["answers"].items() if key not in ("GHR", "EDU")}} for form in drawn()]
    row = told(sums_of(forms)["case_mix_parts"], RATED)["north"]
    assert (row["adjusters"], row["not_known"], row["why_not"]) == (
        "proxy mode", "age own_health schooling language", "")
    known = [column for column in DESCRIBED if column.adjuster in ("proxy", "mode")]
    group = by_the_engine(forms, RATING, known)
    assert row["adjusted"] == pytest.approx(group.comparison.adjusted[group.units.index("north")], rel=1e-9)


def test_without_any_adjuster_that_varies_nothing_is_adjusted_and_it_is_said():
    plain = [form | {"born": "1960-01-15", "language": "en", "mode": "web", "proxy": False, "answers": {
        key: value for key, value in form["answers"].items() if key not in ("GHR", "EDU")}} for form in drawn()]
    rows = told(sums_of(plain)["case_mix_parts"], RATED).values()
    assert {(row["why_not"], row["adjusted"], row["low"], row["adjusters"]) for row in rows} == {
        ("no_adjusters", None, None, "")}


def test_a_unit_of_which_an_adjuster_is_wholly_unknown_stays_out_and_says_so():
    forms = [form | ({"born": None} if form["site"] == "west" else {}) for form in drawn()]
    ours = told(sums_of(forms)["case_mix_parts"], RATED)
    assert {unit: (row["why_not"], row["units"], row["adjusted"] is None) for unit, row in ours.items()} == {
        "north": ("", 2, False), "south": ("", 2, False), "west": ("not_known", 2, True)}


def test_answers_all_alike_have_a_mean_and_no_range():
    forms = [form | {"answers": form["answers"] | {"HSP_RATING": "10"}} for form in drawn()]
    rows = told(sums_of(forms)["case_mix_parts"], RATED).values()
    assert {(row["unadjusted"], round(row["adjusted"], 9), row["low"], row["high"]) for row in rows} == {
        (100.0, 100.0, None, None)}


def test_relatives_are_in_no_sum_and_instruments_without_adjusters_have_none():
    made = build_lines([patient("ana")], {"units": UNITS, "surveys": [
        {"answer_id": f"{survey}-{who}", "response_id": f"{survey}-{who}", "person_mrn": "mrn-ana", "survey": survey,
         "item": item, "value": "9", "asked_at": AT, "answered_at": AT, "mode": "sms", "respondent": who,
         "unit_id": "north-wards"}
        for survey, item in (("HCAHPS", "HSP_RATING"), ("NPS", "LIKELY")) for who in ("self", "family")]})
    assert {(row["instrument"], row["forms"]) for row in made["case_mix_parts"].to_pylist()} == {("hcahps_2025", 1)}
    assert {row["why_not"] for row in made["case_mix"].to_pylist()} == {"few"}


def shown(proxies: int, lower: Callable[[int], int]) -> list[tuple[int, ...]]:
    """What a page tells of two sites of 100 forms, so many of them answered for the person: those rate lower."""
    forms = []
    for site, answered_for in (("north", proxies), ("south", 2 * proxies)):
        for number in range(100):
            rated = (3, 5, 7, 9)[number % 4] - (lower(number) if number < answered_for else 0)
            forms.append({"person": f"{site}{number}", "born": "1960-01-15", "mode": "web", "site": site,
                          "proxy": number < answered_for, "language": "en", "unit": f"{site}-wards",
                          "answers": {"HSP_RATING": str(rated)}})
    rows = told(sums_of(forms)["case_mix_parts"], RATED).values()
    return [tuple(round(row[name]) for name in ("unadjusted", "adjusted", "low", "high")) for row in rows]


def test_an_adjusted_mean_tells_nobody_how_many_were_answered_for():
    """What one adjuster does is told nowhere, so eight and 32 who were answered for make the same page."""
    few, many = shown(8, lambda number: 3), shown(32, lambda number: 3 if number % 16 < 4 else 0)
    assert few == many
    assert [row[0] != row[1] for row in few] == [True, True]


def test_only_points_are_adjusted_and_the_model_is_the_instruments_own():
    forms = [form | {"survey": "CG-CAHPS", "answers": {"RATING": form["answers"]["HSP_RATING"]}} for form in drawn()]
    rows = told_case_mix(sums_of(forms)["case_mix_parts"]).to_pylist()
    assert {(row["composite"], row["adjusters"]) for row in rows if row["kind"] == "site"} == {
        ("cg_cahps_3_1_rating", "age proxy language mode")}
