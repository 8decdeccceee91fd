"""Lifting the database's refusal to change history: for tests that tamper on purpose, and for emptying tables between tests.

The product has no such switch.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase


@contextmanager
def lifted() -> Iterator[None]:
    """Within it, rows that keep history can be changed, deleted and truncated."""
    lift, restore = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in lift:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in restore:
                cursor.execute(statement)


def let_flush_pass() -> None:
    """From now on a transactional test may empty the tables when it is over. Call it once, from a conftest."""
    if getattr(TransactionTestCase, "history_is_lifted", False):
        return
    teardown = TransactionTestCase._fixture_teardown

    def lifted_teardown(case: TransactionTestCase) -> None:
        with lifted():
            teardown(case)

    TransactionTestCase._fixture_teardown = lifted_teardown
    TransactionTestCase.history_is_lifted = True


def _sqlite() -> tuple[list[str], list[str]]:
    found = _rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard%%'")
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


def _postgresql() -> tuple[list[str], list[str]]:
    found = _rows("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'guard%%' AND tgenabled <> 'D'")
    return tuple([f"ALTER TABLE {table} {verb} TRIGGER {name}" for table, name in found] for verb in ("DISABLE", "ENABLE"))


def _rows(sql: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [])
        return cursor.fetchall()
