"""What our people and the people we serve said about messages, the messages themselves, and the ledger of the gate."""

from django.db import models
from django.db.models import F, Q

from twohats.care.contact import gate
from twohats.care.contact.messages import ANSWERED, BOUNCED, DELIVERED, OPTED_OUT, TOLD, Silence
from twohats.care.contact.rules import shipped

CLASSES, CHANNELS = tuple(shipped().classes), tuple(shipped().channels)
LIFTED = "lifted"
VERDICTS = tuple(verdict.value for verdict in gate.Verdict)
WAITING, HANDED, UNSURE, SENT, REFUSED, DEAD = "waiting", "handed", "unsure", "sent", "refused", "dead"
"""A message waits (held ones too), is in the hands of who prints or calls, may or may not have left when we died while
sending it, was sent, was refused by the gate, or was given up after many tries. The last four never change."""
STATES = (WAITING, HANDED, UNSURE, SENT, REFUSED, DEAD)
MOVED = "moved"
"""The strategies gave a message another way than it was to go."""


class SilenceWord(models.Model):
    """Somebody ended every message to a person, and why; or said that this was a mistake. The latest holds."""

    person = models.BigIntegerField()
    says = models.CharField(max_length=10)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "made_at"], name="silence_by_person"),)
        constraints = (
            models.CheckConstraint(condition=Q(says__in=[*(one.value for one in Silence), LIFTED]),
                                   name="silence_is_declared"),
        )

    def __str__(self) -> str:
        return f"silence {self.pk}"


class Choice(models.Model):
    """What a person said of a class of messages or of a channel: yes or no. The latest holds, on every channel.

    `said_on`: the channel of a STOP, `link` for the person's own page, `staff` when somebody of ours wrote it down.
    """

    person = models.BigIntegerField()
    of = models.CharField(max_length=10)
    value = models.CharField(max_length=20)
    yes = models.BooleanField()
    said_on = models.CharField(max_length=20)
    by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "made_at"], name="choice_by_person"),)
        constraints = (
            models.CheckConstraint(condition=Q(of="class", value__in=CLASSES) | Q(of="channel", value__in=CHANNELS),
                                   name="choice_is_of_something"),
            models.CheckConstraint(condition=Q(said_on__in=[*CHANNELS, "link", "staff"]), name="choice_was_said"),
            models.CheckConstraint(condition=~Q(said_on="staff") | Q(by__isnull=False),
                                   name="choice_of_staff_names_them"),
        )

    def __str__(self) -> str:
        return f"choice {self.pk}"


class PersonMessage(models.Model):
    """A message to a person: of which class, by which channel, about which thing. Its words are made when it leaves."""

    key = models.CharField(max_length=64, unique=True)
    person = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    letter = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    language = models.CharField(max_length=2)
    sensitive = models.BooleanField(default=False)
    hat = models.CharField(max_length=10, blank=True, default="")
    unit = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    next_try_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    carried_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carries")
    went_to = models.CharField(max_length=64, blank=True, default="")
    """A digest of the address it left for; the address itself stands in no record."""

    class Meta:
        indexes = (
            models.Index(fields=["state", "next_try_at"], name="message_by_state"),
            models.Index(fields=["person", "ended_at"], name="message_by_person"),
            models.Index(fields=["ended_at"], name="message_by_end"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=CLASSES), name="message_class_is_declared"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="message_channel_is_declared"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="message_state_is_declared"),
            models.CheckConstraint(condition=~Q(letter="") & ~Q(about="") & ~Q(key=""), name="message_says_something"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="message_language_is_ours"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="message_expires_after_it_was_made"),
            models.CheckConstraint(
                condition=Q(state__in=[WAITING, HANDED], ended_at__isnull=True)
                | (~Q(state__in=[WAITING, HANDED]) & Q(ended_at__isnull=False)), name="message_end_is_told"),
            models.CheckConstraint(condition=Q(carried_by__isnull=True) | Q(state__in=[SENT, UNSURE]),
                                   name="message_carried_went"),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"


class LedgerLine(models.Model):
    """What the gate said of a message and when, under which rules and strategies; what became of each try; and what
    a provider told of it since. Insert-only.
    """

    message = models.ForeignKey(PersonMessage, on_delete=models.PROTECT, related_name="ledger")
    step = models.CharField(max_length=10)
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=60, blank=True, default="")
    until = models.DateTimeField(null=True)
    warnings = models.JSONField(default=list)
    rules = models.CharField(max_length=40)
    strategies = models.CharField(max_length=40, blank=True, default="")
    """Empty for a message that is about nothing of a known hat: no strategy decided anything."""
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["message", "made_at"], name="ledger_by_message"),
            models.Index(fields=["made_at"], name="ledger_by_time"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(step__in=["put", "lease", "send", "sweep", "tried", "told"]),
                                   name="ledger_step_is_declared"),
            models.CheckConstraint(condition=Q(verdict__in=[
                *VERDICTS, MOVED, "sent", "failed", "unsure", "dead", DELIVERED, BOUNCED, OPTED_OUT, ANSWERED]),
                                   name="ledger_verdict_is_declared"),
            models.CheckConstraint(condition=~Q(rules=""), name="ledger_names_its_rules"),
        )

    def __str__(self) -> str:
        return f"ledger {self.pk}"


class RuleDraft(models.Model):
    """Strategies that somebody is working on: nothing follows them. `based_on`: the version in force then."""

    book = models.JSONField()
    based_on = models.CharField(max_length=40)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.pk}"


class RuleTest(models.Model):
    """What last month would have been under a draft and under the version in force, and when its result was seen."""

    draft = models.ForeignKey(RuleDraft, on_delete=models.PROTECT, related_name="tests")
    release = models.CharField(max_length=80)
    month = models.JSONField()
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"test {self.pk}"


class RuleBook(models.Model):
    """A version of the gate's rules or of the strategies as the hospital wrote them. The latest of its kind holds.

    `tested`: the test after which strategies went live; `repeats`: the former version that they go back to.
    """

    kind = models.CharField(max_length=10)
    version = models.CharField(max_length=40)
    book = models.JSONField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    tested = models.ForeignKey(RuleTest, null=True, on_delete=models.PROTECT, related_name="+")
    repeats = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(kind="strategies") | Q(tested__isnull=False) | ~Q(repeats=""),
                                   name="strategies_were_tested"),
            models.UniqueConstraint(fields=["kind", "version"], name="rules_have_one_version"),
            models.CheckConstraint(condition=Q(kind__in=["gate", "strategies"]), name="rules_are_of_something"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(version=""), name="rules_have_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.kind} rules {self.version}"


class DeliveryReport(models.Model):
    """What a provider told of a message, once however often it came. No address and no word of anybody. Insert-only."""

    sender = models.ForeignKey("records.EventSender", on_delete=models.PROTECT, related_name="+")
    report_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    message = models.ForeignKey(PersonMessage, on_delete=models.PROTECT, related_name="reports")
    says = models.CharField(max_length=10)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sender", "report_id"], name="report_is_taken_once"),
            models.CheckConstraint(condition=Q(says__in=TOLD), name="report_is_declared"),
            models.CheckConstraint(condition=~Q(report_id=""), name="report_has_an_id"),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"


class AddressMark(models.Model):
    """Whether an address took mail when a provider last told: a digest of it, never the address. The latest holds."""

    channel = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    works = models.BooleanField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["digest", "made_at"], name="mark_by_address"),)
        constraints = (
            models.CheckConstraint(condition=Q(channel__in=CHANNELS) & ~Q(digest=""), name="mark_is_of_an_address"),
        )

    def __str__(self) -> str:
        return f"mark {self.pk}"


PURPOSES = ("choices", "survey")
"""What a link may be for; it opens nothing else."""


class Link(models.Model):
    """A link that one person got: its token's digest (never the token), what it opens, until when."""

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)
    person = models.BigIntegerField()
    about = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["person", "purpose"], name="link_by_person"),)
        constraints = (
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="link_purpose_is_declared"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_expires_after_it_was_made"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="link_language_is_ours"),
        )

    def __str__(self) -> str:
        return f"link {self.pk}"
