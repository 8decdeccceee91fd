"""Every address of the product has a policy row, or leads nowhere."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from schoolgate import data
from schoolgate.contracts import routes
from schoolgate.contracts.routes import DataClass, Tenant
from schoolgate.people import rules
from schoolgate.people.entrance.frame import PAGES, navigation
from schoolgate.people.permissions import Permission


def every_route(patterns=None, before: str = "", space: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """View name, whole pattern and the pattern itself of every route there is, those of included modules too."""
    for part in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from every_route(part.url_patterns, before + str(part.pattern), inner)
        else:
            name = f"{space}{part.name}" if part.name else f"{part.callback.__module__}.{part.callback.__name__}"
            yield name, before + str(part.pattern), part


def is_ours(pattern: URLPattern) -> bool:
    return pattern.callback.__module__.startswith("schoolgate.")


def test_every_route_of_ours_has_a_policy_row():
    every = list(every_route())
    assert len([one for one in every if is_ours(one[2])]) >= 2
    without = [(name, pattern) for name, pattern, part in every if is_ours(part) and name not in routes.rows()]
    assert not without, "Write these with schoolgate.contracts.routes.route, so that they get a policy row"


def address(pattern: str) -> str:
    """An address that the pattern of the library matches."""
    filled = pattern
    for found, example in (
        ("<int:pk>", "1"), ("<str:provider_id>", "school"), ("<provider_id>", "school"),
        ("^confirm-email/(?P<key>[-:\\w]+)/$", "confirm-email/abc/"),
        ("^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", "password/reset/key/a-b/"),
        ("^(?P<provider_id>[^/]+)/", "school/"),
        ("^login/$", "login/"), ("^login/callback/$", "login/callback/"), ("^login/token/$", "login/token/"),
    ):  # fmt: skip
        filled = filled.replace(found, example)
    return "/" + filled


def test_a_route_without_a_row_leads_nowhere(signed_in):
    client = signed_in("administrator")
    loose = [(name, address(pattern)) for name, pattern, part in every_route() if name not in routes.rows()]
    assert "account_signup" in dict(loose)
    for ask in (client, Client()):
        for name, path in loose:
            assert ask.get(path).status_code == 404, (name, path)
            assert ask.post(path).status_code == 404, (name, path)


def test_every_row_belongs_to_a_route():
    names = {name for name, _, _ in every_route()}
    assert not set(routes.rows()) - names, "A row names no route: has it been renamed?"


def test_every_row_names_a_permission_there_is_and_says_what_it_touches():
    known = {str(permission) for permission in Permission}
    for row in routes.rows().values():
        assert row.needs is None or str(row.needs) in known, row
        assert row.resource, row
        assert row.action, row
        assert row.data in DataClass, row
        assert row.tenant in Tenant, row


def test_nothing_public_shows_records_unless_behind_a_link_for_one_person():
    loose = [
        row.name
        for row in routes.rows().values()
        if row.public and row.data not in {DataClass.OPEN, DataClass.KEY} and row.tenant not in {Tenant.LINK, Tenant.NONE}
    ]
    assert not loose


def test_a_route_that_names_an_object_is_kept_to_its_tenant():
    loose = [
        (name, pattern) for name, pattern, part in every_route()
        if is_ours(part) and "<uuid:" in pattern and routes.rows()[name].tenant == Tenant.NONE
    ]  # fmt: skip
    assert not loose


def test_the_navigation_shows_a_page_to_those_its_route_lets_in_and_to_nobody_else(cast, signed_in):
    pages = [(text, name, needs) for text, name, _, needs in PAGES if name in routes.rows()]
    assert pages
    for text, name, needs in pages:
        assert routes.rows()[name].needs in {None, needs}, f"{text}: shown to {needs}, the route lets in {routes.rows()[name].needs}"
    for who in [name for name in cast.people if name != "outsider"]:
        items = {item["text"]: item["url"] for item in navigation(cast.scope(who), "/")}
        assert set(items) == {text for text, _, needs in pages if needs is None or cast.scope(who).may_anywhere(needs)}
        for url in items.values():
            assert signed_in(who).get(url, follow=True).status_code == 200, (who, url)


def test_the_permissions_are_those_of_the_roles_file():
    loaded = data.load("rules/roles.yaml")
    assert {str(permission) for permission in Permission} == set(loaded["permissions"])
    for name, role in loaded["roles"].items():
        assert set(role["permissions"]) <= set(loaded["permissions"]), name
        assert rules.permissions_of(name) == {Permission(key) for key in role["permissions"]}


def test_a_row_cannot_be_written_twice_with_different_meaning():
    first = next(iter(routes.rows().values()))
    with pytest.raises(ValueError, match="two policy rows"):
        routes.row(first.name, resource="other", action="other", data=DataClass.OPEN, tenant=Tenant.NONE)


def test_an_id_that_is_not_there_is_not_found_on_every_route_that_names_one(signed_in):
    client, checked = signed_in("administrator"), 0
    plain = client.get("/nothing/").content
    for name, pattern, part in every_route():
        if not is_ours(part) or pattern.count("<") != 1 or "<uuid:" not in pattern or routes.rows()[name].public:
            continue
        path = "/" + pattern[: pattern.index("<")] + str(uuid4()) + pattern[pattern.index(">") + 1 :]
        answer = client.get(path)
        assert answer.status_code in {404, 405}, path
        assert answer.status_code == 405 or answer.content == plain, path
        checked += 1
    assert checked
