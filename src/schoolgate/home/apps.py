from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HomeConfig(AppConfig):
    name = "schoolgate.home"
    label = "home"

    def ready(self) -> None:
        # Found by name, so that no arrow points from here into the packages below.
        autodiscover_modules("todo", "still_to_do")
