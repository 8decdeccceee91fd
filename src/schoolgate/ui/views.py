"""One page that draws every component with made-up facts, for whoever builds or tests a page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schoolgate.ui import samples


def components(request: HttpRequest) -> HttpResponse:
    """Every component; what is posted to the form is checked and thrown away."""
    sent = request.method == "POST"
    form = samples.EveryField(request.POST if sent else None, request.FILES if sent else None)
    page = Paginator(range(200), 10).get_page(request.GET.get("page"))
    return render(request, "ui/components.html", {**samples.FACTS, "form": form, "page": page, "page_made_at": samples.NOW})
