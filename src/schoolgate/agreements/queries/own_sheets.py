"""The sheets a school makes itself, as they would be made today, and the facts the controls about them need."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from schoolgate.agreements import rules
from schoolgate.agreements.models import Agreement, Kind, Sheet, Signature
from schoolgate.agreements.queries.places import known_by
from schoolgate.agreements.queries.published import asked_at, in_reach
from schoolgate.agreements.rules.sheets import BINDING, RULES
from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.policies import queries as policies


@dataclass(frozen=True, slots=True)
class PrivateRules:
    """The private-use sheet as it would be produced on a day. `must_carry` are the rules it may not leave out, by policy and words.

    `changed_on` is the last day on which a rule or a setting behind it changed.
    """

    parts: list[dict[str, Any]]
    answers: list[dict[str, str]]
    must_carry: frozenset[tuple[str, str]]
    changed_on: date

    @property
    def fingerprint(self) -> str:
        return rules.fingerprint_of(self.parts, self.answers)


def private_rules(scope: Scope, school_id: UUID, on: date, settings: Mapping[str, Any] | None = None) -> PrivateRules | None:
    """The sheet from the clauses in force that are joined to this control and the school's settings; None where no clause is joined.

    Five queries, one less when the settings are given.
    """
    versions = {one.id: one for one in policies.versions_in_force(scope, school_id, on)}
    parts: dict[UUID, dict[str, Any]] = defaultdict(dict)
    must_carry, days = set(), []
    for clause in policies.clauses_in_force(scope, versions):
        if clause.modality in BINDING and any(join.control == rules.PRIVATE for join in clause.joins.all()):
            version = versions[clause.version_id]
            part = parts[version.id] or {"title": version.policy.title, "lines": []}
            part["lines"].append({"ref": clause.ref, "text": clause.text})
            parts[version.id] = part
            days += [clock.local_date(clause.decided_at)] if clause.decided_at else []
            days += [version.in_force_from] if version.in_force_from else []
            if clause.modality in RULES:
                must_carry.add((version.policy.title, " ".join(clause.text.split())))
    if not must_carry:
        return None
    values = settings or policies.settings_for(scope, school_id)
    chosen = policies.setting_choices(scope, [school_id])
    wanted = set(rules.private_settings())
    days += [clock.local_date(one.chosen_at) for (_, key), one in chosen.items() if key in wanted]
    ordered = sorted(parts.values(), key=lambda part: part["title"])
    return PrivateRules(ordered, rules.answers_of(values), frozenset(must_carry), max(day for day in days if day <= on))


def open_sheet_form(scope: Scope, school_id: UUID, kind: str, on: date | None = None) -> Agreement | None:
    """The form of a sheet that stands at a school, on a day or now."""
    if on is not None:
        return next((one.form for one in asked_at(scope, school_id, on, [kind])), None)
    return in_reach(scope).filter(school_id=school_id, kind=kind, closed_at__isnull=True).first()


def fingerprints_signed(school_id: UUID, kind: str, on: date) -> dict[UUID, set[str]]:
    """Which texts of one kind each person has signed by the end of a day."""
    made = Signature.objects.filter(known_by(on), school_id=school_id, agreement__kind=kind)
    found: dict[UUID, set[str]] = defaultdict(set)
    for who, fingerprint in made.values_list("person_id", "fingerprint"):
        found[who].add(fingerprint)
    return found


def same_sheet_since(scope: Scope, school_id: UUID, kind: str, fingerprint: str) -> date | None:
    """The first day a sheet with exactly these words could be signed at a school."""
    rows = Sheet.objects.filter(school_id=school_id, school_id__in=scope.school_ids, kind=kind, fingerprint=fingerprint)
    first = rows.order_by("made_at").values_list("made_at", flat=True).first()
    return clock.local_date(first) if first else None


def sheet_is_stale(scope: Scope, found: Agreement) -> bool:
    """The private-use sheet is no longer what the policies and settings would make today."""
    if found.kind != Kind.PRIVATE_RULES:
        return False
    today = private_rules(scope, found.school_id, clock.today())
    return today is None or today.fingerprint != found.fingerprint
