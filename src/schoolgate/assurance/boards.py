"""What the other pages of assurance show, put together from a fixed number of questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from schoolgate.assurance import catalogue, living, queries, rules
from schoolgate.assurance.catalogue import Control
from schoolgate.assurance.living import Behind
from schoolgate.assurance.models import AcceptedException, Assessment, NilStatement, NotApplicable, Reading
from schoolgate.common import clock
from schoolgate.common.errors import NotFound, SchoolgateError
from schoolgate.contracts.controls import carried
from schoolgate.people import rules as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries as policies
from schoolgate.policies.models import PolicyVersion
from schoolgate.ui.charts import Segment

STANDING_WORDS = {"good": "In order", "lapsing": "In order, lapses soon", "due": "Due", "broken": "Broken", "late": "Late, put right"}
STANDING_STATE = {"good": "met", "lapsing": "due", "due": "due", "broken": "broken", "late": "broken"}
WORST = ("broken", "due", "met")
WORST_STANDING = ("broken", "late", "due", "lapsing", "good")
MOST_SHOWN = 50  # records of one kind on one page


@dataclass(frozen=True, slots=True)
class Record:
    """One thing a control counted, ready to be shown: its state by colour and shape, and in words."""

    label: str
    state: str
    words: str
    why: str
    url: str
    due_on: date | None
    lines: tuple[tuple[str, str], ...]

    @property
    def failing(self) -> list[tuple[str, str]]:
        """The lines it does not pass: (meaning, state)."""
        return [(meaning, state) for meaning, state in self.lines if state != "met"]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Records as a page shows them: those somebody must look at in the open, those in order behind a click."""

    loud: list[Record]
    in_order: list[Record]
    more: int

    @property
    def quiet(self) -> int:
        return len(self.in_order)


def shelved(found: Sequence[Record]) -> Shelves:
    loud, in_order = [each for each in found if each.state != "met"], [each for each in found if each.state == "met"]
    more = max(0, len(loud) - MOST_SHOWN) + max(0, len(in_order) - MOST_SHOWN)
    return Shelves(loud[:MOST_SHOWN], in_order[:MOST_SHOWN], more)


def records(reading: Reading | None, clause_id: str = "", named: Sequence[str] = ()) -> list[Record]:
    """The records behind a reading, worst first; only a clause's own, judged by the lines it is joined to, where those are given."""
    if reading is None:
        return []
    entry = catalogue.controls()[reading.control]
    items = [item for item in reading.evidence.items if not (entry.per_clause and clause_id) or item.get("clause_id") == clause_id]
    made = [_record(item, entry, named) for item in items if not named or set(named) & set(item.get("lines", ()))]
    return sorted(made, key=lambda record: WORST.index(record.state)) if named else made


def _record(item: Mapping[str, Any], entry: Control, named: Sequence[str]) -> Record:
    lines = {line: each for line, each in item.get("lines", {}).items() if not named or line in named}
    standing = min(lines.values(), key=WORST_STANDING.index) if named else item["standing"]
    settled = standing == "late" and "put_right_on" in item
    due_on = date.fromisoformat(item["due_on"]) if "due_on" in item else None
    words = "Broken" if standing == "late" and not settled else STANDING_WORDS[standing]
    told = tuple((entry.lines.get(line, line), STANDING_STATE[each]) for line, each in lines.items())
    return Record(item["label"], "due" if settled else STANDING_STATE[standing], words, item["why"], item["url"], due_on, told)


@dataclass(frozen=True, slots=True)
class Evidenced:
    """A control behind a clause with its reading and its records."""

    behind: Behind
    control: Control | None
    reading: Reading | None
    records: list[Record]
    records_denied: str
    lines: list[tuple[str, str, int, int]]

    @property
    def shelves(self) -> Shelves:
        return shelved(self.records)


@dataclass(frozen=True, slots=True)
class ClauseBoard:
    school: School
    version: PolicyVersion
    row: living.Row
    assessment: Assessment | None
    controls: list[Evidenced]
    history: list[tuple[date, str]]
    attest_denied: str
    counts_shown: bool
    until: date


def clause(scope: Scope, school_name: str, version_id: UUID, clause_id: UUID, today: date) -> ClauseBoard:
    """Everything behind one clause of a policy in force at a school."""
    found = queries.living_policy(scope, school_name, version_id, today)
    facts, school = found.facts, found.school
    counts = rules.may_see_counts(scope, school.id)
    page = living.page(facts, now=clock.now(), today=today, counts_shown=counts)
    row = next((one for one in page.rows if one.clause.id == clause_id), None)
    if row is None:
        raise NotFound("There is no such clause in this policy")
    joined = [behind.part.control for behind in row.behind]
    full = queries.readings_with_records(facts.assessment, joined)
    past = queries.past_readings(scope, school.id, joined, today) if joined else {}
    roles = queries.roles_at(scope, school.id, today)

    def denied_records(entry: Control) -> str:
        return _why_not(rules.check_can_see_records, scope, school.id, entry, roles)

    evidenced = [_evidenced(behind, full, str(clause_id), denied_records) for behind in row.behind]
    denied = _why_not(rules.check_can_attest, scope, school.id, row.clause.kind)
    return ClauseBoard(school, facts.version, row, facts.assessment, evidenced, living.history(row.clause, past), denied, counts, today)


def _why_not(check: Any, *args: Any) -> str:
    """The sentence of the rule that refuses, or nothing."""
    try:
        check(*args)
    except SchoolgateError as refused:
        return refused.sentence
    return ""


def _evidenced(behind: Behind, readings: Mapping[str, Reading], clause_id: str, may_see: Callable[[Control], str]) -> Evidenced:
    entry = catalogue.controls().get(behind.part.control)
    reading = readings.get(behind.part.control)
    if entry is None:
        return Evidenced(behind, None, reading, [], "", [])
    denied = may_see(entry)
    found = [] if denied else records(reading, clause_id, behind.part.lines)
    return Evidenced(behind, entry, reading, found, denied, _lines(entry, reading, behind.part.lines))


def _lines(entry: Control, reading: Reading | None, named: Sequence[str] = ()) -> list[tuple[str, str, int, int]]:
    """Each line with its state and count: (meaning, state, good, counted)."""
    if reading is None or reading.state == "not_applicable":
        return []
    tallies = reading.lines
    return [
        (meaning, tallies[line]["state"], tallies[line]["good"], tallies[line]["counted"])
        for line, meaning in entry.lines.items()
        if line in tallies and (not named or line in named)
    ]


@dataclass(frozen=True, slots=True)
class ControlBoard:
    school: School
    control: Control
    is_carried: bool
    reading: Reading | None
    counts_shown: bool
    records: list[Record]
    records_denied: str
    lines: list[tuple[str, str, int, int]]
    history: list[tuple[date, str]]
    until: date
    exceptions: list[AcceptedException]
    not_applicable: NotApplicable | None
    nil: NilStatement | None
    who_acts: str
    counting: list[tuple[str, str]]
    may_approve: bool
    exception_denied: str
    na_denied: str
    nil_denied: str

    @property
    def shelves(self) -> Shelves:
        return shelved(self.records)


def control(scope: Scope, school_name: str, name: str, today: date) -> ControlBoard:
    """One control at one school, with what stands beside its reading and what this person may add."""
    school, entry = queries.school_called(scope, school_name), queries.control_called(name)
    if not scope.may(Permission.POLICY_READ, school.id):
        raise NotFound("There is no such control in your reach")
    reading = queries.reading_of(scope, school.id, name)
    roles = queries.roles_at(scope, school.id, today)
    denied = _why_not(rules.check_can_see_records, scope, school.id, entry, roles)
    approve = _why_not(rules.check_can_approve, scope, school.id)
    past = queries.past_readings(scope, school.id, [name], today)
    return ControlBoard(
        school, entry, name in carried(), reading, rules.may_see_counts(scope, school.id),
        [] if denied else records(reading), denied, _lines(entry, reading),
        [(on, each[name].state) for on, each in past.items()], today,
        queries.exceptions_in_force(scope, school.id, today).get(name, []),
        queries.not_applicable_in_force(scope, school.id, today).get(name),
        queries.nil_statements(scope, school.id, today).get(name),
        ", ".join(people.title_of(role) for role in entry.who_acts),
        _counting(entry, policies.settings_for(scope, school.id)),
        not approve,
        approve or _why_not(rules.check_can_accept_exception, entry, reading.state if reading else None),
        _why_not(rules.check_may_be_not_applicable, entry) or approve,
        _why_not(rules.check_can_state_nothing, entry, roles),
    )  # fmt: skip


def _counting(entry: Control, settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How the control is counted, in the catalogue's words with this school's numbers in them."""
    texts = {
        "Counts": entry.denominator, "In order when": entry.numerator, "Over": entry.window,
        "Due when": entry.due, "Broken when": entry.broken, "No data when": entry.no_data,
    }  # fmt: skip
    return [(title, catalogue.worded(text, entry, settings)) for title, text in texts.items()]


@dataclass(frozen=True, slots=True)
class Cell:
    """How the clauses of one policy stand at one school: `pieces` draws the bar, `states` are the numbers."""

    name: str
    url: str
    states: Mapping[str, int]
    summary: str

    @property
    def pieces(self) -> list[Segment]:
        return living.bar(self.states)

    @property
    def numbers(self) -> list[tuple[str, str, int]]:
        return [(str(state), words, self.states[state]) for state, words in living.WORDS.items() if self.states.get(state)]

    @property
    def loud(self) -> list[tuple[str, str, int]]:
        """The numbers a reader of many schools looks for."""
        return [each for each in self.numbers if each[0] in ("met", "due", "broken", "no_data")]

    @property
    def total(self) -> int:
        return sum(self.states.values())


def cell(version: PolicyVersion, base: str, states: Mapping[str, int]) -> Cell:
    """`base` is the address of the school's page: asking for each address by name would cost more than the rest of a large page."""
    return Cell(
        version.policy.title,
        f"{base}policies/{version.id}/",
        states,
        living.summary({rules.Shown(state): number for state, number in states.items()}),
    )


@dataclass(frozen=True, slots=True)
class SchoolBoard:
    school: School
    assessment: Assessment | None
    figures: str
    stale: bool
    policies: list[Cell]
    controls: list[tuple[Control, Reading]]
    exceptions: list[tuple[str, AcceptedException]]
    may_read: bool
    counts_shown: bool
    not_carried: int


def school(scope: Scope, school_name: str, now: datetime, today: date) -> SchoolBoard:
    """A school's policies in force with how their clauses stand, and every control of the last round, worst first."""
    found = queries.school_called(scope, school_name)
    if not scope.may(Permission.POLICY_READ, found.id):
        raise NotFound("There is no such school in your reach")
    rounds, tallies = queries.latest_tallies(scope, [found.id])
    assessment = rounds.get(found.id)
    base = reverse("assurance:school", args=[found.ref])
    states = {row.version_id: row.states for row in tallies.get(found.id, [])}
    cells = [cell(version, base, states.get(version.id, {})) for version in policies.versions_in_force(scope, found.id)]
    readings = queries.readings_of(assessment)
    order = ("broken", "due", "no_data", "met", "not_applicable")
    ranked = sorted(readings.values(), key=lambda reading: (order.index(reading.state), reading.control))
    entries = catalogue.controls()
    held = queries.exceptions_in_force(scope, found.id, today)
    accepted = [(entries[each.control].title, each) for rows in held.values() for each in rows]
    return SchoolBoard(
        found, assessment, living.figures(assessment.taken_at if assessment else None, now),
        assessment is not None and now - assessment.taken_at > living.STALE,
        living.worst_first(cells), [(entries[one.control], one) for one in ranked], accepted,
        rules.holds(rules.check_can_take_readings, scope, found.id), rules.may_see_counts(scope, found.id), len(entries) - len(carried()),
    )  # fmt: skip


@dataclass(slots=True)
class Line:
    """One school in the trust's table: a cell for each column of trust policies, and its own policies behind them."""

    school: School
    assessment: Assessment | None
    cells: list[Cell | None]
    own: list[Cell]
    states: dict[str, int] = field(default_factory=dict)

    titles: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.school.name

    @property
    def columns(self) -> list[tuple[str, Cell | None]]:
        return list(zip(self.titles, self.cells, strict=True))


@dataclass(frozen=True, slots=True)
class TrustBoard:
    name: str
    columns: list[str]
    lines: list[Line]
    any_own: bool
    oldest: str
    states: dict[str, int]

    @property
    def sentence(self) -> str:
        return f"{len(self.lines)} schools. {living.summary({rules.Shown(state): number for state, number in self.states.items()})}"


def trust(scope: Scope, now: datetime) -> TrustBoard:
    """Schools by policies, worst first, by the numbers kept with each school's last round."""
    schools = queries.schools_in_reach(scope, Permission.REPORT_TRUST)
    rounds, tallies = queries.latest_tallies(scope, [each.id for each in schools])
    versions = queries.versions_by_id(scope, {row.version_id for rows in tallies.values() for row in rows})
    shared = sorted({(one.policy.title, one.policy_id) for one in versions.values() if one.policy.school_id is None})
    lines = [_line(each, rounds.get(each.id), tallies.get(each.id, []), versions, [key for _, key in shared]) for each in schools]
    for line in lines:
        line.titles = [title for title, _ in shared]
    whole: dict[str, int] = {}
    for line in lines:
        for state, number in line.states.items():
            whole[state] = whole.get(state, 0) + number
    oldest = min((line.assessment.taken_at for line in lines if line.assessment), default=None)
    return TrustBoard(
        schools[0].trust.name if schools else "", [title for title, _ in shared], living.worst_first(lines),
        any(line.own for line in lines), living.figures(oldest, now), whole,
    )  # fmt: skip


def _line(
    school: School, assessment: Assessment | None, tallies: Sequence[Any], versions: Mapping[UUID, PolicyVersion], columns: Sequence[UUID]
) -> Line:
    base = reverse("assurance:school", args=[school.ref])
    by_policy: dict[UUID, Cell] = {}
    own: list[Cell] = []
    states: dict[str, int] = {}
    for row in tallies:
        version = versions.get(row.version_id)
        if version is None:
            continue
        made = cell(version, base, row.states)
        if version.policy.school_id is None:
            by_policy[version.policy_id] = made
        else:
            own.append(made)
        for state, number in row.states.items():
            states[state] = states.get(state, 0) + number
    return Line(school, assessment, [by_policy.get(policy) for policy in columns], sorted(own, key=lambda each: each.name), states)
