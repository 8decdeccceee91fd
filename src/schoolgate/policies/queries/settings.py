"""What trust and schools chose for the settings, and which clauses in force need them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School, Trust
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Clause, ClauseControl, PolicyVersion, SettingChoice, VersionState
from schoolgate.policies.queries.library import school, versions_for, versions_in_reach
from schoolgate.policies.rules import choices, settling
from schoolgate.policies.rules.settling import Need, Settled


def setting_choices(
    scope: Scope, school_ids: Sequence[UUID], on: date | None = None, keys: Sequence[str] = ()
) -> dict[tuple[UUID | None, str], SettingChoice]:
    """The latest choice that counts of the trust (None) and of these schools for each setting, or for some, up to the end of a day or now.

    What a school put to the trust counts once the trust has agreed; until then, and where it refused, the choice before stands.
    """
    mine = Q(school_id__isnull=True) | Q(school_id__in=[one for one in school_ids if one in scope.schools])
    if keys:
        mine &= Q(key__in=keys)
    agreed = Q(answer__agreed=True)
    if on is not None:
        ends = clock.at(on + timedelta(days=1), 0)
        mine &= Q(chosen_at__lt=ends)
        agreed &= Q(answer__answered_at__lt=ends)
    rows = (
        SettingChoice.objects.filter(mine, Q(asks_trust=False) | agreed, trust_id=scope.trust_id)
        .select_related("chosen_by")
        .order_by("chosen_at", "id")
    )
    return {(row.school_id, row.key): row for row in rows}


def settings_for(scope: Scope, school_id: UUID) -> dict[str, Any]:
    """The value that counts at a school for every setting: its own choice, else the trust's, else the default."""
    nation = school(scope, school_id).nation
    held = setting_choices(scope, [school_id])
    values = {key: row.value for key, row in held.items()}
    return {
        key: choices.resolve(key, school=values.get((school_id, key)), trust=values.get((None, key)), nation=nation)
        for key in choices.settings()
    }


def settings_of_schools(scope: Scope, school_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The same for several schools of the trust: two queries, however many there are."""
    values = {key: row.value for key, row in setting_choices(scope, school_ids).items()}
    reach = [one for one in school_ids if one in scope.schools]
    nations = School.objects.filter(pk__in=reach, trust_id=scope.trust_id).values_list("pk", "nation")
    return {
        pk: {
            key: choices.resolve(key, school=values.get((pk, key)), trust=values.get((None, key)), nation=nation)
            for key in choices.settings()
        }
        for pk, nation in nations
    }


def standings(scope: Scope, of: School | None, on: date | None = None, keys: Iterable[str] | None = None) -> dict[str, Settled]:
    """How each setting stands at a school, or (no school) for the trust: one query."""
    held = setting_choices(scope, [of.id] if of else [], on)
    nation = of.nation if of else "england"
    return {
        key: settling.settled(key, school=held.get((of.id, key)) if of else None, trust=held.get((None, key)), nation=nation)
        for key in (choices.settings() if keys is None else keys)
    }


def setting_history(scope: Scope, key: str, of: School | None) -> list[SettingChoice]:
    """Every choice of the trust, and of one school, for a setting, newest first."""
    mine = Q(school_id__isnull=True) | Q(school=of) if of else Q(school_id__isnull=True)
    rows = SettingChoice.objects.filter(mine, trust_id=scope.trust_id, key=key)
    return list(rows.select_related("chosen_by", "school", "trust", "answer__answered_by").order_by("-chosen_at", "-id"))


def clauses_read(scope: Scope, version_ids: Iterable[UUID]) -> list[Clause]:
    """The words of the clauses of several versions and what they are joined to, without the wide columns: two queries."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version_id__in=list(version_ids))
    return list(rows.only("id", "ref", "text", "version_id").prefetch_related("joins").order_by("version_id", "position"))


def settings_needed(scope: Scope, versions: Iterable[PolicyVersion]) -> dict[str, list[Need]]:
    """The settings that the clauses of these versions need: two queries."""
    clauses = clauses_read(scope, [row.id for row in versions])
    return settling.needed((row, [join.control for join in row.joins.all()]) for row in clauses)


def trust_versions(scope: Scope) -> list[PolicyVersion]:
    """The trust's own policies in force."""
    return list(versions_for(scope).filter(state=VersionState.IN_FORCE, policy__school_id__isnull=True))


def needed_of_trust(scope: Scope) -> dict[str, list[str]]:
    """The settings that only the trust changes and that controls in force at its schools use, each with those controls: one query."""
    rows = ClauseControl.objects.filter(clause__version__state=VersionState.IN_FORCE, clause__version__policy__trust_id=scope.trust_id)
    found: dict[str, list[str]] = {}
    for control in sorted(rows.order_by().values_list("control", flat=True).distinct()):
        for key in settling.settings_of(control):
            if choices.setting(key).get("change_by") == "trust":
                found.setdefault(key, []).append(control)
    return found


def settings_schools(scope: Scope) -> list[School]:
    """The schools in reach whose settings the person may see."""
    return list(people.schools(scope).filter(id__in=scope.schools_where(Permission.SETTING_VIEW)).order_by("name"))


def settings_school(scope: Scope, ref: str) -> School:
    """A school in reach whose settings the person may see."""
    found = people.schools(scope).filter(ref=ref, id__in=scope.schools_where(Permission.SETTING_VIEW)).first()
    if found is None:
        raise NotFound("There is no such school in your reach")
    return found


def settings_trust(scope: Scope, trust_id: UUID) -> Trust:
    """The trust itself, for whoever sees its settings across all schools."""
    if trust_id != scope.trust_id or not scope.may(Permission.SETTING_VIEW, None):
        raise NotFound("There is no such trust in your reach")
    return people.trust(scope)
