"""Loading the demo: places, offices, people and their stories, then the ledger's order and signature."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from queue import Queue

import django
from django.conf import settings
from django.db import connection, transaction

from demo.offices import cards, load_offices, load_staff
from demo.papers import Folder, keep_files
from demo.places import load_places
from demo.steps import Story, timetable
from demo.stories import SPAN_DAYS, stories
from demo.walking import Town, mark_sent, walk
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.ledger.sequencing import checkpoint, sequence

BATCH = 25
SLICE = 10_000
Progress = Callable[[int], None]
Told = tuple[Story, random.Random]


@dataclass(frozen=True)
class Share:
    """One process's part of the stories: every `of`-th, beginning with `number`."""

    cases: int
    seed: int
    now: datetime
    number: int
    of: int
    folder: Folder


def epoch() -> int:
    """The present second, for the tickets that PostgreSQL checks by its own clock."""
    return int(time.time())


def loaded() -> int:
    """How many cases there are, if the demo's people are there."""
    if not Account.objects.filter(demo=True).exists():
        return 0
    with acting(SYSTEM, epoch=epoch()):
        return Case.objects.count()


def load(
    cases: int, *, seed: int, now: datetime, processes: int = 1, progress: Progress | None = None
) -> int:
    """Load everything; the caller has seen that nothing is loaded. Return the number of cases."""
    report = progress or (lambda done: None)
    folder = prepare(seed, now)
    shares = [Share(cases, seed, now, number, processes, folder) for number in range(processes)]
    if processes == 1:
        tell(shares[0], report)
    else:
        _in_processes(shares, report)
    sign(now)
    announce()
    return loaded()


def prepare(seed: int, now: datetime) -> Folder:
    """Places, offices, accounts and files: what the stories stand on."""
    since = (now - timedelta(days=SPAN_DAYS + 365)).astimezone(SHANGHAI).date()
    with acting(SYSTEM, epoch=epoch()), transaction.atomic():
        offices = load_offices(load_places())
        load_staff(offices, since=since, chance=random.Random(seed))
        return keep_files(now)


def tell(share: Share, progress: Progress) -> int:
    """Walk the stories of a share, some at a time, each batch in one transaction and under one ticket."""
    offices = {office.code: office for office in Office.objects.select_related("place")}
    staff = load_staff(offices, since=share.now.date(), chance=random.Random(share.seed))
    town = Town(offices, staff, share.folder)
    told = islice(stories(share.cases, seed=share.seed, now=share.now), share.number, None, share.of)
    done = 0
    for batch in _batches(told, BATCH):
        with acting(SYSTEM, epoch=epoch()), without_reactions(), transaction.atomic(), whole():
            for story, chance in batch:
                walk(story, timetable(story, now=share.now, chance=chance), town, chance, now=share.now)
        done += len(batch)
        progress(len(batch))
    return done


@contextmanager
def whole() -> Iterator[None]:
    """Spare the savepoints of the actions inside a batch: it fails as a whole anyway."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _batches(items: Iterable[Told], size: int) -> Iterator[list[Told]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _in_processes(shares: list[Share], progress: Progress) -> None:
    """Tell the shares side by side, in processes that make their own connections."""
    context = get_context("spawn")
    with context.Manager() as manager:
        steps = manager.Queue()
        with ProcessPoolExecutor(len(shares), mp_context=context, initializer=django.setup) as pool:
            running = [pool.submit(_tell_apart, share, steps) for share in shares]
            while not all(share.done() for share in running):
                while not steps.empty():
                    progress(steps.get())
                time.sleep(0.1)
            for share in running:
                share.result()


def _tell_apart(share: Share, steps: "Queue[int]") -> int:
    return tell(share, steps.put)


def sign(now: datetime) -> None:
    """Give the entries their places and sign the tree, so that the ledger can be verified at once."""
    with acting(SYSTEM, epoch=epoch()):
        mark_sent()
        while sequence(SLICE, at=now) == SLICE:
            pass
        checkpoint(at=now, key=signing_key())


def announce() -> None:
    """Write down the accounts that `serve` shows."""
    path = Path(settings.STATE_DIR) / "demo-accounts.txt"
    path.write_text(
        f"One click signs in, at {settings.PUBLIC_URL}{settings.LOGIN_URL}\n{cards()}\n", encoding="utf-8"
    )
