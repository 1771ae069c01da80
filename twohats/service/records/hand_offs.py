"""What our people say of a hand-off that was not met: who has it, what came of it. The release says the rest."""

from django.db import models
from django.db.models import Q

from twohats.words.hand_offs import hand_offs

LONGEST = 300
"""Characters of a note: enough for what to try next, too few for a story about somebody."""


class HandOffWord(models.Model):
    """One word on one hand-off. Insert-only; the latest holds, whatever is built anew."""

    hand_off = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    unit = models.CharField(max_length=200, blank=True, default="")
    says = models.CharField(max_length=12)
    note = models.CharField(max_length=LONGEST, blank=True, default="")
    release = models.CharField(max_length=120)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["hand_off", "made_at"], name="hand_off_word_by_hand_off"),
            models.Index(fields=["says", "made_at"], name="hand_off_word_by_what"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(says__in=list(hand_offs().words)), name="hand_off_word_is_declared"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(release=""), name="hand_off_word_names_its_source"),
        )

    def __str__(self) -> str:
        return f"word on a hand-off {self.pk}"
