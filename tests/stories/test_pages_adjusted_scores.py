"""Frank reads means adjusted for who answered beside the plain ones: told only where nothing hidden is told by it."""

from typing import Any

import pytest

from tests.stories.test_pages_official_scores import drawn, frank, rows_of, shown, staff  # noqa: F401
from twohats.service.pages.measures import adjusted

CAPTION = "CG-CAHPS adult 3.1: means adjusted for who answered, 2026"
HEAD = ["Composite", "Place", "Mean, 0 to 100", "The same, adjusted", "Forms"]
PLAIN = ((30, 40, 50), (60, 40, 20))


def row(unit: str, **more: Any) -> dict[str, Any]:
    """What a build says of Office Staff in a unit."""
    return {"composite": "cg_cahps_3_1_staff", "kind": "site", "unit": unit, "year": "2026", "units": 2, "forms": 120,
            "people": 120, "unadjusted": 70.0, "adjusted": 68.4, "low": 63.6, "high": 73.2,
            "adjusters": "age proxy mode", "not_known": "language", "why_not": ""} | more


@pytest.fixture
def page(frank, drawn, monkeypatch):  # noqa: F811
    """The page of a unit where these are the answers of both sites, and this is what a build made of them."""
    def made(unit: str, north: tuple[int, int, int], south: tuple[int, int, int], *rows: dict[str, Any],
             language: str = "en") -> str:
        held = drawn(*staff("*", "2026", tuple(map(sum, zip(north, south, strict=True)))),
                     *staff("north", "2026", north), *staff("south", "2026", south))
        monkeypatch.setattr("twohats.service.pages.measures.official.composites_of", lambda reader: held)
        monkeypatch.setattr(adjusted, "rows_of", lambda reader: {
            (one["composite"], one["unit"], one["year"]): one for one in rows})
        answer = frank.get(f"/measures/official/?unit={unit}&period=2026", headers={"accept-language": language})
        assert answer.status_code == 200
        return answer.content.decode()

    return made


def test_the_whole_is_told_by_its_sites_in_the_order_of_their_names_plain_and_adjusted(page):
    told = page("*", *PLAIN, row("north"), row("south", adjusted=47.6, low=42.5, high=52.4))
    assert rows_of(told, CAPTION) == [
        HEAD,
        ["Office Staff", "North", "72 67 to 77", "68 64 to 73", "120 120 people"],
        ["Office Staff", "South", "56 51 to 60", "48 42 to 52", "120 120 people"],
    ]
    text = " ".join(told.split()).replace("&#x27;", "'")
    assert ("its people were like those of the other places of its kind in: age; answered by somebody else for them; "
            "way of asking. Not known or the same for everybody, and so not adjusted for: language of the form. Only "
            "places whose plain mean is told stand in the table. It counts what patients said, and what others said "
            "for them; relatives' own view is not in it. What still differs is associated with the place" in text)


def test_a_site_stands_alone_beside_its_plain_mean(page):
    told = page("south", *PLAIN, row("north"), row("south", adjusted=47.6, low=None, high=None))
    assert rows_of(told, CAPTION) == [
        HEAD, ["Office Staff", "South", "56 51 to 60", "48 all answered alike", "120 120 people"]]


def test_a_quarter_has_the_adjusted_means_of_its_year(frank, drawn, monkeypatch):  # noqa: F811
    held = drawn(*staff("*", "2026-Q3", PLAIN[0]), *staff("*", "2026", (90, 80, 70)),
                 *staff("north", "2026", PLAIN[0]), *staff("south", "2026", PLAIN[1]))
    monkeypatch.setattr("twohats.service.pages.measures.official.composites_of", lambda reader: held)
    monkeypatch.setattr(adjusted, "rows_of", lambda reader: {
        ("cg_cahps_3_1_staff", unit, "2026"): row(unit) for unit in ("north", "south")})
    assert [cells[3] for cells in rows_of(shown(frank, "/measures/official/?unit=*&period=2026-Q3"), CAPTION)] == [
        "The same, adjusted", "68 64 to 73", "68 64 to 73"]


def test_where_the_other_site_is_not_told_neither_is_adjusted(page):
    """An adjusted mean in the north would say that eleven people at least answered in the south."""
    told = page("north", PLAIN[0], (0, 9, 0), row("north"), row("south"))
    assert "68 64 to 73" not in " ".join(told.split()) and "No mean of 2026 is adjusted" in told
    assert "68 64 to 73" not in " ".join(page("*", PLAIN[0], (0, 9, 0), row("north"), row("south")).split())


def test_a_site_whose_people_are_told_but_not_its_mean_is_one_to_be_adjusted_against(page):
    told = page("*", (60, 70, 80), (5, 40, 50), row("north"), row("south"))
    assert rows_of(told, CAPTION) == [HEAD, ["Office Staff", "North", "70 66 to 74", "68 64 to 73", "210 210 people"]]


@pytest.mark.parametrize(("of_north", "cell"), [
    ({"adjusted": None, "low": None, "high": None, "why_not": "no_adjusters"}, "too little is known of who answered"),
    ({"adjusted": 104.2, "low": 99.0, "high": 109.0}, "100 99 to 100"),
])
def test_no_page_shows_what_is_no_number_or_outside_the_scale(page, of_north, cell):
    told = page("north", *PLAIN, row("north", **of_north), row("south"))
    assert rows_of(told, CAPTION)[1][3] == cell
    assert "nan" not in told.lower().split("<main")[1].split("</main")[0].split()


def test_fewer_than_thirty_people_are_too_few_to_compare(page):
    told = page("north", (12, 13, 14), PLAIN[1], row("north"), row("south"))
    assert rows_of(told, CAPTION)[1][3] == "68 64 to 73"
    few = page("north", (12, 0, 14), PLAIN[1], row("north"), row("south"))
    assert rows_of(few, CAPTION)[1][3] == "fewer than 30 people: too few to compare"


def test_it_is_said_in_spanish_too(page):
    told = page("*", *PLAIN, row("north"), row("south"), language="es")
    assert "medias ajustadas según quién contestó, 2026" in told and "edad; contestado por otra persona" in told
