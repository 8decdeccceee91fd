"""What every page that asks for something does: show the form, try the change, and put a refusal beside the form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from schoolgate.common.errors import BadInput, Denied


def ask(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    button: str,
    back: str,
    done: str,
    intro: str = "",
    text: str = "",
) -> HttpResponse:
    """A page with one form. `act` is given the cleaned answers; afterwards the person goes `back` and reads `done`.

    `intro` is one sentence above the form, `text` a longer passage they must read first.
    """
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except BadInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        except Denied as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, done)
            return redirect(back)
    shown = {"form": form, "title": title, "button": button, "back_url": back, "intro": intro, "text": text}
    return render(request, "people/ask_form.html", shown, status=400 if form.errors else 200)


def change(request: HttpRequest, act: Callable[[], Any], *, back: str, done: str) -> HttpResponse:
    """A button without a form: try the change, and say on the page they came from how it went."""
    try:
        act()
    except (BadInput, Denied) as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)
    return redirect(back)
