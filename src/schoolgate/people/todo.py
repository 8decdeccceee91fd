"""What is asked of whom: lists to confirm, roles to fill, duties to accept, letters to send, a second step to switch on.

Each question looks at every school in reach at once, so the number of queries does not grow with the schools.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Standing
from schoolgate.contracts.todo import Task, todo
from schoolgate.people import queries, rules, vacancies
from schoolgate.people.access import Scope
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission

WORST = {Standing.BROKEN, Standing.DUE}
SAYS_WHO = {"holder": "holder", "deputy": "deputy"}


def _names(scope: Scope, school_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What to put after a task where somebody has more than one school."""
    found = dict(queries.schools(scope).values_list("id", "name"))
    return {one: f" at {found[one]}" if len(found) > 1 else "" for one in school_ids if one in found}


@todo("people.confirm_lists")
def lists_to_confirm(scope: Scope, today: date) -> Iterator[Task]:
    """A category that lapses soon, has lapsed or was never confirmed, for those who keep the register."""
    schools = scope.schools_where(Permission.USER_MANAGE)
    facts = queries.category_facts(scope, schools, today) if schools and scope.person_id else {}
    names = _names(scope, schools) if facts else {}
    stands = timedelta(days=rules.catalogue_number("people.register_confirmed", "reconcile_days"))
    remind = timedelta(days=rules.catalogue_number("people.register_confirmed", "remind_days"))
    for school_id, name in names.items():
        for category in Category:
            checks = facts[school_id, category].checks
            lapses = clock.local_date(checks[-1].at) + stands if checks else None
            if lapses is None or today >= lapses - remind:
                last = f"Last confirmed {clock.in_words(lapses - stands)}." if lapses else "Never confirmed."
                url = f"{reverse('people:register', args=[school_id])}#{category.value}"
                yield Task(f"Check the list “{category.label}”{name}", url, lapses, last)


@todo("people.fill_roles")
def roles_to_fill(scope: Scope, today: date) -> Iterator[Task]:
    """A required role without a holder or a deputy, for the head, the clerk and whoever keeps the register."""
    schools = [one for one in scope.school_ids if scope.person_id and rules.can_fill_role(scope, "link_governor", one)]
    facts = queries.role_facts(scope, schools, today) if schools else {}
    names = _names(scope, schools) if facts else {}
    params = rules.role_numbers()
    for school_id, name in names.items():
        url = reverse("people:roles", args=[school_id])
        if not facts[school_id].required:
            yield Task(
                f"Confirm which roles are needed{name}", reverse("people:required", args=[school_id]), None, "Nobody has said so yet."
            )
            continue
        for role in vacancies.required_roles(facts[school_id], today, params):
            if not rules.can_fill_role(scope, role, school_id):
                continue
            found = vacancies.role_standing(role, facts[school_id], today, params).found
            for line, who in SAYS_WHO.items():
                if line in found and found[line].standing in WORST:
                    yield Task(f"Name a {who}: {rules.title_of(role)}{name}", f"{url}#{role}", found[line].due_on, found[line].why)


@todo("people.accept_duties")
def duties_to_accept(scope: Scope, today: date) -> Iterator[Task]:
    """One's own roles whose duties, as they are written today, are not accepted."""
    if scope.person_id is None:
        return
    number = rules.catalogue_number("people.key_roles_filled", "accept_days")
    waiting = queries.duties_not_accepted(scope, today)
    calendars = queries.calendars(scope, list(scope.schools)) if waiting else {}
    for held in waiting:
        # A role across the trust is counted at every school: the first of them to run out of days is the date.
        kept_by = [calendars[held.school_id]] if held.school_id in calendars else [*calendars.values()] or [SchoolCalendar()]
        due_on = min(one.promised(max(held.starts_on, clock.local_date(held.made_at)), number) for one in kept_by)
        url = reverse("people:accept", args=[held.id])
        yield Task(f"Read and accept your duties: {rules.title_of(held.role)}", url, due_on)


@todo("people.send_letters")
def letters_to_send(scope: Scope, today: date) -> Iterator[Task]:
    """Somebody leaves soon or has left, and no letter is recorded, or no answer to it."""
    schools = scope.schools_where(Permission.AGREEMENT_CHASE)
    if not schools or scope.person_id is None:
        return
    number = rules.catalogue_number("people.leaver_reminders_sent", "letter_days")
    remind = timedelta(days=rules.catalogue_number("people.leaver_reminders_sent", "remind_days"))
    calendars = queries.calendars(scope, schools)
    for place in queries.leavers(scope, schools, add_days(today, -12, "months"), today + remind):
        due_on = calendars[place.school_id].promised(place.ends_on, number)  # type: ignore[arg-type]
        url = reverse("people:leaver", args=[place.id])
        letter = getattr(place, "leaver_letter", None)
        if letter is None:
            yield Task(f"Send {place.person.name} the leaver’s letter", url, due_on, f"Last day {clock.in_words(place.ends_on)}.")
        elif letter.answered_at is None:
            yield Task(
                f"Record the answer to {place.person.name}’s leaver’s letter",
                url,
                due_on,
                f"Sent {clock.in_words(clock.local_date(letter.sent_at))}.",
            )


@todo("people.second_step")
def step_to_switch_on(scope: Scope, today: date) -> Iterator[Task]:
    """Somebody with wide access signs in with a password alone."""
    wide = set(rules.catalogue_number("people.two_step_on", "wide_access_roles"))
    if scope.person_id is None or not wide & scope.roles:
        return
    since = queries.own_step_owed_since(scope, sorted(wide), today)
    if since:
        days = timedelta(days=rules.catalogue_number("people.two_step_on", "enrol_days"))
        yield Task(
            "Switch on your second sign-in step",
            reverse("mfa_index"),
            since + days,
            "Your role opens records that a password alone must not.",
        )


@todo("people.trail_broken")
def break_to_explain(scope: Scope, today: date) -> Iterator[Task]:
    """The nightly check found a break that nobody has explained, for the administrator."""
    if rules.ADMINISTRATOR not in scope.roles:
        return
    broken = [check for check in queries.trail_checks(scope, queries.end_of(today)) if not check.ok and check.explained_on is None]
    if broken:
        day = clock.local_date(broken[0].at)
        yield Task(
            f"The record check found a break on {clock.in_words(day)}: look into it",
            reverse("people:trail"),
            day,
            f"At entry {broken[0].first_bad}.",
        )
