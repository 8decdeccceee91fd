"""What assurance asks of whom: exceptions about to end, and checks that failed to run."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from schoolgate.assurance import catalogue, queries
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission


@todo("assurance.exceptions_ending")
def exceptions_ending(scope: Any, today: date) -> Iterable[Task]:
    """Whoever approves exceptions decides again before they end."""
    near = today + timedelta(days=catalogue.shared_numbers()["remind_days"])
    for row in queries.ending_by(scope, scope.schools_where(Permission.SETTING_SCHOOL), near):
        title = catalogue.controls()[row.control].title if row.control in catalogue.controls() else row.control
        yield Task(
            f"Decide again about the exception on “{title}”", reverse("assurance:control", args=[row.school.ref, row.control]),
            due_on=row.ends_on, why=f"It ends at {row.school.name}; the fault behind it does not end with it.",
        )  # fmt: skip


@todo("assurance.failed_checks")
def failed_checks(scope: Scope, today: date) -> Iterable[Task]:
    """Whoever keeps the system hears of a check that does not run."""
    if "administrator" not in scope.roles:
        return
    for reading in queries.failed_checks(scope, scope.school_ids):
        title = catalogue.controls()[reading.control].title
        yield Task(
            f"Find out why “{title}” failed to run", reverse("assurance:control", args=[reading.school.ref, reading.control]),
            due_on=reading.on, why=f"{reading.school.name} shows no data for it. The log says what went wrong.",
        )  # fmt: skip
