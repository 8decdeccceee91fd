"""A trust of 60 schools, 3,500 staff and 3 versions of 5 policies at each school, written in bulk.

Only for measuring: the product's own records are made by actions. Texts are made of the catalogue's own promises.
"""

import random
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from tests.bench.principles_size import hold_against_the_trust

from schoolgate.agreements.models import Agreement, Opening, Signature
from schoolgate.assurance.catalogue import controls
from schoolgate.common import clock
from schoolgate.people.models import Appointment, Category, Engagement, Person, Phase, RegisterCheck, School, Trust, User
from schoolgate.policies.models import (
    Clause,
    ClauseControl,
    ClauseKind,
    Companion,
    CompanionCheck,
    CompanionEdition,
    EarlyReason,
    Policy,
    PolicyReview,
    PolicyVersion,
    ReviewSignature,
    SettingChoice,
    VersionState,
)
from schoolgate.policies.rules.choices import default, settings

SCHOOLS, STAFF, POLICIES, VERSIONS, CLAUSES = 60, 3500, 5, 3, 60
STATEMENTS = ["I have read this policy", "I will keep to it"]
ROLES = ["headteacher", "dsl", "sbm", "clerk", "link_governor"]
COMPANIONS, ASKED = 8, "profile.employer_named"
chance = random.Random(60)


def build(schools: int = SCHOOLS, staff: int = STAFF) -> Trust:
    """Write the trust; `schools` and `staff` can be smaller, to see that queries do not grow."""
    now = clock.now()
    trust = Trust.objects.create(ref=f"size-{schools}", name=f"Trust of {schools}", created_at=now)
    sites = School.objects.bulk_create(
        School(trust=trust, ref=f"size-{schools}-{n}", name=f"School {n:02}", phase=Phase.PRIMARY) for n in range(schools)
    )
    people = _people(trust, sites, staff)
    versions = [version for site in sites for version in _policies(trust, site)]
    _sign(versions, people)
    _settle(trust, versions, people)
    answering = {version.policy.school_id: version for version in versions}
    hold_against_the_trust(trust, answering.values(), {site: persons[0] for site, persons in people.items()})
    return trust


def _settle(trust: Trust, versions: list[PolicyVersion], people: dict[School, list[Person]]) -> None:
    """At each school a year of settings, one of them put to the trust, a signed review, companions, and reasons to review early."""
    now, today = clock.now(), clock.today()
    heads = {site: persons[0] for site, persons in people.items()}
    keys = [key for key, told in settings().items() if told.get("change_by") == "head"][:40]
    SettingChoice.objects.bulk_create(
        SettingChoice(trust=trust, school=site, key=key, value=default(key), chosen_at=now, chosen_by=head)
        for site, head in heads.items()
        for key in keys
    )
    SettingChoice.objects.bulk_create(
        SettingChoice(trust=trust, school=site, key=ASKED, value="forbid", reason="x", asks_trust=True, chosen_at=now, chosen_by=head)
        for site, head in heads.items()
    )
    reviews = PolicyReview.objects.bulk_create(
        PolicyReview(
            school=v.policy.school, policy=v.policy, version=v, held_on=today, outcome="no_change", minute="7", recorded_at=now,
            recorded_by=heads[v.policy.school],
        )
        for v in versions
    )  # fmt: skip
    ReviewSignature.objects.bulk_create(
        ReviewSignature(
            school=row.school, review=row, role="headteacher", comment="Agreed", signed_at=now, signed_by=heads[row.school]
        )
        for row in reviews
    )  # fmt: skip
    EarlyReason.objects.bulk_create(
        EarlyReason(school=v.policy.school, policy=v.policy, kind="law", words="x", source=f"law:{n}", raised_at=now)
        for v in versions
        for n in range(3)
    )
    listed = Companion.objects.bulk_create(
        Companion(school=site, title=f"Document {n}", added_at=now) for site in heads for n in range(COMPANIONS)
    )
    CompanionEdition.objects.bulk_create(
        CompanionEdition(school=row.school, companion=row, where="x", dated=today, recorded_at=now) for row in listed
    )
    CompanionCheck.objects.bulk_create(
        CompanionCheck(school=row.school, companion=row, opened=True, checked_at=now, checked_by=heads[row.school]) for row in listed
    )


def _people(trust: Trust, sites: list[School], staff: int) -> dict[School, list[Person]]:
    now, start = clock.now(), clock.today() - timedelta(days=400)
    every = Person.objects.bulk_create(
        Person(trust=trust, given=f"Given{n}", family=f"Family{n}", email=f"p{n}@{trust.ref}.example", created_at=now) for n in range(staff)
    )
    by_site = {site: every[n :: len(sites)] for n, site in enumerate(sites)}
    Engagement.objects.bulk_create(
        Engagement(
            school=site,
            person=person,
            category=Category.EMPLOYEE if n else Category.GOVERNOR,
            starts_on=start,
            employer="Trust",
            added_at=now,
        )
        for site, persons in by_site.items()
        for n, person in enumerate(persons)
    )
    Appointment.objects.bulk_create(
        Appointment(trust=trust, school=site, person=person, role=role, starts_on=start, made_at=now)
        for site, persons in by_site.items()
        for role, person in zip(ROLES, persons, strict=False)
    )
    RegisterCheck.objects.bulk_create(
        RegisterCheck(school=site, category=category, at=now, imported=True) for site in sites for category in Category
    )
    first = by_site[sites[0]][0]
    User.objects.create(email=first.email, person=first, password=make_password("a long enough password"))
    Appointment.objects.create(trust=trust, person=first, role="trust_comms", starts_on=start, made_at=now)
    return by_site


def _policies(trust: Trust, site: School) -> list[PolicyVersion]:
    now, today = clock.now(), clock.today()
    policies = Policy.objects.bulk_create(
        Policy(trust=trust, school=site, title=f"Policy {n}", owner_role="headteacher", audience=["employee"], created_at=now)
        for n in range(POLICIES)
    )
    versions = PolicyVersion.objects.bulk_create(
        _version(policy, number, today) for policy in policies for number in range(1, VERSIONS + 1)
    )
    clauses = Clause.objects.bulk_create((c for version in versions for c in _clauses(version)), batch_size=500)
    refs = [control.id for control in controls().values()]
    ClauseControl.objects.bulk_create(
        (ClauseControl(clause=clause, control=ref) for clause in clauses for ref in chance.sample(refs, 2)), batch_size=2000
    )
    return [version for version in versions if version.state == VersionState.IN_FORCE]


def _version(policy: Policy, number: int, today: date) -> PolicyVersion:
    live, began = number == VERSIONS, today - timedelta(days=100 * (VERSIONS + 1 - number))
    return PolicyVersion(
        policy=policy, number=number, state=VersionState.IN_FORCE if live else VersionState.SUPERSEDED, source_name="policy.docx",
        source_sha256="0" * 64, media_type="text/plain", fingerprint=f"{policy.id.hex}{number:032}", authors="The school",
        review_on=today + timedelta(days=200), change_summary="Words made plainer", imported_at=clock.at(began),
        approved_at=clock.at(began),
        approving_body="Governing body", approval_minute="7", approved_on=began, in_force_from=began,
        in_force_until=None if live else began + timedelta(days=100), checked_at=clock.at(began),
    )  # fmt: skip


def _clauses(version: PolicyVersion) -> list[Clause]:
    promises = [control.promise for control in controls().values()]
    return [
        Clause(
            version=version,
            position=n,
            ref=f"{n // 10 + 1}.{n % 10 + 1}",
            path=[f"{n // 10 + 1}. Part {n // 10 + 1}"],
            text=promises[n % len(promises)],
            modality="must",
            actors=["staff"],
            kind=ClauseKind.CONTROL,
            decided_at=version.imported_at,
        )
        for n in range(CLAUSES)
    ]


def _sign(versions: list[PolicyVersion], people: dict[School, list[Person]]) -> None:
    began = clock.now() - timedelta(days=50)
    forms = Agreement.objects.bulk_create(
        Agreement(
            school=v.policy.school,
            policy=v.policy,
            version=v,
            categories=["employee", "governor"],
            statements=STATEMENTS,
            published_at=began,
        )
        for v in versions
    )
    signed = [(form, person) for form in forms for person in people[form.school] if chance.random() < 0.9]
    Opening.objects.bulk_create((Opening(agreement=form, person=person, at=began) for form, person in signed), batch_size=2000)
    Signature.objects.bulk_create(
        (
            Signature(
                school=form.school,
                agreement=form,
                person=person,
                name_signed=person.name,
                role_that_day="Employee",
                category="employee",
                opened_at=began,
                signed_at=began + timedelta(minutes=5),
                statements=STATEMENTS,
                fingerprint=form.version.fingerprint,
                means="signed_in",
                token=person.id.hex,
            )
            for form, person in signed
        ),
        batch_size=2000,
    )
