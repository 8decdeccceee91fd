"""Questions about one person, one signature, one refusal or one link, and about what came of a form."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement, Ask, LeftUnsigned, Opening, Refusal, Scan, Signature, SigningLink, Understanding
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Engagement, Person, User
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import title_of

HEADS = ("headteacher", "deputy_headteacher")
_FORM = ("agreement__version__policy", "agreement__sheet", "agreement__school")


def last_opening(form_id: UUID, person_id: UUID) -> datetime | None:
    """When the person last opened the text of this form."""
    return Opening.objects.filter(agreement_id=form_id, person_id=person_id).order_by("-at").values_list("at", flat=True).first()


def signature_sent(form_id: UUID, person_id: UUID, token: str) -> Signature | None:
    """The signature that this very page made before."""
    return Signature.objects.filter(agreement_id=form_id, person_id=person_id, token=token).first()


def signatures(scope: Scope) -> QuerySet[Signature]:
    """Everything the person signed in has signed, newest first."""
    if scope.person_id is None:
        return Signature.objects.none()
    mine = Signature.objects.filter(person_id=scope.person_id, school__trust_id=scope.trust_id)
    return mine.select_related(*_FORM).order_by("-signed_at")


def signature(scope: Scope, signature_id: UUID) -> Signature:
    """One signature: the signer's own, or one at a school where the person may see who has signed."""
    reach = Q(school_id__in=scope.schools_where(Permission.AGREEMENT_CHASE))
    if scope.person_id:
        reach |= Q(person_id=scope.person_id)
    rows = Signature.objects.filter(reach, id=signature_id, school__trust_id=scope.trust_id)
    found = rows.select_related(*_FORM, "person", "entered_by", "scan__check_made").defer("scan__content").first()
    if found is None:
        raise NotFound("There is no such signature in your reach")
    return found


def role_that_day(person: Person, school_id: UUID, on: date) -> tuple[str, str]:
    """What the person was at the school on a day, in words, and their category; who signs before the first day, what they are to be."""
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    mine = list(Engagement.objects.filter(open_ended, person=person, school_id=school_id).order_by("starts_on", "category"))
    here = sorted((one for one in mine if one.active(on)), key=lambda one: one.category) or mine
    held = Appointment.objects.filter(people.live(on), Q(school_id=school_id) | Q(school_id__isnull=True), person=person)
    titles = sorted({title_of(role) for role in held.values_list("role", flat=True)})
    words = titles or [here[0].job_title or str(here[0].get_category_display())]
    return ", ".join(words)[:120], here[0].category


# ------------------------------------------------------------------ refusals and heads


def heads(school_id: UUID, on: date) -> list[Person]:
    """The head and deputies of a school on a day."""
    held = Appointment.objects.filter(people.live(on), school_id=school_id, role__in=HEADS).select_related("person")
    return list({row.person_id: row.person for row in held.order_by("role")}.values())


def is_head(scope: Scope, school_id: UUID, on: date) -> bool:
    """The person is head or deputy head there; a named process with every right stands in for them."""
    if scope.person_id is None:
        return scope.may(Permission.POLICY_ADOPT, school_id)
    return any(person.id == scope.person_id for person in heads(school_id, on))


def refusal(scope: Scope, refusal_id: UUID) -> Refusal:
    """One refusal at a school where the person may see who has signed."""
    rows = Refusal.objects.filter(id=refusal_id, school_id__in=scope.schools_where(Permission.AGREEMENT_CHASE))
    found = rows.select_related("person", "school", "agreement__version__policy", "agreement__sheet").first()
    if found is None:
        raise NotFound("There is no such refusal in your reach")
    return found


def refusals_to_answer(scope: Scope, on: date) -> list[Refusal]:
    """Refusals waiting for the person signed in as head or deputy, questions waiting for whoever chases signatures; never their own."""
    if scope.person_id is None:
        return []
    led = Appointment.objects.filter(people.live(on), person_id=scope.person_id, role__in=HEADS).values("school_id")
    mine = Q(kind=Ask.REFUSES, school_id__in=led) | Q(kind=Ask.ASKS, school_id__in=_chased(scope))
    rows = Refusal.objects.filter(mine, decided_at__isnull=True, agreement__closed_at__isnull=True)
    return list(rows.exclude(person_id=scope.person_id).select_related("agreement__version__policy", "agreement__sheet", "school"))


def _chased(scope: Scope) -> list[UUID]:
    """The schools where the person chases signatures, and none for a role across the trust: each school answers its own."""
    return [] if Permission.AGREEMENT_CHASE in scope.across_trust else scope.schools_where(Permission.AGREEMENT_CHASE)


def open_refusal(form_id: UUID, person_id: UUID, kind: str) -> Refusal | None:
    """One not answered yet."""
    return Refusal.objects.filter(agreement_id=form_id, person_id=person_id, kind=kind, decided_at__isnull=True).first()


def said_by(scope: Scope, found: Agreement) -> list[Refusal]:
    """What the person signed in has refused or asked about a form, oldest first."""
    return list(Refusal.objects.filter(agreement=found, person_id=scope.person_id)) if scope.person_id else []


# ------------------------------------------------------------------ links


def link(key: str) -> SigningLink:
    """The one-time link with this key; the key itself is the only way in."""
    rows = SigningLink.objects.filter(token_hash=rules.key_hash(key))
    found = rows.select_related("agreement__school", "agreement__version__policy", "agreement__sheet", "person").first()
    if found is None:
        raise NotFound("There is no such link")
    return found


# ------------------------------------------------------------------ paper, leavers, sign-ins


def attempts(form_id: UUID, person_id: UUID) -> int:
    """How often the short check of a form was tried since it was last signed."""
    return Understanding.objects.filter(agreement_id=form_id, person_id=person_id).values_list("attempts", flat=True).first() or 0


def scans_to_check(scope: Scope, school_ids: Sequence[UUID]) -> list[Scan]:
    """Scans nobody has looked at yet at these schools, and that somebody else entered, oldest first. Their bytes are not fetched."""
    rows = Scan.objects.filter(school_id__in=[one for one in school_ids if one in scope.schools], check_made__isnull=True)
    rows = rows.exclude(signature__entered_by_id=scope.person_id) if scope.person_id else rows
    related = ("signature__person", "signature__agreement__version__policy", "signature__agreement__sheet", "school")
    return list(rows.select_related(*related).defer("content").order_by("kept_at"))


def scan(scope: Scope, signature_id: UUID) -> Scan:
    """The scan of a paper form, at a school where the person may see who has signed."""
    rows = Scan.objects.filter(signature_id=signature_id, school_id__in=scope.schools_where(Permission.AGREEMENT_CHASE))
    found = rows.select_related("signature__person", "school", "check_made").first()
    if found is None:
        raise NotFound("There is no such scan in your reach")
    return found


def left_unsigned(scope: Scope, found: Agreement) -> list[LeftUnsigned]:
    """Who left without having signed a form, last first."""
    rows = LeftUnsigned.objects.filter(agreement=found, school_id__in=scope.school_ids)
    return list(rows.select_related("person").order_by("-left_on", "person__family"))


def without_sign_in(persons: Sequence[UUID]) -> set[UUID]:
    """Those of them who have no way to sign in."""
    able = User.objects.filter(person_id__in=persons, is_active=True).values_list("person_id", flat=True)
    return set(persons) - set(able)
