"""Frank says from when the process is another one, Nora writes a note, both set goals; others read, or see nothing."""

import csv
import io
import re

import pytest

from tests.release_fixture import make_release, measure, missed
from tests.security.conftest import logged_in
from tests.stories.counting import queries_of
from twohats.service import releases
from twohats.service.actions import marks, people
from twohats.service.actions.marks import Chart
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.marks import written_on
from twohats.service.pages.measures.moved import goal_kept
from twohats.service.pages.measures.numbers import numbers_of
from twohats.service.pages.measures.series import chart_of, lines_of, series_of
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import AuditEvent, ChartNote, ChartRebase, Goal
from twohats.store.charts.xmr import Direction, xmr
from twohats.words.measures import measure as declared

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][10:34]
"""November 2024 to October 2026."""
HIDDEN = "2026-08"
QUARTERS = [f"{year}-Q{n}" for year in (2024, 2025, 2026) for n in (1, 2, 3, 4)][:11]
PAGE = "/measures/no_show/?unit=*"
WHOLE_CHART, NO_SHOW = Chart("no_show", WHOLE), declared("no_show")


def part_in(month: str) -> int:
    """Of 1,000 visits: about 160 missed until October 2025, about 80 from then on."""
    step = MONTHS.index(month) % 3
    return (160 if month < "2025-11" else 80) + 4 * step


@pytest.fixture
def home(settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path
    months = [missed(unit, month, 9 if month == HIDDEN else 1000, 4 if month == HIDDEN else part_in(month))
              for unit in (WHOLE, "system") for month in MONTHS]
    quarters = [missed("north", quarter, 900, 90 + 3 * (place % 2)) for place, quarter in enumerate(QUARTERS)]
    years = [missed(unit, "2026", 250, 24) for unit in ("north-ed", "north-clinic")]
    others = [measure("coc", unit, month, 80, 40, amount=40_000, amount_squared=22_000_000)
              for unit in (WHOLE, "system") for month in MONTHS]
    make_release(tmp_path, "of-many-months", measures=[*months, *quarters, *years, *others])
    return tmp_path


@pytest.fixture
def frank(readers):
    people.give_role(user=readers["leader"], role=Role.LEADER, unit=WHOLE, by=None)
    return logged_in(readers["leader"])


@pytest.fixture
def nora(readers):
    people.give_role(user=readers["analyst"], role=Role.ANALYST, unit=WHOLE, by=None)
    return logged_in(readers["analyst"])


def shown(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def said(page: str) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def limits(page: str) -> list[str]:
    """The column of limits in the table under the chart, month by month."""
    table = page[page.index("period by period</caption>"):]
    rows = table[:table.index("</table>")].split("<tr>")[2:]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row)[3] for row in rows]


def write(client, what: str, unit: str = WHOLE, key: str = "no_show", **told: str):
    return client.post(f"/measures/{key}/write/{what}?unit={unit}", told)


# ---- another process: limits start anew only where somebody said so ---------------------------------------
def test_limits_are_one_however_much_the_numbers_jump_until_somebody_says_why(frank):
    page = shown(frank)
    assert len(set(limits(page))) == 1
    assert "It moved for the better, more than chance explains." in page
    assert "23 of 23 periods stand out; were nothing ever to happen, about 0.8 would by chance alone." in page
    assert "Since each period resembles the one before, it may be as many as " in page
    assert "stroke-dasharray=\"2 3\"" not in page


def test_limits_start_anew_from_the_recorded_month_only(frank, readers):
    answer = write(frank, "rebase", month="2025-11", reason="Reminders two days before")
    assert (answer.status_code, answer["Location"]) == (302, "/measures/no_show/?unit=%2A#written")
    page = shown(frank)
    found = limits(page)
    assert dict(zip(MONTHS, found, strict=True)) == {
        month: "15.0 % to 17.8 %" if month < "2025-11" else "7.1 % to 9.7 %" for month in MONTHS}
    assert "No period stands out from chance since the process is another one." in page
    assert "0 of 23 periods stand out; were nothing ever to happen, about 0.4 would by chance alone." in page
    assert page.count("stroke-dasharray=\"2 3\"") == 3
    (mark,) = ChartRebase.objects.all()
    made = mark.made_at.astimezone(releases.clock_on_the_wall(WHOLE))
    day = f"{made:%B} {made.day}, {made.year}"
    assert f"1 Another process since November 2025. Reminders two days before Leader, {day} Withdraw" in said(page)
    assert len(set(limits(shown(frank, "/measures/coc/?unit=*")))) == 1
    assert len(set(limits(shown(frank, "/measures/no_show/?unit=system")))) == 1


def test_each_part_has_the_limits_it_would_have_alone(frank, readers):
    marks.rebase(chart=WHOLE_CHART, month="2025-11", reason="Reminders two days before", by=readers["leader"])
    numbers = numbers_of(releases.current())
    series = series_of(numbers, NO_SHOW, WHOLE)
    chart = chart_of(series, NO_SHOW, written_on(WHOLE_CHART).of_the_chart())
    values = [float("nan") if value is None else value for value in series.values]
    alone = [xmr([periods.first_day(month) for month in MONTHS[cut]], values[cut], direction=Direction.DECREASE)
             for cut in (slice(0, 12), slice(12, 24))]
    for name in ("mean", "lower", "upper"):
        assert getattr(chart, name).tolist() == [*getattr(alone[0], name), *getattr(alone[1], name)], name
    assert chart.causes == alone[0].causes + alone[1].causes
    assert [(line.first, line.last) for line in lines_of(chart, NO_SHOW)] == [(0, 11), (12, 23)]


def test_a_withdrawn_rebase_is_kept_and_the_limits_are_as_before(frank, nora):
    before = limits(shown(frank))
    write(frank, "rebase", month="2025-11", reason="Reminders two days before")
    number = ChartRebase.objects.get().pk
    assert nora.post(f"/measures/rebases/{number}/withdraw").status_code == 302
    page = shown(frank)
    assert limits(page) == before
    assert "mark-number" not in page
    assert "Another process since November 2025. Reminders two days before" in said(page)
    assert "Withdrawn: Analyst, " in said(page)
    assert list(AuditEvent.objects.filter(kind="rebase").order_by("pk").values_list("verb", "thing")) == [
        ("said a new process", str(number)), ("withdrew", str(number))]


def test_too_few_months_after_a_rebase_have_no_limits_and_that_is_said(frank):
    write(frank, "rebase", month="2026-04", reason="A new booking desk")
    page = shown(frank)
    assert limits(page)[-7:] == ['<span class="not-a-number">too few periods</span>'] * 7
    assert "Too few whole periods since the process is another one to tell a change from chance." in page


def test_in_a_chart_of_quarters_limits_start_with_the_first_quarter_that_begins_then(frank, readers):
    write(frank, "rebase", unit="north", month="2026-02", reason="A new booking desk")
    page = shown(frank, "/measures/no_show/?unit=north")
    assert len(set(limits(page)[:9])) == 1
    assert limits(page)[9:] == ['<span class="not-a-number">too few periods</span>'] * 2
    write(frank, "rebase", unit="north", month="2026-11", reason="Yet another desk")
    assert "The limits start anew with the first period that begins then." in shown(
        frank, "/measures/no_show/?unit=north")


@pytest.mark.parametrize("told", [
    {"month": "2025-11", "reason": ""}, {"month": "2025-11", "reason": "why"},
    {"month": "2024-11", "reason": "Why not"},
    {"month": "1999-01", "reason": "Why not"}, {"month": "2027-01", "reason": "Why not"}, {"reason": "Why not"},
    {"month": "2025-11", "reason": "x" * 301}])
def test_no_rebase_without_a_reason_or_outside_the_chart(frank, told):
    before = limits(shown(frank))
    answer = write(frank, "rebase", **told)
    assert (answer.status_code, ChartRebase.objects.count()) == (400, 0)
    assert "autofocus" in answer.content.decode()
    assert limits(shown(frank)) == before


def test_a_second_rebase_of_a_month_is_refused_kindly_and_what_was_typed_is_kept(frank):
    for _time in (1, 2):
        answer = write(frank, "rebase", month="2025-11", reason="Reminders two days before")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "The limits start anew in this month already." in page
    assert "Reminders two days before</textarea>" in page


# ---- notes ------------------------------------------------------------------------------------------------
def test_notes_are_numbered_on_the_chart_and_in_the_list_in_the_order_of_months(frank, nora):
    write(nora, "note", month="2026-03", words="New front desk <opened>")
    write(frank, "note", month="2025-02", words="Phones were down")
    write(frank, "rebase", month="2025-11", reason="Reminders two days before")
    page = shown(frank)
    drawing = page[page.index('<div class="roomy">'):page.index('<div class="middle">')]
    assert re.findall(r">(\d)</text>", drawing) == ["1", "2", "3"]
    listed = said(page[page.index('id="written"'):])
    assert [listed.index(words) for words in (
        "1 February 2025. Phones were down Leader", "2 Another process since November 2025.",
        "3 March 2026. New front desk &lt;opened&gt; Analyst")] == sorted(
        listed.index(words) for words in ("1 February", "2 Another", "3 March"))
    assert "<opened>" not in page


def test_only_its_author_or_an_administrator_removes_a_note(frank, nora, readers):
    write(nora, "note", month="2026-03", words="Mrs Haddad waited outside")
    number = ChartNote.objects.get().pk
    assert f"/measures/notes/{number}/remove" in shown(nora)
    assert f"/measures/notes/{number}/remove" not in shown(frank)
    assert frank.post(f"/measures/notes/{number}/remove").status_code == 404
    people.give_role(user=readers["administrator"], role=Role.ADMINISTRATOR, unit=WHOLE, by=None)
    alex = logged_in(readers["administrator"])
    listed = shown(alex, "/measures/notes/")
    assert "Visits missed without notice" in listed
    assert "Haddad" not in listed
    answer = alex.post(f"/measures/notes/{number}/remove")
    assert (answer.status_code, answer["Location"]) == (302, "/measures/notes/")
    assert "Haddad" not in shown(nora)
    assert ChartNote.objects.get().words == ""
    assert list(AuditEvent.objects.filter(kind="note").order_by("pk").values_list("user_number", "verb", "thing")) == [
        (readers["analyst"].pk, "wrote", str(number)), (readers["leader"].pk, "refused", str(number)),
        (readers["administrator"].pk, "removed", str(number))]
    assert "note on a chart" in shown(alex, "/audit/")


def test_words_of_a_note_stand_in_no_address_and_no_log(nora, caplog):
    caplog.set_level("DEBUG")
    for month in ("2026-03", "1999-01"):
        answer = write(nora, "note", month=month, words="Mrs Haddad waited outside")
        assert "Haddad" not in answer.get("Location", "")
    assert "Haddad" not in caplog.text + repr(list(AuditEvent.objects.values()))


# ---- goals ------------------------------------------------------------------------------------------------
def test_a_goal_is_a_line_a_sentence_and_a_column_and_changes_no_colour(frank):
    before = shown(frank)
    assert write(frank, "goal", month="2025-01", value="8.4").status_code == 302
    page = shown(frank)
    assert "The goal since January 2025: 8.4 % or lower." in page
    assert "At the goal or below it in 3 of the last 6 months shown." in page
    assert ">goal</text>" in page
    table = page[page.index("period by period</caption>"):]
    assert table.count('<td class="number">8.4 %</td>') == 22 + 4
    colours = [set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawn)) for drawn in (before, page)]
    assert colours[0] == colours[1]


def test_what_is_hidden_is_not_counted_towards_a_goal(frank, readers):
    numbers = numbers_of(releases.current())
    series = series_of(numbers, NO_SHOW, WHOLE)
    assert [period for period, told in series.row if told.value is None] == [HIDDEN]
    from_august = [0.5 if period >= HIDDEN else None for period in series.periods]
    assert goal_kept(NO_SHOW, series, from_august) == "At the goal or below it in 2 of the last 2 months shown."
    only_hidden = [0.5 if period == HIDDEN else None for period in series.periods]
    assert goal_kept(NO_SHOW, series, only_hidden) == "No period since then has a number that is shown."
    last = [0.01 if period == MONTHS[-1] else None for period in series.periods]
    assert goal_kept(NO_SHOW, series, last) == "The last period shown is above the goal."
    marks.set_goal(chart=WHOLE_CHART, month=HIDDEN, value=0.5, by=readers["leader"])
    marks.write_note(chart=WHOLE_CHART, month=HIDDEN, words="Summer", by=readers["leader"])
    page = shown(frank)
    row = page[page.index(">August 2026</th>"):]
    assert "fewer than 11 people" in row[:row.index("</tr>")]
    assert "of the last 2 months shown" in page


def test_where_higher_is_better_a_goal_is_reached_from_it_on(frank):
    write(frank, "goal", key="coc", month="2025-01", value="0.5")
    page = shown(frank, "/measures/coc/?unit=*")
    assert "The goal since January 2025: 0.50 or higher." in page
    assert "At the goal or above it in 6 of the last 6 months shown." in page


def test_a_unit_told_by_the_year_has_goals_and_notes_and_no_new_limits(frank):
    address = "/measures/no_show/?unit=north-ed"
    assert write(frank, "goal", unit="north-ed", month="2026-03", value="9").status_code == 302
    page = shown(frank, address)
    assert "The last period shown is above the goal." in page
    assert ("/write/note" in page, "/write/goal" in page, "/write/rebase" in page) == (True, True, False)
    assert write(frank, "rebase", unit="north-ed", month="2026-03", reason="A new desk").status_code == 404


def test_list_overview_and_file_name_where_a_goal_is_set_and_a_goal_ends(frank):
    write(frank, "goal", month="2026-01", value="9")
    assert "Lower is better. Goal: 9.0 % or lower." in shown(frank, "/measures/?unit=*&period=2026-10")
    assert "Goal:" not in shown(frank, "/measures/?unit=*&period=2025-12")
    assert ("Goals are set here for: <a href=\"/measures/no_show/?unit=%2A\">Visits missed without notice</a> "
            "(9.0 % or lower).") in shown(frank, "/overview/?unit=*")
    assert "Goals are set here" not in shown(frank, "/overview/?unit=north")
    rows = list(csv.DictReader(io.StringIO(frank.get("/measures/told.csv?unit=*").content.decode())))
    assert {row["period"]: row["goal"] for row in rows
            if row["measure"] == "no_show" and row["period"] in ("2025-12", "2026-10")} == {
        "2025-12": "", "2026-10": "0.09"}
    assert {row["goal"] for row in rows if row["measure"] != "no_show"} == {""}
    write(frank, "goal", month="2026-10", value="")
    assert "Goal:" not in shown(frank, "/measures/?unit=*&period=2026-10")
    page = said(shown(frank))
    assert "The goal since" not in page
    assert "Goal from January 2026 on: 9.0 % or lower." in page
    assert "No goal from October 2026 on." in page


@pytest.mark.parametrize("told", [{"month": "2026-01", "value": "-1"}, {"month": "2026-01", "value": "101"},
                                  {"month": "2026-01", "value": "few"}, {"month": "2026-01", "value": ""},
                                  {"month": "2031-01", "value": "9"}])
def test_a_goal_that_cannot_be_one_is_refused(frank, told):
    assert write(frank, "goal", **told).status_code == 400
    assert not Goal.objects.exists()


# ---- who may ----------------------------------------------------------------------------------------------
def test_who_sees_a_measure_reads_what_was_written_on_it_and_only_leaders_and_analysts_write(frank, readers):
    write(frank, "note", unit="north", month="2026-03", words="New front desk opened")
    for name in ("navigator", "clinician", "reviewer"):
        client = logged_in(readers[name])
        page = shown(client, "/measures/no_show/?unit=north")
        assert "New front desk opened" in page, name
        assert ("/write/" in page, "/remove" in page) == (False, False), name
        assert write(client, "note", unit="north", month="2026-03", words="I was here too").status_code == 403, name
    for name in ("front_desk", "partner", "administrator", "gus"):
        answer = logged_in(readers[name]).get("/measures/no_show/?unit=north")
        assert (answer.status_code, b"New front desk opened" in answer.content) == (403, False), name


def test_a_leader_of_the_north_writes_in_the_north_only(readers):
    client = logged_in(readers["leader"])
    assert [write(client, "note", unit=unit, month="2026-03", words="Written here").status_code
            for unit in ("north", "south", WHOLE, "nowhere", "")] == [302, 404, 404, 404, 404]


def test_a_page_asks_the_records_as_often_for_one_mark_as_for_three(frank, readers):
    people.give_role(user=readers["administrator"], role=Role.ADMINISTRATOR, unit=WHOLE, by=None)
    alex = logged_in(readers["administrator"])
    asked = []
    for month in ("2025-03", "2025-08", "2026-02"):
        write(frank, "note", month=month, words="Something happened")
        write(frank, "rebase", month=month, reason="Something changed")
        write(frank, "goal", month=month, value="9")
        asked.append([queries_of(frank, PAGE), queries_of(frank, "/measures/?unit=*"),
                      queries_of(alex, "/measures/notes/")])
    assert asked[0] == asked[2]
