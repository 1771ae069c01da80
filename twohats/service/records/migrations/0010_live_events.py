"""Systems that may send events, what they sent, and calls for a nurse beside urgent comments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_marks_on_measures'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventSender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('way', models.CharField(max_length=10)),
                ('digest', models.CharField(blank=True, default='', max_length=64)),
                ('salt', models.CharField(blank=True, default='', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LiveEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('body', models.JSONField()),
                ('system', models.CharField(blank=True, default='', max_length=20)),
                ('identifier', models.CharField(blank=True, default='', max_length=200)),
                ('person', models.BigIntegerField(null=True)),
                ('found', models.CharField(max_length=10)),
                ('interaction', models.BigIntegerField()),
                ('resource', models.CharField(max_length=300)),
                ('unit', models.CharField(blank=True, default='', max_length=200)),
                ('started_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('act', models.CharField(blank=True, default='', max_length=40)),
                ('hat', models.CharField(max_length=10)),
                ('about_hat', models.CharField(max_length=10)),
                ('rule', models.CharField(max_length=60)),
                ('about_rule', models.CharField(max_length=60)),
                ('p', models.PositiveSmallIntegerField()),
                ('confidence', models.PositiveSmallIntegerField()),
                ('vulnerable', models.BooleanField()),
                ('urgent', models.BooleanField()),
                ('answered', models.JSONField(default=list)),
                ('missing', models.JSONField(default=list)),
                ('screened', models.BooleanField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='urgentalert',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentalert',
            name='person',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='urgentalert',
            name='voice',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='urgentalert',
            index=models.Index(fields=['person', 'found_at'], name='alert_by_person'),
        ),
        migrations.AddConstraint(
            model_name='urgentalert',
            constraint=models.UniqueConstraint(condition=models.Q(('asked_by__isnull', False), ('closed_at__isnull', True)), fields=('person',), name='alert_once_a_person_while_a_nurse_is_asked_for'),
        ),
        migrations.AddConstraint(
            model_name='urgentalert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', True), ('person__isnull', True), ('voice__isnull', False)), models.Q(('asked_by__isnull', False), ('clock', 'now'), ('voice__isnull', True)), _connector='OR'), name='alert_is_a_comment_or_a_call_for_a_nurse'),
        ),
        migrations.AddConstraint(
            model_name='eventsender',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('name',), name='sender_has_one_key'),
        ),
        migrations.AddConstraint(
            model_name='eventsender',
            constraint=models.UniqueConstraint(condition=models.Q(('digest', ''), _negated=True), fields=('digest',), name='sender_token_is_one_senders'),
        ),
        migrations.AddConstraint(
            model_name='eventsender',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('salt', ''), ('way', 'token'), models.Q(('digest', ''), _negated=True)), models.Q(('digest', ''), ('way', 'signature'), models.Q(('salt', ''), _negated=True)), _connector='OR'), name='sender_shows_itself_one_way'),
        ),
        migrations.AddConstraint(
            model_name='eventsender',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='sender_has_a_name'),
        ),
        migrations.AddField(
            model_name='liveevent',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='liveevent',
            name='sender',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.eventsender'),
        ),
        migrations.AddIndex(
            model_name='liveevent',
            index=models.Index(fields=['person', 'started_at'], name='live_by_person'),
        ),
        migrations.AddIndex(
            model_name='liveevent',
            index=models.Index(fields=['unit', 'started_at'], name='live_by_unit'),
        ),
        migrations.AddIndex(
            model_name='liveevent',
            index=models.Index(fields=['started_at'], name='live_by_time'),
        ),
        migrations.AddIndex(
            model_name='liveevent',
            index=models.Index(fields=['found', 'received_at'], name='live_by_tie'),
        ),
        migrations.AddIndex(
            model_name='liveevent',
            index=models.Index(fields=['interaction'], name='live_by_interaction'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.UniqueConstraint(condition=models.Q(('sender__isnull', False)), fields=('sender', 'event_id'), name='live_event_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.UniqueConstraint(condition=models.Q(('by__isnull', False)), fields=('by', 'event_id'), name='live_event_is_logged_once'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('sender__isnull', True)), models.Q(('by__isnull', True), ('sender__isnull', False)), _connector='OR'), name='live_event_is_somebodys_word'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event_id', ''), _negated=True), models.Q(('resource', ''), _negated=True)), name='live_event_names_its_source'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.CheckConstraint(condition=models.Q(('found__in', ('person', 'nobody', 'two_people', 'no_release'))), name='live_event_found_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('found', 'person'), _negated=True), ('person__isnull', False), _connector='OR'), name='live_event_found_one'),
        ),
        migrations.AddConstraint(
            model_name='liveevent',
            constraint=models.CheckConstraint(condition=models.Q(('about_hat__in', ['patient', 'customer', 'mixed', 'unknown', 'none']), ('hat__in', ['patient', 'customer', 'mixed', 'unknown', 'none'])), name='live_hat_is_a_hat'),
        ),
    ]
