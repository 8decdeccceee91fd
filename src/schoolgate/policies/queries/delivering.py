"""Whether policies reached their readers. A constant number of queries, however many schools and policies."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Appointment, School
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Adoption, Policy, PolicyVersion, PublicCheck, PublicPlace, ReaderChoice, ReaderReceipt
from schoolgate.policies.queries.library import live_adoptions, stood
from schoolgate.policies.rules import delivering
from schoolgate.policies.rules.delivering import Delivery


def deliveries(scope: Scope, school_ids: Sequence[UUID], on: date) -> list[Delivery]:
    """Every version in force at these schools on a day with its public copy and its readers: six queries."""
    reach = [one for one in school_ids if one in scope.schools]
    found = _in_force(scope, reach, on)
    end, versions = clock.at(on + timedelta(days=1), 0), {one.version.id for one in found}
    policies = {one.version.policy_id for one in found}
    places = {
        (row.school_id, row.policy_id): row
        for row in PublicPlace.objects.filter(school_id__in=reach, policy_id__in=policies, recorded_at__lt=end).order_by(
            "recorded_at", "id"
        )
    }
    checks = _checks(reach, versions, on)
    choices = {
        row.policy_id: row.bodies
        for row in ReaderChoice.objects.filter(policy_id__in=policies, chosen_at__lt=end).order_by("chosen_at", "id")
    }
    receipts = defaultdict(list)
    for receipt in ReaderReceipt.objects.filter(version_id__in=versions).select_related("undone").order_by("recorded_at", "id"):
        receipts[receipt.version_id].append(receipt)
    known = people.calendars(scope, list({one.school_id for one in found}))
    for one in found:
        one.calendar = known.get(one.school_id, one.calendar)
        one.place = places.get((one.school_id, one.version.policy_id))
        one.checks = checks[one.school_id, one.version.id]
        one.bodies = choices.get(one.version.policy_id, [])
        one.receipts = delivering.counting(receipts[one.version.id], one.school_id, on)
    return found


def _in_force(scope: Scope, reach: Sequence[UUID], on: date) -> list[Delivery]:
    """Own texts from their first day, those of the trust from the day they were adopted if that is later."""
    taken: dict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    for row in Adoption.objects.filter(live_adoptions(on), school_id__in=reach).order_by("id"):
        taken[row.policy_id].append((row.school_id, row.adopted_on or clock.local_date(row.adopted_at)))
    mine = Q(policy__school_id__in=reach) | Q(policy__school_id__isnull=True, policy_id__in=taken)
    rows = PolicyVersion.objects.filter(stood(on), mine, policy__trust_id=scope.trust_id).select_related("policy")
    found = []
    for version in rows.order_by("policy__title", "policy_id"):
        began = version.in_force_from or on
        own = version.policy.school_id
        found += [Delivery(school_id, version, max(began, day)) for school_id, day in ([(own, began)] if own else taken[version.policy_id])]
    return found


def _checks(reach: Iterable[UUID], versions: Iterable[UUID], on: date) -> dict[tuple[UUID, UUID], list[PublicCheck]]:
    """The last check at each address up to the end of a day: the earlier ones prove nothing any more, and they pile up."""
    end = clock.at(on + timedelta(days=1), 0)
    same = {name: OuterRef(name) for name in ("school_id", "version_id", "address")}
    later = PublicCheck.objects.filter(**same, checked_at__gt=OuterRef("checked_at"), checked_at__lt=end)
    rows = PublicCheck.objects.filter(~Exists(later), school_id__in=reach, version_id__in=versions, checked_at__lt=end)
    rows = rows.only("school_id", "version_id", "address", "found", "told", "checked_at")
    found: dict[tuple[UUID, UUID], list[PublicCheck]] = defaultdict(list)
    for row in rows.order_by("checked_at", "id"):
        found[row.school_id, row.version_id].append(row)
    return found


def schools_seen_to(scope: Scope, roles: Collection[str], on: date) -> list[UUID]:
    """The schools at which the person holds one of these roles on a day; all in reach for a role across the trust."""
    if scope.person_id is None:
        return []
    rows = Appointment.objects.filter(people.live(on), person_id=scope.person_id, trust_id=scope.trust_id, role__in=list(roles))
    held = set(rows.values_list("school_id", flat=True))
    return scope.school_ids if None in held else [one for one in scope.school_ids if one in held]


def delivery(scope: Scope, school_id: UUID, policy_id: UUID, on: date) -> Delivery:
    """The version of one policy that holds at a school, with its readers."""
    found = next((row for row in deliveries(scope, [school_id], on) if row.version.policy_id == policy_id), None)
    if found is None:
        raise NotFound("There is no such policy in force at this school")
    return found


def bodies_of(scope: Scope, policy: Policy) -> list[str]:
    """The bodies a policy in reach is addressed to, as chosen last."""
    rows = ReaderChoice.objects.filter(policy=policy, policy__trust_id=scope.trust_id)
    last = rows.order_by("-chosen_at", "-id").first()
    return list(last.bodies) if last else []


def receipts_of(scope: Scope, school_id: UUID | None, version_ids: Iterable[UUID]) -> list[ReaderReceipt]:
    """Every receipt of these versions at a school (none: those of the whole trust), undone ones too, newest first."""
    if school_id is not None and school_id not in scope.schools:
        raise NotFound("There is no such school in your reach")
    here = Q(school_id__isnull=True) | Q(school_id=school_id) if school_id else Q(school_id__isnull=True)
    rows = ReaderReceipt.objects.filter(here, version_id__in=list(version_ids), version__policy__trust_id=scope.trust_id)
    return list(rows.select_related("version__policy", "recorded_by", "undone__undone_by").order_by("-recorded_at", "-id"))


def receipt(scope: Scope, receipt_id: UUID) -> ReaderReceipt:
    """One receipt where the person may read policies; that of the whole trust for whoever reads there."""
    here = Q(school_id__in=scope.schools_where(Permission.POLICY_READ))
    if scope.may_anywhere(Permission.POLICY_READ):
        here |= Q(school_id__isnull=True)
    rows = ReaderReceipt.objects.filter(here, pk=receipt_id, version__policy__trust_id=scope.trust_id)
    found = rows.select_related("version__policy", "school", "undone").first()
    if found is None:
        raise NotFound("There is no such receipt in your reach")
    return found


def fingerprints_of(found: PolicyVersion) -> set[str]:
    """The fingerprints of a version: of its text in force, and of the same document as it was read before people put it right."""
    return {found.fingerprint, *found.corrections.values_list("fingerprint_before", flat=True)}


# ------------------------------------------------------------------ for the public


def public_school(ref: str) -> tuple[School, Scope]:
    """A school by its reference or its number in the national register, and what the public page may ask: that one school."""
    rows = School.objects.select_related("trust")
    found = rows.filter(ref=ref).first() or rows.filter(urn=ref).first()
    if found is None:
        raise NotFound("There is no such school")
    return found, process_scope("public page", found.trust_id, [found.id])


def public_policies(scope: Scope, school_id: UUID) -> list[Delivery]:
    """What the public may read of a school: the versions in force that nobody marked as not public."""
    return [row for row in deliveries(scope, [school_id], clock.today()) if row.public]


def public_policy(scope: Scope, school_id: UUID, policy_id: UUID) -> Delivery:
    found = next((row for row in public_policies(scope, school_id) if row.version.policy_id == policy_id), None)
    if found is None:
        raise NotFound("There is no such public policy")
    return found
