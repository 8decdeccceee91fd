"""The forms of a school: which stand on a day, since when each could be signed, and what they say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from schoolgate import policytext
from schoolgate.agreements import rules
from schoolgate.agreements.models import ADULT_KINDS, BOUND_KINDS, Agreement, Kind, Signature
from schoolgate.agreements.rules import Terms
from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people.access import Scope
from schoolgate.policies import queries as policies
from schoolgate.policies.models import PolicyVersion, VersionState


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that stands, which forms' signatures still count for it, and since when its text could be signed."""

    form: Agreement
    stands: frozenset[UUID]
    since: date


def end_of(on: date) -> datetime:
    """What was written down before this instant was known on that day."""
    return clock.at(on + timedelta(days=1), 0)


def in_reach(scope: Scope) -> QuerySet[Agreement]:
    """Every form of the schools in reach, with all a page says of it."""
    reach = Agreement.objects.filter(school_id__in=scope.school_ids, school__trust_id=scope.trust_id)
    return reach.select_related("school", "policy", "version__policy", "sheet")


def form(scope: Scope, form_id: UUID) -> Agreement:
    """One form in reach."""
    found = in_reach(scope).filter(id=form_id).first()
    if found is None:
        raise NotFound("There is no such form in your reach")
    return found


def form_now(scope: Scope, former: Agreement) -> Agreement | None:
    """The open form that took the place of another."""
    rows = in_reach(scope).filter(school_id=former.school_id, kind=former.kind, policy=former.policy, closed_at__isnull=True)
    return next((one for one in rows if one.subject == former.subject), None)


def is_current(found: Agreement) -> bool:
    """It is open, and its version (where it has one) is in force."""
    return found.open and (found.version is None or found.version.state == VersionState.IN_FORCE)


def forms_published(scope: Scope, school_ids: Sequence[UUID]) -> list[Agreement]:
    """The open forms of these schools, by school and title."""
    rows = in_reach(scope).filter(school_id__in=school_ids, closed_at__isnull=True, kind__in=ADULT_KINDS)
    return sorted(rows, key=lambda one: (one.school.name, one.title))


def unpublished(scope: Scope, school_id: UUID) -> list[PolicyVersion]:
    """Versions in force at a school for which no form was ever published there."""
    made = Agreement.objects.filter(school_id=school_id, school_id__in=scope.school_ids, kind__in=BOUND_KINDS)
    known = set(made.values_list("version_id", flat=True))
    return [version for version in policies.versions_in_force(scope, school_id) if version.id not in known]


def former_form(scope: Scope, school_id: UUID, policy_id: UUID) -> Agreement | None:
    """The last form of this policy published at the school: what the next one starts from."""
    rows = in_reach(scope).filter(school_id=school_id, policy_id=policy_id, kind__in=BOUND_KINDS)
    return rows.order_by("-published_at").first()


def asked_at(scope: Scope, school_id: UUID, on: date, kinds: Iterable[str] = (Kind.POLICY,)) -> list[Asked]:
    """The forms of these kinds that stood on a day, those of a policy only for a version in force at the school that day: three queries."""
    wanted = list(kinds)
    in_force = {version.id for version in policies.versions_in_force(scope, school_id, on)}
    chains: dict[str, list[Agreement]] = defaultdict(list)
    rows = in_reach(scope).filter(school_id=school_id, kind__in=wanted, published_at__lt=end_of(on))
    for one in rows.order_by("published_at", "version__number", "id"):
        chains[one.subject].append(one)
    latest = [chain for chain in chains.values() if _stood(chain[-1], in_force, on)]
    return sorted((chain_asked(chain) for chain in latest), key=lambda asked: asked.form.title)


def _stood(found: Agreement, in_force: set[UUID], on: date) -> bool:
    open_then = found.closed_at is None or found.closed_at >= end_of(on)
    return open_then and (found.version_id is None or found.version_id in in_force)


def chain_asked(chain: list[Agreement]) -> Asked:
    """Back from the last form to the one whose change was material: signatures since then still stand."""
    start = len(chain) - 1
    while start > 0 and chain[start].minor_change:
        start -= 1
    return Asked(chain[-1], frozenset(one.id for one in chain[start:]), chain[start].since)


def params(scope: Scope, school_id: UUID) -> dict[str, Any]:
    """The parameters of agreements.signed_by_everyone with the school's own settings."""
    return rules.params_from(policies.settings_for(scope, school_id))


def terms(scope: Scope, school_id: UUID) -> Terms:
    """The school's own numbers."""
    return rules.terms_of(params(scope, school_id))


# ------------------------------------------------------------------ what is read


def sections(scope: Scope, found: Agreement) -> list[dict[str, Any]]:
    """The text as it is read: each heading with its clauses, in order. What stands above every clause is the title, told once."""
    if found.sheet:
        return [{"title": part["title"], "anchor": f"part-{n}", "clauses": part["lines"]} for n, part in enumerate(found.sheet.parts, 1)]
    clauses = policies.clauses_in_force(scope, [found.version_id]) if found.version_id else []
    shared = rules.shared_depth([clause.path for clause in clauses])
    made: list[dict[str, Any]] = []
    for clause in clauses:
        title = " – ".join(clause.path[shared:])
        if not made or made[-1]["title"] != title:
            made.append({"title": title, "anchor": f"part-{len(made) + 1}", "clauses": []})
        made[-1]["clauses"].append(clause)
    return made


def _texts(scope: Scope, forms: Sequence[Agreement]) -> dict[UUID, list[policytext.Clause]]:
    """The clauses of several forms, as the comparing of texts wants them."""
    by_version: dict[UUID, list[policytext.Clause]] = defaultdict(list)
    for row in policies.clauses_in_force(scope, [one.version_id for one in forms if one.version_id and not one.sheet]):
        by_version[row.version_id].append(policytext.Clause(row.ref, tuple(row.path), row.text, row.modality, tuple(row.actors)))
    made = {}
    for one in forms:
        lines = [(part["title"], line) for part in (one.sheet.parts if one.sheet else []) for line in part["lines"]]
        own = [policytext.Clause(line["ref"], (title,), line["text"], "must") for title, line in lines]
        made[one.id] = own if one.sheet else by_version[one.version_id] if one.version_id else []
    return made


@dataclass(frozen=True, slots=True)
class Changed:
    """One clause that is not as the person signed it. `words` are its pieces: ("same" | "removed" | "added", words)."""

    kind: str
    ref: str
    words: Sequence[tuple[str, str]]


def changes_since(scope: Scope, found: Agreement, person_id: UUID) -> tuple[Signature | None, list[Changed]]:
    """The person's last signature on an earlier text of the same thing, and every clause that is not the same since then.

    Clauses that only moved are left out. Three queries.
    """
    rows = Signature.objects.filter(person_id=person_id, school_id=found.school_id, agreement__kind=found.kind)
    rows = rows.filter(agreement__policy=found.policy).exclude(fingerprint=found.fingerprint)
    last = rows.select_related("agreement__version", "agreement__sheet").order_by("-signed_at").first()
    if last is None:
        return None, []
    texts = _texts(scope, [last.agreement, found])
    changes = policytext.compare(texts[last.agreement_id], texts[found.id])
    return last, [Changed(one.kind, (one.after or one.before)[0], one.pieces) for one in changes if one.kind not in {"kept", "moved"}]
