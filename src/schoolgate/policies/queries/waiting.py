"""What waits at several schools at once, for the list of the person signed in: constant queries, however many schools there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, School
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Companion, EarlyReason, Policy, SettingChoice
from schoolgate.policies.queries.holding import held_at
from schoolgate.policies.queries.reviewing import Reviewed, reviewed_of, reviews_at_schools
from schoolgate.policies.queries.settings import clauses_read, needed_of_trust, setting_choices, settings_needed, trust_versions
from schoolgate.policies.rules import choices, reviewing, settling

WARN, MONTHS, COORDINATOR = "review.warn_days", "review.policy_months", "review.coordinator"


def _schools(scope: Scope, school_ids: Iterable[UUID]) -> dict[UUID, School]:
    return {row.id: row for row in people.schools(scope).filter(id__in=list(school_ids)).order_by("name", "id")}


# ------------------------------------------------------------------ settings


@dataclass(frozen=True, slots=True)
class Undecided:
    """How many settings of a school nobody has decided, and from when the oldest of them was needed."""

    school: School
    count: int
    since: date | None


def undecided_at(scope: Scope, school_ids: Sequence[UUID], on: date) -> list[Undecided]:
    """Schools whose settings wait for a decision of the school: six queries."""
    schools, held, made = _schools(scope, school_ids), held_at(scope, school_ids, on), setting_choices(scope, school_ids)
    versions = {one.version.id for rows in held.values() for one in rows}
    by_version = defaultdict(list)
    for row in clauses_read(scope, versions):
        by_version[row.version_id].append((row, [join.control for join in row.joins.all()]))
    found = []
    for school_id, here in schools.items():
        since = {one.version.id: one.since for one in held[school_id]}
        needs = settling.needed(pair for version_id in since for pair in by_version[version_id])
        waits = [key for key in choices.settings() if _waits(key, key in needs, made, here)]
        days = [since[need.version_id] for key in waits for need in needs.get(key, ())]
        if waits and since:  # with nothing in force there is nothing to decide about yet
            found.append(Undecided(here, len(waits), min(days, default=None)))
    return found


def _waits(key: str, needed: bool, made: dict[tuple[UUID | None, str], SettingChoice], of: School | None) -> bool:
    one = settling.settled(
        key, school=made.get((of.id, key)) if of else None, trust=made.get((None, key)), nation=of.nation if of else "england"
    )
    return settling.needs_decision(one, needed, at_school=of is not None)


def undecided_by_trust(scope: Scope) -> tuple[int, date | None]:
    """How many settings wait for the trust and since when its own texts need them: six queries."""
    versions, made, asked = trust_versions(scope), setting_choices(scope, []), needed_of_trust(scope)
    needs = settings_needed(scope, versions)
    began = {row.id: row.in_force_from for row in versions}
    waits = [key for key in choices.settings() if _waits(key, bool(needs.get(key) or asked.get(key)), made, None)]
    days = [day for key in waits for need in needs.get(key, ()) if (day := began[need.version_id])]
    return len(waits) if versions or asked else 0, min(days, default=None)


# ------------------------------------------------------------------ reviews


def reviewed_at(scope: Scope, school_ids: Sequence[UUID], on: date) -> Iterator[tuple[School, Reviewed]]:
    """Each policy that holds at each of these schools with its next review: seven queries."""
    schools, held, made = (
        _schools(scope, school_ids),
        held_at(scope, school_ids, on),
        setting_choices(scope, school_ids, keys=[WARN, MONTHS]),
    )
    reviews = reviews_at_schools(scope, school_ids)
    for school_id, here in schools.items():
        warn, months = (int(_value(key, made, here)) for key in (WARN, MONTHS))
        for one in held[school_id]:
            yield here, reviewed_of(one.version, reviews[school_id, one.version.policy_id], on=on, months=months, notice=warn)


def _value(key: str, made: dict[tuple[UUID | None, str], SettingChoice], of: School) -> Any:
    values = [row.value if (row := made.get((place, key))) else None for place in (of.id, None)]
    return choices.resolve(key, school=values[0], trust=values[1], nation=of.nation)


def own_roles_at(scope: Scope, on: date) -> list[tuple[str, UUID | None]]:
    """The roles the person signed in holds, each with its school or (None) across the trust: one query."""
    if scope.person_id is None:
        return []
    held = Appointment.objects.filter(people.live(on), trust_id=scope.trust_id, person_id=scope.person_id)
    return list(held.order_by("starts_on", "id").values_list("role", "school_id"))


def reviews_to_sign(scope: Scope, on: date) -> Iterator[tuple[School, Reviewed, str]]:
    """Each review that waits for a signature of this person, with the role they would sign for: at most ten queries."""
    roles: dict[UUID, set[str]] = defaultdict(set)
    for role, school_id in own_roles_at(scope, on):
        for place in [school_id] if school_id else scope.school_ids:
            roles[place].add(role)
    reach = {here.id: here for here in _schools(scope, [one for one in roles if one in scope.schools]).values()} if roles else {}
    made = setting_choices(scope, list(reach), keys=[COORDINATOR]) if reach else {}
    signs = {
        school_id: [role for role in reviewing.signers() if reviewing.may_sign_as(role, roles[school_id], settings)]
        for school_id, here in reach.items()
        for settings in [{COORDINATOR: _value(COORDINATOR, made, here)}]
    }
    mine = [school_id for school_id, may in signs.items() if may]  # few: whoever leads a trust signs at none of its schools
    for here, one in reviewed_at(scope, mine, on) if mine else ():
        for role in one.next.unsigned:
            if role in signs[here.id]:
                yield here, one, role


def undecided_reasons(scope: Scope, on: date, here: Iterable[UUID]) -> list[EarlyReason]:
    """The undecided reasons to review early that may be this person's to decide, oldest first: two queries.

    Those at schools whose policies they edit themselves (`here`), those about policies whose owner role they hold, and, for
    whoever edits across the trust, those about the trust's own texts.
    """
    mine = Q(school_id__in=list(here))
    for role, school_id in own_roles_at(scope, on):
        mine |= Q(policy__owner_role=role, policy__school_id=school_id) if school_id else Q(policy__owner_role=role)
    if Permission.POLICY_EDIT in scope.across_trust:
        mine |= Q(policy__school_id__isnull=True)
    rows = EarlyReason.objects.filter(mine, school_id__in=scope.schools_where(Permission.POLICY_EDIT), decision__isnull=True)
    return list(rows.select_related("policy", "school").order_by("raised_at", "id"))


def owners_at(scope: Scope, policies: Iterable[Policy], on: date) -> dict[UUID, set[UUID]]:
    """Who holds the role that owns each policy, where that role may decide: one query."""
    owned = {row.id: row for row in policies if reviewing.owner_decides(row.owner_role)}
    roles = {row.owner_role for row in owned.values()}
    rows = Appointment.objects.filter(people.live(on), trust_id=scope.trust_id, role__in=roles)
    held = list(rows.values_list("role", "school_id", "person_id"))
    return {
        key: {person for role, at, person in held if role == row.owner_role and at in (None, row.school_id)} for key, row in owned.items()
    }


# ------------------------------------------------------------------ companions


def companions_at(scope: Scope, school_ids: Sequence[UUID], on: date) -> list[tuple[School, list[Companion]]]:
    """The listed companions of schools at which a policy holds, editions and checks fetched along: six queries."""
    listed = Companion.objects.filter(school_id__in=[one for one in school_ids if one in scope.schools])
    rows: dict[UUID, list[Companion]] = defaultdict(list)
    for row in listed.prefetch_related("editions", "checks").order_by("title", "id"):
        rows[row.school_id].append(row)
    held = held_at(scope, list(rows), on) if rows else {}
    return [(here, rows[school_id]) for school_id, here in _schools(scope, rows).items() if held.get(school_id)]


def schools_without_policy(scope: Scope) -> list[School]:
    """The schools where the person edits policies that have brought in none and taken none of the trust's. One query."""
    schools = scope.schools_where(Permission.POLICY_EDIT)
    rows = School.objects.filter(id__in=schools, trust_id=scope.trust_id, policies=None, adoptions=None)
    return list(rows.order_by("name", "id")) if schools else []
