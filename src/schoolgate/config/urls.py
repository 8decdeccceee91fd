"""Where each address leads. Every route needs a policy row (contracts.routes); those of the sign-in library are written here."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from schoolgate.config.sign_in_routes import write_rows

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("schoolgate.home.urls")),
    path("", include("schoolgate.ui.urls")),
    path("people/", include("schoolgate.people.urls")),
    path("policies/", include("schoolgate.policies.urls")),
    path("agreements/", include("schoolgate.agreements.urls")),
    path("assurance/", include("schoolgate.assurance.urls")),
    path("messages/", include("schoolgate.notify.urls")),
    path("account/", include("allauth.urls")),
]

write_rows(settings.SOCIALACCOUNT_PROVIDERS)

handler400 = "schoolgate.people.entrance.answers.not_understood"
handler403 = "schoolgate.people.entrance.answers.forbidden"
handler404 = "schoolgate.people.entrance.answers.not_found"
handler429 = "schoolgate.people.entrance.answers.too_many"  # asked for by the sign-in library
