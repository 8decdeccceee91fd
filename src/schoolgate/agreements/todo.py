"""What agreements ask of whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.agreements import queries
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission

MOST_SCANS = 20


@todo("agreements.sign")
def to_sign(scope: Scope, today: date) -> Iterable[Task]:
    """Each form the person has to sign, or sign again soon."""
    for one in queries.to_sign(scope, today):
        if one.place.owes and one.place.set_aside is None and one.verdict:
            yield Task(
                title=f"Read and sign {one.form.title}, {one.form.edition}",
                url=reverse("agreements:read", args=[one.form.id]),
                due_on=one.verdict.due_on,
                why=f"{one.form.school.name} asks everyone in your place to sign it",
            )


@todo("agreements.refusals")
def to_answer(scope: Scope, today: date) -> Iterable[Task]:
    """Refusals that wait for the head or a deputy, and questions for whoever looks after signatures."""
    for refusal in queries.refusals_to_answer(scope, today):
        yield Task(
            title=f"Answer {'a refusal to sign' if refusal.is_refusal else 'a question about'} {refusal.agreement.title}",
            url=reverse("agreements:refusal", args=[refusal.id]),
            due_on=None,
            why=f"Someone at {refusal.school.name} {'has refused and gave a reason' if refusal.is_refusal else 'asks before signing'}",
        )


@todo("agreements.unsigned")
def to_chase(scope: Scope, today: date) -> Iterable[Task]:
    """How many have not signed, for those who chase at a school of their own. A trust sees it in the readings of each school."""
    if Permission.AGREEMENT_CHASE in scope.across_trust:
        return
    for tally in queries.tallies(scope, scope.schools_where(Permission.AGREEMENT_CHASE), today):
        days = [place.verdict.due_on for place in tally.owing if place.verdict and place.verdict.due_on]
        if tally.owing:
            yield Task(
                title=f"{len(tally.owing)} of {tally.asked} have not signed {tally.form.title}",
                url=reverse("agreements:people", args=[tally.form.id]),
                due_on=min(days, default=None),
                why=f"Remind them, or give them a one-time link ({tally.form.school.name})",
                count=len(tally.owing),
            )


@todo("agreements.scans")
def to_look_at(scope: Scope, today: date) -> Iterable[Task]:
    """Scans of paper forms that somebody other than whoever entered them looks at."""
    if Permission.AGREEMENT_CHASE in scope.across_trust:
        return
    scans = queries.scans_to_check(scope, scope.schools_where(Permission.AGREEMENT_CHASE))
    for scan in scans[:MOST_SCANS]:
        yield Task(
            title=f"Check the paper form from {scan.signature.person.name}",
            url=reverse("agreements:look", args=[scan.signature_id]),
            due_on=None,
            why=f"{scan.signature.agreement.title}, {scan.school.name}",
        )


@todo("agreements.starts")
def to_start(scope: Scope, today: date) -> Iterable[Task]:
    """People who start soon, or have started, and have not accepted the rules; for those who chase at a school of their own."""
    if Permission.AGREEMENT_CHASE in scope.across_trust:
        return
    for school_id in scope.schools_where(Permission.AGREEMENT_CHASE):
        waiting = [one for one in queries.expected(scope, school_id, today) if not one.verdict.may_start]
        if waiting:
            first = waiting[0]
            yield Task(
                title=f"{first.name if len(waiting) == 1 else f'{len(waiting)} who start'} must accept the rules",
                url=reverse("agreements:desk", args=[school_id]),
                due_on=first.start.first_day,
                why="They sign before they start",
                count=len(waiting),
            )
