"""How a count becomes a state, the states of its controls the state of a clause, and who may record what beside them. Pure.

Source of every rule: data/catalogue/controls.yaml, `states`, `precedence`, `shapes` and `words`. Nobody may type a state: the rows
people add explain one, end one or prove that somebody looked.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from schoolgate.assurance import catalogue
from schoolgate.assurance.catalogue import Control
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, SchoolgateError
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Standing, State
from schoolgate.people import rules as people
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission

SCHEDULE = "schedule"
MOST_EVIDENCE = 200  # items kept with a reading, worst first
LONGEST_CONFIRMATION = 12  # months: the longest an attested control of the catalogue stands
ALL = None  # the whole item rather than one of its lines
FAILED_TOLD = "This check failed to run; the administrator has been told."
FAILED_UNTOLD = "This check failed to run, and no administrator is named here who could be told. The log says why."


class Shown(StrEnum):
    """What a clause can show: the five states of a control, and three that say why there is none of them."""

    MET = "met"
    DUE = "due"
    BROKEN = "broken"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"
    NOT_CARRIED = "not_carried"
    UNJOINED = "unjoined"
    INFORMATIONAL = "informational"


READ = frozenset({Shown.MET, Shown.DUE, Shown.BROKEN, Shown.NO_DATA, Shown.NOT_APPLICABLE})  # what a reading can say


@dataclass(frozen=True, slots=True)
class Tally:
    """How one group of items stands: the state, how many are in the numerator and how many were counted."""

    state: State
    good: int = 0
    counted: int = 0

    def stored(self) -> dict[str, Any]:
        return {"state": str(self.state), "good": self.good, "counted": self.counted}


@dataclass(frozen=True, slots=True)
class Settled:
    """What one control shows, ready to be stored. `lines` and `by_clause` hold stored tallies, `evidence` is worst first."""

    state: State
    good: int = 0
    counted: int = 0
    why: str = ""
    lines: dict[str, Any] = field(default_factory=dict)
    by_clause: dict[str, Any] = field(default_factory=dict)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)


def settle(control: Control, count: Count, *, on: date, switched_on: date | None, params: Mapping[str, Any]) -> Settled:
    """The state of one control from its count, each of its lines counted alone, and each clause's own items where it asks for that."""
    empty = _of_nothing(control, count, on, switched_on, params["start_days"])
    late_days = params["late_days"]
    whole = tally(count.items, ALL, on=on, late_days=late_days, empty=empty)
    standings = Counter(str(item.standing) for item in count.items)
    return Settled(
        whole.state, whole.good, whole.counted,
        why="" if count.items else (count.not_applicable or count.nil_stands or count.silent or control.no_data),
        lines=_lines(control, count.items, on, late_days, empty),
        by_clause=_by_clause(control, count.items, on, late_days, empty),
        evidence=[_evidence(item) for item in _worst_first(count.items, on, late_days)[:MOST_EVIDENCE]],
        measured={**count.measured, "standings": dict(standings), "window": count.window},
    )  # fmt: skip


def _of_nothing(control: Control, count: Count, on: date, switched_on: date | None, start_days: int) -> State:
    """What silence means: a proof that somebody looked stands in for records; a schedule may not stay unstarted for ever."""
    if count.not_applicable:
        return State.NOT_APPLICABLE
    if count.nil_stands:
        return State.MET
    if control.shape == SCHEDULE and switched_on is not None and on > switched_on + timedelta(days=start_days):
        return State.BROKEN
    return State.NO_DATA


def tally(items: Iterable[Item], line: str | None, *, on: date, late_days: int, empty: State) -> Tally:
    """Count items, whole or by one of their lines. An item the line does not fit is not counted by it."""
    standings = [(item.standing if line is ALL else item.lines[line], item) for item in items if line is ALL or line in item.lines]
    if not standings:
        return Tally(empty)
    states = {_weight(standing, item, on, late_days) for standing, item in standings}
    good = sum(standing in (Standing.GOOD, Standing.LAPSING) for standing, _ in standings)
    return Tally(first_of(catalogue.precedence(), states), good, len(standings))


def _weight(standing: Standing, item: Item, on: date, late_days: int) -> State:
    """The state one item alone would give."""
    if standing == Standing.LATE:
        return State.BROKEN if still_decides(item, on, late_days) else State.MET
    return {Standing.GOOD: State.MET, Standing.BROKEN: State.BROKEN}.get(standing, State.DUE)


def still_decides(item: Item, on: date, late_days: int) -> bool:
    """A late item keeps its control broken until late_days after it was put right; one that never was, for the whole window."""
    return item.put_right_on is None or on < item.put_right_on + timedelta(days=late_days)


def first_of(order: Sequence[str], found: Iterable[str]) -> State:
    """The first state of the order that occurs; ValueError when none does."""
    there = set(found)
    for state in order:
        if state in there:
            return State(state)
    raise ValueError(f"None of the states {sorted(there)} stands in the order {list(order)}")


def _lines(control: Control, items: Sequence[Item], on: date, late_days: int, empty: State) -> dict[str, Any]:
    """Each line counted alone. One that fits no item says nothing, unless silence means something for the whole control."""
    nothing = State.NO_DATA if items else empty
    return {line: tally(items, line, on=on, late_days=late_days, empty=nothing).stored() for line in control.lines}


def _by_clause(control: Control, items: Sequence[Item], on: date, late_days: int, empty: State) -> dict[str, Any]:
    if not control.per_clause:
        return {}
    own: dict[UUID, list[Item]] = defaultdict(list)
    for item in items:
        if item.clause_id is not None:
            own[item.clause_id].append(item)
    return {
        str(clause): {
            **tally(its, ALL, on=on, late_days=late_days, empty=empty).stored(),
            "lines": _lines(control, its, on, late_days, empty),
        }
        for clause, its in own.items()
    }


def _worst_first(items: Iterable[Item], on: date, late_days: int) -> list[Item]:
    def place(item: Item) -> tuple[int, date, str]:
        listed = item.standing == Standing.LATE and not still_decides(item, on, late_days)
        rank = {Standing.BROKEN: 0, Standing.LATE: 1, Standing.DUE: 2, Standing.LAPSING: 3, Standing.GOOD: 5}[item.standing]
        return (4 if listed else rank, item.due_on or date.max, item.label)

    return sorted(items, key=place)


def _evidence(item: Item) -> dict[str, Any]:
    """One item as it is kept with a reading; dates as ISO text, empty parts left out."""
    kept: dict[str, Any] = {"label": item.label, "standing": str(item.standing), "why": item.why, "url": item.url}
    for name, value in (("due_on", item.due_on), ("put_right_on", item.put_right_on)):
        if value:
            kept[name] = value.isoformat()
    if item.clause_id:
        kept["clause_id"] = str(item.clause_id)
    if item.lines:
        kept["lines"] = {line: str(standing) for line, standing in item.lines.items()}
    return kept


class ReadingLike(Protocol):
    """What the rules look at in a reading: the stored row or a test's own."""

    state: Any
    good: Any
    counted: Any
    lines: Any
    by_clause: Any


@dataclass(frozen=True, slots=True)
class Part:
    """One control (or some of its lines) behind a clause, and what it shows there."""

    control: str
    lines: tuple[str, ...]
    state: Shown
    good: int = 0
    counted: int = 0
    unread: bool = False  # carried, but no reading has been taken yet


def part_of(control: str, lines: Sequence[str], clause_id: object, reading: ReadingLike | None, carried: bool) -> Part:
    """What one join of a clause shows: the whole control, its own items only, or the lines it names."""
    named = tuple(lines)
    if not carried:
        return Part(control, named, Shown.NOT_CARRIED)
    if reading is None:
        return Part(control, named, Shown.NO_DATA, unread=True)
    if reading.state == State.NOT_APPLICABLE:
        return Part(control, named, Shown.NOT_APPLICABLE)
    shown = {"state": reading.state, "good": reading.good, "counted": reading.counted, "lines": reading.lines}
    if _per_clause(control) and reading.counted:
        shown = reading.by_clause.get(str(clause_id), {"state": State.NO_DATA, "good": 0, "counted": 0, "lines": {}})
    if not named:
        return Part(control, named, Shown(shown["state"]), shown["good"], shown["counted"])
    return _part_by_lines(control, named, shown["lines"])


def _per_clause(control: str) -> bool:
    entry = catalogue.controls().get(control)
    return entry is not None and entry.per_clause


def _part_by_lines(control: str, named: tuple[str, ...], tallies: Mapping[str, Any]) -> Part:
    """A clause joined to some lines: the worst of them by the order for clauses, counted together only where there is one."""
    found = [tallies.get(line, {"state": State.NO_DATA, "good": 0, "counted": 0}) for line in named]
    state = first_of(catalogue.clause_precedence(), (each["state"] for each in found))
    worst = min((each for each in found if each["state"] == state), key=lambda each: each["good"] - each["counted"])
    return Part(control, named, Shown(state), worst["good"], worst["counted"])


def clause_state(parts: Sequence[Part]) -> Shown:
    """A clause joined to several controls. What is not carried never makes it met: the carried ones decide and the page says the rest."""
    if not parts:
        return Shown.UNJOINED
    judged = [part.state for part in parts if part.state not in (Shown.NOT_APPLICABLE, Shown.NOT_CARRIED)]
    if judged:
        return Shown(first_of(catalogue.clause_precedence(), judged))
    if any(part.state == Shown.NOT_CARRIED for part in parts):
        return Shown.NOT_CARRIED
    return Shown.NOT_APPLICABLE


def attested_state(stands_until: date | None, *, on: date, remind_days: int) -> Shown:
    """A clause a named person confirms: met while the confirmation stands, due near its end, broken after it, no data if never made."""
    if stands_until is None:
        return Shown.NO_DATA
    if on > stands_until:
        return Shown.BROKEN
    return Shown.DUE if on >= stands_until - timedelta(days=remind_days) else Shown.MET


STATE_OF_KIND: dict[str, Callable[[Sequence[Part], Shown], Shown]] = {
    "control": lambda parts, attested: clause_state(parts),
    "attested": lambda parts, attested: attested,
    "informational": lambda parts, attested: Shown.INFORMATIONAL,
    "unjoined": lambda parts, attested: Shown.UNJOINED,
}


def shown_for(kind: str, parts: Sequence[Part], attested: Shown) -> Shown:
    """What a clause of this kind (policies.models.ClauseKind) shows."""
    return STATE_OF_KIND[kind](parts, attested)


# ------------------------------------------------------------------ who may record what beside a reading


def holds(check: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
    """Whether a check lets through: what a page asks before it offers a form."""
    try:
        check(*args, **kwargs)
    except SchoolgateError:
        return False
    return True


def check_can_take_readings(scope: Scope, school_id: UUID) -> None:
    if not scope.may(Permission.SETTING_SCHOOL, school_id):
        scope.require(
            Permission.REPORT_SCHOOL,
            school_id,
            "Only someone who sees the school's reports may take readings. Ask the headteacher or the office.",
        )


def check_can_see_records(scope: Scope, school_id: UUID, control: Control, roles: frozenset[str]) -> None:
    """Records name people: they are for those who see the school's reports and for those who must act on this control."""
    if scope.may(Permission.REPORT_SCHOOL, school_id) or roles & set(control.who_acts):
        return
    raise Denied("The records name people. The headteacher, the safeguarding lead and the office can open them.")


def may_see_counts(scope: Scope, school_id: UUID) -> bool:
    """Numbers without names: for report readers of the school, its governors and the trust."""
    return any(
        scope.may(one, school_id)
        for one in (Permission.REPORT_SCHOOL, Permission.REPORT_GOVERNOR, Permission.REPORT_TRUST, Permission.SETTING_SCHOOL)
    )


def check_is_person(scope: Scope) -> UUID:
    """These rows need a named person; a process cannot answer for one."""
    if scope.person_id is None:
        raise Denied("A named person must record this; a process cannot.")
    return scope.person_id


def check_can_approve(scope: Scope, school_id: UUID) -> None:
    """Exceptions and not-applicable records are approved by whoever decides the school's settings: its head."""
    scope.require(Permission.SETTING_SCHOOL, school_id, "Only the headteacher approves this. Ask them to record it.")


def check_dated(reason: str, starts_on: date, ends_on: date, *, today: date, max_months: int) -> None:
    """A reason in words, and an end that is ahead and not too far away (setting except.max_months)."""
    if not reason.strip():
        raise BadInput("Say why in a sentence or two.", "reason")
    if ends_on < starts_on:
        raise BadInput("The end is before the start. Choose a later end.", "ends_on")
    if ends_on <= today:
        raise BadInput("The end must be after today.", "ends_on")
    last = add_days(today, max_months, "months")
    if ends_on > last:
        raise BadInput(f"It may run for {months(max_months)} at most. Choose {clock.in_words(last)} or earlier.", "ends_on")


def months(number: int) -> str:
    """`1 month`, `12 months`."""
    return f"{number} month" if number == 1 else f"{number} months"


def check_two_people(owner: UUID, approver: UUID, in_post: set[UUID]) -> None:
    """Somebody else than the approver owns it, and still works here."""
    if owner == approver:
        raise Denied("You approve this, so someone else must own it. Choose another owner.")
    if owner not in in_post:
        raise Denied("The owner has no place at this school. Choose someone who works here.")


def check_can_accept_exception(control: Control, state: str | None) -> None:
    """An exception explains a broken control and nothing else; it never changes what the control shows."""
    if state is None:
        raise Denied(f"“{control.title}” has not been read yet. Take readings first.")
    if state != "broken":
        raise Denied(f"“{control.title}” is not broken, so there is nothing to accept.")


def check_may_be_not_applicable(control: Control) -> None:
    if not control.may_be_not_applicable:
        raise Denied(f"“{control.title}” applies to every school, so nobody can record that it does not.")


def check_can_state_nothing(control: Control, roles: frozenset[str]) -> None:
    """A nil statement is made by the roles of who_acts, for a control whose nil rule takes one."""
    if not control.takes_nil_statements:
        raise Denied(f"“{control.title}” is not proved by saying that there was nothing.")
    if not roles & set(control.who_acts):
        titles = " or ".join(people.title_of(role).lower() for role in control.who_acts)
        raise Denied(f"This statement is for the {titles} to make.")


def check_stretch(covers_from: date, covers_to: date, today: date) -> None:
    if covers_to < covers_from:
        raise BadInput("The last day is before the first. Choose a later one.", "covers_to")
    if covers_to > today:
        raise BadInput("You can only speak for days that are over or today. Choose an earlier last day.", "covers_to")


def check_can_attest(scope: Scope, school_id: UUID, kind: str) -> None:
    if kind != "attested":
        raise Denied("This clause is not one that a person confirms.")
    if not (scope.may(Permission.SETTING_SCHOOL, school_id) or scope.may(Permission.POLICY_APPROVE, school_id)):
        scope.require(Permission.REPORT_SCHOOL, school_id, "Only a senior leader or a governor confirms this. Ask the headteacher.")


def check_confirmation(evidence: str, stands_until: date, today: date) -> None:
    """A confirmation names its evidence and lapses within a year."""
    if not evidence.strip():
        raise BadInput("Say what you looked at: a meeting, a document, a list.", "evidence")
    if stands_until <= today:
        raise BadInput("It must stand until a day after today.", "stands_until")
    if stands_until > add_days(today, LONGEST_CONFIRMATION, "months") + timedelta(days=1):
        raise BadInput(f"A confirmation stands for {LONGEST_CONFIRMATION} months at most. Choose an earlier day.", "stands_until")


# ------------------------------------------------------------------ broken for long

LONG_BROKEN = timedelta(days=90)
"""Our own choice, about a term: a promise that nobody keeps for so long is a reason to look at the policy again."""
OWN_LOOP = "policies.early_review_decided"


def is_long_broken(control: str, since: date, today: date) -> bool:
    """Whether it is a reason to review the policy early. The control that counts such reasons is none itself."""
    return control != OWN_LOOP and today - since >= LONG_BROKEN
