"""Frank reads official survey scores: boxes and mean by hand, the break of 2025, and no small count given away."""

import re

import pytest

from tests.release_fixture import composite
from tests.security.conftest import logged_in
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures.composites import BOTTOM, Cell, Composites, Share, Told, is_pinned, reliability
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.policy import WHOLE, Role
from twohats.store.attack import derived
from twohats.store.estimates import mean_between, variance_between, wilson
from twohats.words.instruments import instrument

QUARTER = "2026-Q3"
CG, HCAHPS = instrument("cg_cahps_3_1"), instrument("hcahps_2025")


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


@pytest.fixture
def drawn(home, db, monkeypatch):
    """The composites of a release whose table of them holds these rows."""
    numbers_of(releases.current())  # kept for the pages, before the table of measures is drawn anew

    def made(*rows, measures=()) -> Composites:
        reader = releases.current()
        real, given = reader.rows, {"FROM composites": list(rows), "FROM measures": list(measures)}
        monkeypatch.setattr(reader, "rows", lambda sql, params=(): next(
            (rows for name, rows in given.items() if name in sql), None) if any(
            name in sql for name in given) else real(sql, params))
        return Composites(reader, Numbers(reader, Cube(reader)))

    return made


def staff(unit: str, period: str, boxes: tuple[int, int, int]) -> list[dict]:
    """Office Staff of one item: so many answered sometimes, usually and always."""
    sums = [sum(n * value**power for n, value in zip(boxes, (33_333, 66_667, 100_000), strict=True))
            for power in (1, 2)]
    return [composite("cg_cahps_3_1_staff", unit, period, item, boxes, *sums) for item in ("*", "STAFF_HELPFUL")]


def of_staff(composites: Composites, unit: str, period: str = QUARTER) -> Told:
    return composites.told(CG, next(one for one in CG.composites if one.key == "STAFF"), unit, period)


def rows_of(page: str, caption: str) -> list[list[str]]:
    """The rows of a table as one reads them."""
    table = page.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split())
             for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_composite_by_hand_is_what_the_page_shows(frank):
    page = shown(frank, f"/measures/official/?unit=*&period={QUARTER}")
    nobody = ["–"] * 5 + ["nobody answered it"]
    assert rows_of(page, "CG-CAHPS adult 3.1: official composites") == [
        ["Composite", "Best answers", "In between", "Worst answers", "Mean, 0 to 100", "Forms",
         "How far it may be trusted"],
        ["Getting Timely Appointments, Care, and Information", *nobody],
        ["Provider Communication", *nobody],
        ["Care Coordination", *nobody],
        ["Office Staff", "41.7 % 33.2 % to 50.6 %", "33.3 % 25.5 % to 42.2 %", "25.0 % 18.1 % to 33.4 %",
         "72 67 to 77", "120 120 people", "Enough people. No other unit of its kind is told."],
        ["Rating of Provider", *nobody],
    ]


def test_the_sub_scores_of_either_hat_stand_beside_with_a_link(frank):
    page = shown(frank, f"/measures/official/?unit=*&period={QUARTER}")
    beside = rows_of(page, "CG-CAHPS adult 3.1: our own sub-scores that the items go into")
    assert beside == [
        ["Composite", "As patients", "As customers", "In neither"],
        ["Getting Timely Appointments, Care, and Information", "no item",
         "none in this period 2 of its 3 items go into it", "Medical question answered the same day"],
        ["Provider Communication", "80.0 points 4 of its 4 items go into it", "no item", "no item"],
        ["Care Coordination", "80.0 points 2 of its 3 items go into it",
         "none in this period 1 of its 3 items go into it", "no item"],
        ["Office Staff", "no item", "none in this period 2 of its 2 items go into it", "no item"],
        ["Rating of Provider", "no item", "no item", "A rating of the whole."],
    ]
    assert '<a href="/measures/cg_cahps_3_1_patient/?unit=%2A&amp;period=2026-Q3">80.0 points</a>' in page
    assert "unadjusted for who answers" in page and "<code>twohats cahps</code>" in page and "no stars" in page


def test_several_items_are_averaged_each_over_its_own_answers(drawn):
    access, both = CG.composites[0], "cg_cahps_3_1_access"
    row = composite(both, WHOLE, QUARTER, "*", (24, 70, 106), 0, 0) | {"forms": 120, "people": 110}
    urgent = composite(both, WHOLE, QUARTER, "ACC_URGENT", (12, 30, 38), 6_199_990, 530_000_000_000)
    routine = composite(both, WHOLE, QUARTER, "ACC_ROUTINE", (12, 40, 68), 9_866_650, 870_000_000_000)
    told = drawn(row | {"points": 16_066_640}, urgent, routine).told(CG, access, WHOLE, QUARTER)

    def share(first: int, second: int) -> Share:
        value = (first / 80 + second / 120) / 2
        return Share(value, *wilson(value * 110, 110))

    ends = [mean_between(6_199_990, 530_000_000_000, 80, 80), mean_between(9_866_650, 870_000_000_000, 120, 120)]
    assert told == Told(120, 110, share(38, 68), share(30, 40), share(12, 12), Share(
        (6_199_990 / 80 + 9_866_650 / 120) / 2 / 1000, *(sum(end) / 2 / 1000 for end in zip(*ends, strict=True))))


def test_few_in_the_worst_box_hide_all_but_the_best(drawn):
    assert of_staff(drawn(*staff(WHOLE, QUARTER, (4, 40, 50))), WHOLE) == Told(94, 94, Share(50 / 94, *wilson(50, 94)))
    assert of_staff(drawn(*staff(WHOLE, QUARTER, (1, 2, 50))), WHOLE) == Told(53, 53)
    assert of_staff(drawn(*staff(WHOLE, QUARTER, (3, 4, 3))), WHOLE) == Told(why_not="few")
    assert of_staff(drawn(), WHOLE) == Told(why_not="none")
    assert of_staff(drawn(), "north-ed", "2026") == Told(why_not="period")


def test_the_mean_is_kept_back_where_it_would_tell_how_few_said_never(drawn):
    told = of_staff(drawn(*(row | {"points": row["points"] - 6 * 33_333} for row in staff(
        WHOLE, QUARTER, (20, 20, 20)))), WHOLE)
    assert (told.bottom.value, told.mean) == (1 / 3, None), "6 of 20 said never: nobody else makes that mean"


@pytest.mark.parametrize(("never", "sometimes", "usually", "always"), [
    (never, 12 - never, 82, 120) for never in range(12)] + [(5, 15, 20, 20), (11, 40, 100, 100), (3, 300, 300, 300)])
def test_a_mean_is_shown_only_where_nobody_can_count_back_to_few(never, sometimes, usually, always):
    worst = never + sometimes
    answers = worst + usually + always
    shown = round((sometimes * 100 / 3 + usually * 200 / 3 + always * 100) / answers)
    could_be = [n for n in range(worst + 1) if abs(
        (worst - n) * 100 / 3 + usually * 200 / 3 + always * 100 - shown * answers) <= answers / 2 + 1e-6]
    tells = any(min(counts) > 0 and max(counts) < 11 for counts in (could_be, [worst - n for n in could_be]))
    boxes = [(worst, (0, 100 / 3)), (usually, (200 / 3,)), (always, (100,))]
    assert is_pinned(boxes, shown * answers, answers / 2) == tells


def test_what_a_sibling_would_give_away_is_hidden_and_an_attacker_derives_nothing(drawn):
    composites = drawn(*staff(WHOLE, "2026", (42, 80, 90)), *staff("system", "2026", (42, 80, 90)),
                       *staff("north", "2026", (20, 50, 60)), *staff("south", "2026", (22, 30, 30)))
    assert {unit: of_staff(composites, unit, "2026").bottom is not None
            for unit in (WHOLE, "system", "north", "south")} == dict.fromkeys((WHOLE, "system", "north", "south"), True)
    small = drawn(*staff(WHOLE, "2026", (42, 80, 90)), *staff("system", "2026", (42, 80, 90)),
                  *staff("north", "2026", (37, 50, 60)), *staff("south", "2026", (5, 30, 30)))
    assert {unit: of_staff(small, unit, "2026").bottom is not None for unit in (WHOLE, "system", "north", "south")} == {
        WHOLE: True, "system": True, "north": False, "south": False}
    attacked = [Cell("cg_cahps_3_1_staff", "south", "2026", BOTTOM)]
    assert derived(small.counts, small.hidden, small.families, attacked) == {}


def test_a_composite_is_hidden_where_its_sub_score_is(drawn):
    hidden = {"measure": "cg_cahps_3_1_customer", "unit": WHOLE, "period": QUARTER, "times": 9, "people": 9, "part": 0,
              "people_with": 0, "people_without": 0, "amount": 0, "amount_squared": 0}
    assert of_staff(drawn(*staff(WHOLE, QUARTER, (30, 40, 50)), measures=[hidden]), WHOLE) == Told(why_not="few")


def test_from_100_people_on_reliability_says_whether_units_may_be_compared(drawn):
    def among(north: tuple[int, int, int], south: tuple[int, int, int]) -> float | None:
        made = drawn(*staff("north", "2026", north), *staff("south", "2026", south))
        return reliability(made.levels(CG, CG.composites[3], "north", "2026"), "north")

    made = drawn(*staff("north", "2026", (20, 40, 60)), *staff("south", "2026", (60, 40, 20)))
    levels = [of_staff(made, unit, "2026").top for unit in ("north", "south")]
    variances = [((one.high - one.low) / 2 / 1.959964) ** 2 for one in levels]
    between = variance_between([one.value for one in levels], variances, [120, 120])
    assert among((20, 40, 60), (60, 40, 20)) == pytest.approx(between / (between + variances[0]))
    assert between / (between + variances[0]) > 0.9
    assert among((30, 40, 50), (30, 40, 50)) == 0.0
    alone = drawn(*staff("north", "2026", (30, 40, 50))).levels(CG, CG.composites[3], "north", "2026")
    assert (list(alone), reliability(alone, "north")) == (["north"], None)


@pytest.mark.parametrize(("boxes", "rung"), [
    ((4, 11, 12), "Fewer than 30 people: too few to compare."),
    ((12, 15, 16), "Fewer than 100 people: read with caution."),
    ((30, 40, 50), "Enough people, but what units differ by is mostly chance (reliability 0.00): not compared."),
    ((10, 10, 100), "May be compared with units of its kind (reliability 0.9"),
])
def test_each_rung_of_publication_has_its_sentence(frank, drawn, monkeypatch, boxes, rung):
    made = drawn(*staff("north", "2026", boxes), *staff("south", "2026", (30, 40, 50)))
    monkeypatch.setattr("twohats.service.pages.measures.official.composites_of", lambda reader: made)
    page = shown(frank, "/measures/official/?unit=north&period=2026")
    assert rows_of(page, "CG-CAHPS adult 3.1: official composites")[4][-1].startswith(rung)


def test_the_break_of_2025_is_said_in_both_languages(frank, drawn, monkeypatch):
    row = composite("hcahps_2025_h_clean_hsp", WHOLE, QUARTER, "*", (20, 20, 20), 4_000_000, 0)
    made = drawn(row, row | {"item": "CLEAN"})
    monkeypatch.setattr("twohats.service.pages.measures.official.composites_of", lambda reader: made)
    page = " ".join(shown(frank, f"/measures/official/?unit=*&period={QUARTER}").split())
    assert ("A break in the series: from January 1, 2025 another questionnaire is asked than before (HCAHPS to 2024). "
            "Its scores do not continue the former ones. Under the same name another thing is asked: "
            "Responsiveness of Hospital Staff." in page)
    assert "check before use: Care Coordination; Restfulness of Hospital Environment" in page
    spanish = frank.get(f"/measures/official/?unit=*&period={QUARTER}", headers={"accept-language": "es"})
    assert "HCAHPS desde 2025: medidas compuestas oficiales" in spanish.content.decode()


def test_an_instrument_that_was_not_in_use_is_not_on_the_page_and_a_unit_is_too_small(frank, drawn, monkeypatch):
    row = composite("hcahps_2015_h_clean_hsp", WHOLE, "2024", "*", (20, 20, 20), 4_000_000, 0)
    made = drawn(row, row | {"item": "CLEAN"}, *staff(WHOLE, "2026", (30, 40, 50)))
    monkeypatch.setattr("twohats.service.pages.measures.official.composites_of", lambda reader: made)
    page = shown(frank, "/measures/official/?unit=*&period=2026")
    assert "HCAHPS" not in page.split("<h2")[1] and "CG-CAHPS" in page
    assert "not told of a place this small" in shown(frank, "/measures/official/?unit=north-ed")
    assert frank.get("/measures/official/?unit=nowhere").status_code == 404
