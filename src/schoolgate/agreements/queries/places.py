"""Where everybody stands with what they are asked to sign: a constant number of queries, however many people there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from schoolgate.agreements import rules
from schoolgate.agreements.models import ADULT_KINDS, Agreement, Refusal, Signature
from schoolgate.agreements.queries.published import Asked, asked_at, end_of, terms
from schoolgate.agreements.rules import Terms, Verdict, starts
from schoolgate.common import clock
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Category, Engagement, Person

STARTERS = [str(category) for category in starts.LINE_OF]


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
    """What the register, the roles and the signatures say of one school on one day. Signed and refused by person and subject."""

    engaged: list[Engagement]
    signed: dict[tuple[UUID, str], datetime]
    refused: dict[tuple[UUID, str], Refusal]
    roles: dict[UUID, set[str]]


def rows(scope: Scope, school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None = None, coming_days: int = 0) -> Rows:
    """Who is on the register that day, what they have signed and refused, for all these forms together: four queries at most.

    `coming_days` takes in those who have to accept the rules before they start and do so within that many days.
    """
    here = people.live(on)
    if coming_days:
        here |= Q(starts_on__gt=on, starts_on__lte=on + timedelta(days=coming_days), category__in=STARTERS)
    engaged = Engagement.objects.filter(here, school_id=school_id, school_id__in=scope.school_ids).select_related("person")
    engaged = engaged.order_by("person__family", "person__given", "person_id")
    if person_id:
        engaged = engaged.filter(person_id=person_id)
    narrowed = any(one.form.roles for one in asked)
    roles = roles_held(school_id, on, person_id) if narrowed else {}
    return Rows(list(engaged), _signed(school_id, asked, on, person_id), _refused(school_id, asked, on, person_id), roles)


def roles_held(school_id: UUID, on: date, person_id: UUID | None = None) -> dict[UUID, set[str]]:
    """The roles each person holds at the school or across the trust on a day."""
    held = Appointment.objects.filter(people.live(on), Q(school_id=school_id) | Q(school__isnull=True, trust__schools=school_id))
    if person_id:
        held = held.filter(person_id=person_id)
    found: dict[UUID, set[str]] = defaultdict(set)
    for who, role in held.values_list("person_id", "role"):
        found[who].add(role)
    return found


def places(found: Rows, asked: Sequence[Asked], terms: Terms, on: date) -> list[Place]:
    """Every adult of the categories counted and where they stand with all these forms, by family name."""
    by_person: dict[UUID, Place] = {}
    for engagement in found.engaged:
        if engagement.category in terms.categories:
            by_person.setdefault(engagement.person_id, Place(engagement.person)).engagements.append(engagement)
    for place in by_person.values():
        held = found.roles.get(place.person.id, set())
        wanted = [one for one in asked if not one.form.roles or held & set(one.form.roles)]
        _settle(place, wanted, asked, found.signed, terms, on)
        keys = [(place.person.id, one.form.subject) for one in asked]
        place.refusal = next((found.refused[key] for key in keys if key in found.refused), None)
    return list(by_person.values())


def _settle(
    place: Place, mine: Sequence[Asked], asked: Sequence[Asked], signed: Mapping[tuple[UUID, str], datetime], terms: Terms, on: date
) -> None:
    here = [engagement for engagement in place.engagements if not engagement.away(on)]
    if not here:
        place.set_aside = place.engagements[0]
    by_line: dict[str, list[Verdict]] = defaultdict(list)
    for category in {engagement.category for engagement in here}:
        since = joined([engagement for engagement in here if engagement.category == category], category)
        line = rules.LINE_OF.get(Category(category), "contractors")
        wanted = [one for one in mine if category in one.form.categories]
        for one in wanted:
            at = signed.get((place.person.id, one.form.subject))
            day, held = clock.local_date(at) if at else None, rules.terms_for(one.form.kind, terms)
            by_line[line].append(rules.judge(category=category, joined=since, signed_on=day, since=one.since, terms=held, on=on))
        if not wanted:
            asked_since = max((one.since for one in asked), default=on)
            unasked = rules.judge(category=category, joined=since, signed_on=None, since=asked_since, terms=terms, on=on)
            by_line[line].append(Verdict(unasked.standing, unasked.due_on, "No published form asks this category to sign"))
    place.lines = {line: rules.worst(verdicts) for line, verdicts in by_line.items()}
    place.verdict = rules.worst(place.lines.values()) if place.lines else None
    times = [at for one in asked if (at := signed.get((place.person.id, one.form.subject)))]
    place.signed_at = max(times, default=None)


def joined(engagements: Sequence[Engagement], category: str) -> date:
    """The day the person joined in a category; for governors the start of the present term of office."""
    days = [one.starts_on or clock.local_date(one.added_at) for one in engagements]
    return max(days) if category == "governor" else min(days)


def known_by(on: date) -> Q:
    """Signatures made by the end of a day, and, where somebody else put them in, put in by then."""
    return Q(signed_at__lt=end_of(on)) & (Q(entered_at__isnull=True) | Q(entered_at__lt=end_of(on)))


def _signed(school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None) -> dict[tuple[UUID, str], datetime]:
    """The latest signature that stands, by person and subject."""
    subject_of = {form_id: one.form.subject for one in asked for form_id in one.stands}
    made = Signature.objects.filter(known_by(on), school_id=school_id, agreement_id__in=subject_of)
    if person_id:
        made = made.filter(person_id=person_id)
    return {
        (who, subject_of[form]): at for who, form, at in made.order_by("signed_at").values_list("person_id", "agreement_id", "signed_at")
    }


def _refused(school_id: UUID, asked: Sequence[Asked], on: date, person_id: UUID | None) -> dict[tuple[UUID, str], Refusal]:
    """The latest refusal or question by person and subject; a refusal before a question."""
    subject_of = {one.form.id: one.form.subject for one in asked}
    said = Refusal.objects.filter(school_id=school_id, agreement_id__in=subject_of, refused_at__lt=end_of(on))
    if person_id:
        said = said.filter(person_id=person_id)
    ordered = said.select_related("decided_by", "person").order_by("kind", "refused_at")  # "asks" before "refuses": the last one wins
    return {(row.person_id, subject_of[row.agreement_id]): row for row in ordered}


def places_for(scope: Scope, asked_form: Agreement, on: date, person_id: UUID | None = None) -> list[Place]:
    """Everybody whom one form asks, contractors included, and where they stand with it. Nobody where it does not stand."""
    standing = asked_at(scope, asked_form.school_id, on, [asked_form.kind])
    asked = [one for one in standing if one.form.id == asked_form.id]
    if not asked:
        return []
    held = terms(scope, asked_form.school_id)
    return of_form(rows(scope, asked_form.school_id, asked, on, person_id, held.remind_days), asked[0], held, on)


def of_form(found: Rows, asked: Asked, held: Terms, on: date) -> list[Place]:
    """Everybody whom this form asks by category and role."""
    everyone = places(found, [asked], replace(held, categories=frozenset(asked.form.categories)), on)
    wanted = set(asked.form.roles)
    return [place for place in everyone if not wanted or found.roles.get(place.person.id, set()) & wanted]


def place_of(scope: Scope, asked_form: Agreement, person_id: UUID, on: date) -> Place | None:
    """Where one person stands with one form; None when the form does not ask them or does not stand."""
    return next(iter(places_for(scope, asked_form, on, person_id)), None)


def owing(found: Iterable[Place]) -> list[Place]:
    """Those of them who have to sign and are here to do it."""
    return [place for place in found if place.owes and place.set_aside is None]


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
        asked = asked_at(scope, school_id, on, ADULT_KINDS)
        if asked:
            found, held = rows(scope, school_id, asked, on), terms(scope, school_id)
            for one in asked:
                everyone = of_form(found, one, held, on)
                refused = sum(1 for place in everyone if place.refusal and place.refusal.is_refusal and place.owes)
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
        asked = asked_at(scope, school_id, on, ADULT_KINDS)
        if asked:
            found, held = rows(scope, school_id, asked, on, scope.person_id), terms(scope, school_id)
            made += [ToSign(one.form, place) for one in asked for place in of_form(found, one, held, on)]
    return made
