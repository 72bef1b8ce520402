"""The one sequencer: gives entries their dense global place, and signs the tree over them.

Entry ids cannot be the global index: a crash leaves holes in them, and a slow transaction's lower id
appears after a higher one. So a trigger puts each new entry into the table `waiting`, in the entry's own
transaction; the sequencer empties that table. Its cost follows the number of entries that wait, not the
number there are; and no mark of "seen up to here" can be wrong after a restore.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from .merkle import Frontier
from .models import Checkpoint, Position
from .notes import SigningKey, sign_checkpoint
from .rules import Fields, entry_text, leaf_hash

CHECKPOINT_EVERY = timedelta(hours=1)
_SEQUENCER_LOCK = 0x71616F71  # an arbitrary number that only the sequencer uses

_TAKE_WAITING = """
WITH taken AS (
    DELETE FROM ledger_waiting
    WHERE entry_id IN (SELECT entry_id FROM ledger_waiting ORDER BY entry_id LIMIT %s)
    RETURNING entry_id
)
SELECT taken.entry_id, uid, subject, seq, kind, actor, office, at, commitment, prev_hash
FROM taken LEFT JOIN ledger_entry ON id = taken.entry_id
ORDER BY taken.entry_id
"""

_PLACE = """
INSERT INTO ledger_position (idx, entry_id, leaf, placed_at)
SELECT idx, entry_id, leaf, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS place (idx, entry_id, leaf)
"""


class EntryUnseen(Exception):
    """An entry waits for its place, but the sequencer's role may not see it; nothing was placed."""


class LedgerBroken(Exception):
    """What is stored contradicts the last checkpoint; nothing more is signed until a person looks."""


def sequence(limit: int = 10_000, *, at: datetime, using: str = DEFAULT_DB_ALIAS) -> int:
    """Give up to `limit` waiting entries the next places, in the order of their ids.

    An entry that became visible late gets a later place. Returns how many were placed; 0 also when
    another sequencer is at work. Raises EntryUnseen.
    """
    with _alone(using) as alone:
        if not alone:
            return 0
        with connections[using].cursor() as cursor:
            cursor.execute(_TAKE_WAITING, [limit])
            taken = cursor.fetchall()
            if not taken:
                return 0
            cursor.execute("SELECT coalesce(max(idx) + 1, 0) FROM ledger_position")
            start = cursor.fetchone()[0]
            leaves = [_leaf(row) for row in taken]
            places = list(range(start, start + len(taken)))
            cursor.execute(_PLACE, [at, places, [row[0] for row in taken], leaves])
        return len(taken)


def checkpoint(*, at: datetime, key: SigningKey, using: str = DEFAULT_DB_ALIAS) -> Checkpoint | None:
    """Sign the tree over all placed entries; None when nothing was placed since the last checkpoint.

    None also when another sequencer is at work. Raises LedgerBroken.
    """
    with _alone(using) as alone:
        if not alone:
            return None
        frontier = _last_frontier(using)
        signed_size = frontier.size
        fresh = Position.objects.using(using).filter(idx__gte=signed_size).order_by("idx")
        for idx, leaf in fresh.values_list("idx", "leaf").iterator(chunk_size=5_000):
            if idx != frontier.size:
                raise LedgerBroken(f"place {frontier.size} is empty")
            frontier.append(bytes(leaf))
        if frontier.size == signed_size:
            return None
        return Checkpoint.objects.using(using).create(
            size=frontier.size,
            root=frontier.root(),
            peaks=frontier.packed(),
            note=sign_checkpoint(key, size=frontier.size, root=frontier.root()),
            made_at=at,
            key_id=key.verify_key.key_id,
        )


def checkpoint_due(*, at: datetime, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Say whether placed entries have been without a signature for as long as is allowed."""
    last = Checkpoint.objects.using(using).order_by("-size").first()
    if last is None:
        return Position.objects.using(using).exists()
    return (
        at - last.made_at >= CHECKPOINT_EVERY
        and Position.objects.using(using).filter(idx__gte=last.size).exists()
    )


@contextmanager
def _alone(using: str) -> Iterator[bool]:
    """Open a transaction; say whether it is the only sequencer's."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEQUENCER_LOCK])
        yield bool(cursor.fetchone()[0])


def _leaf(row: tuple[Any, ...]) -> bytes:
    entry_id, uid, subject, seq, kind, actor, office, at, commitment, prev_hash = row
    if uid is None:
        raise EntryUnseen(entry_id)
    return leaf_hash(
        entry_text(Fields(uid, subject, seq, kind, actor, office, at, bytes(commitment), bytes(prev_hash)))
    )


def _last_frontier(using: str) -> Frontier:
    last = Checkpoint.objects.using(using).order_by("-size").first()
    if last is None:
        return Frontier()
    frontier = Frontier.resume(last.size, bytes(last.peaks))
    if frontier.root() != bytes(last.root):
        raise LedgerBroken(f"the stored peaks of checkpoint {last.size} do not give its root")
    return frontier
