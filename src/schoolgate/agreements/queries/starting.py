"""Who starts for a short time or for a firm, and whether they have accepted the rules: what the front desk and the control both ask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from schoolgate.agreements.models import Arrival, Kind, Signature
from schoolgate.agreements.queries.places import STARTERS, known_by
from schoolgate.agreements.queries.published import end_of
from schoolgate.agreements.rules import starts
from schoolgate.agreements.rules.starts import Start, StartVerdict
from schoolgate.common import clock
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Standing
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Category, Engagement
from schoolgate.people.rules import catalogue_number


@dataclass(frozen=True, slots=True)
class Starter:
    """One start and how it stands. A firm has no engagement: its named contact accepts for it, or nobody is named yet."""

    name: str
    start: Start
    verdict: StartVerdict
    engagement: Engagement | None = None
    contact: Engagement | None = None

    @property
    def accepted_on(self) -> date | None:
        """When the rules were last accepted."""
        return clock.local_date(max(self.start.accepted)) if self.start.accepted else None

    @property
    def about(self) -> str:
        """What the desk needs beside the name: the category and who sends them."""
        if self.engagement is None:
            return "Firm" + (f", speaks for it: {self.contact.person.name}" if self.contact else ", nobody speaks for it yet")
        sent_by = f", {self.engagement.employer}" if self.engagement.employer else ""
        return f"{self.engagement.get_category_display()}{sent_by}"


@dataclass(frozen=True, slots=True)
class _Facts:
    engaged: Sequence[Engagement]
    accepted: Mapping[UUID, Sequence[datetime]]
    for_firm: Mapping[str, Sequence[datetime]]
    arrived: Mapping[UUID, datetime]
    contacts: frozenset[UUID]


def numbers() -> dict[str, int]:
    """The control's own numbers, for pages that ask outside a reading."""
    named = {name: catalogue_number(starts.CONTROL, name) for name in ("grace_hours", "visitor_term_days", "remind_days")}
    return {name: int(value) for name, value in named.items()}


def starters(scope: Scope, school_id: UUID, on: date, params: Mapping[str, Any]) -> list[Starter]:
    """Every start of the 12 months up to a day, and those of the next remind_days that are not signed yet: four queries."""
    facts = _facts(scope, school_id, on)
    first, last = add_days(on, -12, "months"), on + timedelta(days=params["remind_days"])
    made = [_of_person(one, facts) for one in facts.engaged if (day := _day(one)) > first and day <= last]
    made += _of_firms(facts, first, last)
    found = [_judged(one, on, params) for one in made]
    return sorted((one for one in found if one), key=lambda one: (one.start.first_day, one.name))


def expected(scope: Scope, school_id: UUID, on: date) -> list[Starter]:
    """Who is here for a short time or comes in the next remind_days, signed or not: whose first day is nearest comes first.

    Long leave is left out.
    """
    params = numbers()
    facts = _facts(scope, school_id, on)
    last = on + timedelta(days=params["remind_days"])
    here = [one for one in facts.engaged if _day(one) <= last and (one.ends_on is None or one.ends_on >= on) and not one.away(on)]
    made = [_of_person(one, facts) for one in here]
    made += [one for one in _of_firms(facts, date.min, last) if any(held.employer == one[0] for held in here)]
    found = [_judged_now(one, on, params) for one in made]
    return sorted(found, key=lambda one: (one.verdict.may_start, abs((one.start.first_day - on).days), one.name))


_Made = tuple[str, Start, Engagement | None, Engagement | None]


def _judged(made: _Made, on: date, params: Mapping[str, Any]) -> Starter | None:
    name, start, engagement, contact = made
    verdict = starts.judge_start(
        start, on=on, grace_hours=params["grace_hours"], term_days=params["visitor_term_days"], remind_days=params["remind_days"]
    )
    return Starter(name, start, verdict, engagement, contact) if verdict else None


def _judged_now(made: _Made, on: date, params: Mapping[str, Any]) -> Starter:
    """As a start that lies ahead and is signed already needs nothing, the desk says so."""
    ready = Starter(made[0], made[1], StartVerdict(Standing.GOOD, "Has accepted the rules"), made[2], made[3])
    return _judged(made, on, params) or ready


def _day(one: Engagement) -> date:
    return one.starts_on or clock.local_date(one.added_at)


def _facts(scope: Scope, school_id: UUID, on: date) -> _Facts:
    engaged = Engagement.objects.filter(school_id=school_id, school_id__in=scope.school_ids, category__in=STARTERS, added_at__lt=end_of(on))
    rows = list(engaged.select_related("person").order_by("starts_on", "person__family", "person__given"))
    accepted: dict[UUID, list[datetime]] = defaultdict(list)
    for_firm: dict[str, list[datetime]] = defaultdict(list)
    signed = Signature.objects.filter(known_by(on), school_id=school_id, agreement__kind=Kind.POLICY)
    for who, firm, at in signed.filter(person__in={one.person_id for one in rows}).values_list("person_id", "for_firm", "signed_at"):
        accepted[who].append(at)
        if firm:
            for_firm[firm].append(at)
    arrived = Arrival.objects.filter(school_id=school_id, at__lt=end_of(on)).values_list("engagement_id", "at")
    at_school = Q(school_id=school_id) | Q(school__isnull=True, trust_id=scope.trust_id)
    held = Appointment.objects.filter(people.live(on), at_school, role=starts.FIRM).values_list("person_id", flat=True)
    return _Facts(rows, accepted, for_firm, dict(arrived), frozenset(held))


def _of_person(one: Engagement, facts: _Facts) -> _Made:
    """A start of one person; what they accepted for an earlier booking of the same kind has ended with it."""
    line = starts.LINE_OF[Category(one.category)]
    earlier = [
        other.ends_on
        for other in facts.engaged
        if other.person_id == one.person_id and other.category == one.category and other.ends_on and other.ends_on < _day(one)
    ]
    before = max(earlier, default=None) if line == "supply" else None
    start = Start(line, _day(one), one.ends_on, facts.arrived.get(one.id), facts.accepted.get(one.person_id, []), before)
    return one.person.name, start, one, None


def _of_firms(facts: _Facts, first: date, last: date) -> list[_Made]:
    """A firm starts with its first worker in the window, and has accepted when its named contact has."""
    firms: dict[str, list[Engagement]] = defaultdict(list)
    for one in facts.engaged:
        if one.category == Category.CONTRACTOR and one.employer:
            firms[one.employer].append(one)
    return [_of_firm(firm, workers, facts) for firm, workers in firms.items() if _begins(workers, first, last)]


def _begins(workers: Iterable[Engagement], first: date, last: date) -> bool:
    return first < min(_day(one) for one in workers) <= last


def _of_firm(firm: str, workers: Sequence[Engagement], facts: _Facts) -> _Made:
    ends = [one.ends_on for one in workers]
    last_day = None if None in ends else max(day for day in ends if day)
    contact = next((one for one in workers if one.person_id in facts.contacts), None)
    start = Start("contractors", min(_day(one) for one in workers), last_day, None, facts.for_firm.get(firm, []))
    return firm, start, None, contact


def starts_unaccepted(scope: Scope, school_id: UUID, person_id: UUID, on: date) -> bool:
    """A person here for a short time has a start whose rules are not accepted, or whose acceptance has run out or soon will."""
    mine = [one for one in starters(scope, school_id, on, numbers()) if one.engagement and one.engagement.person_id == person_id]
    return any(one.verdict.standing in {Standing.DUE, Standing.BROKEN, Standing.LAPSING} for one in mine)


def firm_spoken_for(scope: Scope, school_id: UUID, person_id: UUID, on: date) -> str:
    """The firm a contractor's named contact accepts for at a school; empty for everybody else."""
    at_school = Q(school_id=school_id) | Q(school__isnull=True, trust_id=scope.trust_id)
    if not Appointment.objects.filter(people.live(on), at_school, role=starts.FIRM, person_id=person_id).exists():
        return ""
    mine = Engagement.objects.filter(school_id=school_id, person_id=person_id, category=Category.CONTRACTOR).exclude(employer="")
    return mine.order_by("-starts_on").values_list("employer", flat=True).first() or ""


def starting(scope: Scope, engagement_id: UUID) -> Engagement | None:
    """One short engagement at a school in reach."""
    rows = Engagement.objects.filter(id=engagement_id, school_id__in=scope.school_ids, school__trust_id=scope.trust_id)
    return rows.filter(category__in=STARTERS).select_related("person", "school").first()
