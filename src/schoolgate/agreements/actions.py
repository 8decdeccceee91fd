"""What changes about agreements: forms published, texts opened, signed, refused, answered, people reminded."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.models import Agreement, Means, Opening, Refusal, Signature, SigningLink
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing
from schoolgate.notify import actions as notify
from schoolgate.notify import queries as told
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Person, School
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries as policies
from schoolgate.policies.models import Policy, PolicyVersion, VersionState
from schoolgate.ui.dates import moment

REMINDER = "agreement.reminder"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new one-time link and its key, which is shown once and kept nowhere."""

    link: SigningLink
    key: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the page sent: the name typed, the statements ticked, the page's own token and the fingerprint of the text it showed."""

    name: str
    statements: Sequence[str]
    token: str
    fingerprint: str


# ------------------------------------------------------------------ publishing and reminding


@transaction.atomic
def publish(
    *, version: PolicyVersion, school: School, categories: Sequence[str], statements: Sequence[str], minor_change: str = "", by: Scope
) -> Agreement:
    """Ask these people at one school to sign a version in force there. Closes the form of the version before.

    `minor_change` is the reason why earlier signatures still stand; without one everybody signs again and is told so.
    """
    by.require(Permission.POLICY_EDIT, school.id, "Only someone who edits policies at this school may publish a form to sign")
    rules.check_form(categories, statements)
    Policy.objects.select_for_update(no_key=True).get(
        id=version.policy_id
    )  # policies.actions takes the policy before its versions: so do we
    locked = _locked_version(version.id)
    former = list(Agreement.objects.select_for_update(no_key=True).filter(school=school, policy_id=locked.policy_id))
    rules.check_can_publish(
        in_force=any(one.id == locked.id for one in policies.versions_in_force(by, school.id)),
        published=any(one.version_id == locked.id for one in former),
        earlier=bool(former),
        minor_change=minor_change,
    )
    now = clock.now()
    Agreement.objects.filter(id__in=[one.id for one in former], closed_at__isnull=True).update(closed_at=now)
    made = Agreement.objects.create(
        school=school, policy_id=locked.policy_id, version=version, categories=list(categories),
        statements=[line.strip() for line in statements], minor_change=minor_change.strip(), published_at=now,
    )  # fmt: skip
    facts = {"categories": list(categories), "statements": len(statements), "minor": bool(minor_change)}
    audit.record("agreement.published", made, trust_id=by.trust_id, school_id=school.id, why=minor_change, facts=facts, by=by.actor)
    for place in queries.owing(queries.places_for(by, made, clock.today())):
        _tell(place.person, made, "agreement.to_sign", f"agreement.to_sign:{made.id}:{place.person.id}")
    return made


@transaction.atomic
def remind(*, agreement: Agreement, by: Scope) -> int:
    """Remind everybody who has not signed, once a day; how many were reminded."""
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may send reminders")
    return _remind(agreement, 1, by)


@transaction.atomic
def remind_when_due(*, agreement: Agreement, by: Scope) -> int:
    """Remind those whose last message is agree.reminder_days old or older: for the daily job."""
    return _remind(agreement, queries.terms(by, agreement.school_id).reminder_days, by)


def _remind(agreement: Agreement, days: int, by: Scope) -> int:
    today = clock.today()
    owing = queries.owing(queries.places_for(by, agreement, today))
    chased = [place for place in owing if place.verdict and place.verdict.standing != Standing.LAPSING]
    last = _last_told(agreement, by)
    before = today - timedelta(days=days)
    due = [place.person for place in chased if place.person.id not in last or last[place.person.id] <= before]
    if not due:
        if by.person_id and chased:
            raise Denied("Everyone who has not signed was sent a message today. You can remind them again tomorrow.")
        return 0
    for person in due:
        _tell(person, agreement, REMINDER, f"{REMINDER}:{agreement.id}:{person.id}:{today}")
    audit.record(
        "agreement.reminded", agreement, trust_id=by.trust_id, school_id=agreement.school_id, facts={"people": len(due)}, by=by.actor
    )
    return len(due)


def _last_told(agreement: Agreement, by: Scope) -> dict[UUID, date]:
    """The day each person was last told of this form, by the first message or by a reminder."""
    path = reverse("agreements:read", args=[agreement.id])
    found = told.last_told(by, "agreement.to_sign", path) | told.last_told(by, REMINDER, path)
    return {person_id: clock.local_date(at) for person_id, at in found.items()}


def _tell(person: Person, agreement: Agreement, template: str, once: str) -> None:
    notify.queue(
        person_id=person.id, trust_id=person.trust_id, school_id=agreement.school_id, template=template,
        path=reverse("agreements:read", args=[agreement.id]), address=person.email, by_email=bool(person.email), once=once,
    )  # fmt: skip


def _locked_version(version_id: UUID) -> PolicyVersion:
    """The version as it is now, held against being replaced until the transaction is over. Taken before any form's lock."""
    # Unordered: the model's own order would join the policy and lock it too, out of turn.
    found = PolicyVersion.objects.select_for_update(no_key=True).filter(id=version_id).order_by().first()
    if found is None:
        raise NotFound("There is no such version in your reach")
    return found


# ------------------------------------------------------------------ signing


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
def sign(*, agreement: Agreement, name: str, statements: Sequence[str], token: str, fingerprint: str, by: Scope) -> Signature:
    """Sign the version in force. The same page sent twice (`token`) makes one signature and gives the same one back.

    `Replaced` when the version is no longer the one in force: nothing is stored. BadInput for a wrong name or a statement not
    ticked; Denied when the person is not asked, has signed already or has not opened the text.
    """
    if by.person_id is None:
        raise Denied("Only a person can sign.")
    person = Person.objects.get(id=by.person_id)
    return _sign(agreement, person, Page(name, statements, token, fingerprint), Means.SIGNED_IN, scope=by, by=by.actor)


def _sign(agreement: Agreement, person: Person, page: Page, means: Means, *, scope: Scope, by: Actor) -> Signature:
    version = _locked_version(agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    again = queries.signature_sent(form.id, person.id, page.token)
    if again:
        return again
    today = clock.today()
    in_force = version.state == VersionState.IN_FORCE and any(
        one.id == version.id for one in policies.versions_in_force(scope, form.school_id)
    )
    rules.check_still_current(is_open=form.open, in_force=in_force, shown=page.fingerprint, now=version.fingerprint)
    place = queries.place_of(scope, form, person.id, today)
    opened_at = queries.last_opening(form.id, person.id)
    standing = place.verdict.standing if place and place.verdict else Standing.DUE
    rules.check_can_sign(asked=place is not None, standing=standing, opened_at=opened_at)
    rules.check_statements(form.statements, page.statements)
    rules.check_name(page.name, person.name)
    role, category = queries.role_that_day(person, form.school_id, today)
    signature = Signature.objects.create(
        school_id=form.school_id, agreement=form, person=person, name_signed=" ".join(page.name.split()), role_that_day=role,
        category=category, opened_at=cast(datetime, opened_at), signed_at=clock.now(), statements=list(page.statements),
        fingerprint=version.fingerprint, means=means, token=page.token,
    )  # fmt: skip
    facts = {"agreement": str(form.id), "version": str(version.id), "fingerprint": version.fingerprint, "means": str(means)}
    audit.record("agreement.signed", signature, trust_id=scope.trust_id, school_id=form.school_id, facts=facts, by=by)
    return signature


# ------------------------------------------------------------------ refusing


@transaction.atomic
def refuse(*, agreement: Agreement, reason: str, by: Scope) -> Refusal:
    """Decline to sign, with a reason. It does not count as signed; the head answers it."""
    if by.person_id is None:
        raise Denied("Only a person can refuse to sign.")
    rules.check_reason(reason, "reason", "Write why you do not sign. The head reads it and answers you.")
    version = _locked_version(agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    rules.check_still_current(
        is_open=form.open, in_force=version.state == VersionState.IN_FORCE, shown=version.fingerprint, now=version.fingerprint
    )
    place = queries.place_of(by, form, by.person_id, clock.today())
    if place is None:
        raise Denied("You are not among the people who are asked to sign this policy here.")
    waiting = queries.open_refusal(form.id, by.person_id)
    if waiting:
        raise Denied("You have refused already. The head has your reason and will answer you.")
    refusal = Refusal.objects.create(
        school_id=form.school_id, agreement=form, person_id=by.person_id, reason=reason.strip(), refused_at=clock.now()
    )
    audit.record("agreement.refused", refusal, trust_id=by.trust_id, school_id=form.school_id, by=by.actor)
    for head in queries.heads(form.school_id, clock.today()):
        if head.id != by.person_id:
            _tell_of_refusal(refusal, head, "agreement.refused", reverse("agreements:refusal", args=[refusal.id]))
    return refusal


@transaction.atomic
def answer_refusal(*, refusal: Refusal, decision: str, by: Scope) -> Refusal:
    """The head's answer to a refusal. It does not make a signature; the person may still sign."""
    row = Refusal.objects.select_for_update().select_related("person").get(id=refusal.id)
    if row.school_id not in by.schools:
        raise NotFound("There is no such refusal in your reach")
    is_head = queries.is_head(by, row.school_id, clock.today())
    rules.check_can_answer(decided=row.decided_at is not None, own=row.person_id == by.person_id, is_head=is_head)
    rules.check_reason(decision, "decision", "Write what you decided. The person is told that there is an answer.")
    row.decision, row.decided_at, row.decided_by_id = decision.strip(), clock.now(), by.person_id
    row.save(update_fields=["decision", "decided_at", "decided_by"])
    audit.record("agreement.refusal_answered", row, trust_id=by.trust_id, school_id=row.school_id, by=by.actor)
    _tell_of_refusal(row, row.person, "agreement.refusal_answered", reverse("agreements:read", args=[row.agreement_id]))
    return row


def _tell_of_refusal(refusal: Refusal, person: Person, template: str, path: str) -> None:
    notify.queue(
        person_id=person.id, trust_id=person.trust_id, school_id=refusal.school_id, template=template, path=path,
        address=person.email, by_email=bool(person.email), once=f"{template}:{refusal.id}:{person.id}",
    )  # fmt: skip


# ------------------------------------------------------------------ one-time links


@transaction.atomic
def make_link(*, agreement: Agreement, person: Person, by: Scope) -> MadeLink:
    """A link with which one person without a sign-in reads and signs this form, once. The key is shown now and never again."""
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may make a link")
    if not agreement.open:
        raise Denied("A newer form has taken this one's place. Make the link for that one.")
    if queries.place_of(by, agreement, person.id, clock.today()) is None:
        raise Denied("This form does not ask that person to sign.")
    key = "".join(secrets.choice(rules.KEY_ALPHABET) for _ in range(rules.KEY_LENGTH))
    now = clock.now()
    link = SigningLink.objects.create(
        school_id=agreement.school_id, agreement=agreement, person=person, token_hash=rules.key_hash(key),
        made_at=now, ends_at=now + timedelta(days=rules.LINK_DAYS),
    )  # fmt: skip
    audit.record("signing_link.made", link, trust_id=by.trust_id, school_id=agreement.school_id, by=by.actor)
    return MadeLink(link, rules.key_in_groups(key))


def check_link(link: SigningLink) -> None:
    """Denied when a link was used or is too old; says when, and what to do."""
    used = moment(link.used_at) if link.used_at else ""
    rules.check_link(used_at=link.used_at, ended=link.ends_at <= clock.now(), used_words=used)


@transaction.atomic
def sign_by_link(*, link: SigningLink, name: str, statements: Sequence[str], token: str, fingerprint: str, by: Actor) -> Signature:
    """Sign with a one-time link. The link is spent together with the signature: a refused try leaves it whole.

    The same page sent twice gives the same signature back; any other use of a spent link is Denied with the time of its use.
    """
    sent_before = queries.signature_sent(link.agreement_id, link.person_id, token)
    if sent_before:
        return sent_before
    _locked_version(link.agreement.version_id)
    now = clock.now()
    spent = SigningLink.objects.filter(id=link.id, used_at__isnull=True, ends_at__gt=now).update(used_at=now)
    if not spent:
        again = queries.signature_sent(link.agreement_id, link.person_id, token)
        if again:
            return again
        check_link(SigningLink.objects.get(id=link.id))
        raise BadInput("This link cannot be used. Ask the school office for a new one.")
    page = Page(name, statements, token, fingerprint)
    return _sign(link.agreement, link.person, page, Means.LINK, scope=link_scope(link), by=by)


def link_scope(link: SigningLink) -> Scope:
    """What reading by a link can reach: the one school of its form."""
    return process_scope("signing link", link.person.trust_id, [link.school_id])
