"""A version goes its way: submitted, sent back or approved, brought into force, replaced."""

from datetime import date

from django.db import transaction

from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people.access import Scope
from schoolgate.people.models import Category
from schoolgate.people.rules import known_roles
from schoolgate.policies import rules
from schoolgate.policies.actions.checking import corrected_since_check, settle
from schoolgate.policies.actions.holding import locked_version, own_policy, record_about, write_step
from schoolgate.policies.models import ClauseKind, Policy, PolicyVersion, VersionState


@transaction.atomic
def submit(*, version: PolicyVersion, by: Scope) -> PolicyVersion:
    """Ask the approvers to look at a draft. From here on its text is fixed, so what was put right is checked once more."""
    locked = locked_version(version.pk, by)
    rules.check_can_submit(locked, by)
    if corrected_since_check(locked):
        settle(locked)
    write_step(locked, VersionState.IN_REVIEW, submitted_at=clock.now(), submitted_by_id=by.person_id, changes_wanted="")
    record_about(
        "policy.submitted", locked, {"number": locked.number, "unjoined": locked.clauses.filter(kind=ClauseKind.UNJOINED).count()}, by
    )
    return locked


@transaction.atomic
def ask_for_changes(*, version: PolicyVersion, wanted: str, by: Scope) -> PolicyVersion:
    """Send a version back with what should change."""
    locked = locked_version(version.pk, by)
    rules.check_can_ask_for_changes(locked, by)
    if not wanted.strip():
        raise BadInput("Say what should be changed before this can be approved.", "wanted")
    write_step(
        locked, VersionState.CHANGES_ASKED, changes_wanted=wanted.strip(), changes_asked_at=clock.now(), changes_asked_by_id=by.person_id
    )
    record_about("policy.changes_asked", locked, {"number": locked.number}, by)
    return locked


@transaction.atomic
def approve(*, version: PolicyVersion, body: str, minute: str, met_on: date, by: Scope) -> PolicyVersion:
    """Record that a body approved a version, by somebody who did not submit it. The minute may follow later."""
    locked = locked_version(version.pk, by)
    rules.check_can_approve(locked, by)
    rules.check_meeting(body, met_on, clock.today())
    told = {"approving_body": body.strip(), "approval_minute": minute.strip(), "approved_on": met_on}
    write_step(locked, VersionState.APPROVED, approved_at=clock.now(), approved_by_id=by.person_id, **told)
    record_about("policy.approved", locked, {"number": locked.number, "met_on": met_on.isoformat(), "fingerprint": locked.fingerprint}, by)
    return locked


@transaction.atomic
def bring_into_force(
    *, version: PolicyVersion, from_day: date, review_on: date | None = None, change_summary: str = "", by: Scope
) -> PolicyVersion:
    """Let an approved version hold from a day. The version that held until then is replaced in the same transaction."""
    own_policy(version.policy, by)  # one version of a policy at a time
    locked = locked_version(version.pk, by)
    rules.check_can_bring_into_force(locked, by)
    held = PolicyVersion.objects.select_for_update().filter(policy_id=locked.policy_id, state=VersionState.IN_FORCE).first()
    review_on = review_on or locked.review_on
    rules.check_start(locked, from_day, review_on, held.in_force_from if held else None, clock.today())
    if held:
        held.policy = locked.policy
        write_step(held, VersionState.SUPERSEDED, in_force_until=from_day)
        record_about("policy.replaced", held, {"number": held.number, "by": str(locked.id)}, by)
    write_step(
        locked,
        VersionState.IN_FORCE,
        in_force_from=from_day,
        review_on=review_on,
        change_summary=change_summary.strip() or locked.change_summary,
    )
    unjoined = locked.clauses.filter(kind=ClauseKind.UNJOINED).count()
    record_about("policy.in_force", locked, {"number": locked.number, "from": from_day.isoformat(), "unjoined": unjoined}, by)
    return locked


@transaction.atomic
def complete_details(
    *,
    version: PolicyVersion,
    owner_role: str,
    audience: list[str],
    authors: str,
    minute: str,
    review_on: date | None,
    change_summary: str,
    by: Scope,
) -> PolicyVersion:
    """Fill in or mend what the library holds about a version: never its text, its approval or its state."""
    locked = locked_version(version.pk, by)
    rules.check_can_join(locked, by)
    if owner_role and owner_role not in known_roles():
        raise BadInput(f"There is no role called {owner_role}. Choose one from the list.", "owner_role")
    stray = [one for one in audience if one not in Category.values]
    if stray:
        raise BadInput(f"There is no group called {stray[0]}. Choose from the list.", "audience")
    if review_on and locked.in_force_from and review_on <= locked.in_force_from:
        raise BadInput("The review date must be after the day the version came into force.", "review_on")
    Policy.objects.filter(pk=locked.policy_id).update(owner_role=owner_role, audience=audience)
    locked.policy.owner_role, locked.policy.audience = owner_role, audience
    told = {
        "authors": authors.strip()[:300],
        "approval_minute": minute.strip()[:200],
        "review_on": review_on,
        "change_summary": change_summary.strip(),
    }
    changed = sorted(name for name, value in told.items() if getattr(locked, name) != value)
    write_step(locked, VersionState(locked.state), **told)
    record_about("policy.details_completed", locked, {"number": locked.number, "owner_role": owner_role, "changed": changed}, by)
    return locked
