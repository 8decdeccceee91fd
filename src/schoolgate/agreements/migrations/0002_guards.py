from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    """The database refuses to change or remove a signature, or the opening of the text that went before it."""

    dependencies = [("agreements", "0001_initial")]

    operations = [guards.append_only("agreements_signature"), guards.append_only("agreements_opening")]
