"""A trust's text is set beside its schools' own: loaded, compared, marked, departed from with approval, asked about."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import School, Trust
from schoolgate.policies import queries, rules
from schoolgate.policies.actions.holding import locked_version, record_about
from schoolgate.policies.models import (
    Alignment,
    Clause,
    ClauseKind,
    ClauseValue,
    DepartureDecision,
    Lineage,
    MarkKind,
    Mode,
    ParentText,
    Policy,
    PolicyVersion,
    PrincipleMark,
    PrincipleQuestion,
)
from schoolgate.policies.rules import principles
from schoolgate.policies.rules.principles import Parent, Principle, Side


@transaction.atomic
def load_parent(*, policy: Policy | None, by: Scope) -> ParentText:
    """Hold the policies of the trust's schools against one of the trust's own in force, or (None) against no text any more."""
    principles.check_can_load(by)
    trust = Trust.objects.select_for_update().get(pk=by.trust_id)
    if policy is not None and policy.id not in {row.id for row in queries.parents_to_choose(by)}:
        raise BadInput("Choose a policy of the trust that is in force.", "policy")
    row = ParentText.objects.create(trust=trust, policy=policy, loaded_at=clock.now(), loaded_by_id=by.person_id)
    facts = {"policy": str(policy.id) if policy else None}
    audit.record("principles.loaded", row, trust_id=by.trust_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def take_parent(*, school: School, policy: Policy | None, mode: str, reason: str, by: Scope) -> Lineage:
    """Record how a school takes the trust's text, and which of its own policies answers it (None: the only one in force)."""
    if mode not in Mode.values:
        raise BadInput("Choose how the school takes the trust's text.", "mode")
    board = queries.principles_at(by, school.id, clock.today())
    parent, side = board.parent, board.sides[school.id]
    now = Mode.STAND_ALONE if side.stand_alone else side.mode
    principles.check_can_take(by, school.id, changes_mode=parent is not None and mode != now)
    said = rules.check_reason(reason, "why, or who decided it")
    if mode != Mode.STAND_ALONE and parent is None:
        raise BadInput("The trust has loaded no text, so there is nothing to take. The trust's head of communications loads it.", "mode")
    if policy is not None and policy.id not in {row.id for row in queries.own_policies(by, school.id)}:
        raise BadInput("Choose a policy of the school that is in force.", "policy")
    alone = mode == Mode.STAND_ALONE
    row = Lineage.objects.create(
        school=school, policy=None if alone else policy, parent=parent.policy if parent and not alone else None, mode=mode, reason=said,
        recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"mode": mode, "policy": str(policy.id) if policy else None}
    audit.record("principles.taken", row, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return row


# ------------------------------------------------------------------ suggestions


def suggest_marks(*, parent: Parent, version: PolicyVersion, by: Scope) -> Alignment:
    """Compare the trust's text with a school's and keep what the comparison suggests. It takes seconds: a job, never a page, does it.

    Nothing is held while it compares. Done twice for the same texts by the same engine it is kept once.
    """
    rules.check_can_edit(by, version.policy.school_id)
    mine, theirs = queries.clauses_to_align(parent.version), queries.clauses_to_align(version)
    found = policytext.align_clauses(
        [principles.engine_clause(row) for row in mine], [principles.engine_clause(row) for row in theirs], _kinds(mine), _kinds(theirs)
    )
    rows = {
        one.ref: {
            "likeness": one.likeness, "why": one.why, "school": [row.ref for row in one.school], "nearest": [row.ref for row in one.nearest]
        }
        for one in found
    }  # fmt: skip
    verdicts = {one.ref: one.verdict for one in found if one.verdict}
    keys = [principles.key_of(row.text) for row in theirs]
    return _keep_alignment(parent.version, version, {"verdicts": verdicts, "rows": rows, "keys": keys}, by)


def _kinds(clauses: Sequence[Clause]) -> list[policytext.Match]:
    """How each clause is carried, as far as the comparison asks: background or not."""
    informs = [principles.informs(row) for row in clauses]
    kinds = [str(ClauseKind.INFORMATIONAL if one else ClauseKind.CONTROL) for one in informs]
    return [policytext.Match(row.ref, row.text, kind, ()) for row, kind in zip(clauses, kinds, strict=True)]


@transaction.atomic
def _keep_alignment(parent: PolicyVersion, version: PolicyVersion, told: dict[str, Any], by: Scope) -> Alignment:
    school_id = version.policy.school_id
    if school_id is None:
        raise NotFound("There is no policy of a school here")
    row, fresh = Alignment.objects.get_or_create(
        version=version, parent_version=parent, fingerprint=principles.texts_print(parent, version), engine=policytext.engine_print(),
        defaults={**told, "school_id": school_id, "suggested_at": clock.now()},
    )  # fmt: skip
    if fresh:
        record_about("principles.suggested", version, {"parent": str(parent.id), "engine": row.engine, "count": len(told["verdicts"])}, by)
    return row


# ------------------------------------------------------------------ marks


@transaction.atomic
def mark_principle(
    *, version: PolicyVersion, ref: str, kind: str, refs: Sequence[str] = (), reason: str = "", gap_on: date | None = None, by: Scope
) -> PrincipleMark:
    """Say how a school's text stands to one principle. `refs`: the school's clauses that answer it. The marks before stay."""
    locked = locked_version(version.pk, by)
    principles.check_can_mark(by, locked)
    parent, side, found = queries.school_side(by, locked, clock.today())
    if ref not in found:
        raise BadInput(f"The trust's text has no principle {ref} that binds your school. Load the page again.")
    principle = found[ref].principle
    passages = _passages(side, refs)
    limit = queries.gap_limit(by, principle, locked) if kind == MarkKind.GAP else clock.today()
    said = principles.check_mark(kind, reason, gap_on, passages, side.mode, limit, clock.today())
    return _mark(parent, locked, side, principle, MarkKind(kind), passages, said, gap_on if kind == MarkKind.GAP else None, by)


def _passages(side: Side, refs: Sequence[str]) -> list[dict[str, str]]:
    """The school's clauses by their numbers as printed. BadInput names a number that is not there."""
    known = {row.ref.lower(): row for row in side.clauses}
    stray = [ref for ref in refs if ref.lower() not in known]
    if stray:
        raise BadInput(f"Your policy has no clause {stray[0]}. Write the numbers as they are printed, with a space between them.", "others")
    rows = [known[ref] for ref in dict.fromkeys(ref.lower() for ref in refs)]
    return [{"ref": row.ref, "key": row.key} for row in rows]


def _mark(
    parent: Parent, version: PolicyVersion, side: Side, principle: Principle, kind: MarkKind, passages: list[dict[str, str]], reason: str,
    gap_on: date | None, by: Scope,
) -> PrincipleMark:  # fmt: skip
    row = PrincipleMark.objects.create(
        school_id=side.school_id, parent_version=parent.version, version=version, ref=principle.ref, key=principle.key, passages=passages,
        kind=kind, reason=reason, gap_on=gap_on, suggested=side.verdicts.get(principle.ref, ""), marked_at=clock.now(),
        marked_by_id=principles.check_can_mark(by, version),
    )  # fmt: skip
    facts = {
        "principle": principle.ref, "kind": str(kind), "clauses": [one["ref"] for one in passages],
        "gap_on": gap_on.isoformat() if gap_on else None, "version": str(version.id), "suggested": row.suggested,
    }  # fmt: skip
    audit.record("principle.marked", row, trust_id=by.trust_id, school_id=side.school_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def accept_same(*, version: PolicyVersion, by: Scope) -> int:
    """Mark as the same every principle nobody has marked whose suggestion is "the same" and strong; how many. Nothing else is accepted."""
    locked = locked_version(version.pk, by)
    principles.check_can_mark(by, locked)
    parent, side, found = queries.school_side(by, locked, clock.today())
    told = queries.suggestions(by, parent, locked)
    ready = [one for one in found.values() if principles.strong(one, told)]
    for one in ready:
        passages = _passages(side, told[one.principle.ref]["school"][:1])
        _mark(parent, locked, side, one.principle, MarkKind.SAME, passages, "", None, by)
    return len(ready)


@transaction.atomic
def decide_departure(*, mark: PrincipleMark, approved: bool, why: str, by: Scope) -> DepartureDecision:
    """Approve or refuse a departure, once, by somebody of the trust who did not mark it."""
    version = locked_version(mark.version_id, by)  # one decision or mark about this text at a time
    found = queries.marked_departure(by, mark.id)
    person = principles.check_can_approve_departure(by, found)
    said = rules.check_reason(why, "why")
    if queries.latest_mark(found) != found:
        raise Replaced("The school has marked this principle again. Load the page again.")
    try:
        with transaction.atomic():
            row = DepartureDecision.objects.create(
                school_id=found.school_id, mark=found, approved=approved, why=said, decided_at=clock.now(), decided_by_id=person
            )
    except IntegrityError as taken:
        raise Replaced("This departure has been decided already. Load the page again.") from taken
    facts = {"approved": approved, "principle": found.ref, "version": str(version.id)}
    audit.record("principle.departure_decided", row, trust_id=by.trust_id, school_id=found.school_id, facts=facts, by=by.actor)
    return row


# ------------------------------------------------------------------ values and questions


@transaction.atomic
def tag_values(*, version: PolicyVersion, told: Mapping[str, Sequence[str] | None], by: Scope) -> int:
    """Say which principles clauses of a school serve, by their numbers; an empty list: none fits. How many clauses were told of."""
    locked = locked_version(version.pk, by)
    person = principles.check_can_mark(by, locked)
    parent, side, _ = queries.school_side(by, locked, clock.today())
    clauses = {row.ref: row for row in side.clauses}
    rows = []
    for ref, refs in told.items():
        if refs is None:
            continue
        if ref not in clauses:
            raise BadInput(f"Your policy has no clause {ref}. Load the page again.")
        stray = [one for one in refs if parent.known(one) is None]
        if stray:
            raise BadInput(f"Clause {ref}: the trust's text has no principle {stray[0]}. Write its number as printed.", ref)
        served = [{"ref": one.ref, "key": one.key} for one in (parent.known(ref) for ref in dict.fromkeys(refs)) if one]
        rows.append(
            ClauseValue(
                school_id=side.school_id, version=locked, ref=ref, key=clauses[ref].key, principles=served, tagged_at=clock.now(),
                tagged_by_id=person,
            )
        )  # fmt: skip
    ClauseValue.objects.bulk_create(rows)
    if rows:
        record_about("principles.clauses_tagged", locked, {"clauses": [row.ref for row in rows], "version": str(locked.id)}, by)
    return len(rows)


@transaction.atomic
def ask_school(*, school: School, ref: str, words: str, by: Scope) -> PrincipleQuestion:
    """Ask a school about one principle. It comes up on the list of whoever owns its policies until they mark the principle again."""
    person = principles.check_can_ask(by, school.id)
    board = queries.principles_at(by, school.id, clock.today())
    found = next((one for one in board.judged(school.id) if one.principle.ref == ref), None)
    if board.parent is None or found is None:
        raise Denied(f"No principle {ref} binds this school now. Load the page again.")
    said = " ".join(words.split())
    if not said:
        raise BadInput("Write what you ask, without names of people.", "words")
    row = PrincipleQuestion.objects.create(
        school=school, parent_version=board.parent.version, ref=ref, key=found.principle.key, words=said[:500], asked_at=clock.now(),
        asked_by_id=person,
    )  # fmt: skip
    audit.record("principle.asked", row, trust_id=by.trust_id, school_id=school.id, facts={"principle": ref}, by=by.actor)
    _tell_owner(row, board.sides[school.id], by)
    return row


def _tell_owner(row: PrincipleQuestion, side: Side, by: Scope) -> None:
    if side.version is None or not side.version.policy.owner_role:
        return
    path = reverse("policies:principles", args=[side.version.id])
    for person in queries.holders(by, side.version.policy.owner_role, side.school_id, clock.today()):
        notify.queue(
            person_id=person.id, trust_id=by.trust_id, school_id=side.school_id, template="policy.principle_asked", path=path,
            address=person.email, by_email=bool(person.email), once=f"principle:{row.id.hex}:{person.id.hex}",
        )  # fmt: skip
