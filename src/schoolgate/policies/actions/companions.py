"""Companion documents are listed, told where they are, and tried."""

from datetime import date

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.people.rules import known_roles
from schoolgate.policies import rules
from schoolgate.policies.models import Clause, Companion, CompanionCheck, CompanionEdition
from schoolgate.policies.rules import companions


@transaction.atomic
def list_companion(*, school: School, title: str, outside: bool = False, clause: Clause | None = None, by: Scope) -> Companion:
    """Put a document on the list of what the school's policies tell people to read. Listed again it stays as it is."""
    rules.check_can_edit(by, school.id)
    name = " ".join(title.split())[:200]
    if not name:
        raise BadInput("Enter the title of the document.", "title")
    row, fresh = Companion.objects.get_or_create(
        school=school, title=name,
        defaults={
            "outside": outside, "yearly": companions.is_yearly(name), "clause": clause, "added_at": clock.now(),
            "added_by_id": by.person_id,
        },
    )  # fmt: skip
    if fresh:
        audit.record("companion.listed", row, trust_id=by.trust_id, school_id=school.id, facts={"outside": outside}, by=by.actor)
    return row


@transaction.atomic
def record_edition(
    *, companion: Companion, where: str, owner_role: str, dated: date, review_on: date | None, by: Scope
) -> CompanionEdition:
    """Say where a companion is, who owns it, of when it is, and when it is reviewed. The editions before stay."""
    rules.check_can_edit(by, companion.school_id)
    if not where.strip():
        raise BadInput("Enter the address or the place where it is kept.", "where")
    if owner_role and owner_role not in known_roles():
        raise BadInput(f"There is no role called {owner_role}. Choose one from the list.", "owner_role")
    if dated > clock.today():
        raise BadInput("The date of the document is in the future.", "dated")
    row = CompanionEdition.objects.create(
        school_id=companion.school_id, companion=companion, where=where.strip()[:500], owner_role=owner_role, dated=dated,
        review_on=review_on, recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"dated": dated.isoformat(), "review_on": review_on.isoformat() if review_on else None}
    audit.record("companion.edition", row, trust_id=by.trust_id, school_id=companion.school_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def check_companion(*, companion: Companion, opened: bool, by: Scope) -> CompanionCheck:
    """Record that a named person tried to open a companion, and whether it opened."""
    rules.check_can_edit(by, companion.school_id)
    if by.person_id is None:
        raise Denied("A named person must open the document; a process cannot.")
    row = CompanionCheck.objects.create(
        school_id=companion.school_id, companion=companion, opened=opened, checked_at=clock.now(), checked_by_id=by.person_id
    )
    audit.record("companion.checked", row, trust_id=by.trust_id, school_id=companion.school_id, facts={"opened": opened}, by=by.actor)
    return row
