from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CliConfig(AppConfig):
    name = "schoolgate.cli"
    label = "cli"

    def ready(self) -> None:
        # Found by name, so that no arrow points from here into the packages below.
        autodiscover_modules("jobs", "demo")
