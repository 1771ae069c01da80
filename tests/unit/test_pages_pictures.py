"""Pictures say what the list says: each moment in its hat's track, folds are told, trends do not cry wolf."""

import re

import pytest

from twohats.service.pages.charts import lanes, svg
from twohats.service.pages.charts.bars import Bar, bars
from twohats.service.pages.charts.trend import trend_of, trend_picture

SAID = svg.Said("This journey turns <twice>", "Time runs from left to right.")
ENGLISH = lanes.Language(
    "as patient", "as customer", "now", lambda m: f"day {int(m // 1440)}", lambda m: f"{int(m % 1440)}'",
    lambda m: "2026", lambda m: f"{round(m / 1440)} days",
)
VISIT = [
    lanes.Moment(1, "Booking", "customer", -20_000, -20_000),
    lanes.Moment(2, "Registration", "customer", 0, 20),
    lanes.Moment(3, "Waiting", "customer", 20, 90, waiting=True),
    lanes.Moment(4, "Treatment", "patient", 90, 300, second_hat="customer"),
    lanes.Moment(5, "Away", "none", 300, 330),
    lanes.Moment(6, "Distress", "mixed", 330, 345),
    lanes.Moment(7, "Not known", "unknown", 345, 400),
    lanes.Moment(8, "Hidden", "hidden", 400, 420),
    lanes.Moment(9, "Papers", "customer", 420, 465, is_open=True),
]


def drawn(width: float = 1000, moments=VISIT) -> str:
    return lanes.lanes("j", moments, width, SAID, ENGLISH)


def test_a_journey_turns_only_between_the_two_hats():
    assert [(a.number, b.number) for a, b in lanes.turns(VISIT)] == [(3, 4), (4, 9)]


@pytest.mark.parametrize("width", [1072.0, 672.0, 328.0])
def test_every_moment_stands_in_the_picture_with_its_number_at_every_width(width: float):
    told = set(re.findall(r">(\d+)(?: [^<]*)?</text>", drawn(width)))
    assert {str(moment.number) for moment in VISIT} <= told


def test_a_long_gap_is_folded_and_said_so():
    assert "14 days</text>" in drawn()
    assert drawn().count("stroke-dasharray=\"2 3\"") == 2


def test_waiting_is_hatched_and_both_at_once_is_striped():
    assert drawn().count('fill="url(#j-wait)"') == 1
    assert drawn().count('fill="url(#j-both)"') == 1


def test_a_picture_holds_no_style_and_escapes_what_it_says():
    assert "style=" not in drawn()
    assert "This journey turns &lt;twice&gt;" in drawn()
    assert drawn().count("<title") == drawn().count("<desc") == 1


def test_text_is_never_smaller_than_12_px_at_the_size_shown():
    sizes = {float(size) for size in re.findall(r'font-size="([\d.]+)"', drawn(328))}
    assert min(sizes) >= 12


def test_a_journey_of_nothing_is_an_empty_picture():
    assert drawn(moments=[]).startswith("<svg")


def test_seven_months_are_too_few_to_tell_a_change():
    assert trend_of([1, 2, 3, 4, 5, 6, 70]) is None


def test_a_month_outside_the_limits_stands_out():
    found = trend_of([310, 320, 300, 330, 316, 325, 322, 299, 318, 327, 520, 321])
    assert (found.stands_out, found.higher) == (10, True)


def test_chance_alone_does_not_stand_out():
    assert trend_of([310, 320, 300, 330, 316, 325, 322, 299, 318, 327, 311, 321]).stands_out is None


def test_eight_months_on_one_side_stand_out():
    found = trend_of([10, 11, 10, 11, 10, 11, 10, 11, 13, 14, 13, 14, 13, 14, 13, 14])
    assert (found.stands_out, found.higher) == (15, True)


def test_each_hat_has_its_own_shape():
    values, months = [3.0, 4.0, 5.0], ["a", "b", "c"]
    assert trend_picture("t", "patient", months, values, 400, SAID, str).count("<circle") == 3
    assert trend_picture("t", "customer", months, values, 400, SAID, str).count("<rect") == 3


def test_bars_begin_at_zero_and_the_longest_is_the_largest():
    picture = bars("b", "customer", [Bar("one", 200, "200"), Bar("two", 100, "100")], 400, SAID)
    wide = [float(width) for width in re.findall(r'<rect [^>]*? width="([\d.]+)"', picture)]
    assert wide[0] == pytest.approx(2 * wide[1], abs=0.2)
