"""What agreements ask of whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.agreements import queries
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission


@todo("agreements.sign")
def to_sign(scope: Scope, today: date) -> Iterable[Task]:
    """Each form the person has to sign, or sign again soon."""
    for one in queries.to_sign(scope, today):
        if one.place.owes and one.place.set_aside is None and one.verdict:
            version = one.form.version
            yield Task(
                title=f"Read and sign {version.policy.title}, version {version.number}",
                url=reverse("agreements:read", args=[one.form.id]),
                due_on=one.verdict.due_on,
                why=f"{one.form.school.name} asks everyone in your place to sign it",
            )


@todo("agreements.refusals")
def to_answer(scope: Scope, today: date) -> Iterable[Task]:
    """Refusals that wait for the head or a deputy."""
    for refusal in queries.refusals_to_answer(scope, today):
        yield Task(
            title=f"Answer a refusal to sign {refusal.agreement.version.policy.title}",
            url=reverse("agreements:refusal", args=[refusal.id]),
            due_on=None,
            why=f"Someone at {refusal.school.name} has refused and gave a reason",
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
                title=f"{len(tally.owing)} of {tally.asked} have not signed {tally.form.version.policy.title}",
                url=reverse("agreements:people", args=[tally.form.id]),
                due_on=min(days, default=None),
                why=f"Remind them, or give them a one-time link ({tally.form.school.name})",
                count=len(tally.owing),
            )
