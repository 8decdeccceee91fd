"""Reviews of policies with their signatures, and reasons to review early with their decisions: rows are added and never changed."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_calendar"),
        ("policies", "0005_clause_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlyReason",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("technology", "A new platform or technology"),
                            ("law", "A change of law or guidance"),
                            ("incident", "A serious incident"),
                            ("research", "A finding of research"),
                            ("suggestion", "A suggestion, request or complaint"),
                            ("staff", "A change of staff"),
                            ("departures", "A clause was departed from several times"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("raised_at", models.DateTimeField()),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.clause"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="early_reasons", to="policies.policy"),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="early_reasons", to="people.school"),
                ),
            ],
            options={
                "ordering": ["raised_at"],
            },
        ),
        migrations.CreateModel(
            name="EarlyDecision",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "answer",
                    models.CharField(
                        choices=[("now", "Review now"), ("next", "Change at the next review"), ("nothing", "No action")], max_length=20
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
                (
                    "reason",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="policies.earlyreason"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PolicyReview",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("held_on", models.DateField()),
                ("outcome", models.CharField(choices=[("no_change", "No change needed"), ("change", "A change is needed")], max_length=20)),
                ("minute", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                ("policy", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="policies.policy")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="policy_reviews", to="people.school"),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="policies.policyversion"),
                ),
            ],
            options={
                "ordering": ["held_on", "recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="ReviewSignature",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=60)),
                ("comment", models.CharField(max_length=1000)),
                ("signed_at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="policies.policyreview"),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
                ("signed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
            ],
            options={
                "ordering": ["signed_at"],
            },
        ),
        migrations.AddIndex(
            model_name="earlyreason",
            index=models.Index(fields=["school", "raised_at"], name="policies_ea_school__cf479a_idx"),
        ),
        migrations.AddIndex(
            model_name="earlydecision",
            index=models.Index(fields=["school", "reason"], name="policies_ea_school__cfc012_idx"),
        ),
        migrations.AddIndex(
            model_name="policyreview",
            index=models.Index(fields=["school", "policy", "held_on"], name="policies_po_school__e856a7_idx"),
        ),
        migrations.AddIndex(
            model_name="reviewsignature",
            index=models.Index(fields=["school", "review"], name="policies_re_school__db6157_idx"),
        ),
        migrations.AddConstraint(
            model_name="reviewsignature",
            constraint=models.UniqueConstraint(fields=("review", "role"), name="review_signed_once_by_a_role"),
        ),
        guards.append_only("policies_policyreview"),
        guards.append_only("policies_reviewsignature"),
        guards.append_only("policies_earlyreason"),
        guards.append_only("policies_earlydecision"),
    ]
