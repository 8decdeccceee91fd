"""One policy row for every route. No row, no route: the door (people.entrance.door) answers 404 to a view that has none.

A row says which resource the route touches, what it does to it, the class of data it shows, how it is kept to its tenant, and
which permission (a key of rules/roles.yaml) a person needs at least somewhere in their scope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, path


class DataClass(StrEnum):
    """What a page may show, after reliability.md section 2: the classes decide caching and logging."""

    OPEN = "open"  # meant for anyone
    RECORD = "record"  # the school's working records, staff names included
    RESTRICTED = "restricted"  # cases, special category; no-store
    KEY = "key"  # sign-in and credentials; no-store
    AUDIT = "audit"


class Tenant(StrEnum):
    """How another school's object is kept out."""

    NONE = "none"  # shows nothing that belongs to a school
    SELF = "self"  # only the signed-in person's own things
    SCOPE = "scope"  # every object is reached through a query that takes the scope
    LINK = "link"  # an unguessable link scoped to one person and one thing


@dataclass(frozen=True, slots=True)
class Row:
    """The policy of one route."""

    name: str
    resource: str
    action: str
    data: DataClass
    tenant: Tenant
    needs: str | None  # a permission key, or None: any signed-in person
    public: bool = False  # answered without sign-in
    uploads: bool = False  # takes files: everywhere else a body with a file in it is refused unread


_rows: dict[str, Row] = {}


def row(
    name: str,
    *,
    resource: str,
    action: str,
    data: DataClass,
    tenant: Tenant,
    needs: str | None = None,
    public: bool = False,
    uploads: bool = False,
) -> Row:
    """Write the row of a route by its full view name (namespace included)."""
    entry = Row(name, resource, action, data, tenant, needs, public, uploads)
    if _rows.setdefault(name, entry) != entry:
        raise ValueError(f"The route {name} has two policy rows")
    return entry


def route(pattern: str, view: Callable[..., Any], name: str, **policy: Any) -> URLPattern:
    """A Django `path` with its policy row. `name` is written with its namespace: ``policies:detail``."""
    row(name, **policy)
    return path(pattern, view, name=name.rpartition(":")[2])


def rows() -> dict[str, Row]:
    """Every policy row by view name."""
    return dict(sorted(_rows.items()))
