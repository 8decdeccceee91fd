from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AssuranceConfig(AppConfig):
    name = "schoolgate.assurance"
    label = "assurance"

    def ready(self) -> None:
        # Found by name, so that no arrow points from here into the packages below.
        autodiscover_modules("controls")
