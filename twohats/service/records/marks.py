"""What people write on the chart of a measure and a unit: where the process became another one, notes, goals."""

from django.db import models
from django.db.models import Q

LONGEST = 300
"""Characters of a reason or a note: enough for what happened, too few for a story about somebody."""


class ChartRebase(models.Model):
    """From this month on the process is another one, and why: the limits start anew. Withdrawn, it stays and holds no
    more.
    """

    measure = models.CharField(max_length=40)
    unit = models.CharField(max_length=200)
    month = models.CharField(max_length=7)
    reason = models.CharField(max_length=LONGEST)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["measure", "unit", "month"], name="rebase_by_chart"),)
        constraints = (
            models.UniqueConstraint(fields=["measure", "unit", "month"], condition=Q(withdrawn_at__isnull=True),
                                    name="rebase_holds_once_a_month"),
            models.CheckConstraint(condition=~Q(measure="") & ~Q(unit="") & ~Q(month=""), name="rebase_has_a_chart"),
            models.CheckConstraint(condition=~Q(reason=""), name="rebase_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="rebase_is_withdrawn_by_somebody"),
        )

    def __str__(self) -> str:
        return f"rebase {self.pk}"


class ChartNote(models.Model):
    """A short note at a month. Removed, its words are gone, since a name may be why; that it was there stays."""

    measure = models.CharField(max_length=40)
    unit = models.CharField(max_length=200)
    month = models.CharField(max_length=7)
    words = models.CharField(max_length=LONGEST, blank=True, default="")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    removed_by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["measure", "unit", "month"], name="note_by_chart"),)
        constraints = (
            models.CheckConstraint(condition=~Q(measure="") & ~Q(unit="") & ~Q(month=""), name="note_has_a_chart"),
            models.CheckConstraint(
                condition=(Q(removed_at__isnull=True, removed_by__isnull=True) & ~Q(words=""))
                | Q(removed_at__isnull=False, removed_by__isnull=False, words=""),
                name="note_has_words_until_it_is_removed"),
        )

    def __str__(self) -> str:
        return f"note {self.pk}"


class Goal(models.Model):
    """The goal from a month on, in the measure's own unit (shares from 0 to 1); none: no goal any more from then on.

    Of two for one month the latest holds. Which way is better the measure itself says.
    """

    measure = models.CharField(max_length=40)
    unit = models.CharField(max_length=200)
    month = models.CharField(max_length=7)
    value = models.FloatField(null=True)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["unit", "measure", "month"], name="goal_by_chart"),)
        constraints = (
            models.CheckConstraint(condition=~Q(measure="") & ~Q(unit="") & ~Q(month=""), name="goal_has_a_chart"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="goal_is_not_below_zero"),
        )

    def __str__(self) -> str:
        return f"goal {self.pk}"
