"""Pictures say what the list says: each moment in its hat's track, folds are told, trends do not cry wolf."""

import re

import pytest

from twohats.service.pages.charts import lanes, svg
from twohats.service.pages.charts.bars import Bar, bars
from twohats.service.pages.charts.funnel import Curves, Point, Wording, funnel_picture, ticks
from twohats.service.pages.charts.trend import Lines, Mark, Shown, marked_picture, trend_of, trend_picture
from twohats.store.charts.special_causes import Cause

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
    assert (found.stands_out, found.cause) == (10, Cause.ABOVE_LIMIT)


def test_chance_alone_does_not_stand_out():
    assert trend_of([310, 320, 300, 330, 316, 325, 322, 299, 318, 327, 311, 321]).stands_out is None


@pytest.mark.parametrize(("values", "place", "cause"), [
    ([10, 12, 10, 12, 10, 12, 10, 12, 13, 12.5, 13, 12.5, 13, 12.5, 13], 14, Cause.RUN_ABOVE),
    ([20, 13, 14, 15, 16, 17, 18, 19, 13, 20, 12, 16], 7, Cause.RISING),
])
def test_the_rules_are_those_of_the_pages_of_measures(values: list[float], place: int, cause: Cause):
    found = trend_of(values)
    assert (found.stands_out, found.cause) == (place, cause)


def test_months_that_are_all_alike_have_no_limits_and_nothing_stands_out():
    found = trend_of([5.0] * 9)
    assert (found.middle, found.low, found.high, found.stands_out) == (5.0, 5.0, 5.0, None)


def test_each_hat_has_its_own_shape():
    values, months = [3.0, 4.0, 5.0], ["a", "b", "c"]
    assert trend_picture("t", "patient", months, values, 400, SAID, str).count("<circle") == 3
    assert trend_picture("t", "customer", months, values, 400, SAID, str).count("<rect") == 3


def test_bars_begin_at_zero_and_the_longest_is_the_largest():
    picture = bars("b", "customer", [Bar("one", 200, "200"), Bar("two", 100, "100")], 400, SAID)
    wide = [float(width) for width in re.findall(r'<rect [^>]*? width="([\d.]+)"', picture)]
    assert wide[0] == pytest.approx(2 * wide[1], abs=0.2)


# ---- what people wrote on a trend ---------------------------------------------------------------------------
VALUES = [5.0, 6.0, None, 5.0, 6.0, 2.0, 2.5, 2.0]
WRITTEN = Shown(
    lines=[Lines(0, 4, 5.5, 4.0, 7.0), Lines(5, 7, 2.2, 1.5, 3.0)], stands_out=frozenset({1}),
    marks=[Mark(1, 1), Mark(2, 5, begins=True), Mark(3, 5), Mark(4, 5), Mark(5, 6)],
    goals=[None, None, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0], goal_word="goal")


def marked(width: float, shown: Shown = WRITTEN, values=VALUES) -> str:
    return marked_picture("t", "patient", [f"m{n}" for n in range(len(values))], values, width, SAID, str, shown)


def boxes(picture: str) -> list[tuple[float, float]]:
    tags = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="22" height="18"', picture)
    return [(float(x), float(y)) for x, y in tags]


@pytest.mark.parametrize("width", [960, 624, 288, 150])
def test_each_mark_has_a_tag_of_its_own_that_covers_no_other(width: float):
    found = boxes(marked(width))
    assert len(found) == 5
    apart = [abs(a[0] - b[0]) >= 22 or abs(a[1] - b[1]) >= 18 for at, a in enumerate(found) for b in found[:at]]
    assert all(apart)
    assert all(4 <= x <= width - 64 - 22 for x, _y in found)


def test_lines_begin_anew_where_something_begins_and_a_hidden_month_is_a_gap():
    picture = marked(624)
    bands = [(float(x), float(width)) for x, width in re.findall(
        r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="[\d.]+" fill="#EFEDE6"', picture)]
    assert bands[0][0] + bands[0][1] == pytest.approx(bands[1][0], abs=0.2)
    (begins,) = re.findall(r'<line x1="([\d.]+)" [^>]*stroke-dasharray="2 3"', picture)
    assert float(begins) == pytest.approx(bands[1][0], abs=0.2)
    assert (picture.count("<polyline"), picture.count("<circle")) == (2, 7)


def test_the_goal_is_a_line_a_stretch_and_its_word_never_lies_on_the_last_number():
    picture = marked(624)
    assert picture.count('stroke-dasharray="10 3 2 3"') == 2
    (goal,) = re.findall(r'<text x="568" y="([\d.]+)"[^>]*>goal<', picture)
    (last,) = re.findall(r'<text x="568" y="([\d.]+)"[^>]*>2.0<', picture)
    assert abs(float(goal) - float(last)) >= 15
    ended = marked(624, Shown(goals=[4.0, 4.0, *[None] * 6], goal_word="goal"))
    assert re.findall(r'text-anchor="(\w+)"[^>]*>goal<|>goal<', ended) == ["end"]


def test_what_is_written_is_no_smaller_than_12_px_and_of_no_new_colour():
    picture = marked(288)
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', picture)) >= 12
    plain = set(re.findall(r'#\w{6}', marked(288, Shown(lines=WRITTEN.lines, stands_out=frozenset({1})))))
    assert set(re.findall(r'#\w{6}', picture)) == plain


def test_numbers_below_zero_stay_within_the_picture_and_above_its_foot():
    picture = marked(288, Shown(lines=[Lines(0, 2, -10.0, -60.0, 40.0)], goals=[20.0] * 3), [-30.0, 10.0, -10.0])
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([-\d.]+)"', picture)]
    (top, tall) = re.findall(r'y="([-\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#EFEDE6"', picture)[0]
    assert heights[1] < heights[2] < heights[0]
    assert all(26 <= y <= 190 - 28 for y in (*heights, float(top), float(top) + float(tall) - 0.2))


CLINICS = [Point("Alder <A>", 400, 0.05, True), Point("Birch", 410, 0.15, False), Point("Cedar", 900, 0.2, False)]
CURVES = Curves([300, 600, 1_000], [0.08, 0.1, 0.11], [0.1, 0.12, 0.13], [0.2, 0.18, 0.17], [0.23, 0.2, 0.19])
WORDS = Wording(lambda share: f"{100 * share:.0f} %", lambda people: f"{people:.0f}", "people", "95 %", "99.8 %")


@pytest.mark.parametrize("width", [960.0, 624.0, 288.0])
@pytest.mark.parametrize(("hat", "shape"), [("patient", "circle"), ("customer", "rect")])
def test_a_funnel_has_a_mark_for_each_unit_in_the_shape_of_its_hat_and_four_limits(width: float, hat: str, shape: str):
    picture = funnel_picture("f", hat, CLINICS, 0.15, CURVES, width, SAID, WORDS)
    assert (picture.count(f"<{shape}"), picture.count("<polyline"), picture.count("<polygon")) == (3, 4, 1)
    assert picture.count('stroke-width="2.5"') == 1, "one lies outside"
    assert all(f">{word}</text>" in picture for word in ("15 %", "95 %", "99.8 %", "people"))
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', picture)) >= 12


def test_names_stand_beside_their_marks_where_there_is_room_and_never_on_each_other():
    picture = funnel_picture("f", "patient", CLINICS, 0.15, CURVES, 960, SAID, WORDS)
    assert re.findall(r">([^<]+)</text>", picture)[-3:] == ["Alder &lt;A&gt;", "Birch", "Cedar"]
    crowd = [Point(f"Clinic {number}", 400 + number, 0.15, False) for number in range(9)]
    names = re.findall(r'x="([\d.]+)" y="([\d.]+)"[^>]*>Clinic',
                       funnel_picture("f", "patient", crowd, 0.15, CURVES, 288, SAID, WORDS))
    assert 1 <= len(names) < 9
    assert len({y for _x, y in names}) == len(names)


@pytest.mark.parametrize(("low", "high", "most", "told"), [
    (0.041, 0.257, 5, [0.05, 0.1, 0.15, 0.2, 0.25]), (300, 1_000, 3, [500, 1_000]),
    (100, 1_900, 5, [500, 1_000, 1_500]), (3, 9, 5, [4, 6, 8]),
])
def test_ticks_are_round_numbers_within(low: float, high: float, most: int, told: list[float]):
    assert ticks(low, high, most) == pytest.approx(told)


def test_the_word_of_zero_gives_way_to_a_last_number_that_would_lie_upon_it():
    assert ">0<" in marked(288, Shown(), [3.0, 2.0]) and ">2.0<" in marked(288, Shown(), [3.0, 2.0])
    assert ">0<" not in marked(288, Shown(), [3.0, 0.0]) and ">0.0<" in marked(288, Shown(), [3.0, 0.0])
