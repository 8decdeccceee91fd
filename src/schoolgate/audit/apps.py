"""Names the package to Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The log, label `audit`."""

    name = "schoolgate.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Audit log"
