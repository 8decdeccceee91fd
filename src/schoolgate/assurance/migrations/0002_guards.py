from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    """The database refuses to change what was read, said or confirmed."""

    dependencies = [("assurance", "0001_initial")]

    operations = [
        guards.append_only("assurance_assessment"),
        guards.append_only("assurance_evidenceset"),
        guards.append_only("assurance_reading"),
        guards.append_only("assurance_versiontally"),
        guards.append_only("assurance_nilstatement"),
        guards.append_only("assurance_attestation"),
    ]
