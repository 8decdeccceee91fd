"""The first page after signing in, and the page machines ask whether all is well."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from schoolgate.common import clock
from schoolgate.home import queries


def home(request: HttpRequest) -> HttpResponse:
    """What is asked of me, in order of when it falls due."""
    today = clock.today()
    tasks = queries.asked_of(request.scope, today)  # type: ignore[attr-defined]
    return render(request, "home/home.html", {"groups": queries.by_urgency(tasks, today), "count": len(tasks), "today": today})


def health(request: HttpRequest) -> JsonResponse:
    """Whether the pages can be used. 200 when they can; worker, waiting e-mail and disk are told beside it."""
    told = queries.health(clock.now())
    return JsonResponse(told, status=200 if told["database"] == "good" else 503)
