"""Rows that say what somebody confirmed, wrote or accepted are added and never changed."""

from django.db import migrations

from schoolgate.audit import guards


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        guards.append_only("people_registercheck"),
        guards.append_only("people_requiredrole"),
        guards.append_only("people_roleduties"),
        guards.append_only("people_dutiesacceptance"),
        guards.append_only("people_identitysecondstep"),
    ]
