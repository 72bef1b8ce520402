"""A fault at a place inside an entry, before the place has a line number."""

from collections.abc import Iterator
from typing import NamedTuple

from qiaoqiao.catalogue.entry import Condition, Entry

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file down, as YAML writes them (`from`, not `from_`)."""


class Fault(NamedTuple):
    place: Place
    code: str
    message: str
    warning: bool = False


Faults = Iterator[Fault]


def field_places(entry: Entry) -> dict[str, Place]:
    """Where each form field stands; the first of doubles."""
    places: dict[str, Place] = {}
    for s, section in enumerate(entry.form):
        for f, field in enumerate(section.fields):
            places.setdefault(field.id, ("form", s, "fields", f))
    return places


def conditions(entry: Entry) -> Iterator[tuple[Place, Condition]]:
    """Every `when` of an entry and where it stands."""
    for s, section in enumerate(entry.form):
        for f, field in enumerate(section.fields):
            yield ("form", s, "fields", f, "when"), field.when
    for kind, parts in (("materials", entry.materials), ("moves", entry.moves), ("limits", entry.limits)):
        for n, part in enumerate(parts):
            yield (kind, n, "when"), part.when
    if entry.shield:
        yield ("shield", "when"), entry.shield.when
