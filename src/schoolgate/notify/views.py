"""The inbox: what was put on a person's screen."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from schoolgate.notify import actions, queries, rules

A_PAGE = 30


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything put on my screen, newest first."""
    scope = request.scope  # type: ignore[attr-defined]
    page = Paginator(queries.inbox(scope), A_PAGE).get_page(request.GET.get("page"))
    lines = [{"message": message, "title": rules.TEMPLATES[message.template].title} for message in page]
    return render(request, "notify/message_list.html", {"page": page, "lines": lines, "unread": queries.unread(scope).count()})


@require_POST
def read(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Mark one message as read."""
    actions.mark_read(message_id=message_id, by=request.scope)  # type: ignore[attr-defined]
    return redirect("notify:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = actions.mark_all_read(by=request.scope)  # type: ignore[attr-defined]
    messages.success(request, "1 message is marked as read." if count == 1 else f"{count} messages are marked as read.")
    return redirect("notify:inbox")
