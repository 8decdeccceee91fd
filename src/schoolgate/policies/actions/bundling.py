"""A bundle of another school becomes a draft here, with the trail of where it came from."""

from dataclasses import asdict
from datetime import date

from django.db import transaction

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import bundling
from schoolgate.policies.actions.holding import record_about
from schoolgate.policies.actions.importing import import_version
from schoolgate.policies.models import AdoptedFrom, Clause, ClauseKind, Policy, PolicyVersion


@transaction.atomic
def import_bundle(
    *, bundle: policytext.Bundle, policy: Policy | None = None, school: School | None = None, title: str = "", by: Scope
) -> PolicyVersion:
    """Store the policy in a bundle as a draft. What the other school joined its clauses to is suggested first and decided by nobody yet."""
    bundling.check_whole(bundle)
    version = import_version(document=bundle.document, policy=policy, school=school, title=title, by=by)
    suggested = _suggest(version, bundle)
    origin = bundle.origin
    AdoptedFrom.objects.create(
        version=version, trust=origin.trust, school=origin.school, title=origin.title, number=origin.number,
        printed_version=origin.printed_version, fingerprint=origin.fingerprint, exported_on=date.fromisoformat(origin.exported_on),
        trail=[asdict(step) for step in bundle.trail], settings=[{"key": key, "value": value} for key, value in bundle.settings],
        bundle_sha256=bundle.document.source.sha256, recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"number": version.number, "their_fingerprint": origin.fingerprint, "suggested": suggested}
    record_about("policy.bundle_taken", version, facts, by)
    return version


def _suggest(version: PolicyVersion, bundle: policytext.Bundle) -> int:
    """Put the other school's joins first among the suggestions; for how many clauses there were any."""
    words = {clause.ref: clause.text for clause in bundle.document.clauses}
    rows = []
    for row in version.clauses.filter(kind=ClauseKind.UNJOINED):
        told = bundling.offered(bundle, row.ref, row.suggestions) if words.get(row.ref) == row.text else None
        if told:
            row.suggestions, row.suggested_kind = told
            rows.append(row)
    Clause.objects.bulk_update(rows, ["suggestions", "suggested_kind"], batch_size=100)
    return len(rows)
