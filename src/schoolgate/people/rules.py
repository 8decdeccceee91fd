"""What a role may do, and who counts as an adult the policy covers."""

from collections.abc import Iterable

from schoolgate import data
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission

# A place on the register gives the plain rights of its category; rules/roles.yaml holds what they are.
ROLE_OF_CATEGORY = {
    Category.EMPLOYEE: "staff",
    Category.GOVERNOR: "governor",
    Category.SUPPLY: "supply_staff",
    Category.TRAINEE: "trainee",
    Category.VOLUNTEER: "volunteer",
    Category.CONTRACTOR: "contractor",
}


def roles() -> dict[str, dict]:
    """Every role that gives rights, by key: title, plain description, scope, permissions."""
    return data.load("rules/roles.yaml")["roles"]


def known_roles() -> set[str]:
    """Roles and capacities a person can be appointed to."""
    loaded = data.load("rules/roles.yaml")
    return set(loaded["roles"]) | set(loaded["capacities"])


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do. A capacity (held for one thing only) gives no permission of its own."""
    found = roles().get(role)
    return frozenset(Permission(key) for key in found["permissions"]) if found else frozenset()


def permissions_of_all(held: Iterable[str]) -> frozenset[Permission]:
    """What several roles may do together."""
    return frozenset().union(*(permissions_of(role) for role in held))


def works_across_trust(role: str) -> bool:
    """The role's rights hold in every school of the trust."""
    return roles().get(role, {}).get("scope") == "trust"


def title_of(role: str) -> str:
    """The role's plain title for a screen."""
    loaded = data.load("rules/roles.yaml")
    found = loaded["roles"].get(role) or loaded["capacities"].get(role)
    return found["title"] if found else role.replace("_", " ")
