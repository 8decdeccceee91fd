"""The door: every request passes here once. It makes the scope, asks for sign-in, and keeps to the route's policy row.

Missing and forbidden get the same answer, byte for byte, so that nothing can be learned by asking.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts import routes
from schoolgate.people import queries, sign_in

NO_STORE = {routes.DataClass.RESTRICTED, routes.DataClass.KEY, routes.DataClass.RECORD, routes.DataClass.AUDIT}


class Door:
    """Middleware: last in the list, so that sessions, sign-in and messages are already there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        row = routes.rows().get(match.view_name) if match else None
        if row is None:
            return not_found(request)
        request.row = row  # type: ignore[attr-defined]
        request.scope = None  # type: ignore[attr-defined]
        if request.user.is_authenticated and request.user.person_id:
            request.scope = queries.scope_of(request.user.person, clock.today(), sign_in.from_where(request))  # type: ignore[attr-defined]
        if row.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if sign_in.second_step_owed(request) and row.data != routes.DataClass.KEY:
            return redirect("mfa_index")
        return self.keep_to(row, request)

    def keep_to(self, row: routes.Row, request: HttpRequest) -> HttpResponse | None:
        """Signed in: let through what the row allows this person."""
        scope = request.scope  # type: ignore[attr-defined]
        if row.data == routes.DataClass.KEY:
            return None
        if scope is None or (row.needs and not scope.may_anywhere(row.needs)):
            return not_found(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Domain words become answers here and nowhere else."""
        if isinstance(exception, NotFound):
            return not_found(request)
        if isinstance(exception, Denied):
            return render(request, "ui/refused.html", {"sentence": exception.sentence}, status=403)
        if isinstance(exception, BadInput):
            return render(request, "ui/refused.html", {"sentence": exception.sentence}, status=400)
        return None


def not_found(request: HttpRequest) -> HttpResponse:
    """The one answer for missing and forbidden."""
    return render(request, "404.html", status=404)


class NoStore:
    """Middleware: pages that show anyone's records are not left behind in the browser of a shared classroom machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        row = getattr(request, "row", None)
        if row is not None and row.data in NO_STORE and not settings.DEBUG:
            response["Cache-Control"] = "no-store"
        return response
