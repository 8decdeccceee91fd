"""The text and law check of a version: at import, and again after its text was put right."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import queries, reading, rules
from schoolgate.policies.actions.holding import locked_version, record_about
from schoolgate.policies.models import PolicyVersion, TextFinding


def store_findings(version: PolicyVersion, document: policytext.Document) -> None:
    """Check a document and keep what is found. What was found before and still stands keeps its decision; what is gone goes."""
    held = {_known_by(row.rule, row.quote, row.clause_id): row for row in version.findings.select_for_update()}
    by_ref = dict(version.clauses.values_list("ref", "id"))
    fresh, now = [], clock.now()
    for found in policytext.check(document, on=clock.today(), nation=_nation(version)).findings:
        clause_id = by_ref.get(found.ref or "")
        if held.pop(_known_by(found.rule, found.quote or "", clause_id), None) is None:
            fresh.append(TextFinding(version=version, clause_id=clause_id, found_at=now, **_told(found)))
    TextFinding.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    TextFinding.objects.bulk_create(fresh, batch_size=200)


def _known_by(rule: str, quote: str, clause_id: Any) -> tuple[str, str, Any]:
    return rule, quote, clause_id


def _told(found: policytext.Finding) -> Mapping[str, Any]:
    return {
        "rule": found.rule, "severity": found.severity, "quote": found.quote or "", "message": found.message,
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
