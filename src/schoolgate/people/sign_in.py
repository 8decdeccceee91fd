"""Sign-in questions the door asks."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

METHODS = "account_authentication_methods"  # where the sign-in library keeps how this session was signed in


def came_from_school_identity(request: HttpRequest) -> bool:
    """This session was signed in by the school's own identity service, which asks for its own second step."""
    return any(method.get("method") == "socialaccount" for method in request.session.get(METHODS, []))


def second_step_owed(request: HttpRequest) -> bool:
    """The person must still switch on a second step before seeing anything: compulsory everywhere but in the demo."""
    return not (settings.DEMO or came_from_school_identity(request) or is_mfa_enabled(request.user))


def from_where(request: HttpRequest) -> str:
    """The address a request came from, as the server saw it; headers that anyone can write are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))
