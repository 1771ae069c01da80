"""Strategies that are drafted, tested and then go live; what providers tell of messages; addresses that bounced."""

import importlib

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

insert_only = importlib.import_module("twohats.service.records.migrations.0002_insert_only")


def put_on(apps, editor) -> None:
    """Reports only grow; so does the ledger, which SQLite made anew for its new column and so without its triggers."""
    vendor = editor.connection.vendor
    form = {"sqlite": insert_only.sqlite, "postgresql": insert_only.postgresql}[vendor]
    for table in ("records_deliveryreport", *(["records_ledgerline"] if vendor == "sqlite" else [])):
        for statement in form(table):
            editor.execute(statement)


class Migration(migrations.Migration):
    """Forward only."""

    dependencies = [
        ('records', '0013_hand_offs'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('works', models.BooleanField()),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DeliveryReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report_id', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('says', models.CharField(max_length=10)),
                ('told_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RuleDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.JSONField()),
                ('based_on', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RuleTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('release', models.CharField(max_length=80)),
                ('month', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='ledgerline',
            name='ledger_step_is_declared',
        ),
        migrations.RemoveConstraint(
            model_name='ledgerline',
            name='ledger_verdict_is_declared',
        ),
        migrations.AddField(
            model_name='eventsender',
            name='sends',
            field=models.CharField(default='events', max_length=10),
        ),
        migrations.AddField(
            model_name='ledgerline',
            name='strategies',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddField(
            model_name='personmessage',
            name='went_to',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='rulebook',
            name='repeats',
            field=models.CharField(blank=True, default='', max_length=40),
        ),
        migrations.AddConstraint(
            model_name='eventsender',
            constraint=models.CheckConstraint(condition=models.Q(('sends', 'events'), models.Q(('sends', 'reports'), ('way', 'signature')), _connector='OR'), name='sender_of_reports_signs'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['put', 'lease', 'send', 'sweep', 'tried', 'told'])), name='ledger_step_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['send', 'hold', 'refuse', 'moved', 'sent', 'failed', 'unsure', 'dead', 'delivered', 'bounced', 'opted_out', 'answered'])), name='ledger_verdict_is_declared'),
        ),
        migrations.AddIndex(
            model_name='addressmark',
            index=models.Index(fields=['digest', 'made_at'], name='mark_by_address'),
        ),
        migrations.AddConstraint(
            model_name='addressmark',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ('email', 'sms', 'letter', 'portal', 'call', 'automated_call')), models.Q(('digest', ''), _negated=True)), name='mark_is_of_an_address'),
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='records.personmessage'),
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='sender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.eventsender'),
        ),
        migrations.AddField(
            model_name='ruledraft',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruletest',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ruletest',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tests', to='records.ruledraft'),
        ),
        migrations.AddField(
            model_name='rulebook',
            name='tested',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.ruletest'),
        ),
        migrations.AddConstraint(
            model_name='rulebook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'strategies'), _negated=True), ('tested__isnull', False), models.Q(('repeats', ''), _negated=True), _connector='OR'), name='strategies_were_tested'),
        ),
        migrations.AddConstraint(
            model_name='deliveryreport',
            constraint=models.UniqueConstraint(fields=('sender', 'report_id'), name='report_is_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='deliveryreport',
            constraint=models.CheckConstraint(condition=models.Q(('says__in', ('delivered', 'bounced', 'failed', 'opted_out', 'answered'))), name='report_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='deliveryreport',
            constraint=models.CheckConstraint(condition=models.Q(('report_id', ''), _negated=True), name='report_has_an_id'),
        ),
        migrations.RunPython(put_on, elidable=False),
    ]
