"""Companion codes: who signs which, and who may not work without the acceptable-use rules. Pure.

Source: catalogue/controls.yaml, agreements.linked_codes_signed.
"""

from collections.abc import Iterable
from typing import Any

from schoolgate.agreements.models import Code
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import ROLE_OF_CATEGORY, catalogue_number, permissions_of

CONTROL = "agreements.linked_codes_signed"
LINE_OF = {
    Code.ACCEPTABLE_USE: "acceptable_use",
    Code.CONDUCT_CODE: "conduct_code",
    Code.SAFEGUARDING: "safeguarding_and_equality",
    Code.EQUALITY: "safeguarding_and_equality",
    Code.EMAIL: "email_and_other",
}
HELD_BACK = "access_held_back"
ACCESS = frozenset(
    {
        Permission.POST_DRAFT, Permission.POST_APPROVE, Permission.POST_PUBLISH, Permission.ACCOUNT_MANAGE,
        Permission.ACCOUNT_CREDENTIALS, Permission.USER_MANAGE,
    }
)  # fmt: skip
"""What makes an appointment one of posting, account-keeping or system access."""

PLAIN = frozenset(ROLE_OF_CATEGORY.values())


def codes_for(category: str, codes_by_role: dict[str, list[str]] | None = None) -> list[str]:
    """The codes somebody of a category signs."""
    table: dict[str, Any] = codes_by_role or catalogue_number(CONTROL, "codes_by_role")
    return list(table.get(ROLE_OF_CATEGORY[Category(category)], []))


def gives_access(roles: Iterable[str]) -> bool:
    """One of these appointments lets its holder post, keep accounts or run the system."""
    return any(permissions_of(role) & ACCESS for role in roles if role not in PLAIN)
