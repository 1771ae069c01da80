"""What people write on charts is kept with who said it, checked once, and holds as long as nobody takes it back."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from twohats.service.actions import marks, people
from twohats.service.actions.marks import Chart
from twohats.service.records.models import AuditEvent, ChartNote, ChartRebase, Goal
from twohats.words.measures import MeasureKind, measures
from twohats.words.problems import Problem

pytestmark = pytest.mark.django_db
CHART, OTHER = Chart("no_show", "north"), Chart("no_show", "south")


@pytest.fixture
def frank(db):
    return people.add_user(username="frank", display_name="Frank", password="a sentence nobody else knows", by=None)


@pytest.fixture
def nora(db):
    return people.add_user(username="nora", display_name="Nora", password="a sentence nobody else knows", by=None)


def traces() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.exclude(kind="user").order_by("pk").values_list("verb", "kind", "thing"))


def test_a_rebase_keeps_month_reason_and_author_and_leaves_a_trace_without_its_words(frank):
    made = marks.rebase(chart=CHART, month="2026-03", reason="  Reminders\n by text ", by=frank)
    (held,) = marks.rebases_of(CHART)
    assert (held.month, held.reason, held.by, held.withdrawn_at) == ("2026-03", "Reminders by text", frank, None)
    assert traces() == [("said a new process", "rebase", str(made.pk))]
    assert marks.rebases_of(OTHER) == []


def test_a_withdrawn_rebase_stays_names_who_withdrew_it_and_makes_room_for_another(frank, nora):
    former = marks.rebase(chart=CHART, month="2026-03", reason="Reminders by text", by=frank)
    with pytest.raises(Problem, match="already"):
        marks.rebase(chart=CHART, month="2026-03", reason="Another reason", by=nora)
    marks.withdraw_rebase(number=former.pk, by=nora)
    with pytest.raises(Problem, match="withdrawn already"):
        marks.withdraw_rebase(number=former.pk, by=nora)
    marks.rebase(chart=CHART, month="2026-03", reason="Another reason", by=nora)
    assert [(one.reason, one.by, one.withdrawn_by) for one in marks.rebases_of(CHART)] == [
        ("Reminders by text", frank, nora), ("Another reason", nora, None)]
    assert [verb for verb, _kind, _thing in traces()] == ["said a new process", "withdrew", "said a new process"]


def test_a_removed_note_leaves_no_word_in_the_records_and_two_traces(frank, nora):
    made = marks.write_note(chart=CHART, month="2026-03", words="New front desk opened", by=frank)
    assert [(one.words, one.by) for one in marks.notes_of(CHART)] == [("New front desk opened", frank)]
    assert [(one.pk, "words" in one.get_deferred_fields()) for one in marks.every_note()] == [(made.pk, True)]
    marks.remove_note(number=made.pk, by=nora)
    with pytest.raises(Problem, match="removed already"):
        marks.remove_note(number=made.pk, by=nora)
    assert (marks.notes_of(CHART), marks.every_note()) == ([], [])
    held = ChartNote.objects.get()
    assert (held.words, held.by, held.removed_by) == ("", frank, nora)
    assert traces() == [("wrote", "note", str(made.pk)), ("removed", "note", str(made.pk))]


def test_the_goal_of_a_month_is_the_last_said_for_it_or_before(frank):
    for month, value in (("2026-06", 0.1), ("2026-01", 0.2), ("2026-06", 0.08), ("2026-09", None)):
        marks.set_goal(chart=CHART, month=month, value=value, by=frank)
    goals = marks.goals_of(CHART)
    assert [(said.month, said.value) for said in goals] == [("2026-01", 0.2), ("2026-06", 0.08), ("2026-09", None)]
    months = ("2025-12", "2026-01", "2026-05", "2026-06", "2026-10")
    assert [marks.goal_in(goals, month) for month in months] == [None, 0.2, 0.2, 0.08, None]
    asked = (("north", "2026-07"), ("north", "2026-10"), ("south", "2026-07"))
    assert [marks.goals_at(unit, month) for unit, month in asked] == [{"no_show": 0.08}, {}, {}]
    assert [verb for verb, _kind, _thing in traces()] == ["set a goal"] * 3 + ["ended a goal"]


@pytest.mark.parametrize(("chart", "month", "value"), [
    (CHART, "2026-13", 0.1), (CHART, "2026", 0.1), (CHART, "2026-01", -0.1), (CHART, "2026-01", 1.1),
    (next(Chart(one.key, "north") for one in measures() if one.kind is MeasureKind.POINTS), "2026-01", 100.1),
    (CHART, "2026-01", float("nan")), (CHART, "2026-01", None), (Chart("none_such", "north"), "2026-01", 0.1)])
def test_a_goal_that_cannot_be_one_is_refused(frank, chart, month, value):
    with pytest.raises(Problem):
        marks.set_goal(chart=chart, month=month, value=value, by=frank)
    assert not Goal.objects.exists()


@pytest.mark.parametrize("words", ["", "  why ", "x" * 301])
def test_a_rebase_or_a_note_without_words_or_with_too_many_is_refused(frank, words):
    with pytest.raises(Problem, match="5 to 300"):
        marks.rebase(chart=CHART, month="2026-03", reason=words, by=frank)
    with pytest.raises(Problem, match="5 to 300"):
        marks.write_note(chart=CHART, month="2026-03", words=words, by=frank)
    assert (ChartRebase.objects.count(), ChartNote.objects.count(), traces()) == (0, 0, [])


def test_the_database_refuses_what_no_action_would_write(frank):
    now = timezone.now()
    told = {"measure": "no_show", "unit": "north", "month": "2026-03", "by": frank, "made_at": now}
    ChartRebase.objects.create(**told, reason="Reminders by text")
    for model, more in (
        (ChartRebase, {"reason": "A second one that holds"}),
        (ChartRebase, {"reason": "", "month": "2026-04"}),
        (ChartRebase, {"reason": "Withdrawn by nobody", "withdrawn_at": now}),
        (ChartNote, {"words": ""}),
        (ChartNote, {"words": "Still there", "removed_at": now, "removed_by": frank}),
        (ChartNote, {"words": "Of no unit", "unit": ""}),
        (Goal, {"value": -0.1}),
        (Goal, {"value": 0.1, "month": ""}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**told | more)
