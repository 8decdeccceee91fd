from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    """The database refuses to change what the log says."""

    dependencies = [("audit", "0001_chain")]

    operations = [
        guards.append_only("audit_entry"),
        guards.append_only("audit_chaincheck"),
        guards.append_only("audit_chainexplanation"),
        guards.forward_only("audit_chainhead", "number"),
    ]
