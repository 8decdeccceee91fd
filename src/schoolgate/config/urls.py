"""Where each address leads. Every route needs a policy row (contracts.routes); those of the sign-in library are written here."""

from django.urls import include, path

from schoolgate.config.sign_in_routes import write_rows

urlpatterns = [
    path("", include("schoolgate.home.urls")),
    path("", include("schoolgate.ui.urls")),
    path("people/", include("schoolgate.people.urls")),
    path("policies/", include("schoolgate.policies.urls")),
    path("agreements/", include("schoolgate.agreements.urls")),
    path("assurance/", include("schoolgate.assurance.urls")),
    path("account/", include("allauth.urls")),
]

write_rows()
