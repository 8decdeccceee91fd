"""Which statements of a trust's text bind a school, and how the school's own text stands to each of them on a day. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Standing
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import rules
from schoolgate.policies.models import (
    Adoption,
    Clause,
    ClauseKind,
    ClauseValue,
    DepartureDecision,
    MarkKind,
    Mode,
    Policy,
    PolicyVersion,
    PrincipleMark,
    PrincipleQuestion,
)

CONTROL = "policies.trust_principles_met"
ALIGN_DAYS, ADOPTION_MODEL = "review.alignment_days", "review.adoption_model"
MODE_OF_SETTING = {"trust_text": Mode.WORD_FOR_WORD, "principles": Mode.PRINCIPLES, "free": Mode.ADVISORY}
STRONG = 0.8
"""A suggestion "same" at least this like may be accepted together with others like it. Of such, 32 of 32 were right on the labelled pairs
of tests/bench/alignment.py (25 tuned, 7 held); over all likenesses about a third of the suggestions is wrong."""

MUST = ("must", "must_not")


class How(Enum):
    """How a school's text stands to a principle, as the map shows it: (letter, words, colour)."""

    SAME = ("S", "Same", "met")
    STRICTER = ("T", "Stricter", "met")
    OTHER_WORDS = ("O", "Met in other words", "met")
    APPROVED = ("A", "Departure approved", "agreed")
    GAP = ("G", "Gap with a date", "due")
    LATE_GAP = ("P", "Gap, its date has passed", "broken")
    DEPARTS = ("D", "Departs, not approved", "broken")
    LOOSER = ("L?", "Looser, as suggested", "broken")
    DOUBT = ("S?", "Marked as met, suggested looser", "due")
    MISSING = ("M?", "Missing, as suggested", "open")
    NO_TEXT = ("N", "No text of the school", "open")
    UNMARKED = ("–", "Not marked", "open")

    @property
    def letter(self) -> str:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]

    @property
    def tone(self) -> str:
        return self.value[2]


CONTRADICTS = (How.DEPARTS, How.LATE_GAP, How.LOOSER)
"""What the filter "looser or contradicting" keeps. What a person marked as met stays out of it, whatever the comparison says."""

NOT_MET = (MarkKind.DEPARTS, MarkKind.GAP)
"""Marks by which a school says itself that its text does not meet a principle."""

OF_MARK = {MarkKind.SAME: How.SAME, MarkKind.STRICTER: How.STRICTER, MarkKind.OTHER_WORDS: How.OTHER_WORDS}


def key_of(text: str) -> str:
    """By what a principle or passage is known: its words without case, spacing and punctuation."""
    return hashlib.sha256(rules.same_words(text).encode()).hexdigest()[:32]


# ------------------------------------------------------------------ what the trust asks


@dataclass(frozen=True, slots=True)
class Principle:
    """One statement of the trust's text in force. `since`: the first day on which these words held and the text was loaded."""

    ref: str
    text: str
    key: str
    path: tuple[str, ...]
    heading: str  # of the part of the text it stands in
    force: str
    informs: bool  # background that asks nothing
    clause_id: UUID
    since: date


@dataclass(frozen=True, slots=True)
class Parent:
    """The trust's text in force that its schools are held against."""

    version: PolicyVersion
    loaded_on: date
    principles: tuple[Principle, ...]

    @property
    def policy(self) -> Policy:
        return self.version.policy

    @property
    def changed_on(self) -> date:
        """The day from which this text as a whole is asked for."""
        return max(self.loaded_on, self.version.in_force_from or self.loaded_on)

    def known(self, ref: str) -> Principle | None:
        return next((one for one in self.principles if one.ref == ref), None)


def informs(clause: Clause) -> bool:
    """Whether a clause of the trust asks nothing: as a person decided, else as its text suggests. A fact of the cover never does."""
    kind = clause.suggested_kind if clause.kind == ClauseKind.UNJOINED else clause.kind
    return kind == ClauseKind.INFORMATIONAL or policytext.says_nothing(engine_clause(clause))


def heading_of(path: Sequence[str], title: str) -> str:
    """The part of a text that a clause stands in: its first heading below the title that everything stands under."""
    below = [line for line in path if line != title]
    return below[0] if below else ""


def held_since(key: str, begun: Sequence[tuple[date, Collection[str]]], loaded_on: date) -> date:
    """The first day from which these words held without a break, not before the text was loaded. `begun`: newest version first."""
    since = loaded_on
    for place, (day, keys) in enumerate(begun):
        if place and key not in keys:
            break
        since = day
    return max(since, loaded_on)


def applies(principle: Principle, mode: str) -> bool:
    """Word for word every clause binds; by principle those that ask something; as advice only what must or must not be done."""
    if mode == Mode.WORD_FOR_WORD:
        return True
    if mode == Mode.ADVISORY:
        return not principle.informs and principle.force in MUST
    return not principle.informs


# ------------------------------------------------------------------ how a school answers


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that somebody made, as far as a page or a reading asks."""

    id: UUID
    kind: str
    passages: tuple[Mapping[str, str], ...]
    reason: str
    gap_on: date | None
    marked_at: datetime
    marked_by: str
    decision: DepartureDecision | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One principle at one school on a day: the mark that counts, what was decided about it, and how that stands."""

    principle: Principle
    how: How
    standing: Standing
    why: str
    due_on: date | None = None
    mark: Mark | None = None
    decision: DepartureDecision | None = None
    question: PrincipleQuestion | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause of a school's own text."""

    id: UUID
    ref: str
    key: str
    text: str


@dataclass(slots=True)
class Side:
    """One school beside the trust's text, with everything that was said about it up to a day."""

    school_id: UUID
    mode: str
    stand_alone: str = ""  # the recorded reason; there is no parent text then
    adoption: Adoption | None = None  # the trust's text itself is the school's
    version: PolicyVersion | None = None  # of the school's own policy that answers it
    clauses: tuple[Passage, ...] = ()  # of that version, in order
    keys: frozenset[str] = frozenset()  # of the words of those clauses
    marks: dict[str, Mark] = field(default_factory=dict)  # the latest of each principle's words
    verdicts: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, ClauseValue] = field(default_factory=dict)  # by the clause's words
    questions: dict[str, PrincipleQuestion] = field(default_factory=dict)


def holds(mark: Mark | None, keys: Collection[str]) -> bool:
    """Whether every passage a mark names still stands in the school's text in the same words."""
    return mark is not None and all(one["key"] in keys for one in mark.passages)


def asked(parent: Parent, side: Side) -> list[Principle]:
    """The principles that bind a school; one that says the same words twice is asked once."""
    mode = Mode.PRINCIPLES if side.adoption else side.mode
    first = {one.key: one for one in reversed(parent.principles) if applies(one, mode)}
    return [one for one in parent.principles if first.get(one.key) is one]


def judged(parent: Parent, side: Side, on: date, mark_days: int) -> list[Judged]:
    """Every principle that binds a school, and how it stands there (catalogue, policies.trust_principles_met)."""
    return [_judged(one, side, on, mark_days) for one in asked(parent, side)]


def _judged(one: Principle, side: Side, on: date, mark_days: int) -> Judged:
    if side.adoption:
        return Judged(one, How.SAME, Standing.GOOD, "The school has adopted this text itself.")
    mark, verdict = side.marks.get(one.key), side.verdicts.get(one.ref, "")
    question = side.questions.get(one.key)
    if mark is None or not holds(mark, side.keys):
        due_on = one.since + timedelta(days=mark_days)
        standing = Standing.DUE if on < due_on else Standing.BROKEN
        why = "Nobody has marked it." if mark is None else "The words it was marked against have changed."
        how = unmarked(verdict) if side.version else How.NO_TEXT
        return Judged(one, how, standing, why, due_on, question=question)
    if question and question.asked_at < mark.marked_at:
        question = None
    how, standing, why, ends, decision = of_mark(mark, verdict, on)
    return Judged(one, how, standing, why, ends, mark, decision, question)


def unmarked(verdict: str) -> How:
    return {"looser": How.LOOSER, "missing": How.MISSING}.get(verdict, How.UNMARKED)


def of_mark(mark: Mark, verdict: str, on: date) -> tuple[How, Standing, str, date | None, DepartureDecision | None]:
    """How a mark stands by itself on a day."""
    kind = MarkKind(mark.kind)
    if kind == MarkKind.DEPARTS:
        return _departure(mark, on)
    if kind == MarkKind.GAP:
        late = mark.gap_on is None or on > mark.gap_on
        how, standing = (How.LATE_GAP, Standing.BROKEN) if late else (How.GAP, Standing.LAPSING)
        return how, standing, f"A gap, to be put right by {clock.in_words(mark.gap_on)}. {mark.reason}".strip(), mark.gap_on, None
    how = How.DOUBT if verdict == "looser" else OF_MARK[kind]
    return how, Standing.GOOD, f"{kind.label}. {mark.reason}".strip(), None, None


def _departure(mark: Mark, on: date) -> tuple[How, Standing, str, None, DepartureDecision | None]:
    decision = mark.decision
    if decision is not None and clock.local_date(decision.decided_at) > on:
        decision = None
    if decision is not None and decision.approved:
        when = clock.in_words(clock.local_date(decision.decided_at))
        why = f"Departs: {mark.reason} Approved by {decision.decided_by} on {when}: {decision.why}"
        return How.APPROVED, Standing.GOOD, why, None, decision
    said = "Nobody has approved it." if decision is None else f"Refused: {decision.why}"
    return How.DEPARTS, Standing.BROKEN, f"Departs: {mark.reason} {said}", None, decision


def gap_limit(since: date, align_days: int, review_on: date | None) -> date:
    """The latest day a gap may be given: so many days after the trust's words changed, or the school's next review if sooner."""
    return min([since + timedelta(days=align_days), *([review_on] if review_on else [])])


def tagged(parent: Parent, side: Side, found: Iterable[Judged]) -> dict[str, tuple[str, ...] | None]:
    """The principles each clause of the school serves, by the clause's words: () where none fits, None where nobody has said.

    A clause that answers a principle by a mark that stands serves that principle; nobody has to say so twice.
    """
    principles = {one.key: one.ref for one in parent.principles}
    serves: dict[str, list[str]] = {}
    for one in found:
        for passage in one.mark.passages if one.mark else ():
            serves.setdefault(passage["key"], []).append(one.principle.ref)
    told: dict[str, tuple[str, ...] | None] = {}
    for clause in side.clauses:
        row = side.values.get(clause.key)
        said = [principles[one["key"]] for one in row.principles if one["key"] in principles] if row else []
        refs = tuple(dict.fromkeys([*serves.get(clause.key, ()), *said]))
        told[clause.key] = refs if refs or (row is not None and not row.principles) else None
    return told


def strong(one: Judged, told: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a principle nobody has marked has a suggestion that may be accepted with others: the same, and very alike."""
    row = told.get(one.principle.ref)
    return one.mark is None and row is not None and row["verdict"] == "same" and row["likeness"] >= STRONG


def engine_clause(clause: Clause) -> policytext.Clause:
    return policytext.Clause(clause.ref, tuple(clause.path), clause.text, clause.modality, tuple(clause.actors), clause.page)


def texts_print(parent: PolicyVersion, version: PolicyVersion) -> str:
    """SHA-256 of both texts: suggestions are for exactly these."""
    return hashlib.sha256(f"{parent.fingerprint} {version.fingerprint}".encode()).hexdigest()


# ------------------------------------------------------------------ who may do what


def check_can_load(scope: Scope) -> None:
    scope.require(
        Permission.POLICY_EDIT, None, "Only someone who edits the trust's policies can choose the text its schools are held against."
    )


def check_can_take(scope: Scope, school_id: UUID, *, changes_mode: bool) -> None:
    """A school says which of its policies answers the trust's text; how far the text binds it is for the trust to say."""
    rules.check_can_edit(scope, school_id)
    if changes_mode and not scope.may(Permission.POLICY_EDIT, None):
        raise Denied("The trust decides how its text is taken. Ask the trust's head of communications.")


def check_can_mark(scope: Scope, version: PolicyVersion) -> UUID:
    """Marks are made by a named person who edits the school's policies, about a text that is not history. Who that is."""
    rules.check_can_join(version, scope)
    if version.policy.school_id is None:
        raise Denied("This is the trust's own text. Open a policy of a school to set it beside the trust's.")
    if scope.person_id is None:
        raise Denied("A named person must mark this; a process cannot.")
    return scope.person_id


def check_can_approve_departure(scope: Scope, mark: PrincipleMark) -> UUID:
    """Somebody who approves for the trust, and never the person who marked it. Who that is."""
    scope.require(Permission.POLICY_APPROVE, mark.school_id, "Only someone who approves policies for the trust can decide a departure.")
    if not scope.may(Permission.POLICY_APPROVE, None):
        raise Denied("Only someone who approves policies for the trust can decide a departure.")
    if scope.person_id is None:
        raise Denied("A named person must decide about a departure; a process cannot.")
    if scope.person_id == mark.marked_by_id:
        raise Denied("You marked this departure, so someone else must decide about it.")
    return scope.person_id


def check_can_ask(scope: Scope, school_id: UUID) -> UUID:
    """Somebody who edits the trust's policies asks, by name. Who that is."""
    scope.require(Permission.POLICY_EDIT, school_id, "Only someone who edits the trust's policies can ask a school about a principle.")
    if not scope.may(Permission.POLICY_EDIT, None) or scope.person_id is None:
        raise Denied("Only someone who edits the trust's policies can ask a school about a principle.")
    return scope.person_id


def check_mark(kind: str, reason: str, gap_on: date | None, passages: Sequence[Any], mode: str, limit: date, today: date) -> str:
    """The reason without blanks around it. BadInput where a mark lacks what its kind needs."""
    if kind not in MarkKind.values:
        raise BadInput("Choose how your policy stands to this principle.", "kind")
    if mode == Mode.WORD_FOR_WORD and kind in (MarkKind.STRICTER, MarkKind.OTHER_WORDS):
        raise BadInput("Your school takes this text word for word. Mark it as the same, as a departure or as a gap.", "kind")
    if kind in OF_MARK and not passages:
        raise BadInput("Tick or write the clause of your policy that meets this principle.", "others")
    said = " ".join(reason.split())
    if kind == MarkKind.DEPARTS:
        return rules.check_reason(said, "why your policy departs from this principle")
    if len(said) > 300:
        raise BadInput("The reason is longer than 300 letters. Shorten it.", "reason")
    if kind == MarkKind.GAP:
        _check_gap(gap_on, limit, today)
    return said


def _check_gap(gap_on: date | None, limit: date, today: date) -> None:
    if limit < today:
        raise BadInput(
            f"The last day for a gap was {clock.in_words(limit)}. "
            "Change the policy, or mark a departure and have it approved by the trust.",
            "gap_on",
        )
    if gap_on is None:
        raise BadInput(f"Enter the day by which the gap will be closed, {clock.in_words(limit)} at the latest.", "gap_on")
    if gap_on < today:
        raise BadInput("The day by which the gap will be closed has passed. Enter today or a later day.", "gap_on")
    if gap_on > limit:
        raise BadInput(f"A gap must be closed by {clock.in_words(limit)}. Enter that day or an earlier one.", "gap_on")
