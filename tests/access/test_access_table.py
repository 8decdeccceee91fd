"""Who reaches what: every route of ours, asked by everyone of the cast, for an object of their own, a sister and another trust's school.

The table is made from the policy rows. A new route needs nothing here while its arguments are named as below; an argument with a new
name needs one line in ARGUMENTS. A route that hides an object even from people with its permission needs one line in MAY_HIDE.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.access.access_steps import PASSWORD
from tests.access.test_access_routes import every_route, is_ours

from schoolgate import policytext
from schoolgate.agreements import actions as agreements
from schoolgate.agreements.models import Agreement, Refusal, Signature
from schoolgate.agreements.rules import STATEMENTS
from schoolgate.assurance import actions as assurance
from schoolgate.assurance.models import AcceptedException, NotApplicable
from schoolgate.common import clock
from schoolgate.contracts import routes
from schoolgate.contracts.routes import Row, Tenant
from schoolgate.notify.models import Message
from schoolgate.people import actions
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Category, Guardian, Guardianship, LeaverLetter, Person, RosterUpload, School
from schoolgate.policies import actions as policies
from schoolgate.policies.models import PolicyVersion, SettingChoice

JOINED, DAY = date(2026, 1, 5), date(2026, 3, 2)
TEXT = """{school}
Social Media Policy

1. Posting

1.1 Two authorised people must be behind every post at {school}: one writes it and another approves it.
1.2 Every adult must sign this policy within ten school days of joining, as the Data Protection Act 1998 says.
"""
CONTROL, NOT_HERE = "agreements.signed_by_everyone", "policies.companions_current"


@dataclass
class Things:
    """One of everything that belongs to one school."""

    school: School
    head: Person
    version: PolicyVersion
    form: Agreement
    signature: Signature
    refusal: Refusal
    exception: AcceptedException
    not_applicable: NotApplicable
    letter: LeaverLetter
    upload: RosterUpload


ARGUMENTS: dict[str, Callable[[Things], Any]] = {
    "school": lambda its: its.school.ref,
    "school_id": lambda its: its.school.id,
    "person_id": lambda its: its.head.id,
    "place_id": lambda its: its.letter.engagement_id,
    "appointment_id": lambda its: its.head.appointments.get().id,
    "letter_id": lambda its: its.letter.id,
    "upload_id": lambda its: its.upload.id,
    "pupil_id": lambda its: (
        its.school.pupils.get_or_create(
            trust_id=its.school.trust_id, external_id=its.school.ref, defaults={"given": "Noor", "family": "Vale", "added_at": clock.now()}
        )[0].id
    ),
    "tie_id": lambda its: tie_of(its).id,
    "guardian_id": lambda its: tie_of(its).guardian_id,
    "term_id": lambda its: its.school.terms.get_or_create(starts_on=DAY, defaults={"name": "Spring", "ends_on": DAY})[0].id,
    "closed_id": lambda its: its.school.closed_days.get_or_create(day=DAY, defaults={"kind": "training"})[0].id,
    "role": lambda its: "dsl",
    "policy_id": lambda its: its.version.policy_id,
    "version_id": lambda its: its.version.id,
    "clause_id": lambda its: its.version.clauses.order_by("position").first().id,
    "number": lambda its: its.version.pages.get().number,
    "finding_id": lambda its: its.version.findings.first().id,
    "form_id": lambda its: its.form.id,
    "signature_id": lambda its: its.signature.id,
    "refusal_id": lambda its: its.refusal.id,
    "exception_id": lambda its: its.exception.id,
    "record_id": lambda its: its.not_applicable.id,
    "message_id": lambda its: Message.objects.filter(person_id=its.head.id, by=Message.By.SCREEN).first().id,
    "control": lambda its: CONTROL,
    "category": lambda its: Category.EMPLOYEE,
    "audience": lambda its: "families",
    "year": lambda its: "3",
    "review_id": lambda its: review_of(its).id,
    "reason_id": lambda its: (
        its.school.early_reasons.get_or_create(
            policy_id=its.version.policy_id, kind="law", defaults={"words": "A new edition", "raised_at": clock.now()}
        )[0].id
    ),
    "companion_id": lambda its: its.school.companions.get_or_create(title="Behaviour Policy", defaults={"added_at": clock.now()})[0].id,
    "receipt_id": lambda its: (
        its.school.reader_receipts.get_or_create(
            version_id=its.version.id,
            body="governors",
            defaults={"means": "sent", "received_on": DAY, "address": "office@council.example", "recorded_at": clock.now()},
        )[0].id
    ),
    "mark_id": lambda its: departure_of(its).id,
    "ref": lambda its: "1.1",
    "choice_id": lambda its: (
        SettingChoice.objects.get_or_create(
            trust_id=its.school.trust_id,
            school=its.school,
            key="profile.employer_named",
            asks_trust=True,
            defaults={"value": "forbid", "reason": "x", "chosen_at": clock.now()},
        )[0].id
    ),
    "trust_id": lambda its: its.school.trust_id,
    "kind": lambda its: "bundle",
    "key": lambda its: "scope.spread_threshold",
}


def tie_of(its: Things) -> Any:
    trust, now = its.school.trust_id, clock.now()
    guardian, _ = Guardian.objects.get_or_create(
        trust_id=trust, external_id=f"g-{its.school.ref}", defaults={"given": "Sam", "family": "Vale", "added_at": now}
    )
    return Guardianship.objects.get_or_create(guardian=guardian, pupil_id=ARGUMENTS["pupil_id"](its), defaults={"added_at": now})[0]


def review_of(its: Things) -> Any:
    told = {"version": its.version, "held_on": DAY, "outcome": "no_change", "minute": "7.3", "recorded_at": clock.now()}
    return its.school.policy_reviews.get_or_create(policy_id=its.version.policy_id, defaults=told)[0]


def departure_of(its: Things) -> Any:
    """Straight into the table: a mark needs a text of the trust, which the principles' own tests bring."""
    told = {"version": its.version, "parent_version": its.version, "ref": "1.1", "reason": "On purpose", "marked_at": clock.now()}
    return its.school.principle_marks.get_or_create(key="0" * 32, kind="departs", defaults={**told, "marked_by": its.head})[0]


# Routes that answer 404 to some who hold the permission, and why.
MAY_HIDE: dict[str, str] = {
    "people:person": "a person's page is for the office and for themself",
    "people:pupil": "a pupil's page is for the office and for those who answer about pictures",
    "people:leaver": "a leaver's page is for the office, the head and for themself",
    "people:leaver_answer": "a leaver's letter is answered by themself or by the office that had it on paper",
    "agreements:family_answer": "what a family said belongs to a form for families",
    "agreements:family_classes": "links for families belong to a form for families",
    "agreements:family_class": "links for families belong to a form for families",
    "agreements:family_sheet": "links for families belong to a form for families",
    "agreements:family_mail": "links for families belong to a form for families",
    "agreements:guardian_link": "links for families belong to a form for families",
    "people:guardian_limit": "who may answer for a pupil is for the office and for the safeguarding lead",
    "agreements:class_round": "a class is recorded on a form for pupils",
    "agreements:certificate": "a signature is shown to whoever made it and to those who chase signatures",
    "agreements:look": "a scan is looked at through a signature that has one",
    "agreements:scan": "a scan is handed out for a signature that has one",
    "agreements:arrive": "only somebody here for a short time is noted at the desk",
    "agreements:receipt": "a signature is shown to whoever made it and to those who chase signatures",
    "policies:settings_trust": "the trust's settings are for those who see the settings of all its schools",
    "policies:setting_trust": "the trust's settings are for those who see the settings of all its schools",
    "people:preview": "a roster is seen only by whoever sent it",
    "people:take": "a roster is taken only by whoever sent it",
    "people:drop": "a roster is thrown away only by whoever sent it",
}
ASKING = ("head", "administrator", "teacher", "governor", "contractor", "trust_comms", "sister_head", "outsider")
KINDS = ("own", "sister", "other")
SETTLED = {200, 302, 400, 403, 409, 410}


@pytest.fixture
def things(cast) -> dict[str, Things]:
    other = people.scope_of_process("test set-up", cast.other_trust)
    actions.give_sign_in(person=cast.outsider, email="outsider@example.org", password=PASSWORD, by=other)
    made = [(cast.school, cast.head, cast.office), (cast.sister, cast.sister_head, cast.office), (cast.other_school, cast.outsider, other)]
    return {kind: furnish(*about) for kind, about in zip(KINDS, made, strict=True)}


def staff(school: School, name: str, office: Scope, role: str = "", ends_on: date | None = None) -> Person:
    person = actions.add_person(given=name, family=school.ref, by=office)
    actions.engage(
        person=person, school=school, category=Category.EMPLOYEE, starts_on=JOINED, ends_on=ends_on, employer=school.name, by=office
    )
    if role:
        actions.appoint(person=person, role=role, school=school, starts_on=JOINED, by=office)
    return person


def furnish(school: School, head: Person, office: Scope) -> Things:
    """What a year leaves behind at a school: a policy with its form, signed and refused, an exception, a leaver, half an import."""
    with clock.standing_at(clock.at(DAY, 9)):
        keeper, leaver = staff(school, "Keeper", office, "administrator"), staff(school, "Leaver", office, ends_on=DAY - timedelta(days=5))
        by, kept_by = people.scope_of(head, DAY), people.scope_of(keeper, DAY)
        version = in_force(school, by, office)
        form = agreements.publish(version=version, school=school, categories=[Category.EMPLOYEE], statements=list(STATEMENTS), by=by)
        agreements.open_text(agreement=form, person=head, by=by.actor)
        about = {"reason": "The new site is being built.", "owner": keeper, "ends_on": DAY + timedelta(days=300)}
        not_applicable = assurance.record_not_applicable(school=school, control=NOT_HERE, by=by, **about)
        # Straight into the table: an exception needs a broken reading, which is assurance's own to test.
        exception = AcceptedException.objects.create(
            school=school, control=CONTROL, approver=head, starts_on=DAY, recorded_at=clock.now(), **about
        )  # fmt: skip
        refusal = agreements.refuse(agreement=form, reason="The second line is not clear to me.", by=kept_by)
        letter = actions.send_leaver_letter(engagement=leaver.engagements.get(), by=office)
        upload = actions.keep_upload(school=school, name="staff.csv", content=b"given,family\nAda,Example\n", by=kept_by)
    with clock.standing_at(clock.at(DAY, 9, 30)):
        statements = list(form.statements)
        signature = agreements.sign(
            agreement=form, name=head.name, statements=statements, token="once", fingerprint=version.fingerprint, by=by
        )
    return Things(school, head, version, form, signature, refusal, exception, not_applicable, letter, upload)


def in_force(school: School, by: Scope, office: Scope) -> PolicyVersion:
    document = policytext.read_text(TEXT.format(school=school.name), "policy.txt")
    page = policytext.Picture(1, "image/png", b"\x89PNG\r\n\x1a\n", 10, 14)
    version = policies.import_version(document=document, pictures=[page], school=school, by=office)
    policies.submit(version=version, by=office)
    policies.approve(version=version, body="Governing body", minute="7.2", met_on=DAY, by=by)
    return policies.bring_into_force(version=version, from_day=DAY, by=office)


def routes_with_objects() -> Iterator[tuple[Row, list[str]]]:
    """Every route of ours that names an object, with its arguments."""
    for name, _, pattern in every_route():
        arguments = list(pattern.pattern.converters)
        if is_ours(pattern) and arguments and not routes.rows()[name].public:
            yield routes.rows()[name], arguments


def test_every_argument_of_every_route_has_an_object_to_try():
    unknown = {(row.name, argument) for row, arguments in routes_with_objects() for argument in arguments if argument not in ARGUMENTS}
    assert not unknown, "Add a line to ARGUMENTS for each"


def ask(client: Client, path: str) -> Any:
    """Open the page; where it takes only changes, send an empty one and take it back."""
    answer = client.get(path)
    if answer.status_code == 405:
        with transaction.atomic():
            answer = client.post(path, {})
            transaction.set_rollback(True)
    return answer


def fault(row: Row, scope: Scope, school: School, answer: Any, nothing: bytes) -> str:
    """What is wrong with an answer, or nothing."""
    in_reach = school.id in scope.schools
    held = in_reach and (row.needs is None or scope.may(row.needs, school.id))
    same_404 = answer.status_code == 404 and answer.content == nothing
    if answer.status_code == 404 and not same_404:
        return "its own not-found page"
    if not held:
        return "" if same_404 or (in_reach and answer.status_code == 403) else f"{answer.status_code} for somebody who may not"
    if same_404:
        return "" if row.tenant == Tenant.SELF or row.name in MAY_HIDE else "not found for somebody who may"
    return "" if answer.status_code in SETTLED else f"{answer.status_code}"


def test_everyone_reaches_their_own_and_nothing_of_anybody_else_s(cast, things, signed_in):
    nothing, wrong, asked = Client().get("/nothing/like/it/").content, [], 0
    table = list(routes_with_objects())
    for who in ASKING:
        client, scope = signed_in(who), cast.scope(who)
        for row, arguments in table:
            held = row.needs is None or scope.may_anywhere(row.needs)
            for kind, its in list(things.items())[: None if held else 1]:  # held nowhere: the door answers before any school is looked at
                path = reverse(row.name, kwargs={argument: ARGUMENTS[argument](its) for argument in arguments})
                told = fault(row, scope, its.school, ask(client, path), nothing)
                wrong += [f"{who}, {kind} school, {row.name}: {told}"] if told else []
                asked += 1
    assert not wrong, "\n".join(wrong)
    assert asked > len(table) * len(ASKING)


def test_nothing_is_shown_to_somebody_signed_out(things):
    for row, arguments in routes_with_objects():
        path = reverse(row.name, kwargs={argument: ARGUMENTS[argument](things["own"]) for argument in arguments})
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code == 302, row.name
            assert answer.url.startswith("/account/login/"), row.name


def test_an_object_of_another_school_is_not_reached_through_the_address_of_ones_own(things, signed_in):
    """Every mix of one's own school and somebody else's object in one address is not found."""
    client, mixed = signed_in("head"), 0
    nothing = client.get("/nothing/like/it/").content
    for row, arguments in routes_with_objects():
        if len(arguments) < 2:
            continue
        for mine in arguments:
            if mine == "control":
                continue
            given = {one: ARGUMENTS[one](things["own" if one == mine else "other"]) for one in arguments}
            if all(ARGUMENTS[one](things["own"]) == value for one, value in given.items()):
                continue
            answer = ask(client, reverse(row.name, kwargs=given))
            assert (answer.status_code, answer.content) == (404, nothing), (row.name, mine)
            mixed += 1
    assert mixed
