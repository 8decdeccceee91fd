"""The device a sign-in comes from. A school is one public address, so limits count accounts and devices, never addresses.

A browser that has signed a person in keeps a signed cookie that says so. Wrong passwords from a browser without it are counted
together, for each account; those from a browser that knows the account are counted apart. Somebody guessing at home can therefore
not lock a teacher out of the classroom computer. The cookie opens nothing by itself.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "schoolgate.people.entrance.device"
LASTS = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
MOST_ACCOUNTS = 30  # a staff-room computer serves many; the oldest is forgotten first
STRANGE = "strange"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: a random name, and a fingerprint of every account it has signed in."""

    name: str
    accounts: tuple[str, ...]

    def knows(self, email: str) -> bool:
        return fingerprint(email) in self.accounts


def fingerprint(email: str) -> str:
    """Stands for an account in a cookie without saying whose it is."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:24]


def device_of(request: HttpRequest) -> Device | None:
    """The device as its cookie says; nothing where there is no cookie or someone has changed it."""
    try:
        name, accounts = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE, ""), salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Device(name, tuple(accounts))


def bucket(request: HttpRequest, email: str) -> str:
    """Under which name a wrong password for this account is counted: this device's own, or all strange devices together."""
    device = device_of(request)
    return device.name if device and device.knows(email) else STRANGE


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Note on the device that this account has signed in from it."""
    device = device_of(request) or Device(secrets.token_hex(12), ())
    mark = fingerprint(email)
    accounts = [*(kept for kept in device.accounts if kept != mark), mark][-MOST_ACCOUNTS:]
    response.set_cookie(
        settings.DEVICE_COOKIE,
        signing.dumps([device.name, accounts], salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
