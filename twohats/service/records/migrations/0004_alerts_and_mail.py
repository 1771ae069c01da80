"""Urgent comments that wait for a human, who is told of them, and the mail that tells them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_hidden_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=200)),
                ("address", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=2)),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("lease", models.CharField(blank=True, default="", max_length=32)),
                ("leased_until", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, default="", max_length=60)),
                ("sent_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["sent_at", "dropped_at", "next_try_at"], name="mail_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("key", ""), _negated=True), models.Q(("kind", ""), _negated=True)),
                        name="mail_is_about_something",
                    ),
                    models.CheckConstraint(condition=models.Q(("address__contains", "@")), name="mail_has_an_address"),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="mail_language_is_ours"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("dropped_at__isnull", True), _connector="OR"),
                        name="mail_is_sent_or_dropped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=200)),
                ("address", models.EmailField(max_length=254)),
                ("turn", models.PositiveSmallIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "unit"), name="recipient_once_a_unit"),
                    models.CheckConstraint(
                        condition=models.Q(("unit", ""), _negated=True), name="recipient_needs_a_unit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address__contains", "@")), name="recipient_has_an_address"
                    ),
                    models.CheckConstraint(condition=models.Q(("turn__in", [1, 2])), name="recipient_has_a_turn"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UrgentAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("voice", models.BigIntegerField()),
                ("clock", models.CharField(max_length=3)),
                ("unit", models.CharField(blank=True, default="", max_length=200)),
                ("said_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("release", models.CharField(max_length=120)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["closed_at", "due_at"], name="alert_by_state_and_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("voice", "clock"), name="alert_once_a_comment_and_clock"),
                    models.CheckConstraint(
                        condition=models.Q(("clock__in", ["now", "day"])), name="alert_clock_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("found_at"))), name="alert_is_due_after_it_was_found"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                            models.Q(("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="alert_is_taken_on_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("escalated_at__isnull", True), ("escalated_at__gte", models.F("due_at")), _connector="OR"
                        ),
                        name="alert_is_escalated_when_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True), ("closed_by__isnull", True), ("note", ""), ("outcome", "")
                            ),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("outcome__in", ["reached", "already_known", "false_alarm", "passed_on"]),
                            ),
                            _connector="OR",
                        ),
                        name="alert_ends_with_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), ("outcome", "passed_on"), _negated=True),
                        name="alert_passed_on_says_to_whom",
                    ),
                ],
            },
        ),
    ]
