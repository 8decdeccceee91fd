"""A version as a bundle to hand on, and what a bundle of another school turns into here. Pure; no name of a person goes along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from schoolgate import policytext
from schoolgate.common.errors import BadInput
from schoolgate.policies import exporting, rules
from schoolgate.policies.models import AdoptedFrom, Clause, ClauseKind, PolicyVersion
from schoolgate.policies.rules import choices
from schoolgate.policies.rules.settling import Settled

JOINED_THERE = 1.0
"""How likely a control is that the other school joined: a person there decided it, so it is accepted with the strong ones."""


def bundle_of(
    version: PolicyVersion, clauses: Sequence[Clause], settings: Iterable[Settled], trail: Iterable[AdoptedFrom], today: date
) -> policytext.Bundle:
    """What is handed on of a version, joins of its clauses fetched along. Owner, authors, reasons and whoever decided stay here."""
    written = exporting.document_of(version, clauses)
    return policytext.Bundle(
        document=replace(written, owner=None, approved_by=version.approving_body or None),
        origin=policytext.Origin(
            trust=version.policy.trust.name, school=version.policy.school.name if version.policy.school else "",
            title=version.policy.title, number=version.number, printed_version=version.printed_version,
            fingerprint=version.fingerprint, exported_on=today.isoformat(),
        ),
        trail=tuple(step for row in trail for step in (*_steps(row.trail), origin_of(row))),
        joins=tuple(_join(row) for row in clauses if row.kind != ClauseKind.UNJOINED),
        settings=tuple((one.key, one.value) for one in settings),
    )  # fmt: skip


def _join(row: Clause) -> policytext.Join:
    return policytext.Join(row.ref, str(row.kind), tuple((join.control, tuple(join.lines)) for join in row.joins.all()))


def _steps(kept: Iterable[Mapping[str, Any]]) -> tuple[policytext.Origin, ...]:
    return tuple(policytext.Origin(**step) for step in kept)


def origin_of(row: AdoptedFrom) -> policytext.Origin:
    """Where a version came from, as a step of a trail."""
    return policytext.Origin(
        row.trust, row.school, row.title, row.number, row.printed_version, row.fingerprint, row.exported_on.isoformat()
    )


def check_whole(bundle: policytext.Bundle) -> None:
    """The clauses are those the fingerprint was made of: a bundle that was changed on its way is refused."""
    told = rules.fingerprint((clause.ref, clause.text) for clause in bundle.document.clauses)
    if told != bundle.origin.fingerprint:
        raise BadInput(
            "The clauses in this bundle are not those its fingerprint was made of, so it was changed after it was exported. "
            "Ask the school it came from to export it again.",
            "file",
        )
    try:
        date.fromisoformat(bundle.origin.exported_on)
    except ValueError:
        raise BadInput("The bundle gives no real day on which it was exported. Ask for it again.", "file") from None


def offered(bundle: policytext.Bundle, ref: str, mine: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], str] | None:
    """The suggestions of a clause and its kind once the other school's joins come first; None where they joined nothing we know."""
    join = next((one for one in bundle.joins if one.ref == ref), None)
    if join is None:
        return None
    where = bundle.origin.school or bundle.origin.trust
    there = [
        {"control": control, "score": JOINED_THERE, "why": f"{where} joined it to this", "lines": kept}
        for control, lines in dict(join.controls).items()
        if control in rules.catalogue() and (kept := [line for line in lines if line in rules.lines_of(control)]) is not None
    ]
    taken = {one["control"] for one in there}
    below = [{**one, "score": min(one["score"], rules.STRONG - 0.01)} for one in mine if one["control"] not in taken]
    if join.kind == ClauseKind.CONTROL and not there:
        return None
    return [*there, *below], join.kind


def unknown_controls(bundle: policytext.Bundle) -> list[str]:
    """Controls the other school joined that this version has not."""
    return sorted({control for one in bundle.joins for control, _ in one.controls if control not in rules.catalogue()})


def settings_we_have(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The settings of a bundle that exist here with values they may have; what a stranger wrote may be of any shape."""
    known = choices.settings()
    return [
        row
        for row in rows
        if row["key"] in known and _shaped_as(known[row["key"]]["default"], row["value"]) and not choices.problem(row["key"], row["value"])
    ]


def _shaped_as(default: Any, value: Any) -> bool:
    """Whether a value is of the kind of another: a number, a word, yes or no, a list of words, or the same of each name."""
    if isinstance(default, dict):
        return (
            isinstance(value, dict) and value.keys() == default.keys() and all(_shaped_as(default[name], value[name]) for name in default)
        )
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(one, str | int) for one in value)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, str | int | float) and isinstance(value, str) == isinstance(default, str)
