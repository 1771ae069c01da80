"""Alerts too old for a call end together; who took one on and did not end it is asked again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_messages_to_people'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='urgentalert',
            name='alert_ends_with_an_outcome',
        ),
        migrations.AddField(
            model_name='urgentalert',
            name='asked_again_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='urgentalert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('note', ''), ('outcome', '')), models.Q(('acknowledged_at__isnull', False), ('closed_at__isnull', False), ('closed_by__isnull', False), ('outcome__in', ['reached', 'already_known', 'false_alarm', 'passed_on', 'too_old'])), _connector='OR'), name='alert_ends_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='urgentalert',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), ('outcome', 'too_old'), _negated=True), name='alert_too_old_says_why'),
        ),
        migrations.AddConstraint(
            model_name='urgentalert',
            constraint=models.CheckConstraint(condition=models.Q(('asked_again_at__isnull', True), models.Q(('acknowledged_at__isnull', False), ('asked_again_at__gt', models.F('acknowledged_at'))), _connector='OR'), name='alert_is_asked_again_after_it_was_taken_on'),
        ),
    ]
