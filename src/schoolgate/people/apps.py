from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "schoolgate.people"
    label = "people"
    verbose_name = "People: trusts, schools, persons, appointments, sign-in"
