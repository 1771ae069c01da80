"""Questions to people, their answers, cases of service recovery; what was done in a case only grows."""

import django.db.models.deletion
from django.conf import settings
from importlib import import_module

from django.db import migrations, models


insert_only = import_module("twohats.service.records.migrations.0002_insert_only")
TABLES = ("records_casestep", "records_grievanceanswer")


def put_on(apps, editor) -> None:
    """Puts the triggers of the audit on what was done in a case and on written answers."""
    form = {"sqlite": insert_only.sqlite, "postgresql": insert_only.postgresql}[editor.connection.vendor]
    for table in TABLES:
        for statement in form(table):
            editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0010_live_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('did', models.CharField(max_length=12)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('said', models.CharField(blank=True, default='', max_length=1000)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='GrievanceAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_person', models.CharField(max_length=200)),
                ('steps_taken', models.CharField(max_length=4000)),
                ('results', models.CharField(max_length=4000)),
                ('completed_on', models.DateField()),
                ('language', models.CharField(max_length=2)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RecoveryCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(blank=True, default='', max_length=200)),
                ('why', models.CharField(max_length=10)),
                ('script', models.CharField(max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('first_word_by', models.DateTimeField()),
                ('end_by', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('first_word_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=12)),
                ('reopened', models.PositiveSmallIntegerField(default=0)),
                ('grounds', models.JSONField(default=list)),
                ('grievance', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SupplementalItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('survey', models.CharField(max_length=40)),
                ('item', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('dropped_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SurveyAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=20)),
                ('value', models.CharField(blank=True, default='', max_length=20)),
                ('words', models.CharField(blank=True, default='', max_length=4000)),
                ('quote', models.CharField(blank=True, default='', max_length=10)),
                ('clock', models.CharField(default='no', max_length=3)),
                ('voice', models.BigIntegerField(null=True)),
                ('mode', models.CharField(max_length=5)),
                ('language', models.CharField(max_length=2)),
                ('holds', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SurveyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BigIntegerField()),
                ('form', models.CharField(max_length=20)),
                ('visit', models.BigIntegerField(null=True)),
                ('encounter', models.CharField(blank=True, default='', max_length=200)),
                ('contact', models.CharField(blank=True, default='', max_length=200)),
                ('unit', models.CharField(blank=True, default='', max_length=200)),
                ('language', models.CharField(max_length=2)),
                ('respondent', models.CharField(blank=True, default='', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='link',
            name='link_purpose_is_declared',
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ('choices', 'survey'))), name='link_purpose_is_declared'),
        ),
        migrations.AddField(
            model_name='casestep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grievanceanswer',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grievanceanswer',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='records.recoverycase'),
        ),
        migrations.AddField(
            model_name='casestep',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='records.recoverycase'),
        ),
        migrations.AddField(
            model_name='supplementalitem',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='surveyanswer',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='surveyrequest',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='surveyrequest',
            name='message',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.personmessage'),
        ),
        migrations.AddField(
            model_name='surveyanswer',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='records.surveyrequest'),
        ),
        migrations.AddField(
            model_name='recoverycase',
            name='request',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='case', to='records.surveyrequest'),
        ),
        migrations.AddConstraint(
            model_name='grievanceanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_person', ''), _negated=True), models.Q(('steps_taken', ''), _negated=True), models.Q(('results', ''), _negated=True)), name='grievance_answer_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='grievanceanswer',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='grievance_language_is_ours'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(fields=['case', 'made_at'], name='step_by_case'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.CheckConstraint(condition=models.Q(('did__in', ['opened', 'taken', 'spoke', 'tried', 'told', 'ended', 'auto_closed', 'reopened', 'proposed', 'grievance', 'no_grievance'])), name='step_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='supplementalitem',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 12)), name='supplemental_items_are_twelve'),
        ),
        migrations.AddConstraint(
            model_name='supplementalitem',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('place',), name='supplemental_place_holds_one'),
        ),
        migrations.AddConstraint(
            model_name='supplementalitem',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('survey', 'item'), name='supplemental_item_stands_once'),
        ),
        migrations.AddIndex(
            model_name='surveyrequest',
            index=models.Index(fields=['person', 'made_at'], name='request_by_person'),
        ),
        migrations.AddIndex(
            model_name='surveyrequest',
            index=models.Index(fields=['unit', 'made_at'], name='request_by_unit'),
        ),
        migrations.AddConstraint(
            model_name='surveyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', ['your_care', 'getting_care', 'one_tap'])), name='request_form_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='surveyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['en', 'es'])), name='request_language_is_ours'),
        ),
        migrations.AddConstraint(
            model_name='surveyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('respondent__in', ['', 'self', 'proxy', 'family'])), name='request_respondent_is_one'),
        ),
        migrations.AddConstraint(
            model_name='surveyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('answer_by__gt', models.F('made_at'))), name='request_has_time'),
        ),
        migrations.AddConstraint(
            model_name='surveyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('visit__isnull', False), models.Q(('contact', ''), _negated=True), _connector='OR'), name='request_is_about_a_matter'),
        ),
        migrations.AddIndex(
            model_name='surveyanswer',
            index=models.Index(fields=['made_at'], name='answer_by_time'),
        ),
        migrations.AddIndex(
            model_name='surveyanswer',
            index=models.Index(fields=['voice'], name='answer_by_voice'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('request', 'question'), name='answer_holds_once'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('value', ''), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='answer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('quote__in', ['', 'staff', 'leaders', 'nobody'])), name='answer_audience_is_one'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('clock__in', ['no', 'day', 'now'])), name='answer_clock_is_one'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ('web', 'phone', 'mail', 'desk'))), name='answer_mode_is_one'),
        ),
        migrations.AddConstraint(
            model_name='surveyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('mode', 'web'), ('by__isnull', False), _connector='OR'), name='answer_of_staff_names_them'),
        ),
        migrations.AddIndex(
            model_name='recoverycase',
            index=models.Index(fields=['unit', 'closed_at', 'end_by'], name='case_by_unit_and_time'),
        ),
        migrations.AddIndex(
            model_name='recoverycase',
            index=models.Index(fields=['closed_at', 'closes_at'], name='case_by_its_end'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ['bad_answer', 'wish', 'urgent'])), name='case_has_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(('script__in', ['patient', 'customer', 'urgent'])), name='case_script_is_declared'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('end_by')), ('end_by__gt', models.F('opened_at')), ('first_word_by__gt', models.F('opened_at'))), name='case_has_clocks'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), ('outcome__in', ('solved', 'explained', 'not_solved', 'not_reached', 'auto_closed'))), _connector='OR'), name='case_ends_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'auto_closed']), ('owner__isnull', False), _connector='OR'), name='case_is_ended_by_its_owner'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('grievance__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('grievance__isnull', False)), _connector='OR'), name='case_grievance_is_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='recoverycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_by__gt', models.F('received_at')), ('grievance', True), ('received_at__isnull', False)), models.Q(('answer_by__isnull', True), ('grievance', False), ('received_at__isnull', True)), models.Q(('answer_by__isnull', True), ('grievance__isnull', True), ('received_at__isnull', True)), _connector='OR'), name='case_grievance_has_its_clock'),
        ),
        migrations.RunPython(put_on, elidable=False),
    ]
