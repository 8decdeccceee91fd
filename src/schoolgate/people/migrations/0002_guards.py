"""Rows that say what somebody confirmed, wrote or accepted are added and never changed."""

from django.db import migrations

from schoolgate.audit import guards

KEPT = ("registercheck", "requiredrole", "roleduties", "dutiesacceptance", "identitysecondstep")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [guards.append_only(f"people_{table}") for table in KEPT]
