"""The documents that policies tell people to read beside them; what is said of them is added and never changed."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_calendar"),
        ("policies", "0007_citations_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="policyversion",
            name="checked_with",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name="Companion",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("outside", models.BooleanField(default=False)),
                ("yearly", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.clause"
                    ),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="companions", to="people.school")),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="CompanionCheck",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("opened", models.BooleanField()),
                ("checked_at", models.DateTimeField()),
                ("checked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "companion",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="policies.companion"),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
            ],
            options={
                "ordering": ["checked_at"],
            },
        ),
        migrations.CreateModel(
            name="CompanionEdition",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("where", models.CharField(max_length=500)),
                ("owner_role", models.CharField(blank=True, max_length=60)),
                ("dated", models.DateField()),
                ("review_on", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "companion",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="policies.companion"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
            ],
            options={
                "ordering": ["recorded_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="companion",
            constraint=models.UniqueConstraint(fields=("school", "title"), name="companion_listed_once"),
        ),
        migrations.AddIndex(
            model_name="companioncheck",
            index=models.Index(fields=["school", "companion"], name="policies_co_school__195941_idx"),
        ),
        migrations.AddIndex(
            model_name="companionedition",
            index=models.Index(fields=["school", "companion"], name="policies_co_school__5c6725_idx"),
        ),
        guards.append_only("policies_companionedition"),
        guards.append_only("policies_companioncheck"),
    ]
