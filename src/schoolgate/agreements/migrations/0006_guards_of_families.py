from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    """What families and classes said stays as it was said."""

    dependencies = [("agreements", "0005_families")]

    operations = [
        guards.append_only("agreements_familyanswer"),
        guards.append_only("agreements_classround"),
        guards.append_only("agreements_pupilmark"),
    ]
