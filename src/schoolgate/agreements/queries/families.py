"""Families and classes: who has been asked, what they said, and which classes have gone through their rules."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from schoolgate.agreements.models import Agreement, ClassRound, FamilyAnswer, Kind, PupilMark
from schoolgate.agreements.queries.published import asked_at, end_of, in_reach
from schoolgate.agreements.rules import families as rules
from schoolgate.common import clock
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Guardianship, Pupil
from schoolgate.policies import queries as policies


@dataclass(frozen=True, slots=True)
class Family:
    """The pupils of one family on roll at a school, when the first of them came, and what was said this school year."""

    pupils: list[Pupil]
    admitted: date
    said: dict[str, date] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """A family without a name: the years its pupils are in."""
        first = min(self.pupils, key=lambda one: str(one.id))
        years = ", ".join(sorted({rules.class_name(one.year) for one in self.pupils}))
        return f"Family {str(first.id)[-6:]} ({years})"

    @property
    def names(self) -> str:
        return ", ".join(one.name for one in self.pupils)

    @property
    def answered(self) -> bool:
        return bool(set(self.said) & rules.ANSWERED)


def places_on(scope: Scope, school_id: UUID, actor: str, control: str, on: date) -> bool:
    """A clause in force at a school speaks to these people, or is joined to the control about them."""
    versions = [one.id for one in policies.versions_in_force(scope, school_id, on)]
    return any(
        actor in clause.actors or any(join.control == control for join in clause.joins.all())
        for clause in policies.clauses_in_force(scope, versions)
    )


def families(scope: Scope, school_id: UUID, on: date) -> list[Family]:
    """Every family with a pupil on roll on a day: three queries."""
    pupils = {one.id: one for one in people.pupils_of(scope, school_id, on)}
    ties = Guardianship.objects.filter(pupil__school_id=school_id, added_at__lt=end_of(on)).values_list("pupil_id", "guardian_id")
    start = rules.school_year_start(on)
    said: dict[UUID, list[tuple[str, date]]] = defaultdict(list)
    rows = FamilyAnswer.objects.filter(school_id=school_id, at__lt=end_of(on), at__gte=clock.at(start, 0))
    for pupil_id, answer, at in rows.order_by("at").values_list("pupil_id", "answer", "at"):
        said[pupil_id].append((answer, clock.local_date(at)))
    made = []
    for members in rules.households(pupils, ties):
        own = sorted((pupils[one] for one in members), key=lambda one: (one.year, one.given))
        admitted = min(one.starts_on or clock.local_date(one.added_at) for one in own)
        made.append(Family(own, admitted, {answer: day for one in members for answer, day in said.get(one, [])}))
    return sorted(made, key=lambda one: (one.pupils[0].family, one.pupils[0].given))


def family_of(scope: Scope, school_id: UUID, pupil_id: UUID, on: date) -> Family | None:
    """The family of one pupil on roll."""
    return next((one for one in families(scope, school_id, on) if any(pupil.id == pupil_id for pupil in one.pupils)), None)


def family_form(scope: Scope, school_id: UUID, on: date | None = None) -> Agreement | None:
    """The form for families that stands at a school, on a day or now."""
    if on is None:
        return in_reach(scope).filter(school_id=school_id, kind=Kind.FAMILY, closed_at__isnull=True).first()
    return next((one.form for one in asked_at(scope, school_id, on, [Kind.FAMILY])), None)


def pupil_forms(scope: Scope, school_id: UUID, on: date | None = None) -> dict[str, Agreement]:
    """The pupils' rules that stand at a school by age band, on a day or now."""
    if on is None:
        rows = list(in_reach(scope).filter(school_id=school_id, kind=Kind.PUPIL, closed_at__isnull=True))
    else:
        rows = [one.form for one in asked_at(scope, school_id, on, [Kind.PUPIL])]
    return {one.sheet.band: one for one in rows if one.sheet}


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """One class on roll: its pupils, the rounds of this school year, and what each pupil was last marked."""

    year: str
    pupils: list[Pupil]
    rounds: list[ClassRound] = field(default_factory=list)
    marks: dict[UUID, bool] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return rules.class_name(self.year)

    def missing(self, from_year: int) -> int:
        """How many have still to sign, where each signs for themself."""
        own = [one.id for one in self.pupils]
        return len(rules.missing_pupils(own, self.marks)) if rules.signs_singly(self.year, from_year) else 0

    @property
    def absent(self) -> int:
        """How many were absent and have not been caught up."""
        return sum(1 for one in self.pupils if self.marks.get(one.id) is False)


def classes(scope: Scope, school_id: UUID, on: date) -> list[SchoolClass]:
    """Every class on roll on a day with what was recorded this school year: three queries. A class is a year, as the roster has it."""
    found: dict[str, SchoolClass] = {}
    for pupil in people.pupils_of(scope, school_id, on):
        found.setdefault(pupil.year, SchoolClass(pupil.year, [])).pupils.append(pupil)
    start = rules.school_year_start(on)
    rows = ClassRound.objects.filter(school_id=school_id, taken_on__gte=start, taken_on__lte=on, at__lt=end_of(on))
    for one in rows.select_related("by_person").order_by("taken_on", "at"):
        if one.year in found:
            found[one.year].rounds.append(one)
    marks = PupilMark.objects.filter(school_id=school_id, round__in=rows).order_by("round__taken_on", "round__at")
    for year, pupil_id, signed in marks.values_list("round__year", "pupil_id", "signed"):
        if year in found:
            found[year].marks[pupil_id] = signed or found[year].marks.get(pupil_id, False)
    return sorted(found.values(), key=lambda one: rules.class_order(one.year))


def ever_had_pupils(scope: Scope, school_id: UUID, on: date) -> bool:
    """Pupils are known at a school, on roll now or to come."""
    return Pupil.objects.filter(school_id=school_id, school_id__in=scope.school_ids, added_at__lt=end_of(on)).exists()


def teaches(scope: Scope, school_id: UUID, on: date) -> bool:
    """The person is a class teacher or tutor at the school."""
    if scope.person_id is None:
        return False
    held = Appointment.objects.filter(people.live(on), school_id=school_id, person_id=scope.person_id, role="class_teacher")
    return held.exists()
