"""Questions about forms and signatures. Each answers with a constant number of queries, however many people there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement, Opening, Refusal, Signature, SigningLink
from schoolgate.agreements.rules import Terms, Verdict
from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Category, Engagement, Person
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import title_of
from schoolgate.policies import queries as policies
from schoolgate.policies.models import PolicyVersion

HEADS = ("headteacher", "deputy_headteacher")


@dataclass(frozen=True, slots=True)
class Asked:
    """A form in force, which forms' signatures still stand for it, and since when it could be signed."""

    form: Agreement
    stands: frozenset[UUID]
    since: date


@dataclass(slots=True)
class Place:
    """One adult and where they stand with what they are asked to sign at a school. Set aside: on long leave, so not judged."""

    person: Person
    engagements: list[Engagement] = field(default_factory=list)
    lines: dict[str, Verdict] = field(default_factory=dict)
    verdict: Verdict | None = None
    signed_at: datetime | None = None
    refusal: Refusal | None = None
    set_aside: Engagement | None = None

    @property
    def categories(self) -> list[str]:
        return sorted({engagement.category for engagement in self.engagements})

    @property
    def owes(self) -> bool:
        """Has to sign now or soon."""
        return self.verdict is not None and self.verdict.standing != "good"


@dataclass(frozen=True, slots=True)
class Rows:
    """What the register and the signatures say of one school on one day."""

    engaged: list[Engagement]
    signed: dict[tuple[UUID, UUID], datetime]
    refused: dict[tuple[UUID, UUID], Refusal]


def _end_of(on: date) -> datetime:
    return clock.at(on + timedelta(days=1), 0)


def _forms(scope: Scope) -> QuerySet[Agreement]:
    reach = Agreement.objects.filter(school_id__in=scope.school_ids, policy__trust_id=scope.trust_id)
    return reach.select_related("school", "version__policy")


def form(scope: Scope, form_id: UUID) -> Agreement:
    """One form in reach."""
    found = _forms(scope).filter(id=form_id).first()
    if found is None:
        raise NotFound("There is no such form in your reach")
    return found


def form_now(scope: Scope, former: Agreement) -> Agreement | None:
    """The open form that took the place of another."""
    return _forms(scope).filter(school_id=former.school_id, policy_id=former.policy_id, closed_at__isnull=True).first()


def forms_published(scope: Scope, school_ids: Sequence[UUID]) -> list[Agreement]:
    """The open forms of these schools, by school and policy."""
    return list(_forms(scope).filter(school_id__in=school_ids, closed_at__isnull=True).order_by("school__name", "policy__title"))


def unpublished(scope: Scope, school_id: UUID) -> list[PolicyVersion]:
    """Versions in force at a school for which no form was ever published there."""
    made = set(Agreement.objects.filter(school_id=school_id, school_id__in=scope.school_ids).values_list("version_id", flat=True))
    return [version for version in policies.versions_in_force(scope, school_id) if version.id not in made]


def has_earlier(scope: Scope, school_id: UUID, policy_id: UUID) -> bool:
    """A form of this policy was published at the school before."""
    return _forms(scope).filter(school_id=school_id, policy_id=policy_id).exists()


def asked_at(scope: Scope, school_id: UUID, on: date) -> list[Asked]:
    """The forms that stood on a day for a version in force at the school that day: three queries."""
    in_force = {version.id for version in policies.versions_in_force(scope, school_id, on)}
    by_policy: dict[UUID, list[Agreement]] = defaultdict(list)
    for one in _forms(scope).filter(school_id=school_id, published_at__lt=_end_of(on)).order_by("published_at"):
        by_policy[one.policy_id].append(one)
    latest = [chain for chain in by_policy.values() if chain[-1].version_id in in_force and _stood(chain[-1], on)]
    return sorted((_asked(chain) for chain in latest), key=lambda asked: asked.form.version.policy.title)


def _stood(form: Agreement, on: date) -> bool:
    return form.closed_at is None or form.closed_at >= _end_of(on)


def _asked(chain: list[Agreement]) -> Asked:
    """Back from the last form to the one whose change was material: signatures since then still stand."""
    start = len(chain) - 1
    while start > 0 and chain[start].minor_change:
        start -= 1
    material = chain[start]
    published = clock.local_date(material.published_at)
    since = max(published, material.version.in_force_from or published)
    return Asked(chain[-1], frozenset(one.id for one in chain[start:]), since)


def terms(scope: Scope, school_id: UUID) -> Terms:
    """The school's own numbers."""
    return rules.terms_of(rules.params_from(policies.settings_for(scope, school_id)))


# ------------------------------------------------------------------ where everybody stands


def rows(scope: Scope, school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None = None) -> Rows:
    """Who is on the register that day, what they have signed and refused: three queries, for all these forms together."""
    engaged = people.covered_adults(scope, school_id, on).order_by("person__family", "person__given", "person_id")
    if person_id:
        engaged = engaged.filter(person_id=person_id)
    return Rows(list(engaged), _signed(school_id, asked, on, person_id), _refused(school_id, asked, on, person_id))


def places(found: Rows, asked: Sequence[Asked], terms: Terms, on: date) -> list[Place]:
    """Every adult of the categories counted and where they stand with all these forms, by family name."""
    by_person: dict[UUID, Place] = {}
    for engagement in found.engaged:
        if engagement.category in terms.categories:
            by_person.setdefault(engagement.person_id, Place(engagement.person)).engagements.append(engagement)
    for place in by_person.values():
        _settle(place, asked, found.signed, terms, on)
        keys = [(place.person.id, one.form.id) for one in asked]
        place.refusal = next((found.refused[key] for key in keys if key in found.refused), None)
    return list(by_person.values())


def _settle(place: Place, asked: Sequence[Asked], signed: Mapping[tuple[UUID, UUID], datetime], terms: Terms, on: date) -> None:
    here = [engagement for engagement in place.engagements if not engagement.away(on)]
    if not here:
        place.set_aside = place.engagements[0]
    by_line: dict[str, list[Verdict]] = defaultdict(list)
    for category in {engagement.category for engagement in here}:
        joined = _joined([engagement for engagement in here if engagement.category == category], category)
        line = rules.LINE_OF.get(Category(category), "contractors")
        wanted = [one for one in asked if category in one.form.categories]
        for one in wanted:
            at = signed.get((place.person.id, one.form.policy_id))
            day = clock.local_date(at) if at else None
            by_line[line].append(rules.judge(category=category, joined=joined, signed_on=day, since=one.since, terms=terms, on=on))
        if not wanted:
            since = max((one.since for one in asked), default=on)
            unasked = rules.judge(category=category, joined=joined, signed_on=None, since=since, terms=terms, on=on)
            by_line[line].append(Verdict(unasked.standing, unasked.due_on, "No published form asks this category to sign"))
    place.lines = {line: rules.worst(verdicts) for line, verdicts in by_line.items()}
    place.verdict = rules.worst(place.lines.values()) if place.lines else None
    times = [at for one in asked if (at := signed.get((place.person.id, one.form.policy_id)))]
    place.signed_at = max(times, default=None)


def _joined(engagements: Sequence[Engagement], category: str) -> date:
    """The day the person joined in a category; for governors the start of the present term of office."""
    days = [one.starts_on or clock.local_date(one.added_at) for one in engagements]
    return max(days) if category == "governor" else min(days)


def _signed(school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None) -> dict[tuple[UUID, UUID], datetime]:
    """The latest signature that stands, by person and policy."""
    policy_of = {form_id: one.form.policy_id for one in asked for form_id in one.stands}
    rows = Signature.objects.filter(school_id=school_id, agreement_id__in=policy_of, signed_at__lt=_end_of(on))
    if person_id:
        rows = rows.filter(person_id=person_id)
    return {
        (who, policy_of[form]): at for who, form, at in rows.order_by("signed_at").values_list("person_id", "agreement_id", "signed_at")
    }


def _refused(school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None) -> dict[tuple[UUID, UUID], Refusal]:
    """The latest refusal by person and form."""
    forms = [one.form.id for one in asked]
    rows = Refusal.objects.filter(school_id=school_id, agreement_id__in=forms, refused_at__lt=_end_of(on))
    if person_id:
        rows = rows.filter(person_id=person_id)
    return {(row.person_id, row.agreement_id): row for row in rows.select_related("decided_by").order_by("refused_at")}


def places_for(scope: Scope, asked_form: Agreement, on: date, person_id: UUID | None = None) -> list[Place]:
    """Everybody whom one form asks, contractors included, and where they stand with it. Nobody where it does not stand."""
    asked = [one for one in asked_at(scope, asked_form.school_id, on) if one.form.id == asked_form.id]
    if not asked:
        return []
    return _of_form(rows(scope, asked_form.school_id, asked, on, person_id), asked[0], terms(scope, asked_form.school_id), on)


def _of_form(found: Rows, asked: Asked, held: Terms, on: date) -> list[Place]:
    return places(found, [asked], replace(held, categories=frozenset(asked.form.categories)), on)


def place_of(scope: Scope, asked_form: Agreement, person_id: UUID, on: date) -> Place | None:
    """Where one person stands with one form; None when the form does not ask them or does not stand."""
    return next(iter(places_for(scope, asked_form, on, person_id)), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are asked by one form, and who of them still has to sign."""

    form: Agreement
    asked: int
    owing: list[Place]
    refused: int


def tallies(scope: Scope, school_ids: Iterable[UUID], on: date) -> list[Tally]:
    """Every form that stands at these schools with its counts; a fixed number of queries a school."""
    made = []
    for school_id in school_ids:
        asked = asked_at(scope, school_id, on)
        if asked:
            found, held = rows(scope, school_id, asked, on), terms(scope, school_id)
            for one in asked:
                everyone = _of_form(found, one, held, on)
                refused = sum(1 for place in everyone if place.refusal and place.owes)
                made.append(Tally(one.form, len(everyone), owing(everyone), refused))
    return made


# ------------------------------------------------------------------ one person


@dataclass(frozen=True, slots=True)
class ToSign:
    """A form one person is asked to sign and where they stand with it."""

    form: Agreement
    place: Place

    @property
    def verdict(self) -> Verdict | None:
        return self.place.verdict


def to_sign(scope: Scope, on: date) -> list[ToSign]:
    """What the person signed in is asked to sign at the schools where they stand on the register."""
    if scope.person_id is None:
        return []
    mine = Engagement.objects.filter(people.live(on), person_id=scope.person_id, school_id__in=scope.school_ids)
    made: list[ToSign] = []
    for school_id in sorted(set(mine.values_list("school_id", flat=True)), key=str):
        asked = asked_at(scope, school_id, on)
        if asked:
            found, held = rows(scope, school_id, asked, on, scope.person_id), terms(scope, school_id)
            made += [ToSign(one.form, place) for one in asked for place in _of_form(found, one, held, on)]
    return made


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
    mine = Signature.objects.filter(person_id=scope.person_id, agreement__policy__trust_id=scope.trust_id)
    return mine.select_related("agreement__version__policy", "agreement__school").order_by("-signed_at")


def signature(scope: Scope, signature_id: UUID) -> Signature:
    """One signature: the signer's own, or one at a school where the person may see who has signed."""
    reach = Q(school_id__in=scope.schools_where(Permission.AGREEMENT_CHASE))
    if scope.person_id:
        reach |= Q(person_id=scope.person_id)
    rows = Signature.objects.filter(reach, id=signature_id, agreement__policy__trust_id=scope.trust_id)
    found = rows.select_related("agreement__version__policy", "agreement__school", "person").first()
    if found is None:
        raise NotFound("There is no such signature in your reach")
    return found


def changes_since(scope: Scope, asked_form: Agreement, person_id: UUID) -> tuple[Signature | None, list[rules.Difference]]:
    """The person's last signature on an earlier version of this policy at this school, and what is not the same since then."""
    rows = Signature.objects.filter(person_id=person_id, school_id=asked_form.school_id, agreement__policy_id=asked_form.policy_id)
    last = rows.exclude(agreement__version_id=asked_form.version_id).select_related("agreement__version").order_by("-signed_at").first()
    if last is None:
        return None, []
    before, now = last.agreement.version_id, asked_form.version_id
    texts: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for clause in policies.clauses_in_force(scope, [before, now]):
        texts[clause.version_id].append((clause.ref, clause.text))
    return last, rules.differences(texts[before], texts[now])


def sections(scope: Scope, asked_form: Agreement) -> list[dict[str, Any]]:
    """The text as it is read: each heading with its clauses, in order. What stands above every clause is the title, told once."""
    clauses = policies.clauses_in_force(scope, [asked_form.version_id])
    shared = rules.shared_depth([clause.path for clause in clauses])
    found: list[dict[str, Any]] = []
    for clause in clauses:
        title = " – ".join(clause.path[shared:])
        if not found or found[-1]["title"] != title:
            found.append({"title": title, "anchor": f"part-{len(found) + 1}", "clauses": []})
        found[-1]["clauses"].append(clause)
    return found


def role_that_day(person: Person, school_id: UUID, on: date) -> tuple[str, str]:
    """What the person was at the school on a day, in words, and their category."""
    here = list(Engagement.objects.filter(people.live(on), person=person, school_id=school_id).order_by("category"))
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
    found = rows.select_related("person", "school", "agreement__version__policy").first()
    if found is None:
        raise NotFound("There is no such refusal in your reach")
    return found


def refusals_to_answer(scope: Scope, on: date) -> list[Refusal]:
    """Refusals waiting for the person signed in, as head or deputy, and not their own."""
    if scope.person_id is None:
        return []
    led = Appointment.objects.filter(people.live(on), person_id=scope.person_id, role__in=HEADS).values("school_id")
    rows = Refusal.objects.filter(school_id__in=led, decided_at__isnull=True, agreement__closed_at__isnull=True)
    return list(rows.exclude(person_id=scope.person_id).select_related("agreement__version__policy", "school"))


def open_refusal(form_id: UUID, person_id: UUID) -> Refusal | None:
    """A refusal not answered yet."""
    return Refusal.objects.filter(agreement_id=form_id, person_id=person_id, decided_at__isnull=True).first()


# ------------------------------------------------------------------ links


def link(key: str) -> SigningLink:
    """The one-time link with this key; the key itself is the only way in."""
    rows = SigningLink.objects.filter(token_hash=rules.key_hash(key))
    found = rows.select_related("agreement__school", "agreement__version__policy", "person").first()
    if found is None:
        raise NotFound("There is no such link")
    return found


def owing(found: Iterable[Place]) -> list[Place]:
    """Those of them who have to sign and are here to do it."""
    return [place for place in found if place.owes and place.set_aside is None]
