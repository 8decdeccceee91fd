"""Law and guidance in order that a version cites is kept beside what the check found, with the law data it ran with."""

import django.db.models.deletion
import schoolgate.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0006_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="checked_with",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.UUIDField(default=schoolgate.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=20)),
                ("quote", models.TextField()),
                ("message", models.TextField()),
                ("sources", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="citations", to="policies.clause"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="citations", to="policies.policyversion"),
                ),
            ],
            options={
                "ordering": ["version", "rule"],
                "indexes": [models.Index(fields=["version"], name="policies_ci_version_955576_idx")],
            },
        ),
    ]
