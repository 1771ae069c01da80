"""The hospital's own list of hidden kinds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_insert_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="HiddenKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=200)),
                ("hidden", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ["touchpoint", "unit"])), name="hidden_kind_is_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True), name="hidden_kind_has_a_value"
                    ),
                ],
            },
        ),
    ]
