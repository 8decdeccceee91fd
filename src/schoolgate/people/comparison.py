"""What a roster would change in a school's register. Pure: it compares rows with records already fetched and writes nothing.

Nobody is ever removed because a file does not name them: they are reported. What a file leaves empty is left as it stands.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from schoolgate.people.models import Engagement, Person
from schoolgate.people.roster import Listed, Roster, Row


class Kind(StrEnum):
    """What a row does to the register."""

    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Change:
    """One accepted row: the person and place as they will be, and the names of the fields that differ from what is stored."""

    row: Row
    person: Person
    place: Engagement
    new_person: bool = False
    new_place: bool = False
    of_person: list[str] = field(default_factory=list)
    of_place: list[str] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        if self.new_person or self.new_place:
            return Kind.NEW
        if "ends_on" in self.of_place:
            return Kind.ENDED
        return Kind.CHANGED if self.of_person or self.of_place else Kind.UNCHANGED

    @property
    def known(self) -> str:
        """The ids of what is already stored, which tell this change from one made against another register."""
        return " ".join(str(stored.id) for stored, new in ((self.person, self.new_person), (self.place, self.new_place)) if not new)

    @property
    def differences(self) -> str:
        """The changed columns in words."""
        return ", ".join(name.replace("_", " ") for name in [*self.of_person, *self.of_place])


@dataclass(slots=True)
class Plan:
    """Everything a roster would do. Accepted rows and listed rows add up to `rows_in`; `missing` is only reported."""

    changes: list[Change] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    missing: list[Engagement] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows_in: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind, none left out."""
        found = Counter(change.kind for change in self.changes)
        return {str(kind): found[kind] for kind in Kind}

    @property
    def categories(self) -> list[str]:
        """The categories whose list the file gives whole: accepted rows and none listed."""
        listed = {one.category for one in self.listed}
        return sorted({change.row.category for change in self.changes} - listed)

    @property
    def fingerprint(self) -> str:
        """The same for the same file against the same register: what was previewed is what is confirmed."""
        said = [f"{one.row.line} {one.kind} {one.known} {one.differences}" for one in self.changes]
        return sha256("\n".join([*said, *(one.reason for one in self.listed)]).encode()).hexdigest()


@dataclass(slots=True)
class Register:
    """The records a comparison needs: the trust's persons who may be meant, and every place at the school."""

    by_number: dict[str, Person]
    by_email: dict[str, list[Person]]  # only persons without a number
    by_name: dict[tuple[str, str], list[Person]]  # only persons without a number, at this school
    places: dict[UUID, list[Engagement]]


def register_of(persons: Iterable[Person], places: Iterable[Engagement]) -> Register:
    """The records, ready to be looked up."""
    register = Register({}, defaultdict(list), defaultdict(list), defaultdict(list))
    for person in persons:
        if person.external_id:
            register.by_number[person.external_id] = person
        elif person.email:
            register.by_email[person.email].append(person)
    for place in places:
        if not register.places[place.person_id] and not place.person.external_id:
            register.by_name[_name(place.person)].append(place.person)
        register.places[place.person_id].append(place)
    return register


def _name(one: Person | Row) -> tuple[str, str]:
    return one.given.casefold(), one.family.casefold()


def compare(roster: Roster, register: Register, *, trust_id: UUID, school_id: UUID, today: date, now: datetime) -> Plan:
    """The plan for a roster."""
    plan = Plan(listed=list(roster.listed), warnings=list(roster.warnings), rows_in=roster.rows_in)
    present: dict[UUID, set[str]] = defaultdict(set)
    for row in roster.rows:
        person, new = _person(row, register, trust_id, now)
        present[person.id].add(row.category)
        refusal = "" if new else _somebody_else(row, person, register)
        place = None if refusal else _place(row, register.places.get(person.id, []))
        refusal = refusal or (_against_register(row, place) if place else "")
        if refusal:
            plan.listed.append(Listed(row.line, f"Line {row.line}: {refusal}", row.category))
        else:
            plan.changes.append(_change(row, person, place, new, school_id=school_id, now=now))
    plan.listed.sort(key=lambda listed: listed.line)
    plan.missing = _missing(present, register, {row.category for row in roster.rows}, today)
    return plan


def _person(row: Row, register: Register, trust_id: UUID, now: datetime) -> tuple[Person, bool]:
    """Who is meant: by number, else somebody without a number yet who is the only one alike, else somebody new."""
    found = register.by_number.get(row.external_id)
    if found:
        return found, found._state.adding
    alike = [one for one in register.by_email.get(row.email, []) if one.family.casefold() == row.family.casefold()]
    alike = alike or [one for one in register.by_name.get(_name(row), []) if not (one.email and row.email)]
    if len(alike) == 1 and not alike[0].external_id:
        register.by_number[row.external_id] = alike[0]
        return alike[0], False
    new = Person(trust_id=trust_id, given=row.given, family=row.family, email=row.email, external_id=row.external_id, created_at=now)
    register.by_number[row.external_id] = new
    return new, True


def _somebody_else(row: Row, person: Person, register: Register) -> str:
    """Two schools of a trust may count their staff from 1: a number known elsewhere under another family name is not this person."""
    if register.places.get(person.id) or person.family.casefold() == row.family.casefold():
        return ""
    return f"external_id {row.external_id} belongs to somebody else in your trust. Put the school’s initials before the numbers."


def _place(row: Row, places: Sequence[Engagement]) -> Engagement | None:
    """The place a row speaks of: the open one of its category, else an ended one the row may mean, else none."""
    alike = [place for place in places if place.category == row.category]
    still_open = [place for place in alike if place.ends_on is None]
    if still_open:
        return still_open[0]
    meant = [place for place in alike if row.starts_on is None or place.starts_on is None or row.starts_on <= (place.ends_on or date.max)]
    return max(meant, key=lambda place: place.ends_on or date.min, default=None)


def _against_register(row: Row, place: Engagement) -> str:
    """Why a row cannot be laid over this place: its days would turn round, or it would undo a leaving that is written down."""
    starts_on, ends_on = row.starts_on or place.starts_on, row.ends_on or place.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        return f"the last day, {ends_on.isoformat()}, would come before the first day, {starts_on.isoformat()}. Check both dates."
    if place.ends_on is None or row.ends_on is not None:
        return ""
    return (
        f"the register gives {place.ends_on.isoformat()} as this person’s last day. If they are back, give the new first day in starts_on."
    )


def _change(row: Row, person: Person, place: Engagement | None, new: bool, *, school_id: UUID, now: datetime) -> Change:
    of_person = [] if new else _differing(person, row, ("external_id", "given", "family", "email"))
    if place is None:
        fresh = Engagement(
            school_id=school_id, person=person, category=row.category, job_title=row.job_title, employer=row.employer,
            starts_on=row.starts_on, ends_on=row.ends_on, added_at=now,
        )  # fmt: skip
        fresh.completed_at = now if fresh.complete else None
        return Change(row, person, fresh, new, True, of_person, [])
    of_place = _differing(place, row, ("job_title", "employer", "starts_on", "ends_on"))
    if place.complete and place.completed_at is None:
        place.completed_at = now
    return Change(row, person, place, new, False, of_person, of_place)


def _differing(record: Person | Engagement, row: Row, names: Iterable[str]) -> list[str]:
    """Put what the row says into the record, and name what differed. An empty cell says nothing."""
    differing = [name for name in names if getattr(row, name) and getattr(row, name) != getattr(record, name)]
    for name in differing:
        setattr(record, name, getattr(row, name))
    return differing


def _missing(present: dict[UUID, set[str]], register: Register, categories: set[str], today: date) -> list[Engagement]:
    """Places that hold today, in the categories the file speaks of, whose person the file does not name there."""
    return [
        place
        for places in register.places.values()
        for place in places
        if place.category in categories and place.active(today) and place.category not in present.get(place.person_id, ())
    ]
