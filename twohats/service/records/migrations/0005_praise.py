"""Praise that was passed on, and which member of staff somebody who logs in is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_alerts_and_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="staff",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("staff", ""), _negated=True), fields=("staff",), name="staff_reference_is_one_users"
            ),
        ),
        migrations.CreateModel(
            name="PraisePassedOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.BigIntegerField()),
                ("to_staff", models.CharField(blank=True, default="", max_length=300)),
                ("to_unit", models.CharField(blank=True, default="", max_length=200)),
                ("words", models.TextField()),
                ("hat", models.CharField(max_length=10)),
                ("unit", models.CharField(blank=True, default="", max_length=200)),
                ("month", models.CharField(blank=True, default="", max_length=7)),
                ("release", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["to_staff", "made_at"], name="praise_by_staff"),
                    models.Index(fields=["to_unit", "made_at"], name="praise_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clause", "to_staff", "to_unit"), name="praise_reaches_each_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_staff", ""), models.Q(("to_unit", ""), _negated=True)),
                            models.Q(models.Q(("to_staff", ""), _negated=True), ("to_unit", "")),
                            _connector="OR",
                        ),
                        name="praise_is_for_a_person_or_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="praise_has_words"
                    ),
                ],
            },
        ),
    ]
