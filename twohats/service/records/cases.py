"""Cases of service recovery: a bad answer or urgent words, who owns it, by when, what was done, how it ended."""

from django.db import models
from django.db.models import F, Q

from twohats.care.asking.recovery import AUTO_CLOSED, shipped

BAD_ANSWER, WISH, URGENT = "bad_answer", "wish", "urgent"
"""What opened a case: a bad answer, the wish for an answer, or urgent words."""
OUTCOMES = tuple(shipped().outcomes)
LONGEST = 1000


class RecoveryCase(models.Model):
    """Something went wrong for somebody, and somebody of ours has it until it ends. One a request.

    `grievance`: None while nobody has decided; `grounds` is what the rule proposed.
    """

    request = models.OneToOneField("records.SurveyRequest", on_delete=models.PROTECT, related_name="case")
    unit = models.CharField(max_length=200, blank=True, default="")
    why = models.CharField(max_length=10)
    script = models.CharField(max_length=10)
    owner = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    first_word_by = models.DateTimeField()
    end_by = models.DateTimeField()
    closes_at = models.DateTimeField()
    first_word_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    reopened = models.PositiveSmallIntegerField(default=0)
    grounds = models.JSONField(default=list)
    grievance = models.BooleanField(null=True)
    decided_by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["unit", "closed_at", "end_by"], name="case_by_unit_and_time"),
            models.Index(fields=["closed_at", "closes_at"], name="case_by_its_end"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(why__in=[BAD_ANSWER, WISH, URGENT]), name="case_has_a_cause"),
            models.CheckConstraint(condition=Q(script__in=list(shipped().scripts)), name="case_script_is_declared"),
            models.CheckConstraint(
                condition=Q(first_word_by__gt=F("opened_at"), end_by__gt=F("opened_at"), closes_at__gt=F("end_by")),
                name="case_has_clocks"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True) | Q(outcome__in=OUTCOMES, closed_at__isnull=False),
                name="case_ends_with_an_outcome"),
            models.CheckConstraint(condition=Q(outcome__in=["", AUTO_CLOSED]) | Q(owner__isnull=False),
                                   name="case_is_ended_by_its_owner"),
            models.CheckConstraint(
                condition=Q(grievance__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(grievance__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="case_grievance_is_decided_by_somebody"),
            models.CheckConstraint(
                condition=Q(grievance=True, received_at__isnull=False, answer_by__gt=F("received_at"))
                | Q(grievance=False, received_at__isnull=True, answer_by__isnull=True)
                | Q(grievance__isnull=True, received_at__isnull=True, answer_by__isnull=True),
                name="case_grievance_has_its_clock"),
        )

    def __str__(self) -> str:
        return f"case {self.pk}"


class CaseStep(models.Model):
    """One thing that was done in a case. Insert-only. `note` is for us; `said` the person reads by their link."""

    case = models.ForeignKey(RecoveryCase, on_delete=models.PROTECT, related_name="steps")
    did = models.CharField(max_length=12)
    note = models.CharField(max_length=LONGEST, blank=True, default="")
    said = models.CharField(max_length=LONGEST, blank=True, default="")
    by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["case", "made_at"], name="step_by_case"),)
        constraints = (
            models.CheckConstraint(condition=Q(did__in=[
                "opened", "taken", "spoke", "tried", "told", "ended", "auto_closed", "reopened", "proposed",
                "grievance", "no_grievance"]), name="step_is_declared"),
        )

    def __str__(self) -> str:
        return f"step {self.pk}"


class GrievanceAnswer(models.Model):
    """The written answer to a grievance with the parts that 42 CFR 482.13(a)(2)(iii) asks for. Insert-only."""

    case = models.OneToOneField(RecoveryCase, on_delete=models.PROTECT, related_name="answer")
    contact_person = models.CharField(max_length=200)
    steps_taken = models.CharField(max_length=4000)
    results = models.CharField(max_length=4000)
    completed_on = models.DateField()
    language = models.CharField(max_length=2)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(contact_person="") & ~Q(steps_taken="") & ~Q(results=""),
                                   name="grievance_answer_is_whole"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="grievance_language_is_ours"),
        )

    def __str__(self) -> str:
        return f"grievance answer {self.pk}"
