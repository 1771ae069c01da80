"""What people write on the chart of a measure: where the process became another one, notes, goals."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_alerts_that_end_late'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChartNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=200)),
                ('month', models.CharField(max_length=7)),
                ('words', models.CharField(blank=True, default='', max_length=300)),
                ('made_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['measure', 'unit', 'month'], name='note_by_chart')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('measure', ''), _negated=True), models.Q(('unit', ''), _negated=True), models.Q(('month', ''), _negated=True)), name='note_has_a_chart'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at__isnull', True), ('removed_by__isnull', True), models.Q(('words', ''), _negated=True)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False), ('words', '')), _connector='OR'), name='note_has_words_until_it_is_removed')],
            },
        ),
        migrations.CreateModel(
            name='ChartRebase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=200)),
                ('month', models.CharField(max_length=7)),
                ('reason', models.CharField(max_length=300)),
                ('made_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['measure', 'unit', 'month'], name='rebase_by_chart')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('measure', 'unit', 'month'), name='rebase_holds_once_a_month'), models.CheckConstraint(condition=models.Q(models.Q(('measure', ''), _negated=True), models.Q(('unit', ''), _negated=True), models.Q(('month', ''), _negated=True)), name='rebase_has_a_chart'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='rebase_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='rebase_is_withdrawn_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=40)),
                ('unit', models.CharField(max_length=200)),
                ('month', models.CharField(max_length=7)),
                ('value', models.FloatField(null=True)),
                ('made_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'measure', 'month'], name='goal_by_chart')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('measure', ''), _negated=True), models.Q(('unit', ''), _negated=True), models.Q(('month', ''), _negated=True)), name='goal_has_a_chart'), models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__gte', 0), _connector='OR'), name='goal_is_not_below_zero')],
            },
        ),
    ]
