"""What this package can prove: the five people controls of the catalogue, counted as data/catalogue/controls.yaml says."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.people import queries, rules, vacancies
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Category, Engagement
from schoolgate.people.queries import CategoryFacts, Check, WideAccess

NIGHTS = 7
"""Calendar days in the window of people.audit_trail_intact."""

IDENTITY_MONTHS = 12
"""How long the record of the school's own second step stands (people.two_step_on, nil_rule)."""


def _scope(q: Question) -> Scope:
    return process_scope("readings", q.trust_id, [q.school_id])


# ---- people.register_confirmed


@control("people.register_confirmed")
def register_confirmed(q: Question) -> Count:
    """One item a category: confirmed or imported inside reconcile_days, and no row waiting too long for employer or first day."""
    scope = _scope(q)
    facts = queries.category_facts(scope, [q.school_id], q.on)
    if not any(fact.checks for fact in facts.values()):
        return Count(silent="No list of people has been imported or confirmed yet.")
    url, calendar = reverse("people:register", args=[q.school_id]), queries.calendars(scope, [q.school_id])[q.school_id]
    return Count([_category(q, category, facts[q.school_id, category], calendar, f"{url}#{category}") for category in Category])


def _category(q: Question, category: Category, facts: CategoryFacts, calendar: SchoolCalendar, url: str) -> Item:
    """How one category stands: the worst of its confirmation and its rows."""
    label = f"{category.label}: {sum(one.active(q.on) for one in facts.places)} on the list"
    if not facts.checks:
        return Item(label, Standing.BROKEN, "Never imported or confirmed.", url)
    found = [_confirmation(q, facts, label, url), *_waiting_rows(q, facts.places, calendar, label, url)]
    return min(found, key=lambda item: (_RANK[item.standing], item.due_on or date.max, -(item.put_right_on or date.min).toordinal()))


_RANK = {standing: place for place, standing in enumerate((Standing.BROKEN, Standing.LATE, Standing.DUE, Standing.LAPSING, Standing.GOOD))}


def _confirmation(q: Question, facts: CategoryFacts, label: str, url: str) -> Item:
    """A confirmation stands for reconcile_days; one made after the one before had lapsed was late."""
    stands, remind = timedelta(days=q.params["reconcile_days"]), timedelta(days=q.params["remind_days"])
    days = [clock.local_date(check.at) for check in facts.checks]
    lapses = days[-1] + stands
    if q.on > lapses:
        return Item(label, Standing.BROKEN, f"Last confirmed {clock.in_words(days[-1])}.", url, due_on=lapses)
    late = [day for before, day in pairwise(days) if day > before + stands and day + stands >= q.on]
    if late:
        return Item(
            label,
            Standing.LATE,
            f"Confirmed {clock.in_words(late[-1])}, after the last confirmation had lapsed.",
            url,
            put_right_on=late[-1],
        )
    if q.on >= lapses - remind:
        return Item(label, Standing.LAPSING, f"Last confirmed {clock.in_words(days[-1])}: check the list again.", url, due_on=lapses)
    return Item(label, Standing.GOOD, f"Last confirmed {clock.in_words(days[-1])}.", url, due_on=lapses)


def _waiting_rows(q: Question, places: Iterable[Engagement], calendar: SchoolCalendar, label: str, url: str) -> list[Item]:
    """The rows that lack, or lately lacked for too long, an employer or a first day."""
    window = timedelta(days=q.params["reconcile_days"])
    end, items = queries.end_of(q.on), []
    for place in places:
        ready = place.completed_at is not None and place.completed_at < end
        due_on = calendar.promised(clock.local_date(place.added_at), q.params["row_fix_days"])
        if not ready and place.active(q.on):
            standing = Standing.DUE if q.on < due_on else Standing.BROKEN
            items.append(Item(label, standing, "A row has no employer or no first day.", url, due_on=due_on))
        elif ready and (mended := clock.local_date(place.completed_at)) > due_on and mended + window >= q.on:  # type: ignore[arg-type]
            items.append(
                Item(label, Standing.LATE, f"A row was mended on {clock.in_words(mended)}, after its time.", url, put_right_on=mended)
            )
    return items


# ---- people.key_roles_filled


@control("people.key_roles_filled")
def key_roles_filled(q: Question) -> Count:
    """One item a required role, good when each of its five lines that fit it holds."""
    facts = queries.role_facts(_scope(q), [q.school_id], q.on)[q.school_id]
    if not facts.required:
        return Count(silent="Nobody has confirmed which roles this school needs.")
    url = reverse("people:roles", args=[q.school_id])
    found = [vacancies.role_standing(role, facts, q.on, q.params) for role in vacancies.required_roles(facts, q.on, q.params)]
    items = [
        Item(
            rules.title_of(one.role),
            one.standing,
            one.why,
            f"{url}#{one.role}",
            due_on=one.due_on,
            put_right_on=one.put_right_on,
            lines=one.lines,
        )
        for one in found
    ]
    return Count(items, silent="Every role was struck out with a reason.")


# ---- people.leaver_reminders_sent


@control("people.leaver_reminders_sent")
def leaver_reminders_sent(q: Question) -> Count:
    """One item a leaver of the last 12 months, and one for each who leaves soon and has no letter yet."""
    first = add_days(q.on, -12, "months") + timedelta(days=1)
    last = q.on + timedelta(days=q.params["remind_days"])
    calendar = queries.calendars(_scope(q), [q.school_id])[q.school_id]
    items = [item for place in queries.leavers(_scope(q), [q.school_id], first, last) if (item := _leaver(q, place, calendar))]
    nil = "The office has stated that nobody left." if not items and q.nil_until is not None and q.nil_until >= q.on else ""
    return Count(items, silent="Nobody left in the last 12 months, and the office has not stated so.", nil_stands=nil)


def _leaver(q: Question, place: Engagement, calendar: SchoolCalendar) -> Item | None:
    """How one leaving stands; None for somebody who has still to leave and already has the letter."""
    due_on = calendar.promised(place.ends_on, q.params["letter_days"])  # type: ignore[arg-type]
    label = f"{place.get_category_display()} who left on {clock.in_words(place.ends_on)}"
    url = reverse("people:leaver", args=[place.id])
    end = queries.end_of(q.on)
    letter = getattr(place, "leaver_letter", None)
    if letter is None or letter.sent_at >= end:
        standing = Standing.DUE if q.on <= due_on else Standing.BROKEN
        return Item(label, standing, "No letter has been sent.", url, due_on=due_on)
    if place.ends_on > q.on:  # type: ignore[operator]
        return None
    sent = clock.local_date(letter.sent_at)
    answered = clock.local_date(letter.answered_at) if letter.answered_at and letter.answered_at < end else None
    if q.params["ask_for_signature"] and answered is None:
        standing = Standing.DUE if q.on <= due_on else Standing.BROKEN
        return Item(
            label, standing, f"The letter was sent on {clock.in_words(sent)}; it is neither signed nor refused.", url, due_on=due_on
        )
    if sent > due_on:
        right = max(sent, answered) if q.params["ask_for_signature"] and answered else sent
        return Item(
            label, Standing.LATE, f"The letter was sent on {clock.in_words(sent)}, after {clock.in_words(due_on)}.", url, put_right_on=right
        )
    return Item(label, Standing.GOOD, f"Letter {letter.version} sent on {clock.in_words(sent)}.", url)


# ---- people.audit_trail_intact


@control("people.audit_trail_intact")
def audit_trail_intact(q: Question) -> Count:
    """One item a night of the last seven, from the first check on: it ran, and found the chain whole."""
    end = min(queries.end_of(q.on), clock.now()) if q.on >= clock.today() else queries.end_of(q.on)
    scope = _scope(q)
    checks = queries.trail_checks(scope, end)
    if not checks:
        return Count(silent="The record of who did what has never been checked.")
    measured = queries.trail_counts(scope, q.school_id, q.on - timedelta(days=NIGHTS - 1), q.on)
    nights = [q.on - timedelta(days=back) for back in range(NIGHTS - 1, -1, -1)]
    items = [item for night in nights if (item := _night(q, night, checks, end))]
    return Count(items, measured={"entries covered": checks[-1].entries, **measured})


def _night(q: Question, night: date, checks: Sequence[Check], end: datetime) -> Item | None:
    """How the check of one date stands; None for a date before checking began, and for today while the last check is fresh."""
    label, url = f"Check of {clock.in_words(night)}", reverse("people:trail")
    ran = [check for check in checks if clock.local_date(check.at) == night]
    if ran:
        return _ran(label, ran, url)
    if night < clock.local_date(checks[0].at):
        return None
    later = next((check for check in checks if clock.local_date(check.at) > night), None)
    if later:
        on = clock.local_date(later.at)
        return Item(label, Standing.LATE, f"No check ran; the trail was checked again on {clock.in_words(on)}.", url, put_right_on=on)
    age = end - checks[-1].at
    if age > timedelta(days=NIGHTS):
        return Item(label, Standing.BROKEN, f"The last check ran on {clock.in_words(clock.local_date(checks[-1].at))}.", url)
    if age > timedelta(hours=q.params["stale_hours"]):
        due_on = clock.local_date(checks[-1].at) + timedelta(days=NIGHTS)
        return Item(label, Standing.DUE, f"The last check ran on {clock.in_words(clock.local_date(checks[-1].at))}.", url, due_on=due_on)
    return None


def _ran(label: str, ran: Sequence[Check], url: str) -> Item:
    """A date with a check: whole, broken and not explained, or broken and explained since."""
    broken = [check for check in ran if not check.ok]
    if not broken:
        return Item(label, Standing.GOOD, f"{ran[-1].entries} entries, each joined to the one before.", url)
    unexplained = next((check for check in broken if check.explained_on is None), None)
    if unexplained:
        return Item(label, Standing.BROKEN, f"The check found a break at entry {unexplained.first_bad}.", url)
    on = max(check.explained_on for check in broken if check.explained_on)
    return Item(label, Standing.LATE, f"The check found a break, explained on {clock.in_words(on)}.", url, put_right_on=on)


# ---- people.two_step_on


@control("people.two_step_on")
def two_step_on(q: Question) -> Count:
    """One item for each person who can sign in with wide access: a second step is on, or still owed."""
    scope = _scope(q)
    record = queries.identity_second_step(scope, q.school_id, q.on)
    if record and q.on <= add_days(clock.local_date(record.at), IDENTITY_MONTHS, "months"):
        told = clock.in_words(clock.local_date(record.at))
        said = f"People sign in through the school’s own service, which asks for a second step: recorded on {told}."
        return Count(not_applicable=said)
    people = queries.wide_access(scope, q.school_id, q.params["wide_access_roles"], q.on)
    return Count([_step(q, one) for one in people], silent="Nobody who can sign in holds a role with wide access.")


def _step(q: Question, one: WideAccess) -> Item:
    """The step is owed for enrol_days from the day access was gained."""
    url = reverse("people:person", args=[one.person.id])
    label = " and ".join(rules.title_of(role) for role in one.roles)
    due_on = one.since + timedelta(days=q.params["enrol_days"])
    if one.enrolled_on is None:
        standing = Standing.DUE if q.on < due_on else Standing.BROKEN
        return Item(label, standing, f"No second step; access since {clock.in_words(one.since)}.", url, due_on=due_on)
    if one.enrolled_on > due_on and q.on < one.enrolled_on + timedelta(days=q.params["late_days"]):
        return Item(
            label,
            Standing.LATE,
            f"Switched on {clock.in_words(one.enrolled_on)}, after {clock.in_words(due_on)}.",
            url,
            put_right_on=one.enrolled_on,
        )
    return Item(label, Standing.GOOD, f"Switched on {clock.in_words(one.enrolled_on)}.", url)
