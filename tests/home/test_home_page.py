"""The first page: what is asked of me, in order of when it falls due; and the health page machines read."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.db import transaction

from schoolgate.common import actions, clock
from schoolgate.contracts.todo import Task
from schoolgate.home import queries
from schoolgate.notify import actions as outbox

TODAY = date(2026, 11, 20)


def task(title: str, days: int | None) -> Task:
    return Task(title, "/", None if days is None else TODAY + timedelta(days=days))


def test_tasks_stand_under_plain_headings_and_empty_headings_are_left_out():
    tasks = [task("late", -1), task("now", 0), task("soon", 7), task("far", 8), task("some day", None)]
    headings = [heading for heading, _ in queries.by_urgency(tasks, TODAY)]
    assert headings == ["Overdue", "Today", "In the next seven days", "Later", "No date"]
    assert queries.by_urgency([], TODAY) == []


def test_soonest_comes_first_and_no_date_last(monkeypatch):
    unsorted = [task("b", 3), task("none", None), task("a", 3), task("late", -4)]
    monkeypatch.setattr(queries, "questions", lambda: {"x": lambda scope, today: unsorted})
    assert [t.title for t in queries.asked_of(None, TODAY)] == ["late", "a", "b", "none"]


def test_signed_out_visitors_are_asked_to_sign_in(client, db):
    assert client.get("/").url.startswith("/account/login/")


def test_home_answers_everyone_in_the_cast(signed_in, cast):
    for name in cast.people:
        page = signed_in(name).get("/")
        assert page.status_code == 200, name
        assert page.content.count(b"<h1") == 1


@pytest.mark.django_db
def test_health_tells_the_worker_as_unknown_good_or_late(client):
    assert client.get("/healthz").json()["worker"] == "unknown"
    actions.beat("worker")
    assert client.get("/healthz").json() == {"database": "good", "worker": "good", "messages": "good", "disk": "good"}
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        assert client.get("/healthz").json()["worker"] == "late"


@pytest.mark.django_db
def test_health_tells_of_mail_that_waits_too_long(client, cast):
    with transaction.atomic():
        outbox.queue(
            person_id=cast.teacher.id, trust_id=cast.trust.id, school_id=cast.school.id, template="agreement.to_sign",
            path="/agreements/", address="teacher@example.org", by_email=True, once="t",
        )  # fmt: skip
    assert client.get("/healthz").json()["messages"] == "good"
    with clock.standing_at(clock.now() + timedelta(minutes=16)):
        assert client.get("/healthz").json()["messages"] == "late"


def test_health_says_when_the_database_is_away(tmp_path):
    """A real server with a database that nobody answers for: 503 and the word, not a traceback."""
    ask = "import django; django.setup(); from django.test import Client; a = Client().get('/healthz'); "
    ask += "print(a.status_code, a.json()['database'])"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings_test", "SCHOOLGATE_HOME": str(tmp_path)}
    env |= {"TEST_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "SCHOOLGATE_HOSTS": "testserver"}
    done = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "503 bad", done.stderr[-2000:]
