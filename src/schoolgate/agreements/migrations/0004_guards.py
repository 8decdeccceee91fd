from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    """History stays history: the table of signatures was rebuilt on SQLite, and five new ones keep history as well."""

    dependencies = [("agreements", "0003_forms_of_every_kind")]

    operations = [
        guards.append_only("agreements_signature"),
        guards.append_only("agreements_opening"),
        guards.append_only("agreements_sheet"),
        guards.append_only("agreements_scan"),
        guards.append_only("agreements_scancheck"),
        guards.append_only("agreements_arrival"),
        guards.append_only("agreements_leftunsigned"),
    ]
