"""Statements that run often: planned once a connection, and sent several at a time without waiting.

For the few paths where it counts (filing). PostgreSQL plans each of them only the first time, row-level
security included; between `together` and its end nothing waits for an answer that nobody reads. Where a
pooler in between cannot keep prepared statements, leave `prepare_threshold` out of the database's OPTIONS.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


@contextmanager
def together() -> Iterator[None]:
    """Send what the block writes without waiting; what went wrong comes out at a reading or at the end.

    Raises Django's database errors.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with here.wrap_database_errors, here.connection.pipeline():
        yield


def send(statement: str, *parameters: object) -> None:
    """Run a statement whose answer nobody reads; its parameters are `$1`, `$2` and so on."""
    _cursor(connections[DEFAULT_DB_ALIAS], statement, parameters)


def fetch(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    here = connections[DEFAULT_DB_ALIAS]
    with here.wrap_database_errors:
        return _cursor(here, statement, parameters).fetchall()


def find(model: type[Row], rest: str, *parameters: object) -> list[Row]:
    """Return rows of a model's table; `rest` is what follows its name in the query: JOIN, WHERE, ORDER BY."""
    here = connections[DEFAULT_DB_ALIAS]
    statement, names, readers = _selection(model)
    return [
        model.from_db(
            here.alias,
            names,
            [read(value, None, here) if read else value for read, value in zip(readers, row, strict=True)],
        )
        for row in fetch(statement + rest, *parameters)
    ]


def insert(*rows: Model) -> None:
    """Insert new rows, of several tables if need be, in one statement; their ids are set already.

    Row-level security judges each row by what was there before the statement. Nothing is read back.
    """
    if not rows:
        return
    here = connections[DEFAULT_DB_ALIAS]
    by_table: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row)
    values = [value for table in by_table.values() for row in table for value in _values(row, here)]
    _cursor(here, _insertion(tuple((model, len(table)) for model, table in by_table.items())), values)
    for row in rows:
        row._state.adding, row._state.db = False, here.alias


def _values(row: Model, here: BaseDatabaseWrapper) -> list[object]:
    return [field.get_db_prep_save(field.pre_save(row, True), here) for field in row._meta.concrete_fields]


@cache
def _insertion(tables: tuple[tuple[type[Model], int], ...]) -> str:
    numbers = count(1)
    *others, last = [_into(model, rows, numbers) for model, rows in tables]
    before = ", ".join(f"part{place} AS ({other})" for place, other in enumerate(others))
    return f"WITH {before} {last}" if before else last


def _into(model: type[Model], rows: int, numbers: Iterator[int]) -> str:
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields]
    places = [", ".join(f"${next(numbers)}" for _ in columns) for _ in range(rows)]
    values = ", ".join(f"({row})" for row in places)
    return f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) VALUES {values}'


@cache
def _selection(model: type[Model]) -> tuple[str, list[str], list[Any]]:
    fields = model._meta.concrete_fields
    table = model._meta.db_table
    columns = ", ".join(f'"{table}"."{field.column}"' for field in fields)
    readers = [getattr(field, "from_db_value", None) for field in fields]
    return f'SELECT {columns} FROM "{table}" ', [field.attname for field in fields], readers


def _cursor(
    here: BaseDatabaseWrapper, statement: str, parameters: Sequence[object]
) -> psycopg.RawCursor[Any]:
    here.ensure_connection()
    here.validate_no_broken_transaction()
    if here.queries_logged:
        here.queries_log.append({"sql": statement, "time": "0.000"})
    with here.wrap_database_errors:
        return psycopg.RawCursor(here.connection).execute(statement.encode(), parameters, prepare=True)
