"""Live events: what systems send and our people log of interactions that happen now, and who may send."""

from django.db import models
from django.db.models import Q

from twohats.words.hats import Hat

TOKEN, SIGNATURE = "token", "signature"
"""How a system shows who it is: a token with each event, or a signature over it."""
PERSON, NOBODY, TWO_PEOPLE, NO_RELEASE = "person", "nobody", "two_people", "no_release"
"""What an identifier led to when the event came. What led to nobody is kept, untied, and never guessed."""
FOUND = (PERSON, NOBODY, TWO_PEOPLE, NO_RELEASE)


EVENTS, REPORTS = "events", "reports"
"""What a system may send: interactions that happen now, or what became of our messages."""


class EventSender(models.Model):
    """A system that may send one thing and nothing else: the digest of its token, or the salt its key is made with."""

    name = models.CharField(max_length=80)
    way = models.CharField(max_length=10)
    sends = models.CharField(max_length=10, default=EVENTS)
    digest = models.CharField(max_length=64, blank=True, default="")
    salt = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name"], condition=Q(revoked_at__isnull=True), name="sender_has_one_key"),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="sender_token_is_one_senders"),
            models.CheckConstraint(condition=Q(way=TOKEN, salt="") & ~Q(digest="")
                                   | Q(way=SIGNATURE, digest="") & ~Q(salt=""), name="sender_shows_itself_one_way"),
            models.CheckConstraint(condition=~Q(name=""), name="sender_has_a_name"),
            models.CheckConstraint(condition=Q(sends=EVENTS) | Q(sends=REPORTS, way=SIGNATURE),
                                   name="sender_of_reports_signs"),
        )

    def __str__(self) -> str:
        return f"sender {self.pk}"


class LiveEvent(models.Model):
    """One interaction told while it happens, as it was sent or logged, and the hat that the codebook gave it."""

    sender = models.ForeignKey(EventSender, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    event_id = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    system = models.CharField(max_length=20, blank=True, default="")
    identifier = models.CharField(max_length=200, blank=True, default="")
    person = models.BigIntegerField(null=True)
    found = models.CharField(max_length=10)
    interaction = models.BigIntegerField()
    resource = models.CharField(max_length=300)
    unit = models.CharField(max_length=200, blank=True, default="")
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    act = models.CharField(max_length=40, blank=True, default="")
    hat = models.CharField(max_length=10)
    about_hat = models.CharField(max_length=10)
    rule = models.CharField(max_length=60)
    about_rule = models.CharField(max_length=60)
    p = models.PositiveSmallIntegerField()
    confidence = models.PositiveSmallIntegerField()
    vulnerable = models.BooleanField()
    urgent = models.BooleanField()
    answered = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    screened = models.BooleanField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "started_at"], name="live_by_person"),
            models.Index(fields=["unit", "started_at"], name="live_by_unit"),
            models.Index(fields=["started_at"], name="live_by_time"),
            models.Index(fields=["found", "received_at"], name="live_by_tie"),
            models.Index(fields=["interaction"], name="live_by_interaction"),
        )
        constraints = (
            models.UniqueConstraint(fields=["sender", "event_id"], condition=Q(sender__isnull=False),
                                    name="live_event_is_taken_once"),
            models.UniqueConstraint(fields=["by", "event_id"], condition=Q(by__isnull=False),
                                    name="live_event_is_logged_once"),
            models.CheckConstraint(condition=Q(sender__isnull=True, by__isnull=False)
                                   | Q(sender__isnull=False, by__isnull=True), name="live_event_is_somebodys_word"),
            models.CheckConstraint(condition=~Q(event_id="") & ~Q(resource=""), name="live_event_names_its_source"),
            models.CheckConstraint(condition=Q(found__in=FOUND), name="live_event_found_is_declared"),
            models.CheckConstraint(condition=~Q(found=PERSON) | Q(person__isnull=False), name="live_event_found_one"),
            models.CheckConstraint(condition=Q(hat__in=[hat.value for hat in Hat],
                                               about_hat__in=[hat.value for hat in Hat]), name="live_hat_is_a_hat"),
        )

    def __str__(self) -> str:
        return f"live event {self.pk}"
