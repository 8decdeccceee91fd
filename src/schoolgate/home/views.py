"""The first page after signing in, and the page machines ask whether all is well."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from schoolgate.common import clock
from schoolgate.common import queries as installation
from schoolgate.home import queries
from schoolgate.notify import queries as outbox

WORKER_LATE = timedelta(minutes=5)
DISK_LOW = 200 * 2**20


def home(request: HttpRequest) -> HttpResponse:
    """What is asked of me, in order of when it falls due."""
    today = clock.today()
    tasks = queries.asked_of(request.scope, today)  # type: ignore[attr-defined]
    return render(request, "home/home.html", {"groups": queries.by_urgency(tasks, today), "count": len(tasks), "today": today})


def health(request: HttpRequest) -> JsonResponse:
    """Whether the pages can be used. 200 when they can; worker, waiting e-mail and disk are told beside it."""
    beat = installation.last_heartbeat("worker")
    worker = "unknown" if beat is None else "good" if clock.now() - beat < WORKER_LATE else "late"
    disk = "good" if shutil.disk_usage(settings.HOME).free > DISK_LOW else "low"
    messages = "late" if outbox.waiting_late_anywhere(clock.now()) else "good"
    answers = installation.database_answers()
    told = {"database": "good" if answers else "bad", "worker": worker, "messages": messages, "disk": disk}
    return JsonResponse(told, status=200 if answers else 503)
