"""Sign-in questions the door asks."""

from datetime import date
from enum import Enum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from schoolgate.people import queries
from schoolgate.people.models import User

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SecondStep(Enum):
    """What the second sign-in step still asks of this session."""

    DONE = "done"
    TO_SET_UP = "to set up"  # the person has none yet
    TO_SHOW = "to show"  # set up since this session began, or in another one


def came_from_school_identity(request: HttpRequest) -> bool:
    """This session was signed in by the school's own identity service, which asks for its own second step.

    Google and Microsoft do not count: whether they asked for one is nothing they tell us.
    """
    records = get_authentication_records(request, request.user)
    return any(record.get("provider") == settings.SCHOOL_IDENTITY for record in records if record.get("method") == "socialaccount")


def second_step(request: HttpRequest) -> SecondStep:
    """Compulsory everywhere but in the demo and behind the school's own identity service.

    It must have been shown in this very session: a session that was open before the step was set up may be somebody else's.
    """
    if settings.DEMO or came_from_school_identity(request):
        return SecondStep.DONE
    if not is_mfa_enabled(request.user, types=SECOND_STEPS):
        return SecondStep.TO_SET_UP
    records = get_authentication_records(request, request.user)
    shown = any(record.get("method") == "mfa" for record in records)
    return SecondStep.DONE if shown else SecondStep.TO_SHOW


def that_takes(user: User, code: str) -> Authenticator | None:
    """The authenticator app or the recovery codes of this person for which the code is right now; it will not be right again."""
    for authenticator in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if authenticator.wrap().validate_code(code):
            return authenticator
    return None


def has_a_place(user: User, on: date) -> bool:
    """The person is on a register or holds a role on that day. Someone who has left cannot sign in."""
    return user.person is not None and bool(queries.scope_of(user.person, on).roles)


def from_where(request: HttpRequest) -> str:
    """The address a request came from. Behind proxies, the one the outermost of our own proxies saw; anyone can write the rest."""
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXIES and len(chain) >= settings.PROXIES:
        return str(chain[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))
