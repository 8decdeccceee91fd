"""What every step of this package needs: hold the row, write over the state that was checked, and record it."""

from typing import Any
from uuid import UUID

from schoolgate.audit import actions as audit
from schoolgate.common.errors import NotFound, Replaced
from schoolgate.people.access import Scope
from schoolgate.policies.models import Policy, PolicyVersion, VersionState


def own_policy(policy: Policy, by: Scope) -> Policy:
    """The policy itself, held until the transaction ends; one out of reach is not found."""
    found = Policy.objects.select_for_update().filter(pk=policy.pk, trust_id=by.trust_id).first()
    if found is None:
        raise NotFound("There is no such policy in your reach")
    return found


def locked_version(version_id: UUID, by: Scope) -> PolicyVersion:
    """The version as it is now, held until the transaction ends. What another person did a moment ago is seen."""
    found = (
        PolicyVersion.objects.select_for_update(of=("self",))
        .select_related("policy")
        .filter(pk=version_id, policy__trust_id=by.trust_id)
        .first()
    )
    if found is None or (found.policy.school_id and found.policy.school_id not in by.schools):
        raise NotFound("There is no such version in your reach")
    return found


def write_step(version: PolicyVersion, state: VersionState, **changes: Any) -> None:
    """Write a step, but only over the state it was checked against."""
    was, version.state = version.state, state
    for name, value in changes.items():
        setattr(version, name, value)
    if not PolicyVersion.objects.filter(pk=version.pk, state=was).update(state=state, **changes):
        raise Replaced("Somebody else changed this version a moment ago. Load the page again.")


def record_about(verb: str, version: PolicyVersion, facts: dict[str, Any], by: Scope, why: str = "") -> None:
    audit.record(verb, version, trust_id=by.trust_id, school_id=version.policy.school_id, why=why, facts=facts, by=by.actor)
