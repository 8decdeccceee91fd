"""A document becomes a draft version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people.access import Scope
from schoolgate.people.models import Category, School, Trust
from schoolgate.policies import queries, reading, rules
from schoolgate.policies.actions.checking import store_findings
from schoolgate.policies.actions.correcting import remember_repeated, repeat_corrections, suggestions
from schoolgate.policies.actions.holding import own_policy, record_about
from schoolgate.policies.models import Aside, Clause, Policy, PolicyPage, PolicyVersion
from schoolgate.policies.rules.corrections import Piece
from schoolgate.policytext.outline.dates import last_day


@transaction.atomic
def import_version(
    *,
    document: policytext.Document,
    pictures: Sequence[policytext.Picture] = (),
    policy: Policy | None = None,
    school: School | None = None,
    title: str = "",
    by: Scope,
) -> PolicyVersion:
    """Store a document as a draft: its clauses, what they could be joined to, and what the check found. All of it or nothing.

    With `policy` it becomes that policy's next version, read with the corrections of the version before where the same words stand
    again; else a new policy of the school, or of the trust where no school is named. `pictures` are those of its pages.
    BadInput when the same text is already there, or when another policy of that place has the title.
    """
    school_id = policy.school_id if policy else school.id if school else None
    rules.check_can_edit(by, school_id)
    trust = Trust.objects.select_for_update().get(pk=by.trust_id)  # one import at a time in a trust: the same text never slips in twice
    read = reading.pieces_of(document)
    told = rules.fingerprint((clause.ref, clause.text) for clause in document.clauses)
    _refuse_twice(by.trust_id, school_id, told)
    policy = own_policy(policy, by) if policy else _new_policy(document, trust, school, title)
    before = PolicyVersion.objects.filter(policy=policy).order_by("-number").first()
    pieces, repeated = repeat_corrections(before, read)
    number = before.number + 1 if before else 1
    version = PolicyVersion.objects.create(policy=policy, number=number, fingerprint=told, **_facts(document, by))
    _store_pieces(version, pieces)
    remember_repeated(version, repeated, by)
    _store_pictures(version, pictures)
    _store_judged(version, before, pieces)
    count = sum(not one.aside for one in pieces)
    facts = {"number": number, "clauses": count, "fingerprint": told, "source_sha256": document.source.sha256}
    record_about("policy.imported", version, facts, by)
    return version


def _store_judged(version: PolicyVersion, before: PolicyVersion | None, pieces: Sequence[Piece]) -> None:
    """What the check found in the text as it now stands, and what changed since the version before."""
    store_findings(version, reading.document_of(version, pieces))
    version.differences = queries.differences(before, version) if before else {}
    version.save(update_fields=["differences", "fingerprint"])


def _refuse_twice(trust_id: UUID, school_id: UUID | None, told: str) -> None:
    """The same text as a version stands now, or as it was read before people put it right."""
    here = PolicyVersion.objects.filter(Q(fingerprint=told) | Q(corrections__fingerprint_before=told), policy__trust_id=trust_id)
    here = here.filter(policy__school_id=school_id) if school_id else here.filter(policy__school_id__isnull=True)
    same = here.select_related("policy").first()
    if same:
        when = clock.local_date(same.imported_at)
        known_as = f"version {same.number} of “{same.policy.title}”, imported on {clock.in_words(when)}"
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
    return {
        "printed_version": (document.version or "")[:60],
        "source_name": source.name[:255],
        "source_sha256": source.sha256,
        "media_type": source.media_type[:120],
        "review_on": last_day(document.review_on) if document.review_on else None,
        "facts": {**{name: getattr(document, name) for name in reading.FACTS}, "pages": source.pages},
        "warnings": [{"code": row.code, "message": row.message, "ref": row.ref} for row in document.warnings],
        "imported_at": now,
        "imported_by_id": by.person_id,
        "checked_at": now,
    }


def _store_pieces(version: PolicyVersion, pieces: Sequence[Piece]) -> None:
    """Clauses and what was set aside, each at its place in the document, with what the clauses could be joined to."""
    offered = suggestions(reading.document_of(version, pieces))
    clauses = [
        reading.clause_row(version, replace(one, decision=offered.get(one.ref, {})), place)
        for place, one in enumerate(pieces)
        if not one.aside
    ]
    Clause.objects.bulk_create(clauses, batch_size=200)
    asides = [reading.aside_row(version, one, place) for place, one in enumerate(pieces) if one.aside]
    Aside.objects.bulk_create(asides, batch_size=200)


def _store_pictures(version: PolicyVersion, pictures: Sequence[policytext.Picture]) -> None:
    PolicyPage.objects.bulk_create(
        [
            PolicyPage(
                version=version, number=one.page, media_type=one.media_type, picture=one.data, width=one.width, height=one.height
            )
            for one in pictures
        ],
        batch_size=5,
    )  # fmt: skip
