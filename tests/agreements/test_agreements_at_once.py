"""Many people and many pages at the same moment: real threads, real transactions."""

import os
from collections import Counter
from functools import partial

import pytest
from tests import races
from tests.agreements.conftest import DAY
from tests.agreements.test_agreements_families import publish as publish_words
from tests.agreements.test_agreements_families import pupil
from tests.conftest import place

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.models import Agreement, FamilySignature, Signature
from schoolgate.agreements.rules import families as family_rules
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.people import actions as people
from schoolgate.people.models import Guardian, GuardianLimit, Guardianship
from schoolgate.policies import actions as policies
from schoolgate.policies.models import VersionState

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, ROUNDS = 16, int(os.environ.get("SCHOOLGATE_RACES", "8"))  # measured with 200; fewer each time the suite runs
BY = Actor("link", "test", "one-time link")


at_once = partial(races.at_once, day=DAY)


def page(form: Agreement, name: str, token: str) -> dict:
    return {"name": name, "statements": list(form.statements), "token": token, "fingerprint": form.version.fingerprint}


def opened(world, form, name):
    with clock.standing_at(clock.at(DAY, 11)):
        actions.open_text(agreement=form, person=world.cast.people[name], by=world.scope(name, DAY).actor)


def test_one_page_sent_sixteen_times_at_once_makes_one_signature(published, cast):
    opened(published, published.form, "teacher")
    scope = cast.scope("teacher", DAY)
    given = page(published.form, "Teacher Example", "the one page")
    answers = at_once([lambda: actions.sign(agreement=published.form, by=scope, **given)] * THREADS)
    assert {type(answer) for answer in answers} == {Signature}
    assert len({answer.id for answer in answers}) == 1
    assert Signature.objects.count() == 1


def test_sixteen_windows_of_one_person_make_one_signature(published, cast):
    opened(published, published.form, "teacher")
    scope = cast.scope("teacher", DAY)
    jobs = [
        lambda token=f"window {number}": actions.sign(agreement=published.form, by=scope, **page(published.form, "Teacher Example", token))
        for number in range(THREADS)
    ]
    answers = Counter(type(answer) for answer in at_once(jobs))
    assert answers == {Signature: 1, Denied: THREADS - 1}
    assert Signature.objects.count() == 1


def test_nobody_signs_a_version_after_it_was_replaced(world, cast):
    form = world.publish(world.bring(on=DAY))
    names = [f"adult{number}" for number in range(THREADS - 1)]
    for name in names:
        cast.people[name] = place(cast.office, cast.school, name, None, "employee")
    scopes = {name: cast.scope(name, DAY) for name in names}
    for number in range(2, ROUNDS + 2):
        for name in names:
            opened(world, form, name)
        second = ready(world, form, number)
        jobs = [partial(sign_once, form, scopes[name], name) for name in names]
        bring = partial(policies.bring_into_force, version=second, from_day=DAY, by=cast.office)
        at = number % THREADS  # the change comes at another place each time
        answers = at_once([*jobs[:at], bring, *jobs[at:]])
        kinds = Counter(type(answer) for answer in answers)
        assert set(kinds) <= {Signature, Replaced, type(second)}, [answer for answer in answers if isinstance(answer, Exception)]
        assert kinds[type(second)] == 1
        assert Signature.objects.filter(agreement=form).count() == kinds[Signature]
        assert isinstance(actions_after(form, cast, world), Replaced)
        second.refresh_from_db()
        form = world.publish(second, on=DAY)


def sign_once(form, scope, name):
    return actions.sign(agreement=form, by=scope, **page(form, f"{name.title()} Example", name))


def ready(world, form, number):
    """The next version, approved, one step before it comes into force."""
    second = world.bring_to_approval(number, DAY, form.policy)
    assert second.state == VersionState.APPROVED
    return second


def actions_after(form, cast, world):
    opened(world, form, "head")
    (answer,) = at_once([lambda: actions.sign(agreement=form, by=cast.scope("head", DAY), **page(form, "Head Example", "late"))])
    return answer


def test_a_link_opened_by_sixteen_at_once_is_used_once(published, cast):
    for number in range(ROUNDS):
        person = cast.people[f"worker{number}"] = place(cast.office, cast.school, f"worker{number}", None, "contractor")
        with clock.standing_at(clock.at(DAY, 10)):
            made = actions.make_link(agreement=published.form, person=person, by=cast.scope("head", DAY))
            actions.open_text(agreement=published.form, person=person, by=BY)
        answers = at_once([partial(use_link, published.form, made.key, person.name, f"window {window}") for window in range(THREADS)])
        kinds = Counter(type(answer) for answer in answers)
        assert kinds == {Signature: 1, Denied: THREADS - 1}, answers
        assert all("was used on 2 March 2026" in answer.sentence for answer in answers if isinstance(answer, Denied))
        assert Signature.objects.get(person=person).means == "link"


def use_link(form, key, name, token):
    return actions.sign_by_link(link=queries.link(key), by=BY, **page(form, name, token))


@pytest.fixture
def family(world):
    """A form for families, and one guardian with two children."""
    world.version = world.bring(extra="Parents must not post pictures of other children.")
    form = publish_words(world, "family", family_rules.FAMILY_LINES, on=DAY)
    return form, [pupil(world.cast, 1, guardians=["Ann"]), pupil(world.cast, 2, guardians=["Ann"])]


def answer_once(key, children, token):
    found = queries.family_link(key)
    return actions.answer_by_link(
        link=found, name="Ann Vale", answers={child.id: "accepted" for child in children}, statements=found.agreement.statements,
        token=token, fingerprint=found.agreement.fingerprint, by=BY,
    )  # fmt: skip


def family_key(form, cast) -> str:
    guardian = Guardian.objects.get()
    with clock.standing_at(clock.at(DAY, 10)):
        return actions.make_family_link(agreement=form, guardian_id=guardian.id, by=cast.scope("head", DAY)).key


def test_a_guardians_link_opened_by_sixteen_at_once_is_used_once(family, cast):
    form, children = family
    for number in range(1, ROUNDS + 1):
        key = family_key(form, cast)
        answers = at_once([partial(answer_once, key, children, f"window {window}") for window in range(THREADS)])
        assert Counter(type(answer) for answer in answers) == {list: 1, Denied: THREADS - 1}, answers
        assert all("was used on 2 March 2026" in answer.sentence for answer in answers if isinstance(answer, Denied))
        assert FamilySignature.objects.count() == 2 * number


def test_a_guardians_page_sent_sixteen_times_at_once_is_one_answer(family, cast):
    form, children = family
    for number in range(1, ROUNDS + 1):
        key = family_key(form, cast)
        answers = at_once([partial(answer_once, key, children, "the one page")] * THREADS)
        assert {type(answer) for answer in answers} == {list}, answers
        assert len({tuple(one.id for one in answer) for answer in answers}) == 1
        assert FamilySignature.objects.count() == 2 * number


def test_a_restriction_recorded_beside_an_answer_lets_nothing_slip_past_it(family, cast):
    form, children = family
    tie = Guardianship.objects.get(pupil=children[1])
    limit = partial(people.limit_guardian, guardianship=tie, by=cast.scope("dsl", DAY))
    for number in range(ROUNDS):
        with clock.standing_at(clock.at(DAY, 9)):
            limit(kind="none")
        key = family_key(form, cast)
        signing = [partial(answer_once, key, children, f"window {window}") for window in range(THREADS - 1)]
        at = number % THREADS
        answers = at_once([*signing[:at], partial(limit, kind="restricted"), *signing[at:]])
        assert isinstance(answers[at], GuardianLimit), answers[at]
        kinds = Counter(type(answer) for answer in [*answers[:at], *answers[at + 1 :]])
        before_it = {list: 1, Denied: THREADS - 2}
        assert kinds in (before_it, {BadInput: THREADS - 1}), answers


def test_two_forms_published_at_once_leave_one_open(world, cast):
    version = world.bring(on=DAY)
    given = {"version": version, "school": cast.school, "categories": ["employee"], "statements": list(rules.STATEMENTS)}
    answers = at_once([lambda: actions.publish(by=cast.office, **given)] * 8)
    assert Counter(type(answer) for answer in answers) == {Agreement: 1, Denied: 7}
    assert Agreement.objects.filter(closed_at__isnull=True).count() == 1
