"""Loading the demo: places, offices, people and their stories, files of people, then the ledger's order and signature."""

import gc
import random
import time
from collections.abc import Callable, Iterator
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
from django.db import connection, connections, transaction

from demo.activities import fill_activities
from demo.appointments import load_appointments
from demo.desks import hand_out
from demo.journeys import journeys_told, tell_journeys
from demo.meetings import hold_meetings
from demo.network import load_network, refer_some
from demo.offices import cards, load_offices, load_staff, open_cards, staff_of_all
from demo.papers import Folder, keep_files
from demo.places import load_places
from demo.pools import fill_pools
from demo.relief import fill_fund
from demo.shengli import Registry, link_cases, rolls_kept, settle
from demo.steps import timetable
from demo.stories import COUNTIES, SPAN_DAYS, stories
from demo.walking import Town, mark_sent, walk
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.knowledge.loading import load as load_answers
from qiaoqiao.ledger.keys import signing_key
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.ledger.sequencing import checkpoint, sequence

BATCH = 25
SLICE = 10_000
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Share:
    """One process's part: the stories of these counties, so that no two wait for one office's numbers."""

    cases: int
    seed: int
    now: datetime
    counties: frozenset[str]
    folder: Folder


def epoch() -> int:
    """The present second, for the tickets that PostgreSQL checks by its own clock."""
    return int(time.time())


def loaded() -> int:
    """How many cases there are once the demo is whole: the cards are opened last."""
    if not Account.objects.filter(demo=True).exists():
        return 0
    with acting(SYSTEM, epoch=epoch()):
        return Case.objects.count()


def load(
    cases: int,
    *,
    seed: int,
    now: datetime,
    people: int = 0,
    processes: int = 1,
    progress: Progress | None = None,
) -> int:
    """Load everything; the caller has seen that nothing is loaded. Return the number of cases.

    `people` is how many live in invented Shengli; none without it.
    """
    report = progress or (lambda done: None)
    folder = prepare(seed, now)
    shares = [Share(cases, seed, now, counties, folder) for counties in shared_out(processes)]
    registry = Registry(people, seed, now, folder)
    if processes == 1:
        tell(shares[0], report)
        if people:
            settle(registry, report)
    else:
        _in_processes(shares, registry, report)
    if people:
        link_cases(seed, now)
        with whole():
            fill_pools(seed, now)
            fill_activities(seed, now)
            fill_fund(seed, now)
    tell_journeys(seed, now, folder)
    load_appointments(seed, now, epoch=epoch())
    answer_questions(now)
    with acting(SYSTEM, epoch=epoch()), without_reactions():
        refer_some(now)
    hold_meetings(seed, now)
    sign(now)
    announce()
    return loaded()


def shared_out(processes: int) -> list[frozenset[str]]:
    """The counties in so many parts with about the same number of stories."""
    parts: list[list[str]] = [[] for _ in range(processes)]
    for county in sorted(COUNTIES, key=lambda one: -COUNTIES[one]):
        min(parts, key=lambda part: sum(COUNTIES[one] for one in part)).append(county)
    return [frozenset(part) for part in parts]


def prepare(seed: int, now: datetime) -> Folder:
    """Places, offices, accounts and files: what the stories stand on."""
    since = (now - timedelta(days=SPAN_DAYS + 365)).astimezone(SHANGHAI).date()
    with acting(SYSTEM, epoch=epoch()), transaction.atomic():
        offices = load_offices(load_places())
        load_staff(offices, since=since, chance=random.Random(seed))
        load_network(offices, now)
        return keep_files(now)


def tell(share: Share, progress: Progress) -> int:
    """Walk the stories of a share that were not walked before: each in one transaction, some to a ticket."""
    offices = {office.code: office for office in Office.objects.select_related("place")}
    town = Town(offices, staff_of_all(), share.folder)
    everyones = stories(share.cases, seed=share.seed, now=share.now)
    told = (one for one in everyones if one[0].county in share.counties)
    done = 0
    while batch := list(islice(told, BATCH)):
        with acting(SYSTEM, epoch=epoch()), without_reactions(), whole():
            there = set(
                Case.objects.filter(pk__in=[story.case_id for story, _ in batch]).values_list("pk", flat=True)
            )
            for story, chance in batch:
                if story.case_id in there:
                    continue
                times = timetable(story, now=share.now, chance=chance)
                with transaction.atomic():
                    walk(story, times, town, chance, now=share.now)
        done += len(batch)
        progress(len(batch))
    return done


@contextmanager
def whole() -> Iterator[None]:
    """Spare the savepoints of the actions inside a story: it fails as a whole anyway."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True


def _in_processes(shares: list[Share], registry: Registry, progress: Progress) -> None:
    """Tell the shares and the registry side by side, in processes that make their own connections."""
    context = get_context("spawn")
    with context.Manager() as manager:
        steps = manager.Queue()
        with ProcessPoolExecutor(len(shares) + 1, mp_context=context, initializer=django.setup) as pool:
            running = [pool.submit(_tell_apart, share, steps) for share in shares]
            if registry.people:
                running.append(pool.submit(_settle_apart, registry, steps))
            while running:
                while not steps.empty():
                    progress(steps.get())
                for share in [one for one in running if one.done()]:
                    running.remove(share)
                    share.result()
                time.sleep(0.1)


def connect_as_owner() -> None:
    """Let this process write as the tables' owner: invented cases need neither the second wall nor the disk at once.

    A ticket is shown all the same, for owners who are held by row-level security too.
    """
    owner = connections["owner"].settings_dict
    connection.settings_dict.update({name: owner[name] for name in ("USER", "PASSWORD")})
    connection.settings_dict["OPTIONS"] = {"options": "-c synchronous_commit=off", "prepare_threshold": 5}


def _tell_apart(share: Share, steps: "Queue[int]") -> int:
    begin_apart()
    return tell(share, steps.put)


def _settle_apart(registry: Registry, steps: "Queue[int]") -> int:
    begin_apart()
    return len(settle(registry, steps.put).files)


def begin_apart() -> None:
    """Make a process ready that does nothing but load."""
    gc.freeze()
    gc.set_threshold(100_000)  # a process that lives for a minute need not tidy up all the time
    connect_as_owner()


def answer_questions(now: datetime) -> None:
    """Load the questions and answers that come with the product."""
    with acting(SYSTEM, epoch=epoch()), without_reactions():
        load_answers(at=now)


def sign(now: datetime) -> None:
    """Give the entries their places and sign the tree, so that the ledger can be verified at once."""
    with acting(SYSTEM, epoch=epoch()):
        hand_out(now)
        mark_sent()
        while sequence(SLICE, at=now) == SLICE:
            pass
        checkpoint(at=now, key=signing_key())
    open_cards()


def announce() -> None:
    """Write down the accounts that `serve` shows."""
    path = Path(settings.STATE_DIR) / "demo-accounts.txt"
    path.write_text(
        f"One click signs in, at {settings.PUBLIC_URL}{settings.LOGIN_URL}\n{cards()}\n{rolls_kept()}{journeys_told()}\n",
        encoding="utf-8",
    )
