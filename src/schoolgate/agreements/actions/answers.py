"""Refusing to sign, asking first, and the answer."""

from django.db import transaction
from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.actions.links import check_link, link_scope
from schoolgate.agreements.actions.signing import locked_version
from schoolgate.agreements.models import Agreement, Ask, Refusal, SigningLink
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import Denied, NotFound
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import Person
from schoolgate.policies.models import VersionState

REFUSED, ASKED = "agreement.refused", "agreement.asked"
ANSWERED = {Ask.REFUSES: "agreement.refusal_answered", Ask.ASKS: "agreement.question_answered"}


@transaction.atomic
def refuse(*, agreement: Agreement, reason: str, by: Scope) -> Refusal:
    """Decline to sign, with a reason. It does not count as signed; the head answers it."""
    if by.person_id is None:
        raise Denied("Only a person can refuse to sign.")
    rules.check_reason(reason, "reason", "Write why you do not sign. The head reads it and answers you.")
    return _said(agreement, Person.objects.get(id=by.person_id), Ask.REFUSES, reason, scope=by, by=by.actor)


@transaction.atomic
def ask(*, agreement: Agreement, reason: str, by: Scope) -> Refusal:
    """Ask something before signing. The time to sign runs on; whoever looks after signatures at the school answers."""
    if by.person_id is None:
        raise Denied("Only a person can ask.")
    rules.check_reason(reason, "reason", "Write your question.")
    return _said(agreement, Person.objects.get(id=by.person_id), Ask.ASKS, reason, scope=by, by=by.actor)


@transaction.atomic
def refuse_by_link(*, link: SigningLink, reason: str, by: Actor) -> Refusal:
    """Decline with a reason, without a sign-in. The link stays whole: whoever holds it may still sign with it."""
    check_link(link)
    rules.check_reason(reason, "reason", "Write why you do not sign. The head reads it and answers you.")
    return _said(link.agreement, link.person, Ask.REFUSES, reason, scope=link_scope(link), by=by)


def _said(agreement: Agreement, person: Person, kind: Ask, reason: str, *, scope: Scope, by: Actor) -> Refusal:
    version = locked_version(agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    in_force = version is None or version.state == VersionState.IN_FORCE
    rules.check_still_current(is_open=form.open, in_force=in_force, shown="", now="")
    if queries.place_of(scope, form, person.id, clock.today()) is None:
        raise Denied("You are not among the people who are asked to sign this policy here.")
    if queries.open_refusal(form.id, person.id, kind):
        refused = kind == Ask.REFUSES
        raise Denied(
            "You have refused already. The head has your reason and will answer you." if refused
            else "You have asked already. The answer comes to your messages."
        )  # fmt: skip
    said = Refusal.objects.create(
        school_id=form.school_id, agreement=form, person=person, kind=kind, reason=reason.strip(), refused_at=clock.now()
    )
    template = REFUSED if kind == Ask.REFUSES else ASKED
    audit.record(template, said, trust_id=scope.trust_id, school_id=form.school_id, by=by)
    for head in queries.heads(form.school_id, clock.today()):
        if head.id != person.id:
            _tell(said, head, template, reverse("agreements:refusal", args=[said.id]))
    return said


@transaction.atomic
def answer_refusal(*, refusal: Refusal, decision: str, by: Scope) -> Refusal:
    """The answer to a refusal or a question. It does not make a signature; the person may still sign."""
    row = Refusal.objects.select_for_update().select_related("person").get(id=refusal.id)
    if row.school_id not in by.schools:
        raise NotFound("There is no such refusal in your reach")
    is_head = queries.is_head(by, row.school_id, clock.today())
    own = row.person_id == by.person_id
    rules.check_can_answer(decided=row.decided_at is not None, own=own, is_head=is_head, is_refusal=row.is_refusal)
    rules.check_reason(decision, "decision", "Write what you decided. The person is told that there is an answer.")
    row.decision, row.decided_at, row.decided_by_id = decision.strip(), clock.now(), by.person_id
    row.save(update_fields=["decision", "decided_at", "decided_by"])
    template = ANSWERED[Ask(row.kind)]
    audit.record(template, row, trust_id=by.trust_id, school_id=row.school_id, by=by.actor)
    _tell(row, row.person, template, reverse("agreements:read", args=[row.agreement_id]))
    return row


def _tell(refusal: Refusal, person: Person, template: str, path: str) -> None:
    notify.queue(
        person_id=person.id, trust_id=person.trust_id, school_id=refusal.school_id, template=template, path=path,
        address=person.email, by_email=bool(person.email), once=f"{template}:{refusal.id}:{person.id}",
    )  # fmt: skip
