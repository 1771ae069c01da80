"""Urgent comments: opened once, due in time, taken on, passed up once, ended; constraints of the database."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.release_fixture import ANA, CLAUSES, RELEASE, VOICES, at, clause, make_release
from tests.security.conftest import home, readers
from twohats.service import releases
from twohats.service.actions import alert_recipients, alerts, letters, people
from twohats.service.policy import WHOLE, Role, Scope
from twohats.service.records.models import AlertRecipient, AuditEvent, Heartbeat, Mail, UrgentAlert
from twohats.store.register import make_current
from twohats.words.problems import Problem

__all__ = ["home", "readers"]
pytestmark = pytest.mark.django_db
NOW = at("2026-11-23", "18:05")
COMMENT = VOICES[3]["voice"]
MIDNIGHT_IN_THE_NORTH, MIDNIGHT_IN_THE_SOUTH = at("2026-11-24", "05:00"), at("2026-11-24", "06:00")


def comment(number: int, urgent: str, said_at: datetime | None = None, unit: str | None = "north-ed") -> dict:
    """One more comment of one clause, with a clock."""
    return clause(3, 1, 0, f"urgent words {number}", "patient", "emotional_support_safety", -1, voice=number,
                  clause=number, urgent=urgent, said_at=said_at, unit=unit)


def kept() -> list[tuple]:
    return list(UrgentAlert.objects.order_by("pk").values_list("voice", "clock", "unit", "said_at", "due_at"))


def told() -> list[tuple[str, str, str]]:
    return list(Mail.objects.order_by("pk").values_list("kind", "about", "address"))


# ---- opened -----------------------------------------------------------------------------------------------
def test_an_urgent_comment_is_opened_once_whatever_is_built_anew(readers, home):
    assert alerts.open_alerts(NOW) == 1
    assert kept() == [(COMMENT, "now", "north-ed", at("2026-11-23", "16:30"), NOW + timedelta(minutes=15))]
    (alert,) = UrgentAlert.objects.all()
    assert (alert.found_at, alert.release) == (NOW, RELEASE)
    make_release(home, "2026-11-24-drawn")
    assert alerts.open_alerts(NOW + timedelta(days=1)) == 0
    alerts.close_alert(alert=alert, outcome="reached", note="", by=readers["navigator"])
    make_release(home, "2026-11-25-drawn")
    assert alerts.open_alerts(NOW + timedelta(days=2)) == 0
    make_current(releases.home(), RELEASE, NOW.isoformat())
    assert alerts.open_alerts(NOW + timedelta(days=3)) == 0
    alert.refresh_from_db()
    assert (UrgentAlert.objects.count(), alert.found_at, alert.outcome) == (1, NOW, "reached")


def test_words_that_a_release_no_longer_calls_urgent_wait_until_somebody_ends_them(readers, home):
    alerts.open_alerts(NOW)
    make_release(home, "2026-11-24-drawn", clauses=[row | {"urgent": "no"} for row in CLAUSES])
    assert (alerts.open_alerts(NOW), UrgentAlert.objects.filter(closed_at=None).count()) == (0, 1)


def test_a_sterner_clock_is_told_anew_a_milder_one_is_not(readers, home):
    make_release(home, "a", clauses=[comment(7, "day"), comment(8, "now", NOW), comment(9, "no")])
    alerts.open_alerts(NOW)
    make_release(home, "b", clauses=[comment(7, "now"), comment(8, "day", NOW), comment(9, "no")])
    alerts.open_alerts(NOW)
    assert [(voice, clock) for voice, clock, *_rest in kept()] == [(8, "now"), (7, "day"), (7, "now")]


def test_a_comment_with_both_clocks_is_told_on_the_sterner_one(readers, home):
    make_release(home, "a", clauses=[comment(7, "day"), comment(7, "now") | {"clause": 70, "clause_no": 2}])
    assert (alerts.open_alerts(NOW), [row[:2] for row in kept()]) == (1, [(7, "now")])


def test_a_release_without_clauses_or_no_release_at_all_opens_nothing(readers, home, settings, tmp_path):
    import sqlite3

    settings.TWOHATS_HOME = tmp_path / "empty"
    assert alerts.open_alerts(NOW) == 0
    settings.TWOHATS_HOME = home
    made = make_release(home, "of-an-older-version")
    with sqlite3.connect(made.releases / "of-an-older-version" / "pages.sqlite") as file:
        file.execute("DROP TABLE clauses")
    file.close()
    assert (alerts.open_alerts(NOW), UrgentAlert.objects.count()) == (0, 0)


def test_a_first_load_of_many_is_opened_whole_and_told_in_few_mails(readers, home):
    old = [comment(100 + number, "day", at("2026-09-01", "08:00")) for number in range(230)]
    make_release(home, "many", clauses=[*old, comment(7, "now", NOW), comment(8, "now")])
    choose(readers["navigator"], "north", 1)
    assert alerts.open_alerts(NOW) == 232
    soon = list(UrgentAlert.objects.filter(voice__in=[7, 8]).order_by("-said_at").values_list("pk", flat=True))
    recipient = AlertRecipient.objects.get()
    assert sorted(told()) == sorted([
        *(("alert", str(pk), "navigator@hospital.example") for pk in soon),
        ("alerts", str(recipient.pk), "navigator@hospital.example")])


# ---- by when ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("clock", "age", "unit", "due"), [
    ("now", timedelta(0), "north-ed", NOW + alerts.SOON),
    ("now", timedelta(hours=47, minutes=59, seconds=59), "north-ed", NOW + alerts.SOON),
    ("now", timedelta(hours=48), "north-ed", MIDNIGHT_IN_THE_NORTH),
    ("now", timedelta(days=400), "south", MIDNIGHT_IN_THE_SOUTH),
    ("now", None, "north-ed", NOW + alerts.SOON),
    ("now", timedelta(minutes=-90), "north-ed", NOW + alerts.SOON),
    ("day", timedelta(0), "north-ed", MIDNIGHT_IN_THE_NORTH),
    ("day", None, "south", MIDNIGHT_IN_THE_SOUTH),
    ("day", timedelta(0), "", MIDNIGHT_IN_THE_NORTH),
    ("day", timedelta(0), "system", MIDNIGHT_IN_THE_NORTH),
])
def test_words_under_48_hours_old_are_due_in_15_minutes_others_the_same_day(home, clock, age, unit, due):
    assert alerts.due_at(clock, None if age is None else NOW - age, NOW, unit) == due


def test_the_same_day_ends_at_midnight_on_the_wall_also_when_clocks_change(home):
    assert alerts.due_at("day", None, at("2026-11-01", "04:30"), "north") == at("2026-11-02", "05:00")
    assert alerts.due_at("day", None, at("2026-11-24", "04:59"), "north") == MIDNIGHT_IN_THE_NORTH
    assert alerts.due_at("day", None, at("2026-11-24", "05:00"), "north") == at("2026-11-25", "05:00")


# ---- taken on, passed up, ended ---------------------------------------------------------------------------
@pytest.fixture
def opened(readers):
    alerts.open_alerts(NOW)
    return UrgentAlert.objects.get()


def events() -> list[tuple]:
    return list(AuditEvent.objects.filter(kind="alert").order_by("pk").values_list("user_number", "verb", "thing"))


def test_who_is_on_it_in_time_is_not_passed_up(opened, readers):
    carla = readers["navigator"]
    held = alerts.acknowledge(alert=opened, by=carla)
    assert (held.acknowledged_by, alerts.escalate_overdue(NOW + timedelta(days=9))) == (carla, 0)
    alerts.close_alert(alert=opened, outcome="passed_on", note=" the social work office ", by=carla)
    opened.refresh_from_db()
    assert (opened.outcome, opened.note, opened.closed_by, opened.escalated_at) == (
        "passed_on", "the social work office", carla, None)
    assert events() == [(None, "opened", str(opened.pk)), (carla.pk, "took on", str(opened.pk)),
                        (carla.pk, "closed: passed_on", str(opened.pk))]


def test_what_nobody_is_on_in_time_is_passed_up_once(opened, readers):
    choose(readers["navigator"], "north", 1)
    choose(readers["leader"], "north", 2)
    late = opened.due_at
    assert [alerts.escalate_overdue(late - timedelta(seconds=1)), alerts.escalate_overdue(late),
            alerts.escalate_overdue(late + timedelta(hours=1))] == [0, 1, 0]
    opened.refresh_from_db()
    assert opened.escalated_at == late
    assert told() == [("alert_late", str(opened.pk), "leader@hospital.example")]
    alerts.acknowledge(alert=opened, by=readers["navigator"])
    assert [verb for _user, verb, _thing in events()] == ["opened", "escalated", "took on"]


def test_who_took_on_danger_and_did_not_end_it_in_an_hour_is_asked_again_once(opened, readers):
    choose(readers["navigator"], "north", 1)
    choose(readers["leader"], "north", 2)
    held = alerts.acknowledge(alert=opened, by=readers["navigator"])
    late = held.acknowledged_at + alerts.END_SOON
    assert alerts.end_by(held) == late
    assert [alerts.ask_again(late - timedelta(seconds=1)), alerts.ask_again(late),
            alerts.ask_again(late + timedelta(hours=9))] == [0, 1, 0]
    assert told() == [("alert_unended", str(opened.pk), "leader@hospital.example")]
    assert [verb for _user, verb, _thing in events()] == ["opened", "took on", "asked again"]
    (sent,) = Mail.objects.all()
    assert letters.letter_of(sent, late).subject == (
        "An urgent comment has not ended / Un comentario urgente no ha terminado")
    alerts.close_alert(alert=opened, outcome="reached", note="", by=readers["navigator"])
    assert letters.letter_of(sent, late) is None


def test_what_ended_in_its_time_or_waits_for_the_day_is_not_asked_of_again(readers, home):
    make_release(home, "a", clauses=[comment(7, "day", NOW), comment(8, "now", NOW)])
    alerts.open_alerts(NOW)
    day, soon = UrgentAlert.objects.get(voice=7), UrgentAlert.objects.get(voice=8)
    for one in (day, soon):
        alerts.acknowledge(alert=one, by=readers["navigator"])
    alerts.close_alert(alert=soon, outcome="reached", note="", by=readers["navigator"])
    day.refresh_from_db()
    later = day.acknowledged_at + alerts.END_LATER
    assert [alerts.ask_again(later - timedelta(seconds=1)), alerts.ask_again(later)] == [0, 1]


def test_old_ones_end_together_with_one_reason_and_a_trace_each(readers, home):
    ages = {7: timedelta(days=40), 8: timedelta(days=31), 9: timedelta(days=29), 10: timedelta(days=50)}
    make_release(home, "a", clauses=[
        *(comment(number, "day", NOW - age, "south" if number == 8 else "north-ed") for number, age in ages.items()),
        comment(11, "now")])
    alerts.open_alerts(NOW)
    carla = readers["navigator"]
    alerts.acknowledge(alert=UrgentAlert.objects.get(voice=10), by=carla)
    north = Scope(units=frozenset({"north", "north-ed", "north-clinic"}))
    ended = alerts.close_old(scope=north, days=30, note=" years ago, read by quality ", by=carla, now=NOW)
    assert (ended, alerts.close_old(scope=north, days=30, note="once more", by=carla, now=NOW)) == (1, 0)
    assert list(UrgentAlert.objects.exclude(closed_at=None).values_list("voice", "outcome", "note", "closed_by")) == [
        (7, "too_old", "years ago, read by quality", carla.pk)]
    assert [verb for _user, verb, _thing in events()].count("closed: too_old") == 1
    assert alerts.close_old(scope=Scope(everything=True), days=14, note="all of them", by=carla, now=NOW) == 2
    assert set(UrgentAlert.objects.filter(closed_at=None).values_list("voice", flat=True)) == {10, 11}


@pytest.mark.parametrize(("days", "note", "where"), [
    (13, "long ago", "days"), (30, " no ", "note"), (30, "x" * 501, "note")])
def test_old_ones_need_two_weeks_and_a_reason(readers, home, days, note, where):
    with pytest.raises(Problem) as told_why:
        alerts.close_old(scope=Scope(everything=True), days=days, note=note, by=readers["navigator"], now=NOW)
    assert told_why.value.where == where


def test_where_nobody_is_next_the_first_are_told_again(opened, readers):
    choose(readers["navigator"], "north", 1)
    alerts.escalate_overdue(opened.due_at)
    assert told() == [("alert_late", str(opened.pk), "navigator@hospital.example")]


def test_one_person_is_on_it_pressing_twice_changes_nothing(opened, readers):
    alerts.acknowledge(alert=opened, by=readers["navigator"])
    again = alerts.acknowledge(alert=opened, by=readers["navigator"])
    assert again.acknowledged_by == readers["navigator"]
    with pytest.raises(Problem, match="Somebody else is on it already"):
        alerts.acknowledge(alert=opened, by=readers["reviewer"])
    alerts.close_alert(alert=opened, outcome="false_alarm", note="", by=readers["reviewer"])
    for deed in (lambda: alerts.acknowledge(alert=opened, by=readers["navigator"]),
                 lambda: alerts.close_alert(alert=opened, outcome="reached", note="", by=readers["navigator"])):
        with pytest.raises(Problem, match="It was answered already"):
            deed()
    assert [(user, verb) for user, verb, _thing in events()] == [
        (None, "opened"), (readers["navigator"].pk, "took on"), (readers["reviewer"].pk, "closed: false_alarm")]


def test_who_ends_what_nobody_was_on_was_on_it(opened, readers):
    held = alerts.close_alert(alert=opened, outcome="already_known", note="", by=readers["reviewer"])
    assert (held.acknowledged_by, held.acknowledged_at is not None) == (readers["reviewer"], True)


@pytest.mark.parametrize(("outcome", "note", "where"), [
    ("", "", "outcome"), ("solved", "", "outcome"), ("passed_on", " to ", "note"), ("reached", "x" * 501, "note")])
def test_an_end_needs_one_of_four_outcomes_and_says_to_whom_it_was_passed_on(opened, readers, outcome, note, where):
    with pytest.raises(Problem) as problem:
        alerts.close_alert(alert=opened, outcome=outcome, note=note, by=readers["navigator"])
    assert (problem.value.where, UrgentAlert.objects.get().acknowledged_at) == (where, None)


def test_a_deed_without_its_event_is_not_done(opened, readers, monkeypatch):
    from twohats.service.actions import audit

    def broken(**_said):
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "record", broken)
    make_release(releases.home().path, "another", clauses=[comment(7, "now")])
    for deed in (lambda: alerts.acknowledge(alert=opened, by=readers["navigator"]),
                 lambda: alerts.close_alert(alert=opened, outcome="reached", note="", by=readers["navigator"]),
                 lambda: alerts.escalate_overdue(opened.due_at), lambda: alerts.open_alerts(NOW)):
        with pytest.raises(ZeroDivisionError):
            deed()
    assert list(UrgentAlert.objects.values_list("acknowledged_at", "escalated_at", "closed_at")) == [(None, None, None)]


# ---- who is told ------------------------------------------------------------------------------------------
def choose(user, unit: str, turn: int) -> AlertRecipient:
    return alert_recipients.choose_recipient(
        user=user, unit=unit, address=f"{user.username}@hospital.example", turn=turn, by=None)


def everywhere(user, role: Role):
    people.give_role(user=user, role=role, unit=WHOLE, by=None)
    return user


def test_those_of_the_unit_and_of_units_above_are_told(readers, home):
    make_release(home, "a", clauses=[comment(1, "now", NOW, "north-ed"), comment(2, "now", NOW, "south"),
                                     comment(3, "now", NOW, None)])
    choose(readers["navigator"], "north-ed", 1)
    choose(everywhere(readers["reviewer"], Role.REVIEWER), WHOLE, 1)
    choose(readers["leader"], "north", 2)
    alerts.open_alerts(NOW)
    number = dict(UrgentAlert.objects.values_list("voice", "pk"))
    assert sorted(told()) == sorted([
        ("alert", str(number[1]), "navigator@hospital.example"),
        *(("alert", str(number[voice]), "reviewer@hospital.example") for voice in (1, 2, 3))])


def test_a_mail_leads_nobody_to_what_their_role_does_not_open(opened, readers):
    choose(readers["navigator"], "north", 1)
    leader = choose(readers["leader"], "north", 1)
    people.take_role(user=readers["navigator"], role=Role.NAVIGATOR, unit="north", by=None)
    people.shut_out(user=readers["leader"], by=None)
    leader.user.refresh_from_db()
    assert alert_recipients.units_nobody_is_told_of(["north-ed", ""]) == {"north-ed", ""}
    assert alerts.somebody_is_not_told_of()
    alerts.escalate_overdue(opened.due_at)
    assert told() == []


@pytest.mark.parametrize(("name", "unit", "address", "where"), [
    ("gus", "north", "gus@hospital.example", "user"), ("clinician", "north", "c@hospital.example", "user"),
    ("navigator", "south", "n@hospital.example", "user"), ("navigator", WHOLE, "n@hospital.example", "user"),
    ("navigator", "north", "carla at hospital", "address")])
def test_only_who_may_see_urgent_comments_there_is_chosen(readers, name, unit, address, where):
    with pytest.raises(Problem) as problem:
        alert_recipients.choose_recipient(user=readers[name], unit=unit, address=address, turn=1, by=None)
    assert (problem.value.where, AlertRecipient.objects.exists()) == (where, False)


def test_choosing_again_changes_turn_and_address_and_leaves_its_trace(readers):
    choose(readers["leader"], "north", 1)
    kept_one = choose(readers["leader"], "north", 2)
    alert_recipients.drop_recipient(recipient=kept_one, by=readers["administrator"])
    assert list(AuditEvent.objects.filter(kind="user", thing=readers["leader"].pk).order_by("pk").values_list(
        "user_number", "verb"))[2:] == [
        (None, "chose to be told"), (None, "chose to be told"), (readers["administrator"].pk, "chose not to be told")]


def test_a_list_of_many_is_counted_when_it_leaves_and_dropped_when_none_waits(readers, home):
    old = at("2026-11-21", "18:00")
    make_release(home, "a", clauses=[comment(number, "day", old - timedelta(days=number)) for number in range(1, 8)])
    choose(readers["leader"], "north", 1)
    alerts.open_alerts(NOW)
    (mail,) = Mail.objects.all()
    assert "7 urgent comments wait for a human. The newest of them: Written 3 days ago." in letters.letter_of(
        mail, NOW).text
    for alert in UrgentAlert.objects.order_by("voice")[:6]:
        alerts.acknowledge(alert=alert, by=readers["navigator"])
    assert ("1 urgent comment waits for a human. The time of 1 of them has passed. The newest of them: Written 10 days "
            "ago.") in letters.letter_of(mail, NOW + timedelta(days=1)).text
    alerts.acknowledge(alert=UrgentAlert.objects.get(acknowledged_at=None), by=readers["navigator"])
    assert letters.letter_of(mail, NOW) is None


@pytest.mark.parametrize(("hours", "says"), [
    (None, "Nobody knows when it was written."), (-3, "Written less than an hour ago."),
    (0.99, "Written less than an hour ago."), (1, "Written 1 hour ago."), (47.9, "Written 47 hours ago."),
    (48, "Written 2 days ago."), (24 * 400, "Written 400 days ago.")])
def test_an_age_is_said_in_hours_or_days(hours, says):
    assert letters.age(None if hours is None else NOW - timedelta(hours=hours), NOW) == says


# ---- the worker, and what check tells ---------------------------------------------------------------------
def test_a_worker_that_has_gone_is_noticed_by_what_it_did_not_see(readers):
    assert (alerts.worker_is_there(NOW), alerts.unseen(NOW)) == (False, 1)
    Heartbeat.objects.create(name="worker", seen_at=NOW - timedelta(minutes=2))
    assert (alerts.worker_is_there(NOW), alerts.unseen(NOW)) == (True, 0)
    assert alerts.unseen(NOW + timedelta(minutes=4)) == 1


def test_a_part_of_a_round_that_fails_keeps_none_of_the_others_from_being_done(readers, monkeypatch):
    from twohats.service.actions import outbox
    from twohats.service.commands import worker

    def full_disk():
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "flush", full_disk)
        with pytest.raises(OSError, match="no space left"):
            worker.one_round()
        assert (UrgentAlert.objects.count(), Heartbeat.objects.count()) == (1, 1)
    done = worker.one_round()
    assert {name: done[name] for name in done if name != "sealed"} == {
        "alerts_opened": 0, "alerts_escalated": 0, "alerts_asked_again": 0, "events_tied": 0,
        "mails_sent": 0, "mails_failed": 0, "mails_dropped": 0, "cases_closed_unsolved": 0,
        "messages_swept": 0, "answers_in_surveys": 0, "answers_in_comments": 0,
        "appended": 0}


def test_check_tells_what_is_late_and_whom_nobody_tells(opened, readers, settings):
    from twohats.service.commands import check

    UrgentAlert.objects.update(found_at=NOW - timedelta(days=3), due_at=NOW - timedelta(days=2))
    assert check.of_alerts() == [
        "Urgent comments past their time with nobody on them: 1. See the page Urgent.",
        "Urgent comments wait in units of which no mail tells anybody: choose who is told on the page Urgent."]
    choose(readers["navigator"], "north", 1)
    alerts.escalate_overdue(NOW)
    alerts.acknowledge(alert=opened, by=readers["navigator"])
    assert check.of_alerts() == ["Mails that have not left: 1, the oldest since 2026-11-23 18:05 UTC; no mail server "
                                 "is set: TWOHATS_MAIL_HOST."]


# ---- what the database itself refuses ---------------------------------------------------------------------
def test_the_database_refuses_what_must_not_be(opened, readers):
    carla = readers["navigator"]
    good = {"clock": "now", "found_at": NOW, "due_at": NOW + alerts.SOON, "release": "r"}
    mail = {"kind": "alert", "about": "1", "language": "en", "made_at": NOW, "next_try_at": NOW}
    ended = {"acknowledged_by": carla, "acknowledged_at": NOW, "closed_by": carla, "closed_at": NOW}
    wrong = [
        lambda: UrgentAlert.objects.create(voice=COMMENT, **good),
        lambda: UrgentAlert.objects.create(voice=1, **good | {"clock": "no"}),
        lambda: UrgentAlert.objects.create(voice=1, **good | {"due_at": NOW}),
        lambda: UrgentAlert.objects.create(voice=1, **good, acknowledged_by=carla),
        lambda: UrgentAlert.objects.create(voice=1, **good, acknowledged_at=NOW),
        lambda: UrgentAlert.objects.create(voice=1, **good, escalated_at=NOW),
        lambda: UrgentAlert.objects.create(voice=1, **good, **ended),
        lambda: UrgentAlert.objects.create(voice=1, **good, **ended, outcome="solved"),
        lambda: UrgentAlert.objects.create(voice=1, **good, **ended, outcome="passed_on"),
        lambda: UrgentAlert.objects.create(voice=1, **good, outcome="reached"),
        lambda: UrgentAlert.objects.create(voice=1, **good, note="no end yet"),
        lambda: UrgentAlert.objects.create(voice=1, **good, closed_by=carla, closed_at=NOW, outcome="reached"),
        lambda: AlertRecipient.objects.create(user=carla, unit="", address="a@b.example", turn=1),
        lambda: AlertRecipient.objects.create(user=carla, unit="north", address="nowhere", turn=1),
        lambda: AlertRecipient.objects.create(user=carla, unit="north", address="a@b.example", turn=3),
        lambda: Mail.objects.create(**mail, key="k", address="nowhere"),
        lambda: Mail.objects.create(**mail, key="", address="a@b.example"),
        lambda: Mail.objects.create(**mail | {"language": "fr"}, key="k", address="a@b.example"),
        lambda: Mail.objects.create(**mail, key="k", address="a@b.example", sent_at=NOW, dropped_at=NOW),
    ]
    let_through = []
    for number, deed in enumerate(wrong):
        try:
            with transaction.atomic():
                deed()
            let_through.append(number)
        except IntegrityError:
            continue
    assert let_through == []
    UrgentAlert.objects.create(voice=1, **good, **ended, outcome="passed_on", note="the social work office")


def test_records_of_alerts_and_mail_hold_no_word_of_anybody(opened, readers):
    from tests.release_fixture import PERSONAL_WORDS

    choose(readers["navigator"], "north", 1)
    alerts.escalate_overdue(opened.due_at)
    held = repr([list(model.objects.values()) for model in (UrgentAlert, AlertRecipient, Mail, AuditEvent)])
    assert [word for word in (*PERSONAL_WORDS, str(ANA)) if word in held] == []
