"""Many new rows at once, by the quickest way each database has. For imports; everything else uses the ORM.

Making a model and compiling SQL for each row costs several times what the database needs to take it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection, models

BATCH = 5_000


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as values in the order of ``columns`` (attribute names of fields); returns how many.

    Must be called inside a transaction, by an action, like any other write. Defaults are not filled in: name every column.
    """
    fields = [cast(models.Field[Any, Any], model._meta.get_field(name)) for name in columns]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    prepared = ([field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)] for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _copy(cursor, f"COPY {table} ({names}) FROM STDIN", prepared)
        return _execute(cursor, f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})", prepared)  # noqa: S608


def _copy(cursor: Any, statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _execute(cursor: Any, statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    batch: list[Sequence[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            cursor.executemany(statement, batch)
            count += len(batch)
            batch = []
    if batch:
        cursor.executemany(statement, batch)
    return count + len(batch)
