"""Who may reach what. A `Scope` is made once per request; every query of a school's things takes it as its first argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from schoolgate.common.actors import Actor, system
from schoolgate.common.errors import Denied, NotFound
from schoolgate.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Scope:
    """A person, the schools they can see, and what they may do in each.

    `schools` maps a school's id to the permissions held there; `across_trust` are permissions that hold in every school of
    the trust and for the trust's own things. A scope for a named process may do everything in its trust.
    """

    actor: Actor
    trust_id: UUID
    person_id: UUID | None = None
    schools: Mapping[UUID, frozenset[Permission]] = field(default_factory=dict)
    across_trust: frozenset[Permission] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def school_ids(self) -> list[UUID]:
        """Every school in reach."""
        return list(self.schools)

    def may(self, permission: Permission, school_id: UUID | None = None) -> bool:
        """Held at that school, or across the trust when no school is named."""
        if permission in self.across_trust:
            return school_id is None or school_id in self.schools
        return school_id is not None and permission in self.schools.get(school_id, frozenset())

    def may_anywhere(self, permission: Permission) -> bool:
        """Held at one school at least: what a page needs to be worth showing at all."""
        return permission in self.across_trust or any(permission in held for held in self.schools.values())

    def schools_where(self, permission: Permission) -> list[UUID]:
        """The schools at which the permission is held."""
        return [school for school in self.schools if self.may(permission, school)]

    def require(self, permission: Permission, school_id: UUID | None, sentence: str) -> None:
        """Refuse with the sentence unless the permission is held there. A school out of reach is simply not found."""
        if school_id is not None and school_id not in self.schools:
            raise NotFound("There is no such school in your reach")
        if not self.may(permission, school_id):
            raise Denied(sentence)


def process_scope(process: str, trust_id: UUID, school_ids: list[UUID]) -> Scope:
    """The scope of a named system process: all permissions, one trust. Its name stands in the audit trail."""
    everything = frozenset(Permission)
    return Scope(system(process), trust_id, None, dict.fromkeys(school_ids, everything), everything)
