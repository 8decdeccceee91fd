"""Steps of the sign-in tests."""

import time

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

PASSWORD = "correct horse battery staple"
LOGIN, SECOND, SET_UP = "/account/login/", "/account/2fa/authenticate/", "/account/2fa/totp/activate/"


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def code_now(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app for whoever is signed in; returns its secret."""
    secret = client.get(SET_UP).context["form"].secret
    answer = client.post(SET_UP, {"code": code_now(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret
