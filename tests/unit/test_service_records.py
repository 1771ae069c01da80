"""The audit cannot be changed unseen; what must reach a file reaches it once."""

import json

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from twohats.service.actions import audit, break_glass, hats, outbox, people, places, seals
from twohats.service.policy import WHOLE, Role
from twohats.service.records.models import (
    AuditEvent,
    AuditSeal,
    BreakGlass,
    HatOverride,
    Outbox,
    RoleAssignment,
    User,
)
from twohats.words.hats import Hat
from twohats.words.problems import Problem

pytestmark = pytest.mark.django_db
SENTENCE = "a sentence nobody else knows"


@pytest.fixture
def home(settings, tmp_path):
    settings.TWOHATS_HOME = tmp_path
    return tmp_path


@pytest.fixture
def carla(home):
    user = people.add_user(username="carla", display_name="Carla", password=SENTENCE, by=None)
    people.give_role(user=user, role=Role.NAVIGATOR, unit=WHOLE, by=None)
    return user


@pytest.fixture
def alex(home):
    return people.add_user(username="alex", display_name="Alex", password=SENTENCE, by=None)


def lines(home, name):
    path = home / "records_export" / f"{name}.ndjson"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def without_triggers():
    with connection.cursor() as cursor:
        for table in ("records_auditevent", "records_auditseal"):
            for deed in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER {table}_no_{deed}")


# ---- the audit is insert-only, sealed and verified --------------------------------------------------------
@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_what_was_written(carla, model, deed):
    audit.record(by=carla, verb="looked at", kind="person", thing=11)
    seals.seal()
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        model.objects.update(id=1) if deed == "update" else model.objects.all()._raw_delete("default")


def test_an_event_names_who_what_and_when_and_no_value(carla):
    event = audit.record(by=carla, verb="looked at", kind="person", thing=11, request_id="r1")
    assert (event.user_number, event.roles, event.verb, event.kind, event.thing, event.request_id) == (
        carla.pk, "navigator", "looked at", "person", "11", "r1")


def sealed(by, blocks=3, each=4):
    for block in range(blocks):
        for number in range(each):
            audit.record(by=by, verb="looked at", kind="person", thing=block * each + number)
        seals.seal()


def test_an_untouched_audit_has_no_fault(carla, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sealed(carla)
    assert seals.first_fault() is None
    assert seals.seal() is None


def test_the_first_changed_event_is_named(carla):
    sealed(carla)
    third = AuditEvent.objects.order_by("pk")[5]
    without_triggers()
    AuditEvent.objects.filter(pk__gte=third.pk).update(thing="somebody else")
    assert seals.first_fault() == seals.Fault(third.pk, f"Event {third.pk} was changed.")


def test_a_removed_event_is_named(carla):
    sealed(carla)
    gone = AuditEvent.objects.order_by("pk")[6].pk
    without_triggers()
    AuditEvent.objects.filter(pk=gone).delete()
    assert seals.first_fault() == seals.Fault(gone, f"Event {gone} was removed.")


def test_a_sealed_event_that_is_re_sealed_by_hand_breaks_the_chain(carla):
    sealed(carla)
    block = AuditSeal.objects.order_by("pk")[1]
    event = AuditEvent.objects.get(pk=block.events[0][0])
    without_triggers()
    event.thing = "somebody else"
    event.save()
    block.events[0][1] = seals.digest_of(event)
    block.digest = seals.block_digest(block.previous, block.events)
    block.save()
    after = AuditSeal.objects.order_by("pk")[2]
    assert seals.first_fault().event == after.first


def test_a_cut_tail_shows_against_the_head_file(carla, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sealed(carla)
    last = AuditSeal.objects.order_by("pk").last()
    without_triggers()
    AuditEvent.objects.filter(pk__gte=last.first).delete()
    AuditSeal.objects.filter(pk=last.pk).delete()
    fault = seals.first_fault()
    assert (fault.event, fault.what.split(" is in")[0]) == (last.last, f"Block {last.pk} (up to event {last.last})")


# ---- the outbox -------------------------------------------------------------------------------------------
def test_a_line_is_appended_when_its_record_is_kept(home, carla, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = hats.overrule_hat(interaction=77, hat=Hat.MIXED, reason="she was weeping", release="r1", by=carla)
    (line,) = lines(home, "overrides")
    kept = Outbox.objects.get(file="overrides")
    said_at = made.made_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert line == {"kind": "override", "interaction": 77, "hat": "mixed", "release": "r1",
                    "at": said_at, "by": f"user/{carla.pk}", "key": kept.key}
    assert kept.written_at is not None
    assert outbox.missing() == []


def test_flushing_again_appends_nothing(home, carla):
    places.correct_zone(place="Location/1", zone="waiting", by=carla)
    assert [outbox.flush(), outbox.flush()] == [1, 0]
    assert len(lines(home, "zones")) == 1


def test_a_crash_between_the_file_and_its_mark_doubles_nothing(home, carla):
    places.correct_zone(place="Location/1", zone="waiting", by=carla)
    outbox.flush()
    Outbox.objects.update(written_at=None)
    assert outbox.flush() == 0
    assert [line["place"] for line in lines(home, "zones")] == ["Location/1"]


def test_a_torn_last_line_is_cut_off_and_written_whole(home, carla):
    places.correct_zone(place="Location/1", zone="waiting", by=carla)
    outbox.flush()
    whole = (home / "records_export/zones.ndjson").read_bytes()
    places.correct_zone(place="Location/2", zone="triage", by=carla)
    (home / "records_export/zones.ndjson").write_bytes(whole + b'{"kind": "zone", "pla')
    assert outbox.flush() == 1
    assert [(line["place"], line["zone"]) for line in lines(home, "zones")] == [
        ("Location/1", "waiting"), ("Location/2", "triage")]


def test_a_file_that_somebody_cut_is_noticed(home, carla):
    places.correct_zone(place="Location/1", zone="waiting", by=carla)
    outbox.flush()
    (home / "records_export/zones.ndjson").write_bytes(b"")
    assert outbox.missing() == [Outbox.objects.get().key]


def test_a_record_that_is_undone_leaves_no_line(home, carla):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        places.correct_zone(place="Location/1", zone="waiting", by=carla)
        raise ZeroDivisionError
    assert outbox.flush() == 0
    assert not (home / "records_export").exists()


# ---- hats, places -----------------------------------------------------------------------------------------
def test_the_latest_override_holds(carla):
    for hat in (Hat.PATIENT, Hat.CUSTOMER):
        hats.overrule_hat(interaction=77, hat=hat, reason="she said so", release="r1", by=carla)
    assert {key: made.hat for key, made in hats.hats_in_force([77, 78]).items()} == {77: "customer"}
    assert hats.overruled_interactions() == [77]


@pytest.mark.parametrize(("hat", "reason"), [
    (Hat.PATIENT, "  no "), (Hat.PATIENT, "x" * 501), (Hat.UNKNOWN, "a good reason")])
def test_an_override_needs_a_hat_and_a_reason(carla, hat, reason):
    with pytest.raises(Problem):
        hats.overrule_hat(interaction=77, hat=hat, reason=reason, release="r1", by=carla)
    assert not HatOverride.objects.exists()


def test_a_zone_nobody_knows_is_refused(carla):
    with pytest.raises(Problem):
        places.correct_zone(place="Location/1", zone="the moon", by=carla)
    assert places.zones_in_force() == {}


def test_the_latest_zone_holds(carla):
    for zone in ("waiting", "triage"):
        places.correct_zone(place="Location/1", zone=zone, by=carla)
    assert {place: made.zone for place, made in places.zones_in_force().items()} == {"Location/1": "triage"}


# ---- break-glass ------------------------------------------------------------------------------------------
WHY = "she fainted in the hall"


def test_the_glass_is_open_for_an_hour_for_one_person_and_one_thing(carla, alex):
    opened = break_glass.break_glass(kind="person", thing="11", reason=WHY, by=carla)
    assert opened.until - opened.opened_at == break_glass.LASTS
    assert break_glass.is_open(kind="person", thing=11, to=carla)
    assert not break_glass.is_open(kind="person", thing=12, to=carla)
    assert not break_glass.is_open(kind="person", thing=11, to=alex)
    BreakGlass.objects.update(opened_at=timezone.now() - 2 * break_glass.LASTS, until=timezone.now())
    assert not break_glass.is_open(kind="person", thing=11, to=carla)


def test_nobody_reviews_their_own_opening(carla, alex):
    opened = break_glass.break_glass(kind="person", thing="11", reason=WHY, by=carla)
    with pytest.raises(Problem):
        break_glass.close_review(glass=opened, verdict="justified", by=carla)
    closed = break_glass.close_review(glass=opened, verdict="not_justified", by=alex)
    assert (closed.verdict, closed.reviewed_by) == ("not_justified", alex)
    assert not break_glass.is_open(kind="person", thing=11, to=carla)
    with pytest.raises(Problem):
        break_glass.close_review(glass=opened, verdict="justified", by=alex)


def test_a_reason_is_asked(carla):
    with pytest.raises(Problem):
        break_glass.break_glass(kind="person", thing="11", reason="because", by=carla)


def test_each_deed_leaves_its_event_without_the_reason(carla, alex):
    before = AuditEvent.objects.count()
    opened = break_glass.break_glass(kind="person", thing="11", reason=WHY, by=carla, request_id="r1")
    break_glass.close_review(glass=opened, verdict="justified", by=alex)
    hats.overrule_hat(interaction=77, hat=Hat.MIXED, reason=WHY, release="r1", by=carla)
    places.correct_zone(place="Location/1", zone="waiting", by=carla)
    new = list(AuditEvent.objects.order_by("pk").values_list("user_number", "verb", "kind", "thing"))[before:]
    assert new == [
        (carla.pk, "broke the glass", "person", "11"), (alex.pk, "reviewed: justified", "glass", str(opened.pk)),
        (carla.pk, "overruled the hat", "interaction", "77"), (carla.pk, "corrected the zone", "place", "Location/1")]


# ---- what the database itself refuses ---------------------------------------------------------------------
def test_the_database_refuses_what_must_not_be(carla):
    now = timezone.now()
    wrong = [
        lambda: RoleAssignment.objects.create(user=carla, role="navigator", unit=""),
        lambda: RoleAssignment.objects.create(user=carla, role="superuser", unit="*"),
        lambda: RoleAssignment.objects.create(user=carla, role="navigator", unit="*"),
        lambda: HatOverride.objects.create(interaction=1, hat="teal", reason="x", by=carla, made_at=now),
        lambda: HatOverride.objects.create(interaction=1, hat="mixed", reason="", by=carla, made_at=now),
        lambda: BreakGlass.objects.create(user=carla, kind="person", thing="1", reason="x", opened_at=now, until=now),
        lambda: BreakGlass.objects.create(user=carla, kind="person", thing="1", reason="x", opened_at=now,
                                          until=now + break_glass.LASTS, reviewed_by=carla, reviewed_at=now,
                                          verdict="justified"),
        lambda: User.objects.create(username="carla", display_name="Another"),
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


def test_a_short_password_is_refused(home):
    with pytest.raises(Problem):
        people.add_user(username="ben", display_name="Ben", password="fourteen chars", by=None)
    assert not User.objects.exists()


def test_a_password_is_kept_as_scrypt(carla):
    assert carla.password.startswith("scrypt$")
