"""Files of people at two sizes: their pages, bringing a roll in, matching a new record."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import psycopg
from django.test import Client

from bench import floor
from bench.crowd import Crowd, Keeper, line_of, people_of
from bench.floor import Renewal, Rows
from bench.pages import TIMES, Times, signed_in, times
from bench.served import Served
from demo.offices import open_cards
from demo.registry import desk, make_source, present
from demo.rolls import REGISTER, Roll, rolls
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting, staff
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.lib.words import as_tsquery
from qiaoqiao.parties.actions.importing import bring, look
from qiaoqiao.parties.linkage import matching
from qiaoqiao.parties.linkage.keys import keys_of
from qiaoqiao.parties.models import Source

READER = "liuzhou-federation"
ROLL_ROWS = 3000
SEARCHED = ("陈玉莲", "黄国强", "林美英", "Tran Ngoc", "李秀珍", "胜利社区", "吴文辉", "阮", "Lim", "梁建华")
NEW_RECORDS = 200
STRANGERS = 999_999
"""A seed that no piece of the crowd has."""


@dataclass(frozen=True)
class Imported:
    """A roll brought in at so many files: rows, seconds, and what plain inserts of the same rows took."""

    files: int
    rows: int
    seconds: float
    floor_seconds: float


@dataclass(frozen=True)
class Found:
    """Matching a new record against all files, in milliseconds; `floor` is the index alone.

    `matches` is how many files looked like it on average.
    """

    files: int
    p50: float
    p95: float
    floor_p50: float
    floor_p95: float
    matches: float


@dataclass(frozen=True)
class Plain:
    """Half of the answers came within so many milliseconds when plain SQL read the same rows as their owner."""

    name: str
    files: int
    p50: float


def settle(at: datetime) -> list[Keeper]:
    """The offices that keep files: Shengli's and its superiors with most of them, Jiangmen's with the rest."""
    open_cards()
    shares = {
        "450205003-federation": 30, "450205-federation": 15, "4502-federation": 5, "440781-federation": 30,
        "440783-federation": 20,
    }  # fmt: skip
    keepers = []
    for code, share in shares.items():
        office = Office.objects.select_related("place").get(code=code)
        source = Source.objects.create(
            code=f"bench-{code}", office=office, keeper=office, names={"zh-Hans": "测速名册"}, kind="hukou",
            basis="测速",
        )  # fmt: skip
        keepers.append(Keeper(office.pk, office.place_id, source.pk, share))
    return keepers


# --- pages ------------------------------------------------------------------------------------------


def pages(crowd: Crowd, web: Served) -> list[Times]:
    """The list, searching and a file as the head of a city's federation sees them."""
    browser = signed_in(READER)
    addresses = {
        "people, list": ["/staff/people/"],
        "people, searched": [f"/staff/people/?q={quote(name)}" for name in SEARCHED],
        "people, one file": opened(browser, crowd),
    }
    return [times(name, each, browser, web, cases=crowd.files) for name, each in addresses.items()]


def opened(browser: Client, crowd: Crowd) -> list[str]:
    """Addresses of some files here and there, each opened for a purpose first."""
    with psycopg.connect(crowd.url) as owner:
        rows = owner.execute(
            "SELECT number FROM parties_file WHERE office_id = %s ORDER BY md5(id::text) LIMIT %s",
            [crowd.keepers[0].office, TIMES],
        ).fetchall()
    addresses = [f"/staff/people/{number}/" for (number,) in rows]
    for address in addresses:
        browser.post(address, {"purpose": "handling"})
    return addresses


LISTED = """SELECT id, number, name, latin_name, born, standing, origin, place_id, office_id, review_on
FROM parties_file WHERE office_id = %s AND state = 'active' ORDER BY name, id LIMIT 26"""
SEARCH = """SELECT id, number, name, latin_name, born, standing, origin, place_id, office_id, review_on
FROM parties_file WHERE words @@ %s::tsquery AND state IN ('active', 'frozen') ORDER BY name, id LIMIT 26"""
OF_FILE = (
    "name", "document", "citizenship", "standing", "address", "contact", "member", "kin", "need", "visit", "consent",
    "change", "record",
)  # fmt: skip


def plain(crowd: Crowd) -> list[Plain]:
    """The floor of the pages: the same rows read by plain SQL, as the owner, without the second wall."""
    with psycopg.connect(crowd.url, autocommit=True) as owner:
        ids = owner.execute("SELECT id FROM parties_file ORDER BY md5(id::text) LIMIT %s", [TIMES]).fetchall()
        queries = [as_tsquery(name) for name in SEARCHED]

        def one(number: int) -> None:
            file = ids[number % len(ids)][0]
            owner.execute("SELECT * FROM parties_file WHERE id = %s", [file]).fetchall()
            for table in OF_FILE:
                owner.execute(f"SELECT * FROM parties_{table} WHERE file_id = %s".encode(), [file]).fetchall()

        reads: dict[str, Callable[[int], object]] = {
            "people, list": lambda _number: owner.execute(LISTED, [crowd.keepers[0].office]).fetchall(),
            "people, searched": lambda number: owner.execute(
                SEARCH, [queries[number % len(queries)]]
            ).fetchall(),
            "people, one file": one,
        }
        return [
            Plain(name, crowd.files, statistics.median(clocked(read, TIMES))) for name, read in reads.items()
        ]


def clocked(read: Callable[[int], object], turns: int) -> list[float]:
    """Milliseconds of each turn, after a few to warm up."""
    took = []
    for number in range(-3, turns):
        began = time.perf_counter()
        read(number % turns)
        if number >= 0:
            took.append((time.perf_counter() - began) * 1000)
    return took


# --- importing -----------------------------------------------------------------------------------------


def a_roll(seed: int, rows: int = ROLL_ROWS) -> Roll:
    """A household register of so many lines; another for each seed."""
    made = {one.code: one for one in rolls(2 * rows, seed=seed, on=date(2026, 6, 1))}[REGISTER]
    return replace(made, lines=made.lines[:rows])


def brought(roll: Roll, at: datetime) -> float:
    """Look through a roll and bring it in as an officer would; how many seconds that took."""
    at_desk = desk(1, at)
    content, actor = roll.content, at_desk.handler
    with acting(SYSTEM, epoch=present()):
        source = make_source(roll, at_desk)
    began = time.perf_counter()
    with acting(actor, epoch=present()), without_reactions():
        batch = look(source, roll.file_name, content, actor=actor, at=at).batch
    slices = bring(batch.pk, actor=actor, at=at)
    while True:
        with acting(actor, epoch=present()), without_reactions():
            if next(slices, None) is None:
                return time.perf_counter() - began


def first_import(url: str, at: datetime, *, rows: int = ROLL_ROWS) -> tuple[Imported, list[Rows]]:
    """Bring a roll into an empty registry, and put the same rows in by plain inserts."""
    with psycopg.connect(url, autocommit=True) as owner:
        before = floor.counts(owner)
        seconds = brought(a_roll(1, rows), at)
        made = [each for each in floor.captured(owner, before) if each.table != "parties_source"]
    return Imported(0, rows, seconds, inserted(url, made, turn=1)), made


def inserted(url: str, made: Sequence[Rows], *, turn: int) -> float:
    """Insert an import's rows once more under ids of their own, one plain statement a row, one transaction."""
    single = [replace(rows, rows=(row,)) for rows in made for row in rows.rows]
    fresh = Renewal(turn).parameters(single)
    with psycopg.connect(url) as owner:
        began = time.perf_counter()
        place = 0
        for rows in made:
            values = fresh[place : place + len(rows.rows)]
            place += len(rows.rows)
            numbered(rows, values, turn)
            owner.cursor().executemany(replace(rows, rows=rows.rows[:1]).statement.encode(), values)
        owner.commit()
        return time.perf_counter() - began


def numbered(rows: Rows, values: list[list[Any]], turn: int) -> None:
    """Give files numbers of their own, since no two have the same."""
    names = [column.name for column in rows.columns]
    if rows.table == "parties_file":
        for place, row in enumerate(values):
            row[names.index("number")] = f"F{turn}-{place:08d}"


def later_import(crowd: Crowd, made: Sequence[Rows], at: datetime, *, turn: int) -> Imported:
    """Bring another roll in when there are many files already."""
    seconds = brought(a_roll(turn), at)
    return Imported(crowd.files, ROLL_ROWS, seconds, inserted(crowd.url, made, turn=turn))


# --- finding -------------------------------------------------------------------------------------------


def finding(crowd: Crowd) -> Found:
    """Find whom new records may be about: half of them people whom the crowd knows, half strangers."""
    on = crowd.at.date()
    known = people_of(0, crowd.piece, on)[: NEW_RECORDS // 2]
    others = people_of(STRANGERS, crowd.piece, on)[: NEW_RECORDS // 2]
    lines = [line_of(one, 0) for one in known] + [line_of(one, STRANGERS) for one in others]
    actor = staff(Account.objects.get(username=READER).pk)
    counts: list[int] = []

    def ours(number: int) -> None:
        counts.append(len(matching.candidates(lines[number % len(lines)])))

    with acting(actor, epoch=present()):
        took = clocked(ours, len(lines))
    with psycopg.connect(crowd.url, autocommit=True) as owner:
        owner.execute("SET enable_seqscan = off")  # nobody knows beforehand how rare a key is
        keyed = [keys_of(line) for line in lines]

        def theirs(number: int) -> None:
            owner.execute(
                "SELECT id FROM parties_record WHERE keys && %s::bigint[] LIMIT %s",
                [keyed[number % len(keyed)], matching.MOST_COMPARED],
            ).fetchall()

        low = clocked(theirs, len(lines))
    return Found(crowd.files, *middle(took), *middle(low), statistics.mean(counts))


def middle(took: Sequence[float]) -> tuple[float, float]:
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]
