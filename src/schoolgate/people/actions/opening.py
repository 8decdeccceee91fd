"""The first step on an empty installation: a school, its trust, and the head who sets up the rest."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction

from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.common.errors import BadInput
from schoolgate.people import queries
from schoolgate.people.actions.places import add_person, engage, found_trust, open_school
from schoolgate.people.actions.roles import appoint
from schoolgate.people.actions.sign_ins import give_sign_in
from schoolgate.people.models import Category, Nation, Phase, School, Trust

HEADTEACHER = "headteacher"
_NUMBER = re.compile("[0-9]{6,7}")


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school that is to be opened: its short name for addresses, its name, and its number in the national register, if it has one."""

    ref: str
    name: str
    phase: str
    nation: str = Nation.ENGLAND
    urn: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Who heads it, and the address they sign in with."""

    given: str
    family: str
    email: str


@transaction.atomic
def set_up_school(*, about: NewSchool, head: Head, trust: Trust | None = None, process: str) -> School:
    """Open a school with its head on the register, in the role, and able to sign in by a code sent to their address.

    Without a trust the school stands alone: a trust of one with its own name. BadInput names what cannot be used; nothing is kept then.
    """
    _check(about, head)
    by = system(process)
    owner = trust or found_trust(ref=about.ref, name=about.name, by=by)
    school = open_school(
        trust=owner, ref=about.ref, name=about.name, phase=about.phase, nation=about.nation, urn=about.urn or None, by=by
    )  # fmt: skip
    scope, today = queries.scope_of_process(process, owner), clock.today()
    person = add_person(given=head.given, family=head.family, email=head.email, by=scope)
    engage(
        person=person, school=school, category=Category.EMPLOYEE, starts_on=today, employer=owner.name, job_title="Headteacher", by=scope
    )  # fmt: skip
    appoint(person=person, role=HEADTEACHER, starts_on=today, school=school, by=scope)
    give_sign_in(person=person, email=head.email, by=scope)
    return school


def _check(about: NewSchool, head: Head) -> None:
    if not about.name.strip():
        raise BadInput("Give the school's name.", "name")
    for value, check, field, sentence in (
        (about.ref, validate_slug, "ref", "The reference stands in addresses: use letters, digits and hyphens, such as alder-park."),
        (head.email, validate_email, "email", f"{head.email or 'Nothing'} is not an e-mail address. Give the one the head signs in with."),
    ):
        try:
            check(value)
        except ValidationError as wrong:
            raise BadInput(sentence, field) from wrong
    for value, known, field in ((about.phase, Phase.values, "phase"), (about.nation, Nation.values, "nation")):
        if value not in known:
            raise BadInput(f"There is no {field} {value}. Use one of: {', '.join(known)}.", field)
    if about.urn and not _NUMBER.fullmatch(about.urn):
        raise BadInput(f"{about.urn} is not a number of the national register: those have six digits in England, seven elsewhere.", "urn")
