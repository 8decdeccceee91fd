"""Where the public finds a policy, who received it, and whose bundle it came in; all of it added and never changed."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_calendar"),
        ("policies", "0009_departures_and_known_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdoptedFrom",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("trust", models.CharField(max_length=200)),
                ("school", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=300)),
                ("number", models.PositiveIntegerField()),
                ("printed_version", models.CharField(blank=True, max_length=60)),
                ("fingerprint", models.CharField(max_length=64)),
                ("exported_on", models.DateField()),
                ("trail", models.JSONField(default=list)),
                ("settings", models.JSONField(default=list)),
                ("bundle_sha256", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adopted_from", to="policies.policyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReaderReceipt",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("governors", "Governors"),
                            ("trustees", "Trustees"),
                            ("regional_board", "Regional board"),
                            ("council", "Council"),
                        ],
                        max_length=20,
                    ),
                ),
                ("means", models.CharField(choices=[("meeting", "It was before a meeting"), ("sent", "It was sent")], max_length=10)),
                ("received_on", models.DateField()),
                ("minute", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reader_receipts",
                        to="people.school",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="policies.policyversion"),
                ),
            ],
            options={
                "ordering": ["recorded_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReceiptUndone",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
                ("undone_at", models.DateTimeField()),
                (
                    "receipt",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="undone", to="policies.readerreceipt"),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.school"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublicCheck",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("address", models.CharField(blank=True, max_length=500)),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("same", "The copy is the version in force"),
                            ("other", "The copy has other words"),
                            ("missing", "There is no copy"),
                            ("failed", "The copy could not be fetched or read"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told", models.CharField(blank=True, max_length=300)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("checked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="public_checks", to="people.school"),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="public_checks", to="policies.policyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["checked_at", "id"],
                "indexes": [models.Index(fields=["school", "version", "checked_at"], name="policies_pu_school__05c9a7_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("found", "same"), models.Q(("told", ""), _negated=True), _connector="OR"),
                        name="failed_check_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicPlace",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("shown", models.BooleanField()),
                ("address", models.CharField(blank=True, max_length=500)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("recorded_at", models.DateTimeField()),
                (
                    "policy",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="public_places", to="policies.policy"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="public_places", to="people.school"),
                ),
            ],
            options={
                "ordering": ["recorded_at", "id"],
                "indexes": [models.Index(fields=["school", "policy"], name="policies_pu_school__f4ea8c_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("shown", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="not_public_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shown", True), ("address", ""), _connector="OR"), name="not_public_has_no_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderChoice",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("bodies", models.JSONField(default=list)),
                ("chosen_at", models.DateTimeField()),
                (
                    "chosen_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reader_choices", to="policies.policy"),
                ),
            ],
            options={
                "ordering": ["chosen_at", "id"],
                "indexes": [models.Index(fields=["policy", "chosen_at"], name="policies_re_policy__787aa8_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="readerreceipt",
            index=models.Index(fields=["school", "version"], name="policies_re_school__a2074c_idx"),
        ),
        migrations.AddIndex(
            model_name="readerreceipt",
            index=models.Index(fields=["version"], name="policies_re_version_32eb83_idx"),
        ),
        migrations.AddConstraint(
            model_name="readerreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("means", "meeting"), _negated=True), models.Q(("minute", ""), _negated=True), _connector="OR"),
                name="receipt_of_a_meeting_has_its_minute",
            ),
        ),
        migrations.AddConstraint(
            model_name="readerreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("means", "sent"), _negated=True), models.Q(("address", ""), _negated=True), _connector="OR"),
                name="receipt_by_sending_has_its_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptundone",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="undone_receipt_has_a_reason"),
        ),
        guards.append_only("policies_publicplace"),
        guards.append_only("policies_publiccheck"),
        guards.append_only("policies_readerchoice"),
        guards.append_only("policies_readerreceipt"),
        guards.append_only("policies_receiptundone"),
        guards.append_only("policies_adoptedfrom"),
    ]
