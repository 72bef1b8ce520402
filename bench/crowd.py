"""Many files of people, quickly: the demo's invented families, copied into the tables without any action.

A file made so has its names, addresses, telephone, standing, paper and the roll's line with its keys and its
number under seal; it has no entries in the ledger, and its paper's seal opens nothing. Both cores make them.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import django
import numpy as np
import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.types.json import Jsonb

from demo.families import residents
from demo.residents import Resident
from qiaoqiao.gateways import vault
from qiaoqiao.lib.ids import new_reference, row_id
from qiaoqiao.lib.words import as_tsvector
from qiaoqiao.parties.linkage.features import COLUMNS, encode
from qiaoqiao.parties.linkage.keys import keys
from qiaoqiao.parties.linkage.numbers import check_digit

PIECE = 5_000
REVIEWED_WITHIN = 365
TABLES = (
    "parties_file", "parties_record", "parties_name", "parties_address", "parties_contact", "parties_standing",
    "parties_document",
)  # fmt: skip
SEALED = bytes(48)
"""What stands for a paper's number under seal; nobody opens it here."""


@dataclass(frozen=True)
class Keeper:
    """An office that keeps files, its roll, and how many of a hundred files it keeps."""

    office: int
    place: str
    source: int
    share: int


@dataclass
class Crowd:
    """A database, the offices in it, and how many files they keep by now."""

    url: str
    keepers: Sequence[Keeper]
    at: datetime
    files: int = 0
    piece: int = PIECE
    processes: int = min(2, os.cpu_count() or 1)

    def grow(self, files: int) -> None:
        """Make files until there are so many."""
        pieces = [Piece(self, seed) for seed in range(self.files // self.piece, files // self.piece)]
        with psycopg.connect(self.url, autocommit=True) as owner, indexes_aside(owner):
            self.files += sum(made(pieces, self.processes))
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")


@dataclass(frozen=True)
class Piece:
    """Some thousand people of one process."""

    crowd: Crowd
    seed: int


@dataclass
class Rows:
    """Rows by table, each with the columns that it fills."""

    of: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def add(self, table: str, row: Mapping[str, Any]) -> None:
        self.of[table].append(dict(row))


def made(pieces: Sequence[Piece], processes: int) -> Iterator[int]:
    """Make the pieces, side by side where there are processes for it."""
    if processes == 1:
        yield from map(make, pieces)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        yield from pool.map(make, pieces)


def make(piece: Piece) -> int:
    """Make one piece's people and copy them in; return how many."""
    crowd, on = piece.crowd, piece.crowd.at.date()
    people = people_of(piece.seed, crowd.piece, on)
    lines = [line_of(one, piece.seed) for one in people]
    found = keys(encode(lines))
    order = np.argsort(found.places, kind="stable")
    cuts = np.searchsorted(found.places[order], np.arange(len(lines) + 1))
    rows = Rows()
    for place, (one, line) in enumerate(zip(people, lines, strict=True)):
        keyed = np.unique(found.keys[order][cuts[place] : cuts[place + 1]]).tolist()
        tell(rows, one, line, keyed, crowd, number=piece.seed * crowd.piece + place + 1, on=on)
    with psycopg.connect(crowd.url) as owner:
        owner.execute("SET session_replication_role = replica")  # no trigger and no key is asked
        owner.execute("SET synchronous_commit = off")
        for table, made in rows.of.items():
            copy_in(owner, table, made)
    return len(people)


def people_of(seed: int, size: int, on: date) -> list[Resident]:
    """The people of one piece; no seed of the demo is among them."""
    return residents(size, seed=seed + 10**6, on=on)[:size]


def line_of(one: Resident, seed: int) -> dict[str, str]:
    """The roll's line about somebody, in the columns that matching reads; numbers differ from piece to piece."""
    said = dict.fromkeys(COLUMNS, "")
    body = f"{450000 + seed % 999:06d}{one.born:%Y%m%d}{(2 * one.number + (one.sex == 'm')) % 1000:03d}"
    return said | {
        "source": "hukou",
        "name_hanzi": one.name,
        "name_latin": one.latin,
        "alias": one.former,
        "sex": one.sex.upper(),
        "birth_date": one.born.isoformat(),
        "nationality": one.citizen,
        "id_type": "CNID" if one.identity else "PASSPORT",
        "id_no": body + check_digit(body) if one.identity else f"X{seed:04d}{one.number:05d}",
        "phone": f"{one.phone[:-1]}{seed:04d}" if one.phone else "",
        "native_place": one.native,
        "address": f"{seed}区{one.home.address}" if one.home else "",
        "household_no": f"{seed}-{one.home.number}" if one.home else "",
        "father_name": one.father.name if one.father else "",
        "mother_name": one.mother.name if one.mother else "",
        "spouse_name": one.spouse.name if one.spouse else "",
    }


def keeper_of(keepers: Sequence[Keeper], number: int) -> Keeper:
    """Whose file has this number: spread evenly by the shares."""
    left = number * 37 % 100
    for keeper in keepers:
        left -= keeper.share
        if left < 0:
            return keeper
    return keepers[-1]


def tell(
    rows: Rows,
    one: Resident,
    line: Mapping[str, str],
    keyed: Sequence[int],
    crowd: Crowd,
    *,
    number: int,
    on: date,
) -> None:
    """Add the rows of one person's file."""
    keeper, file, record = keeper_of(crowd.keepers, number), row_id(), row_id()
    name = new_reference(on.year, 10**6 + number, settings.SECRET_KEY.encode(), prefix="QF")
    said = " ".join(filter(None, (name, one.name, one.former, one.latin, line["address"], line["phone"])))
    rows.add("parties_file", {
        "id": file, "number": name, "office_id": keeper.office, "place_id": keeper.place, "state": "active",
        "name": one.name, "latin_name": one.latin, "sex": one.sex, "born": one.born.isoformat(),
        "standing": one.standing, "origin": one.origin, "return_year": one.return_year, "country": one.country,
        "languages": Jsonb(list(one.languages)), "made_at": crowd.at, "checked_on": on,
        "review_on": on + timedelta(days=number % REVIEWED_WITHIN), "words": as_tsvector(said),
    })  # fmt: skip
    kept = {key: text for key, text in line.items() if key not in {"source", "id_no", "record_date"}}
    blind = vault.blind("identity", line["id_no"])
    rows.add("parties_record", kept | {
        "id": record, "source_id": keeper.source, "line": 0, "theirs": "", "file_id": file, "more": Jsonb({}),
        "id_sealed": vault.seal(line["id_no"], vault.Place("parties_record", "id_sealed", str(record))),
        "id_blind": blind, "id_tail": line["id_no"][-4:], "keys": list(keyed),
        "began": True, "added_at": crowd.at,
    })  # fmt: skip
    for table, fact in facts_of(one, line, blind):
        rows.add(table, fact | {
            "id": row_id(), "file_id": file, "record_id": record, "proof": "名册", "added_at": crowd.at,
        })  # fmt: skip


def facts_of(one: Resident, line: Mapping[str, str], blind: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a file knows of somebody, by table."""
    yield "parties_name", {"text": one.name, "script": "hans", "spelling": "", "kind": "legal"}
    if one.latin:
        yield "parties_name", {"text": one.latin, "script": "latin", "spelling": "", "kind": "alias"}
    if line["address"]:
        yield "parties_address", {"kind": "home", "country": one.country, "text": line["address"]}
    if line["phone"]:
        yield "parties_contact", {
            "kind": "phone", "value": line["phone"], "preferred": False, "shared": False, "wish": "",
        }  # fmt: skip
    yield "parties_standing", {"kind": one.standing}
    yield "parties_document", {
        "kind": "resident_card", "issuer": "CN", "sealed": SEALED, "blind": blind, "tail": line["id_no"][-4:],
    }  # fmt: skip


def copy_in(owner: psycopg.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Copy rows that all fill the same columns."""
    columns = list(rows[0])
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with owner.cursor().copy(into) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])


class indexes_aside:  # reads as a word: with indexes_aside(owner)
    """Take the tables' plain indexes away while much is copied, and make them again at the end."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner = owner

    def __enter__(self) -> None:
        self.made = self.owner.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'"
            " AND i.tablename = ANY (%s) AND NOT EXISTS ("
            "SELECT FROM pg_constraint c WHERE c.conindid = to_regclass(quote_ident(i.indexname)))",
            [list(TABLES)],
        ).fetchall()
        for name, _made in self.made:
            self.owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))

    def __exit__(self, *_error: object) -> None:
        self.owner.execute("SET maintenance_work_mem = '512MB'")
        for _name, made in self.made:
            self.owner.execute(made.encode())
