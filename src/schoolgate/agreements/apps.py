from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "schoolgate.agreements"
    label = "agreements"
