"""Every page and control of this package asks as many questions of the database for a thousand people as for eight."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.agreements.test_agreements_families import FAMILIES, publish
from tests.agreements.test_agreements_six_ways import ask

from schoolgate.agreements import actions, rules
from schoolgate.agreements.models import Kind, Signature
from schoolgate.agreements.rules import families
from schoolgate.common import clock
from schoolgate.people.models import Engagement, Guardian, Guardianship, Person, Pupil

MANY = 400
CONTROLS = [
    "signed_by_everyone", "signatures_complete", "linked_codes_signed", "confidentiality_signed", "signed_before_start", "families_agreed",
    "pupils_agreed",
]  # fmt: skip


@pytest.fixture
def everything(world, cast):
    """A form of most kinds at one school, today."""
    today = clock.today()
    world.version = world.bring(on=today, extra=FAMILIES)
    world.main = world.publish(world.version, on=today)
    world.code = world.publish(world.bring(2, on=today, title="Conduct"), on=today, kind="code", code="conduct_code")
    with clock.standing_at(clock.at(today, 8, 40)):
        actions.publish_undertaking(school=cast.school, lines=rules.UNDERTAKING, by=cast.scope("head"))
    publish(world, Kind.PUPIL, families.PUPIL_LINES["younger"], "younger", on=today)
    publish(world, Kind.FAMILY, families.FAMILY_LINES, on=today)
    return world


def crowd(world, number):
    """So many adults of two categories, half of whom have signed, and so many pupils with guardians."""
    cast, now, today = world.cast, clock.now(), clock.today()
    persons = Person.objects.bulk_create(Person(trust=cast.trust, given=f"P{n}", family="Many", created_at=now) for n in range(number))
    Engagement.objects.bulk_create(
        Engagement(
            school=cast.school, person=one, category="employee" if n % 2 else "supply", starts_on=today, employer="Agency", added_at=now
        )
        for n, one in enumerate(persons)
    )
    Signature.objects.bulk_create(
        Signature(
            school=cast.school, agreement=world.main, person=one, name_signed=one.name, role_that_day="x", category="employee",
            opened_at=now, signed_at=now, statements=[], fingerprint="f", means="signed_in", token="t",
        )
        for one in persons[: number // 2]
    )  # fmt: skip
    pupils = Pupil.objects.bulk_create(
        Pupil(
            trust=cast.trust, school=cast.school, external_id=f"c{n}", given=f"C{n}", family="Many", year="3", starts_on=today,
            added_at=now,
        )
        for n in range(number)
    )  # fmt: skip
    guardians = Guardian.objects.bulk_create(
        Guardian(trust=cast.trust, external_id=f"g{n}", given=f"G{n}", family="Many", added_at=now) for n in range(number)
    )
    Guardianship.objects.bulk_create(Guardianship(pupil=a, guardian=b, added_at=now) for a, b in zip(pupils, guardians, strict=True))


def test_pages_and_controls_ask_a_constant_number_of_questions(everything, cast, signed_in):
    client, school = signed_in("head"), cast.school.id
    pages = [
        "/agreements/", "/agreements/forms/", f"/agreements/forms/{everything.main.id}/", f"/agreements/{everything.main.id}/",
        f"/agreements/desk/{school}/", f"/agreements/families/{school}/", f"/agreements/classes/{school}/",
    ]  # fmt: skip

    def questions():
        counted = {}
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page).status_code == 200, page
            counted[page] = len(asked)
        for name in CONTROLS:
            with CaptureQueriesContext(connection) as asked:
                ask(everything, name, clock.today())
            counted[name] = len(asked)
        return counted

    crowd(everything, 4)
    few = questions()
    Guardianship.objects.all().delete()
    Pupil.objects.all().delete()
    Guardian.objects.all().delete()
    crowd(everything, MANY)
    assert questions() == few
    assert max(few.values()) <= 60, few
