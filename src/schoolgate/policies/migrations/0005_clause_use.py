"""Each clause says whose use it is about, and what was chosen for a setting is never rewritten."""

import django.db.models.deletion
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [("people", "0004_calendar"), ("policies", "0004_differences_counted")]
    operations = [
        migrations.AddField(
            model_name="clause",
            name="use",
            field=models.CharField(
                blank=True,
                choices=[("official", "Official use"), ("personal", "Personal use"), ("both", "Both")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(model_name="clause", name="use_set_at", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="clause",
            name="use_set_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.CheckConstraint(
                condition=models.Q(("use", ""), ("use_set_at__isnull", False), _connector="OR"), name="use_of_a_clause_was_set"
            ),
        ),
        guards.append_only("policies_settingchoice"),
    ]
