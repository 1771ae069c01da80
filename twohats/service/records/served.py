"""What people who looked said of how a side of a visit or call was served."""

from django.db import models
from django.db.models import Q


class ServedReading(models.Model):
    """Somebody looked at a visit or call and said whose hat one side of it truly was, and whether it was missed.

    `order`: 1 and 2 are two readers who do not see each other's word, 3 somebody else where the two differ. What a
    reader said before they corrected it stays, and holds no more.
    """

    thing = models.BigIntegerField()
    side = models.CharField(max_length=10)
    unit = models.CharField(max_length=200, blank=True, default="")
    told = models.CharField(max_length=20)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    holds = models.BooleanField(default=True)
    hat = models.CharField(max_length=10)
    wrong = models.BooleanField()
    release = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["thing", "side", "order"], name="served_by_side"),)
        constraints = (
            models.UniqueConstraint(fields=["thing", "side", "order"], condition=Q(holds=True),
                                    name="served_holds_once"),
            models.UniqueConstraint(fields=["thing", "side", "by"], condition=Q(holds=True),
                                    name="served_by_different_people"),
            models.CheckConstraint(condition=Q(order__in=[1, 2, 3]), name="served_order_is_one"),
            models.CheckConstraint(condition=Q(side__in=["customer", "patient"]), name="served_side_is_one"),
            models.CheckConstraint(
                condition=Q(hat__in=["customer", "patient"]) | Q(hat="none", wrong=False),
                name="served_nobody_is_not_missed"),
            models.CheckConstraint(condition=~Q(told="") & ~Q(release=""), name="served_names_its_source"),
        )

    def __str__(self) -> str:
        return f"served {self.pk}"
