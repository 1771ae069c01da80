"""Messages to people, what people say of them, and the ledger of the gate, which only grows."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


insert_only = importlib.import_module("twohats.service.records.migrations.0002_insert_only")


def put_on(apps, editor) -> None:
    """The ledger is insert-only like the audit, by the same triggers."""
    form = {"sqlite": insert_only.sqlite, "postgresql": insert_only.postgresql}[editor.connection.vendor]
    for statement in form("records_ledgerline"):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_clause_readings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("purpose", models.CharField(max_length=20)),
                ("person", models.BigIntegerField()),
                ("about", models.CharField(blank=True, default="", max_length=200)),
                ("language", models.CharField(max_length=2)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "purpose"], name="link_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ("choices",))), name="link_purpose_is_declared"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="link_expires_after_it_was_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="link_language_is_ours"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("person", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=20)),
                ("letter", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=200)),
                ("language", models.CharField(max_length=2)),
                ("sensitive", models.BooleanField(default=False)),
                ("hat", models.CharField(blank=True, default="", max_length=10)),
                ("unit", models.CharField(blank=True, default="", max_length=200)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("next_try_at", models.DateTimeField()),
                ("lease", models.CharField(blank=True, default="", max_length=32)),
                ("leased_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=60)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "carried_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carries",
                        to="records.personmessage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=10)),
                ("verdict", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=60)),
                ("until", models.DateTimeField(null=True)),
                ("warnings", models.JSONField(default=list)),
                ("rules", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ledger", to="records.personmessage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("version", models.CharField(max_length=40)),
                ("book", models.JSONField()),
                ("reason", models.CharField(max_length=500)),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SilenceWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.BigIntegerField()),
                ("says", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.BigIntegerField()),
                ("of", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=20)),
                ("yes", models.BooleanField()),
                ("said_on", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "made_at"], name="choice_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("of", "class"),
                                (
                                    "value__in",
                                    ("reminder", "referral_news", "recovery", "outreach", "invitation", "survey"),
                                ),
                            ),
                            models.Q(
                                ("of", "channel"),
                                ("value__in", ("email", "sms", "letter", "portal", "call", "automated_call")),
                            ),
                            _connector="OR",
                        ),
                        name="choice_is_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "said_on__in",
                                ["email", "sms", "letter", "portal", "call", "automated_call", "link", "staff"],
                            )
                        ),
                        name="choice_was_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said_on", "staff"), _negated=True), ("by__isnull", False), _connector="OR"
                        ),
                        name="choice_of_staff_names_them",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="personmessage",
            index=models.Index(fields=["state", "next_try_at"], name="message_by_state"),
        ),
        migrations.AddIndex(
            model_name="personmessage",
            index=models.Index(fields=["person", "ended_at"], name="message_by_person"),
        ),
        migrations.AddIndex(
            model_name="personmessage",
            index=models.Index(fields=["ended_at"], name="message_by_end"),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("reminder", "referral_news", "recovery", "outreach", "invitation", "survey"))
                ),
                name="message_class_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ("email", "sms", "letter", "portal", "call", "automated_call"))),
                name="message_channel_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "handed", "unsure", "sent", "refused", "dead"))),
                name="message_state_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("letter", ""), _negated=True),
                    models.Q(("about", ""), _negated=True),
                    models.Q(("key", ""), _negated=True),
                ),
                name="message_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "es"])), name="message_language_is_ours"
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))), name="message_expires_after_it_was_made"
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state__in", ["waiting", "handed"])),
                    models.Q(
                        models.Q(("state__in", ["waiting", "handed"]), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="message_end_is_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="personmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("carried_by__isnull", True), ("state__in", ["sent", "unsure"]), _connector="OR"),
                name="message_carried_went",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerline",
            index=models.Index(fields=["message", "made_at"], name="ledger_by_message"),
        ),
        migrations.AddIndex(
            model_name="ledgerline",
            index=models.Index(fields=["made_at"], name="ledger_by_time"),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__in", ["put", "lease", "send", "sweep", "tried"])),
                name="ledger_step_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["send", "hold", "refuse", "sent", "failed", "unsure", "dead"])),
                name="ledger_verdict_is_declared",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("rules", ""), _negated=True), name="ledger_names_its_rules"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.UniqueConstraint(fields=("kind", "version"), name="rules_have_one_version"),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["gate", "strategies"])), name="rules_are_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("version", ""), _negated=True)),
                name="rules_have_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="silenceword",
            index=models.Index(fields=["person", "made_at"], name="silence_by_person"),
        ),
        migrations.AddConstraint(
            model_name="silenceword",
            constraint=models.CheckConstraint(
                condition=models.Q(("says__in", ["death", "hospice", "family", "lifted"])), name="silence_is_declared"
            ),
        ),
        migrations.RunPython(put_on, elidable=False),
    ]
