"""What was read is put right, piece by piece and fact by fact, until the version is submitted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people.access import Scope
from schoolgate.policies import queries, reading, rules
from schoolgate.policies.actions.holding import locked_version
from schoolgate.policies.models import Aside, Clause, ClauseControl, CorrectionKind, Policy, PolicyCorrection, PolicyVersion
from schoolgate.policies.rules import corrections
from schoolgate.policies.rules.corrections import Correction, Piece
from schoolgate.policytext.outline.dates import last_day

TOP = 3
"""Suggestions kept for each clause."""

_OUT_OF_THE_WAY = 1_000_000
"""Beyond every position there is, so that rows can change places without two ever holding one place."""

_CLAUSE_FIELDS = [
    "position", "ref", "path", "text", "modality", "actors", "page", "places", "suggestions", "suggested_kind",
    "kind", "reason", "decided_at", "decided_by",
]  # fmt: skip


@transaction.atomic
def correct_reading(
    *, version: PolicyVersion, piece: str, seen: str, how: Callable[[Sequence[Piece], int], Correction], by: Scope
) -> PolicyCorrection:
    """Put one piece of a reading right. `seen` is its mark as the person saw it: Replaced where somebody changed it meanwhile.

    `how` is one of the corrections, such as `lambda pieces, at: corrections.number(pieces, at, "3.1")`.
    """
    locked = locked_version(version.pk, by)
    rules.check_can_correct(locked, by)
    pieces = queries.outline_of(locked)
    made = how(pieces, corrections.find(pieces, piece, seen))
    made = replace(made, before=queries.with_decisions(locked, made.before))
    return _apply(locked, pieces, replace(made, after=_decided_again(locked, made)), by)


@transaction.atomic
def undo_correction(*, correction: PolicyCorrection, by: Scope) -> PolicyCorrection:
    """Take a correction back, as long as nothing of it was corrected again. Replaced where it was, or was taken back already."""
    locked = locked_version(correction.version_id, by)
    rules.check_can_correct(locked, by)
    row = PolicyCorrection.objects.get(pk=correction.pk)
    if row.kind == CorrectionKind.UNDO or PolicyCorrection.objects.filter(undoes=row).exists():
        raise corrections.Replaced("This correction has been taken back already.")
    if row.kind == CorrectionKind.FACT:
        return _write_fact(locked, row.about, row.before[row.about], by, undoes=row)
    before, after = ([Piece.from_json(told) for told in side] for side in (row.before, row.after))
    touched = {one.id for one in after}
    pieces = queries.outline_of(locked)
    held = {one.id: one for one in queries.with_decisions(locked, [one for one in pieces if one.id in touched])}
    pieces = [held.get(one.id, one) for one in pieces]
    return _apply(locked, pieces, corrections.take_back(pieces, row.about, before, after), by, undoes=row)


def _decided_again(version: PolicyVersion, made: Correction) -> tuple[Piece, ...]:
    """The pieces after a correction. Where words changed, what stands behind them is asked again, with new suggestions."""
    before = {one.id: one for one in made.before}
    kept = {one.id: before[one.id].decision for one in made.after if one.id in before and _same(before[one.id], one)}
    fresh = [one for one in made.after if not one.aside and not kept.get(one.id)]
    offered = suggestions(reading.document_of(version, fresh)) if fresh else {}
    return tuple(replace(one, decision=kept.get(one.id) or offered.get(one.ref, {})) for one in made.after)


def _same(before: Piece, after: Piece) -> bool:
    return rules.same_words(before.text) == rules.same_words(after.text)


def suggestions(document: policytext.Document) -> dict[str, dict[str, Any]]:
    """What each clause of a document could be joined to, by reference, with nothing decided."""
    return {
        match.ref: {
            "suggestions": [{"control": s.control, "score": s.score, "why": s.why, "lines": list(s.lines)} for s in match.suggestions],
            "suggested_kind": match.kind,
        }
        for match in policytext.match(document, top=TOP)
    }


def _apply(
    version: PolicyVersion, pieces: Sequence[Piece], made: Correction, by: Scope, undoes: PolicyCorrection | None = None
) -> PolicyCorrection:
    _write(version, made)
    told = rules.fingerprint((one.ref, one.text) for one in made.applied(pieces) if not one.aside)
    row = _record(version, made, told, by, undoes=undoes)
    version.fingerprint = told
    version.save(update_fields=["fingerprint"])
    return row


def _record(version: PolicyVersion, made: Correction, told: str, by: Scope, **more: Any) -> PolicyCorrection:
    sides = {"before": [one.as_json() for one in made.before], "after": [one.as_json() for one in made.after]}
    return _remember(version, made.kind, made.about, sides, told, by, **more)


def _remember(
    version: PolicyVersion, kind: CorrectionKind, about: str, sides: dict[str, Any], told: str, by: Scope, **more: Any
) -> PolicyCorrection:
    """The fact row of a correction and its entry in the log, which holds fingerprints and never words."""
    last = version.corrections.order_by("-number").values_list("number", flat=True).first() or 0
    row = PolicyCorrection.objects.create(
        version=version, number=last + 1, kind=kind, about=about[:60], fingerprint_before=version.fingerprint, fingerprint_after=told,
        at=clock.now(), by_id=by.person_id, **sides, **more,
    )  # fmt: skip
    facts = {"version": str(version.id), "kind": str(kind), "before": version.fingerprint, "after": told}
    audit.record("policy.corrected", row, trust_id=by.trust_id, school_id=version.policy.school_id, facts=facts, by=by.actor)
    return row


# ------------------------------------------------------------------ rows


def _write(version: PolicyVersion, made: Correction) -> None:
    """Put the pieces `after` in the place of `before`: rows that stay are changed, those that go are deleted, those behind move up."""
    clauses, asides = Clause.objects.filter(version=version), Aside.objects.filter(version=version)
    ids = [one.id for one in made.before]
    for rows in (clauses, asides):
        rows.filter(pk__in=ids).update(position=F("position") + _OUT_OF_THE_WAY)
    _make_room(made, clauses, asides)
    was = {one.id for one in made.before if not one.aside}
    now = {one.id for one in made.after if not one.aside}
    _move_findings(version, made, was - now)
    clauses.filter(pk__in=was - now).delete()
    asides.filter(pk__in=ids).delete()
    placed = list(enumerate(made.after, made.start))
    kept = {one.id: reading.clause_row(version, one, place) for place, one in placed if not one.aside}
    Clause.objects.bulk_update([kept[key] for key in kept if key in was], _CLAUSE_FIELDS)
    Clause.objects.bulk_create([kept[key] for key in kept if key not in was])
    Aside.objects.bulk_create([reading.aside_row(version, one, place) for place, one in placed if one.aside])
    _write_joins([one for one in made.after if not one.aside])


def _make_room(made: Correction, clauses: Any, asides: Any) -> None:
    """Everything behind the run moves by as many places as the run grew or shrank."""
    grown, end = len(made.after) - len(made.before), made.start + len(made.before)
    for rows in (clauses, asides) if grown else ():
        rows.filter(position__gte=end, position__lt=_OUT_OF_THE_WAY).update(position=F("position") + 2 * _OUT_OF_THE_WAY)
        rows.filter(position__gte=2 * _OUT_OF_THE_WAY).update(position=F("position") - 2 * _OUT_OF_THE_WAY + grown)


def _move_findings(version: PolicyVersion, made: Correction, gone: set[str]) -> None:
    """What was found in a clause that goes is found in the one its words went to; words set aside belong to the whole text."""
    kept = next((one.id for one in made.after if not one.aside), None)
    words_stay = not any(one.aside and one.id in gone for one in made.after)
    version.findings.filter(clause_id__in=gone).update(clause_id=kept if words_stay else None)


def _write_joins(pieces: Sequence[Piece]) -> None:
    ClauseControl.objects.filter(clause_id__in=[one.id for one in pieces]).delete()
    ClauseControl.objects.bulk_create(
        [
            ClauseControl(clause_id=one.id, control=control, lines=lines)
            for one in pieces
            for control, lines in one.decision.get("joins", [])
        ]
    )


# ------------------------------------------------------------------ facts of the cover


@transaction.atomic
def correct_facts(*, version: PolicyVersion, facts: dict[str, str | None], by: Scope) -> int:
    """Put right what the document says of itself; None where it says nothing. How many facts changed. Dates are ISO 8601."""
    locked = locked_version(version.pk, by)
    rules.check_can_correct(locked, by)
    stray = [name for name in facts if name not in reading.FACTS]
    if stray:
        raise BadInput(f"There is no fact called {stray[0]} on the cover of a policy.", stray[0])
    changed = {name: (value or None) for name, value in facts.items() if (value or None) != locked.facts.get(name)}
    for name, value in changed.items():
        _write_fact(locked, name, value, by)
    return len(changed)


def _write_fact(version: PolicyVersion, name: str, value: Any, by: Scope, undoes: PolicyCorrection | None = None) -> PolicyCorrection:
    """One fact, marked as given by a person; taken back, it is what the document said again."""
    given = dict(reading.by_hand(version.facts))
    if undoes is None:
        given[name] = {"at": clock.now().isoformat(), "read": version.facts.get(name)}
    elif given.get(name, {}).get("read") == value:
        given.pop(name, None)
    sides = {"before": {name: version.facts.get(name)}, "after": {name: value}}
    row = _remember(version, CorrectionKind.UNDO if undoes else CorrectionKind.FACT, name, sides, version.fingerprint, by, undoes=undoes)
    version.facts = {**version.facts, name: value, reading.BY_HAND: given}
    if name == "review_on":
        version.review_on = last_day(value) if value else None
    if name == "version":
        version.printed_version = (value or "")[:60]
    version.save(update_fields=["facts", "review_on", "printed_version"])
    if name == "title" and value:
        _rename(version, value)
    return row


def _rename(version: PolicyVersion, title: str) -> None:
    """A policy that is nothing but this draft yet takes its corrected title, unless another policy there has it."""
    policy = version.policy
    only = not PolicyVersion.objects.filter(policy=policy).exclude(pk=version.pk).exists()
    if only and not Policy.objects.filter(trust_id=policy.trust_id, school=policy.school, title__iexact=title).exists():
        policy.title = title[:300]
        policy.save(update_fields=["title"])


# ------------------------------------------------------------------ the next version


@dataclass(frozen=True, slots=True)
class Repeated:
    """A correction of the version before that fits this reading too, and the fingerprints on both sides of it."""

    made: Correction
    of: PolicyCorrection
    before: str
    after: str


def repeat_corrections(before: PolicyVersion | None, pieces: list[Piece]) -> tuple[list[Piece], list[Repeated]]:
    """The reading with everything put right that was put right last time, where the same words stand again."""
    done: list[Repeated] = []
    for old in queries.to_repeat(before) if before else ():
        sides = ([Piece.from_json(told) for told in side] for side in (old.before, old.after))
        made = corrections.again(pieces, CorrectionKind(old.kind), *sides)
        if made:
            was = done[-1].after if done else _told(pieces)
            pieces = made.applied(pieces)
            done.append(Repeated(made, old, was, _told(pieces)))
    return pieces, done


def _told(pieces: Sequence[Piece]) -> str:
    return rules.fingerprint((one.ref, one.text) for one in pieces if not one.aside)


def remember_repeated(version: PolicyVersion, done: Sequence[Repeated], by: Scope) -> None:
    """Keep what was repeated, so that each can be looked at and taken back."""
    for one in done:
        version.fingerprint = one.before
        _record(version, one.made, one.after, by, repeats=one.of)
    if done:
        version.fingerprint = done[-1].after
