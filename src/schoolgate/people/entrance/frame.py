"""What the frame of a page shows of the person who signed in: their places, their pages, their name."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from schoolgate.common import clock
from schoolgate.contracts import routes
from schoolgate.people import queries
from schoolgate.people.access import Scope
from schoolgate.people.models import Person
from schoolgate.people.permissions import Permission

# Text, the route it leads to, the folder that is open while the person is there, and what they must hold somewhere.
# A route that is not there yet is left out.
PAGES = (
    ("Home", "home:home", "/", None),
    ("Living policies", "assurance:index", "/assurance/", Permission.POLICY_READ),
    ("Policies", "policies:list", "/policies/", Permission.POLICY_READ),
    ("People", "people:list", "/people/", Permission.POLICY_READ),
    ("Agreements", "agreements:mine", "/agreements/", Permission.AGREEMENT_SIGN),
)
MENU = (
    ("Your messages", "notify:inbox"),
    ("Your page", "people:me"),
    ("Your second sign-in step", "mfa_index"),
    ("Change your password", "account_change_password"),
)


def hang_on(request: HttpRequest, person: Person, scope: Scope) -> None:
    """Give the request what schoolgate.ui.context asks for. The name of the place is looked up only by a page that shows it."""
    about: dict[str, Any] = {
        "navigation": navigation(scope, request.path),
        "place": SimpleLazyObject(lambda: place_of(person, scope)),
        "person_name": person.name,
        "person_menu": [{"text": text, "url": reverse(name)} for text, name in MENU if name in routes.rows()],
        "page_made_at": clock.now(),
    }
    for name, value in about.items():
        setattr(request, name, value)


def navigation(scope: Scope, path: str) -> list[dict[str, Any]]:
    """The pages this person has, in one order for everybody."""
    rows = routes.rows()
    return [
        {"text": text, "url": reverse(name), "active": path == folder if folder == "/" else path.startswith(folder)}
        for text, name, folder, needs in PAGES
        if name in rows and (needs is None or scope.may_anywhere(needs))
    ]


def place_of(person: Person, scope: Scope) -> str:
    """The school of somebody who has one, else their trust."""
    names = list(queries.schools(scope).values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else person.trust.name
