"""Many cases, quickly: the demo's stories told through the actions, then copied row by row in SQL.

A copy has ids, references and document numbers of its own, and the dates, states and offices of its
original. The ledger's order and signatures are not copied, so what is filled here cannot be verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.conf import settings
from psycopg import sql

from demo.loading import load
from qiaoqiao.lib.ids import new_reference

STORIES = 200
SEED = 1954
# Copied in this order; what is not named holds no case.
TABLES = (
    *("parties_person", "parties_identity", "parties_mandate", "casework_case", "casework_reach"),
    *("casework_shield", "casework_assignment", "casework_term", "casework_paper", "casework_message"),
    *("casework_delivery", "casework_code", "ledger_entry", "ledger_fact"),
)
NAMED = "JOIN originals.named ON named.id = old.id AND named.copy = copies.number"
NUMBERED = {("ledger_entry", "id"), ("ledger_fact", "entry_id")}


@dataclass
class Filling:
    """A database with the stories, and how often they stand in it by now."""

    url: str
    stories: int
    times: int = 1

    @property
    def cases(self) -> int:
        return self.stories * self.times

    def grow(self, cases: int) -> None:
        """Copy the stories until there are so many cases."""
        wanted = cases // self.stories
        with psycopg.connect(self.url) as owner:
            owner.execute("SET session_replication_role = replica")  # no trigger and no key is asked again
            owner.execute("SET synchronous_commit = off")
            forget_readings(owner)
            if self.times == 1:
                remember(owner)
            name_copies(owner, self.times, wanted, stories=self.stories)
            for table in TABLES:
                copy(owner, table, self.times, wanted)
            owner.execute("SELECT setval('ledger_entry_id_seq', (SELECT max(id) FROM ledger_entry))")
        self.times = wanted
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")


def tell_stories(url: str, *, at: datetime, stories: int = STORIES) -> Filling:
    """Tell the demo's stories, each through the actions, in a database where nothing happened yet."""
    return Filling(url, load(stories, seed=SEED, now=at))


def forget_readings(owner: psycopg.Connection) -> None:
    """Take out the entries that measuring pages left, so that copies can be numbered through."""
    for table, column in (
        ("ledger_fact", "entry_id"),
        ("ledger_waiting", "entry_id"),
        ("ledger_entry", "id"),
    ):
        owner.execute(
            sql.SQL("DELETE FROM {} WHERE {} IN (SELECT id FROM ledger_entry WHERE kind = 'read')").format(
                sql.Identifier(table), sql.Identifier(column)
            )
        )


def remember(owner: psycopg.Connection) -> None:
    """Set the originals aside: later copies are made from these only."""
    owner.execute("CREATE SCHEMA IF NOT EXISTS originals")
    for table in TABLES:
        name = sql.Identifier(table)
        owner.execute(sql.SQL("CREATE TABLE originals.{} AS TABLE public.{}").format(name, name))
    owner.execute("CREATE TABLE originals.named (id uuid, copy int, reference text, PRIMARY KEY (id, copy))")


def name_copies(owner: psycopg.Connection, first: int, end: int, *, stories: int) -> None:
    """Give each copy of a case a reference as the product would."""
    found = owner.execute(
        "SELECT id, extract(year FROM filed_on)::int FROM originals.casework_case"
    ).fetchall()
    key = settings.SECRET_KEY.encode()
    with owner.cursor().copy("COPY originals.named (id, copy, reference) FROM STDIN") as rows:
        for number in range(first, end):
            for place, (case, year) in enumerate(found):
                rows.write_row((case, number, new_reference(year, number * stories * 2 + place + 10**6, key)))


def copy(owner: psycopg.Connection, table: str, first: int, end: int) -> None:
    """Copy a table's originals once for each number."""
    columns = columns_of(owner, table)
    statement = sql.SQL(
        "INSERT INTO public.{table} ({names}) SELECT {values} FROM originals.{table} old"
        " CROSS JOIN generate_series({first}, {last}) copies (number) {named}"
    )
    owner.execute(
        statement.format(
            table=sql.Identifier(table),
            names=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(value(table, column, type_) for column, type_ in columns.items()),
            first=first,
            last=end - 1,
            named=sql.SQL(NAMED if table == "casework_case" else ""),
        )
    )


def value(table: str, column: str, type_: str) -> sql.Composable:
    """What a copy has in a column: ids made from the original's and the copy's number, the rest unchanged."""
    name = sql.Identifier(column)
    if type_ == "uuid":
        return sql.SQL("md5(old.{}::text || copies.number)::uuid").format(name)
    if (table, column) in NUMBERED:
        return sql.SQL("old.{} + copies.number * (SELECT max(id) FROM originals.ledger_entry)").format(name)
    if (table, column) == ("casework_case", "reference"):
        return sql.SQL("named.reference")
    if (table, column) == ("casework_paper", "number"):
        return sql.SQL("CASE WHEN old.number = '' THEN '' ELSE old.number || '-' || copies.number END")
    return sql.SQL("old.{}").format(name)


def columns_of(owner: psycopg.Connection, table: str) -> Mapping[str, str]:
    found = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        [table],
    )
    return dict(found.fetchall())
