"""What our people write down, and the trace of what they did. Only `actions` changes any of it."""

import secrets
from enum import StrEnum
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from twohats.service.policy import Role
from twohats.words.hats import Hat
from twohats.words.touchpoints import comment_touchpoints


def _key() -> str:
    return secrets.token_hex(16)


class User(AbstractBaseUser):
    """Somebody who may log in. What they may see comes from their role assignments only."""

    username = models.CharField(max_length=80, unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=2, blank=True, default="")
    staff = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField(default=timezone.now)
    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(username=""), name="user_has_a_username"),
            models.CheckConstraint(condition=Q(language__in=["", "en", "es"]), name="user_language_is_ours"),
            models.UniqueConstraint(fields=["staff"], condition=~Q(staff=""), name="staff_reference_is_one_users"),
        )

    def __str__(self) -> str:
        return f"user {self.pk}"

    @cached_property
    def held(self) -> tuple[tuple[str, str], ...]:
        """The roles held, as (role, unit); asked once a request."""
        return tuple(self.assignments.order_by("role", "unit").values_list("role", "unit"))

    @property
    def roles(self) -> str:
        """The roles held, for the audit."""
        return ",".join(sorted({role for role, _ in self.held}))


class RoleAssignment(models.Model):
    """A role held in a unit of the tree and all below it; '*' is the whole organisation."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    unit = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "role", "unit"], name="role_held_once_a_unit"),
            models.CheckConstraint(condition=~Q(unit=""), name="role_needs_a_unit"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="role_is_declared"),
        )

    def __str__(self) -> str:
        return f"{self.role} in {self.unit}"


class LogInAttempt(models.Model):
    """A failed log-in: whose name was tried (hashed), when. Slows down who guesses."""

    name_hash = models.CharField(max_length=64)
    tried_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["name_hash", "tried_at"], name="attempt_by_name"),)

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class AuditEvent(models.Model):
    """Who did what to which thing, when. Insert-only (triggers refuse the rest); no value, no name."""

    happened_at = models.DateTimeField()
    user_number = models.BigIntegerField(null=True)
    roles = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["happened_at"], name="audit_by_time"),
            models.Index(fields=["kind", "thing"], name="audit_by_thing"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


class AuditSeal(models.Model):
    """A block of audit events that may no longer change: a digest of each, chained to the block before. Insert-only."""

    sealed_at = models.DateTimeField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    events = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.pk}"


class HatOverride(models.Model):
    """Somebody said that another hat was worn in an interaction, and why. The latest holds."""

    interaction = models.BigIntegerField()
    hat = models.CharField(max_length=10)
    reason = models.CharField(max_length=500)
    release = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["interaction", "made_at"], name="override_by_interaction"),)
        constraints = (
            models.CheckConstraint(condition=Q(hat__in=[hat.value for hat in Hat]), name="override_hat_is_a_hat"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"override {self.pk}"


class ClauseReading(models.Model):
    """Somebody read a clause of a comment and said which labels it has. What they said before stays, and holds no more.

    `order`: 1 the first reader's, 2 the second reader's, who is somebody else, 3 what settles a disagreement.
    """

    clause = models.BigIntegerField()
    voice = models.BigIntegerField()
    comment = models.CharField(max_length=300)
    start = models.PositiveIntegerField()
    unit = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    settled_by = models.CharField(max_length=10, blank=True, default="")
    holds = models.BooleanField(default=True)
    hat = models.CharField(max_length=10)
    about_hat = models.CharField(max_length=10)
    touchpoint = models.CharField(max_length=40)
    sentiment = models.SmallIntegerField()
    speaker = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True, default="")
    queue = models.CharField(max_length=10)
    sampled = models.BooleanField(default=False)
    release = models.CharField(max_length=120)
    model_hat = models.CharField(max_length=10, blank=True, default="")
    model_touchpoint = models.CharField(max_length=40, blank=True, default="")
    model_sentiment = models.SmallIntegerField(null=True)
    model_p = models.FloatField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["clause", "order", "made_at"], name="reading_by_clause"),
            models.Index(fields=["by", "made_at"], name="reading_by_reader"),
        )
        constraints = (
            models.UniqueConstraint(fields=["clause", "order"], condition=Q(holds=True), name="reading_holds_once"),
            models.UniqueConstraint(fields=["clause", "by"], condition=Q(holds=True, order__lt=3),
                                    name="reading_second_is_another"),
            models.CheckConstraint(
                condition=Q(order__in=[1, 2], settled_by="")
                | Q(order=3, settled_by__in=["third", "agreement"]), name="reading_order_is_whole"),
            models.CheckConstraint(
                condition=Q(speaker="patient", hat=F("about_hat"), about_hat__in=["patient", "customer", "none"])
                | Q(speaker__in=["family", "other"], hat="customer", about_hat__in=["patient", "customer"])
                | Q(speaker__in=["family", "other"], hat="none", about_hat="none"),
                name="reading_hat_follows_the_view"),
            models.CheckConstraint(condition=Q(sentiment__in=[-1, 0, 1]), name="reading_sentiment_is_one"),
            models.CheckConstraint(
                condition=Q(touchpoint__in=[point.key for point in comment_touchpoints()]),
                name="reading_touchpoint_is_one"),
            models.CheckConstraint(condition=Q(queue__in=["unsure", "disagreed", "random", "second"]),
                                   name="reading_queue_is_one"),
            models.CheckConstraint(condition=~Q(comment="") & ~Q(release=""), name="reading_names_its_source"),
        )

    def __str__(self) -> str:
        return f"reading {self.pk}"


class ZoneCorrection(models.Model):
    """The hospital's word on which zone a place counts as. The latest holds."""

    place = models.CharField(max_length=300)
    zone = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["place", "made_at"], name="zone_by_place"),)
        constraints = (
            models.CheckConstraint(condition=~Q(place="") & ~Q(zone=""), name="zone_names_place_and_zone"),
        )

    def __str__(self) -> str:
        return f"zone of {self.place}"


class HiddenKind(models.Model):
    """The hospital's word on whether a touchpoint or a unit is hidden like what carries a label. The latest holds."""

    of = models.CharField(max_length=20)
    value = models.CharField(max_length=200)
    hidden = models.BooleanField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(of__in=["touchpoint", "unit"]), name="hidden_kind_is_of_something"),
            models.CheckConstraint(condition=~Q(value=""), name="hidden_kind_has_a_value"),
        )

    def __str__(self) -> str:
        return f"{self.of} {self.value}"


class BreakGlass(models.Model):
    """Somebody opened what was hidden, for a while, with a reason; somebody else reviews it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    thing = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["user", "kind", "thing", "until"], name="glass_by_user_and_thing"),)
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["person", "lines"]), name="glass_kind_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="glass_has_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="glass_ends_after_it_opens"),
            models.CheckConstraint(condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                                   name="glass_is_reviewed_by_another"),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(verdict__in=["justified", "not_justified"], reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="glass_review_is_whole"),
        )

    def __str__(self) -> str:
        return f"glass {self.pk}"


class PraisePassedOn(models.Model):
    """Praise that somebody passed on to the person or the unit it is about: its masked words as they were then."""

    clause = models.BigIntegerField()
    to_staff = models.CharField(max_length=300, blank=True, default="")
    to_unit = models.CharField(max_length=200, blank=True, default="")
    words = models.TextField()
    hat = models.CharField(max_length=10)
    unit = models.CharField(max_length=200, blank=True, default="")
    month = models.CharField(max_length=7, blank=True, default="")
    release = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["to_staff", "made_at"], name="praise_by_staff"),
            models.Index(fields=["to_unit", "made_at"], name="praise_by_unit"),
        )
        constraints = (
            models.UniqueConstraint(fields=["clause", "to_staff", "to_unit"], name="praise_reaches_each_once"),
            models.CheckConstraint(condition=(Q(to_staff="") & ~Q(to_unit="")) | (~Q(to_staff="") & Q(to_unit="")),
                                   name="praise_is_for_a_person_or_a_unit"),
            models.CheckConstraint(condition=~Q(words=""), name="praise_has_words"),
        )

    def __str__(self) -> str:
        return f"praise {self.pk}"


class Outbox(models.Model):
    """A line that must reach an append-only file of the home: written with the record, appended after it."""

    key = models.CharField(max_length=32, unique=True, default=_key)
    file = models.CharField(max_length=40)
    line = models.JSONField()
    made_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["written_at", "id"], name="outbox_unwritten"),)

    def __str__(self) -> str:
        return f"line {self.pk} for {self.file}"


NOW, DAY = "now", "day"
"""The clocks of urgent words: a human within 15 minutes, or the same day."""


class Outcome(StrEnum):
    """How an urgent comment ended."""

    REACHED = "reached"
    ALREADY_KNOWN = "already_known"
    FALSE_ALARM = "false_alarm"
    PASSED_ON = "passed_on"
    TOO_OLD = "too_old"
    """Words too old for any clock, as of a first load of years: ended together with one reason."""


class UrgentAlert(models.Model):
    """Something urgent waits for a human. Holds no words of anybody.

    An urgent comment: one a comment and clock, whatever is built anew. Or a front desk asked for a nurse (`asked_by`)
    for a person, or for somebody at the desk whom nobody knows yet (`person` is null then).
    """

    voice = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.BigIntegerField(null=True)
    clock = models.CharField(max_length=3)
    unit = models.CharField(max_length=200, blank=True, default="")
    said_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    release = models.CharField(max_length=120)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["closed_at", "due_at"], name="alert_by_state_and_time"),
            models.Index(fields=["person", "found_at"], name="alert_by_person"),
        )
        constraints = (
            models.UniqueConstraint(fields=["voice", "clock"], name="alert_once_a_comment_and_clock"),
            models.UniqueConstraint(fields=["person"], condition=Q(asked_by__isnull=False, closed_at__isnull=True),
                                    name="alert_once_a_person_while_a_nurse_is_asked_for"),
            models.CheckConstraint(
                condition=Q(voice__isnull=False, asked_by__isnull=True, person__isnull=True)
                | Q(voice__isnull=True, asked_by__isnull=False, clock=NOW),
                name="alert_is_a_comment_or_a_call_for_a_nurse"),
            models.CheckConstraint(condition=Q(clock__in=[NOW, DAY]), name="alert_clock_is_known"),
            models.CheckConstraint(condition=Q(due_at__gt=F("found_at")), name="alert_is_due_after_it_was_found"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_is_taken_on_by_somebody"),
            models.CheckConstraint(condition=Q(escalated_at__isnull=True) | Q(escalated_at__gte=F("due_at")),
                                   name="alert_is_escalated_when_due"),
            models.CheckConstraint(
                condition=Q(outcome="", note="", closed_at__isnull=True, closed_by__isnull=True)
                | Q(outcome__in=[one.value for one in Outcome], closed_at__isnull=False, closed_by__isnull=False,
                    acknowledged_at__isnull=False),
                name="alert_ends_with_an_outcome"),
            models.CheckConstraint(condition=~Q(outcome=Outcome.PASSED_ON.value, note=""),
                                   name="alert_passed_on_says_to_whom"),
            models.CheckConstraint(condition=~Q(outcome=Outcome.TOO_OLD.value, note=""),
                                   name="alert_too_old_says_why"),
            models.CheckConstraint(
                condition=Q(asked_again_at__isnull=True)
                | Q(acknowledged_at__isnull=False, asked_again_at__gt=F("acknowledged_at")),
                name="alert_is_asked_again_after_it_was_taken_on"),
        )

    def __str__(self) -> str:
        return f"alert {self.pk}"


FIRST, NEXT = 1, 2
"""Who is told at once, and who when nobody took it on in time."""


class AlertRecipient(models.Model):
    """Somebody who gets a mail when an urgent comment of a unit, or of one below it, waits."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=200)
    address = models.EmailField()
    turn = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "unit"], name="recipient_once_a_unit"),
            models.CheckConstraint(condition=~Q(unit=""), name="recipient_needs_a_unit"),
            models.CheckConstraint(condition=Q(address__contains="@"), name="recipient_has_an_address"),
            models.CheckConstraint(condition=Q(turn__in=[FIRST, NEXT]), name="recipient_has_a_turn"),
        )

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class Mail(models.Model):
    """A mail that must leave: of what kind, about which thing, to whom. Its words are made when it leaves, not kept."""

    key = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=200)
    address = models.EmailField()
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["sent_at", "dropped_at", "next_try_at"], name="mail_waiting"),)
        constraints = (
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind=""), name="mail_is_about_something"),
            models.CheckConstraint(condition=Q(address__contains="@"), name="mail_has_an_address"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="mail_language_is_ours"),
            models.CheckConstraint(condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True),
                                   name="mail_is_sent_or_dropped"),
        )

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Heartbeat(models.Model):
    """When a process of ours last said that it is alive."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


# Django looks for models in this module: those about messages, live events, charts, questions, cases and hand-offs
# stand in files of their own.
from twohats.service.records.asking import SupplementalItem, SurveyAnswer, SurveyRequest  # noqa: E402, F401
from twohats.service.records.cases import CaseStep, GrievanceAnswer, RecoveryCase  # noqa: E402, F401
from twohats.service.records.contact import (  # noqa: E402, F401
    AddressMark,
    Choice,
    DeliveryReport,
    LedgerLine,
    Link,
    PersonMessage,
    RuleBook,
    RuleDraft,
    RuleTest,
    SilenceWord,
)
from twohats.service.records.hand_offs import HandOffWord  # noqa: E402, F401
from twohats.service.records.live import EventSender, LiveEvent  # noqa: E402, F401
from twohats.service.records.marks import ChartNote, ChartRebase, Goal  # noqa: E402, F401
from twohats.service.records.served import ServedReading  # noqa: E402, F401
