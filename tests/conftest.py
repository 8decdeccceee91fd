"""The shared cast: a trust, two schools, and the people every story needs. Everything is made by calling actions."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from tests.audit.audit_lift import let_flush_pass

from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.people import actions, queries
from schoolgate.people.access import Scope
from schoolgate.people.models import Person, School, Trust

let_flush_pass()  # append-only tables refuse to be emptied, after a test with real commits too

STARTED = date(2026, 1, 5)
PASSWORD = "a long enough password"


@dataclass
class Cast:
    """A trust with two schools, a second trust, and named people with their scopes."""

    trust: Trust
    school: School
    sister: School
    other_trust: Trust
    other_school: School
    office: Scope  # a process that may do everything in the trust
    people: dict[str, Person] = field(default_factory=dict)

    def scope(self, name: str, on: date | None = None) -> Scope:
        return queries.scope_of(self.people[name], on or clock.today())

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


ROLES = {
    "head": ("headteacher", "employee"),
    "dsl": ("dsl", "employee"),
    "sbm": ("sbm", "employee"),
    "clerk": ("clerk", "employee"),
    "administrator": ("administrator", "employee"),
    "teacher": (None, "employee"),
    "governor": ("link_governor", "governor"),
    "contractor": (None, "contractor"),
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Against a database of its own (PostgreSQL) only tests that touch one are run: the others have nothing new to meet there."""
    if "TEST_DATABASE_URL" not in os.environ:
        return
    apart = [item for item in items if not _touches_database(item)]
    items[:] = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=apart)


def _touches_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db", "live_server"}.isdisjoint(fixtures)


@pytest.fixture
def cast(db) -> Cast:
    """The whole cast. `cast.head` is a person, `cast.scope("head")` what they may do."""
    setup = system("test set-up")
    trust = actions.found_trust(ref="alder", name="Alder Trust", by=setup)
    school = actions.open_school(trust=trust, ref="alder-park", name="Alder Park Primary", phase="primary", by=setup)
    sister = actions.open_school(trust=trust, ref="birch-hill", name="Birch Hill Academy", phase="secondary", by=setup)
    other = actions.found_trust(ref="elsewhere", name="Elsewhere Trust", by=setup)
    other_school = actions.open_school(trust=other, ref="elsewhere-school", name="Elsewhere School", phase="primary", by=setup)
    made = Cast(trust, school, sister, other, other_school, queries.scope_of_process("test set-up", trust))
    for name, (role, category) in ROLES.items():
        made.people[name] = place(made.office, school, name, role, category)
    made.people["trust_comms"] = place(made.office, sister, "trust_comms", "trust_comms", "employee", across_trust=True)
    made.people["sister_head"] = place(made.office, sister, "sister_head", "headteacher", "employee")
    made.people["outsider"] = place(queries.scope_of_process("test set-up", other), other_school, "outsider", "headteacher", "employee")
    return made


def place(by: Scope, school: School, name: str, role: str | None, category: str, across_trust: bool = False) -> Person:
    """A person with a place on a school's register and perhaps a role there."""
    person = actions.add_person(given=name.title(), family="Example", email=f"{name}@example.org", by=by)
    actions.engage(person=person, school=school, category=category, starts_on=STARTED, employer=school.name, by=by)
    if role:
        actions.appoint(person=person, role=role, school=None if across_trust else school, starts_on=STARTED, by=by)
    return person


@pytest.fixture
def signed_in(cast, settings):
    """`signed_in("head")` is a test client for that person, past the second sign-in step."""
    settings.DEMO = True

    def client(name: str) -> Client:
        person = cast.people[name]
        by = cast.office if person.trust_id == cast.trust.id else queries.scope_of_process("test set-up", cast.other_trust)
        user = getattr(person, "user", None)
        user = user or actions.give_sign_in(person=person, email=f"{name}@example.org", password=PASSWORD, by=by)
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client


QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one real Chromium of this run: its driver keeps an event loop, and a thread can have only one."""
    executable = shutil.which("chromium")
    if not executable and os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing: run scripts/system")
    if not executable:
        pytest.skip("Chromium is not installed: run scripts/system")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # browser tests that look at the records do so beside that loop
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()
