"""Who was asked how it was, what they answered, and which items of ours the official survey carries."""

from django.db import models
from django.db.models import F, Q

from twohats.care.asking.forms import audiences, forms, respondents
from twohats.care.asking.worth import shipped

MODES = ("web", "phone", "mail", "desk")
"""How an answer came: by link, or written down by staff from a call, from paper, at the desk."""
LONGEST_WORDS = 4000


class SurveyRequest(models.Model):
    """Somebody was asked one form about one matter, by link or by staff; takes answers until it is sent or too late."""

    person = models.BigIntegerField()
    form = models.CharField(max_length=20)
    visit = models.BigIntegerField(null=True)
    encounter = models.CharField(max_length=200, blank=True, default="")
    contact = models.CharField(max_length=200, blank=True, default="")
    unit = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=2)
    message = models.OneToOneField("records.PersonMessage", null=True, on_delete=models.PROTECT, related_name="+")
    respondent = models.CharField(max_length=10, blank=True, default="")
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "made_at"], name="request_by_person"),
            models.Index(fields=["unit", "made_at"], name="request_by_unit"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(form__in=list(forms())), name="request_form_is_declared"),
            models.CheckConstraint(condition=Q(language__in=["en", "es"]), name="request_language_is_ours"),
            models.CheckConstraint(condition=Q(respondent__in=["", *respondents()]), name="request_respondent_is_one"),
            models.CheckConstraint(condition=Q(answer_by__gt=F("made_at")), name="request_has_time"),
            models.CheckConstraint(condition=Q(visit__isnull=False) | ~Q(contact=""), name="request_is_about_a_matter"),
        )

    def __str__(self) -> str:
        return f"request {self.pk}"


class SurveyAnswer(models.Model):
    """One answer to one question of a request, kept at once. A later one to the same question holds in its place.

    `clock`: what the urgent words said of written words; `voice`: the key that its comment has, or will have, in a
    release. `quote`: to whom the words may be shown without the name; without a yes to nobody.
    """

    request = models.ForeignKey(SurveyRequest, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=20)
    value = models.CharField(max_length=20, blank=True, default="")
    words = models.CharField(max_length=LONGEST_WORDS, blank=True, default="")
    quote = models.CharField(max_length=10, blank=True, default="")
    clock = models.CharField(max_length=3, default="no")
    voice = models.BigIntegerField(null=True)
    mode = models.CharField(max_length=5)
    language = models.CharField(max_length=2)
    by = models.ForeignKey("records.User", null=True, on_delete=models.PROTECT, related_name="+")
    holds = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["made_at"], name="answer_by_time"),
            models.Index(fields=["voice"], name="answer_by_voice"),
        )
        constraints = (
            models.UniqueConstraint(fields=["request", "question"], condition=Q(holds=True), name="answer_holds_once"),
            models.CheckConstraint(condition=~Q(value="") | ~Q(words=""), name="answer_says_something"),
            models.CheckConstraint(condition=Q(quote__in=["", *audiences()]), name="answer_audience_is_one"),
            models.CheckConstraint(condition=Q(clock__in=["no", "day", "now"]), name="answer_clock_is_one"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="answer_mode_is_one"),
            models.CheckConstraint(condition=Q(mode="web") | Q(by__isnull=False), name="answer_of_staff_names_them"),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"


class SupplementalItem(models.Model):
    """An item of ours that the official survey carries. The database itself has no place for the 13th."""

    place = models.PositiveSmallIntegerField()
    survey = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    by = models.ForeignKey("records.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=shipped().supplemental_most),
                                   name="supplemental_items_are_twelve"),
            models.UniqueConstraint(fields=["place"], condition=Q(dropped_at__isnull=True),
                                    name="supplemental_place_holds_one"),
            models.UniqueConstraint(fields=["survey", "item"], condition=Q(dropped_at__isnull=True),
                                    name="supplemental_item_stands_once"),
        )

    def __str__(self) -> str:
        return f"supplemental item {self.pk}"
