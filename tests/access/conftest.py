"""What the sign-in tests share: people with sign-ins, and clean counters."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from tests.access.access_steps import PASSWORD

from schoolgate.people import actions


@pytest.fixture(autouse=True)
def clean_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def with_sign_in(cast) -> Callable[[str], str]:
    """`with_sign_in("teacher")` gives that person a sign-in and returns its address."""

    def give(name: str) -> str:
        email = f"{name}@example.org"
        if not hasattr(cast.people[name], "user"):
            actions.give_sign_in(person=cast.people[name], email=email, password=PASSWORD, by=cast.office)
        return email

    return give
