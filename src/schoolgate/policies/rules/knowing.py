"""What the system itself knows that suggests reviewing a policy early: found in its own records, written down once each. Pure.

Source of the kinds: catalogue/controls.yaml, policies.early_review_decided. Written down by themselves are: law or guidance that changed
after the text came into force, a holder of the owner role who changed, a role holder whom the text prints by name and who holds the
role no more, and a trust text replaced after the school adopted it; schoolgate.assurance adds a promise broken for long. There is no
record yet of incidents, of new platforms, of research, or of single departures from a clause, so people write those down.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.people.models import Appointment
from schoolgate.people.rules import title_of
from schoolgate.policies import rules
from schoolgate.policies.models import Adoption, Clause, EarlyKind, Policy, PolicyVersion, TextFinding

TITLES = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev)\.?"
QUOTES = 3


@dataclass(frozen=True, slots=True)
class Held:
    """A version in force at the school on the day, the adoption that brought it there, and the day from which it held here."""

    version: PolicyVersion
    adoption: Adoption | None
    since: date


@dataclass(frozen=True, slots=True)
class Known:
    """One fact that suggests reviewing a policy early. `source` names its record; `path` is the page of that record."""

    policy: Policy
    kind: EarlyKind
    words: str
    source: str
    path: str
    clause: Clause | None = None


def of_law(held: Iterable[Held], findings: Iterable[TextFinding]) -> list[Known]:
    """A check after the text came into force found citations that stand no more: one fact for each check."""
    by_check: dict[tuple[UUID, date], list[TextFinding]] = defaultdict(list)
    for row in findings:
        if row.rule in rules.citation_rules():
            by_check[row.version_id, clock.local_date(row.found_at)].append(row)
    versions = {one.version.id: one for one in held}
    found = []
    for (version_id, day), rows in sorted(by_check.items(), key=lambda pair: (pair[0][1], str(pair[0][0]))):
        one = versions.get(version_id)
        if one is None or one.version.in_force_from is None or day <= one.version.in_force_from:
            continue
        quotes = list(dict.fromkeys(row.quote for row in rows if row.quote))[:QUOTES]
        things = "1 thing" if len(rows) == 1 else f"{len(rows)} things"
        words = f"The law check of {clock.in_words(day)} found {things} the text cites to have changed"
        words += f": {'; '.join(quotes)}." if quotes else "."
        path, clause = reverse("policies:findings", args=[version_id]), next((row.clause for row in rows if row.clause), None)
        found.append(Known(one.version.policy, EarlyKind.LAW, words[:1000], f"law:{version_id.hex}:{day}", path, clause))
    return found


def of_trust(held: Iterable[Held]) -> list[Known]:
    """The trust replaced a text after this school had adopted it: what the school decided was decided about another text."""
    return [
        Known(
            one.version.policy, EarlyKind.TRUST,
            f"The trust brought version {one.version.number} into force on {clock.in_words(one.version.in_force_from)}, after your school "
            "adopted the policy. Look whether what is different at your school still fits.",
            f"trust:{one.version.id.hex}", reverse("policies:compare", args=[one.version.id]),
        )
        for one in held
        if one.adoption and one.version.number > 1 and one.version.in_force_from and one.version.in_force_from == one.since
        and one.version.in_force_from > (one.adoption.adopted_on or clock.local_date(one.adoption.adopted_at))
    ]  # fmt: skip


def of_staff(
    held: Iterable[Held], clauses: Mapping[UUID, Sequence[Clause]], appointments: Sequence[Appointment], on: date, school: str
) -> list[Known]:
    """Somebody whom a text prints by name holds their role no more, or the role that owns a policy has a new holder."""
    found = []
    for one in held:
        for row in appointments:
            if row.ends_on and one.since <= row.ends_on < on and not _still(row, appointments, on):
                found += _printed(one, clauses.get(one.version.id, ()), row, school)
            if row.role == one.version.policy.owner_role and one.since < row.starts_on <= on and _follows(row, appointments):
                found.append(_new_owner(one, row, school))
    return found


def _still(row: Appointment, appointments: Iterable[Appointment], on: date) -> bool:
    """The same person was given the same role again."""
    return any(each.person_id == row.person_id and each.role == row.role and each.live(on) for each in appointments)


def _follows(row: Appointment, appointments: Iterable[Appointment]) -> bool:
    """Somebody else held the role at the same place before, and this is no deputy."""
    return not row.deputy and any(
        each.role == row.role and each.school_id == row.school_id and each.person_id != row.person_id and each.starts_on < row.starts_on
        for each in appointments
    )


def _printed(one: Held, clauses: Iterable[Clause], row: Appointment, school: str) -> list[Known]:
    given, family = re.escape(row.person.given), re.escape(row.person.family)
    named = re.compile(rf"\b(?:{given}\s+|{TITLES}\s+(?:{given}\s+)?){family}\b")
    clause = next((each for each in clauses if named.search(each.text)), None)
    if clause is None or row.ends_on is None:
        return []
    words = (
        f"Clause {clause.ref} prints the name of somebody who has not been {title_of(row.role).lower()} "
        f"since {clock.in_words(row.ends_on)}. "
        "Name the role instead of the person, or the new holder."
    )
    path = reverse("policies:clause", args=[clause.id])
    return [Known(one.version.policy, EarlyKind.STAFF, words, f"staff:{row.id.hex}", path, clause)]


def _new_owner(one: Held, row: Appointment, school: str) -> Known:
    words = f"The role that owns this policy, {title_of(row.role).lower()}, has had a new holder since {clock.in_words(row.starts_on)}."
    return Known(one.version.policy, EarlyKind.STAFF, words, f"owner:{row.id.hex}", reverse("policies:reviews", args=[school]))
