"""What rooms above hold of a person, forgotten together with the file: each says here how.

A room registers in its `reactions.py`, which every process loads. It is called inside the erasure's own
transaction, under a system's ticket, before the links between file, requests and contacts are cut: an entry
of the ledger could tell it afterwards only by keeping those links, which the erasure is there to end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

NOBODY = "—"
"""What stands where the name of somebody forgotten stood, so that lists still have something to show."""


@dataclass(frozen=True)
class Leaving:
    """Who is forgotten: the file, the people of requests tied to it, the contacts that are theirs alone."""

    file: UUID
    people: tuple[UUID, ...]
    contacts: frozenset[str]
    at: datetime


Forgets = Callable[[Leaving], object]
_rooms: dict[str, Forgets] = {}


def forgets(room: str) -> Callable[[Forgets], Forgets]:
    """Register what a room does when a file is erased: it blanks what the law does not want kept, again harmless."""

    def register(act: Forgets) -> Forgets:
        _rooms[room] = act
        return act

    return register


def forget(leaving: Leaving) -> None:
    for act in _rooms.values():
        act(leaving)


def rooms() -> set[str]:
    """Which rooms forget, for comparison with the written list."""
    return set(_rooms)
