"""What is asked of the person who signed in, gathered from every package that asks something of somebody."""

from datetime import date, timedelta

from schoolgate.contracts.todo import Task, questions
from schoolgate.people.access import Scope

NO_DATE = date.max


def asked_of(scope: Scope, today: date) -> list[Task]:
    """Every task of this person, soonest due first; those without a date come last."""
    tasks = [task for ask in questions().values() for task in ask(scope, today)]
    return sorted(tasks, key=lambda task: (task.due_on or NO_DATE, task.title))


def by_urgency(tasks: list[Task], today: date) -> list[tuple[str, list[Task]]]:
    """The tasks under plain headings, empty headings left out. Overdue is worked out here and now, never stored."""
    week = today + timedelta(days=7)
    groups = [
        ("Overdue", [task for task in tasks if task.due_on and task.due_on < today]),
        ("Today", [task for task in tasks if task.due_on == today]),
        ("In the next seven days", [task for task in tasks if task.due_on and today < task.due_on <= week]),
        ("Later", [task for task in tasks if task.due_on and task.due_on > week]),
        ("No date", [task for task in tasks if not task.due_on]),
    ]
    return [(heading, found) for heading, found in groups if found]
