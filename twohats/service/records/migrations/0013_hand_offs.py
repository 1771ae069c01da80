"""What our people say of hand-offs that were not met: words on them only grow."""

import django.db.models.deletion
from django.conf import settings
from importlib import import_module

from django.db import migrations, models


insert_only = import_module("twohats.service.records.migrations.0002_insert_only")


def put_on(apps, editor) -> None:
    """Puts the triggers of the audit on words on hand-offs."""
    form = {"sqlite": insert_only.sqlite, "postgresql": insert_only.postgresql}[editor.connection.vendor]
    for statement in form("records_handoffword"):
        editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0012_served_looked_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOffWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hand_off', models.BigIntegerField()),
                ('kind', models.CharField(max_length=30)),
                ('unit', models.CharField(blank=True, default='', max_length=200)),
                ('says', models.CharField(max_length=12)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('release', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['hand_off', 'made_at'], name='hand_off_word_by_hand_off'), models.Index(fields=['says', 'made_at'], name='hand_off_word_by_what')],
                'constraints': [models.CheckConstraint(condition=models.Q(('says__in', ['taken', 'not_yet', 'done_now', 'elsewhere', 'did_not_want', 'not_needed', 'not_reached', 'open_again'])), name='hand_off_word_is_declared'), models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), models.Q(('release', ''), _negated=True)), name='hand_off_word_names_its_source')],
            },
        ),
        migrations.RunPython(put_on, elidable=False),
    ]
