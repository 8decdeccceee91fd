"""Decisions about policies: what state a version may move to and by whom, who may read what, and what counts as put into practice."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Clause, ClauseKind, Policy, PolicyVersion, VersionState

S = VersionState


@dataclass(frozen=True, slots=True)
class Step:
    """One way a version may go on: from which states, to which, what it is called, and the permission it takes."""

    name: str
    start: frozenset[VersionState]
    end: VersionState
    needs: Permission | None  # None: happens by itself when a newer version comes into force
    who: str


STEPS = (
    Step("Submit for review", frozenset({S.DRAFT, S.CHANGES_ASKED}), S.IN_REVIEW, Permission.POLICY_EDIT, "someone who edits policies"),
    Step("Ask for changes", frozenset({S.IN_REVIEW}), S.CHANGES_ASKED, Permission.POLICY_APPROVE, "an approver who did not submit it"),
    Step("Approve", frozenset({S.IN_REVIEW}), S.APPROVED, Permission.POLICY_APPROVE, "an approver who did not submit it"),
    Step("Bring into force", frozenset({S.APPROVED}), S.IN_FORCE, Permission.POLICY_EDIT, "someone who edits policies"),
    Step("Replaced by the next version", frozenset({S.IN_FORCE}), S.SUPERSEDED, None, "the next version"),
)
SUBMIT, ASK, APPROVE, BRING, _REPLACE = STEPS

TRANSITIONS: dict[VersionState, set[VersionState]] = {state: {step.end for step in STEPS if state in step.start} for state in VersionState}
"""Where each state leads. A version in force or replaced is never edited: a new version is imported instead."""

EDITABLE = frozenset({S.DRAFT, S.CHANGES_ASKED, S.IN_REVIEW, S.APPROVED, S.IN_FORCE})
"""States in which clauses may still be joined: the text is fixed from submission on, what stands behind it is not."""

CORRECTABLE = frozenset({S.DRAFT, S.CHANGES_ASKED})
"""States in which what was read may still be put right. After that the text is what people are asked to approve and sign."""

PUBLISHED = frozenset({S.IN_FORCE, S.SUPERSEDED})
STRONG = 0.94
"""A suggestion this likely may be accepted together with others like it. Of such, 27 of 32 were right on eight other policies, and 126 of
137 on the first pages of 80 more that nothing was fitted on (both engines together). Each stays changeable."""

CHANGES = {
    "kept": "The same",
    "moved": "Moved",
    "reworded": "Reworded",
    "dates_or_names": "Only dates or names",
    "added": "New",
    "removed": "Gone",
}
"""What can become of a statement from one version to the next, as the comparison tells it, in the words of the page."""

# What the law check says of a citation belongs to policies.citations_sound; every other finding is a fault of the text.
CITATION_STATUSES = frozenset(
    {"current", "amended", "vague", "part-repealed", "superseded", "renamed", "body-renamed", "spent", "repealed", "wrong-year", "link-rot"}
)


def states_diagram() -> str:
    """The states of a version as a mermaid diagram, drawn from the table above."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.DRAFT}: Import"]
    lines += [f"    {start}: {start.label}" for start in VersionState]
    lines += [f"    {start} --> {step.end}: {step.name}" for step in STEPS for start in VersionState if start in step.start]
    return "\n".join(lines)


# ------------------------------------------------------------------ who may do what


def reads_drafts(scope: Scope, school_id: UUID | None) -> bool:
    """Texts not yet in force are seen by those who write or approve them there."""
    return scope.may(Permission.POLICY_EDIT, school_id) or scope.may(Permission.POLICY_APPROVE, school_id)


def check_can_edit(scope: Scope, school_id: UUID | None) -> None:
    """Import, join, decide findings, submit: whoever edits policies there."""
    where = "your school's policies" if school_id else "the trust's policies"
    scope.require(
        Permission.POLICY_EDIT,
        school_id,
        f"Only someone who edits {where} can do this. Ask the headteacher, the clerk or the policy's owner.",
    )


def check_can_import(scope: Scope) -> None:
    """The import page is for whoever edits policies somewhere."""
    if not scope.may_anywhere(Permission.POLICY_EDIT):
        raise Denied("Only someone who edits policies can import a document. Ask the headteacher or the clerk.")


def _check_step(step: Step, version: PolicyVersion, scope: Scope) -> None:
    school_id = version.policy.school_id
    sentence = f"Your role does not let you do this: “{step.name}” is for {step.who}."
    if step.needs is not None:
        scope.require(step.needs, school_id, sentence)
    if version.state not in step.start:
        wanted = " or ".join(state.label.lower() for state in VersionState if state in step.start)
        raise Denied(
            f"{step.name}: this version is {VersionState(version.state).label.lower()}, and it must be {wanted}. Load the page again."
        )


def check_can_submit(version: PolicyVersion, scope: Scope) -> None:
    """A draft, or one that came back, goes to the approvers. Its clauses need not all be joined: unjoined ones are counted and shown."""
    _check_step(SUBMIT, version, scope)


def _check_second_person(version: PolicyVersion, scope: Scope) -> None:
    if scope.person_id is None:
        raise Denied("A named person must look at this version; a process cannot.")
    if scope.person_id == version.submitted_by_id:
        raise Denied("You submitted this version, so someone else must decide about it.")


def check_can_ask_for_changes(version: PolicyVersion, scope: Scope) -> None:
    _check_step(ASK, version, scope)
    _check_second_person(version, scope)


def check_can_approve(version: PolicyVersion, scope: Scope) -> None:
    """Two people stand behind every version: never the one who submitted it."""
    _check_step(APPROVE, version, scope)
    _check_second_person(version, scope)


def check_can_bring_into_force(version: PolicyVersion, scope: Scope) -> None:
    """It must be approved. Unjoined clauses do not stop it: policies.clauses_joined shows them from the first day."""
    _check_step(BRING, version, scope)


def check_can_join(version: PolicyVersion, scope: Scope) -> None:
    check_can_edit(scope, version.policy.school_id)
    if version.state not in EDITABLE:
        raise Denied("This version has been replaced, so its clauses are history. Join the clauses of the version in force.")


def check_can_correct(version: PolicyVersion, scope: Scope) -> None:
    check_can_edit(scope, version.policy.school_id)
    if version.state not in CORRECTABLE:
        raise Denied(
            "This version has been submitted, so its text is fixed. Ask the approver to send it back, or import the corrected document."
        )


def check_can_adopt(policy: Policy, school_id: UUID, in_force: bool, scope: Scope) -> None:
    scope.require(
        Permission.POLICY_ADOPT, school_id, "Only someone who may adopt policies for this school can do this: ask the headteacher."
    )
    if policy.school_id is not None:
        raise Denied("Only a policy of the trust can be adopted. This one belongs to a school.")
    if not in_force:
        raise Denied("This policy is not in force yet. It can be adopted from the day the trust brings it into force.")


def check_can_choose(school_id: UUID | None, scope: Scope) -> None:
    """Settings of a school are its headteacher's, those of the trust its leaders'."""
    needs, sentence = Permission.SETTING_TRUST, "Only the trust's leaders may change its settings."
    if school_id:
        needs, sentence = Permission.SETTING_SCHOOL, "Only the headteacher may change this school's settings."
    scope.require(needs, school_id, sentence)


def check_can_answer(asked_by: UUID | None, scope: Scope) -> None:
    """A school that asks to depart from the trust is answered by one of its leaders, never by whoever asked."""
    scope.require(Permission.SETTING_TRUST, None, "Only the trust's leaders may answer a school that asks to depart from it.")
    if scope.person_id is not None and scope.person_id == asked_by:
        raise Denied("You asked for this yourself, so someone else must answer it.")


def why_not_choose(told: Mapping[str, Any], school_id: UUID | None, scope: Scope) -> str:
    """Why this person cannot change this setting here; empty when they can."""
    if told.get("locked"):
        return "This is fixed, so there is nothing to choose."
    if school_id and told.get("change_by") == "trust":
        return "The trust decides this for all its schools."
    try:
        check_can_choose(school_id, scope)
    except Denied as denied:
        return denied.sentence
    return ""


def refusal(check: Callable[[PolicyVersion, Scope], None], version: PolicyVersion, scope: Scope) -> str:
    """Why not, in the sentence of the rule; empty when it may be done. What a button that cannot be used says."""
    try:
        check(version, scope)
    except Denied as denied:
        return denied.sentence
    return ""


def can_submit(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_submit, version, scope)


def can_ask_for_changes(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_ask_for_changes, version, scope)


def can_approve(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_approve, version, scope)


def can_bring_into_force(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_bring_into_force, version, scope)


def can_correct(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_correct, version, scope)


def can_join(version: PolicyVersion, scope: Scope) -> bool:
    return not refusal(check_can_join, version, scope)


# ------------------------------------------------------------------ dates and details


def check_meeting(body: str, met_on: date, today: date) -> None:
    if not body.strip():
        raise BadInput("Enter who approved this version, such as the governing body.", "body")
    if met_on > today:
        raise BadInput("The meeting is in the future. Enter the day on which it was approved.", "met_on")


def check_start(version: PolicyVersion, from_day: date, review_on: date | None, before: date | None, today: date) -> None:
    """`before` is the day the version now in force began, if there is one."""
    if from_day > today:
        raise BadInput("A version comes into force on the day you record it, or earlier. Come back on that day.", "from_day")
    if version.approved_on and from_day < version.approved_on:
        raise BadInput("A version cannot come into force before the day it was approved.", "from_day")
    if before and from_day < before:
        raise BadInput(f"The version in force now began on {clock.in_words(before)}. Enter that day or a later one.", "from_day")
    if review_on and review_on <= from_day:
        raise BadInput("The review date must be after the day the version comes into force.", "review_on")


# ------------------------------------------------------------------ controls, clauses and findings


def catalogue() -> dict[str, Mapping[str, Any]]:
    """Every control a clause can be joined to, by id, in the order of the catalogue."""
    return {row["id"]: row for row in data.load("catalogue/controls.yaml")["controls"]}


def title_of_control(control: str) -> str:
    """The title of a control; its id where the catalogue has it no longer."""
    row = catalogue().get(control)
    return str(row["title"]) if row else control


def sources_for_people(keys: Iterable[str]) -> list[str]:
    """What stands behind a finding, by name and id of rules/sources.yaml; our own choices and examples are no source for anybody else."""
    known = data.load("rules/sources.yaml")["sources"]
    return [f"{known[key]['name']} ({key})" for key in keys if key in known and known[key]["kind"] not in ("seed", "general", "design")]


def lines_of(control: str) -> dict[str, str]:
    """The named lines of a control with their meaning; none for a control that is judged as a whole."""
    row = catalogue().get(control)
    return dict(row["counts"].get("lines", {})) if row else {}


def parameter(control: str, name: str) -> Any:
    """A parameter of a control that the catalogue itself gives a value, such as join_days."""
    return catalogue()[control]["parameters"][name]["default"]


def check_controls(chosen: Sequence[tuple[str, list[str]]]) -> None:
    """A clause is joined to controls that exist, each once, by lines that exist."""
    known = catalogue()
    if not chosen:
        raise BadInput("Choose at least one control, or say that the clause is confirmed by a person or is information only.", "controls")
    seen: set[str] = set()
    for control, lines in chosen:
        if control not in known:
            raise BadInput(f"There is no control called {control}. Choose one from the list.", "controls")
        if control in seen:
            raise BadInput(f"{known[control]['title']} is chosen twice. Choose it once.", "controls")
        seen.add(control)
        stray = [line for line in lines if line not in lines_of(control)]
        if stray:
            raise BadInput(f"{known[control]['title']} has no part called {stray[0]}. Choose a part from the list or none.", "controls")


def check_reason(reason: str, what: str) -> str:
    """The reason without blanks around it; refused when there is none or it is too long to keep."""
    told = reason.strip()
    if not told:
        raise BadInput(f"Say in a few words {what}.", "reason")
    if len(told) > 300:
        raise BadInput("The reason is longer than 300 letters. Shorten it.", "reason")
    return told


def search(words: str, limit: int = 20) -> list[str]:
    """Controls that hold every word in title, promise, parts or id, best first; where there are none, those that hold any of them."""
    wanted = [word for word in re.split(r"[^a-z0-9]+", words.lower()) if word]
    scored = []
    for ref, row in catalogue().items():
        title, promise, extra = (
            row["title"].lower(),
            row["promise"].lower(),
            f"{ref} {row.get('asks', '')} {' '.join(lines_of(ref))}".lower(),
        )
        hits = [3 * (word in title) + 2 * (word in promise) + (word in extra) for word in wanted]
        if any(hits):
            scored.append((not all(hits), -sum(hits), ref))
    best = [row for row in scored if not row[0]] or scored
    return [ref for _, _, ref in sorted(best)][:limit]


def is_carried(clause: Clause, controls: Iterable[str]) -> bool:
    """Joined to a known control, or marked attested or informational with reason and person (policies.clauses_joined)."""
    if clause.kind == ClauseKind.CONTROL:
        joined = list(controls)
        return bool(joined) and all(control in catalogue() for control in joined)
    if clause.kind in (ClauseKind.ATTESTED, ClauseKind.INFORMATIONAL):
        return bool(clause.reason) and clause.decided_by_id is not None
    return False


@cache
def law_fingerprint() -> str:
    """SHA-256 of the law data: a version checked with other data is checked again."""
    return hashlib.sha256(data.file_bytes("rules/citations.yaml")).hexdigest()


def citation_rules() -> frozenset[str]:
    """Rules of the law check that judge a citation; all others find faults in the text."""
    shelf = data.load("rules/citations.yaml")
    rows = [row for rows in shelf.values() if isinstance(rows, list) for row in rows if isinstance(row, dict) and "id" in row]
    cited = {row["id"] for row in shelf["rules"] if row["status"] in CITATION_STATUSES}
    cited |= {row["id"] for row in rows if row.get("pattern") and row.get("status") in CITATION_STATUSES}
    return frozenset(cited | {row["id"] for row in rows if row.get("kind") == "stale_when_signed"})


# ------------------------------------------------------------------ texts


def fingerprint(clauses: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the clauses as read, reference and words in order: what a signature binds to."""
    told = json.dumps([[ref, text] for ref, text in clauses], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8")).hexdigest()


def same_words(text: str) -> str:
    """A clause's words without case, spacing and punctuation: what tells whether a clause changed between versions."""
    return " ".join(re.findall(r"\w+", text.lower()))


def change_counts(changes: Iterable[policytext.Change]) -> dict[str, int]:
    """How many statements changed in each way, lead-ins left out: they are counted with what stands under them."""
    told = Counter(change.kind for change in changes if not change.lead_in)
    return {kind: told[kind] for kind in CHANGES}
