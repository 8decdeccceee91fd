"""Addresses for the tests of the frame: the components page and a place to sign out to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def signed_out(request: HttpRequest) -> HttpResponse:
    words = "Signed out" if request.method == "POST" else "Only a form may sign you out"
    return HttpResponse(f'<!doctype html><link rel="icon" href="/static/ui/favicon.svg"><p>{words}</p>')


urlpatterns = [path("", include("schoolgate.ui.urls")), path("account/logout/", signed_out, name="account_logout")]
