"""What changes about people: trusts and schools open, persons join, take roles, are set aside and leave."""

from datetime import date

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Category, Engagement, Nation, Person, School, Trust, User
from schoolgate.people.permissions import Permission


@transaction.atomic
def found_trust(*, ref: str, name: str, by: Actor) -> Trust:
    """Set up a trust on this installation. Only a named process does this: there is nobody to do it before the first person."""
    trust = Trust.objects.create(ref=ref, name=name, created_at=clock.now())
    audit.record("trust.founded", trust, trust_id=trust.id, by=by)
    return trust


@transaction.atomic
def open_school(*, trust: Trust, ref: str, name: str, phase: str, nation: str = Nation.ENGLAND, urn: str | None = None, by: Actor) -> School:
    """Add a school to a trust."""
    school = School.objects.create(trust=trust, ref=ref, name=name, phase=phase, nation=nation, urn=urn)
    audit.record("school.opened", school, trust_id=trust.id, school_id=school.id, by=by)
    return school


def _require_keeper(by: Scope, school_id: object) -> None:
    by.require(Permission.USER_MANAGE, school_id, "Only someone who keeps the register of people may do this")  # type: ignore[arg-type]


@transaction.atomic
def add_person(*, given: str, family: str, email: str = "", external_id: str = "", by: Scope) -> Person:
    """Write a person into the trust's register. They get a place at a school with `engage`."""
    person = Person.objects.create(
        trust_id=by.trust_id, given=given, family=family, email=email.lower(), external_id=external_id, created_at=clock.now()
    )
    audit.record("person.added", person, trust_id=by.trust_id, by=by.actor)
    return person


@transaction.atomic
def engage(
    *, person: Person, school: School, category: str, starts_on: date | None, employer: str = "", job_title: str = "", ends_on: date | None = None, by: Scope
) -> Engagement:
    """Put a person on a school's register in one category."""
    _require_keeper(by, school.id)
    engagement = Engagement.objects.create(
        school=school, person=person, category=Category(category), starts_on=starts_on, ends_on=ends_on,
        employer=employer, job_title=job_title, added_at=clock.now(),
    )  # fmt: skip
    audit.record("engagement.started", engagement, trust_id=by.trust_id, school_id=school.id, by=by.actor)
    return engagement


@transaction.atomic
def appoint(
    *, person: Person, role: str, starts_on: date, school: School | None = None, deputy: bool = False, minute: str = "", ends_on: date | None = None, by: Scope
) -> Appointment:
    """Give a person a role from a day, at a school or (no school) across the trust."""
    _require_keeper(by, school.id if school else None)
    if role not in rules.known_roles():
        raise BadInput(f"There is no role called {role}. The roles are listed on the page 'Roles'.", "role")
    appointment = Appointment.objects.create(
        trust_id=by.trust_id, school=school, person=person, role=role, deputy=deputy,
        starts_on=starts_on, ends_on=ends_on, minute=minute, made_at=clock.now(),
    )  # fmt: skip
    audit.record("appointment.made", appointment, trust_id=by.trust_id, school_id=school.id if school else None, by=by.actor)
    return appointment


@transaction.atomic
def give_sign_in(*, person: Person, email: str, password: str | None = None, by: Scope) -> User:
    """Let a person sign in with this address. Without a password they set their own through an emailed code."""
    user = User(email=email.lower(), person=person)
    user.set_password(password)
    user.save()
    audit.record("sign_in.given", person, trust_id=by.trust_id, by=by.actor)
    return user
