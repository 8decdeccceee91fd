"""A school's own calendar: terms are written down, days are closed and opened again."""

from datetime import date

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import ClosedDay, School, Term


@transaction.atomic
def add_term(*, school: School, name: str, starts_on: date, ends_on: date, by: Scope) -> Term:
    """Write down a term, or the half of one before or after its break. BadInput when it runs into another."""
    rules.check_can_keep_register(by, school.id)
    School.objects.select_for_update().get(pk=school.pk)  # two terms written at once cannot overlap unseen
    known = [(one.name, one.starts_on, one.ends_on) for one in Term.objects.filter(school=school)]
    rules.check_term(starts_on, ends_on, known)
    term = Term.objects.create(school=school, name=name.strip(), starts_on=starts_on, ends_on=ends_on)
    facts = {"starts_on": starts_on, "ends_on": ends_on}
    audit.record("term.added", term, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return term


@transaction.atomic
def drop_term(*, term: Term, by: Scope) -> None:
    """Take a term out again, to write it down rightly."""
    rules.check_can_keep_register(by, term.school_id)
    facts = {"starts_on": term.starts_on, "ends_on": term.ends_on}
    audit.record("term.dropped", term, trust_id=by.trust_id, school_id=term.school_id, facts=facts, by=by.actor)
    term.delete()


@transaction.atomic
def close_day(*, school: School, day: date, kind: str, reason: str = "", by: Scope) -> ClosedDay:
    """A training day or a closure. Saying it again for the same day changes what it is."""
    rules.check_can_keep_register(by, school.id)
    closed, _ = ClosedDay.objects.update_or_create(
        school=school, day=day, defaults={"kind": ClosedDay.Kind(kind), "reason": reason.strip()}
    )
    audit.record("day.closed", closed, trust_id=by.trust_id, school_id=school.id, facts={"day": day, "kind": kind}, by=by.actor)
    return closed


@transaction.atomic
def open_day(*, closed: ClosedDay, by: Scope) -> None:
    """The day counts again."""
    rules.check_can_keep_register(by, closed.school_id)
    audit.record("day.opened", closed, trust_id=by.trust_id, school_id=closed.school_id, facts={"day": closed.day}, by=by.actor)
    closed.delete()
