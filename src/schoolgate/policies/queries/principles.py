"""A trust's text beside its schools' own. Each question costs the same however many schools there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Person, School, Trust
from schoolgate.people.permissions import Permission
from schoolgate.policies import rules
from schoolgate.policies.models import (
    Adoption,
    Alignment,
    Clause,
    ClauseValue,
    DepartureDecision,
    Lineage,
    Mode,
    ParentText,
    Policy,
    PolicyVersion,
    PrincipleMark,
    PrincipleQuestion,
    VersionState,
)
from schoolgate.policies.queries.library import versions_for, versions_in_reach
from schoolgate.policies.queries.reviewing import reviewed
from schoolgate.policies.queries.settings import setting_choices, settings_for
from schoolgate.policies.rules import choices, principles
from schoolgate.policies.rules.principles import Judged, Mark, Parent, Passage, Principle, Side

PRINCIPLE_FIELDS = ("version_id", "position", "ref", "text", "path", "modality", "actors", "page", "kind", "suggested_kind")


@dataclass(frozen=True, slots=True)
class Board:
    """The trust's text and every school beside it, on a day. No parent: nothing is loaded."""

    on: date
    parent: Parent | None
    sides: dict[UUID, Side]

    def judged(self, school_id: UUID) -> list[Judged]:
        """How a school stands to each principle; nothing where nothing is loaded or the school stands alone."""
        side = self.sides[school_id]
        days = int(rules.parameter(principles.CONTROL, "mark_days"))
        return [] if self.parent is None or side.stand_alone else principles.judged(self.parent, side, self.on, days)


def _until(on: date) -> Any:
    """The first moment that no longer belongs to a day."""
    return clock.at(on + timedelta(days=1), 0)


def _stood(on: date) -> Q:
    open_end = Q(in_force_until__isnull=True) | Q(in_force_until__gt=on)
    return Q(state__in=rules.PUBLISHED, in_force_from__lte=on) & open_end


# ------------------------------------------------------------------ the trust's text


def parent_text(scope: Scope, on: date) -> Parent | None:
    """The text that the trust had loaded on a day, as it was in force then: three queries."""
    rows = list(ParentText.objects.filter(trust_id=scope.trust_id, loaded_at__lt=_until(on)).order_by("loaded_at", "id"))
    if not rows or rows[-1].policy_id is None:
        return None
    loaded_on = clock.local_date(rows[-1].loaded_at)
    for row in reversed(rows):
        if row.policy_id != rows[-1].policy_id:
            break
        loaded_on = clock.local_date(row.loaded_at)
    published = PolicyVersion.objects.filter(policy_id=rows[-1].policy_id, state__in=rules.PUBLISHED, in_force_from__lte=on)
    versions = list(published.select_related("policy").order_by("-number"))
    if not versions or (versions[0].in_force_until and versions[0].in_force_until <= on):
        return None
    return Parent(versions[0], loaded_on, _principles(versions, loaded_on))


def _principles(versions: Sequence[PolicyVersion], loaded_on: date) -> tuple[Principle, ...]:
    """The statements of the newest version, each with the day from which its words held."""
    texts: dict[UUID, list[Clause]] = defaultdict(list)
    rows = Clause.objects.filter(version__in=versions).only(*PRINCIPLE_FIELDS)
    for row in rows.order_by("version_id", "position"):
        texts[row.version_id].append(row)
    begun = [(row.in_force_from or loaded_on, {principles.key_of(clause.text) for clause in texts[row.id]}) for row in versions]
    own = texts[versions[0].id]
    tops = {row.path[0] for row in own if row.path}
    title = tops.pop() if len(tops) == 1 else ""
    return tuple(_principle(row, title, begun, loaded_on) for row in own)


def _principle(clause: Clause, title: str, begun: Sequence[tuple[date, set[str]]], loaded_on: date) -> Principle:
    key = principles.key_of(clause.text)
    return Principle(
        clause.ref, clause.text, key, tuple(clause.path), principles.heading_of(clause.path, title), clause.modality,
        principles.informs(clause), clause.id, principles.held_since(key, begun, loaded_on),
    )  # fmt: skip


def parents_to_choose(scope: Scope) -> list[Policy]:
    """The trust's own policies that have a version in force."""
    live = PolicyVersion.objects.filter(policy_id=OuterRef("pk"), state=VersionState.IN_FORCE)
    return list(Policy.objects.filter(Exists(live), trust_id=scope.trust_id, school__isnull=True).order_by("title", "id"))


# ------------------------------------------------------------------ the schools


def principles_board(
    scope: Scope, school_ids: Iterable[UUID], on: date, about: PolicyVersion | None = None, *, whole: bool = False, doubted: bool = False
) -> Board:
    """Schools beside the trust's text on a day. `about`: a version to look at in place of the one in force, such as a draft.

    `whole`: with the words of the schools' clauses and what each serves, which a map of many schools does not show.
    `doubted`: only the principles that some school may contradict, which are few; enough to count the places.
    """
    ids = [one for one in school_ids if one in scope.schools]
    parent = parent_text(scope, on)
    held = _lineages(ids, on)
    if parent is None:
        sides = {one: Side(one, held[one].mode, stand_alone=_alone(held.get(one))) for one in ids if one in held}
        return Board(on, None, {one: sides.get(one) or Side(one, Mode.PRINCIPLES) for one in ids})
    default = _default_mode(scope, on)
    sides = {one: _side(one, held.get(one), parent, default) for one in ids}
    _take_texts(sides, held, parent, on, about)
    _take_suggestions(sides, parent, on)
    if doubted:
        parent = _doubted(parent, sides, on)
    _take_clauses(sides, whole)
    versions = _versions_of(sides)
    _take_marks(sides, versions, parent, on)
    _take_questions(sides, parent, on)
    if whole:
        _take_values(sides, versions, on)
    return Board(on, parent, sides)


def _lineages(ids: Sequence[UUID], on: date) -> dict[UUID, Lineage]:
    rows = Lineage.objects.filter(school_id__in=ids, recorded_at__lt=_until(on)).order_by("recorded_at", "id")
    return {row.school_id: row for row in rows}


def _alone(row: Lineage | None) -> str:
    return row.reason if row and row.mode == Mode.STAND_ALONE else ""


def _default_mode(scope: Scope, on: date) -> str:
    chosen = setting_choices(scope, [], on).get((None, principles.ADOPTION_MODEL))
    return principles.MODE_OF_SETTING[choices.resolve(principles.ADOPTION_MODEL, trust=chosen.value if chosen else None)]


def _side(school_id: UUID, row: Lineage | None, parent: Parent, default: str) -> Side:
    own = row is not None and (row.mode == Mode.STAND_ALONE or row.parent_id == parent.policy.id)
    return Side(school_id, row.mode if own and row else default, stand_alone=_alone(row))


def _take_texts(sides: dict[UUID, Side], held: dict[UUID, Lineage], parent: Parent, on: date, about: PolicyVersion | None) -> None:
    """Which text answers for each school: the policy it named; else the trust's own, adopted; else the only policy it has in force."""
    named = {one: row.policy_id for one, row in held.items() if row.parent_id == parent.policy.id and row.policy_id}
    begun = Q(adopted_on__lte=on) | Q(adopted_on__isnull=True, adopted_at__lt=_until(on))
    open_end = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    adopted = Adoption.objects.filter(begun & open_end, school_id__in=sides, policy_id=parent.policy.id).order_by("adopted_at", "id")
    for row in adopted:
        sides[row.school_id].adoption = None if row.school_id in named else row
    own: dict[UUID, list[UUID]] = defaultdict(list)
    stood = PolicyVersion.objects.filter(_stood(on), policy__school_id__in=sides).order_by("policy_id", "number")
    for school_id, policy_id, version_id in stood.values_list("policy__school_id", "policy_id", "id"):
        if named.get(school_id) in (None, policy_id):
            own[school_id].append(version_id)
    answering = {mine[0] for school_id, mine in own.items() if len(mine) == 1 and sides[school_id].adoption is None}
    for version in PolicyVersion.objects.filter(id__in=answering).select_related("policy").defer("facts", "warnings", "differences"):
        sides[version.policy.school_id].version = version  # type: ignore[index]
    if about is not None and about.policy.school_id in sides:
        side = sides[about.policy.school_id]
        side.version, side.adoption = about, None


def _take_suggestions(sides: dict[UUID, Side], parent: Parent, on: date) -> None:
    """The newest comparison of the very texts, and with it what the school's clauses are known by."""
    of = {side.version.id: side for side in sides.values() if side.version}
    rows = Alignment.objects.filter(version_id__in=of, parent_version=parent.version, suggested_at__lt=_until(on))
    for version_id, fingerprint, verdicts, keys in rows.order_by("suggested_at", "id").values_list(
        "version_id", "fingerprint", "verdicts", "keys"
    ):
        side = of[version_id]
        if side.version and fingerprint == principles.texts_print(parent.version, side.version):
            side.verdicts, side.keys = verdicts, frozenset(keys)


def _doubted(parent: Parent, sides: dict[UUID, Side], on: date) -> Parent:
    """The trust's text with only the principles that a comparison found looser, or a school says it does not meet."""
    loose = {ref for side in sides.values() for ref, verdict in side.verdicts.items() if verdict == "looser"}
    keys = {one.key for one in parent.principles if one.ref in loose}
    keys |= set(_marks(sides, parent, on).filter(kind__in=principles.NOT_MET).order_by().values_list("key", flat=True).distinct())
    return replace(parent, principles=tuple(one for one in parent.principles if one.key in keys))


def _take_clauses(sides: dict[UUID, Side], whole: bool) -> None:
    """The clauses of each school's text; without their words being asked for, only of texts that were not compared yet."""
    of = {side.version.id: side for side in sides.values() if side.version and (whole or not side.keys)}
    texts: dict[UUID, list[Passage]] = defaultdict(list)
    rows = Clause.objects.filter(version_id__in=of).order_by("version_id", "position")
    for version_id, clause_id, ref, text in rows.values_list("version_id", "id", "ref", "text"):
        texts[version_id].append(Passage(clause_id, ref, principles.key_of(text), text))
    for version_id, side in of.items():
        side.clauses = tuple(texts[version_id])
        side.keys = frozenset(row.key for row in side.clauses)


Versions = Mapping[UUID, tuple[UUID, int]]
"""Versions by id: their policy and number."""


def _versions_of(sides: dict[UUID, Side]) -> Versions:
    policies = [side.version.policy_id for side in sides.values() if side.version]
    rows = PolicyVersion.objects.filter(policy_id__in=policies).order_by().values_list("id", "policy_id", "number")
    return {version_id: (policy_id, number) for version_id, policy_id, number in rows}


def _is_about(version_id: UUID, side: Side, versions: Versions) -> bool:
    """What was said of a version is asked of it and of those after it."""
    policy_id, number = versions.get(version_id, (None, 0))
    return side.version is not None and policy_id == side.version.policy_id and number <= side.version.number


def _marks(sides: dict[UUID, Side], parent: Parent, on: date) -> QuerySet[PrincipleMark]:
    """What was said by the end of a day of how these schools stand to the trust's text."""
    return PrincipleMark.objects.filter(school_id__in=sides, marked_at__lt=_until(on), parent_version__policy_id=parent.policy.id)


def _take_marks(sides: dict[UUID, Side], versions: Versions, parent: Parent, on: date) -> None:
    """The latest mark of each principle with what was decided about it: three queries, as plain values since there are thousands."""
    rows = _marks(sides, parent, on).filter(key__in={one.key for one in parent.principles})
    told = rows.order_by("marked_at", "id").values_list(
        "school_id", "key", "version_id", "id", "kind", "passages", "reason", "gap_on", "marked_at", "marked_by_id"
    )
    latest = {(row[0], row[1]): row[3:] for row in told if _is_about(row[2], sides[row[0]], versions)}
    names = Person.objects.in_bulk({row[-1] for row in latest.values()})
    decisions = DepartureDecision.objects.filter(school_id__in=sides).select_related("decided_by")
    decided = {row.mark_id: row for row in decisions}
    for (school_id, key), (mark_id, kind, passages, reason, gap_on, marked_at, who) in latest.items():
        mark = Mark(mark_id, kind, tuple(passages), reason, gap_on, marked_at, str(names[who]), decided.get(mark_id))
        sides[school_id].marks[key] = mark


def _take_questions(sides: dict[UUID, Side], parent: Parent, on: date) -> None:
    asked = PrincipleQuestion.objects.filter(school_id__in=sides, asked_at__lt=_until(on), parent_version__policy_id=parent.policy.id)
    for question in asked.order_by("asked_at", "id"):
        sides[question.school_id].questions[question.key] = question


def _take_values(sides: dict[UUID, Side], versions: Versions, on: date) -> None:
    for value in ClauseValue.objects.filter(school_id__in=sides, tagged_at__lt=_until(on)).order_by("tagged_at", "id"):
        side = sides[value.school_id]
        if _is_about(value.version_id, side, versions):
            side.values[value.key] = value


# ------------------------------------------------------------------ one school


def principles_at(scope: Scope, school_id: UUID, on: date, about: PolicyVersion | None = None) -> Board:
    """One school beside the trust's text."""
    if school_id not in scope.schools:
        raise NotFound("There is no such school in your reach")
    return principles_board(scope, [school_id], on, about, whole=True)


def suggestions(scope: Scope, parent: Parent, version: PolicyVersion) -> dict[str, dict[str, Any]]:
    """What the comparison says of two texts as they stand, by the principle's reference: nothing while it has not run."""
    rows = Alignment.objects.filter(
        version_id=version.id, parent_version=parent.version, school_id__in=scope.school_ids,
        fingerprint=principles.texts_print(parent.version, version),
    )  # fmt: skip
    found = rows.order_by("-suggested_at", "-id").first()
    return {ref: {**row, "verdict": found.verdicts.get(ref, "")} for ref, row in found.rows.items()} if found else {}


def to_align(scope: Scope, engine: str) -> list[tuple[Parent, PolicyVersion]]:
    """The versions of schools that are not history and have no suggestions beside the trust's text as both stand."""
    parent = parent_text(scope, clock.today())
    if parent is None:
        return []
    rows = versions_for(scope).filter(policy__school_id__in=scope.school_ids).exclude(state=VersionState.SUPERSEDED)
    done = set(
        Alignment.objects.filter(parent_version=parent.version, engine=engine, school_id__in=scope.school_ids).values_list(
            "version_id", "fingerprint"
        )
    )
    owing = [row for row in rows.order_by("imported_at", "id") if (row.id, principles.texts_print(parent.version, row)) not in done]
    return [(parent, row) for row in owing]


def alone(scope: Scope, school_id: UUID) -> bool:
    """Whether a school is recorded as one with no parent text."""
    return bool(_alone(_lineages([school_id], clock.today()).get(school_id))) if school_id in scope.schools else False


def school_side(scope: Scope, version: PolicyVersion, on: date) -> tuple[Parent, Side, dict[str, Judged]]:
    """A school's version beside the trust's text, each principle by its reference. NotFound where nothing is loaded."""
    if version.policy.school_id is None:
        raise NotFound("There is no policy of a school here")
    board = principles_at(scope, version.policy.school_id, on, version)
    if board.parent is None:
        raise NotFound("No text of the trust is loaded")
    side = board.sides[version.policy.school_id]
    return board.parent, side, {one.principle.ref: one for one in board.judged(side.school_id)}


def gap_limit(scope: Scope, principle: Principle, version: PolicyVersion) -> date:
    """The latest day a gap about this principle may be given at the version's school."""
    school_id = version.policy.school_id
    if school_id is None:
        raise NotFound("There is no policy of a school here")
    days = int(settings_for(scope, school_id)[principles.ALIGN_DAYS])
    return principles.gap_limit(principle.since, days, next_review(scope, version, clock.today()))


def next_review(scope: Scope, version: PolicyVersion, on: date) -> date | None:
    """When the policy of a version is next reviewed, by its own date and the reviews held."""
    school_id = version.policy.school_id
    found = next((row for row in reviewed(scope, school_id, on) if row.version.policy_id == version.policy_id), None) if school_id else None
    return found.next.on if found else version.review_on


def marked_departure(scope: Scope, mark_id: UUID) -> PrincipleMark:
    """One mark that departs from a principle, where the person may read policies."""
    rows = PrincipleMark.objects.filter(versions_in_reach(scope, "version__"), pk=mark_id, kind="departs")
    found = rows.select_related("school", "version__policy", "parent_version", "marked_by", "decision__decided_by").first()
    if found is None:
        raise NotFound("There is no such departure in your reach")
    return found


def latest_mark(mark: PrincipleMark) -> PrincipleMark | None:
    """The newest mark of the same principle in the same policy of the school."""
    rows = PrincipleMark.objects.filter(school_id=mark.school_id, key=mark.key, version__policy_id=mark.version.policy_id)
    return rows.order_by("-marked_at", "-id").first()


def marked_departures(scope: Scope) -> list[PrincipleMark]:
    """Departures in reach that nobody has decided and that no later mark took the place of: one query."""
    later = PrincipleMark.objects.filter(
        school_id=OuterRef("school_id"), key=OuterRef("key"), version__policy_id=OuterRef("version__policy_id"),
        marked_at__gt=OuterRef("marked_at"),
    )  # fmt: skip
    rows = PrincipleMark.objects.filter(~Exists(later), school_id__in=scope.school_ids, kind="departs", decision__isnull=True)
    return list(rows.select_related("school", "version").exclude(version__state=VersionState.SUPERSEDED).order_by("marked_at", "id"))


def trust_of(scope: Scope, trust_id: UUID) -> Trust:
    """The trust itself, for whoever reads its reports."""
    found = people.trust(scope) if trust_id == scope.trust_id and scope.may_anywhere(Permission.REPORT_TRUST) else None
    if found is None:
        raise NotFound("There is no such trust in your reach")
    return found


def schools_compared(scope: Scope) -> list[School]:
    """The schools on the map: those whose policies the person may read, by name."""
    return list(people.schools(scope).filter(id__in=scope.schools_where(Permission.POLICY_READ)).order_by("name", "id"))


def clauses_to_align(version: PolicyVersion) -> list[Clause]:
    return list(Clause.objects.filter(version=version).order_by("position"))


def own_policies(scope: Scope, school_id: UUID) -> list[Policy]:
    """A school's own policies that are in force."""
    live = PolicyVersion.objects.filter(policy_id=OuterRef("pk"), state=VersionState.IN_FORCE)
    return list(Policy.objects.filter(Exists(live), school_id=school_id, school_id__in=scope.school_ids).order_by("title", "id"))


def clause_printed(version_id: UUID, ref: str) -> Clause | None:
    """A clause of a version that was reached already, by its number."""
    return Clause.objects.filter(version_id=version_id, ref=ref).first()
