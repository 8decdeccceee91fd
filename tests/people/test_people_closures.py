"""A school that closes for a day, or has a half-term: every due date of the package counts by its own calendar."""

from datetime import date

import pytest
from django.urls import reverse
from tests.people.test_people_controls import asked, confirm_all, standings
from tests.people.test_people_key_roles import DAY, ROLES, Town

from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.contracts.controls import Standing
from schoolgate.people import actions, queries, todo
from schoolgate.people.models import Engagement

LAST = date(2026, 3, 20)  # a Friday
SNOW = date(2026, 3, 24)


@pytest.fixture
def town(db) -> Town:
    return Town()


def close(town, day: date) -> None:
    with town.on(DAY):
        actions.close_day(school=town.school, day=day, kind="closure", reason="Snow", by=town.office)


def half_term(town) -> None:
    """Pupils are away from 9 to 13 March."""
    with town.on(DAY):
        for name, first, last in (("Spring one", DAY, date(2026, 3, 6)), ("Spring two", date(2026, 3, 16), date(2026, 4, 1))):
            actions.add_term(school=town.school, name=name, starts_on=first, ends_on=last, by=town.office)


def keeper(town):
    """The business manager, who keeps the register and sends letters; her duties are not accepted."""
    town.only("sbm")
    town.fill("sbm", 0, accept=False)
    return queries.scope_of(town.people[0], DAY)


def leaver(town):
    with town.on(DAY):
        place = actions.engage(
            person=town.people[1], school=town.school, category="employee", starts_on=DAY, employer="Town", by=town.office
        )
        return actions.end_engagement(engagement=place, ends_on=LAST, by=town.office)


def letter_stands(town) -> tuple:
    item = asked("people.leaver_reminders_sent", town.school, date(2026, 3, 28)).items[0]
    return item.due_on, item.standing


def duties_stand(town, by) -> tuple:
    """The control's line and date on the seventeenth, and the task's date."""
    role = asked(ROLES, town.school, date(2026, 3, 17)).items[0]
    return role.lines["duties_accepted"], role.due_on, [one.due_on for one in todo.duties_to_accept(by, DAY)]


def test_a_closure_gives_a_leavers_letter_another_day(town):
    leaver(town)
    assert letter_stands(town) == (date(2026, 3, 27), Standing.BROKEN)
    close(town, SNOW)
    assert letter_stands(town) == (date(2026, 3, 30), Standing.DUE)


def test_the_letters_task_tells_the_same_day_as_the_control(town):
    by = keeper(town)
    leaver(town)
    close(town, SNOW)
    assert [task.due_on for task in todo.letters_to_send(by, LAST)] == [date(2026, 3, 30)]


def test_the_leavers_pages_tell_it_too(cast, signed_in):
    client, place = signed_in("sbm"), Engagement.objects.get(person=cast.teacher)
    pages = [reverse("people:leavers", args=[cast.school.id]), reverse("people:leaver", args=[place.id])]
    with clock.standing_at(clock.at(LAST, 9)):
        actions.end_engagement(engagement=place, ends_on=LAST, by=cast.office)
        assert ["27 March" in client.get(page).content.decode() for page in pages] == [True, True]
        actions.close_day(school=cast.school, day=SNOW, kind="closure", by=cast.office)
        assert ["30 March" in client.get(page).content.decode() for page in pages] == [True, True]


def test_half_term_gives_duties_another_week_in_control_and_task(town):
    by = keeper(town)
    assert duties_stand(town, by) == (Standing.BROKEN, date(2026, 3, 16), [date(2026, 3, 16)])
    half_term(town)
    assert duties_stand(town, by) == (Standing.DUE, date(2026, 3, 23), [date(2026, 3, 23)])


def test_a_role_across_the_trust_counts_by_the_first_school_to_run_out_of_days(town):
    with town.on(DAY):
        actions.open_school(trust=town.trust, ref="open-on", name="Open On", phase="primary", by=system("test"))
    half_term(town)
    town.fill("trust_dpo", 2, accept=False, across=True)
    assert [one.due_on for one in todo.duties_to_accept(queries.scope_of(town.people[2], DAY), DAY)] == [date(2026, 3, 16)]


def test_a_training_day_gives_a_row_without_employer_another_day(town):
    with town.on(DAY):
        actions.engage(person=town.people[1], school=town.school, category="governor", starts_on=DAY, by=town.office)
        actions.appoint(person=town.people[0], role="sbm", school=town.school, starts_on=DAY, by=town.office)
    town.keeper = town.people[0]
    confirm_all(town, DAY)
    on = date(2026, 3, 16)
    assert Standing.BROKEN in standings(asked("people.register_confirmed", town.school, on))
    close(town, date(2026, 3, 5))
    assert Standing.BROKEN not in standings(asked("people.register_confirmed", town.school, on))
    assert Standing.BROKEN in standings(asked("people.register_confirmed", town.school, date(2026, 3, 17)))


def test_the_calendars_of_any_number_of_schools_are_one_query(town, django_assert_num_queries):
    half_term(town)
    close(town, SNOW)
    with town.on(DAY):
        more = {"phase": "primary", "nation": "wales", "by": system("test")}
        made = [actions.open_school(trust=town.trust, ref=ref, name="Welsh School", **more) for ref in ("welsh-a", "welsh-b")]
    scope = queries.scope_of_process("test", town.trust)
    with django_assert_num_queries(1):
        found = queries.calendars(scope, [town.school.id, *(one.id for one in made)])
    assert [found[one.id].nation for one in (town.school, *made)] == ["england", "wales", "wales"]
    assert (len(found[town.school.id].terms), found[town.school.id].closed) == (2, {SNOW})
    assert (found[made[0].id].terms, found[made[0].id].closed) == ((), frozenset())
