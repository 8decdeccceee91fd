"""What is asked of the person who signed in, gathered from every package that asks something of somebody."""

import shutil
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from schoolgate.common import queries as installation
from schoolgate.contracts.todo import Task, questions
from schoolgate.notify import queries as outbox
from schoolgate.people.access import Scope

NO_DATE = date.max
WORKER_LATE = timedelta(minutes=5)
DISK_LOW = 200 * 2**20  # bytes


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


def health(now: datetime) -> dict[str, str]:
    """How the installation is: database good or bad; worker good, late or unknown; waiting e-mail; room on the disk."""
    disk = "good" if shutil.disk_usage(settings.HOME).free > DISK_LOW else "low"
    try:
        beat = installation.last_heartbeat("worker")
        worker = "unknown" if beat is None else "good" if now - beat < WORKER_LATE else "late"
        messages = "late" if outbox.waiting_late_anywhere(now) else "good"
    except DatabaseError:
        return {"database": "bad", "worker": "unknown", "messages": "unknown", "disk": disk}
    return {"database": "good", "worker": worker, "messages": messages, "disk": disk}
