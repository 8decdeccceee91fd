"""How a form is answered: what the rules refuse is shown beside the form that was sent, and nothing is stored."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from schoolgate.common.errors import BadInput, Denied
from schoolgate.policytext import Unreadable
from schoolgate.ui.forms import Form


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form included; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def answered(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent, is in order, and the action took it. Else its errors say why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    except Denied as denied:
        form.add_error(None, denied.sentence)
    except Unreadable as unreadable:
        form.add_error("file" if "file" in form.fields else None, str(unreadable))
    return not form.errors


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Breadcrumbs below the library: (text, address) from the top down; the last has no address."""
    return [{"text": text, "url": url} for text, url in (("Policies", reverse("policies:list")), *steps)]
