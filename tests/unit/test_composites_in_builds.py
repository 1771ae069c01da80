"""Official composites and how forms were answered, from drawn forms to the released tables."""

from typing import Any

from tests.unit.test_measures_of_answers import MARCH, form
from tests.unit.tiny_hospital import patient
from twohats.analysis.build import build_lines
from twohats.words.instruments import instruments
from twohats.words.measures import official

SUMS = ("forms", "people", "answers", "top", "middle", "bottom", "people_top", "people_middle", "people_bottom",
        "people_not_top", "points", "points_squared")


def made(*forms: list[dict[str, Any]]) -> dict[str, Any]:
    """What a build makes of Ana's forms, given in the emergency department."""
    return build_lines([patient("ana")], {"surveys": [row for one in forms for row in one]})


def composites(tables: dict[str, Any], period: str) -> dict[tuple[str, str], tuple[int, ...]]:
    """The sums by composite and item of the whole organisation in a period."""
    return {(row["composite"], row["item"]): tuple(row[name] for name in SUMS)
            for row in tables["composites"].to_pylist() if (row["unit"], row["period"]) == ("*", period)}


def test_each_item_counts_over_its_own_answers_and_the_composite_over_all_of_them():
    nurses = "hcahps_2025_h_comp_1"
    told = composites(made(
        form("w1", "HCAHPS", NURSE_LISTEN="always", NURSE_RESPECT="usually"),
        form("w2", "HCAHPS", NURSE_LISTEN="never"),
        form("relatives", "HCAHPS", who="family", NURSE_LISTEN="never")), "2026-Q1")
    assert told == {
        (nurses, "NURSE_LISTEN"): (2, 1, 2, 1, 0, 1, 1, 0, 1, 1, 100_000, 10_000_000_000),
        (nurses, "NURSE_RESPECT"): (1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 66_667, 4_444_488_889),
        (nurses, "*"): (2, 1, 3, 1, 1, 1, 1, 1, 1, 1, 166_667, 14_444_488_889),
    }


def test_quarters_and_years_alone_hold_composites_and_no_instrument_of_our_own_does():
    tables = made(form("w1", "CG-CAHPS", RATING="9"), form("w2", "pulse", effort="2"))
    rows = tables["composites"].to_pylist()
    assert {row["period"] for row in rows} == {"2026-Q1", "2026"}
    assert {row["composite"] for row in rows} == {"cg_cahps_3_1_rating"}


def test_a_code_that_only_counts_is_neither_best_nor_worst():
    told = composites(made(form("w1", "NHS FFT", FFT_OVERALL="6")), "2026")
    assert told["nhs_fft_fft", "*"] == (1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0)


def test_every_item_goes_into_one_official_composite_at_most():
    for asked in instruments():
        items = [item for one in asked.composites for item in one.items]
        assert len(items) == len(set(items)), asked.key
        assert len({official(asked, one) for one in asked.composites}) == len(asked.composites)


def test_how_each_form_was_answered_is_counted_once_and_relatives_apart():
    by_mail = [row | {"mode": "Mail ", "language": "es"} for row in form(
        "w2", "CG-CAHPS", who="proxy", COM_LISTEN="always", RATING="9")]
    rows = made(form("w1", "CG-CAHPS", COM_LISTEN="always", RATING="9"), by_mail,
                form("w3", "CG-CAHPS", who="family", COM_LISTEN="never"))["answered_how"].to_pylist()
    assert {(row["score"], row["cut"], row["value"], row["forms"], row["people"]) for row in rows
            if (row["unit"], row["period"]) == ("*", MARCH[:7])} == {
        ("cg_cahps_3_1", "all", "*", 2, 1),
        ("cg_cahps_3_1", "mode", "sms", 1, 1), ("cg_cahps_3_1", "mode", "mail", 1, 1),
        ("cg_cahps_3_1", "language", "unknown", 1, 1), ("cg_cahps_3_1", "language", "es", 1, 1),
        ("cg_cahps_3_1", "respondent", "self", 1, 1), ("cg_cahps_3_1", "respondent", "proxy", 1, 1),
        ("cg_cahps_3_1_family", "all", "*", 1, 1), ("cg_cahps_3_1_family", "mode", "sms", 1, 1),
        ("cg_cahps_3_1_family", "language", "unknown", 1, 1), ("cg_cahps_3_1_family", "respondent", "self", 1, 1),
    }
