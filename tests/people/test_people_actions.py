"""What changes about people: each change is checked, made and recorded, or none of the three."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model

from schoolgate.audit import actions as audit
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people import actions, models, queries, rules
from schoolgate.people.models import (
    Absence,
    Appointment,
    ClosedDay,
    Engagement,
    Guardian,
    Guardianship,
    LeaverLetter,
    Person,
    Pupil,
    RegisterCheck,
    RequiredRole,
    Term,
)
from schoolgate.people.rules import RoleAnswer

TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _monday():
    with clock.standing_at(clock.at(TODAY, 9)):
        yield


@pytest.fixture
def place(cast) -> Engagement:
    return Engagement.objects.get(person=cast.teacher)


@pytest.fixture
def held(cast) -> Appointment:
    return Appointment.objects.get(person=cast.dsl)


def every_row() -> dict[str, list]:
    """Everything this package stores, to be compared before and after."""
    kept = [one for one in vars(models).values() if isinstance(one, type) and issubclass(one, Model)]
    return {
        one.__name__: sorted(map(str, one.objects.values_list()))
        for one in kept
        if one._meta.app_label == "people" and not one._meta.abstract
    }


CHANGES = {
    "found_trust": lambda c, p, h: actions.found_trust(ref="new", name="New", by=system("t")),
    "set_up_school": lambda c, p, h: actions.set_up_school(
        about=actions.NewSchool("new", "New", "primary"), head=actions.Head("A", "B", "head@new.example"), process="t"
    ),
    "open_school": lambda c, p, h: actions.open_school(trust=c.trust, ref="new", name="New", phase="primary", by=system("t")),
    "add_person": lambda c, p, h: actions.add_person(given="A", family="B", by=c.office),
    "join": lambda c, p, h: actions.join(
        school=c.school, given="A", family="B", category="employee", starts_on=TODAY, employer="X", by=c.office
    ),
    "engage": lambda c, p, h: actions.engage(person=c.teacher, school=c.school, category="governor", starts_on=TODAY, by=c.office),
    "mend_place": lambda c, p, h: actions.mend_place(engagement=p, employer="Y", starts_on=TODAY, by=c.office),
    "end_engagement": lambda c, p, h: actions.end_engagement(engagement=p, ends_on=TODAY, by=c.office),
    "set_aside": lambda c, p, h: actions.set_aside(engagement=p, away_from=TODAY, away_until=TODAY, reason="Leave", by=c.office),
    "mark_absent": lambda c, p, h: actions.mark_absent(person=c.teacher, starts_on=TODAY, ends_on=TODAY, by=c.office),
    "confirm_register": lambda c, p, h: actions.confirm_register(school=c.school, category="employee", by=c.scope("head")),
    "appoint": lambda c, p, h: actions.appoint(person=c.teacher, role="slt_member", school=c.school, starts_on=TODAY, by=c.office),
    "end_appointment": lambda c, p, h: actions.end_appointment(appointment=h, ends_on=TODAY, by=c.office),
    "record_minute": lambda c, p, h: actions.record_minute(appointment=h, minute="Item 3", by=c.office),
    "record_delegation": lambda c, p, h: actions.record_delegation(appointment=h, power="P", delegated_on=TODAY, minute="M", by=c.office),
    "write_duties": lambda c, p, h: actions.write_duties(school=c.school, role="dsl", version="1", text="Listen.", by=c.office),
    "accept_duties": lambda c, p, h: actions.accept_duties(appointment=h, by=c.scope("dsl")),
    "confirm_roles": lambda c, p, h: actions.confirm_roles(school=c.school, answers={"dsl": RoleAnswer()}, by=c.office),
    "send_leaver_letter": lambda c, p, h: actions.send_leaver_letter(engagement=leaving(c), by=c.office),
    "give_sign_in": lambda c, p, h: actions.give_sign_in(person=c.teacher, email="t@example.org", by=c.office),
    "record_identity_second_step": lambda c, p, h: actions.record_identity_second_step(school=c.school, service="S", by=c.office),
    "add_term": lambda c, p, h: actions.add_term(school=c.school, name="T", starts_on=TODAY, ends_on=TODAY, by=c.office),
    "drop_term": lambda c, p, h: actions.drop_term(term=a_term(c), by=c.office),
    "close_day": lambda c, p, h: actions.close_day(school=c.school, day=TODAY, kind="training", by=c.office),
    "open_day": lambda c, p, h: actions.open_day(closed=a_closed_day(c), by=c.office),
    "end_pupil": lambda c, p, h: actions.end_pupil(pupil=on_roll(c), ends_on=TODAY, by=c.office),
    "mark_looked_after": lambda c, p, h: actions.mark_looked_after(pupil=on_roll(c), looked_after=True, by=c.office),
    "limit_guardian": lambda c, p, h: actions.limit_guardian(guardianship=a_tie(c), kind="restricted", by=c.office),
    "keep_upload": lambda c, p, h: actions.keep_upload(school=c.school, name="n", content=b"x", by=c.scope("sbm")),
}


def on_roll(cast) -> Pupil:
    """A pupil of the school (written past the audit, so that one change is under test)."""
    names = {"given": "Noor", "family": "Vale", "added_at": clock.now(), "school": cast.school}
    return Pupil.objects.get_or_create(trust=cast.trust, external_id="P1", defaults=names)[0]


def a_tie(cast) -> Guardianship:
    guardian, _ = Guardian.objects.get_or_create(trust=cast.trust, external_id="G1", defaults={"family": "Vale", "added_at": clock.now()})
    return Guardianship.objects.get_or_create(pupil=on_roll(cast), guardian=guardian, defaults={"added_at": clock.now()})[0]


def a_term(cast) -> Term:
    return Term.objects.get_or_create(school=cast.school, name="Summer", starts_on=date(2026, 6, 1), ends_on=date(2026, 7, 1))[0]


def a_closed_day(cast) -> ClosedDay:
    return ClosedDay.objects.get_or_create(school=cast.school, day=date(2026, 6, 5), kind="training")[0]


def leaving(cast) -> Engagement:
    """The contractor's place, already with a last day (written past the audit, so that one change is under test)."""
    Engagement.objects.filter(person=cast.contractor).update(ends_on=TODAY)
    return Engagement.objects.get(person=cast.contractor)


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_is_changed_when_the_audit_write_fails(cast, place, held, name, monkeypatch):
    leaving(cast)
    a_tie(cast)
    a_term(cast)
    a_closed_day(cast)
    before = every_row()

    def fails(*_given, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(audit, "record", fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        CHANGES[name](cast, place, held)
    assert every_row() == before


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_leaves_an_entry_with_its_author(cast, place, held, name):
    last = Entry.objects.order_by("pk").last().pk
    CHANGES[name](cast, place, held)
    entries = Entry.objects.filter(pk__gt=last)
    assert entries
    assert all(entry.actor_id for entry in entries)


def test_the_table_above_names_every_action():
    tested_elsewhere = {"import_roster", "import_trust_roster", "drop_upload", "forget_uploads", "answer_leaver_letter"}
    no_changes = {"NewSchool", "Head", "hold_guardianships"}  # two forms to fill in, and a lock
    assert set(actions.__all__) == set(CHANGES) | tested_elsewhere | no_changes


# ---- who may


FOR_OTHERS_TOO = {
    "found_trust", "open_school", "set_up_school", "confirm_register", "accept_duties", "send_leaver_letter", "keep_upload", "mark_absent"
}  # fmt: skip
KEEPERS_ONLY = [name for name in CHANGES if name not in FOR_OTHERS_TOO]
OF_ONE_SCHOOL = [name for name in KEEPERS_ONLY if name != "add_person"]  # a person is added to one's own trust


@pytest.mark.parametrize("name", KEEPERS_ONLY)
def test_a_teacher_may_not(cast, place, held, name, monkeypatch):
    monkeypatch.setattr(cast, "office", cast.scope("teacher"))
    with pytest.raises((Denied, NotFound)):
        CHANGES[name](cast, place, held)


@pytest.mark.parametrize("name", [*OF_ONE_SCHOOL, "send_leaver_letter", "mark_absent"])
def test_another_trusts_head_may_not(cast, place, held, name, monkeypatch):
    monkeypatch.setattr(cast, "office", queries.scope_of(cast.outsider, TODAY))
    with pytest.raises(NotFound):
        CHANGES[name](cast, place, held)


@pytest.mark.parametrize("name", OF_ONE_SCHOOL)
def test_a_sister_schools_head_may_not(cast, place, held, name, monkeypatch):
    monkeypatch.setattr(cast, "office", cast.scope("sister_head"))
    with pytest.raises((Denied, NotFound)):
        CHANGES[name](cast, place, held)


def test_nobody_gives_a_role_to_themselves(cast):
    with pytest.raises(Denied, match="cannot give a role to yourself"):
        actions.appoint(person=cast.sbm, role="administrator", school=cast.school, starts_on=TODAY, by=cast.scope("sbm"))
    assert not rules.can_appoint(cast.scope("sbm"), cast.sbm, "administrator", cast.school.id)
    assert rules.can_appoint(cast.scope("sbm"), cast.teacher, "slt_member", cast.school.id)


def test_a_role_across_the_trust_is_not_given_from_a_school(cast):
    with pytest.raises(Denied):
        actions.appoint(person=cast.teacher, role="trust_ceo", starts_on=TODAY, by=cast.scope("head"))


def test_the_clerk_fills_governor_roles_and_no_others(cast):
    clerk = cast.scope("clerk")
    assert actions.appoint(person=cast.teacher, role="equalities_governor", school=cast.school, starts_on=TODAY, minute="Item 1", by=clerk)
    with pytest.raises(Denied):
        actions.appoint(person=cast.teacher, role="sbm", school=cast.school, starts_on=TODAY, by=clerk)


def test_only_the_administrator_records_the_schools_own_second_step(cast):
    with pytest.raises(Denied, match="Only the administrator"):
        actions.record_identity_second_step(school=cast.school, service="S", by=cast.scope("head"))
    assert actions.record_identity_second_step(school=cast.school, service="S", by=cast.scope("administrator"))


def test_duties_are_accepted_by_the_holder_alone(cast, held):
    with pytest.raises(Denied):
        actions.accept_duties(appointment=held, by=cast.scope("head"))
    actions.accept_duties(appointment=held, by=cast.scope("dsl"))
    actions.accept_duties(appointment=held, by=cast.scope("dsl"))
    assert held.acceptances.count() == 1


def test_people_mark_themselves_absent_and_keepers_anybody_at_their_school(cast):
    for who in ("teacher", "sbm"):
        assert actions.mark_absent(person=cast.teacher, starts_on=TODAY, ends_on=TODAY, by=cast.scope(who))
    with pytest.raises(Denied):
        actions.mark_absent(person=cast.teacher, starts_on=TODAY, ends_on=TODAY, by=cast.scope("dsl"))
    assert Absence.objects.count() == 2


def test_a_list_is_confirmed_by_a_named_person(cast):
    with pytest.raises(Denied, match="named person"):
        actions.confirm_register(school=cast.school, category="employee", by=cast.office)
    with pytest.raises(Denied, match="confirm that you have none"):
        actions.confirm_register(school=cast.school, category="trainee", by=cast.scope("sbm"))
    assert not RegisterCheck.objects.exists()


# ---- what follows from what


def test_a_leavers_roles_end_on_the_last_day(cast, held):
    actions.end_engagement(engagement=Engagement.objects.get(person=cast.dsl), ends_on=TODAY + timedelta(days=10), by=cast.office)
    held.refresh_from_db()
    assert held.ends_on == TODAY + timedelta(days=10)
    assert queries.scope_of(cast.dsl, TODAY + timedelta(days=11)).schools == {}


def test_roles_go_on_for_somebody_who_keeps_another_place(cast, held):
    actions.engage(person=cast.dsl, school=cast.school, category="governor", starts_on=TODAY, by=cast.office)
    actions.end_engagement(engagement=Engagement.objects.get(person=cast.dsl, category="employee"), ends_on=TODAY, by=cast.office)
    held.refresh_from_db()
    assert held.ends_on is None


def test_a_letter_needs_a_last_day_and_is_sent_once_and_answered_once(cast, place):
    with pytest.raises(Denied, match="no last day"):
        actions.send_leaver_letter(engagement=place, by=cast.office)
    place = actions.end_engagement(engagement=place, ends_on=TODAY, by=cast.office)
    letter = actions.send_leaver_letter(engagement=place, by=cast.scope("clerk"))
    with pytest.raises(Denied, match="already been sent"):
        actions.send_leaver_letter(engagement=place, by=cast.office)
    with pytest.raises(BadInput):
        actions.answer_leaver_letter(letter=letter, answer="perhaps", by=cast.office)
    assert actions.answer_leaver_letter(letter=letter, answer="refused", by=cast.scope("teacher")).refused_at
    with pytest.raises(Denied, match="already been answered"):
        actions.answer_leaver_letter(letter=letter, answer="signed", by=cast.office)


def test_a_letter_is_not_answered_by_a_colleague(cast, place):
    place = actions.end_engagement(engagement=place, ends_on=TODAY, by=cast.office)
    letter = actions.send_leaver_letter(engagement=place, by=cast.office)
    with pytest.raises(Denied):
        actions.answer_leaver_letter(letter=letter, answer="signed", by=cast.scope("dsl"))
    with pytest.raises(NotFound):
        actions.answer_leaver_letter(letter=letter, answer="signed", by=cast.scope("sister_head"))
    assert LeaverLetter.objects.get().answered_at is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda c, p: actions.engage(person=c.teacher, school=c.school, category="employee", starts_on=TODAY, by=c.office),
            "already on the list",
        ),
        (
            lambda c, p: actions.engage(person=c.teacher, school=c.school, category="wizard", starts_on=TODAY, by=c.office),
            "no category called wizard",
        ),
        (lambda c, p: actions.end_engagement(engagement=p, ends_on=date(2020, 1, 1), by=c.office), "or later"),
        (lambda c, p: actions.set_aside(engagement=p, away_from=TODAY, away_until=TODAY, reason=" ", by=c.office), "Say why"),
        (
            lambda c, p: actions.appoint(person=c.teacher, role="wizard", school=c.school, starts_on=TODAY, by=c.office),
            "no role called wizard",
        ),
        (lambda c, p: actions.appoint(person=c.dsl, role="dsl", school=c.school, starts_on=TODAY, by=c.office), "already holds"),
        (lambda c, p: actions.open_school(trust=c.trust, ref="alder-park", name="X", phase="primary", by=system("t")), "already a school"),
        (lambda c, p: actions.give_sign_in(person=c.teacher, email=" ", by=c.office), "Give the e-mail address"),
        (lambda c, p: actions.add_person(given=" ", family="", by=c.office), "Give the person a name"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_stored(cast, place, change, sentence):
    before = every_row()
    with pytest.raises(BadInput, match=sentence):
        change(cast, place)
    assert every_row() == before


def test_two_people_cannot_sign_in_with_one_address(cast):
    actions.give_sign_in(person=cast.teacher, email="One@example.org", by=cast.office)
    with pytest.raises(BadInput, match=r"already signs in with one@example\.org"):
        actions.give_sign_in(person=cast.dsl, email="one@example.org", by=cast.office)


def test_a_role_is_struck_out_or_held_by_the_trust_but_not_both(cast, held):
    across = Appointment.objects.get(role="trust_comms")
    with pytest.raises(BadInput, match="not both"):
        actions.confirm_roles(school=cast.school, answers={"dsl": RoleAnswer(held_by=across, struck_out="No")}, by=cast.office)
    with pytest.raises(BadInput, match="holds a role across the trust"):
        actions.confirm_roles(school=cast.school, answers={"dsl": RoleAnswer(held_by=held)}, by=cast.office)
    assert not RequiredRole.objects.exists()


def test_what_was_confirmed_can_never_be_rewritten(cast):
    check = actions.confirm_register(school=cast.school, category="employee", by=cast.scope("head"))
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        RegisterCheck.objects.filter(pk=check.pk).update(none_here=True)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        RegisterCheck.objects.filter(pk=check.pk).delete()


def test_names_stay_out_of_the_trail(cast, place):
    actions.end_engagement(engagement=place, ends_on=TODAY, by=cast.office)
    said = b" ".join(bytes(entry.payload) for entry in Entry.objects.all()).decode()
    for person in Person.objects.all():
        assert f"{person.given} {person.family}" not in said
        assert person.email not in said
