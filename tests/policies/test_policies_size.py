"""The pages of settings, departures, reviews and companions ask as much of the database for 60 schools as for 6."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.bench import trust_size

from schoolgate.common import clock
from schoolgate.people.models import Appointment, Person, User
from schoolgate.policies.models import SettingChoice

pytestmark = pytest.mark.django_db
ROLES = ("trust_comms", "trust_ceo")


@pytest.fixture
def thin(monkeypatch, settings):
    """Trusts of few texts, so that building sixty schools takes seconds."""
    settings.DEMO = True
    for name, number in {"POLICIES": 1, "VERSIONS": 1, "CLAUSES": 6, "COMPANIONS": 2}.items():
        monkeypatch.setattr(trust_size, name, number)


def asked(schools: int, role: str) -> dict[str, int]:
    """How many questions each page asks, for somebody who sees every school of a trust and is a head of the first."""
    trust = trust_size.build(schools, schools * 6)
    user = User.objects.get(person__trust=trust)
    person = Person.objects.get(pk=user.person_id)
    Appointment.objects.create(trust=trust, person=person, role=role, starts_on=clock.today(), made_at=clock.now())
    school = trust.schools.order_by("name").first()
    departure = SettingChoice.objects.filter(school=school, asks_trust=True).get()
    pages = {
        "home": reverse("home:home"),
        "places": reverse("policies:settings"),
        "trust": reverse("policies:settings_trust", args=[trust.id]),
        "school": reverse("policies:settings_school", args=[school.ref]) + "?show=all",
        "one": reverse("policies:setting_school", args=[school.ref, trust_size.ASKED]),
        "departures": reverse("policies:departures"),
        "departure": reverse("policies:departure", args=[departure.id]),
        "reviews": reverse("policies:reviews", args=[school.ref]),
        "companions": reverse("policies:companions", args=[school.ref]),
        "early": reverse("policies:early_reason", args=[school.early_reasons.order_by("id").first().id]),
    }
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    counted = {}
    for name, url in pages.items():
        client.get(url)
        with CaptureQueriesContext(connection) as made:
            assert client.get(url).status_code == 200, url
        counted[name] = len(made)
    return counted


@pytest.mark.parametrize("role", ROLES)
def test_pages_cost_the_same_for_six_schools_and_for_sixty(thin, role):
    few = asked(6, role)
    assert asked(60, role) == few
    few.pop("home")  # every package asks there; each of our questions is bounded in test_policies_waiting
    assert max(few.values()) <= 20, few
