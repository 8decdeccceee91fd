"""Signing in through the school's own identity service: a real one on loopback, asked over real HTTP."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests.access.access_steps import PASSWORD, set_up_app, sign_in

from schoolgate.config.sign_in_routes import write_rows
from schoolgate.contracts import routes
from schoolgate.people import actions
from schoolgate.people.models import User

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the service, not ours
START = "/account/oidc/school/login/"
PEOPLE = {
    "head@example.org": {"email": "head@example.org", "email_verified": True},
    "CAPITALS": {"email": "Head@Example.org", "email_verified": True},
    "unconfirmed": {"email": "head@example.org", "email_verified": False},
    "silent": {"email": "head@example.org"},
    "a word": {"email": "head@example.org", "email_verified": "false"},
    "stranger": {"email": "stranger@example.org", "email_verified": True},
    "look-alike": {"email": "ħead@example.org", "email_verified": True},
}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """The identity service, with people whose claims differ."""
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        for sub, claims in PEOPLE.items():
            requests.put(f"{address}/users/{sub}", json={"sub": sub, **claims}, timeout=5).raise_for_status()
        yield address


@pytest.fixture
def school_identity(service, settings):
    """Schoolgate set up for that service, as SCHOOLGATE_OIDC_* would."""
    app = {
        "client_id": "schoolgate",
        "secret": "secret",
        "provider_id": "school",
        "name": "Alder account",
        "settings": {"server_url": service},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    write_rows(["openid_connect"])
    yield
    for step in ("login", "callback"):
        routes._rows.pop(f"openid_connect_{step}")


def come_as(client: Client, sub: str, start: str = START):
    """Follow the button to the service, say there who one is, and come back."""
    away = client.get(start)
    assert away.status_code == 302
    back = requests.post(away.url, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert back.status_code in {302, 303}, back.text
    place = urlsplit(back.headers["location"])
    return client.get(place.path, dict(parse_qsl(place.query)))


@pytest.fixture
def head(cast) -> User:
    return actions.give_sign_in(person=cast.head, email="head@example.org", password=PASSWORD, by=cast.office)


@pytest.mark.parametrize("sub", ["head@example.org", "CAPITALS"])
def test_the_school_s_own_service_lets_a_person_in_without_a_second_step_here(school_identity, head, sub):
    client = Client()
    assert "Use Alder account" in client.get("/account/login/").content.decode()
    assert come_as(client, sub).url == "/"
    assert client.get("/").status_code == 200
    head.refresh_from_db()
    assert head.check_password(PASSWORD)  # the library would have wiped it
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.filter(verified=False).exists()


@pytest.mark.parametrize("sub", ["unconfirmed", "silent", "a word", "stranger", "look-alike"])
def test_nobody_else_is_let_in_and_nobody_is_signed_up(school_identity, head, sub):
    client = Client()
    answer = come_as(client, sub)
    assert "There is no sign-in for that account" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == 1
    assert client.get("/account/3rdparty/signup/").status_code == 404


def test_a_password_afterwards_does_not_borrow_the_service_s_second_step(school_identity, head):
    client = Client()
    come_as(client, "head@example.org")
    client.post("/account/logout/")
    sign_in(client, "head@example.org")
    assert client.get("/").url == "/account/2fa/"


def test_an_outside_identity_cannot_be_joined_to_the_person_signed_in(school_identity, head, cast):
    client = Client()
    come_as(client, "head@example.org")
    answer = come_as(client, "stranger", START + "?process=connect")
    assert answer.url == "/account/3rdparty/login/error/"
    assert not SocialAccount.objects.exists()


def test_a_second_step_that_was_set_up_is_asked_for_behind_the_service_too(school_identity, head):
    client = Client()
    sign_in(client, "head@example.org")
    set_up_app(client)
    fresh = Client()
    assert come_as(fresh, "head@example.org").url == "/account/2fa/authenticate/"


def test_somebody_who_has_left_is_turned_away_by_that_door_too(school_identity, head, cast):
    cast.head.engagements.update(ends_on=cast.head.engagements.get().starts_on)
    cast.head.appointments.update(ends_on=cast.head.appointments.get().starts_on)
    client = Client()
    assert come_as(client, "head@example.org").url == "/account/inactive/"
    assert "_auth_user_id" not in client.session


def test_an_answer_nobody_asked_for_is_refused(school_identity, head):
    client = Client()
    answer = client.get("/account/oidc/school/login/callback/", {"code": "x", "state": "y"})
    assert "The sign-in did not work" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_service_that_is_not_set_up_leads_nowhere():
    for path in (START, "/account/google/login/", "/account/microsoft/login/", "/account/google/login/callback/"):
        assert Client().get(path).status_code == 404
