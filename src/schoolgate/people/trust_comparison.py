"""What a roster of pupils, guardians and adults would change in a trust. Pure: it compares rows with what is stored and writes nothing.

Nobody is ever taken off because the files do not name them: they are asked about. What a file leaves empty is left as it stands.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from schoolgate.common.errors import BadInput
from schoolgate.common.ids import new_id
from schoolgate.people import comparison
from schoolgate.people.comparison import Kind, Plan
from schoolgate.people.models import Engagement, Person, School
from schoolgate.people.roster import Roster, Row
from schoolgate.people.rosters.rows import Adult, Carer, Child, Organisation, Refused, TrustRoster

OF_PUPIL = ("school_id", "given", "family", "known_as", "year", "born_on", "starts_on", "ends_on")
OF_GUARDIAN = ("given", "family", "email")
Stored = tuple[UUID, dict[str, Any]]
"""The id of a record and its fields."""


@dataclass(slots=True)
class Record:
    """One pupil or guardian of the files beside what is stored: new, changed in some fields, or the same."""

    row: Child | Carer
    id: UUID
    values: dict[str, Any]
    new: bool
    fields: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        if self.new:
            return Kind.NEW
        if "ends_on" in self.fields:
            return Kind.ENDED
        return Kind.CHANGED if self.fields else Kind.UNCHANGED


@dataclass(frozen=True, slots=True)
class NewTie:
    """A guardian named for a pupil for the first time."""

    pupil_id: UUID
    guardian_id: UUID
    relation: str


@dataclass(slots=True)
class TrustPlan:
    """Everything a roster would do in a trust. Rows about people: accepted and refused add up to ``people_in``."""

    adults: dict[UUID, Plan] = field(default_factory=dict)  # by school
    pupils: list[Record] = field(default_factory=list)
    guardians: list[Record] = field(default_factory=list)
    ties: list[NewTie] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    missing_pupils: list[UUID] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    people_in: int = 0
    layout: str = ""

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many adults' places, pupils and guardians of each kind, none left out."""
        adults = Counter(change.kind for plan in self.adults.values() for change in plan.changes)
        groups = {"adults": adults, "pupils": _tally(self.pupils), "guardians": _tally(self.guardians)}
        return {name: {str(kind): counted[kind] for kind in Kind} for name, counted in groups.items()}

    @property
    def missing_adults(self) -> list[Engagement]:
        """Places that hold today whose person the files do not name there."""
        return [place for plan in self.adults.values() for place in plan.missing]

    @property
    def changes_anything(self) -> bool:
        """Whether confirming would write at all."""
        return bool(self.ties) or any(number for group in self.counts.values() for kind, number in group.items() if kind != Kind.UNCHANGED)

    @property
    def fingerprint(self) -> str:
        """The same for the same files against the same records: what was previewed is what is confirmed."""
        said = [f"{school} {plan.fingerprint}" for school, plan in self.adults.items()]
        differing = [one for one in (*self.pupils, *self.guardians) if one.kind != Kind.UNCHANGED]
        said += [f"{one.row.line} {one.kind} {one.row.external_id} {' '.join(one.fields)}" for one in differing]
        return sha256("\n".join([*said, str(len(self.ties)), *(one.sentence for one in self.refused)]).encode()).hexdigest()


def _tally(records: Iterable[Record]) -> Counter[Kind]:
    return Counter(one.kind for one in records)


@dataclass(slots=True)
class Known:
    """What is stored of a trust, as the comparison needs it."""

    schools: Sequence[School]
    persons: Sequence[Person] = ()
    places: Mapping[UUID, Sequence[Engagement]] = field(default_factory=dict)  # by school
    pupils: Mapping[str, Stored] = field(default_factory=dict)  # by external id
    guardians: Mapping[str, Stored] = field(default_factory=dict)
    ties: Collection[tuple[str, str]] = ()  # external ids of pupil and guardian


def school_of_each(organisations: Iterable[Organisation], schools: Sequence[School]) -> dict[str, School]:
    """Which school each organisation of the files is: by its URN, else by the reference or the name it has here."""
    by_urn = {school.urn: school for school in schools if school.urn}
    by_name = {key: school for school in schools for key in (school.ref.casefold(), school.name.casefold())}
    found = {}
    for one in organisations:
        school = by_urn.get(one.identifier) or by_urn.get(one.external_id)
        school = school or by_name.get(one.name.casefold()) or by_name.get(one.external_id.casefold())
        if school:
            found[one.external_id] = school
    return found


def compare(roster: TrustRoster, known: Known, *, trust_id: UUID, today: date, now: datetime, only: School | None = None) -> TrustPlan:
    """The plan for a roster; with `only`, for the rows of that one school. BadInput when none of its schools is one of ours."""
    schools = school_of_each(roster.organisations, known.schools)
    if only is not None:
        schools = _of_one_school(roster, schools, only)
    if not schools:
        named = ", ".join(f"{one.name} ({one.identifier or one.external_id})" for one in roster.organisations[:6])
        raise BadInput(f"None of the schools in the files is set up here: {named}. Set up the school with the same URN or name first.")
    plan = TrustPlan(refused=list(roster.refused), warnings=list(roster.warnings), people_in=roster.people_in, layout=roster.layout)
    _refuse_elsewhere(roster, schools, plan)
    adults: dict[UUID, list[Adult]] = defaultdict(list)
    for one in roster.adults:
        if one.organisation in schools:
            adults[schools[one.organisation].pk].append(one)
    _adults(adults, known, plan, trust_id=trust_id, today=today, now=now)
    _pupils(roster.children, schools, known, plan, today)
    _guardians(roster, known, plan, everybody=only is None)
    _ties(roster, known, plan)
    plan.refused.sort(key=lambda one: (one.file, one.line))
    return plan


def _of_one_school(roster: TrustRoster, schools: Mapping[str, School], only: School) -> dict[str, School]:
    """The rows meant for one school: those of the organisation that is it, or all of them where the files hold one school alone."""
    mine = {key: school for key, school in schools.items() if school.pk == only.pk}
    places = {one.organisation for one in roster.adults} | {one.organisation for one in roster.children}
    return mine or (dict.fromkeys(places, only) if len(places) == 1 else {})


def _refuse_elsewhere(roster: TrustRoster, schools: Mapping[str, School], plan: TrustPlan) -> None:
    """Somebody none of whose places is known is refused; a further place elsewhere of somebody with one here is only left out."""
    names = {one.external_id: one.name for one in roster.organisations}
    everybody: list[Adult | Child] = [*roster.adults, *roster.children]
    known = {(one.file, one.line) for one in everybody if one.organisation in schools}
    for one in everybody:
        if (one.file, one.line) not in known:
            known.add((one.file, one.line))
            where = names.get(one.organisation) or one.organisation or "the place"
            reason = f"{where} is not one of the schools here. Set it up with the same URN or name, or leave the row out."
            plan.refused.append(Refused(one.file, one.line, reason))


def _adults(groups: Mapping[UUID, list[Adult]], known: Known, plan: TrustPlan, *, trust_id: UUID, today: date, now: datetime) -> None:
    """Each school's adults as its own list. Somebody new at two schools is one person: the second list is shown the first's."""
    numbers = {one.external_id for group in groups.values() for one in group}
    meant = [one for one in known.persons if not one.external_id or one.external_id in numbers]
    added: dict[str, Person] = {}
    for school_id, group in groups.items():
        register = comparison.register_of(meant, known.places.get(school_id, ()))
        register.by_number |= added
        made = comparison.compare(_as_roster(group), register, trust_id=trust_id, school_id=school_id, today=today, now=now)
        added = {number: person for number, person in register.by_number.items() if person._state.adding}
        files = {one.line: one.file for one in group}
        plan.refused += [Refused(files[one.line], one.line, one.reason.partition(": ")[2]) for one in made.listed]
        plan.adults[school_id] = made


def _as_roster(group: Iterable[Adult]) -> Roster:
    """Adults of one school as a list of its own, one place for each category. Who employs them the files do not say."""
    rows: dict[tuple[str, str], Row] = {}
    for one in group:
        row = Row(one.line, one.external_id, one.given, one.family, one.category, one.email, one.job_title, "", one.starts_on, one.ends_on)
        rows.setdefault((one.external_id, one.category), row)
    return Roster(rows=list(rows.values()), rows_in=len(rows))


def _pupils(children: Iterable[Child], schools: Mapping[str, School], known: Known, plan: TrustPlan, today: date) -> None:
    seen: set[str] = set()
    twice = 0
    for one in children:
        school = schools.get(one.organisation)
        if school is None or one.external_id in seen:
            twice += school is not None
            continue
        seen.add(one.external_id)
        values = {"school_id": school.pk} | {name: getattr(one, name) for name in OF_PUPIL[1:]}
        record = _record(one, values, known.pupils.get(one.external_id), OF_PUPIL)
        if record.values["starts_on"] and record.values["ends_on"] and record.values["ends_on"] < record.values["starts_on"]:
            plan.refused.append(Refused(one.file, one.line, "the last day on roll comes before the first. Mend both in your system."))
        else:
            plan.pupils.append(record)
    if twice:
        plan.warnings.append(f"{twice} pupils have a second school in the files; each stays at the first.")
    here = {school.pk for school in schools.values()}
    plan.missing_pupils = [
        pupil_id
        for external_id, (pupil_id, stored) in known.pupils.items()
        if external_id not in seen and stored["school_id"] in here and (stored["ends_on"] is None or stored["ends_on"] >= today)
    ]


def _guardians(roster: TrustRoster, known: Known, plan: TrustPlan, *, everybody: bool) -> None:
    """All guardians of the files, or only those of the pupils that were taken."""
    taken = {one.row.external_id for one in plan.pupils}
    wanted = {tie.carer for tie in roster.ties if tie.child in taken}
    for one in roster.carers:
        if everybody or one.external_id in wanted:
            values = {name: getattr(one, name) for name in OF_GUARDIAN}
            plan.guardians.append(_record(one, values, known.guardians.get(one.external_id), OF_GUARDIAN))


def _record(row: Child | Carer, values: dict[str, Any], stored: Stored | None, names: Sequence[str]) -> Record:
    """What is stored with what the row says laid over it. An empty cell says nothing."""
    if stored is None:
        return Record(row, new_id(), values, True)
    record_id, before = stored
    differing = tuple(name for name in names if values[name] and values[name] != before[name])
    return Record(row, record_id, {name: values[name] if name in differing else before[name] for name in names}, False, differing)


def _ties(roster: TrustRoster, known: Known, plan: TrustPlan) -> None:
    """Links that are not stored yet. One that the files no longer name stays: a consent may rest on it."""
    pupils = {one.row.external_id: one.id for one in plan.pupils}
    guardians = {one.row.external_id: one.id for one in plan.guardians}
    seen = set(known.ties)
    for tie in roster.ties:
        pair = (tie.child, tie.carer)
        if pair not in seen and tie.child in pupils and tie.carer in guardians:
            seen.add(pair)
            plan.ties.append(NewTie(pupils[tie.child], guardians[tie.carer], tie.relation[:40]))
