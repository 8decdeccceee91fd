"""Signing in with a password, the second step that cannot be skipped, and leaving."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import identify_hasher
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string
from tests.access.access_steps import LOGIN, PASSWORD, SECOND, SET_UP, code_now, set_up_app, sign_in

from schoolgate.common import clock
from schoolgate.config import settings as production
from schoolgate.people import actions
from schoolgate.people.models import Appointment, Engagement, User

INDEX = "/account/2fa/"


def test_a_password_alone_shows_nothing_but_the_page_to_set_up_the_second_step(with_sign_in):
    client = Client()
    assert sign_in(client, with_sign_in("head")).status_code == 302
    for path in ("/", "/account/password/change/", "/account/2fa/recovery-codes/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, INDEX), path
    assert "Set up your second sign-in step" in client.get(INDEX).content.decode()


def test_an_authenticator_app_is_set_up_and_asked_for_the_next_time(with_sign_in):
    client, email = Client(), with_sign_in("teacher")
    sign_in(client, email)
    secret = set_up_app(client)
    assert client.get("/").status_code == 200  # setting it up has shown it
    later = Client()
    answer = sign_in(later, email)
    assert answer.url == SECOND
    assert later.get("/").url.startswith(LOGIN)  # not signed in before the code
    wrong = later.post(SECOND, {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    assert later.post(SECOND, {"code": code_now(secret, 1)}).status_code == 302
    assert later.get("/").status_code == 200


def test_a_code_works_only_once(with_sign_in):
    client, email = Client(), with_sign_in("teacher")
    sign_in(client, email)
    secret = set_up_app(client)
    code = code_now(secret, 1)
    for answer in (302, 200):  # let in, then the form again
        fresh = Client()
        sign_in(fresh, email)
        assert fresh.post(SECOND, {"code": code}).status_code == answer


def test_a_recovery_code_works_once(with_sign_in):
    client, email = Client(), with_sign_in("teacher")
    sign_in(client, email)
    set_up_app(client)
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for answer in (302, 200):
        fresh = Client()
        sign_in(fresh, email)
        assert fresh.post(SECOND, {"code": codes[0]}).status_code == answer


def test_a_session_from_before_the_second_step_was_set_up_ends(with_sign_in):
    thief, owner, email = Client(), Client(), with_sign_in("head")
    sign_in(thief, email)
    sign_in(owner, email)
    set_up_app(owner)
    for path in ("/account/2fa/totp/deactivate/", "/account/2fa/webauthn/add/", "/"):
        assert thief.get(path).url.startswith(LOGIN)
    assert "_auth_user_id" not in thief.session
    assert owner.get("/").status_code == 200


def test_the_last_second_step_cannot_be_switched_off(with_sign_in):
    client = Client()
    sign_in(client, with_sign_in("head"))
    set_up_app(client)
    client.post("/account/2fa/totp/deactivate/", {})
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == 1
    assert "Set up a passkey first" in client.get("/account/2fa/totp/deactivate/").content.decode()


def test_the_demo_asks_for_no_second_step(with_sign_in, settings):
    settings.DEMO = True
    client = Client()
    sign_in(client, with_sign_in("head"))
    assert client.get("/").status_code == 200


def test_the_seed_of_an_app_is_not_in_the_database_in_clear(with_sign_in):
    client = Client()
    sign_in(client, with_sign_in("head"))
    secret = set_up_app(client)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert len(kept) > 80


def test_signing_in_changes_the_session_key(with_sign_in):
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies["session"] = planted
    sign_in(client, with_sign_in("head"))
    assert client.session.session_key != planted
    stranger = Client()
    stranger.cookies["session"] = planted
    assert stranger.get("/").url.startswith(LOGIN)


def test_signing_out_ends_the_session_and_clears_the_browser(with_sign_in):
    client = Client()
    sign_in(client, with_sign_in("head"))
    kept = client.cookies["session"].value
    answer = client.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer["Cache-Control"] == "no-store"
    stranger = Client()
    stranger.cookies["session"] = kept
    assert stranger.get("/").url.startswith(LOGIN)
    assert client.get("/account/logout/").status_code == 302  # nobody is signed in: nothing to ask


def end(person, on):
    Engagement.objects.filter(person=person).update(ends_on=on)
    Appointment.objects.filter(person=person).update(ends_on=on)


def test_the_next_request_of_somebody_who_has_left_is_refused(cast, signed_in):
    client = signed_in("head")
    assert client.get("/").status_code == 200
    end(cast.head, clock.today())
    assert client.get("/").status_code == 200  # the last day is still theirs
    end(cast.head, clock.today() - timedelta(days=1))
    answer = client.get("/")
    assert (answer.status_code, answer.url) == (302, "/account/inactive/")
    assert "_auth_user_id" not in client.session
    assert "You can no longer sign in" in client.get(answer.url).content.decode()


def test_somebody_who_has_left_cannot_sign_in_again(cast, with_sign_in):
    email = with_sign_in("head")
    end(cast.head, clock.today() - timedelta(days=1))
    client = Client()
    assert sign_in(client, email).url == "/account/inactive/"
    assert "_auth_user_id" not in client.session


def test_a_role_that_ends_takes_its_pages_with_it_at_once(cast, signed_in):
    client = signed_in("trust_comms")
    assert client.get("/").status_code == 200
    Appointment.objects.filter(person=cast.trust_comms).update(ends_on=clock.today() - timedelta(days=1))
    assert cast.scope("trust_comms").across_trust == frozenset()
    assert client.get("/").status_code == 200


def test_a_sign_in_that_is_switched_off_ends_at_once(cast, signed_in):
    client = signed_in("head")
    User.objects.filter(person=cast.head).update(is_active=False)
    assert client.get("/").url.startswith(LOGIN)


def test_a_new_password_signs_out_every_other_place(with_sign_in, settings):
    settings.DEMO = True
    here, there, email = Client(), Client(), with_sign_in("head")
    sign_in(here, email)
    sign_in(there, email)
    fresh = "seven purple ladders dancing"
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert answer.status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").url.startswith(LOGIN)


@pytest.mark.parametrize("weak", ["short", "password1234", "head@example.org"])
def test_a_weak_password_is_refused(with_sign_in, settings, weak):
    settings.DEMO = True
    client = Client()
    sign_in(client, with_sign_in("head"))
    answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.context["form"].errors["password1"]
    assert User.objects.get(email="head@example.org").check_password(PASSWORD)


def test_passwords_are_kept_with_argon2(settings, cast):
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    user = actions.give_sign_in(person=cast.head, email="head@example.org", password=PASSWORD, by=cast.office)
    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/confirm-email/", "/account/3rdparty/", "/account/3rdparty/signup/"]
)
def test_nobody_signs_themselves_up_or_changes_their_address(with_sign_in, settings, path):
    settings.DEMO = True
    client = Client()
    assert client.get(path).status_code == 404
    sign_in(client, with_sign_in("head"))
    for ask in (client.get, client.post):
        assert ask(path).status_code == 404


def test_a_person_without_a_password_sets_one(cast, settings):
    settings.DEMO = True
    user = actions.give_sign_in(person=cast.head, email="head@example.org", by=cast.office)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/account/password/change/").url == "/account/password/set/"
    assert client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert sign_in(Client(), "head@example.org").status_code == 302


def test_only_one_of_many_processes_wins_the_lock_of_a_counter(tmp_path):
    counters = import_string(production.CACHES["default"]["BACKEND"])(str(tmp_path / "counters"), {})
    assert counters.add("lock", 1, 10)
    assert not counters.add("lock", 1, 10)
    counters.delete("lock")
    (tmp_path / "counters" / (counters._key_to_file("lock").rsplit("/", 1)[1] + ".claim")).touch()  # another is at it
    assert not counters.add("lock", 1, 10)
    assert type(cache._connections[cache._alias]).__name__ == "FileCounters"


def test_a_second_step_can_be_asked_for_only_by_somebody_signed_in():
    assert Client().get(SET_UP).url.startswith(LOGIN)


@pytest.mark.parametrize(("provider", "status"), [("school", 200), ("google", 302), ("microsoft", 302)])
def test_only_the_school_s_own_identity_service_stands_for_the_second_step(with_sign_in, provider, status):
    client = Client()
    sign_in(client, with_sign_in("head"))
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "provider": provider, "uid": "1", "at": 0}]
    session.save()
    assert client.get("/").status_code == status
