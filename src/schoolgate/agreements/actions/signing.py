"""Texts opened and signed: by the person signed in, and by a one-time link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from schoolgate.agreements import queries, rules
from schoolgate.agreements.actions.links import check_link, link_scope
from schoolgate.agreements.models import Agreement, Kind, Means, Opening, Signature, SigningLink, Understanding
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing
from schoolgate.people.access import Scope
from schoolgate.people.models import Person
from schoolgate.policies import queries as policies
from schoolgate.policies.models import PolicyVersion, VersionState

Answers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page sent: the name typed, the statements ticked, the page's own token, the fingerprint of the text it showed, and the
    place of the answer chosen to each question of the short check."""

    name: str
    statements: Sequence[str]
    token: str
    fingerprint: str
    answers: Answers = ()


def locked_version(version_id: UUID | None) -> PolicyVersion | None:
    """Versions are locked before forms, here and when one is brought into force, so that the two wait for each other in one order.

    The lock spares the key, so that rows that only point at the version can be written meanwhile.
    """
    if version_id is None:
        return None
    found = PolicyVersion.objects.select_for_update(no_key=True).filter(id=version_id).order_by().first()
    if found is None:
        raise NotFound("There is no such version in your reach")
    return found


@transaction.atomic
def open_text(*, agreement: Agreement, person: Person, by: Actor) -> Opening:
    """Note that a person opened the full text. Shown again within half an hour it is the same opening."""
    last = Opening.objects.filter(agreement=agreement, person=person).order_by("-at").first()
    if last and clock.now() - last.at < rules.SAME_VISIT:
        return last
    opening = Opening.objects.create(agreement=agreement, person=person, at=clock.now())
    audit.record("agreement.opened", agreement, trust_id=person.trust_id, school_id=agreement.school_id, by=by)
    return opening


@transaction.atomic
def note_wrong_answers(*, agreement: Agreement, person: Person) -> None:
    """Count one try at the short check that was not passed. What was answered is not kept."""
    row, _ = Understanding.objects.get_or_create(agreement=agreement, person=person)
    Understanding.objects.filter(id=row.id).update(attempts=F("attempts") + 1)


@transaction.atomic
def sign(
    *,
    agreement: Agreement,
    name: str,
    statements: Sequence[str],
    token: str,
    fingerprint: str,
    answers: Answers = (),
    by: Scope,
) -> Signature:
    """Sign the text in force. The same page sent twice (`token`) makes one signature and gives the same one back.

    `Replaced` when the text is no longer the one in force: nothing is stored. BadInput for a wrong name or a statement not ticked,
    WrongAnswers for the short check; Denied when the person is not asked, has signed already or has not opened the text.
    """
    if by.person_id is None:
        raise Denied("Only a person can sign.")
    person = Person.objects.get(id=by.person_id)
    page = Page(name, statements, token, fingerprint, answers)
    return put_signature(agreement, person, page, Means.SIGNED_IN, scope=by, by=by.actor)


@transaction.atomic
def sign_by_link(
    *, link: SigningLink, name: str, statements: Sequence[str], token: str, fingerprint: str, answers: Answers = (), by: Actor
) -> Signature:
    """Sign with a one-time link. The link is spent together with the signature: a refused try leaves it whole.

    The same page sent twice gives the same signature back; any other use of a spent link is Denied with the time of its use.
    """
    sent_before = queries.signature_sent(link.agreement_id, link.person_id, token)
    if sent_before:
        return sent_before
    locked_version(link.agreement.version_id)
    now = clock.now()
    spent = SigningLink.objects.filter(id=link.id, used_at__isnull=True, ends_at__gt=now).update(used_at=now)
    if not spent:
        again = queries.signature_sent(link.agreement_id, link.person_id, token)
        if again:
            return again
        check_link(SigningLink.objects.get(id=link.id))
        raise BadInput("This link cannot be used. Ask the school office for a new one.")
    page = Page(name, statements, token, fingerprint, answers)
    return put_signature(link.agreement, link.person, page, Means.LINK, scope=link_scope(link), by=by)


def put_signature(agreement: Agreement, person: Person, page: Page, means: Means, *, scope: Scope, by: Actor, **entered: Any) -> Signature:
    """Check everything a signature made at a screen needs, and keep it."""
    version = locked_version(agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    again = queries.signature_sent(form.id, person.id, page.token)
    if again:
        return again
    in_force = version is None or (
        version.state == VersionState.IN_FORCE and any(one.id == version.id for one in policies.versions_in_force(scope, form.school_id))
    )
    now = version.fingerprint if version else agreement.fingerprint  # a sheet never changes
    rules.check_still_current(is_open=form.open, in_force=in_force, shown=page.fingerprint, now=now)
    opened_at = _may_sign(scope, form, person)
    rules.check_statements(form.statements, page.statements)
    rules.check_name(page.name, person.name)
    rules.check_answers(form.questions, page.answers)
    passed = {"check_passed_at": clock.now(), "check_attempts": queries.attempts(form.id, person.id) + 1} if form.questions else {}
    fields = {**entered, **passed, "opened_at": opened_at, "signed_at": clock.now(), "token": page.token, "fingerprint": page.fingerprint}
    return keep(form, person, means, name=page.name, statements=page.statements, scope=scope, by=by, **fields)


def _may_sign(scope: Scope, form: Agreement, person: Person) -> datetime | None:
    """Denied unless the form asks this person and they owe it; when they last opened the text."""
    today = clock.today()
    place = queries.place_of(scope, form, person.id, today)
    opened_at = queries.last_opening(form.id, person.id)
    standing = place.verdict.standing if place and place.verdict else Standing.DUE
    if standing == Standing.GOOD and form.kind == Kind.POLICY and queries.starts_unaccepted(scope, form.school_id, person.id, today):
        standing = Standing.DUE  # a new booking asks for a new acceptance
    rules.check_can_sign(asked=place is not None, standing=standing, opened_at=opened_at)
    return opened_at


def keep(
    form: Agreement, person: Person, means: Means, *, name: str, statements: Sequence[str], scope: Scope, by: Actor, **fields: Any
) -> Signature:
    """Write a signature down, with what the person was that day, and begin the count of tries at the short check anew."""
    today = clock.today()
    role, category = queries.role_that_day(person, form.school_id, today)
    firm = queries.firm_spoken_for(scope, form.school_id, person.id, today) if category == "contractor" else ""
    signature = Signature.objects.create(
        school_id=form.school_id, agreement=form, person=person, name_signed=" ".join(name.split()), register_name=person.name,
        role_that_day=role, category=category, statements=list(statements), means=means, for_firm=firm, **fields,
    )  # fmt: skip
    Understanding.objects.filter(agreement=form, person=person).update(attempts=0)
    facts = {"agreement": str(form.id), "version": str(form.version_id or ""), "fingerprint": signature.fingerprint, "means": str(means)}
    audit.record("agreement.signed", signature, trust_id=scope.trust_id, school_id=form.school_id, facts=facts, by=by)
    return signature
