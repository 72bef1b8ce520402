"""The floor: the rows of one filing, inserted by a plain psycopg transaction.

It runs as the tables' owner, so without row-level security, over the same tables with their keys,
constraints, indexes and triggers; one prepared INSERT a table, nothing read, nothing worked out.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from queue import Queue
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from qiaoqiao.lib.ids import row_id

# Filled by triggers, which the floor's inserts fire as well.
BY_TRIGGERS = {"ledger_waiting", "procrastinate_events"}
FIRST_ID = 1_000_000_000  # a range that no sequence reaches here
CLIENT_IDS = 10_000_000

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%%', false) OR a.attidentity <> ''
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""
_POINTS_AT = """
SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    numbered: bool


@dataclass(frozen=True)
class Rows:
    """What one filing left in one table."""

    table: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def statement(self) -> str:
        one = "(" + ", ".join(f"%s::{column.type}" for column in self.columns) + ")"
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        return f"INSERT INTO {self.table} ({names}) VALUES {', '.join([one] * len(self.rows))}"


def counts(owner: psycopg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = [
        name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        table: owner.execute(count.format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
        for table in tables
    }


def captured(owner: psycopg.Connection, before: dict[str, int]) -> list[Rows]:
    """The rows that came since `before` into tables that were empty then, in an order that keys allow."""
    columns: dict[str, list[Column]] = {}
    for table, name, type_, numbered in owner.execute(_COLUMNS):
        columns.setdefault(table, []).append(Column(name, type_, numbered))
    fresh = {
        table
        for table, rows in counts(owner).items()
        if rows and not before[table] and table not in BY_TRIGGERS
    }
    order: TopologicalSorter[str] = TopologicalSorter({table: set() for table in fresh})
    for table, target in owner.execute(_POINTS_AT):
        if {table, target} <= fresh:
            order.add(table, target)
    return [_rows(owner, table, columns[table]) for table in order.static_order()]


def _rows(owner: psycopg.Connection, table: str, columns: list[Column]) -> Rows:
    kept = tuple(column for column in columns if not column.numbered or table == "ledger_entry")
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in kept)
    found = owner.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table)))
    return Rows(table, kept, tuple(found.fetchall()))


class Renewal:
    """Gives every transaction ids of its own, in step across its tables."""

    def __init__(self, client: int) -> None:
        self.client, self.number = client, 0
        self.next_id = FIRST_ID + client * CLIENT_IDS

    def parameters(self, filing: Sequence[Rows]) -> list[list[Any]]:
        self.number += 1
        self.known: dict[object, object] = {}
        return [
            [
                self._new(column, value)
                for row in each.rows
                for column, value in zip(each.columns, row, strict=True)
            ]
            for each in filing
        ]

    def _new(self, column: Column, value: Any) -> Any:
        match value:
            case UUID():
                return self.known.setdefault(value, row_id())
            case dict() | list() if not column.type.endswith("[]"):
                return Jsonb(value)
            case _ if column.name == "entry_id" or column.numbered:
                if value not in self.known:
                    self.next_id += 1
                return self.known.setdefault(value, self.next_id)
            case _ if column.name in {"reference", "key"}:
                return f"F{self.client}-{self.number:08d}"
        return value


def insert(
    url: str, filing: list[Rows], client: int, seconds: float, start: Barrier, done: Queue[int]
) -> None:
    """Insert the filing's rows again and again for so many seconds; say how often."""
    renewal = Renewal(client)
    statements = [each.statement.encode() for each in filing]
    with psycopg.connect(url, prepare_threshold=0) as connection:
        cursor = connection.cursor()
        start.wait()
        until, made = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            for statement, parameters in zip(statements, renewal.parameters(filing), strict=True):
                cursor.execute(statement, parameters)
            connection.commit()
            made += 1
    done.put(made)


def floor(url: str, filing: list[Rows], *, clients: int, first_client: int, seconds: float) -> float:
    """Transactions per second of so many processes; `first_client` keeps the ids of two rounds apart."""
    spawn = get_context("spawn")
    start, done = spawn.Barrier(clients), spawn.Queue()
    processes = [
        spawn.Process(target=insert, args=(url, filing, first_client + each, seconds, start, done))
        for each in range(clients)
    ]
    for process in processes:
        process.start()
    made: int = sum(done.get(timeout=seconds + 60) for _ in processes)
    for process in processes:
        process.join()
    return made / seconds
