"""Roles are given and ended, their duties written and accepted, and a school says which roles it needs."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, NotFound
from schoolgate.people import rules
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, DutiesAcceptance, Person, RequiredRole, RoleDuties, School


@transaction.atomic
def appoint(
    *,
    person: Person,
    role: str,
    starts_on: date,
    school: School | None = None,
    deputy: bool = False,
    minute: str = "",
    ends_on: date | None = None,
    by: Scope,
) -> Appointment:
    """Give a person a role from a day, at a school or (no school) across the trust."""
    rules.check_can_appoint(by, person, role, school.id if school else None)
    if ends_on and ends_on < starts_on:
        raise BadInput("The last day must be the first day or later.", "ends_on")
    held = Appointment.objects.filter(trust_id=by.trust_id, school=school, person=person, role=role)
    if any(one.ends_on is None or one.ends_on >= starts_on for one in held if ends_on is None or one.starts_on <= ends_on):
        raise BadInput(f"This person already holds the role {rules.title_of(role)} in that time.", "role")
    at, minute = clock.now(), minute.strip()
    appointment = Appointment.objects.create(
        trust_id=by.trust_id, school=school, person=person, role=role, deputy=deputy, starts_on=starts_on, ends_on=ends_on,
        minute=minute, minute_at=at if minute else None, made_at=at,
    )  # fmt: skip
    _record("appointment.made", appointment, {"starts_on": starts_on, "deputy": deputy}, by)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends_on: date, why: str = "", by: Scope) -> Appointment:
    """Write down the last day of a role."""
    row = _locked(appointment, by)
    rules.check_can_end_appointment(by, row, ends_on)
    row.ends_on = ends_on
    row.save(update_fields=["ends_on"])
    _record("appointment.ended", row, {"ends_on": ends_on}, by, why)
    return row


@transaction.atomic
def record_minute(*, appointment: Appointment, minute: str, by: Scope) -> Appointment:
    """Write down the minute by which a board made this appointment."""
    row = _locked(appointment, by)
    rules.check_can_fill_role(by, row.role, row.school_id)
    if not minute.strip():
        raise BadInput("Give the minute, such as “Governors 12 March 2026, item 4”.", "minute")
    row.minute, row.minute_at = minute.strip(), row.minute_at or clock.now()
    row.save(update_fields=["minute", "minute_at"])
    _record("appointment.minuted", row, {}, by)
    return row


@transaction.atomic
def record_delegation(*, appointment: Appointment, power: str, delegated_on: date, minute: str, by: Scope) -> Appointment:
    """Write down the power a board handed to this holder. It lapses with the appointment: the next holder needs their own."""
    row = _locked(appointment, by)
    rules.check_can_fill_role(by, "governor", row.school_id)
    if not power.strip() or not minute.strip():
        raise BadInput("A delegation needs the power handed down and the minute that did it.", "power" if not power.strip() else "minute")
    if delegated_on > clock.today():
        raise BadInput("The delegation cannot be dated in the future.", "delegated_on")
    row.delegated_power, row.delegated_on, row.delegation_minute = power.strip(), delegated_on, minute.strip()
    row.delegation_at = row.delegation_at or clock.now()
    row.save(update_fields=["delegated_power", "delegated_on", "delegation_minute", "delegation_at"])
    _record("appointment.delegated", row, {"delegated_on": delegated_on}, by)
    return row


@transaction.atomic
def write_duties(*, school: School, role: str, version: str, text: str, by: Scope) -> RoleDuties:
    """Put the school's own words in the place of a role's standard duties. Its holders are asked to accept them anew."""
    rules.check_can_fill_role(by, role, school.id)
    if role not in rules.known_roles():
        raise BadInput(f"There is no role called {role}. The roles are listed on the page “Roles”.", "role")
    if not text.strip() or not version.strip():
        raise BadInput("The duties need a text and a version, such as “September 2026”.", "version" if text.strip() else "text")
    if version == rules.STANDARD_DUTIES or RoleDuties.objects.filter(school=school, role=role, version=version).exists():
        raise BadInput(f"There is already a version {version} of these duties. Give this one another name.", "version")
    duties = RoleDuties.objects.create(school=school, role=role, version=version.strip(), text=text.strip(), written_at=clock.now())
    facts = {"role": role, "version": version}
    audit.record("duties.written", duties, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return duties


@transaction.atomic
def accept_duties(*, appointment: Appointment, by: Scope) -> DutiesAcceptance:
    """The holder says yes to the duties as they are written today. Saying it twice changes nothing."""
    row = Appointment.objects.select_for_update().filter(pk=appointment.pk, trust_id=by.trust_id).first()
    if row is None:
        raise NotFound("There is no such role in your reach")
    rules.check_can_accept_duties(by, row)
    written = RoleDuties.objects.filter(school=row.school, role=row.role).order_by("-written_at").first()
    version = written.version if written else rules.STANDARD_DUTIES
    accepted, new = DutiesAcceptance.objects.get_or_create(appointment=row, version=version, defaults={"at": clock.now()})
    if new:
        _record("duties.accepted", row, {"version": version}, by)
    return accepted


@transaction.atomic
def confirm_roles(*, school: School, answers: Mapping[str, rules.RoleAnswer], by: Scope) -> list[RequiredRole]:
    """Say how the school carries each required role: here, by the trust's holder, or not at all with a reason."""
    rules.check_can_confirm_roles(by, school.id, answers)
    at = clock.now()
    confirmed = [
        RequiredRole(
            school=school,
            role=role,
            held_by=answer.held_by,
            struck_out=answer.struck_out.strip(),
            confirmed_at=at,
            by_person_id=by.person_id,
        )
        for role, answer in answers.items()
    ]
    RequiredRole.objects.bulk_create(confirmed)
    for row in confirmed:
        how = "by the trust" if row.held_by_id else "struck out" if row.struck_out else "here"
        facts = {"role": row.role, "held": how}
        audit.record(
            "required_role.confirmed", row, trust_id=by.trust_id, school_id=school.id, why=row.struck_out, facts=facts, by=by.actor
        )
    return confirmed


def _locked(appointment: Appointment, by: Scope) -> Appointment:
    """The row as it is now, held until the transaction is over; one out of reach is not found."""
    row = Appointment.objects.select_for_update().filter(pk=appointment.pk, trust_id=by.trust_id).first()
    if row is None or (row.school_id is not None and row.school_id not in by.schools):
        raise NotFound("There is no such role in your reach")
    return row


def _record(verb: str, row: Appointment, facts: dict, by: Scope, why: str = "") -> None:
    audit.record(verb, row, trust_id=by.trust_id, school_id=row.school_id, why=why, facts={"role": row.role, **facts}, by=by.actor)
