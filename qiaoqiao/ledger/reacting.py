"""What follows an entry: functions registered by kind, run by the worker after the entry is committed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.sql import queries
from procrastinate.tasks import Task
from psycopg.types.json import Jsonb

from qiaoqiao.lib.statements import send

Reaction = Callable[[str], None]
_Job = tuple[object, ...]

# Six tries: waits of 4, 16, 64, 256 and 1,024 seconds lie between them.
PATIENCE = RetryStrategy(max_attempts=5, exponential_wait=4)

_DEFER = queries["defer_jobs"].replace("%(jobs)s", "$1")

_by_kind: dict[str, list[Task[[str], None, [str]]]] = {}
_muted: ContextVar[bool] = ContextVar("muted", default=False)
_gathering: ContextVar[list[_Job] | None] = ContextVar("gathering", default=None)


class NameTaken(Exception):
    """Two reactions have the same name."""


def reacts_to(*kinds: str, name: str) -> Callable[[Reaction], Reaction]:
    """Run the function once or more for every entry of these kinds, given the entry's uid as text.

    It runs in the worker, after commit, retried alone: it must be idempotent. Put it in a room's
    `reactions.py`, which web and worker processes both load.
    """

    def register(reaction: Reaction) -> Reaction:
        if any(name == task.name for tasks in _by_kind.values() for task in tasks):
            raise NameTaken(name)

        def run(entry_uid: str) -> None:
            reaction(entry_uid)

        task = app.task(name=name, retry=PATIENCE)(run)
        for kind in kinds:
            _by_kind.setdefault(kind, []).append(task)
        return reaction

    return register


def registered() -> dict[str, list[str]]:
    """Return the names of the reactions of each kind, for comparison with the written list."""
    return {kind: [task.name for task in tasks] for kind, tasks in _by_kind.items()}


@contextmanager
def without_reactions() -> Iterator[None]:
    """Record without anything following: only for loading history that was told long ago (the demo)."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


@contextmanager
def gathered() -> Iterator[None]:
    """Queue what follows all entries of the block in one statement at its end: for many entries at once."""
    jobs: list[_Job] = []
    token = _gathering.set(jobs)
    try:
        yield
    finally:
        _gathering.reset(token)
    _queue(jobs)


def defer_reactions(entries: Iterable[tuple[str, str]]) -> int:
    """Queue the reactions to entries (kind, uid) in the caller's transaction, all in one statement."""
    if _muted.get():
        return 0
    jobs: list[_Job] = [
        (task.queue, task.name, 0, None, None, Jsonb({"entry_uid": uid}), None)  # a JobToDefer
        for kind, uid in entries
        for task in _by_kind.get(kind, [])
    ]
    held = _gathering.get()
    if held is None:
        _queue(jobs)
    else:
        held += jobs
    return len(jobs)


def _queue(jobs: list[_Job]) -> None:
    if jobs:
        send(_DEFER, jobs)
