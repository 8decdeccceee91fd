"""Schools that ask the trust to depart from it, with its answers; and the record a reason to review early is known from."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_calendar"),
        ("policies", "0008_companions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SettingAnswer",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("agreed", models.BooleanField()),
                ("why", models.CharField(max_length=300)),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="earlyreason",
            name="path",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="earlyreason",
            name="source",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="settingchoice",
            name="asks_trust",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="earlyreason",
            name="kind",
            field=models.CharField(
                choices=[
                    ("technology", "A new platform or technology"),
                    ("law", "A change of law or guidance"),
                    ("incident", "A serious incident"),
                    ("research", "A finding of research"),
                    ("suggestion", "A suggestion, request or complaint"),
                    ("staff", "A change of staff"),
                    ("departures", "A clause was departed from several times"),
                    ("trust", "The trust's text changed"),
                    ("broken", "A promise has been broken for long"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="earlyreason",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True), fields=("school", "policy", "source"), name="early_reason_known_once"
            ),
        ),
        migrations.AddField(
            model_name="settinganswer",
            name="answered_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="settinganswer",
            name="choice",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="policies.settingchoice"),
        ),
        migrations.AddField(
            model_name="settinganswer",
            name="school",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school"),
        ),
        migrations.AddIndex(
            model_name="settinganswer",
            index=models.Index(fields=["school", "choice"], name="policies_se_school__9bfd8c_idx"),
        ),
        guards.append_only("policies_settinganswer"),
        # The tables were rebuilt on SQLite, which drops their triggers.
        guards.append_only("policies_settingchoice"),
        guards.append_only("policies_earlyreason"),
    ]
