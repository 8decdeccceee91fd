"""A document becomes a draft version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people.access import Scope
from schoolgate.people.models import Category, School, Trust
from schoolgate.policies import rules
from schoolgate.policies.actions.holding import own_policy, record_about
from schoolgate.policies.models import Clause, ClauseKind, Policy, PolicyVersion, TextFinding
from schoolgate.policytext.outline.dates import last_day

TOP = 3
"""Suggestions kept for each clause."""


@transaction.atomic
def import_version(
    *, document: policytext.Document, policy: Policy | None = None, school: School | None = None, title: str = "", by: Scope
) -> PolicyVersion:
    """Store a document as a draft: its clauses, what they could be joined to, and what the check found. All of it or nothing.

    With `policy` it becomes that policy's next version; else a new policy of the school, or of the trust where no school is named.
    BadInput when the same text is already there, or when another policy of that place has the title.
    """
    school_id = policy.school_id if policy else school.id if school else None
    rules.check_can_edit(by, school_id)
    trust = Trust.objects.select_for_update().get(pk=by.trust_id)  # one import at a time in a trust: the same text never slips in twice
    told = rules.fingerprint((clause.ref, clause.text) for clause in document.clauses)
    _refuse_twice(by.trust_id, school_id, told)
    policy = own_policy(policy, by) if policy else _new_policy(document, trust, school, title)
    before = PolicyVersion.objects.filter(policy=policy).order_by("-number").first()
    version = PolicyVersion.objects.create(
        policy=policy, number=before.number + 1 if before else 1, fingerprint=told, **_facts(document, by)
    )
    clauses = _store_clauses(version, document)
    _store_findings(version, document, clauses, school or policy.school)
    if before:
        texts = list(before.clauses.order_by("position").values_list("ref", "text"))
        version.differences = {"from": before.number, **rules.differences(texts, [(row.ref, row.text) for row in clauses])}
        version.save(update_fields=["differences"])
    facts = {"number": version.number, "clauses": len(clauses), "fingerprint": told, "source_sha256": document.source.sha256}
    record_about("policy.imported", version, facts, by)
    return version


def _refuse_twice(trust_id: UUID, school_id: UUID | None, told: str) -> None:
    here = PolicyVersion.objects.filter(policy__trust_id=trust_id, fingerprint=told)
    here = here.filter(policy__school_id=school_id) if school_id else here.filter(policy__school_id__isnull=True)
    same = here.select_related("policy").first()
    if same:
        when = clock.local_date(same.imported_at)
        known_as = f"version {same.number} of “{same.policy.title}”, imported on {when.day} {when:%B %Y}"
        raise BadInput(f"This text is already here: it is {known_as}. Open that version instead.", "file")


def _new_policy(document: policytext.Document, trust: Trust, school: School | None, title: str) -> Policy:
    named = (title.strip() or document.title or document.source.name)[:300]
    if Policy.objects.filter(trust=trust, school=school, title__iexact=named).exists():
        raise BadInput(
            f"There is already a policy called “{named}” here. Import this as its next version, or give it another title.", "title"
        )
    return Policy.objects.create(trust=trust, school=school, title=named, audience=[str(one) for one in Category], created_at=clock.now())


def _facts(document: policytext.Document, by: Scope) -> dict[str, Any]:
    source, now = document.source, clock.now()
    said = ("title", "organisation", "version", "owner", "approved_on", "approved_by", "review_on")
    return {
        "printed_version": (document.version or "")[:60],
        "source_name": source.name[:255],
        "source_sha256": source.sha256,
        "media_type": source.media_type[:120],
        "review_on": last_day(document.review_on) if document.review_on else None,
        "facts": {**{name: getattr(document, name) for name in said}, "pages": source.pages},
        "warnings": [{"code": row.code, "message": row.message, "ref": row.ref} for row in document.warnings],
        "imported_at": now,
        "imported_by_id": by.person_id,
        "checked_at": now,
    }


def _store_clauses(version: PolicyVersion, document: policytext.Document) -> list[Clause]:
    matches = {match.ref: match for match in policytext.match(document, top=TOP)}
    rows = []
    for position, read in enumerate(document.clauses):
        match = matches.get(read.ref)
        offered = (
            [{"control": s.control, "score": s.score, "why": s.why, "lines": list(s.lines)} for s in match.suggestions] if match else []
        )
        kind = ClauseKind(match.kind) if match else ClauseKind.UNJOINED
        rows.append(
            Clause(
                version=version, position=position, ref=read.ref, path=list(read.path), text=read.text, modality=read.modality,
                actors=list(read.actors), page=read.page, suggestions=offered, suggested_kind=kind,
            )
        )  # fmt: skip
    return Clause.objects.bulk_create(rows, batch_size=200)


def _store_findings(version: PolicyVersion, document: policytext.Document, clauses: Sequence[Clause], school: School | None) -> None:
    nation = (
        school.nation
        if school
        else School.objects.filter(trust_id=version.policy.trust_id).values_list("nation", flat=True).first() or "england"
    )
    by_ref = {row.ref: row for row in clauses}
    now = clock.now()
    found = policytext.check(document, on=clock.today(), nation=nation).findings
    TextFinding.objects.bulk_create(
        [
            TextFinding(
                version=version, clause=by_ref.get(row.ref or ""), rule=row.rule, severity=row.severity, quote=row.quote or "",
                message=row.message, replaced_by=row.replaced_by or "", found_at=now,
            )
            for row in found
        ],
        batch_size=200,
    )  # fmt: skip
