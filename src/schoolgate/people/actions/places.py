"""Trusts and schools open; persons get a place on a school's register, go on leave and leave; lists are confirmed."""

from datetime import date
from uuid import UUID

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Absence, Appointment, Category, Engagement, Nation, Person, RegisterCheck, School, Trust


@transaction.atomic
def found_trust(*, ref: str, name: str, by: Actor) -> Trust:
    """Set up a trust on this installation. Only a named process does this: there is nobody to do it before the first person."""
    if Trust.objects.filter(ref=ref).exists():
        raise BadInput(f"There is already a trust with the reference {ref}. Choose another.", "ref")
    trust = Trust.objects.create(ref=ref, name=name, created_at=clock.now())
    audit.record("trust.founded", trust, trust_id=trust.id, by=by)
    return trust


@transaction.atomic
def open_school(
    *,
    trust: Trust,
    ref: str,
    name: str,
    phase: str,
    nation: str = Nation.ENGLAND,
    urn: str | None = None,
    opened_on: date | None = None,
    by: Actor,
) -> School:
    """Add a school to a trust. `urn` is its number in the national register, None when it has none yet."""
    if School.objects.filter(ref=ref).exists():
        raise BadInput(f"There is already a school with the reference {ref}. Choose another.", "ref")
    if urn and School.objects.filter(urn=urn).exists():
        raise BadInput(f"There is already a school with the number {urn}. Check it in the national register.", "urn")
    school = School.objects.create(trust=trust, ref=ref, name=name, phase=phase, nation=nation, urn=urn or None, opened_on=opened_on)
    audit.record("school.opened", school, trust_id=trust.id, school_id=school.id, by=by)
    return school


@transaction.atomic
def add_person(*, given: str, family: str, email: str = "", external_id: str = "", by: Scope) -> Person:
    """Write a person into the trust's register. They get a place at a school with `engage`."""
    rules.check_can_add_person(by)
    if not (given.strip() or family.strip()):
        raise BadInput("Give the person a name.", "given")
    if external_id and Person.objects.filter(trust_id=by.trust_id, external_id=external_id).exists():
        raise BadInput(f"Somebody in this trust already has the staff number {external_id}. Look for them in the register.", "external_id")
    person = Person.objects.create(
        trust_id=by.trust_id,
        given=given.strip(),
        family=family.strip(),
        email=email.strip().lower(),
        external_id=external_id,
        created_at=clock.now(),
    )
    audit.record("person.added", person, trust_id=by.trust_id, by=by.actor)
    return person


@transaction.atomic
def engage(
    *,
    person: Person,
    school: School,
    category: str,
    starts_on: date | None,
    employer: str = "",
    job_title: str = "",
    ends_on: date | None = None,
    by: Scope,
) -> Engagement:
    """Put a person on a school's register in one category. Without an employer or a first day the row waits to be mended."""
    rules.check_can_keep_register(by, school.id)
    rules.check_same_trust(by, person.trust_id)
    if category not in Category.values:
        raise BadInput(f"There is no category called {category}. Use one of: {', '.join(Category.values)}.", "category")
    if starts_on and ends_on and ends_on < starts_on:
        raise BadInput("The last day must be the first day or later.", "ends_on")
    if ends_on is None and Engagement.objects.filter(school=school, person=person, category=category, ends_on=None).exists():
        raise BadInput(f"This person is already on the list “{Category(category).label}” of {school.name}.", "category")
    engagement = Engagement(
        school=school, person=person, category=Category(category), starts_on=starts_on, ends_on=ends_on,
        employer=employer.strip(), job_title=job_title.strip(), added_at=clock.now(),
    )  # fmt: skip
    engagement.completed_at = engagement.added_at if engagement.complete else None
    engagement.save(force_insert=True)
    audit.record("engagement.started", engagement, trust_id=by.trust_id, school_id=school.id, by=by.actor)
    return engagement


@transaction.atomic
def join(
    *,
    school: School,
    given: str,
    family: str,
    category: str,
    starts_on: date | None,
    email: str = "",
    external_id: str = "",
    employer: str = "",
    job_title: str = "",
    by: Scope,
) -> Person:
    """Add somebody new and give them their place at a school, both or neither."""
    person = add_person(given=given, family=family, email=email, external_id=external_id, by=by)
    engage(person=person, school=school, category=category, starts_on=starts_on, employer=employer, job_title=job_title, by=by)
    return person


def _locked(engagement: Engagement, by: Scope) -> Engagement:
    """The row as it is now, held until the transaction is over; one out of reach is not found."""
    found = (
        Engagement.objects.select_for_update(of=("self",))
        .filter(pk=engagement.pk, school_id__in=by.school_ids)
        .select_related("person")
        .first()
    )
    if found is None:
        raise NotFound("There is no such place in your reach")
    return found


@transaction.atomic
def mend_place(*, engagement: Engagement, employer: str, starts_on: date, by: Scope) -> Engagement:
    """Give a row of the register the employer and first day it lacked."""
    row = _locked(engagement, by)
    rules.check_can_keep_register(by, row.school_id)
    if not employer.strip():
        raise BadInput("Say who employs this person.", "employer")
    if row.ends_on and starts_on > row.ends_on:
        raise BadInput("The first day must be the last day or earlier.", "starts_on")
    row.employer, row.starts_on = employer.strip(), starts_on
    row.completed_at = row.completed_at or clock.now()
    row.save(update_fields=["employer", "starts_on", "completed_at"])
    audit.record("engagement.mended", row, trust_id=by.trust_id, school_id=row.school_id, facts={"starts_on": starts_on}, by=by.actor)
    return row


@transaction.atomic
def end_engagement(*, engagement: Engagement, ends_on: date, by: Scope) -> Engagement:
    """Write down somebody's last day. Their roles at the school end with it, unless they keep another place there."""
    row = _locked(engagement, by)
    rules.check_can_end_engagement(by, row, ends_on)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    facts = {"ends_on": ends_on}
    audit.record("engagement.ended", row, trust_id=by.trust_id, school_id=row.school_id, facts=facts, by=by.actor)
    end_roles_of_leaver(row, by)
    return row


def end_roles_of_leaver(place: Engagement, by: Scope) -> None:
    """End the roles held at the school on the last day there, unless the person keeps another place."""
    last = place.ends_on
    if last is None or place not in rules.leaves_on(Engagement.objects.filter(person_id=place.person_id, school_id=place.school_id)):
        return
    held = Appointment.objects.select_for_update().filter(person_id=place.person_id, school_id=place.school_id, starts_on__lte=last)
    for appointment in held:
        if appointment.ends_on is None or appointment.ends_on > last:
            appointment.ends_on = last
            appointment.save(update_fields=["ends_on"])
            facts = {"role": appointment.role, "ends_on": last}
            audit.record("appointment.ended", appointment, trust_id=by.trust_id, school_id=place.school_id, facts=facts, by=by.actor)


@transaction.atomic
def set_aside(*, engagement: Engagement, away_from: date, away_until: date, reason: str, by: Scope) -> Engagement:
    """Long leave: the person keeps their place but is not counted until the day after `away_until`."""
    row = _locked(engagement, by)
    rules.check_can_set_aside(by, row, away_from, away_until, reason)
    row.away_from, row.away_until, row.away_reason = away_from, away_until, reason.strip()
    row.save(update_fields=["away_from", "away_until", "away_reason"])
    facts = {"away_from": away_from, "away_until": away_until}
    audit.record("engagement.set_aside", row, trust_id=by.trust_id, school_id=row.school_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def mark_absent(*, person: Person, starts_on: date, ends_on: date, by: Scope) -> Absence:
    """Say that somebody cannot be reached on these days; their deputy stands in."""
    schools = list(Engagement.objects.filter(person=person, school_id__in=by.school_ids).values_list("school_id", flat=True))
    schools += list(Appointment.objects.filter(person=person, school_id__in=by.school_ids).values_list("school_id", flat=True))
    rules.check_can_mark_absent(by, person, schools)
    if ends_on < starts_on:
        raise BadInput("The last day must be the first day or later.", "ends_on")
    absence = Absence.objects.create(person=person, starts_on=starts_on, ends_on=ends_on, marked_at=clock.now())
    facts = {"starts_on": starts_on, "ends_on": ends_on}
    audit.record("absence.marked", absence, trust_id=by.trust_id, facts=facts, by=by.actor)
    return absence


@transaction.atomic
def confirm_register(*, school: School, category: str, none_here: bool = False, by: Scope) -> RegisterCheck:
    """Say that one category's list is right today, or that the school has nobody in it."""
    if by.person_id is None:
        raise Denied("A list is confirmed by a named person.")
    if category not in Category.values:
        raise BadInput(f"There is no category called {category}. Use one of: {', '.join(Category.values)}.", "category")
    people = _on_list(school.id, category)
    rules.check_can_confirm_category(by, school.id, people, none_here)
    check = RegisterCheck.objects.create(school=school, category=category, at=clock.now(), by_person_id=by.person_id, none_here=none_here)
    facts = {"category": category, "people": people}
    audit.record("register.confirmed", check, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return check


def _on_list(school_id: UUID, category: str) -> int:
    today = clock.today()
    return sum(one.active(today) for one in Engagement.objects.filter(school_id=school_id, category=category))
