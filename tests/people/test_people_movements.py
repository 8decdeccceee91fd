"""Joiners, movers and leavers: how places and roles are told as movements, what is still to do, the page and the download."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.urls import reverse
from tests.agreements.conftest import World

from schoolgate.agreements import queries as agreements
from schoolgate.common import clock, csv_out
from schoolgate.common.actors import system
from schoolgate.contracts import still_to_do
from schoolgate.people import actions, queries
from schoolgate.people.models import Engagement

DAY = date(2026, 3, 2)  # a Monday
FIRST, LAST = DAY - timedelta(days=10), DAY + timedelta(days=40)


@pytest.fixture(autouse=True)
def _monday():
    with clock.standing_at(clock.at(DAY, 9)):
        yield


def joins(cast, name="New", school=None, starts_on=DAY, category="employee", **more) -> Engagement:
    person = more.pop("person", None) or actions.add_person(given=name, family="Example", by=cast.office)
    given = {"employer": "Alder", "job_title": "", **more}
    return actions.engage(person=person, school=school or cast.school, category=category, starts_on=starts_on, by=cast.office, **given)


def ends(cast, place, on=DAY):
    return actions.end_engagement(engagement=place, ends_on=on, by=cast.office)


def told(cast, schools=None, first=FIRST, last=LAST) -> list[tuple[str, str, str]]:
    schools = schools or [cast.school]
    found = queries.moved_between(cast.office, [one.id for one in schools], first, last, DAY)
    return [(one.it.way.value, one.it.person.given, one.it.words) for one in found]


def owed(cast, given="New") -> list[str]:
    found = queries.moved_between(cast.office, [cast.school.id], FIRST, LAST, DAY)
    return [thing.words for one in found if one.it.person.given == given for thing in one.owed]


# ---- who came, moved and went


def test_who_joined_and_who_left_inside_the_days_and_nobody_outside_them(cast):
    joins(cast, job_title="Teacher")
    ends(cast, Engagement.objects.get(person=cast.contractor), DAY + timedelta(days=3))
    joins(cast, "Late", starts_on=LAST + timedelta(days=1))
    assert told(cast) == [("joined", "New", "Employee, Teacher"), ("left", "Contractor", "Contractor's worker")]
    assert told(cast, first=DAY, last=DAY) == [("joined", "New", "Employee, Teacher")]
    assert told(cast, first=DAY + timedelta(days=1), last=DAY + timedelta(days=2)) == []


def test_a_row_without_a_first_day_joins_on_the_day_it_was_written_down(cast):
    joins(cast, starts_on=None)
    assert told(cast) == [("joined", "New", "Employee")]
    assert owed(cast) == ["Give the row its employer and first day"]


@pytest.mark.parametrize(("gap", "moves"), [(-5, True), (1, True), (31, True), (32, False)])
def test_who_ends_at_one_school_and_starts_at_another_of_the_trust_moved(cast, gap, moves):
    there = joins(cast, school=cast.sister, starts_on=DAY - timedelta(days=400))
    with clock.standing_at(clock.at(DAY - timedelta(days=40), 9)):
        ends(cast, there, DAY - timedelta(days=gap))
    joins(cast, person=there.person)
    here = ("moved", "New", "From Birch Hill Academy. Employee") if moves else ("joined", "New", "Employee")
    assert told(cast) == [here]
    gone = ("moved", "New", "To Alder Park Primary. Employee") if moves else ("left", "New", "Employee")
    assert told(cast, [cast.sister], first=DAY - timedelta(days=45)) == [gone]
    assert sorted(told(cast, [cast.school, cast.sister], first=DAY - timedelta(days=45))) == sorted([here, gone])


def test_who_works_at_two_schools_joins_the_second(cast):
    there = joins(cast, school=cast.sister, starts_on=DAY - timedelta(days=400))
    joins(cast, person=there.person)
    assert told(cast) == [("joined", "New", "Employee")]


def test_a_new_category_is_a_move_and_neither_a_joiner_nor_a_leaver(cast):
    trainee = joins(cast, category="trainee", starts_on=DAY - timedelta(days=200))
    ends(cast, trainee, DAY - timedelta(days=1))
    joins(cast, person=trainee.person)
    assert told(cast) == [("moved", "New", "Employee. Before: trainee")]


def test_a_second_place_in_the_same_category_is_no_movement(cast):
    first = joins(cast, starts_on=DAY - timedelta(days=200))
    ends(cast, first, DAY - timedelta(days=1))
    joins(cast, person=first.person, job_title="Head of year")
    assert told(cast) == []


def test_a_role_taken_on_or_given_up_while_here_is_a_move(cast):
    actions.appoint(person=cast.teacher, role="deputy_dsl", starts_on=DAY, school=cast.school, by=cast.office)
    held = queries.roles_of(cast.office, cast.sbm.id)[0]
    actions.end_appointment(appointment=held, ends_on=DAY, by=cast.office)
    assert told(cast) == [
        ("moved", "Sbm", "Gave up a role: School business manager"),
        ("moved", "Teacher", "Took on a role: Deputy designated safeguarding lead"),
    ]


def test_a_role_that_comes_or_goes_with_the_place_is_told_once(cast):
    place = joins(cast)
    actions.appoint(person=place.person, role="deputy_dsl", starts_on=DAY, school=cast.school, by=cast.office)
    ends(cast, Engagement.objects.get(person=cast.dsl))
    assert [way for way, *_ in told(cast)] == ["left", "joined"]


# ---- what is still to do


def test_a_joiner_has_to_sign_what_the_school_asks_of_their_category_and_to_accept_duties(cast):
    world = World(cast)
    form = world.publish(world.bring())
    place = joins(cast)
    actions.appoint(person=place.person, role="deputy_dsl", starts_on=DAY, school=cast.school, by=cast.office)
    sign = f"Sign {form.title}, {form.edition}"
    assert sorted(owed(cast)) == sorted([sign, "Accept the duties of deputy designated safeguarding lead"])
    cast.people["new"] = place.person
    world.sign("new")
    actions.accept_duties(appointment=queries.roles_of(cast.office, place.person_id)[0], by=cast.scope("new", DAY))
    assert owed(cast) == []


def test_what_is_owed_is_what_the_forms_own_page_says(cast):
    world = World(cast)
    form = world.publish(world.bring(), categories=["employee", "governor"], roles=["dsl", "headteacher"])
    world.sign("head")
    everyone = {cast.school.id: {person.id for person in cast.people.values()}}
    found = {(one.place.person, one.verdict.due_on) for _, one in agreements.owed_by(cast.office, everyone, DAY)}
    asked = agreements.owing(agreements.places_for(cast.office, form, DAY))
    assert found == {(place.person, place.verdict.due_on) for place in asked}
    assert {person for person, _ in found} == {cast.dsl}


def test_a_leaver_is_owed_a_letter_and_its_answer_by_the_schools_own_calendar(cast):
    place = Engagement.objects.get(person=cast.teacher)
    ends(cast, place)
    actions.close_day(school=cast.school, day=DAY + timedelta(days=2), kind="closure", by=cast.office)
    (one,) = queries.moved_between(cast.office, [cast.school.id], FIRST, LAST, DAY)
    assert [(thing.words, thing.due_on) for thing in one.owed] == [("Send the leaver’s letter", date(2026, 3, 10))]
    letter = actions.send_leaver_letter(engagement=place, by=cast.office)
    assert owed(cast, "Teacher") == ["Record the answer to the leaver’s letter"]
    actions.answer_leaver_letter(letter=letter, answer="refused", by=cast.office)
    assert owed(cast, "Teacher") == []


def test_both_packages_answer_and_none_registers_twice():
    assert set(still_to_do.questions()) >= {"agreements.sign", "people.accept_duties"}
    with pytest.raises(ValueError, match="registered twice"):
        still_to_do.still_to_do("agreements.sign")(lambda scope, wanted, today: [])


# ---- the page and the download


def test_the_page_of_a_school_and_of_the_trust(cast, signed_in):
    joins(cast)
    joins(cast, "Sis", school=cast.sister)
    page = signed_in("sbm").get(reverse("people:movements", args=[cast.school.id])).content.decode()
    assert "New Example" in page
    assert "Sis Example" not in page
    assert "Nobody moved in this time." in page
    actions.appoint(person=cast.people["trust_comms"], role="administrator", starts_on=DAY, by=cast.office)
    whole = signed_in("trust_comms").get(reverse("people:movements_trust")).content.decode()
    for words in ("New Example", "Sis Example", "Birch Hill Academy"):
        assert words in whole
    assert "joiners" in signed_in("sbm").get(reverse("people:school", args=[cast.school.id])).content.decode().lower()


def days(first: date, last: date) -> dict[str, str]:
    named = (("first", first), ("last", last))
    return {f"{name}_{part}": str(getattr(day, part)) for name, day in named for part in ("day", "month", "year")}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(DAY, DAY - timedelta(days=1), "comes before the first"), (DAY - timedelta(days=800), DAY, "two years at most")],
)
def test_days_that_cannot_be_are_refused_in_a_sentence(cast, signed_in, first, last, words):
    for name in ("movements", "movements_csv"):
        answer = signed_in("sbm").get(reverse(f"people:{name}", args=[cast.school.id]), days(first, last))
        assert (answer.status_code, words in answer.content.decode()) == (400, True)


def test_half_a_date_says_which_part_is_missing(cast, signed_in):
    answer = signed_in("sbm").get(reverse("people:movements", args=[cast.school.id]), {"first_day": "1"})
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()


def test_the_download_holds_the_same_rows_and_runs_nothing(cast, signed_in):
    joins(cast, "=HYPERLINK(1)", job_title="@cmd")
    answer = signed_in("sbm").get(reverse("people:movements_csv", args=[cast.school.id]), days(FIRST, LAST))
    assert answer["Content-Disposition"] == f'attachment; filename="joiners-movers-leavers-{FIRST}-to-{LAST}.csv"'
    head, row = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    given = dict(zip(head, row, strict=True))
    assert given["Name"] == "'=HYPERLINK(1) Example"
    assert given["Day"] == "2026-03-02"
    assert given["What"] == "Employee, @cmd"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "  =1"])
def test_a_cell_that_a_spreadsheet_would_run_is_words(cell):
    assert csv_out.plain(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are():
    assert [csv_out.plain(one) for one in ("Ann", 3, None, DAY)] == ["Ann", "3", "", "2026-03-02"]


def test_only_those_who_keep_the_register_see_the_lists(cast, signed_in):
    for name, status in (("teacher", 404), ("governor", 404), ("outsider", 404), ("sister_head", 404)):
        for page in ("movements", "movements_csv"):
            assert signed_in(name).get(reverse(f"people:{page}", args=[cast.school.id])).status_code == status, (name, page)
    assert signed_in("teacher").get(reverse("people:movements_trust")).status_code in (403, 404)


def test_any_number_of_people_and_schools_cost_the_same_queries(cast, signed_in, django_assert_max_num_queries):
    world = World(cast)
    world.publish(world.bring())
    actions.appoint(person=joins(cast).person, role="deputy_dsl", starts_on=DAY, school=cast.school, by=cast.office)
    schools = [cast.school.id, cast.sister.id]
    with django_assert_max_num_queries(30) as few:
        queries.moved_between(cast.office, schools, FIRST, LAST, DAY)
    for number in range(12):
        school = actions.open_school(trust=cast.trust, ref=f"m{number}", name=f"M{number}", phase="primary", by=system("test"))
        cast.office = queries.scope_of_process("test set-up", cast.trust)
        place = joins(cast, f"N{number}", school=school)
        actions.appoint(person=place.person, role="dsl", starts_on=DAY, school=school, by=cast.office)
        joins(cast, f"O{number}")
        schools.append(school.id)
    with django_assert_max_num_queries(len(few)):
        assert len(queries.moved_between(cast.office, schools, FIRST, LAST, DAY)) == 25
