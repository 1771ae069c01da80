"""Frank reads the measures of both hats: each number with its range and people, small ones hidden."""

import csv
import io
import re

import pytest

from tests.release_fixture import UNITS, make_release, missed
from tests.security.conftest import logged_in
from twohats.service import releases
from twohats.service.actions import people
from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures import prices, together
from twohats.service.pages.measures.asked import Asked, Heard
from twohats.service.pages.measures.numbers import Numbers, Told
from twohats.service.policy import WHOLE, Role
from twohats.store.estimates import mean_between, share_between
from twohats.words.measures import measure

QUARTER = "2026-Q3"


@pytest.fixture
def frank(readers, home):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


@pytest.fixture
def numbers(home, db) -> Numbers:
    reader = releases.current()
    return Numbers(reader, Cube(reader))


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_share_a_mean_and_a_time_with_what_came_first(numbers):
    assert numbers.told("no_show", WHOLE, QUARTER) == Told(0.1, *share_between(40, 400, 400), None, 400, 400)
    low, high = mean_between(40_000, 22_000_000, 80, 40)
    assert numbers.told("coc", WHOLE, QUARTER) == Told(0.5, low / 1000, high / 1000, None, 80, 40)
    waited = numbers.told("time_to_clinician", WHOLE, QUARTER)
    assert (round(waited.value, 1), round(waited.low, 1), round(waited.high, 1), round(waited.ninth, 1)) == (
        34.4,
        17.1,
        35.6,
        35.6,
    )
    assert (waited.times, waited.people) == (120, 110)


def test_points_are_told_as_points_and_never_past_their_ends(numbers):
    low, high = mean_between(4_800_000, 400_000_000_000, 60, 50)
    told = numbers.told("cg_cahps_3_1_patient", WHOLE, QUARTER)
    assert told == Told(80.0, low / 1000, min(high / 1000, 100.0), None, 60, 50)
    low, high = mean_between(-1_000_000, 300_000_000_000, 40, 40)
    assert numbers.told("nps_nps", WHOLE, QUARTER) == Told(-25.0, low / 1000, high / 1000, None, 40, 40)
    assert numbers.told("cg_cahps_3_1_patient", "north", QUARTER).why_not == "period"


def test_what_people_answered_stands_by_hat_and_relatives_beside_both(frank):
    page = shown(frank, f"/measures/?period={QUARTER}")
    answered, apart = page.split("What people answered")[1].split("Beside the two hats")
    assert "CG-CAHPS adult 3.1: items of the patient&#x27;s hat" in answered and "80.0 points" in answered
    assert "Net Promoter Score: Promoters less detractors" in answered and "-25.0 points" in answered
    assert "CG-CAHPS adult 3.1: what relatives say" in apart and "relatives say" not in answered
    assert "HCAHPS" not in page, "no form of it was answered"


def test_who_is_heard_group_by_group_and_what_a_small_group_would_give_away_is_hidden(home, db):
    asked = Asked(releases.current())

    def told(cut: str) -> list[Heard]:
        return asked.told("2026", cut)

    assert told("language") == [
        Heard("en", 250, 70 / 250, *share_between(70, 250, 250)),
        Heard("es", 110, 17 / 110, *share_between(17, 110, 110)),
        Heard("other", 40, 13 / 40, *share_between(13, 40, 40)),
    ]
    assert told("age") == [Heard("40-64", 250, None, None, None), Heard("65-79", 150, None, None, None)]
    assert told("channel") == [Heard("sms", 400, 0.25, *share_between(100, 400, 400))]
    assert asked.years == ["2026"]


def test_the_page_of_who_is_heard_says_what_it_rests_on(frank):
    page = shown(frank, "/measures/who-is-heard/")
    rows = [[" ".join(cell.split()) for cell in re.findall(r"<t[hd][^>]*>(?:<span[^>]*>)?([^<]*)", row)]
            for row in re.findall(r"<tr>(.*?)</tr>", page)]
    assert ["English", "250", "28.0 %", "22.8 % to 33.9 %"] in rows
    assert ["all others, each under 100 people", "40", "32.5 %", "20.1 % to 48.0 %"] in rows
    assert ["40-64", "250", "not shown", "none"] in rows
    assert "they say who is missing, not why" in page
    assert frank.get("/measures/who-is-heard/?year=1999").status_code == 404


def test_reasons_for_no_number(numbers):
    nothing = (None, None, None, None)
    assert numbers.told("left_unseen", WHOLE, QUARTER) == Told(*nothing, 0, 0, "none")
    assert numbers.told("hold", WHOLE, QUARTER) == Told(*nothing, 0, 0, "few")
    assert numbers.told("first_fill", WHOLE, QUARTER) == Told(*nothing, 60, 50, "part")
    half = {"measure": "time_to_clinician", "unit": WHOLE, "period": QUARTER}
    numbers.spreads[tuple(half.values())] = {"done": {160: 40}, "other": {160: 80}}
    assert numbers.told("time_to_clinician", WHOLE, QUARTER) == Told(*nothing, 120, 110, "never")


def test_a_small_neighbour_hides_the_one_it_could_be_worked_out_from(home, db, monkeypatch):
    reader = releases.current()
    rows = [
        missed(WHOLE, "2026", 300, 60),
        missed("system", "2026", 300, 60),
        missed("north", "2026", 294, 56),
        missed("south", "2026", 6, 4),
    ]
    real = reader.rows
    monkeypatch.setattr(reader, "rows", lambda sql, params=(): rows if "FROM measures" in sql else real(sql, params))
    told = Numbers(reader, Cube(reader))
    assert {unit: told.told("no_show", unit, "2026").why_not for unit in (WHOLE, "system", "north", "south")} == {
        WHOLE: "",
        "system": "",
        "north": "few",
        "south": "few",
    }


def test_what_lies_in_no_unit_below_is_a_neighbour_too(home, db, monkeypatch):
    reader = releases.current()
    rows = [
        missed("north", "2026", 300, 60),
        missed("north-ed", "2026", 200, 40),
        missed("north-clinic", "2026", 95, 15),
        missed("north!", "2026", 5, 5),
    ]
    real = reader.rows
    monkeypatch.setattr(reader, "rows", lambda sql, params=(): rows if "FROM measures" in sql else real(sql, params))
    told = Numbers(reader, Cube(reader))
    assert {unit: told.told("no_show", unit, "2026").why_not for unit in ("north", "north-ed", "north-clinic")} == {
        "north": "",
        "north-ed": "",
        "north-clinic": "few",
    }


def test_departments_and_units_are_told_by_the_year_and_months_when_they_are_over(numbers):
    assert numbers.told_periods(WHOLE) == ["2026-10", "2026-09", "2026-08", "2026-07", QUARTER, "2026"]
    assert numbers.told_periods(WHOLE, measure("back_within_30_days"))[0] == "2026-09"
    assert numbers.told_periods("north") == [QUARTER, "2026"]
    assert numbers.told_periods("north", measure("cg_cahps_3_1_patient")) == ["2026"]
    assert numbers.told_periods("north-ed", measure("enough_time_at_stake")) == []
    assert numbers.told_periods("north-ed") == ["2026"]
    assert ("no_show", "north-ed", QUARTER) not in numbers.sums


def test_the_list_has_both_hats_and_every_number_its_range_people_and_direction(frank):
    page = shown(frank, "/measures/")
    assert page.index("As patients") < page.index("As customers")
    assert "July 2026 to September 2026" in page
    assert 'Visits missed without notice</a></dt> <dd><strong class="figures">10.0 %</strong></dd>' in page
    assert "Range 7.4 % to 13.3 %. 400 people. Lower is better." in page
    assert '<strong class="figures">34 minutes</strong>' in page
    assert "Range 17 to 36. Nine in ten within 36. 110 people. Lower is better." in page
    assert "Fewer than 11 people on one side of the share. 50 people. Higher is better." in page


def test_a_measure_has_its_sentence_its_units_and_its_definition(frank):
    page = shown(frank, "/measures/no_show/?unit=*&period=2026-Q3")
    assert (
        "7.4 % to 13.3 %, 95 times in 100; 400 counted, 400 people, July 2026 to September 2026. "
        "Lower is better." in page
    )
    assert "Too few whole periods to tell a change from chance." in page
    assert "Appointments marked as missed." in page
    assert page.index(">North<") < page.index(">South<")
    of_a_site = shown(frank, "/measures/no_show/?unit=north")
    assert "North emergency" in of_a_site
    assert "2026 so far" in of_a_site


def test_what_is_not_there_is_not_found(frank):
    for address in ("/measures/none_such/", "/measures/?unit=nowhere", "/measures/?period=1999", "/measures/?period=x"):
        assert frank.get(address).status_code == 404, address


def test_the_file_holds_what_the_page_says_and_nothing_hidden(frank):
    rows = list(csv.DictReader(io.StringIO(frank.get("/measures/told.csv?unit=*").content.decode())))
    (one,) = [row for row in rows if (row["measure"], row["period"]) == ("no_show", QUARTER)]
    assert {name: one[name] for name in ("value", "low", "high", "times", "people", "better", "why_not")} == {
        "value": "0.1",
        "low": "0.0742993",
        "high": "0.133311",
        "times": "400",
        "people": "400",
        "better": "lower",
        "why_not": "",
    }
    hidden = [row for row in rows if row["why_not"] in ("few", "part")]
    assert {(row["measure"], row["value"], row["low"], row["ninth_decile"]) for row in hidden} == {
        ("hold", "", "", ""),
        ("first_fill", "", "", ""),
    }
    assert {row["measure"] for row in rows if row["people"] == "8"} == set()


def rows_of(client, table: str, form: str) -> list[dict[str, str]]:
    text = b"".join(client.get(f"/tables/{table}/{form}.csv").streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_shelf_tells_no_more_of_measures_than_their_pages(frank, numbers):
    empty = dict.fromkeys(("times", "people", "part", "people_with", "people_without", "amount", "amount_squared"), "")
    told = {(row["measure"], row["unit"], row["period"]): row for row in rows_of(frank, "measures", "totals")}
    assert {(key, unit, period) for key, unit, period in told if told[key, unit, period]["times"]} == {
        cell for cell in numbers.sums if numbers.told(*cell).people}
    for cell, row in told.items():
        why_not = numbers.why_not(*cell)
        figures = {name: row[name] for name in empty}
        if why_not in ("none", "few"):
            assert figures == empty, cell
        elif why_not == "part":
            assert figures == empty | {"times": row["times"], "people": row["people"]}, cell
        else:
            assert "" not in figures.values(), cell
    assert told["first_fill", "*", QUARTER]["people"] == "50"
    assert told["hold", "*", QUARTER]["people"] == ""


def test_no_histogram_leaves_as_totals_and_no_measured_thing_but_to_who_sees_labelled_kinds(frank, readers):
    assert frank.get("/tables/spreads/totals.csv").status_code in (403, 404)
    for name, forms in (("leader", ("totals",)), ("analyst", ("masked",)), ("navigator", ("panel",))):
        for form in forms:
            assert logged_in(readers[name]).get(f"/tables/measured/{form}.csv").status_code in (403, 404), (name, form)


def test_our_hospitals_among_all_with_what_may_not_be_compared(frank):
    page = shown(frank, "/measures/among-hospitals/")
    assert "Of 2 measures, 1 are in the upper quarter of all hospitals and 1 in the lower." in page
    assert "1/1/2025 to 12/31/2025; 540 completed surveys; 101 hospitals." in page
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    assert rows == [
        ["Measure", "Ours", "Middle half", "Middle", "Place"],
        ["Communication with nurses: always", "80 %", "61 % to 72 %", "66 %", "90"],
        ["Quietness: always", "55 %", "61 % to 72 %", "66 %", "10"],
    ]
    assert "do not hold one against the other" in page and "stars" in page


def test_without_a_public_file_the_page_says_which_one_to_take_in(frank, monkeypatch):
    monkeypatch.setattr("twohats.service.pages.measures.among.places_of", lambda reader: [])
    page = shown(frank, "/measures/among-hospitals/")
    assert "No public HCAHPS file was taken in" in page and "twohats intake hcahps_hospitals.csv units.csv" in page


def test_a_hospital_of_ours_that_no_public_file_holds_is_named_with_its_whole_number(settings, tmp_path, readers):
    settings.TWOHATS_HOME = tmp_path / "numbered"
    numbers = {"north": "10001", "south": "10005"}
    make_release(tmp_path / "numbered", "numbered", units=[
        unit | {"facility_id": numbers.get(unit["unit"])} for unit in UNITS])
    said = "Not among them: South (010005)."
    assert said not in shown(logged_in(readers["leader"]), "/measures/among-hospitals/"), "a leader of the north alone"
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    assert said in shown(logged_in(readers["leader"]), "/measures/among-hospitals/")


def test_care_received_says_both_sides_and_what_goes_together(frank):
    page = shown(frank, "/measures/care-received/")
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in re.findall(r"<tr>(.*?)</tr>", page)]
    assert rows == [
        ["When a customer met", "of the care was received", "Of 100 visits", "Range", "People who tell it",
         "How far it may be trusted"],
        ["a sign of too much asked", "what was taught, said back rightly", "−12.4", "−20.1 to −4.7", "120",
         "Association within the same people: consistent with an effect, not proof of one."],
        ["half an hour more of waiting", "what was taught, said back rightly", "+0.4", "−2.0 to +2.8", "40",
         "No association is seen: the range holds nought."],
    ]
    for hat, name in (("patient", "What was taught, said back rightly"), ("customer", "Minutes on hold before")):
        side = page.split(f'id="side-{hat}"')[1].split("</section>")[0]
        assert name in side
    assert frank.get("/measures/care-received/?year=1999").status_code == 404


@pytest.mark.parametrize(("changed", "said"), [
    ({"placebo_low": 0.5}, "Not to be trusted: what was met only at the next visit"),
    ({"robustness": 0.04}, "Weak: something small that we do not see would undo it."),
    ({"way": "means"}, "Association between visits: too few people had both"),
    ({"high": 0.1}, "No association is seen: the range holds nought."),
])
def test_an_association_is_trusted_only_as_far_as_it_may_be(changed, said):
    row = {"way": "within", "low": -20.1, "high": -4.7, "robustness": 0.12, "placebo_low": -6.0, "placebo_high": 8.4}
    assert together.trust(row | changed).startswith(said)


def test_the_wrong_hat_says_both_ways_to_miss_a_hat_as_equals(frank):
    page = shown(frank, "/measures/wrong-hat/")
    sides = {hat: page.split(f'id="side-{hat}"')[1].split("</section>")[0] for hat in ("patient", "customer")}
    priced = {hat: page.split(f'id="price-{hat}"')[1].split("</section>")[0] for hat in ("patient", "customer")}
    signs = {hat: page.split(f'id="sign-{hat}"')[1].split("</section>")[0] for hat in ("patient", "customer")}
    assert "Visits with a sign of hurry" in sides["patient"]
    assert "Dealings with a sign of too much asked" in sides["customer"]
    assert ("those in which a patient was hurried were rated −6.4 points (95 % range −8.9 to −3.9) beside the others; "
            "240 people tell it. Stable traits of the person are out of it") in priced["patient"]
    assert "Without correcting for what is told wrongly: −2.5 (−3.4 to −1.6)." in priced["patient"]
    assert "+2.9 more or fewer were the last (95 % range +0.8 to +5.0). People may differ" in priced["patient"]
    assert "Not to be trusted: what was met only at the next one" in priced["customer"]
    assert "not told</span></dd><dd class=\"says\">Fewer than 50 people tell it." in priced["customer"]
    assert "Less than half of the booked time was with a clinician." in signs["patient"]
    assert "Twelve minutes or more of checking in." in signs["customer"]
    assert "people looked at 300 sides of visits and calls. Of all sides, 91.0 % are told as they found them." in page
    assert frank.get("/measures/wrong-hat/?year=1999").status_code == 404


def test_before_anybody_looked_no_price_is_shown(frank, monkeypatch):
    rows = [{"outcome": outcome, "wrong": wrong, "way": "not_looked_at", "points": None}
            for outcome in ("satisfaction", "leaving") for wrong in ("hurried", "over_engaged")]
    monkeypatch.setattr("twohats.service.pages.measures.prices.sample_of",
                        lambda reader: {"labelled": 0, "rightly": ""})
    read = prices.by_hat
    monkeypatch.setattr("twohats.service.pages.measures.prices.by_hat", lambda reader: read(FakeReader(rows)))
    page = shown(frank, "/measures/wrong-hat/")
    assert page.count("Too few visits and calls were looked at by people.") == 4
    assert "Nobody has looked at visits and calls of this release yet." in page


class FakeReader:
    """Gives these rows, whatever is asked."""

    def __init__(self, rows):
        self.held = rows

    def rows(self, _sql, _parameters):
        return self.held
