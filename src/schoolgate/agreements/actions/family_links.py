"""Guardians without a sign-in: a link for one of them, a sheet or e-mails for a class, and the answers given by a link."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from schoolgate.agreements import queries, rules
from schoolgate.agreements.actions.families import open_family_form
from schoolgate.agreements.actions.links import MOST_AT_ONCE
from schoolgate.agreements.actions.signing import locked_version
from schoolgate.agreements.models import Agreement, Answer, FamilyAnswer, FamilyLink, FamilySignature
from schoolgate.agreements.queries import Answerer
from schoolgate.agreements.rules import families as family_rules
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.notify import actions as notify
from schoolgate.people import actions as people
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Pupil
from schoolgate.policies.models import VersionState
from schoolgate.ui.dates import moment

MAIL = "agreement.family_link"


@dataclass(frozen=True, slots=True)
class MadeFamilyLink:
    """A new link for a guardian and its key, which is shown once and kept nowhere."""

    link: FamilyLink
    key: str
    answerer: Answerer


@transaction.atomic
def make_family_link(*, agreement: Agreement, guardian_id: UUID, by: Scope) -> MadeFamilyLink:
    """A link with which one guardian answers for each of their children here. It ends any they had; the key is shown once."""
    form = open_family_form(agreement, by)
    found = queries.family_desk(by, form, clock.today()).guardian(guardian_id)
    if found is None:
        raise NotFound("There is no such guardian in your reach")
    _end_links(form, guardian_id)
    return _made(form, [found], by)[0]


@transaction.atomic
def make_family_links(*, agreement: Agreement, year: str, by: Scope) -> list[MadeFamilyLink]:
    """A link for every guardian of a class whose family has not answered, to be printed on one sheet and cut apart.

    Links they had still work: a card for a brother's class may be on its way. The first one used ends the others.
    """
    form = open_family_form(agreement, by)
    return _made(form, _waiting(form, year, by), by)


@transaction.atomic
def mail_family_links(*, agreement: Agreement, year: str, by: Scope) -> int:
    """The same by e-mail, to those who have an address; how many. The mail names no school, no child and no text."""
    form = open_family_form(agreement, by)
    wanted = [one for one in _waiting(form, year, by) if one.guardian.email]
    if not wanted:
        raise Denied("Nobody who has still to answer has an e-mail address. Print a sheet instead.")
    for made in _made(form, wanted, by, mailed=True):
        notify.queue_secret(
            person_id=made.link.guardian_id, trust_id=by.trust_id, school_id=form.school_id, template=MAIL,
            path=reverse("agreements:family_link", args=[made.key]), address=made.answerer.guardian.email, once=f"{MAIL}:{made.link.id}",
        )  # fmt: skip
    return len(wanted)


def _end_links(form: Agreement, guardian_id: UUID) -> None:
    """Whatever other links a guardian holds work no more."""
    now = clock.now()
    FamilyLink.objects.filter(agreement=form, guardian_id=guardian_id, used_at__isnull=True, ends_at__gt=now).update(ends_at=now)


def _waiting(form: Agreement, year: str, by: Scope) -> list[Answerer]:
    found = [one for one in queries.family_desk(by, form, clock.today()).of_class(year) if not one.answered]
    if not found:
        raise Denied("Every family of this class has answered, or has nobody who may answer.")
    if len(found) > MOST_AT_ONCE:
        raise Denied(f"{len(found)} people would need a link; one sheet holds {MOST_AT_ONCE}. Make links one by one.")
    return found


def _made(form: Agreement, wanted: Sequence[Answerer], by: Scope, *, mailed: bool = False) -> list[MadeFamilyLink]:
    """New links, and each family that was never asked written down as asked."""
    now, ends_at = clock.now(), clock.now() + timedelta(days=rules.LINK_DAYS)
    made = []
    for one in wanted:
        key = "".join(secrets.choice(rules.KEY_ALPHABET) for _ in range(rules.KEY_LENGTH))
        link = FamilyLink(
            school_id=form.school_id, agreement=form, guardian=one.guardian, token_hash=rules.key_hash(key), made_at=now, ends_at=ends_at,
            mailed=mailed,
        )  # fmt: skip
        made.append(MadeFamilyLink(link, rules.key_in_groups(key), one))
    FamilyLink.objects.bulk_create([one.link for one in made], batch_size=500)
    facts = {"links": len(made), "mailed": mailed}
    audit.record("family_links.made", form, trust_id=by.trust_id, school_id=form.school_id, facts=facts, by=by.actor)
    _ask(form, {child.id for one in wanted for child in one.children}, by)
    return made


def _ask(form: Agreement, children: set[UUID], by: Scope) -> None:
    found = queries.families(by, form.school_id, clock.today())
    new = [one for one in found if not one.said and any(pupil.id in children for pupil in one.pupils)]
    now = clock.now()
    FamilyAnswer.objects.bulk_create(
        FamilyAnswer(school_id=form.school_id, agreement=form, pupil=one.pupils[0], answer=Answer.ASKED, at=now, by_person_id=by.person_id)
        for one in new
    )
    if new:
        facts = {"families": len(new)}
        audit.record("families.asked", form, trust_id=by.trust_id, school_id=form.school_id, facts=facts, by=by.actor)


# ------------------------------------------------------------------ at the other end


def family_scope(link: FamilyLink) -> Scope:
    """What a guardian's link can reach: the one school of its form."""
    return process_scope("family link", link.guardian.trust_id, [link.school_id])


def check_family_link(link: FamilyLink) -> None:
    """Denied when a link was used, is too old or was tried with too many names; says what to do."""
    used = moment(link.used_at) if link.used_at else ""
    family_rules.check_family_link(used_words=used, ended=link.ends_at <= clock.now(), wrong_names=link.wrong_names)


@transaction.atomic
def open_family_link(*, link: FamilyLink, by: Actor) -> None:
    """Note that the text was opened, the first time."""
    if FamilyLink.objects.filter(id=link.id, opened_at__isnull=True).update(opened_at=clock.now()):
        audit.record("family_link.opened", link, trust_id=link.guardian.trust_id, school_id=link.school_id, by=by)


@transaction.atomic
def note_wrong_name(*, link: FamilyLink, by: Actor) -> None:
    """Count a name that is not the guardian's: no child is named to whoever does not know it."""
    FamilyLink.objects.filter(id=link.id).update(wrong_names=F("wrong_names") + 1)
    audit.record("family_link.wrong_name", link, trust_id=link.guardian.trust_id, school_id=link.school_id, by=by)


@transaction.atomic
def answer_by_link(
    *, link: FamilyLink, name: str, answers: Mapping[UUID, str], statements: Sequence[str], token: str, fingerprint: str, by: Actor
) -> list[FamilySignature]:
    """A guardian answers for each child by name. The link is spent together with the answers: a refused try leaves it whole.

    The same page sent twice (`token`) gives the same answers back; any other use of a spent link is Denied with the time of its use.
    `Replaced` when the text is no longer the one in force. BadInput for a wrong name, a statement not ticked or a child left out.
    """
    version = locked_version(link.agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True, of=("self",)).select_related("sheet").get(id=link.agreement_id)
    now = clock.now()
    unused = FamilyLink.objects.filter(id=link.id, used_at__isnull=True, ends_at__gt=now, wrong_names__lt=family_rules.MOST_WRONG_NAMES)
    if not unused.update(used_at=now, used_with=token):
        before = FamilyLink.objects.select_related("guardian").get(id=link.id)
        if before.used_at and before.used_with == token:
            return queries.family_signatures(before)
        check_family_link(before)
        raise BadInput("This link cannot be used. Ask the school office for a new one.")
    in_force = version is None or version.state == VersionState.IN_FORCE
    rules.check_still_current(is_open=form.open, in_force=in_force, shown=fingerprint, now=form.fingerprint)
    rules.check_name(name, link.guardian.name)
    people.hold_guardianships(guardian_id=link.guardian_id)
    children = queries.children_of(family_scope(link), link, clock.today())
    if not children:
        raise Denied(family_rules.NOBODY)
    family_rules.check_children([child.id for child in children], answers)
    if Answer.ACCEPTED in answers.values():
        rules.check_statements(form.statements, statements)
    _keep(link, form, children, answers, name, by)
    _end_links(form, link.guardian_id)
    return queries.family_signatures(link)


def _keep(link: FamilyLink, form: Agreement, children: Iterable[Pupil], answers: Mapping[UUID, str], name: str, by: Actor) -> None:
    """One answer a child, and behind each what was signed."""
    now = clock.now()
    opened_at = FamilyLink.objects.values_list("opened_at", flat=True).get(id=link.id)
    for child in children:
        said = FamilyAnswer.objects.create(
            school_id=form.school_id, agreement=form, pupil=child, guardian_id=link.guardian_id, answer=answers[child.id], at=now
        )
        agreed = list(form.statements) if said.answer == Answer.ACCEPTED else []
        FamilySignature.objects.create(
            school_id=form.school_id, answer=said, link=link, name_signed=" ".join(name.split()), register_name=link.guardian.name,
            statements=agreed, fingerprint=form.fingerprint, opened_at=opened_at or now,
        )  # fmt: skip
        facts = {"answer": str(said.answer), "means": "link"}
        audit.record("family.answered", said, trust_id=link.guardian.trust_id, school_id=form.school_id, facts=facts, by=by)
