"""Questions about the library. Each takes the scope first and answers with a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, School
from schoolgate.people.permissions import Permission
from schoolgate.policies import rules
from schoolgate.policies.models import (
    Adoption,
    Citation,
    Clause,
    ClauseControl,
    ClauseKind,
    FindingDecision,
    Policy,
    PolicyVersion,
    TextFinding,
    VersionState,
)

_PEOPLE = ("imported_by", "submitted_by", "changes_asked_by", "approved_by")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many clauses of a version stand how."""

    total: int = 0
    unjoined: int = 0
    control: int = 0
    attested: int = 0
    informational: int = 0

    @property
    def decided(self) -> int:
        return self.total - self.unjoined


@dataclass(slots=True)
class Shelf:
    """One policy as the library shows it: its version in force, those on the way, and the schools that adopted it."""

    policy: Policy
    live: PolicyVersion | None = None
    coming: list[PolicyVersion] = field(default_factory=list)
    adopted_by: list[School] = field(default_factory=list)
    unjoined: int = 0


@dataclass(slots=True)
class Pending:
    """A version that is not history, with what is still open about it."""

    version: PolicyVersion
    unjoined: int = 0
    findings: int = 0
    oldest_finding: date | None = None


# ------------------------------------------------------------------ reach


def _policies_in_reach(scope: Scope, to_policy: str = "") -> Q:
    """Policies of the schools where the person may read, and the trust's own for whoever reads anywhere."""
    within = Q(**{f"{to_policy}trust_id": scope.trust_id})
    own = Q(**{f"{to_policy}school_id__in": scope.schools_where(Permission.POLICY_READ)})
    if scope.may_anywhere(Permission.POLICY_READ):
        own |= Q(**{f"{to_policy}school_id__isnull": True})
    return within & own


def versions_in_reach(scope: Scope, to_version: str = "") -> Q:
    """What is or was in force is read by everyone in reach; what is on its way by those who write or approve it."""
    drafts = Q(**{f"{to_version}policy__school_id__in": [school for school in scope.schools if rules.reads_drafts(scope, school)]})
    if rules.reads_drafts(scope, None):
        drafts |= Q(**{f"{to_version}policy__school_id__isnull": True})
    return _policies_in_reach(scope, f"{to_version}policy__") & (Q(**{f"{to_version}state__in": rules.PUBLISHED}) | drafts)


def one(rows: QuerySet[Any], key: UUID, what: str) -> Any:
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(f"There is no such {what} in your reach")
    return found


def school(scope: Scope, school_id: UUID) -> School:
    return one(people.schools(scope), school_id, "school")


def policies_for(scope: Scope) -> QuerySet[Policy]:
    """The policies in reach, schools fetched along."""
    return Policy.objects.filter(_policies_in_reach(scope)).select_related("school", "trust")


def policy(scope: Scope, policy_id: UUID) -> Policy:
    return one(policies_for(scope), policy_id, "policy")


def versions_for(scope: Scope) -> QuerySet[PolicyVersion]:
    """The versions in reach, with policy, school and the people who acted on them."""
    return PolicyVersion.objects.filter(versions_in_reach(scope)).select_related("policy__school", "policy__trust", *_PEOPLE)


def version(scope: Scope, version_id: UUID) -> PolicyVersion:
    return one(versions_for(scope), version_id, "version")


def versions_of(scope: Scope, policy_id: UUID) -> list[PolicyVersion]:
    """A policy's versions in reach, newest first."""
    return list(versions_for(scope).filter(policy_id=policy_id).order_by("-number"))


def live_version(scope: Scope, policy_id: UUID) -> PolicyVersion | None:
    """The version in force of one policy."""
    return versions_for(scope).filter(policy_id=policy_id, state=VersionState.IN_FORCE).first()


# ------------------------------------------------------------------ in force


def live_adoptions(on: date | None) -> Q:
    """Adoptions that hold on a day; today's when no day is asked for."""
    if on is None:
        return Q(ended_on__isnull=True)
    begun = Q(adopted_on__lte=on) | Q(adopted_on__isnull=True, adopted_at__lt=clock.at(on + timedelta(days=1), 0))
    return begun & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def stood(on: date | None) -> Q:
    """Versions in force on a day; today's state when no day is asked for."""
    if on is None:
        return Q(state=VersionState.IN_FORCE)
    open_end = Q(in_force_until__isnull=True) | Q(in_force_until__gt=on)
    return Q(state__in=rules.PUBLISHED, in_force_from__lte=on) & open_end


def adoptions_at(scope: Scope, school_id: UUID, on: date | None = None) -> list[Adoption]:
    """The trust policies a school has taken as its own, on a day or now."""
    rows = Adoption.objects.filter(live_adoptions(on), school_id=school_id, school_id__in=scope.school_ids)
    return list(rows.select_related("policy", "school"))


def adoptions_of(scope: Scope, policy_id: UUID) -> list[Adoption]:
    """The schools in reach that hold a trust policy as their own."""
    rows = Adoption.objects.filter(
        policy_id=policy_id, policy__trust_id=scope.trust_id, school_id__in=scope.school_ids, ended_on__isnull=True
    )
    return list(rows.select_related("school").order_by("school__name"))


def versions_in_force(scope: Scope, school_id: UUID, on: date | None = None) -> list[PolicyVersion]:
    """What holds at a school: its own versions in force and those of the trust policies it adopted. Policies fetched along."""
    if school_id not in scope.schools:
        raise NotFound("There is no such school in your reach")
    adopted = Adoption.objects.filter(live_adoptions(on), school_id=school_id).values("policy_id")
    own = Q(policy__school_id=school_id) | Q(policy__school_id__isnull=True, policy_id__in=adopted)
    rows = PolicyVersion.objects.filter(stood(on), own, policy__trust_id=scope.trust_id)
    return list(rows.select_related("policy").order_by("policy__title", "policy_id"))


def switched_on(scope: Scope, school_id: UUID) -> dict[str, date]:
    """The day each control was first joined to a clause of a version in force at the school (catalogue words, `switched on`).

    That is the latest of: the join decided, the version in force, and (for a trust policy) adopted here.
    """
    if school_id not in scope.schools:
        raise NotFound("There is no such school in your reach")
    since = {row.policy_id: row.adopted_on or clock.local_date(row.adopted_at) for row in adoptions_at(scope, school_id)}
    own = Q(clause__version__policy__school_id=school_id) | Q(clause__version__policy_id__in=since)
    rows = ClauseControl.objects.filter(
        own, clause__version__policy__trust_id=scope.trust_id, clause__version__state__in=rules.PUBLISHED, clause__kind=ClauseKind.CONTROL
    ).values_list(
        "control", "clause__decided_at", "clause__version__in_force_from", "clause__version__in_force_until", "clause__version__policy_id"
    )
    first: dict[str, date] = {}
    for control, decided_at, begun, ended, policy_id in rows:
        if decided_at is None or begun is None:
            continue  # the database's own checks rule this out for a joined clause of a version in force
        day = max(clock.local_date(decided_at), begun, since.get(policy_id, begun))
        if ended is None or day < ended:
            first[control] = min(day, first.get(control, day))
    return first


# ------------------------------------------------------------------ clauses and findings


def clauses_of(scope: Scope, version_id: UUID) -> list[Clause]:
    """The clauses of a version in reading order, joins and deciders fetched along."""
    found = version(scope, version_id)
    return list(Clause.objects.filter(version=found).select_related("decided_by").prefetch_related("joins").order_by("position"))


def words_of(scope: Scope, version_id: UUID) -> list[Clause]:
    """The clauses of a version as they are read: number, headings, words. What stands behind them is not fetched."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version_id=version_id)
    return list(rows.only("version_id", "position", "ref", "path", "text", "modality", "actors").order_by("position"))


def clauses_shown(found: PolicyVersion, kinds: Iterable[ClauseKind]) -> QuerySet[Clause]:
    """The clauses of a version in reach that are carried in one of these ways, to be fetched page by page."""
    return Clause.objects.filter(version=found, kind__in=list(kinds)).prefetch_related("joins").order_by("position")


def clauses_in_force(scope: Scope, version_ids: Iterable[UUID]) -> list[Clause]:
    """The clauses of several versions at once, joins fetched along."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version_id__in=list(version_ids))
    return list(rows.prefetch_related("joins").order_by("version_id", "position"))


def clause(scope: Scope, clause_id: UUID) -> Clause:
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"))
    return one(rows.select_related("version__policy__school", "decided_by").prefetch_related("joins"), clause_id, "clause")


def neighbours(found: Clause) -> dict[str, Clause | None]:
    """The clause before, the one after, and the next that nothing stands behind, of one version."""
    rows = Clause.objects.filter(version_id=found.version_id)
    unjoined = list(rows.filter(kind=ClauseKind.UNJOINED).exclude(pk=found.pk).order_by("position"))
    after = [row for row in unjoined if row.position > found.position]
    return {
        "before": rows.filter(position__lt=found.position).order_by("-position").first(),
        "after": rows.filter(position__gt=found.position).order_by("position").first(),
        "unjoined": next(iter(after or unjoined), None),
    }


def progress(scope: Scope, version_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """How far joining has come, for several versions in one query."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version_id__in=list(version_ids))
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for version_id, kind, number in rows.order_by().values_list("version_id", "kind").annotate(n=Count("id")):
        counts[version_id][kind] = number
    return {version_id: Progress(total=sum(held.values()), **held) for version_id, held in counts.items()}


def strong_suggestions(scope: Scope, version_id: UUID, at_least: float) -> int:
    """How many clauses with nothing behind them have a best suggestion at least this likely."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version_id=version_id, kind=ClauseKind.UNJOINED)
    offered = rows.order_by().values_list("suggestions", flat=True)
    return sum(bool(suggestions) and suggestions[0]["score"] >= at_least for suggestions in offered)


def _decided_before(scope: Scope, found: PolicyVersion) -> QuerySet[Clause]:
    """Clauses of earlier versions that were decided, oldest version first."""
    rows = Clause.objects.filter(
        version__policy_id=found.policy_id, version__number__lt=found.number, version__policy__trust_id=scope.trust_id
    )
    return rows.exclude(kind=ClauseKind.UNJOINED).order_by("version__number")


def decided_before(scope: Scope, found: PolicyVersion) -> dict[str, Clause]:
    """What was decided about earlier versions, by the clause's words, joins fetched along: the newest older version with decisions."""
    decided = _decided_before(scope, found).select_related("version").prefetch_related("joins")
    return {rules.same_words(row.text): row for row in decided}


def words_decided_before(scope: Scope, found: PolicyVersion) -> set[str]:
    """The words that were decided about in earlier versions."""
    return {rules.same_words(text) for text in _decided_before(scope, found).values_list("text", flat=True)}


def findings_of(scope: Scope, version_id: UUID) -> list[TextFinding]:
    """What the text and law check found in a version, worst first, clauses fetched along."""
    rows = TextFinding.objects.filter(versions_in_reach(scope, "version__"), version_id=version_id).select_related(
        "clause", "decided_by", "version__policy"
    )
    rows = rows.order_by("id")  # so that two of one rule in one clause keep their places
    rank = {"error": 0, "warn": 1, "info": 2}
    return sorted(
        rows, key=lambda row: (bool(row.decision), rank.get(row.severity, 3), row.clause.position if row.clause else -1, row.rule)
    )


def finding(scope: Scope, finding_id: UUID) -> TextFinding:
    rows = TextFinding.objects.filter(versions_in_reach(scope, "version__")).select_related("version__policy__school", "clause")
    return one(rows, finding_id, "finding")


def findings_in(scope: Scope, version_ids: Iterable[UUID]) -> list[TextFinding]:
    """The findings of several versions at once."""
    rows = TextFinding.objects.filter(versions_in_reach(scope, "version__"), version_id__in=list(version_ids))
    return list(rows.select_related("clause").order_by("version_id", "rule", "id"))


def citations_in(scope: Scope, version_ids: Iterable[UUID]) -> list[Citation]:
    """The law and guidance in order that several versions cite."""
    rows = Citation.objects.filter(versions_in_reach(scope, "version__"), version_id__in=list(version_ids))
    return list(rows.select_related("clause").order_by("version_id", "rule", "id"))


def promised_corrections(scope: Scope, policy_ids: Iterable[UUID]) -> dict[tuple[UUID, str, str], int]:
    """Findings marked 'correct in the next version', by policy, rule and words: the number of the version that promised it."""
    rows = TextFinding.objects.filter(
        version__policy_id__in=list(policy_ids), version__policy__trust_id=scope.trust_id, decision=FindingDecision.CORRECT
    ).values_list("version__policy_id", "rule", "quote", "version__number")
    return {(policy_id, rule, quote): number for policy_id, rule, quote, number in rows.order_by("-version__number")}


# ------------------------------------------------------------------ library and pending work


def _current_slim(scope: Scope) -> QuerySet[PolicyVersion]:
    """Versions that are not history, without the wide columns: the first pages ask for those of a whole trust."""
    rows = PolicyVersion.objects.filter(versions_in_reach(scope)).exclude(state=VersionState.SUPERSEDED)
    return rows.defer("facts", "warnings", "differences", "change_summary")


def _unjoined(version_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many clauses of each version have nothing behind them; versions without any are left out."""
    rows = Clause.objects.filter(version_id__in=list(version_ids), kind=ClauseKind.UNJOINED).order_by()
    return dict(rows.values_list("version_id").annotate(n=Count("id")))


def library(scope: Scope) -> list[Shelf]:
    """Every policy in reach with what is in force and on its way: the trust's first, then school by school."""
    shelves = {row.id: Shelf(row) for row in policies_for(scope)}
    for row in _current_slim(scope).filter(policy_id__in=shelves).order_by("number"):
        shelf = shelves[row.policy_id]
        if row.state == VersionState.IN_FORCE:
            shelf.live = row
        else:
            shelf.coming.append(row)
    for adoption in Adoption.objects.filter(policy_id__in=shelves, ended_on__isnull=True, school_id__in=scope.school_ids).select_related(
        "school"
    ):
        shelves[adoption.policy_id].adopted_by.append(adoption.school)
    held = _unjoined(shelf.live.id for shelf in shelves.values() if shelf.live)
    for shelf in shelves.values():
        shelf.unjoined = held.get(shelf.live.id, 0) if shelf.live else 0
    return sorted(
        shelves.values(), key=lambda shelf: (shelf.policy.school_id is not None, str(shelf.policy.school or ""), shelf.policy.title)
    )


def pending(scope: Scope) -> list[Pending]:
    """Versions this person may edit or approve that are on their way, are the trust's own, or have something open: three queries."""
    unjoined = Clause.objects.filter(version_id=OuterRef("pk"), kind=ClauseKind.UNJOINED)
    undecided = TextFinding.objects.filter(version_id=OuterRef("pk"), decision=FindingDecision.OPEN)
    matters = ~Q(state=VersionState.IN_FORCE) | Q(policy__school=None) | Exists(unjoined) | Exists(undecided)
    slim = _current_slim(scope).filter(matters).select_related("policy__school", "policy__trust")
    rows = [row for row in slim if rules.reads_drafts(scope, row.policy.school_id)]
    ids = [row.id for row in rows]
    held = _unjoined(ids)
    open_findings: dict[UUID, list[date]] = defaultdict(list)
    found = TextFinding.objects.filter(version_id__in=ids, decision=FindingDecision.OPEN)
    for version_id, found_at in found.values_list("version_id", "found_at"):
        open_findings[version_id].append(clock.local_date(found_at))
    return [Pending(row, held.get(row.id, 0), len(open_findings[row.id]), min(open_findings[row.id], default=None)) for row in rows]


def roles_held(scope: Scope, school_id: UUID | None, on: date) -> set[str]:
    """Roles with a live holder on a day: across the trust, and at the school where one is named."""
    at = Q(school_id__isnull=True) | Q(school_id=school_id) if school_id else Q(school_id__isnull=True)
    return set(Appointment.objects.filter(people.live(on), at, trust_id=scope.trust_id).values_list("role", flat=True))
