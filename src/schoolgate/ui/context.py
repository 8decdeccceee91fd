"""What every page's frame needs. The frame knows nothing of schools or people: a middleware above hangs it on the request."""

from typing import Any

from django.http import HttpRequest

PRODUCT = "Schoolgate"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame, each part empty unless the request carries it.

    `request.navigation`, `request.person_menu` and `request.footer_links` are lists of {text, url, active};
    `request.place` is the name of the school or trust in the header; `request.person_name` the person signed in;
    `request.page_made_at` the moment the page was made, which the footer shows and `|since` counts from.
    """
    return {
        "product": PRODUCT,
        "place": getattr(request, "place", ""),
        "navigation": getattr(request, "navigation", []),
        "person_name": getattr(request, "person_name", ""),
        "person_menu": getattr(request, "person_menu", []),
        "footer_links": getattr(request, "footer_links", []),
        "page_made_at": getattr(request, "page_made_at", None),
    }
