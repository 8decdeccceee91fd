"""How people sign in: who may, and whether the school's own identity service asks for a second step."""

from uuid import UUID

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Engagement, IdentitySecondStep, Person, School, User


@transaction.atomic
def give_sign_in(*, person: Person, email: str, password: str | None = None, by: Scope) -> User:
    """Let a person sign in with this address. Without a password they set their own through an emailed code."""
    rules.check_can_give_sign_in(by, person, _schools_of(person))
    address = email.strip().lower()
    if not address:
        raise BadInput("Give the e-mail address to sign in with.", "email")
    if User.objects.filter(person=person).exists():
        raise BadInput("This person can already sign in.", "email")
    if User.objects.filter(email=address).exists():
        raise BadInput(f"Somebody already signs in with {address}. Give another address.", "email")
    user = User(email=address, person=person, date_joined=clock.now())
    user.set_password(password)
    user.save(force_insert=True)
    audit.record("sign_in.given", person, trust_id=person.trust_id, by=by.actor)
    return user


def _schools_of(person: Person) -> set[UUID]:
    """Where somebody has or had a place or a role."""
    places = Engagement.objects.filter(person=person).values_list("school_id", flat=True)
    roles = Appointment.objects.filter(person=person, school__isnull=False).values_list("school_id", flat=True)
    return {*places, *roles}


@transaction.atomic
def record_identity_second_step(*, school: School, service: str, by: Scope) -> IdentitySecondStep:
    """The administrator states that people sign in through the school's own service, which asks for a second step. Stands for a year."""
    rules.check_can_record_identity_step(by, school.id, service)
    record = IdentitySecondStep.objects.create(school=school, service=service.strip(), at=clock.now(), by_person_id=by.person_id)
    audit.record("identity_second_step.recorded", record, trust_id=by.trust_id, school_id=school.id, by=by.actor)
    return record
