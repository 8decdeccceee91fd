"""Triggers that make the database itself refuse to change history, on SQLite and PostgreSQL.

Used in migrations, by any package that keeps append-only rows:

    operations = [..., guards.append_only("agreements_signature")]

They stop slips and our own faults, and make tampering need the rights of the table's owner; the chain is what finds it then.
SQLite drops a table's triggers when a later migration rebuilds the table: repeat the operation after any AlterField on it.
"""

from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_PREFIX = "guard"

_SQLITE_REFUSE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL_REFUSE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {condition}
EXECUTE FUNCTION guard_refuse('{sentence}')
"""


def append_only(table: str) -> migrations.RunPython:
    """A migration operation: rows of `table` may be added but never changed or deleted."""
    changed = f"{table} keeps history: its rows are never changed"
    deleted = f"{table} keeps history: its rows are never deleted"
    return _operation(table, {"UPDATE": ("", changed), "DELETE": ("", deleted)})


def forward_only(table: str, column: str) -> migrations.RunPython:
    """A migration operation: rows of `table` are never deleted, and `column` only ever grows when a row is changed."""
    condition = f"WHEN (NEW.{column} <= OLD.{column})"
    turned = f"{table} only goes forward: {column} never stays or falls"
    deleted = f"{table} keeps history: its rows are never deleted"
    return _operation(table, {"UPDATE": (condition, turned), "DELETE": ("", deleted)})


def unguarded(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    """Those of `tables` whose triggers are missing or switched off."""
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        standing = {name for (name,) in cursor.fetchall()}
    return [table for table in tables if not {_name(table, "UPDATE"), _name(table, "DELETE")} <= standing]


def _name(table: str, event: str) -> str:
    return f"{_PREFIX}_{table}_{event.lower()}"


def _operation(table: str, refusals: dict[str, tuple[str, str]]) -> migrations.RunPython:
    def stand(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        fall(_apps, editor)
        for statement in _statements(editor.connection.vendor, table, refusals):
            editor.execute(statement, params=None)

    def fall(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        on = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        for event in (*refusals, "TRUNCATE"):
            editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}", params=None)

    return migrations.RunPython(stand, fall)


def _statements(vendor: str, table: str, refusals: dict[str, tuple[str, str]]) -> list[str]:
    if vendor not in ("sqlite", "postgresql"):
        raise NotImplementedError(f"History cannot be guarded on {vendor}; use SQLite or PostgreSQL.")
    template = _SQLITE_REFUSE if vendor == "sqlite" else _POSTGRESQL_REFUSE
    statements = [
        template.format(name=_name(table, event), event=event, table=table, level="ROW", condition=condition, sentence=sentence)
        for event, (condition, sentence) in refusals.items()
    ]
    if vendor == "sqlite":
        return statements  # it has no TRUNCATE
    whole = _POSTGRESQL_REFUSE.format(
        name=_name(table, "TRUNCATE"), event="TRUNCATE", table=table, level="STATEMENT", condition="", sentence=refusals["DELETE"][1]
    )
    return [_POSTGRESQL_FUNCTION, *statements, whole]
