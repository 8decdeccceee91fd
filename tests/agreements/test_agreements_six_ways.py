"""Five controls more: each met, due, broken, late then put right, with no data and not applicable, and each line by itself."""

from collections import Counter
from datetime import date, timedelta

import pytest
from tests.agreements.conftest import DAY, World
from tests.agreements.test_agreements_check import PDF, QUESTIONS, RIGHT, enter

from schoolgate.agreements import actions, controls, queries, rules
from schoolgate.agreements.models import Scan
from schoolgate.assurance import catalogue
from schoolgate.assurance.rules import settle
from schoolgate.common import clock
from schoolgate.contracts.controls import Question, Standing, State
from schoolgate.people import actions as people
from schoolgate.people.models import Engagement
from schoolgate.policies import actions as policies
from schoolgate.policies import queries as policy_queries
from schoolgate.policies.models import PolicyVersion

EVERYONE = ["head", "dsl", "sbm", "clerk", "administrator", "teacher", "governor", "contractor"]


def ask(world: World, name: str, on: date, **more):
    """The answer of a control on a day and the state it gives, with the school's settings as assurance resolves them."""
    control = catalogue.controls()[f"agreements.{name}"]
    settings = policy_queries.settings_for(world.cast.office, world.cast.school.id)
    params = {**catalogue.resolved(control, settings), **more.pop("params", {})}
    with clock.standing_at(clock.at(on, 18)):
        count = getattr(controls, name)(Question(world.cast.school.id, world.cast.trust.id, on, params, **more))
    return count, settle(control, count, on=on, switched_on=DAY, params=params).state


def state(world, name, on, **more):
    return ask(world, name, on, **more)[1]


def of(count, name):
    return next(item for item in count.items if item.label.startswith(name))


def standings(count):
    return Counter(item.standing for item in count.items)


# ---- agreements.linked_codes_signed

CODES = {"codes_by_role": {"staff": ["acceptable_use", "conduct_code"], "governor": ["conduct_code"]}}


@pytest.fixture
def codes(world):
    """Two companion codes to sign: acceptable use and conduct."""
    world.use = world.publish(world.bring(1), kind="code", code="acceptable_use", notice="Web addresses.")
    world.conduct = world.publish(world.bring(2, extra="Be fair.", title="Conduct code"), kind="code", code="conduct_code")
    return world


def sign_codes(world, on, names=EVERYONE[:6]):
    for name in names:
        for form in (world.use, world.conduct):
            world.sign(name, on, form=form, token=f"{name}{form.id}{on}")
    world.sign("governor", on, form=world.conduct, token=f"g{on}")


def test_codes_are_met_due_broken_and_signed_late_good_again(codes, after):
    count, first = ask(codes, "linked_codes_signed", after(1), params=CODES)
    assert len(count.items) == 6 * 2 + 1
    assert first == State.BROKEN  # the administrator and others hold access and have not signed: never in time
    assert standings(count)[Standing.DUE] == 13 - standings(count)[Standing.BROKEN]
    sign_codes(codes, after(20))
    assert state(codes, "linked_codes_signed", after(19), params=CODES) == State.BROKEN
    assert state(codes, "linked_codes_signed", after(20), params=CODES) == State.MET
    year = after(20).replace(year=2027)
    assert state(codes, "linked_codes_signed", year - timedelta(days=14), params=CODES) == State.DUE
    assert state(codes, "linked_codes_signed", year, params=CODES) == State.BROKEN


def test_codes_are_no_data_without_a_code_and_due_while_nobody_with_access_is_unsigned(world, codes, cast, after):
    assert state(codes, "linked_codes_signed", DAY - timedelta(days=1), params=CODES) == State.NO_DATA
    assert state(codes, "linked_codes_signed", after(1), params={"codes_by_role": {}}) == State.NO_DATA
    conduct_only = {"codes_by_role": {"staff": ["conduct_code"], "governor": ["conduct_code"]}}
    assert state(codes, "linked_codes_signed", after(13), params=conduct_only) == State.DUE
    assert state(codes, "linked_codes_signed", after(14), params=conduct_only) == State.BROKEN
    assert not catalogue.controls()["agreements.linked_codes_signed"].may_be_not_applicable


def test_each_code_has_its_line_and_access_is_held_back(codes, cast, after):
    many = {"codes_by_role": {"staff": ["acceptable_use", "conduct_code", "safeguarding", "equality", "email"]}}
    count, _ = ask(codes, "linked_codes_signed", after(1), params=many)
    mine = {item.label: item for item in count.items if item.label.startswith("Teacher")}
    assert sorted(line for item in mine.values() for line in item.lines) == [
        "acceptable_use", "conduct_code", "email_and_other", "safeguarding_and_equality", "safeguarding_and_equality",
    ]  # fmt: skip
    assert "no form to sign" in mine["Teacher Example: Equality"].why
    kept = of(count, "Administrator Example: ICT")
    assert dict(kept.lines) == {"acceptable_use": Standing.DUE, "access_held_back": Standing.BROKEN}
    assert kept.standing == Standing.BROKEN
    codes.sign("administrator", after(2), form=codes.use)
    kept = of(ask(codes, "linked_codes_signed", after(2), params=many)[0], "Administrator Example: ICT")
    assert set(kept.lines.values()) == {Standing.GOOD}


# ---- agreements.personal_rules_signed


@pytest.fixture
def private(world, cast):
    """A policy in force whose clause 1.2 is a rule for private use; the sheet is published."""
    version = world.bring(extra="Staff must not befriend pupils on their own accounts.")
    join(world, version, "1.3")
    with clock.standing_at(clock.at(DAY, 9)):
        world.form = actions.publish_private_rules(school=cast.school, by=cast.scope("head", DAY))
    return world


def join(world, version, ref, on=DAY):
    clause = next(one for one in policy_queries.clauses_of(world.cast.office, version.id) if one.ref == ref)
    with clock.standing_at(clock.at(on, 8)):
        policies.join_clause(clause=clause, controls=[(rules.PRIVATE, [])], by=world.cast.office)


def sign_all(world, on, names=EVERYONE):
    for name in names:
        world.sign(name, on, token=f"{name}{world.form.id}{on}")


def test_private_rules_are_met_due_broken_and_signed_late_good_again(private, after):
    assert state(private, "personal_rules_signed", after(13)) == State.DUE
    assert state(private, "personal_rules_signed", after(14)) == State.BROKEN
    sign_all(private, after(20))
    assert state(private, "personal_rules_signed", after(19)) == State.BROKEN
    assert state(private, "personal_rules_signed", after(20)) == State.MET
    assert len(ask(private, "personal_rules_signed", after(20))[0].items) == 8  # contractors' workers are adults the policy covers


def test_private_rules_without_a_sheet_are_no_data_and_without_a_rule_not_applicable(world, cast, after):
    version = world.bring()
    count, found = ask(world, "personal_rules_signed", after(1))
    assert found == State.NOT_APPLICABLE
    assert "no rule for private use" in count.not_applicable
    join(world, version, "1.2")
    assert state(world, "personal_rules_signed", after(1)) == State.NO_DATA


def test_a_setting_that_changes_asks_everybody_again(private, cast, after):
    sign_all(private, after(1))
    with clock.standing_at(clock.at(after(30), 9)):
        choice = {"key": "profile.employer_named", "value": "disclaimer", "reason": "It suits us.", "approver": "Governors"}
        policies.choose_setting(school=cast.school, by=cast.office, **choice)
    assert state(private, "personal_rules_signed", after(43)) == State.DUE
    assert state(private, "personal_rules_signed", after(44)) == State.BROKEN
    with clock.standing_at(clock.at(after(45), 9)):
        private.form = actions.publish_private_rules(school=cast.school, by=cast.scope("head", after(45)))
    assert state(private, "personal_rules_signed", after(46)) == State.DUE
    sign_all(private, after(46))
    assert state(private, "personal_rules_signed", after(46)) == State.MET


def test_a_published_sheet_that_leaves_out_a_rule_is_broken_at_once(private, cast, after):
    sign_all(private, after(1))
    (version,) = policy_queries.versions_in_force(cast.office, cast.school.id)
    join(private, version, "1.2", after(2))
    count, found = ask(private, "personal_rules_signed", after(2))
    assert found == State.BROKEN
    assert "leaves out a rule" in count.items[0].why


# ---- agreements.confidentiality_signed


def undertake(world, on=DAY, **changes):
    with clock.standing_at(clock.at(on, 9)):
        world.form = actions.publish_undertaking(
            school=world.cast.school, **{"lines": rules.UNDERTAKING, "by": world.cast.scope("head", on), **changes}
        )
    return world


def test_the_undertaking_is_no_data_due_broken_late_and_met(world, after):
    assert state(world, "confidentiality_signed", after(1)) == State.NO_DATA
    undertake(world)
    assert state(world, "confidentiality_signed", after(13)) == State.DUE
    assert state(world, "confidentiality_signed", after(14)) == State.BROKEN
    sign_all(world, after(15))
    count, found = ask(world, "confidentiality_signed", after(15))
    assert found == State.MET
    assert len(count.items) == 8
    assert of(count, "Contractor").label == "Contractor Example (Alder Park Primary)"
    assert state(world, "confidentiality_signed", after(800)) == State.MET  # it does not lapse by itself
    assert not catalogue.controls()["agreements.confidentiality_signed"].may_be_not_applicable


def test_new_wording_is_signed_again_and_a_small_correction_is_not(world, after):
    undertake(world)
    sign_all(world, after(1))
    undertake(world, after(2), lines=[*rules.UNDERTAKING[:3], "I keep to this after I have gone."], minor_change="One word")
    assert state(world, "confidentiality_signed", after(2)) == State.MET
    undertake(world, after(3), lines=[*rules.UNDERTAKING, "I lock my screen."])
    assert state(world, "confidentiality_signed", after(3)) == State.DUE
    assert state(world, "confidentiality_signed", after(17)) == State.BROKEN


def test_nobody_on_the_register_is_no_data(world, cast, after):
    undertake(world)
    Engagement.objects.filter(school=cast.school).update(ends_on=after(5))
    count, found = ask(world, "confidentiality_signed", after(6))
    assert found == State.NO_DATA
    assert "no active adults" in count.silent


# ---- agreements.signatures_complete


@pytest.fixture
def asking(world):
    world.publish(world.bring(), questions=QUESTIONS)
    return world


def stood(world, on, name="Teacher"):
    return of(ask(world, "signatures_complete", on)[0], name)


def test_signatures_are_no_data_then_met(asking, after):
    assert state(asking, "signatures_complete", after(1)) == State.NO_DATA
    asking.sign("teacher", after(1), answers=RIGHT)
    count, found = ask(asking, "signatures_complete", after(1))
    assert found == State.MET
    assert set(of(count, "Teacher").lines) == set(catalogue.controls()["agreements.signatures_complete"].lines)
    assert not catalogue.controls()["agreements.signatures_complete"].may_be_not_applicable


def test_a_scan_is_due_then_broken_and_looked_at_late_good_again(asking, cast, after):
    enter(asking, after(1), PDF)  # a Tuesday: five school days on is the next Tuesday
    assert state(asking, "signatures_complete", after(7)) == State.DUE
    assert state(asking, "signatures_complete", after(8)) == State.BROKEN
    with clock.standing_at(clock.at(after(9))):
        actions.look_at_scan(scan=Scan.objects.get(), holds=True, by=cast.scope("head", after(9)))
    assert state(asking, "signatures_complete", after(9)) == State.MET
    assert state(asking, "signatures_complete", after(8)) == State.BROKEN


def test_a_closure_gives_whoever_looks_at_a_scan_another_day(asking, cast, after):
    enter(asking, after(1), PDF)
    assert [item.due_on for item in ask(asking, "signatures_complete", after(8))[0].items] == [after(8)]
    people.close_day(school=cast.school, day=after(3), kind="closure", by=cast.office)
    count, found = ask(asking, "signatures_complete", after(8))
    assert ([item.due_on for item in count.items], found) == ([after(9)], State.DUE)


def test_a_form_without_a_check_shows_nothing_understood(published, after):
    published.sign("teacher", after(1))
    item = stood(published, after(1))
    assert item.lines["understood"] == Standing.BROKEN
    assert item.standing == Standing.BROKEN


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("identity", {"name": "Somebody Else"}), ("signed_and_dated", {"witness": ""}), ("read", {"given_on": None}),
        ("understood", {"understood": False}), ("statements", {"statements": list(rules.STATEMENTS)[1:]}),
    ],
)  # fmt: skip
def test_each_line_of_a_signature_fails_by_itself(asking, cast, after, line, changes):
    enter(asking, after(1), PDF, **changes)
    with clock.standing_at(clock.at(after(2))):
        actions.look_at_scan(scan=Scan.objects.get(), holds=True, by=cast.scope("head", after(2)))
    found = stood(asking, after(2))
    assert [name for name, one in found.lines.items() if one == Standing.BROKEN] == [line]
    assert found.why


def test_a_fingerprint_that_is_not_the_texts_own_fails_by_itself(asking, after):
    signed = asking.sign("teacher", after(1), answers=RIGHT)
    PolicyVersion.objects.filter(id=asking.form.version_id).update(fingerprint="0" * 64)
    found = stood(asking, after(1))
    assert signed.fingerprint != "0" * 64
    assert [name for name, one in found.lines.items() if one == Standing.BROKEN] == ["wording_kept"]


def test_a_check_of_fewer_questions_than_asked_for_shows_nothing_understood(world, after):
    world.publish(world.bring(), questions=QUESTIONS[:2])
    world.sign("teacher", after(1), answers=RIGHT[:2])
    assert stood(world, after(1)).lines["understood"] == Standing.BROKEN


def test_statements_agreed_to_together_are_not_ticked_on_their_own(world, after):
    world.publish(world.bring(), questions=QUESTIONS, one_by_one=False)
    world.sign("teacher", after(1), answers=RIGHT)
    assert stood(world, after(1)).lines["statements"] == Standing.BROKEN


# ---- agreements.signed_before_start


def start(world, name, category, on, ends_on=None, employer="Agency", role=None):
    with clock.standing_at(clock.at(DAY, 8)):
        person = people.add_person(given=name.title(), family="Example", email=f"{name}@example.org", by=world.cast.office)
        people.engage(
            person=person,
            school=world.cast.school,
            category=category,
            starts_on=on,
            ends_on=ends_on,
            employer=employer,
            by=world.cast.office,
        )
        if role:
            people.appoint(person=person, role=role, school=world.cast.school, starts_on=DAY, by=world.cast.office)
    world.cast.people[name] = person
    return person


def accept(world, name, moment):
    """Sign by a one-time link, as the front desk hands it out."""
    person = world.cast.people[name]
    with clock.standing_at(moment):
        made = actions.make_link(agreement=world.form, person=person, by=world.cast.scope("head"))
        link = queries.link(made.key)
        actions.open_text(agreement=world.form, person=person, by=actions.link_scope(link).actor)
        return actions.sign_by_link(
            link=link, name=person.name, statements=world.form.statements, token=str(moment), fingerprint=world.form.fingerprint,
            by=actions.link_scope(link).actor,
        )  # fmt: skip


@pytest.fixture
def gate(published, cast):
    """Nobody of the cast counts as a start: the contractor came long before the window."""
    Engagement.objects.filter(person=cast.contractor).delete()
    return published


def starts(world, on, **more):
    return ask(world, "signed_before_start", on, **more)


def test_starts_are_no_data_and_a_nil_statement_stands_in(gate, after):
    assert starts(gate, after(1))[1] == State.NO_DATA
    assert starts(gate, after(1), nil_until=after(5))[1] == State.MET
    assert starts(gate, after(6), nil_until=after(5))[1] == State.NO_DATA
    assert not catalogue.controls()["agreements.signed_before_start"].may_be_not_applicable


@pytest.mark.parametrize(
    ("category", "line"),
    [("supply", "supply"), ("volunteer", "volunteers_and_trainees"), ("trainee", "volunteers_and_trainees"), ("contractor", "contractors")],
)
def test_each_kind_of_start_is_due_met_broken_and_late_then_put_right(gate, after, category, line):
    firm = "" if category == "contractor" else "Agency"
    start(gate, "early", category, after(30), employer=firm)
    assert starts(gate, after(15))[1] == State.NO_DATA  # further off than remind_days
    count, found = starts(gate, after(16))
    assert found == State.DUE
    assert dict(count.items[0].lines) == {line: Standing.DUE}
    assert starts(gate, after(30))[1] == State.DUE
    assert starts(gate, after(31))[1] == State.BROKEN
    accept(gate, "early", clock.at(after(33), 10))
    count, found = starts(gate, after(34))
    assert found == State.BROKEN
    assert dict(count.items[0].lines) == {line: Standing.LATE}
    assert starts(gate, after(33 + 28))[1] == State.MET  # listed from then on
    start(gate, "good", category, after(60), employer=firm)
    accept(gate, "good", clock.at(after(59), 10))
    assert of(starts(gate, after(61))[0], "Good").standing == Standing.GOOD


def test_supply_staff_have_hours_of_grace_from_arriving_and_sign_again_for_a_new_booking(gate, cast, after):
    person = start(gate, "supply", "supply", after(3), after(4))
    with clock.standing_at(clock.at(after(3), 8, 15)):
        actions.note_arrival(engagement=person.engagements.get(), by=cast.scope("head", after(3)))
    accept(gate, "supply", clock.at(after(3), 10, 15))
    assert starts(gate, after(5))[0].items[0].standing == Standing.GOOD
    with clock.standing_at(clock.at(after(10))):
        people.engage(person=person, school=cast.school, category="supply", starts_on=after(10), employer="Agency", by=cast.office)
    assert standings(starts(gate, after(11))[0]) == {Standing.GOOD: 1, Standing.BROKEN: 1}
    accept(gate, "supply", clock.at(after(12), 9))
    assert standings(starts(gate, after(12))[0]) == {Standing.GOOD: 1, Standing.LATE: 1}


def test_supply_staff_who_sign_after_the_hours_of_grace_are_late(gate, cast, after):
    person = start(gate, "supply", "supply", after(3))
    with clock.standing_at(clock.at(after(3), 8)):
        actions.note_arrival(engagement=person.engagements.get(), by=cast.scope("head", after(3)))
    accept(gate, "supply", clock.at(after(3), 10, 1))
    assert starts(gate, after(3))[0].items[0].standing == Standing.LATE


def test_a_volunteers_acceptance_runs_out(gate, after):
    start(gate, "volunteer", "volunteer", after(3))
    accept(gate, "volunteer", clock.at(after(3), 8))
    assert starts(gate, after(3 + 116))[1] == State.MET
    assert starts(gate, after(3 + 117))[1] == State.DUE
    assert starts(gate, after(3 + 130))[1] == State.DUE
    assert starts(gate, after(3 + 131))[1] == State.BROKEN
    accept(gate, "volunteer", clock.at(after(3 + 131), 9))
    assert starts(gate, after(3 + 131))[1] == State.MET


def test_a_firm_has_accepted_when_its_named_contact_has(gate, after):
    start(gate, "worker", "contractor", after(3), employer="Clean & Co")
    accept(gate, "worker", clock.at(after(2), 8))
    count, found = starts(gate, after(4))
    assert found == State.BROKEN
    assert of(count, "Clean & Co").standing == Standing.BROKEN
    assert of(count, "Worker").standing == Standing.GOOD
    start(gate, "contact", "contractor", after(6), employer="Clean & Co", role="contractor_contact")
    accept(gate, "contact", clock.at(after(5), 8))
    count, _ = starts(gate, after(6))
    assert of(count, "Clean & Co").standing == Standing.LATE
    assert of(count, "Contact").standing == Standing.GOOD


def test_the_desk_says_who_may_start_and_who_signs_first(gate, signed_in, cast):
    today = clock.today()
    with clock.standing_at(clock.now() - timedelta(days=20)):
        for name, days in (("ready", 0), ("waiting", 0)):
            person = people.add_person(given=name.title(), family="Example", by=cast.office)
            people.engage(
                person=person,
                school=cast.school,
                category="supply",
                starts_on=today + timedelta(days=days),
                employer="Agency",
                by=cast.office,
            )
            cast.people[name] = person
    accept(gate, "ready", clock.now())
    page = signed_in("head").get(f"/agreements/desk/{cast.school.id}/").content.decode()
    assert page.index("Waiting Example") < page.index("May start</h2>") < page.index("Ready Example")
    assert "1 must sign before they start" in page
    assert signed_in("teacher").get(f"/agreements/desk/{cast.school.id}/").status_code == 404
