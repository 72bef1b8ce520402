"""Statements that run often: planned once a connection, and sent several at a time without waiting.

For the few paths where it counts (filing). PostgreSQL plans each of them only the first time, row-level
security included; between `together` and its end nothing waits for an answer that nobody reads. Where a
pooler in between cannot keep prepared statements, leave `prepare_threshold` out of the database's OPTIONS.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, LiteralString, TypeVar

import psycopg
from django.db import connection
from django.db.models import Model

Parameters = Sequence[Any] | Mapping[str, Any]
Row = TypeVar("Row", bound=Model)


@contextmanager
def together() -> Iterator[None]:
    """Send what the block writes in one go; what went wrong comes out at a reading or at the end.

    Raises Django's database errors. A commit inside the block is sent along.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, _raw().pipeline():
        yield


def send(statement: str, parameters: Parameters) -> None:
    """Run a statement whose answer nobody reads."""
    _cursor(statement, parameters)


def fetch(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.wrap_database_errors:
        return _cursor(statement, parameters).fetchall()


def insert(*rows: Model) -> None:
    """Insert new rows, of several tables if need be, in one statement; their ids are set already.

    Row-level security judges each row by what was there before the statement. Nothing is read back.
    """
    if not rows:
        return
    by_table: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    values = [value for table in by_table.values() for row in table for value in _values(row)]
    send(_insertion(tuple((model, len(table)) for model, table in by_table.items())), values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def find(model: type[Row], rest: LiteralString, parameters: Parameters) -> list[Row]:
    """Return rows of a model's table; `rest` is what follows its name in the query: JOIN, WHERE, ORDER BY."""
    statement, names, readers = _selection(model)
    found = fetch(statement + rest, parameters)
    return [
        model.from_db(
            connection.alias,
            names,
            [reader(value, None, connection) if reader else value for reader, value in zip(readers, row, strict=True)],
        )
        for row in found
    ]


def _values(row: Model) -> list[Any]:
    fields = row._meta.concrete_fields
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]


@cache
def _insertion(tables: tuple[tuple[type[Model], int], ...]) -> str:
    *others, last = [_into(model, count) for model, count in tables]
    before = ", ".join(f"part{number} AS ({other})" for number, other in enumerate(others))
    return f"WITH {before} {last}" if before else last


def _into(model: type[Model], count: int) -> str:
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields]
    one = f"({', '.join(['%s'] * len(columns))})"
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) VALUES {", ".join([one] * count)}'


@cache
def _selection(model: type[Model]) -> tuple[str, list[str], list[Any]]:
    fields = model._meta.concrete_fields
    table = model._meta.db_table
    columns = ", ".join(f'"{table}"."{field.column}"' for field in fields)
    readers = [getattr(field, "from_db_value", None) for field in fields]
    return f'SELECT {columns} FROM "{table}" ', [field.attname for field in fields], readers


def _raw() -> psycopg.Connection[Any]:
    raw: psycopg.Connection[Any] = connection.connection
    return raw


def _cursor(statement: str, parameters: Parameters) -> psycopg.Cursor[Any]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "prepared"})
    with connection.wrap_database_errors:
        return psycopg.Cursor(_raw()).execute(statement, parameters, prepare=True)
