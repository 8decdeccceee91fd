"""The door: every request passes here once. It makes the scope, asks for sign-in, and keeps to the route's policy row.

Missing and forbidden get the same answer, byte for byte, so that nothing can be learned by asking.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts import routes
from schoolgate.people import queries
from schoolgate.people.entrance import answers, frame, sign_in
from schoolgate.people.entrance.sign_in import SecondStep

NO_STORE = {routes.DataClass.RESTRICTED, routes.DataClass.KEY, routes.DataClass.RECORD, routes.DataClass.AUDIT}
SIGN_OUT = "account_logout"
# Where somebody without a second step may go: nowhere but to set one up.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


class Door:
    """Middleware: last in the list, so that sessions, sign-in and messages are already there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        row = routes.rows().get(match.view_name) if match else None
        request.scope = None  # type: ignore[attr-defined]
        if row is None:
            return answers.not_found()
        request.row = row  # type: ignore[attr-defined]
        if row.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return self.let_in(row, request)

    def let_in(self, row: routes.Row, request: HttpRequest) -> HttpResponse | None:
        """Signed in: a place today, the second step shown, and what the row asks for held somewhere."""
        person = request.user.person  # type: ignore[union-attr]
        scope = queries.scope_of(person, clock.today(), sign_in.from_where(request)) if person else None
        if person is None or scope is None or not scope.roles:
            logout(request)
            return redirect("account_inactive")
        step = sign_in.second_step(request)
        if step is SecondStep.TO_SHOW:
            logout(request)
            return redirect_to_login("/")
        if step is SecondStep.TO_SET_UP and row.name not in SETTING_UP:
            return redirect("mfa_index")
        if row.needs and not scope.may_anywhere(row.needs):  # type: ignore[arg-type]
            return answers.not_found()
        request.scope = scope  # type: ignore[attr-defined]
        if step is SecondStep.DONE:
            frame.hang_on(request, person, scope)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Domain words become answers here and nowhere else."""
        if isinstance(exception, NotFound | Http404):
            return answers.not_found()
        if isinstance(exception, Denied):
            return answers.refused(exception.sentence)
        if isinstance(exception, BadInput):
            return answers.refused(exception.sentence, 400)
        if isinstance(exception, PermissionDenied):
            return answers.forbidden(request)
        return None


class NoStore:
    """Middleware: pages that show anyone's records are not left behind in the browser of a shared classroom machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        row = getattr(request, "row", None)
        if row is not None and row.data in NO_STORE:
            response["Cache-Control"] = "no-store"
        if row is not None and row.name == SIGN_OUT and request.method == "POST":
            # Cookies stay: the session is gone already, and the device must go on being known.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response
