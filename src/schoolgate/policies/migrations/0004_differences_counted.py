"""What changed between versions is kept as a count of each kind; it was kept as lists of references."""

from django.db import migrations

COUNTED = {"kept": "same", "moved": None, "reworded": "changed", "dates_or_names": None, "added": "added", "removed": "removed"}


def count(apps, schema_editor):
    version = apps.get_model("policies", "PolicyVersion")
    for row in version.objects.exclude(differences={}).only("id", "differences").iterator():
        told = row.differences
        if "same" not in told:
            continue
        numbers = {kind: told.get(was, 0) if was else 0 for kind, was in COUNTED.items()}
        counts = {kind: len(held) if isinstance(held, list) else held for kind, held in numbers.items()}
        version.objects.filter(pk=row.pk).update(differences={"from": told["from"], **counts})


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_reading_kept")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
