"""Who joined, moved and left between two days, told from places and roles alone. Pure.

A stay is the time somebody is at one school without a break. Who ends one stay and begins another at a school of the same trust within
MOVE_DAYS has moved; who takes another category or role inside a stay has moved too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from schoolgate.common import clock
from schoolgate.people import rules
from schoolgate.people.models import Appointment, Category, Engagement, Person, School

MOVE_DAYS = 31
"""Between leaving one school and starting at another: the summer apart, a notice period."""

LONGEST = 732
"""Days the lists may cover: two years."""


class Way(StrEnum):
    JOINED = "joined"
    MOVED = "moved"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Movement:
    """One person came to, changed place at or left one school on a day. `place` is the row of the register behind it."""

    way: Way
    school: School
    person: Person
    on: date
    words: str
    recorded_on: date
    place: Engagement | None = None
    out: bool = False  # the last day at this school

    @property
    def order(self) -> tuple[date, str, str, str, str]:
        """Two movements never tie."""
        return self.on, self.person.family, self.person.given, self.words, str(self.person.id)


@dataclass(slots=True)
class Stay:
    """One person's time at one school without a break; `last` None while no end is known."""

    places: list[Engagement]
    first: date
    last: date | None

    @property
    def school(self) -> School:
        return self.places[0].school

    def active(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(slots=True)
class _Person:
    stays: list[Stay] = field(default_factory=list)
    held: list[Appointment] = field(default_factory=list)


def begins(place: Engagement) -> date:
    """The first day of a place; where nobody said, the day it was written down."""
    return place.starts_on or clock.local_date(place.added_at)


def stays_of(places: Iterable[Engagement]) -> list[Stay]:
    """One person's places at one school, joined where they overlap or follow each other."""
    made: list[Stay] = []
    for one in sorted(places, key=lambda one: (begins(one), str(one.id))):
        last = made[-1] if made else None
        if last and (last.last is None or begins(one) <= last.last + timedelta(days=1)):
            last.places.append(one)
            last.last = None if last.last is None or one.ends_on is None else max(last.last, one.ends_on)
        else:
            made.append(Stay([one], begins(one), one.ends_on))
    return made


def movements(
    places: Iterable[Engagement], appointments: Iterable[Appointment], schools: Sequence[UUID], first: date, last: date
) -> list[Movement]:
    """Every movement at these schools between two days, oldest first. `places` are all those of the persons concerned in the trust."""
    persons: dict[UUID, _Person] = defaultdict(_Person)
    at: dict[tuple[UUID, UUID], list[Engagement]] = defaultdict(list)
    for place in places:
        at[place.person_id, place.school_id].append(place)
    for (person_id, _), own in at.items():
        persons[person_id].stays += stays_of(own)
    for held in appointments:
        persons[held.person_id].held.append(held)
    found = [one for person in persons.values() for one in _of_person(person, set(schools)) if first <= one.on <= last]
    return sorted(found, key=lambda one: one.order)


def _of_person(person: _Person, schools: set[UUID]) -> Iterable[Movement]:
    for stay in person.stays:
        if stay.school.id in schools:
            others = [one for one in person.stays if one.school.id != stay.school.id]
            yield _came(stay, others)
            if stay.last:
                yield _went(stay, stay.last, others)
            yield from _categories(stay)
    for held in person.held:
        if held.school_id in schools:
            yield from _roles(held, [one for one in person.stays if one.school.id == held.school_id])


def _movement(way: Way, place: Engagement, on: date, words: str, *, out: bool = False) -> Movement:
    return Movement(way, place.school, place.person, on, words, clock.local_date(place.added_at), place, out)


def _came(stay: Stay, others: Iterable[Stay]) -> Movement:
    place, what = stay.places[0], _what(stay.places[0])
    for one in others:
        if one.last and one.first < stay.first and abs((stay.first - one.last).days) <= MOVE_DAYS:
            return _movement(Way.MOVED, place, stay.first, f"From {one.school.name}. {what}")
    return _movement(Way.JOINED, place, stay.first, what)


def _went(stay: Stay, last: date, others: Iterable[Stay]) -> Movement:
    place = rules.leaves_on(stay.places)[-1]
    for one in others:
        if stay.first < one.first and abs((one.first - last).days) <= MOVE_DAYS:
            return _movement(Way.MOVED, place, last, f"To {one.school.name}. {_what(place)}", out=True)
    return _movement(Way.LEFT, place, last, _what(place), out=True)


def _categories(stay: Stay) -> Iterable[Movement]:
    for place in stay.places[1:]:
        before = sorted({Category(one.category).label for one in stay.places if begins(one) < begins(place)})
        if Category(place.category).label not in before:
            yield _movement(Way.MOVED, place, begins(place), f"{_what(place)}. Before: {', '.join(before).lower()}")


def _roles(held: Appointment, stays: Iterable[Stay]) -> Iterable[Movement]:
    """A role taken on after the first day here, or given up before the last one."""
    stays = list(stays)
    deputy = " (deputy)" if held.deputy else ""
    title, recorded = f"{rules.title_of(held.role)}{deputy}", clock.local_date(held.made_at)
    if any(one.first < held.starts_on and one.active(held.starts_on) for one in stays):
        yield Movement(Way.MOVED, held.school, held.person, held.starts_on, f"Took on a role: {title}", recorded)  # type: ignore[arg-type]
    if held.ends_on and any(one.active(held.ends_on) and one.active(held.ends_on + timedelta(days=1)) for one in stays):
        yield Movement(Way.MOVED, held.school, held.person, held.ends_on, f"Gave up a role: {title}", recorded)  # type: ignore[arg-type]


def _what(place: Engagement) -> str:
    category = Category(place.category).label
    return f"{category}, {place.job_title}" if place.job_title else str(category)
