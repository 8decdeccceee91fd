"""The answers that are the same for everyone: not found, refused, out of order. They carry nothing of the person or the request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

HEADINGS = {
    400: "That could not be used",
    403: "You cannot do this",
    413: "That file is too large",
    415: "No files here",
    429: "Too many tries",
}
TOO_MANY = "There were too many tries in a short time. Nothing was changed. Wait five minutes and try again."


def plain(template: str, status: int, **facts: Any) -> HttpResponse:
    """A page without name, school, navigation or waiting messages: byte for byte the same for all who get it."""
    response = HttpResponse(render_to_string(template, facts), status=status)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Cookie"
    return response


def not_found(request: HttpRequest | None = None, exception: Exception | None = None) -> HttpResponse:
    """The one answer for missing and forbidden, so that nothing can be learned by asking."""
    return plain("404.html", 404)


def refused(sentence: str, status: int = 403) -> HttpResponse:
    """Why something may not be done, or cannot be used, in one sentence."""
    return plain("ui/refused.html", status, heading=HEADINGS[status], sentence=sentence)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("403.html", 403)


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("400.html", 400)


def too_many(request: HttpRequest) -> HttpResponse:
    """The sign-in library asks for this by the name handler429."""
    return refused(TOO_MANY, 429)
