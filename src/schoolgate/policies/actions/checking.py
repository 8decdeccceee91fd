"""The text and law check of a version: at import, and again after its text was put right."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import queries, reading, rules
from schoolgate.policies.actions.holding import locked_version, record_about
from schoolgate.policies.models import Citation, PolicyVersion, TextFinding, VersionState

RECHECK_AFTER = 30  # days
"""Rules take effect on their own dates, so that a version in force is checked again although the law data did not change."""


def store_findings(version: PolicyVersion, document: policytext.Document) -> int:
    """Check a document and keep what is found; how much of it is new. What was found before and still stands keeps its decision."""
    report = policytext.check(document, on=clock.today(), nation=_nation(version))
    by_ref = dict(version.clauses.values_list("ref", "id"))
    _keep(Citation, version, {_known_by(one, by_ref): _cited(one) for one in report.register})
    new = _keep(TextFinding, version, {_known_by(one, by_ref): _told(one) for one in report.findings})
    version.checked_with = rules.law_fingerprint()
    version.save(update_fields=["checked_with"])
    return new


def _keep(model: Any, version: PolicyVersion, found: Mapping[tuple[str, str, Any], Mapping[str, Any]]) -> int:
    """Rows that are found no more go, new ones are added, the others stay as they are; how many were added."""
    held = {(row.rule, row.quote, row.clause_id): row for row in model.objects.filter(version=version).select_for_update()}
    gone = [row.pk for key, row in held.items() if key not in found]
    model.objects.filter(pk__in=gone).delete()
    now = clock.now()
    fresh = [
        model(version=version, rule=key[0], quote=key[1], clause_id=key[2], found_at=now, **told)
        for key, told in found.items()
        if key not in held
    ]
    model.objects.bulk_create(fresh, batch_size=200)
    return len(fresh)


def _known_by(found: policytext.Finding, by_ref: Mapping[str, Any]) -> tuple[str, str, Any]:
    return found.rule, found.quote or "", by_ref.get(found.ref or "")


def _cited(found: policytext.Finding) -> Mapping[str, Any]:
    return {"message": found.message, "sources": list(found.sources)}


def _told(found: policytext.Finding) -> Mapping[str, Any]:
    return {
        "severity": found.severity, "message": found.message,
        "replaced_by": found.replaced_by or "", "sources": list(found.sources), "effective_from": found.effective_from or "",
    }  # fmt: skip


def _nation(version: PolicyVersion) -> str:
    """Where the policy holds; a policy of the trust is checked for the nation of its schools."""
    school = version.policy.school
    if school:
        return school.nation
    return School.objects.filter(trust_id=version.policy.trust_id).values_list("nation", flat=True).first() or "england"


def corrected_since_check(version: PolicyVersion) -> bool:
    return version.checked_at is not None and version.corrections.filter(at__gt=version.checked_at).exists()


def settle(version: PolicyVersion) -> None:
    """After corrections: check the text as it stands now, and count again how it differs from the version before."""
    store_findings(version, reading.document_of(version, queries.pieces_of(version)))
    version.checked_at = clock.now()
    before = PolicyVersion.objects.filter(policy_id=version.policy_id, number__lt=version.number).order_by("-number").first()
    version.differences = queries.differences(before, version) if before else {}
    version.save(update_fields=["checked_at", "differences"])


@transaction.atomic
def check_again(*, version: PolicyVersion, by: Scope) -> PolicyVersion:
    """Check a version whose text was put right."""
    locked = locked_version(version.pk, by)
    rules.check_can_correct(locked, by)
    settle(locked)
    record_about("policy.checked", locked, {"number": locked.number, "findings": locked.findings.count()}, by)
    return locked


@transaction.atomic
def check_for_new_law(*, version: PolicyVersion, by: Scope) -> bool:
    """Check a version in force again where the law data changed, or a month has passed. Its owners are told of what is new.

    Whether it was checked. Found twice it is told once.
    """
    locked = locked_version(version.pk, by)
    checked_on = clock.local_date(locked.checked_at) if locked.checked_at else None
    fresh_enough = checked_on is not None and (clock.today() - checked_on).days < RECHECK_AFTER
    if locked.state != VersionState.IN_FORCE or (locked.checked_with == rules.law_fingerprint() and fresh_enough):
        return False
    new = store_findings(locked, reading.document_of(locked, queries.pieces_of(locked)))
    locked.checked_at = clock.now()
    locked.save(update_fields=["checked_at"])
    facts = {"number": locked.number, "new": new, "law": locked.checked_with}
    record_about("policy.law_checked", locked, facts, by)
    if new:
        _tell_owners(locked, by)
    return True


def _tell_owners(version: PolicyVersion, by: Scope) -> None:
    policy = version.policy
    role = policy.owner_role
    for person in queries.holders(by, role, policy.school_id, clock.today()) if role else ():
        notify.queue(
            person_id=person.id, trust_id=by.trust_id, school_id=policy.school_id, template="policy.law_changed",
            path=reverse("policies:findings", args=[version.id]), address=person.email, by_email=bool(person.email),
            once=f"law:{version.id.hex}:{clock.today()}:{person.id.hex}",
        )  # fmt: skip
