from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "schoolgate.common"
    label = "common"
    verbose_name = "Ground: clock, ids, errors, running of jobs"
    default_auto_field = "django.db.models.BigAutoField"
