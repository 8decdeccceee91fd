"""A trust's text beside its schools' own: rows are added and never changed."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_calendar"),
        ("policies", "0010_delivery"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrincipleMark",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=32)),
                ("passages", models.JSONField(default=list)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same", "The same"),
                            ("stricter", "Stricter"),
                            ("other_words", "Met in other words"),
                            ("departs", "Departs from it"),
                            ("gap", "A gap, to be put right by a date"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("gap_on", models.DateField(blank=True, null=True)),
                ("suggested", models.CharField(blank=True, max_length=20)),
                ("marked_at", models.DateTimeField()),
                ("marked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "parent_version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion"),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="principle_marks", to="people.school"),
                ),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion")),
            ],
            options={
                "ordering": ["marked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DepartureDecision",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("approved", models.BooleanField()),
                ("why", models.CharField(max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
                (
                    "mark",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="policies.principlemark"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrincipleQuestion",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=32)),
                ("words", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                (
                    "parent_version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion"),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Alignment",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
                ("engine", models.CharField(max_length=64)),
                ("verdicts", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=dict)),
                ("keys", models.JSONField(default=list)),
                ("suggested_at", models.DateTimeField()),
                (
                    "parent_version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion"),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion")),
            ],
            options={
                "ordering": ["suggested_at", "id"],
                "indexes": [models.Index(fields=["school", "version"], name="policies_al_school__d8786f_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "parent_version", "fingerprint", "engine"), name="aligned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClauseValue",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("ref", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=32)),
                ("principles", models.JSONField(default=list)),
                ("tagged_at", models.DateTimeField()),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school")),
                ("tagged_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policyversion")),
            ],
            options={
                "ordering": ["tagged_at", "id"],
                "indexes": [models.Index(fields=["school", "key"], name="policies_cl_school__5f329e_idx")],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("word_for_word", "Word for word"),
                            ("principles", "By principle"),
                            ("advisory", "As advice"),
                            ("stand_alone", "Not at all: a stand-alone school with no parent text"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policy"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policy"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                ("school", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lineages", to="people.school")),
            ],
            options={
                "ordering": ["recorded_at", "id"],
                "indexes": [models.Index(fields=["school", "recorded_at"], name="policies_li_school__822987_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="lineage_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "stand_alone"), ("parent__isnull", True), ("policy__isnull", True)),
                            models.Q(models.Q(("mode", "stand_alone"), _negated=True), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="lineage_names_its_parent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParentText",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("loaded_at", models.DateTimeField()),
                (
                    "loaded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policies.policy"
                    ),
                ),
                ("trust", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parent_texts", to="people.trust")),
            ],
            options={
                "ordering": ["loaded_at", "id"],
                "indexes": [models.Index(fields=["trust", "loaded_at"], name="policies_pa_trust_i_a177b1_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="principlemark",
            index=models.Index(fields=["school", "key", "marked_at"], name="policies_pr_school__0cb87a_idx"),
        ),
        migrations.AddConstraint(
            model_name="principlemark",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "departs"), _negated=True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="departure_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="principlemark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gap_on__isnull", False), ("kind", "gap")),
                    models.Q(models.Q(("kind", "gap"), _negated=True), ("gap_on__isnull", True)),
                    _connector="OR",
                ),
                name="gap_has_a_date",
            ),
        ),
        migrations.AddIndex(
            model_name="departuredecision",
            index=models.Index(fields=["school", "mark"], name="policies_de_school__5c27b7_idx"),
        ),
        migrations.AddIndex(
            model_name="principlequestion",
            index=models.Index(fields=["school", "key"], name="policies_pr_school__690e29_idx"),
        ),
        guards.append_only("policies_parenttext"),
        guards.append_only("policies_lineage"),
        guards.append_only("policies_alignment"),
        guards.append_only("policies_principlemark"),
        guards.append_only("policies_departuredecision"),
        guards.append_only("policies_clausevalue"),
        guards.append_only("policies_principlequestion"),
    ]
