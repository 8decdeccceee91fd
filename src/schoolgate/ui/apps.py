"""The design system as a Django app: templates, static files and template tags, no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "schoolgate.ui"
    label = "ui"
    verbose_name = "Design system"
    default = True
