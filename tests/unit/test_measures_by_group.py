"""Measures by language, age, payer and area: who paid when, what is counted for whom, and small groups together."""

from typing import Any

import pytest

from tests.unit.test_measures_of_process import contact
from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.service.pages.measures.groups import SUMS, Group, spreads_of, sums_of
from twohats.words.areas import area
from twohats.words.payers import payers

CALLED = "2026-03-02T15:00:00Z"


def coverage(name: str, code: str | None, start: str | None = None, end: str | None = None,
             status: str = "active") -> dict[str, Any]:
    return {"resourceType": "Coverage", "id": name, "status": status,
            "meta": {"versionId": "1", "lastUpdated": "2026-01-01T08:00:00Z"},
            "beneficiary": {"reference": "Patient/ana"},
            **({"type": {"coding": [{"code": code}]}} if code else {}),
            "period": {name: day for name, day in (("start", start), ("end", end)) if day}}


@pytest.mark.parametrize(("covered", "payer"), [
    ([], "unknown"),
    ([coverage("a", "PUBLICPOL")], "public"),
    ([coverage("a", "EHCPOL", "2026-03-02")], "private"),
    ([coverage("a", "EHCPOL", "2026-03-03")], "unknown"),
    ([coverage("a", "EHCPOL", "2025-01-01", "2026-03-02")], "private"),
    ([coverage("a", "EHCPOL", "2025-01-01", "2026-03-01")], "unknown"),
    ([coverage("a", "pay")], "self"),
    ([coverage("a", "pay"), coverage("b", "EHCPOL")], "private"),
    ([coverage("a", "PUBLICPOL"), coverage("b", "EHCPOL")], "several"),
    ([coverage("a", "PUBLICPOL"), coverage("b", "SUBSIDIZ")], "public"),
    ([coverage("a", "PUBLICPOL", None, "2026-02-28"), coverage("b", "EHCPOL", "2026-03-01")], "private"),
    ([coverage("a", "WCBPOL")], "liability"),
    ([coverage("a", "119")], "public"),
    ([coverage("a", "512")], "private"),
    ([coverage("a", "81")], "self"),
    ([coverage("a", "82")], "unknown"),
    ([coverage("a", "7")], "unknown"),
    ([coverage("a", "1PLAN")], "unknown"),
    ([coverage("a", None)], "unknown"),
    ([coverage("a", "EHCPOL", status="entered-in-error")], "unknown"),
    ([coverage("a", "EHCPOL", status="draft")], "unknown"),
    ([coverage("a", "EHCPOL", status="cancelled")], "unknown"),
    ([coverage("a", "EHCPOL", "2025-01-01", "2026-12-31", status="cancelled")], "private"),
], ids=str)
def test_who_pays_is_told_by_what_is_in_force_when_it_happens(covered, payer):
    rows = build_lines([patient("ana"), *covered], {"contacts": [contact("one", CALLED)]})["measured"].to_pylist()
    assert {row["payer"] for row in rows if row["thing"] == "contacts/one"} == {payer}


def test_every_kind_of_payer_has_a_name_in_both_languages_and_a_code_has_one_kind():
    codes = [code for one in payers() for code in one.codes]
    assert [one.kind for one in payers()] == ["public", "private", "liability", "self", "several", "unknown"]
    assert len(codes) == len(set(codes))
    assert all(one.name.en and one.name.es and one.name.en != one.name.es for one in payers())


def test_sums_by_group_hold_what_was_measured_of_whom():
    ana = patient("ana", communication=[{"language": {"coding": [{"code": "es-MX"}]}}],
                  address=[{"postalCode": "60611-1234"}])
    made = build_lines(
        [ana, patient("ben"), coverage("a", "PUBLICPOL", None, "2026-03-31"), coverage("b", "EHCPOL", "2026-04-01")],
        {"contacts": [
            contact("first", CALLED),
            contact("gave up", "2026-04-06T15:00:00Z", outcome="abandoned", queue_minutes=9.0),
            contact("ben", "2026-04-07T15:00:00Z", person_mrn="mrn-ben"),
        ]})
    rows = [row for row in made["cuts"].to_pylist() if row["measure"] == "abandonment"]
    assert {(row["cut"], row["value"]): tuple(row[name] for name in SUMS[:5]) for row in rows} == {
        ("language", "es"): (2, 1, 1, 1, 1), ("language", "unknown"): (1, 1, 0, 0, 1),
        ("age", "40-64"): (3, 2, 1, 1, 2),
        ("payer", "public"): (1, 1, 0, 0, 1), ("payer", "private"): (1, 1, 1, 1, 0),
        ("payer", "unknown"): (1, 1, 0, 0, 1),
        ("area", "606"): (2, 1, 1, 1, 1), ("area", "unknown"): (1, 1, 0, 0, 1),
    }
    assert {row["year"] for row in rows} == {"2026"}
    holds = [(row["cut"], row["value"], row["ended"], row["histogram"])
             for row in made["cut_spreads"].to_pylist() if row["measure"] == "hold"]
    assert holds == [("age", "40-64", "done", '{"110":2}'), ("area", "606", "done", '{"110":1}'),
                     ("area", "unknown", "done", '{"110":1}'), ("language", "es", "done", '{"110":1}'),
                     ("language", "unknown", "done", '{"110":1}'), ("payer", "public", "done", '{"110":1}'),
                     ("payer", "unknown", "done", '{"110":1}')]


def test_the_groups_of_every_cut_add_up_to_everybody():
    made = build_lines(
        [patient("ana"), patient("ben"), coverage("a", "PUBLICPOL")],
        {"contacts": [contact("one", CALLED), contact("two", "2026-05-02T15:00:00Z", person_mrn="mrn-ben"),
                      contact("of nobody", "2026-05-03T15:00:00Z", person_mrn="mrn-nobody")]})
    whole = {(row["measure"], row["period"]): row for row in made["measures"].to_pylist() if row["unit"] == "*"}
    added: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in made["cuts"].to_pylist():
        sums = added.setdefault((row["measure"], row["year"], row["cut"]), dict.fromkeys(SUMS, 0))
        for name in SUMS:
            sums[name] += row[name]
    assert {cut for _measure, _year, cut in added} == {"language", "age", "payer", "area"}
    for (measure, year, _cut), sums in added.items():
        assert sums == {name: whole[measure, year][name] for name in SUMS}


@pytest.mark.parametrize(("code", "told"), [
    ("02139", "021"), ("03602", "000"), ("89301-1234", "000"), ("K1A 0B1", None), ("12", None), ("", None)])
def test_of_a_zip_code_three_digits_are_told_where_enough_people_live(code, told):
    assert area(code) == told


class Rows:
    """A release that holds these cuts of one share of 2026: (cut, value, people, of them with it)."""

    def __init__(self, *cuts: tuple[str, str, int, int]) -> None:
        self.cuts = [{"measure": "no_show", "year": "2026", "cut": cut, "value": value, "times": people,
                      "people": people, "part": part, "people_with": part, "people_without": people - part, "amount": 0,
                      "amount_squared": 0} for cut, value, people, part in cuts]

    def rows(self, sql: str, _parameters: tuple = ()) -> list[dict[str, Any]]:
        if "FROM cuts" in sql:
            return self.cuts
        return [{"measure": "no_show", "year": "2026", "cut": row["cut"], "value": row["value"], "ended": "done",
                 "times": row["times"], "histogram": f'{{"100":{row["times"]}}}'} for row in self.cuts]


def told(*cuts: tuple[str, str, int, int]) -> dict[str, tuple[int, int]]:
    return {group.value: (sums["people"], sums["part"]) for (_key, _year, group), sums in sums_of(Rows(*cuts)).items()}


def language(*groups: tuple[str, int, int]) -> list[tuple[str, str, int, int]]:
    return [("language", *group) for group in groups]


@pytest.mark.parametrize(("groups", "found"), [
    ([("en", 400, 40), ("es", 110, 22)], {"en": (400, 40), "es": (110, 22)}),
    ([("en", 400, 40), ("es", 110, 22), ("vi", 30, 14), ("zh", 30, 15)],
     {"en": (400, 40), "es": (110, 22), "other": (60, 29)}),
    ([("en", 400, 40), ("es", 110, 22), ("vi", 49, 0)], {"en": (400, 40), "es": (110, 22), "other": (49, 0)}),
    ([("en", 400, 40), ("es", 110, 22), ("vi", 30, 4)], {"en": (400, 40), "other": (140, 26)}),
    ([("en", 400, 40), ("es", 110, 5), ("vi", 60, 20)], {"en": (400, 40), "other": (170, 25)}),
    ([("en", 400, 40), ("es", 110, 3)], {}),
    ([("en", 400, 40), ("vi", 9, 0)], {}),
    ([("en", 400, 40)], {}),
], ids=str)
def test_groups_too_small_to_be_told_are_told_with_others_until_none_is_small(groups, found):
    assert told(*language(*groups)) == found


def test_areas_of_few_people_are_one_and_places_that_have_no_zip_code_are_not_known():
    assert told(("area", "021", 500, 50), ("area", "036", 40, 12), ("area", "059", 60, 12), ("area", "unknown", 90, 30)
                ) == {"021": (500, 50), "000": (100, 24), "unknown": (90, 30)}


def test_people_who_may_have_changed_their_payer_are_never_counted_twice_to_be_enough():
    cuts = [("public", 400, 40), ("liability", 8, 8), ("several", 9, 9)]
    assert told(*(("payer", *cut) for cut in cuts)) == {}
    assert told(*language(("en", 400, 40), ("vi", 8, 8), ("zh", 9, 9))) == {"en": (400, 40), "other": (17, 17)}


def test_times_of_groups_told_together_lie_in_one_histogram():
    release = Rows(*language(("en", 400, 40), ("vi", 30, 15), ("zh", 30, 15)))
    assert spreads_of(release, sums_of(release)) == {
        ("no_show", "2026", Group("language", value)): {"done": {100: times}}
        for value, times in (("en", 400), ("other", 60))}
