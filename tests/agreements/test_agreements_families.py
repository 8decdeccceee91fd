"""Families and pupils: answers, class rounds, reading age, the two controls six ways, and the pages."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from tests.agreements.test_agreements_six_ways import ask, state

from schoolgate.agreements import actions, queries, readability
from schoolgate.agreements.models import ClassRound, FamilyAnswer
from schoolgate.agreements.rules import families as rules
from schoolgate.assurance import catalogue
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing, State
from schoolgate.people.models import Guardian, Guardianship, Pupil

TERM = date(2026, 9, 1)
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 1)
FAMILIES = "Parents must not post pictures of other children."


def pupil(cast, number, year="3", starts_on=date(2024, 9, 1), ends_on=None, guardians=()):
    made = Pupil.objects.create(
        trust=cast.trust, school=cast.school, external_id=f"p{number}", given=f"Pupil{number}", family="Vale", year=year,
        starts_on=starts_on, ends_on=ends_on, added_at=clock.at(date(2024, 9, 1)),
    )  # fmt: skip
    for key in guardians:
        guardian, _ = Guardian.objects.get_or_create(
            trust=cast.trust, external_id=key, defaults={"given": key, "family": "Vale", "added_at": clock.at(date(2024, 9, 1))}
        )
        Guardianship.objects.create(pupil=made, guardian=guardian, added_at=clock.at(date(2024, 9, 1)))
    return made


@pytest.fixture
def policy(world):
    world.version = world.bring(extra=FAMILIES)
    return world


@pytest.fixture
def home(policy, cast):
    """A form for families, published in the summer, and four families with five pupils."""
    publish(policy, "family", rules.FAMILY_LINES)
    cast.kids = [pupil(cast, 1, guardians=["a", "b"]), pupil(cast, 2, "5", guardians=["b"]), pupil(cast, 3), pupil(cast, 4), pupil(cast, 5)]
    return policy


def publish(world, kind, lines, band="", on=date(2026, 7, 1)):
    with clock.standing_at(clock.at(on)):
        world.form = actions.publish_plain_words(
            version=world.version, school=world.cast.school, kind=kind, lines=lines, band=band, by=world.scope("head", on)
        )
    return world.form


def says(world, child, answer, on, conversation=""):
    with clock.standing_at(clock.at(on)):
        return actions.keep_family_answer(
            agreement=world.form, pupil_id=child.id, answer=answer, conversation=conversation, by=world.scope("head", on)
        )


# ---- agreements.families_agreed


def test_families_are_due_broken_and_met(home, cast):
    count, found = ask(home, "families_agreed", OCTOBER)
    assert found == State.DUE
    assert len(count.items) == 4  # brothers and sisters are one family
    assert state(home, "families_agreed", NOVEMBER) == State.BROKEN
    for child in cast.kids[1:4]:
        says(home, child, "accepted", date(2026, 10, 1))
    assert state(home, "families_agreed", NOVEMBER) == State.BROKEN
    says(home, cast.kids[4], "declined", date(2026, 11, 5), "They are worried about pictures. Told whom to ask.")
    assert state(home, "families_agreed", date(2026, 11, 5)) == State.MET
    assert state(home, "families_agreed", date(2026, 11, 4)) == State.BROKEN
    assert state(home, "families_agreed", date(2027, 9, 1)) == State.DUE  # a new school year


def test_above_enough_percent_the_rest_are_listed_and_not_failed(home, cast):
    for child in cast.kids[1:4]:
        says(home, child, "accepted", date(2026, 10, 1))
    count, found = ask(home, "families_agreed", NOVEMBER, params={"enough_percent": 75})
    assert found == State.MET
    assert count.measured["share"] == 75
    assert [item.standing for item in count.items].count(Standing.LATE) == 1
    assert state(home, "families_agreed", NOVEMBER, params={"enough_percent": 76}) == State.BROKEN


def test_a_new_family_has_days_of_its_own_and_is_broken_unasked(home, cast):
    for child in cast.kids[1:]:
        says(home, child, "accepted", date(2026, 9, 20))
    new = pupil(cast, 9, starts_on=date(2026, 11, 10))
    assert state(home, "families_agreed", date(2026, 12, 7)) == State.DUE
    assert state(home, "families_agreed", date(2026, 12, 8)) == State.BROKEN
    says(home, new, "accepted", date(2026, 12, 9))
    assert state(home, "families_agreed", date(2026, 12, 9)) == State.MET


def test_families_are_no_data_without_form_or_family_and_not_applicable_where_nothing_is_asked(world, cast):
    world.version = world.bring()
    count, found = ask(world, "families_agreed", OCTOBER)
    assert found == State.NOT_APPLICABLE
    assert "nothing on families" in count.not_applicable
    world.version = world.bring(2, on=date(2026, 3, 9), policy=world.version.policy, extra=FAMILIES)
    assert state(world, "families_agreed", OCTOBER) == State.NO_DATA
    publish(world, "family", rules.FAMILY_LINES)
    assert state(world, "families_agreed", OCTOBER) == State.NO_DATA
    pupil(cast, 1)
    assert state(world, "families_agreed", OCTOBER) == State.DUE


def test_no_name_of_a_pupil_is_on_a_reading(home):
    for item in ask(home, "families_agreed", OCTOBER)[0].items:
        assert "Pupil" not in item.label
        assert "Vale" not in item.label


def test_a_decline_needs_its_conversation_and_answers_stay(home, cast):
    with pytest.raises(BadInput, match="conversation"):
        says(home, cast.kids[0], "declined", OCTOBER)
    says(home, cast.kids[0], "accepted", OCTOBER)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        FamilyAnswer.objects.update(answer="declined", conversation="x")
    outsider = home.scope("outsider", OCTOBER)
    with pytest.raises((Denied, NotFound)):
        actions.keep_family_answer(agreement=home.form, pupil_id=cast.kids[0].id, answer="accepted", by=outsider)


def test_asking_everybody_is_written_down_once(home, cast):
    with clock.standing_at(clock.at(TERM)):
        assert [actions.ask_families(agreement=home.form, by=cast.scope("head", TERM)) for _ in range(2)] == [4, 0]


# ---- agreements.pupils_agreed


@pytest.fixture
def lessons(policy, cast):
    cast.kids = [pupil(cast, 1, "3"), pupil(cast, 2, "3"), pupil(cast, 7, "7"), pupil(cast, 8, "7")]
    policy.older = publish(policy, "pupil", rules.PUPIL_LINES["older"], "older")
    policy.younger = publish(policy, "pupil", rules.PUPIL_LINES["younger"], "younger")
    return policy


def take(world, form, year, on, marks=None, name="head"):
    with clock.standing_at(clock.at(on, 14)):
        return actions.record_class(agreement=form, year=year, taken_on=on, marks=marks, by=world.scope(name, on))


def test_classes_are_due_broken_and_taken_late_good_again(lessons, cast):
    september = date(2026, 9, 30)
    count, found = ask(lessons, "pupils_agreed", september)
    assert found == State.DUE
    assert [item.label for item in count.items] == ["Year 3", "Year 7"]
    assert state(lessons, "pupils_agreed", date(2026, 10, 1)) == State.BROKEN
    take(lessons, lessons.younger, "3", date(2026, 10, 2))
    one, two = cast.kids[2:]
    take(lessons, lessons.older, "7", date(2026, 10, 2), {one.id: True})
    count, found = ask(lessons, "pupils_agreed", date(2026, 10, 2))
    assert found == State.BROKEN
    assert "1 have not signed" in count.items[1].why
    take(lessons, lessons.older, "7", date(2026, 10, 3), {two.id: False})  # absent
    count, found = ask(lessons, "pupils_agreed", date(2026, 10, 3))
    assert found == State.MET
    assert "1 absent, not caught up yet" in count.items[1].why
    take(lessons, lessons.older, "7", date(2026, 10, 5), {two.id: True})
    assert "absent" not in ask(lessons, "pupils_agreed", date(2026, 10, 5))[0].items[1].why
    assert state(lessons, "pupils_agreed", date(2027, 9, 1)) == State.DUE


def test_classes_are_no_data_or_not_applicable(policy, cast):
    assert state(policy, "pupils_agreed", TERM) == State.NO_DATA  # no class is on the register
    later = pupil(cast, 1, starts_on=date(2027, 9, 1))
    assert state(policy, "pupils_agreed", TERM) == State.NOT_APPLICABLE  # on roll, but not yet
    Pupil.objects.filter(id=later.id).update(starts_on=date(2026, 9, 1))
    assert state(policy, "pupils_agreed", TERM) == State.NO_DATA  # no rules are published


def test_a_class_is_recorded_by_its_teacher_or_the_office_with_the_rules_for_its_age(lessons, cast):
    with pytest.raises(Denied, match="another age"):
        take(lessons, lessons.older, "3", date(2026, 9, 10))
    with pytest.raises(Denied, match="by its teacher"):
        take(lessons, lessons.younger, "3", date(2026, 9, 10), name="teacher")
    with pytest.raises(NotFound):
        take(lessons, lessons.younger, "4", date(2026, 9, 10))
    with pytest.raises(NotFound):
        take(lessons, lessons.older, "7", date(2026, 9, 10), {cast.kids[0].id: True})
    assert not ClassRound.objects.exists()


# ---- plain words


def test_the_reading_age_is_measured_and_kept_with_the_words(policy):
    form = publish(policy, "pupil", rules.PUPIL_LINES["younger"], "younger")
    assert form.sheet.reading_age == readability.reading_age("\n".join(rules.PUPIL_LINES["younger"]))
    assert form.version == policy.version
    assert form.sheet.reading_age < 11
    assert readability.reading_age("Too short to tell.") is None


@pytest.mark.parametrize(
    ("word", "count"), [("cat", 1), ("table", 2), ("policy", 3), ("used", 1), ("wanted", 2), ("online", 2), ("I", 1), ("safeguarding", 4)]
)
def test_syllables_of_common_words(word, count):
    assert abs(readability.syllables(word) - count) <= (word == "safeguarding") + (word == "online")


def test_harder_words_have_a_higher_reading_age():
    easy = "The cat sat on the mat. " * 8
    hard = "Notwithstanding contractual obligations, professional conduct necessitates considerable circumspection. " * 8
    assert readability.reading_age(easy) < 7
    assert readability.reading_age(hard) > 16


@pytest.mark.parametrize(
    ("written", "on", "day"),
    [
        ("31 October", date(2026, 9, 1), date(2026, 10, 31)), ("31 October", date(2027, 3, 1), date(2026, 10, 31)),
        ("31 May", TERM, date(2027, 5, 31)),
    ],
)  # fmt: skip
def test_a_day_of_the_school_year(written, on, day):
    assert rules.collect_by(written, on) == day


def test_the_pages_of_families_and_classes(policy, cast, signed_in):
    today = clock.today()
    publish(policy, "family", rules.FAMILY_LINES, on=today)
    publish(policy, "pupil", rules.PUPIL_LINES["younger"], "younger", on=today)
    child = pupil(cast, 1, guardians=["a"])
    head = signed_in("head")
    families = queries.family_form(cast.office, cast.school.id)
    page = head.get(f"/agreements/families/{cast.school.id}/").content.decode()
    assert "0 of 1 families have answered" in page
    assert "Reading age" in page
    answer = head.post(f"/agreements/families/{families.id}/answers/{child.id}/", {"answer": "declined"})
    assert "Write what was said" in answer.content.decode()
    head.post(f"/agreements/families/{families.id}/answers/{child.id}/", {"answer": "accepted"})
    assert "1 of 1 families have answered" in head.get(f"/agreements/families/{cast.school.id}/").content.decode()
    assert signed_in("teacher").get(f"/agreements/families/{cast.school.id}/").status_code == 404
    rules_page = f"/agreements/classes/{policy.form.id}/3/"
    given = {"taken_on_day": today.day, "taken_on_month": today.month, "taken_on_year": today.year}
    assert head.post(rules_page, given).status_code == 302
    assert "Done on" in head.get(f"/agreements/classes/{cast.school.id}/").content.decode()
    assert signed_in("teacher").get(f"/agreements/classes/{cast.school.id}/").status_code == 403
    measured = head.post(
        f"/agreements/plain-words/{cast.school.id}/families/", {"version": policy.version.id, "lines": "Be kind online. " * 12}
    )
    assert "Reading age" in measured.content.decode()


def test_both_controls_are_of_the_catalogue():
    assert {"agreements.families_agreed", "agreements.pupils_agreed"} <= set(catalogue.controls())
