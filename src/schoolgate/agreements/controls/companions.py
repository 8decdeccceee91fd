"""agreements.linked_codes_signed: companion codes signed with the policy, and nobody posts or uses school systems without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.models import Code, Kind
from schoolgate.agreements.queries import Asked
from schoolgate.agreements.rules import Terms, Verdict, codes
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.people.access import process_scope
from schoolgate.people.models import Category, Engagement, Person

NONE_LISTED = "No companion code is listed for any role."
NO_CODE = "No companion code has a version in force with a form to sign."


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every pair is judged by."""

    of_code: Mapping[str, Asked]
    signed: Mapping[tuple[UUID, str], datetime]
    since: date
    terms: Terms
    on: date


@control(codes.CONTROL)
def linked_codes_signed(q: Question) -> Count:
    """One item a person and code, each covered adult with each code for their role. Long leave is set aside.

    Whoever holds an appointment to post, keep accounts or run the system and has not signed acceptable use breaks it at once.
    """
    if not any(q.params["codes_by_role"].values()):
        return Count(silent=NONE_LISTED)
    scope = process_scope("readings", q.trust_id, [q.school_id])
    asked = queries.asked_at(scope, q.school_id, q.on, [Kind.CODE])
    if not asked:
        return Count(silent=NO_CODE)
    found = queries.rows(scope, q.school_id, asked, q.on)
    held = queries.roles_held(q.school_id, q.on)
    facts = _Facts({one.form.code: one for one in asked}, found.signed, max(one.since for one in asked), _terms(q), q.on)
    items = []
    for person, by_category in _adults(found.engaged, q.on).items():
        wanted = {code: category for category in by_category for code in rules.codes_for(category, q.params["codes_by_role"])}
        for code in sorted(wanted):
            joined = queries.joined(by_category[wanted[code]], wanted[code])
            items.append(_pair(person, code, joined, rules.gives_access(held.get(person.id, ())), facts))
    return Count(items, silent=NO_CODE, window=clock.in_words(q.on))


def _terms(q: Question) -> Terms:
    months, remind = q.params["cycle_months"], q.params["remind_days"]
    return Terms(rules.EVERYBODY, q.params["sign_days"], q.params["resign_days"], months, 0, remind)


def _adults(engaged: Sequence[Engagement], on: date) -> dict[Person, dict[str, list[Engagement]]]:
    """Each adult who is here, with their places by category."""
    found: dict[Person, dict[str, list[Engagement]]] = {}
    for one in engaged:
        if not one.away(on):
            found.setdefault(one.person, {}).setdefault(one.category, []).append(one)
    return found


def _pair(person: Person, code: str, joined: date, access: bool, facts: _Facts) -> Item:
    """One person and one code."""
    form = facts.of_code.get(code)
    at = facts.signed.get((person.id, form.form.subject)) if form else None
    day = clock.local_date(at) if at else None
    since = form.since if form else facts.since
    # The term of office of a governor restarts the policy's own signature only: a code has a cycle of its own.
    verdict = rules.judge(category=Category.EMPLOYEE, joined=joined, signed_on=day, since=since, terms=facts.terms, on=facts.on)
    if form is None:
        verdict = Verdict(verdict.standing, verdict.due_on, "There is no form to sign for this code")
    lines = {codes.LINE_OF[Code(code)] if code in Code.values else "email_and_other": verdict.standing}
    standing, why = verdict.standing, verdict.why
    if access and code == Code.ACCEPTABLE_USE:
        unsigned = verdict.standing in {Standing.DUE, Standing.BROKEN}
        lines[codes.HELD_BACK] = Standing.BROKEN if unsigned else Standing.GOOD
        if unsigned:
            standing, why = Standing.BROKEN, f"{verdict.why}, and may post, keep accounts or run the system"
    label = f"{person.name}: {Code(code).label if code in Code.values else code}"
    url = reverse("agreements:people", args=[form.form.id]) if form else reverse("agreements:forms")
    return Item(label, standing, why, url, due_on=verdict.due_on, lines=lines)
