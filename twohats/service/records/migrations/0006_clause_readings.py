"""What readers said of clauses of comments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_praise"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClauseReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.BigIntegerField()),
                ("voice", models.BigIntegerField()),
                ("comment", models.CharField(max_length=300)),
                ("start", models.PositiveIntegerField()),
                ("unit", models.CharField(blank=True, default="", max_length=200)),
                ("order", models.PositiveSmallIntegerField()),
                ("settled_by", models.CharField(blank=True, default="", max_length=10)),
                ("holds", models.BooleanField(default=True)),
                ("hat", models.CharField(max_length=10)),
                ("about_hat", models.CharField(max_length=10)),
                ("touchpoint", models.CharField(max_length=40)),
                ("sentiment", models.SmallIntegerField()),
                ("speaker", models.CharField(max_length=10)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("queue", models.CharField(max_length=10)),
                ("sampled", models.BooleanField(default=False)),
                ("release", models.CharField(max_length=120)),
                ("model_hat", models.CharField(blank=True, default="", max_length=10)),
                ("model_touchpoint", models.CharField(blank=True, default="", max_length=40)),
                ("model_sentiment", models.SmallIntegerField(null=True)),
                ("model_p", models.FloatField(null=True)),
                ("made_at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["clause", "order", "made_at"], name="reading_by_clause"), models.Index(fields=["by", "made_at"], name="reading_by_reader")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("holds", True)), fields=("clause", "order"), name="reading_holds_once"), models.UniqueConstraint(condition=models.Q(("holds", True), ("order__lt", 3)), fields=("clause", "by"), name="reading_second_is_another"), models.CheckConstraint(condition=models.Q(models.Q(("order__in", [1, 2]), ("settled_by", "")), models.Q(("order", 3), ("settled_by__in", ["third", "agreement"])), _connector="OR"), name="reading_order_is_whole"), models.CheckConstraint(condition=models.Q(models.Q(("about_hat__in", ["patient", "customer", "none"]), ("hat", models.F("about_hat")), ("speaker", "patient")), models.Q(("about_hat__in", ["patient", "customer"]), ("hat", "customer"), ("speaker__in", ["family", "other"])), models.Q(("about_hat", "none"), ("hat", "none"), ("speaker__in", ["family", "other"])), _connector="OR"), name="reading_hat_follows_the_view"), models.CheckConstraint(condition=models.Q(("sentiment__in", [-1, 0, 1])), name="reading_sentiment_is_one"), models.CheckConstraint(condition=models.Q(("touchpoint__in", ["treatment_competence", "clinician_communication", "staff_manner_clinical", "medication_pain", "emotional_support_safety", "information_education", "continuity_followup", "staffing_responsiveness", "check_in", "scheduling_access", "wait_timeliness", "phone_digital_access", "portal_results", "billing_insurance", "discharge", "transport_parking_location", "facilities_environment", "food", "activities_amenities", "family_carer_involvement", "staff_manner_nonclinical", "informed_updates", "referral_coordination", "prescription_supply_access", "organisation_funding", "general_praise", "general_dissatisfaction", "none_other"])), name="reading_touchpoint_is_one"), models.CheckConstraint(condition=models.Q(("queue__in", ["unsure", "disagreed", "random", "second"])), name="reading_queue_is_one"), models.CheckConstraint(condition=models.Q(models.Q(("comment", ""), _negated=True), models.Q(("release", ""), _negated=True)), name="reading_names_its_source")],
            },
        ),
    ]
